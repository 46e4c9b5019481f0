"""Streams of events on plain sockets, and what they cost a server."""

import socket
import time
from pathlib import Path

from lipsmith import Server


def threads(server: Server) -> int:
    """How many threads the server has."""
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def resident_bytes(server: Server) -> int:
    """How much of the memory it holds."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def open_stream(server: Server, path: str, waits: bool = True) -> socket.socket:
    """A stream of events, once its head is there where it `waits`."""
    stream = socket.create_connection((server.host, server.port), timeout=60)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nx-api-key: {server.key}\r\n\r\n".encode())
    head = b""
    while waits and b"\r\n\r\n" not in head:
        piece = stream.recv(4096)
        assert piece, head
        head += piece
    assert not waits or head.startswith(b"HTTP/1.1 200") and b"text/event-stream" in head, head
    return stream


def read_until(stream: socket.socket, words: bytes, seconds: float = 60) -> bytes:
    """What arrives up to the words."""
    said, deadline = b"", time.monotonic() + seconds
    while words not in said:
        assert time.monotonic() < deadline, said
        piece = stream.recv(65536)
        assert piece, said
        said += piece
    return said
