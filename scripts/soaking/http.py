"""Requests with the standard library: one at a time, each with a connection of its own."""

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from dataclasses import dataclass

# What a dying server does to a connection.
BROKEN = (OSError, http.client.HTTPException)


@dataclass(frozen=True)
class Reply:
    """An answer."""

    status: int
    body: bytes

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


def send(method: str, url: str, headers: dict[str, str] = {}, body: bytes | None = None, seconds: float = 60) -> Reply:
    """Sends one request; answers of every status are returned.

    Raises one of `BROKEN` where there is no answer.
    """
    request = urllib.request.Request(url, data=body, headers=headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=seconds) as answer:
            return Reply(answer.status, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return Reply(refusal.code, refusal.read())


def form(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    """A multipart form: its content type and its body. Files are names and contents by the names of their parts."""
    edge = uuid.uuid4().hex
    body = b""
    for name, value in fields.items():
        body += f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
    for name, (file_name, content) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n\r\n'
        body += head.encode() + content + b"\r\n"
    return f"multipart/form-data; boundary={edge}", body + f"--{edge}--\r\n".encode()


def persistently(action, ledger, limit: float) -> Reply:
    """What `action` gives once the server has answered, however often it dies meanwhile.

    Raises TimeoutError after the moment `limit`.
    """
    while time.monotonic() < limit:
        try:
            reply = action()
            if reply.status < 500 and reply.status != 429:
                return reply
            if reply.status >= 500:
                ledger.count("answers with 5xx")
        except BROKEN:
            ledger.count("broken connections")
        time.sleep(0.2)
    raise TimeoutError("no answer in time")
