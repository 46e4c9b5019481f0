"""What real clients put on the wire (sections 4.3 and C of the contract), byte for byte."""

import json
import time
from urllib.parse import urlsplit

import httpx
import pytest
from lipsmith import JOB_SECONDS, Server, assert_refusal, completed
from sync import Sync
from sync.common import Audio, GenerationOptions, Video
from wire import connect, field, file_part, form, read_reply, send


# The TypeScript SDK: one `input` field for each item, a chunked body, files without a type.

TYPESCRIPT_BOUNDARY = "form-data-boundary-gt3whz2hjqvs1p0d"


def typescript_headers(server: Server) -> list[tuple[str, str]]:
    return [
        ("x-api-key", server.key),
        ("X-Fern-Language", "JavaScript"),
        ("X-Fern-SDK-Name", "@sync.so/sdk"),
        ("X-Fern-SDK-Version", "0.2.3"),
        ("User-Agent", "@sync.so/sdk/0.2.3"),
        ("X-Fern-Runtime", "node"),
        ("X-Fern-Runtime-Version", "v20.11.1"),
        ("Content-Type", f"multipart/form-data; boundary={TYPESCRIPT_BOUNDARY}"),
        ("Connection", "keep-alive"),
    ]


def test_18_typescript_sdk_repeats_input_fields(server, media):
    video, audio = media.hopeless_inputs()
    body = form(
        TYPESCRIPT_BOUNDARY, field("model", "lipsync-2"), field("input", json.dumps(video)),
        field("input", json.dumps(audio)), field("options", '{"sync_mode":"loop","temperature":0.5}'))
    reply = send(server, "POST", "/v2/generate", typescript_headers(server), body, chunk_bytes=97)
    assert reply.status_code == 201, reply.text
    created = reply.json()
    assert [item["type"] for item in created["input"]] == ["video", "audio"]
    assert created["options"] == {"sync_mode": "loop", "temperature": 0.5}
    assert created["error_code"] is None


def test_typescript_sdk_streams_files(server, media, check_result):
    body = form(
        TYPESCRIPT_BOUNDARY, field("model", "lipsync-1.9.0-beta"),
        file_part("video", "video-2.mp4", media.video_2.read_bytes()),
        file_part("audio", "speech-2.wav", media.speech_2.read_bytes()), field("options", '{"sync_mode":"cut_off"}'))
    reply = send(server, "POST", "/v2/generate", typescript_headers(server), body, chunk_bytes=65_536)
    assert reply.status_code == 201, reply.text
    check_result(reply.json()["id"], 2)


# The ComfyUI node: one form for text, another with flat fields for files; it names itself.

COMFYUI_BOUNDARY = "5c8d9a1e2f3b4c5d6e7f8091a2b3c4d5"


def comfyui_headers(server: Server) -> list[tuple[str, str]]:
    return [
        ("User-Agent", "python-requests/2.32.3"),
        ("Accept-Encoding", "gzip, deflate"),
        ("Accept", "*/*"),
        ("Connection", "keep-alive"),
        ("x-api-key", server.key),
        ("x-sync-source", "comfyui"),
        ("Content-Type", f"multipart/form-data; boundary={COMFYUI_BOUNDARY}"),
    ]


def comfyui_poll(server: Server, generation_id: str) -> dict:
    """The node's loop, with shorter pauses."""
    deadline = time.monotonic() + JOB_SECONDS
    headers = {"x-api-key": server.key, "x-sync-source": "comfyui"}
    while time.monotonic() < deadline:
        generation = httpx.get(f"{server.url}/v2/generate/{generation_id}", headers=headers).json()
        if generation["status"] in {"COMPLETED", "FAILED"}:
            return generation
        time.sleep(0.3)
    pytest.fail("the generation did not end")


def test_comfyui_file_branch(server, media):
    """Flat dials, `input` without addresses, no `options`; only 200 counts as success elsewhere in the node."""
    body = form(
        COMFYUI_BOUNDARY, field("model", "lipsync-1.9.0-beta"), field("sync_mode", "cut_off"),
        field("temperature", "0.5"), field("active_speaker", "false"),
        field("active_speaker_detection", '{"auto_detect": false, "occlusion_detection_enabled": false}'),
        field("input", '[{"type": "video"}, {"type": "audio"}]'),
        file_part("video", "clip.mp4", media.video_2.read_bytes(), "video/mp4"),
        file_part("audio", "words.wav", media.speech_2.read_bytes(), "audio/wav"))
    reply = send(server, "POST", "/v2/generate", comfyui_headers(server), body)
    assert reply.status_code == 200, reply.text
    created = reply.json()
    assert created["options"]["sync_mode"] == "cut_off" and created["options"]["temperature"] == 0.5
    done = comfyui_poll(server, created["id"])
    assert done["status"] == "COMPLETED", done
    assert done["segmentOutputUrl"] is None
    assert httpx.get(done["outputUrl"]).status_code == 200


