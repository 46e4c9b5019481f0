"""Streams of events cost neither threads nor much memory."""

import socket
import time
from pathlib import Path

import pytest
from lipsmith import Server, running_server
from studio import order, upload

STREAMS = 200
MOST_BYTES_MORE = 60_000_000


@pytest.fixture(scope="module")
def studio_server():
    """A server that does nothing else."""
    with running_server("--attempts", "1", "--render-slots", "1") as server:
        yield server


def threads(server: Server) -> int:
    """How many threads the server has."""
    return len(list(Path(f"/proc/{server.process.pid}/task").iterdir()))


def resident_bytes(server: Server) -> int:
    """How much of the memory it holds."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:"))


def open_stream(server: Server, path: str = "/v1/events") -> socket.socket:
    """A stream of events, once its head is there."""
    stream = socket.create_connection((server.host, server.port), timeout=20)
    stream.sendall(f"GET {path} HTTP/1.1\r\nHost: {server.host}\r\nx-api-key: {server.key}\r\n\r\n".encode())
    head = b""
    while b"\r\n\r\n" not in head:
        piece = stream.recv(4096)
        assert piece, head
        head += piece
    assert head.startswith(b"HTTP/1.1 200") and b"text/event-stream" in head, head
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


def test_two_hundred_streams_take_no_threads(studio_server, api, clips):
    picture = upload(api, clips.nobody)["id"]
    body = {"model": "photo", "image": {"asset": picture}, "text": {"script": "Hello.", "voice": "flite-slt"}}
    # Whatever starts once has started.
    with open_stream(studio_server) as stream:
        first = order(api, **body)["id"]
        read_until(stream, b'"failed"')
    threads_before, bytes_before = threads(studio_server), resident_bytes(studio_server)
    streams = [open_stream(studio_server) for _ in range(STREAMS)]
    try:
        made = order(api, **body)["id"]
        for stream in streams:
            said = read_until(stream, b'"failed"')
            assert made.encode() in said and first.encode() not in said
        assert threads(studio_server) <= threads_before + 4
        assert resident_bytes(studio_server) - bytes_before < MOST_BYTES_MORE
        assert api.get("/v1/session").status_code == 200
    finally:
        for stream in streams:
            stream.close()


def test_streams_end_with_the_server(clips):
    with running_server("--attempts", "1") as server:
        stream = open_stream(server)
        server.process.terminate()
        stream.settimeout(20)
        while stream.recv(4096):
            pass
        assert server.process.wait(20) == 0
