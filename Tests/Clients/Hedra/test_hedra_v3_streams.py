"""Five hundred watchers of jobs of Hedra's API v3, and one who does not read."""

import time

import httpx
import pytest
from lipsmith import JOB_SECONDS, Server, running_server
from media import PORTRAIT
from streams import open_stream, read_until, resident_bytes, threads

STREAMS = 500
MOST_BYTES_MORE = 40_000_000


@pytest.fixture(scope="module")
def quiet_server():
    """A server that does nothing else."""
    with running_server("--attempts", "1", "--render-slots", "1") as server:
        yield server


def path(job_id: str) -> str:
    """Where a job's events are."""
    return f"/v3/jobs/{job_id}/stream"


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
            files={"file": file.read_bytes()}).json()["url"]
        for file in (PORTRAIT, media.speech_2))
    # Whatever starts once has started.
    with open_stream(quiet_server, path(order(quiet_server, image, voice))) as stream:
        read_until(stream, b"[STREAM_DONE]", JOB_SECONDS)
    threads_before, bytes_before = threads(quiet_server), resident_bytes(quiet_server)
    job = order(quiet_server, image, voice)
    # One never reads; it must not hold up the others.
    silent = open_stream(quiet_server, path(job), waits=False)
    streams = [open_stream(quiet_server, path(job), waits=False) for _ in range(STREAMS)]
    try:
        begun = time.monotonic()
        for stream in streams:
            said = read_until(stream, b"[STREAM_DONE]", JOB_SECONDS)
            assert said.count(b"event: log") >= 3 and b'"status":"COMPLETED"' in said
        assert time.monotonic() - begun < JOB_SECONDS
        assert threads(quiet_server) <= threads_before + 4
        assert resident_bytes(quiet_server) - bytes_before < MOST_BYTES_MORE
        assert httpx.get(f"{quiet_server.url}/health").status_code == 200
    finally:
        for stream in [silent, *streams]:
            stream.close()
