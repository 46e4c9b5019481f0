"""What real Hedra clients put on the wire (section 15 of the contract), and what they need in the answers."""

import json
import time
import uuid
from urllib.parse import quote

import httpx
import pytest
from hedra_web import BASE, CHARACTER, EXAMPLE_VOICE, Hedra, client
from lipsmith import JOB_SECONDS, Server
from media import PORTRAIT, make_speech, make_video
from wire import file_part, form, send

BOUNDARY = "0f1d2c3b4a596877665544332211aabb"


@pytest.fixture(scope="module")
def audio(tmp_path_factory):
    return make_speech(tmp_path_factory.mktemp("hedra-clients") / "a.wav", 1)


@pytest.fixture(scope="module")
def hedra(server):
    with client(server) as http:
        yield Hedra(http)


def call(server: Server, method: str, path: str, headers, body=None, chunk_bytes=None):
    """Sends exactly these fields; gives the answer's JSON."""
    reply = send(server, method, BASE + path, headers, body, chunk_bytes)
    assert reply.status_code == 200, reply.text
    return reply.json()


def poll(server: Server, headers, generation_id: str) -> dict:
    """The clients' loop, with shorter pauses."""
    deadline = time.monotonic() + JOB_SECONDS
    while time.monotonic() < deadline:
        status = call(server, "GET", f"/generations/{generation_id}/status", headers)
        if status["status"] in {"complete", "error"}:
            return status
        time.sleep(0.3)
    pytest.fail("the generation did not end")


def requests_headers(server: Server) -> list[tuple[str, str]]:
    return [
        ("User-Agent", "python-requests/2.32.3"), ("Accept-Encoding", "gzip, deflate"), ("Accept", "*/*"),
        ("Connection", "keep-alive"), ("x-api-key", server.key),
    ]


def requests_upload(server: Server, path, kind: str) -> str:
    """An asset as `requests` sends it: the part has a file name and no type."""
    headers = requests_headers(server)
    body = json.dumps({"name": path.name, "type": kind}).encode()
    asset = call(server, "POST", "/assets", headers + [("Content-Type", "application/json")], body)
    assert asset["upload_url"] is None
    call(
        server, "POST", f"/assets/{asset['id']}/upload",
        headers + [("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")],
        form(BOUNDARY, file_part("file", path.name, path.read_bytes())))
    return asset["id"]


@pytest.mark.parametrize("speaks", [False, True])
def test_starter(server, audio, speaks):
    """The official starter script, with a sound file and with a text."""
    headers = requests_headers(server)
    assert call(server, "GET", "/models", headers)[0]["id"]
    body = {
        "type": "video", "ai_model_id": CHARACTER, "start_keyframe_id": requests_upload(server, PORTRAIT, "image"),
        "generated_video_inputs": {
            "text_prompt": "A woman talking", "resolution": "540p", "aspect_ratio": "9:16", "seed": 4,
        },
    }
    if speaks:
        body["audio_generation"] = {"type": "text_to_speech", "voice_id": EXAMPLE_VOICE, "text": "Hello."}
    else:
        body["audio_id"] = requests_upload(server, audio, "audio")
    created = call(
        server, "POST", "/generations", headers + [("Content-Type", "application/json")], json.dumps(body).encode())
    status = poll(server, headers, created["id"])
    assert status["status"] == "complete" and status["url"], status
    # A fresh request without any header of ours, saved under the asset's name.
    assert httpx.get(status["download_url"]).content[4:8] == b"ftyp" and status["asset_id"]


def test_starter_lists_voices(server):
    for voice in call(server, "GET", "/voices", requests_headers(server)):
        assert voice["id"] and voice["name"]
        labels = {label["name"]: label["value"] for label in voice["asset"]["labels"]}
        assert labels.get("accent") or labels.get("engine")


def fern_headers(server: Server, language: str, version: str) -> list[tuple[str, str]]:
    return [
        ("X-API-Key", server.key), ("X-Fern-Language", language), ("X-Fern-SDK-Name", "hedra"),
        ("X-Fern-SDK-Version", version), ("Accept", "*/*"),
    ]


def test_python_sdk(server, hedra, audio):
    """Version 0.2.0: repeated keys, types guessed from file names, and answers that are read strictly."""
    headers = fern_headers(server, "Python", "0.2.0")
    for model in call(server, "GET", "/models?types=video&types=text_to_speech", headers):
        assert isinstance(model["id"], str) and isinstance(model["price_details"]["credit_cost"], int)
        assert isinstance(model["name"], str) and isinstance(model["type"], str)
    image = call(
        server, "POST", "/assets", headers + [("content-type", "application/json")],
        b'{"name": "astronaut.png", "type": "image"}')
    sent = call(
        server, "POST", f"/assets/{image['id']}/upload",
        headers + [("content-type", f"multipart/form-data; boundary={BOUNDARY}")],
        form(BOUNDARY, file_part("file", "astronaut.png", PORTRAIT.read_bytes(), "image/png")))
    assert isinstance(sent["thumbnail_url"], str)
    body = {
        "start_keyframe_id": image["id"], "audio_id": hedra.asset(audio, "audio"),
        "generated_video_inputs": {"text_prompt": "", "bounding_box_target": [0.44, 0.25]}, "type": "video",
    }
    created = call(
        server, "POST", "/generations", headers + [("content-type", "application/json")], json.dumps(body).encode())
    assert created["type"] == "video" and uuid.UUID(created["asset_id"])
    status = poll(server, headers, created["id"])
    assert status["status"] == "complete" and status["asset_id"] == created["asset_id"], status
    asset = call(server, "GET", f"/assets?type=video&ids={created['asset_id']}", headers)[0]
    assert isinstance(asset["thumbnail_url"], str) and isinstance(asset["asset"]["preview_url"], str)
    listed = call(
        server, "GET", "/generations?type=video&created_after=2026-01-01T00:00:00Z&limit=5&offset=0", headers)
    assert created["id"] in [item["id"] for item in listed["data"]] and listed["page_info"]["limit"] == 5
    refused = send(server, "POST", BASE + "/generations", headers + [("content-type", "application/json")], b"{}")
    # A text in `detail` would make the SDK fail on the failure.
    assert refused.status_code == 422 and isinstance(refused.json()["detail"], list)
    credits = call(server, "GET", "/billing/credits", headers)
    assert all(isinstance(credits[name], int) for name in ["remaining", "expiring", "used"])


