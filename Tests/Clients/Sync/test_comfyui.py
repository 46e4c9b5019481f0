"""ComfyUI's own nodes: what they send, byte for byte, to a finished video (section A of the contract)."""

import json
import time
import uuid

import httpx
import pytest
from lipsmith import JOB_SECONDS, Server, running_server
from media import PORTRAIT, ffmpeg, probe
from wire import send

JOB = "7f1c2f0e-2b1d-4a34-9d0b-0c9c8f0a4d11"


def headers(server: Server, key: str | None = None) -> list[tuple[str, str]]:
    """What every call to the base carries."""
    credential = [("X-API-KEY", key)] if key else []
    return [
        ("Accept", "application/json"), ("Content-Type", "application/json"), *credential,
        ("Comfy-Env", "local-git"), ("Comfy-Usage-Source", "api"), ("Comfy-Core-Version", "0.3.60"),
        ("Comfy-Job-Id", JOB),
    ]


def post(server: Server, path: str, body: dict, key: str | None) -> dict:
    reply = send(
        server, "POST", path, [*headers(server, key), ("Idempotency-Key", uuid.uuid4().hex)],
        json.dumps(body).encode())
    assert reply.status_code < 400, reply.text
    return reply.json()


def store(server: Server, content: bytes, name: str, content_type: str, key: str | None) -> str:
    """The three steps by which a node hands a medium over; gives its address."""
    announced = post(server, "/customers/storage", {"file_name": name, "content_type": content_type}, key)
    upload, download = announced["upload_url"], announced["download_url"]
    sent = httpx.put(upload, content=content, headers={"Content-Type": content_type})
    assert sent.status_code < 400, sent.text
    assert httpx.get(download).content == content
    return download


def ended(server: Server, generation_id: str, key: str | None) -> dict:
    """The nodes' loop, with shorter pauses."""
    deadline = time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        reply = send(server, "GET", f"/proxy/synclabs/v2/generate/{generation_id}", headers(server, key))
        assert reply.status_code == 200, reply.text
        generation = reply.json()
        if generation["status"] in {"COMPLETED", "FAILED", "REJECTED"}:
            return generation
        time.sleep(0.3)
    raise AssertionError("the job does not end")


@pytest.fixture(scope="module")
def local_server():
    """A server of one person that fetches nothing from this machine over the network."""
    with running_server(
            "--comfyui-keyless", "true", "--interfaces", "comfy", networks="192.0.2.0/24") as server:
        yield server


@pytest.fixture(scope="module")
def sound(media, tmp_path_factory) -> bytes:
    """A sound as the nodes send it: AAC in MP4, without a picture."""
    path = tmp_path_factory.mktemp("sound") / "sound.mp4"
    ffmpeg("-i", media.speech_2, "-c:a", "aac", path)
    return path.read_bytes()


def test_a4_the_lip_sync_node(local_server, media, sound, tmp_path):
    urls = [
        store(local_server, media.video_2.read_bytes(), "1b.mp4", "video/mp4", None),
        store(local_server, sound, "2c.mp4", "audio/mp4", None),
    ]
    created = post(
        local_server, "/proxy/synclabs/v2/generate", {
            "model": "sync-3",
            "input": [{"type": "video", "url": urls[0]}, {"type": "audio", "url": urls[1]}],
            "options": {"sync_mode": "bounce", "active_speaker_detection": {"auto_detect": True}},
        }, None)
    generation = ended(local_server, created["id"], None)
    assert generation["status"] == "COMPLETED", generation
    video = httpx.get(generation["outputUrl"])
    assert (video.status_code, video.headers["content-type"]) == (200, "video/mp4")
    (tmp_path / "out.mp4").write_bytes(video.content)
    # The sound's encoder adds a few milliseconds.
    assert abs(float(probe(tmp_path / "out.mp4")["format"]["duration"]) - 2) < 0.1


def test_a5_the_talking_image_node(local_server, sound):
    urls = [
        store(local_server, PORTRAIT.read_bytes(), "3d.png", "image/png", None),
        store(local_server, sound, "4e.mp4", "audio/mp4", None),
    ]
    created = post(
        local_server, "/proxy/synclabs/v2/generate", {
            "model": "sync-3",
            "input": [{"type": "image", "url": urls[0]}, {"type": "audio", "url": urls[1]}],
            "options": {"i2v_prompt": "smile, slowly push in"},
        }, None)
    assert created["options"]["i2v_prompt"] == "smile, slowly push in"
    generation = ended(local_server, created["id"], None)
    assert generation["status"] == "COMPLETED", generation
    assert abs(generation["outputDuration"] - 2) < 0.1


def test_a9_what_the_user_reads(local_server, media, sound):
    words = store(local_server, media.words.read_bytes(), "5f.mp4", "video/mp4", None)
    voice = store(local_server, sound, "6a.mp4", "audio/mp4", None)
    body = {"model": "sync-3", "input": [{"type": "video", "url": words}, {"type": "audio", "url": voice}], "options": {}}
    reply = send(
        local_server, "POST", "/proxy/synclabs/v2/generate", headers(local_server), json.dumps(body).encode())
    failed = ended(local_server, reply.json()["id"], None) if reply.status_code < 400 else reply.json()
    text, code = failed.get("error"), failed.get("errorCode")
    assert text and code and " " in (text if reply.status_code < 400 else failed["message"])


def test_a14_health_and_other_interfaces(local_server, server):
    assert httpx.get(f"{local_server.url}/health").status_code == 200
    # Only this interface is switched on here.
    assert httpx.get(f"{local_server.url}/v2/models").status_code == 404
    assert httpx.get(f"{server.url}/v2/models", headers={"x-api-key": server.key}).status_code == 200
    page = {"Origin": "http://evil.test"}
    assert httpx.post(f"{local_server.url}/customers/storage", json={"file_name": "x"}, headers=page).status_code == 401
    refused = httpx.post(f"{server.url}/customers/storage", json={"file_name": "x"})
    assert refused.status_code == 401 and isinstance(refused.json()["message"], str)
    assert httpx.get(f"{server.url}/proxy/synclabs/nothing").status_code == 404
