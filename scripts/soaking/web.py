"""Gives out media and takes webhooks, whose signatures it checks."""

import hashlib
import hmac
import json
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from .ledger import Ledger

# The share of deliveries that are refused when they come for the first time, so that they are sent again.
REFUSED_SHARE = 0.1


class Web:
    """A web server of this machine; a context that ends it."""

    def __init__(self, files: dict[str, bytes], ledger: Ledger):
        self.files = files
        self.ledger = ledger
        self.secret = ""
        self.chance = random.Random(7)
        self.refused: set[str] = set()
        self.told: dict[str, str] = {}
        handler = type("Handler", (_Handler,), {"web": self})
        self.server = _Server(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def address(self, name: str) -> str:
        """Where a file can be fetched."""
        return f"{self.url}/{name}"

    @property
    def hook(self) -> str:
        """Where webhooks go."""
        return f"{self.url}/hook"

    def take(self, headers, body: bytes) -> int:
        """The status for a delivery."""
        if not self._is_signed(headers.get("Sync-Signature", ""), body):
            self.ledger.fault("webhooks not signed", body[:200].decode(errors="replace"))
            return 200
        name = headers.get("webhook-id", "")
        generation = json.loads(body)
        with self.ledger.lock:
            if name not in self.refused and self.chance.random() < REFUSED_SHARE:
                self.refused.add(name)
                self.ledger.counts["webhooks refused on purpose"] += 1
                return 503
            self.ledger.counts["webhooks"] += 1
            self.ledger.deliveries.setdefault(generation["id"], set()).add(name)
            self.told[generation["id"]] = generation["status"]
        return 200

    def _is_signed(self, signature: str, body: bytes) -> bool:
        parts = dict(part.split("=", 1) for part in signature.split(",") if "=" in part)
        message = parts.get("t", "").encode() + b"." + body
        expected = hmac.new(self.secret.encode(), message, hashlib.sha256).hexdigest()
        return hmac.compare_digest(parts.get("v1", ""), expected)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def do_GET(self):
        content = self.web.files.get(self.path.removeprefix("/"))
        if content is None:
            return self._answer(404, b"")
        unit, _, span = self.headers.get("Range", "").partition("=")
        first, _, last = span.partition("-")
        if unit == "bytes" and first.isdecimal():
            end = min(int(last or len(content)), len(content) - 1)
            fields = {"Content-Range": f"bytes {first}-{end}/{len(content)}"}
            return self._answer(206, content[int(first) : end + 1], fields)
        self._answer(200, content)

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer(self.web.take(self.headers, body) if self.path == "/hook" else 404, b"")

    def _answer(self, status: int, content: bytes, fields: dict[str, str] = {}):
        self.send_response(status)
        for name, value in {**fields, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        # A server that is killed, or only peeks, hangs up halfway.
        pass
