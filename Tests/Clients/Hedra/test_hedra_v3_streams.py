"""Five hundred watchers of jobs of Hedra's API v3, and one who does not read."""

import socket
import time
from pathlib import Path

import httpx
import pytest
from lipsmith import JOB_SECONDS, Server, running_server
from media import PORTRAIT

STREAMS = 500
MOST_BYTES_MORE = 40_000_000


@pytest.fixture(scope="module")
def quiet_server():
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


def open_stream(server: Server, job_id: str) -> socket.socket:
    """A stream of a job's events."""
    stream = socket.create_connection((server.host, server.port), timeout=JOB_SECONDS)
    stream.sendall(
        f"GET /v3/jobs/{job_id}/stream HTTP/1.1\r\nHost: {server.host}\r\nAuthorization: Bearer {server.key}\r\n\r\n".encode())
    return stream


def read_until(stream: socket.socket, words: bytes) -> bytes:
    """What arrives up to the words."""
    said = b""
    while words not in said:
        piece = stream.recv(65536)
        assert piece, said
        said += piece
    return said


def order(server: Server, image: str, voice: str) -> str:
    """Orders an avatar; gives its job."""
    reply = httpx.post(
        f"{server.url}/v3/models/hedra-character-3", headers={"Authorization": f"Bearer {server.key}"},
        json={
            "input": {
                "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p",
                "start_image": {"source": "url", "url": image}, "audio": {"source": "url", "url": voice}}})
    assert reply.status_code == 202, reply.text
    return reply.json()["job_id"]


def test_five_hundred_streams_take_no_threads(quiet_server, media):
    image, voice = (
        httpx.post(
            f"{quiet_server.url}/v3/files", headers={"Authorization": f"Bearer {quiet_server.key}"},
            files={"file": path.read_bytes()}).json()["url"]
        for path in (PORTRAIT, media.speech_2))
    # Whatever starts once has started.
    with open_stream(quiet_server, order(quiet_server, image, voice)) as stream:
        read_until(stream, b"[STREAM_DONE]")
    threads_before, bytes_before = threads(quiet_server), resident_bytes(quiet_server)
    job = order(quiet_server, image, voice)
    # One never reads; it must not hold up the others.
    silent = open_stream(quiet_server, job)
    streams = [open_stream(quiet_server, job) for _ in range(STREAMS)]
    try:
        begun = time.monotonic()
        for stream in streams:
            said = read_until(stream, b"[STREAM_DONE]")
            assert said.count(b"event: log") >= 3 and b'"status":"COMPLETED"' in said
        assert time.monotonic() - begun < JOB_SECONDS
        assert threads(quiet_server) <= threads_before + 4
        assert resident_bytes(quiet_server) - bytes_before < MOST_BYTES_MORE
        assert httpx.get(f"{quiet_server.url}/health").status_code == 200
    finally:
        for stream in [silent, *streams]:
            stream.close()
