"""A web server on this machine: gives out media by range and keeps the webhooks that it is sent."""

import hashlib
import queue
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Webhook:
    """One delivery as it arrived."""

    headers: dict[str, str]
    body: bytes


@dataclass
class LocalWeb:
    """What is given out and what has arrived."""

    url: str
    files: dict[str, bytes] = field(default_factory=dict)
    requested: list[str] = field(default_factory=list)
    hooks: dict[str, queue.Queue] = field(default_factory=dict)

    def publish(self, name: str, content: bytes) -> str:
        """Gives out `content` and tells its address."""
        self.files[f"/{name}"] = content
        return f"{self.url}/{name}"

    def make_hook(self, name: str) -> str:
        """An address that keeps what it is sent."""
        self.hooks[f"/{name}"] = queue.Queue()
        return f"{self.url}/{name}"

    def delivery(self, hook_url: str, seconds: float) -> Webhook:
        """The next delivery to an address of `make_hook`."""
        return self.hooks[hook_url.removeprefix(self.url)].get(timeout=seconds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: LocalWeb

    def do_GET(self):
        self.web.requested.append(self.path)
        content = self.web.files.get(self.path)
        if content is None:
            return self._answer(404, b"there is nothing here")
        first, last = self._range(len(content))
        headers = {"Accept-Ranges": "bytes", "ETag": f'"{hashlib.sha256(content).hexdigest()[:16]}"'}
        if first is None:
            return self._answer(200, content, headers)
        if first > last:
            return self._answer(416, b"", {"Content-Range": f"bytes */{len(content)}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
        return self._answer(206, content[first : last + 1], headers)

    do_HEAD = do_GET

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        hook = self.web.hooks.get(self.path)
        if hook is not None:
            hook.put(Webhook({name.lower(): value for name, value in self.headers.items()}, body))
        self._answer(404 if hook is None else 200, b"")

    def _range(self, size: int) -> tuple[int | None, int]:
        unit, _, span = self.headers.get("Range", "").partition("=")
        first, dash, last = span.partition("-")
        if unit != "bytes" or not dash or "," in span:
            return None, 0
        if not first:
            return max(0, size - int(last)), size - 1
        return int(first), min(int(last or size), size - 1)

    def _answer(self, status: int, content: bytes, headers: dict[str, str] = {}):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        # Nothing about the content is told: a server has to find out.
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        # A caller that hangs up halfway is normal: the server under test peeks at media.
        pass


@contextmanager
def running_web():
    """A web server that ends with the block."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    handler.web = LocalWeb(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield handler.web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