def test_comfyui_file_branch_with_addresses(server, media):
    video, audio = media.hopeless_inputs()
    body = form(
        COMFYUI_BOUNDARY, field("model", "lipsync-2"), field("sync_mode", "loop"), field("temperature", "0.5"),
        field("active_speaker", "true"), field("video_url", video["url"]), field("audio_url", audio["url"]),
        field("input", '[{"type": "video"}, {"type": "audio"}]'))
    reply = send(server, "POST", "/v2/generate", comfyui_headers(server), body)
    assert reply.status_code == 200, reply.text
    assert [item["url"] for item in reply.json()["input"]] == [video["url"], audio["url"]]


def test_comfyui_text_branch(server, api, media):
    """Text stands before a video that has no address; the video is a file."""
    provider = {"name": "elevenlabs", "voiceId": "EXAVITQu4vr4xnSDxMaL", "script": "Hello there.", "stability": 0.5}
    body = form(
        COMFYUI_BOUNDARY, field("model", "lipsync-2"),
        field("input", json.dumps([{"type": "text", "provider": provider}, {"type": "video"}])),
        field("options", '{"sync_mode": "loop", "temperature": 0.5}'),
        file_part("video", "clip.mp4", media.video_2.read_bytes(), "video/mp4"))
    reply = send(server, "POST", "/v2/generate", comfyui_headers(server), body)
    # The node's voices are ElevenLabs'; without a key and a map the refusal names both ways out.
    assert_refusal(reply, 404, code="voice_not_found")
    body = body.replace(b"EXAVITQu4vr4xnSDxMaL", b"flite-slt")
    reply = send(server, "POST", "/v2/generate", comfyui_headers(server), body)
    assert reply.status_code == 200, reply.text


def test_comfyui_text_branch_with_a_recorded_voice(server, media):
    """The same form, whose voice is an address: the video's place is filled by the file."""
    audio = media.hopeless_inputs()[1]
    body = form(
        COMFYUI_BOUNDARY, field("model", "lipsync-2"), field("input", json.dumps([audio, {"type": "video"}])),
        field("options", '{"sync_mode": "loop", "temperature": 0.5}'),
        file_part("video", "clip.mp4", media.video_2.read_bytes(), "video/mp4"))
    reply = send(server, "POST", "/v2/generate", comfyui_headers(server), body)
    assert reply.status_code == 200, reply.text
    first, second = reply.json()["input"]
    assert first == audio and second["type"] == "video" and second["assetId"]


def test_21_comfyui_finds_its_own(server, api, media):
    body = {"model": "lipsync-2", "input": media.hopeless_inputs()}
    mine = api.post("/v2/generate", json=body, headers={"x-sync-source": "comfyui"})
    other = api.post("/v2/generate", json=body)
    listed = {generation["id"] for generation in api.get("/v2/generations?source=comfyui").json()}
    assert mine.json()["id"] in listed and other.json()["id"] not in listed


# The editor plugin for Premiere, After Effects and Resolve.


def test_editor_plugin(server, media):
    headers = {"x-api-key": server.key, "Content-Type": "application/json", "User-Agent": "node-fetch"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=10) as plugin:
        assert any(model["name"] == "lipsync-2-pro" for model in plugin.get("/v2/models").json())
        body = {
            "model": "lipsync-2-pro",
            "input": media.inputs(),
            "options": {
                "sync_mode": "cut_off",
                "temperature": 0.5,
                "active_speaker_detection": {"auto_detect": False},
                "occlusion_detection_enabled": False,
            },
        }
        cost = plugin.post("/v2/analyze/cost", json=body | {"options": {"sync_mode": "loop"}}, timeout=30)
        assert cost.status_code == 200, cost.text
        assert cost.json()[0]["estimatedFrameCount"] == 50
        assert cost.json()[0]["estimatedGenerationCost"] == pytest.approx(50 * 0.00333)
        created = plugin.post("/v2/generate", json=body).json()
        listed = plugin.get("/v2/generations").json()
        assert isinstance(listed, list) and created["id"] in [generation["id"] for generation in listed]
        assert isinstance(plugin.get("/v2/generations", params={"status": "PROCESSING"}).json(), list)
        # The address of the output is all that it looks for.
        deadline = time.monotonic() + JOB_SECONDS
        while not (generation := plugin.get(f"/v2/generate/{created['id']}").json())["outputUrl"]:
            assert generation["status"] in {"PENDING", "PROCESSING"}, generation
            assert time.monotonic() < deadline
            time.sleep(0.3)
        assert plugin.get(f"/v2/generations/{created['id']}").json()["outputUrl"]
        missing = plugin.get("/v2/generate/00000000-0000-4000-8000-000000000000")
        assert_refusal(missing, 404, code="generation_not_found")


