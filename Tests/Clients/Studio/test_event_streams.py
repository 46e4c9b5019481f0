"""Streams of events cost neither threads nor much memory."""

import pytest
from lipsmith import running_server
from streams import open_stream, read_until, resident_bytes, threads
from studio import order, upload

STREAMS = 200
MOST_BYTES_MORE = 60_000_000


@pytest.fixture(scope="module")
def studio_server():
    """A server that does nothing else."""
    with running_server("--attempts", "1", "--render-slots", "1") as server:
        yield server


def test_two_hundred_streams_take_no_threads(studio_server, api, clips):
    picture = upload(api, clips.nobody)["id"]
    body = {"model": "photo", "image": {"asset": picture}, "text": {"script": "Hello.", "voice": "flite-slt"}}
    # Whatever starts once has started.
    with open_stream(studio_server, "/v1/events") as stream:
        first = order(api, **body)["id"]
        read_until(stream, b'"failed"')
    threads_before, bytes_before = threads(studio_server), resident_bytes(studio_server)
    streams = [open_stream(studio_server, "/v1/events") for _ in range(STREAMS)]
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
        stream = open_stream(server, "/v1/events")
        server.process.terminate()
        stream.settimeout(20)
        while stream.recv(4096):
            pass
        assert server.process.wait(20) == 0