def test_typescript_sdk(server, audio):
    """Version 0.2.0: one key with a JSON array, octet streams called `blob`, bodies in chunks."""
    headers = fern_headers(server, "JavaScript", "0.2.0")
    models = call(server, "GET", "/models?types=" + quote(json.dumps(["video"])), headers)
    assert {model["type"] for model in models} == {"video"}
    ids = {}
    for kind, content in [("image", PORTRAIT.read_bytes()), ("audio", audio.read_bytes())]:
        asset = call(
            server, "POST", "/assets", headers + [("Content-Type", "application/json")],
            json.dumps({"name": kind, "type": kind}).encode(), chunk_bytes=7)
        call(
            server, "POST", f"/assets/{asset['id']}/upload",
            headers + [("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")],
            form(BOUNDARY, file_part("file", "blob", content, "application/octet-stream")), chunk_bytes=65_536)
        ids[kind] = asset["id"]
    body = {
        "type": "video", "start_keyframe_id": ids["image"], "audio_id": ids["audio"],
        "generated_video_inputs": {"text_prompt": "Talks", "aspect_ratio": "1:1", "resolution": "540p"},
    }
    created = call(
        server, "POST", "/generations", headers + [("Content-Type", "application/json")], json.dumps(body).encode(),
        chunk_bytes=50)
    assert poll(server, headers, created["id"])["status"] == "complete"


def test_comfyui_node(server, audio):
    """Fill-Nodes: the first listed model really is used, and `url` is opened as a video."""
    headers = requests_headers(server)
    model = call(server, "GET", "/models", headers)[0]["id"]
    body = {
        "type": "video", "ai_model_id": model, "start_keyframe_id": requests_upload(server, PORTRAIT, "image"),
        "audio_id": requests_upload(server, audio, "audio"),
        "generated_video_inputs": {"text_prompt": "x", "resolution": "540p", "aspect_ratio": "16:9", "duration_ms": 1000},
    }
    created = call(
        server, "POST", "/generations", headers + [("Content-Type", "application/json")], json.dumps(body).encode())
    status = poll(server, headers, created["id"])
    reply = httpx.get(status["url"])
    assert reply.headers["content-type"] == "video/mp4" and reply.content[4:8] == b"ftyp"


def test_mcp_server(server, hedra, audio):
    """Sends no model at all, and a bearer token beside the key."""
    body = {
        "type": "video", "start_keyframe_id": hedra.asset(PORTRAIT, "image"), "audio_id": hedra.asset(audio, "audio"),
        "generated_video_inputs": {"text_prompt": "talking", "aspect_ratio": "1:1", "resolution": "540p"},
    }
    headers = [
        ("X-API-Key", server.key), ("Authorization", "Bearer other"), ("content-type", "application/json"),
        ("user-agent", "node"),
    ]
    created = call(server, "POST", "/generations", headers, json.dumps(body).encode())
    assert created["ai_model_id"] == CHARACTER
    assert poll(server, headers[:1], created["id"])["status"] == "complete"


def test_n8n_workflow(server, hedra):
    """The guide's nodes: a slug, a text, and the state until it is `complete`."""
    body = {
        "type": "video", "model_slug": "together/hedra-avatar", "start_keyframe_id": hedra.asset(PORTRAIT, "image"),
        "audio_generation": {"type": "text_to_speech", "voice_id": EXAMPLE_VOICE, "text": "Good morning."},
        "generated_video_inputs": {"text_prompt": "Talks", "resolution": "540p", "aspect_ratio": "9:16"},
    }
    headers = [("X-API-Key", server.key), ("content-type", "application/json"), ("user-agent", "axios/1.8.3")]
    created = call(server, "POST", "/generations", headers, json.dumps(body).encode())
    assert poll(server, headers, created["id"])["status"] == "complete"


def test_back_ends_put_a_video_where_they_are_told(hedra, tmp_path):
    """Clients that see `upload_url` send the bytes there, without a key and without another call."""
    created = hedra.http.post("/assets", json={"name": "v.mp4", "type": "video"}).json()
    content = make_video(tmp_path / "v.mp4", 2).read_bytes()
    assert httpx.put(created["upload_url"], content=content).status_code == 200
    assert abs(hedra.listed("video", created["id"])["asset"]["duration_ms"] - 2000) <= 50


def test_unknown_paths_answer_as_the_framework_does(server):
    with httpx.Client(base_url=server.url, headers={"x-api-key": server.key}) as http:
        for path in ["/web-app/public/nothing", f"/web-app/public/generations/{uuid.uuid4()}"]:
            reply = http.get(path)
            assert reply.status_code == 404 and reply.json()["detail"] == "Not Found"
            assert reply.json()["messages"] == ["Not Found"] and reply.json()["code"] == 404
        assert http.delete("/web-app/public/models").status_code == 405