# The MCP server: makes its tools of the API's document.

MCP_TAGS = {"generate", "generations", "models", "assets", "projects", "voices", "text-to-speech"}
MCP_OPERATIONS = """
GenerateController_createGeneration GenerateController_getGeneration GenerateController_getGenerations
GenerateController_estimateCost GenerationsController_getById GenerationsController_delete
GenerationsController_estimateCost ModelsController_get VoicesController_getVoices VoicesController_cloneVoice
VoicesController_deleteVoice TtsController_create AssetsController_createUploadUrl AssetsController_create
AssetsController_getAll AssetsController_get AssetsController_update AssetsController_delete
ProjectsController_create ProjectsController_getAll ProjectsController_get ProjectsController_update
ProjectsController_delete
""".split()


def expanded(value, document: dict):
    """The value with all references replaced, as the MCP server does it: a cycle would never end."""
    if isinstance(value, list):
        return [expanded(item, document) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        target = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        return expanded(target, document)
    return {name: expanded(member, document) for name, member in value.items()}


def flat_properties(schema: dict) -> dict:
    """The properties of a schema and of the schemas that it is put together from."""
    properties = dict(schema.get("properties", {}))
    for word in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(word, []):
            properties |= flat_properties(part)
    return properties


def mcp_tools(document: dict) -> dict[str, dict]:
    """Tools by operation id: method, path, parameters and properties of the body."""
    tools = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            tags = {tag.lower() for tag in operation.get("tags", [])}
            if not tags & MCP_TAGS or "operationId" not in operation:
                continue
            controller, _, function = operation["operationId"].partition("_")
            assert controller.endswith("Controller") and function
            content = operation.get("requestBody", {}).get("content", {})
            body = content.get("application/json") or next(iter(content.values()), {})
            tools[operation["operationId"]] = {
                "method": method.upper(),
                "path": path,
                "parameters": expanded(operation.get("parameters", []), document),
                "body": flat_properties(expanded(body.get("schema", {}), document)),
            }
    return tools


def test_mcp_server_builds_its_tools(server):
    assert httpx.get(f"{server.url}/api-json").content == send(server, "GET", "//api-json", []).content
    document = httpx.get(f"{server.url}/api-json").json()
    tools = mcp_tools(document)
    assert set(MCP_OPERATIONS) <= set(tools)
    create = tools["GenerateController_createGeneration"]
    assert (create["method"], create["path"]) == ("POST", "/v2/generate")
    assert {"model", "input", "options", "webhookUrl"} <= set(create["body"])
    # An enum closes what an agent may send, so it must name every model.
    models = httpx.get(f"{server.url}/v2/models", headers={"x-api-key": server.key}).json()
    assert set(create["body"]["model"]["enum"]) == {model["name"] for model in models}
    get = tools["GenerateController_getGeneration"]
    assert {"id", "wait", "timeout"} <= {parameter["name"] for parameter in get["parameters"]}


def test_mcp_server_uploads_creates_and_waits(server, media):
    headers = {"authorization": f"Bearer {server.key}", "x-sync-source": "mcp:desktop"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=90) as agent:
        addresses = []
        for path, content_type, kind in [
            (media.video_2, "video/mp4", "VIDEO"), (media.speech_2, "audio/wav", "AUDIO"),
        ]:
            announcement = {"fileName": path.name, "contentType": content_type, "size": path.stat().st_size}
            announced = agent.post("/v2/assets/upload", json=announcement)
            assert announced.status_code == 201, announced.text
            upload = announced.json()
            sent = httpx.put(
                upload["uploadUrl"], content=path.read_bytes(), headers={"Content-Type": content_type})
            assert sent.is_success, sent.text
            asset = agent.post("/v2/assets", json={"url": upload["url"], "type": kind, "name": path.name})
            assert asset.is_success, asset.text
            addresses.append(upload["url"])
        video, audio = addresses
        body = {
            "model": "lipsync-2", "input": [{"type": "video", "url": video}, {"type": "audio", "url": audio}],
        }
        created = agent.post("/v2/generate", json=body)
        assert created.status_code == 201, created.text
        deadline = time.monotonic() + JOB_SECONDS
        generation = created.json()
        while generation["status"] in {"PENDING", "PROCESSING"}:
            assert time.monotonic() < deadline
            reply = agent.get(f"/v2/generate/{generation['id']}", params={"wait": "true", "timeout": "55"})
            assert reply.status_code == 200, reply.text
            assert reply.headers["x-sync-wait-mode"] == "long_poll"
            generation = reply.json()
        assert generation["status"] == "COMPLETED", generation
        assert {"outputUrl", "outputDuration", "error", "errorCode", "model"} <= set(generation)
        listed = agent.get("/v2/generations", params={"source": "mcp,chatgpt", "status": "COMPLETED,FAILED"}).json()
        assert generation["id"] in [each["id"] for each in listed]


# The official examples, with `segments_secs` and a loop over `get`.


def test_official_example(server, media):
    sdk = Sync(base_url=server.url, api_key=server.key)
    created = sdk.generations.create(
        model="lipsync-2",
        input=[
            Video(url=media.url(media.video_2), segments_secs=[[0.5, 1.5]]), Audio(url=media.url(media.speech_2)),
        ],
        options=GenerationOptions(temperature=0.5, sync_mode="cut_off"))
    generation = sdk.generations.get(created.id)
    deadline = time.monotonic() + JOB_SECONDS
    while generation.status not in ["COMPLETED", "FAILED"]:
        assert time.monotonic() < deadline
        time.sleep(0.3)
        generation = sdk.generations.get(created.id)
    assert generation.status == "COMPLETED", generation.error
    assert httpx.get(generation.output_url).content[4:8] == b"ftyp"


# The recipes that call curl.

CURL_HEADERS = [("User-Agent", "curl/7.88.1"), ("Accept", "*/*")]


def test_curl_sends_json(server, media):
    body = json.dumps({"model": "lipsync-2", "input": media.hopeless_inputs()}, indent=2).encode()
    headers = CURL_HEADERS + [("x-api-key", server.key), ("Content-Type", "application/json")]
    assert send(server, "POST", "/v2/generate", headers, body).status_code == 201


def test_curl_sends_json_and_calls_it_a_form(server, media):
    """`curl -d` without a header."""
    body = json.dumps({"model": "lipsync-2", "input": media.hopeless_inputs()}, indent=2).encode()
    headers = CURL_HEADERS + [("x-api-key", server.key), ("Content-Type", "application/x-www-form-urlencoded")]
    assert send(server, "POST", "/v2/generate", headers, body).status_code == 201


def test_curl_sends_a_form_and_waits_to_be_asked_on(server, media):
    """`curl -F` announces a large body and sends it once the server agrees."""
    boundary = "------------------------d74496d66958873e"
    body = form(
        boundary, field("model", "lipsync-2"),
        file_part("video", "clip.mp4", media.video_2.read_bytes(), "application/octet-stream"),
        field("input", json.dumps(media.hopeless_inputs()[1])))
    lines = ["POST /v2/generate HTTP/1.1", f"Host: {server.host}:{server.port}"]
    lines += [f"{name}: {value}" for name, value in CURL_HEADERS]
    lines += [
        f"x-api-key: {server.key}", f"Content-Length: {len(body)}",
        f"Content-Type: multipart/form-data; boundary={boundary}", "Expect: 100-continue",
    ]
    with connect(server) as connection:
        connection.sendall("\r\n".join(lines + ["", ""]).encode())
        assert connection.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert read_reply(connection).status_code == 201


# A third party's pipeline: creates with the newest model, falls back on /download, deletes in the end.


def test_third_party_pipeline(server, media):
    headers = {"x-api-key": server.key, "Content-Type": "application/json", "Accept": "application/json"}
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as pipeline:
        body = {
            "model": "sync-3",
            "input": media.inputs(),
            "options": {
                "sync_mode": "cut_off",
                "active_speaker_detection": {
                    "auto_detect": False, "frame_number": 0, "coordinates": [240.5, 200.25]},
            },
        }
        created = pipeline.post("/v2/generate", json=body)
        assert created.status_code == 201, created.text
        done = completed(pipeline, created.json()["id"])
        address = pipeline.get(f"/v2/generations/{done['id']}/download")
        assert address.headers["content-type"].startswith("text/plain")
        assert urlsplit(address.text).scheme == "http"
        assert httpx.get(address.text, follow_redirects=True).content == httpx.get(done["outputUrl"]).content
        deleted = pipeline.delete(f"/v2/generations/{done['id']}")
        assert deleted.status_code == 200 and deleted.json()["id"] == done["id"]
        assert pipeline.get(f"/v2/generate/{done['id']}").status_code == 404
        assert httpx.get(done["outputUrl"]).status_code in {401, 404}
