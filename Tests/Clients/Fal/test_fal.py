"""fal's queue: its published Python client behind TLS, and what its JavaScript client sends through a proxy."""

import json
import os
import ssl
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from lipsmith import CHECKOUT, JOB_SECONDS, Server, running_server
from media import assert_output
from tls_front import make_certificate, tls_front

APP = "fal-ai/sync-lipsync"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> tuple[Path, Path]:
    """Of the front, and its key."""
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def fal_environment(certificate):
    """What points the Python client here: it speaks TLS alone, and reads its host when it is imported."""
    with tls_front(*certificate) as front:
        place = f"127.0.0.1:{front.port}"
        with running_server("--attempts", "1", "--public-url", f"https://{place}") as server:
            front.target = (server.host, server.port)
            yield os.environ | {
                "FAL_KEY": server.key, "FAL_QUEUE_RUN_HOST": f"{place}/fal", "FAL_RUN_HOST": f"{place}/fal/run",
                "SSL_CERT_FILE": str(certificate[0])}


def run_client(environment: dict, *arguments: str) -> dict:
    """Runs the client in a process of its own; gives what it prints."""
    script = Path(__file__).with_name("client_1_0_3.py")
    run = subprocess.run(
        [CHECKOUT / ".third-party-clients/bin/python", "-B", script, *arguments], env=environment, capture_output=True,
        text=True, timeout=JOB_SECONDS)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout)


def test_b1_b2_the_python_client_from_submit_to_result(fal_environment, certificate, media, tmp_path):
    told = run_client(fal_environment, "subscribe", media.url(media.video_2), media.url(media.speech_2))
    assert told["states"][-1] == "Completed" and set(told["states"]) <= {"Queued", "InProgress", "Completed"}
    assert any("accepted" in line for line in told["logs"])
    reply = httpx.get(told["result"]["video"]["url"], verify=ssl.create_default_context(cafile=certificate[0]))
    assert_output(reply.content, tmp_path, 2)
    assert told["result"]["video"]["file_size"] == len(reply.content)


def test_b4_b5_b7_by_id_failures_and_cancelling(fal_environment, media):
    told = run_client(fal_environment, "by-id", media.url(media.words), media.url(media.speech_2))
    assert told["status"] == "Completed" and "422" in told["error"]
    assert told["cancel_ended"] == 400


def test_b9_the_default_cuts_off(server, media):
    """The direct call, which waits for the end."""
    reply = httpx.post(
        f"{server.url}/fal/run/{APP}", headers={"Authorization": f"Key {server.key}"}, timeout=JOB_SECONDS,
        json={"video_url": media.url(media.video_4), "audio_url": media.url(media.speech_8_64)})
    assert reply.status_code == 200, reply.text
    assert reply.headers["x-fal-request-id"]
    video = httpx.get(reply.json()["video"]["url"]).content
    assert len(video) == reply.json()["video"]["file_size"]


def test_b11_the_javascript_client_through_the_door(server, media, tmp_path):
    """Its calls with `proxyUrl` and `when: "always"`: initiate, PUT, submit, poll, result."""
    door = httpx.Client(base_url=server.url, headers={"Authorization": f"Key {server.key}"}, timeout=60)

    def call(method: str, url: str, body=None):
        return door.request(method, "/api/fal/proxy", headers={"x-fal-target-url": url}, json=body)

    addresses = []
    for path, kind in [(media.video_2, "video/mp4"), (media.speech_2, "audio/wav")]:
        begun = call(
            "POST", "https://rest.fal.ai/storage/upload/initiate?storage_type=fal-cdn-v3",
            {"content_type": kind, "file_name": path.name}).json()
        assert httpx.put(begun["upload_url"], content=path.read_bytes(), headers={"Content-Type": kind}).status_code == 200
        addresses.append(begun["file_url"])
    submitted = call(
        "POST", f"https://queue.fal.run/{APP}/v2", {"video_url": addresses[0], "audio_url": addresses[1]})
    assert submitted.status_code == 200, submitted.text
    request_id = submitted.headers["x-fal-request-id"]
    deadline = time.monotonic() + JOB_SECONDS
    while True:
        status = call("GET", f"https://queue.fal.run/{APP}/requests/{request_id}/status?logs=0").json()
        if status["status"] == "COMPLETED":
            break
        assert time.monotonic() < deadline
        time.sleep(0.1)
    result = call("GET", f"https://queue.fal.run/{APP}/requests/{request_id}").json()
    assert_output(httpx.get(result["video"]["url"]).content, tmp_path, 2)


def test_b16_fifty_statuses_in_five_seconds(server, media):
    headers = {"Authorization": f"Key {server.key}"}
    submitted = httpx.post(
        f"{server.url}/fal/{APP}/v2", headers=headers,
        json={"video_url": media.url(media.words), "audio_url": media.url(media.words)}).json()
    with httpx.Client(headers=headers) as client:
        assert {client.get(submitted["status_url"]).status_code for _ in range(50)} == {200}
