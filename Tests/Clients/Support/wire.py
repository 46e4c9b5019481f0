"""Bytes on a socket: for requests that no HTTP library would send, and for those that must be sent as a client does."""

import http.client
import json
import socket
from dataclasses import dataclass

from lipsmith import Server


@dataclass(frozen=True)
class Reply:
    """An answer, read to its end."""

    status_code: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    def json(self):
        return json.loads(self.content)


def connect(server: Server) -> socket.socket:
    """A connection that waits no longer than a minute."""
    return socket.create_connection((server.host, server.port), timeout=60)


def read_reply(connection: socket.socket, method: str = "POST") -> Reply:
    """Reads one answer; raises `OSError` or `HTTPException` where the connection ends without one."""
    response = http.client.HTTPResponse(connection, method=method)
    response.begin()
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, headers, response.read())


def send(
    server: Server, method: str, target: str, headers: list[tuple[str, str]], body: bytes | None = None,
    chunk_bytes: int | None = None,
) -> Reply:
    """Sends exactly these header fields and this body, in chunks where their size is given."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {server.host}:{server.port}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if chunk_bytes is not None:
        lines.append("Transfer-Encoding: chunked")
        body = chunked(body, chunk_bytes)
    elif body is not None:
        lines.append(f"Content-Length: {len(body)}")
    with connect(server) as connection:
        connection.sendall("\r\n".join(lines + ["", ""]).encode() + (body or b""))
        return read_reply(connection, method)


def chunked(body: bytes, chunk_bytes: int) -> bytes:
    """A body in HTTP's chunks."""
    pieces = [body[start : start + chunk_bytes] for start in range(0, len(body), chunk_bytes)]
    return b"".join(f"{len(piece):x}\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


def field(name: str, value: str) -> bytes:
    """A form's text part as every client writes it, without its boundary."""
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def file_part(name: str, file_name: str, content: bytes, content_type: str | None = None) -> bytes:
    """A form's file part, without its boundary."""
    head = f'Content-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
    if content_type is not None:
        head += f"Content-Type: {content_type}\r\n"
    return head.encode() + b"\r\n" + content


def form(boundary: str, *parts: bytes) -> bytes:
    """A form's body."""
    mark = f"--{boundary}".encode()
    return b"".join(mark + b"\r\n" + part + b"\r\n" for part in parts) + mark + b"--\r\n"
