"""Conformance cases of section B that need a running product; tests carry their numbers."""

import json
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from lipsmith import JOB_SECONDS, assert_refusal, completed, finished
from media import PORTRAIT_SIZE
from verifiers import is_signed, javascript_json, python_json
from wire import field, file_part, form, send

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
FASTEST_MODEL = "lipsync-1.9.0-beta"


def create(api: httpx.Client, body: dict, **options) -> dict:
    """Creates a generation; the server must take it."""
    reply = api.post("/v2/generate", json={"model": FASTEST_MODEL} | body, **options)
    assert reply.status_code == 201, reply.text
    return reply.json()


def post_form(server, *parts: bytes):
    """Sends a form as curl does."""
    boundary = "------------------------d74496d66958873e"
    headers = [("x-api-key", server.key), ("Content-Type", f"multipart/form-data; boundary={boundary}")]
    return send(server, "POST", "/v2/generate", headers, form(boundary, *parts))


def test_04_read_until_the_end(api, media, check_result):
    created = create(api, {"input": media.inputs(media.video_4, media.speech_8_64)})
    assert re.fullmatch(UUID, created["id"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created["createdAt"])
    assert created["status"] == "PENDING" and created["outputUrl"] is None
    deadline = time.monotonic() + JOB_SECONDS
    while True:
        assert time.monotonic() < deadline
        reply = api.get(f"/v2/generate/{created['id']}")
        assert reply.status_code == 200
        assert reply.json()["status"] in {"PENDING", "PROCESSING", "COMPLETED"}
        if reply.json()["status"] == "COMPLETED":
            break
        time.sleep(0.2)
    # Without a mode the video bounces, and the sound decides.
    check_result(created["id"], 8.64)


@pytest.mark.parametrize(
    ("mode", "seconds"), [("cut_off", 4.0), ("loop", 8.64), ("silence", 8.64), ("remap", 8.64)])
def test_05_synchronisation_modes(api, media, check_result, mode, seconds):
    inputs = media.inputs(media.video_4, media.speech_8_64)
    created = create(api, {"input": inputs, "options": {"sync_mode": mode}})
    assert created["options"] == {"sync_mode": mode}
    assert check_result(created["id"], seconds)["options"] == {"sync_mode": mode}


def test_09_segments_of_two_sounds(api, media, check_result):
    video, first = media.inputs(media.video_4, media.speech_2)
    second = media.inputs(audio=media.speech_8_64)[1]
    segments = [
        {"startTime": 2.5, "endTime": 3.5, "audioInput": {"refId": "b", "startTime": 1, "endTime": 2}},
        {"startTime": 0, "endTime": 2, "audioInput": {"refId": "a"}, "optionsOverride": {"sync_mode": "cut_off"}},
    ]
    created = create(
        api, {"input": [video, first | {"refId": "a"}, second | {"refId": "b"}], "segments": segments})
    assert created["segments"] == segments
    check_result(created["id"], 4)


def test_12_inaccessible_video(api, web, media):
    video = {"type": "video", "url": f"{web.url}/missing.mp4"}
    reply = api.post("/v2/generate", json={"model": "lipsync-2", "input": [video, media.inputs()[1]]})
    assert_refusal(reply, 422, code="generation_input_video_inaccessible")
    assert reply.json()["field"] == "input[0].url"


def test_14_a_picture(api, media, check_result):
    created = create(api, {"model": "sync-3", "input": media.picture_inputs()})
    assert created["input"] == media.picture_inputs()
    check_result(created["id"], 2, PORTRAIT_SIZE)
    refused = api.post("/v2/generate", json={"model": "lipsync-2", "input": media.picture_inputs()})
    assert_refusal(refused, 400, 422, code="generation_unsupported_model")


def test_14_a_picture_as_file_whose_face_is_chosen(server, api, media, check_result):
    parts = [
        file_part("image", "upload", media.portrait.read_bytes(), "application/octet-stream"),
        file_part("audio", "upload", media.speech_2.read_bytes(), "application/octet-stream"),
    ]
    options = {"active_speaker_detection": {"frame_number": 0, "coordinates": [225, 120]}, "sync_mode": "loop"}
    reply = post_form(server, field("model", "sync-3"), field("options", json.dumps(options)), *parts)
    assert reply.status_code == 201, reply.text
    check_result(reply.json()["id"], 2, PORTRAIT_SIZE)
    asset = api.get(f"/v2/assets/{reply.json()['input'][0]['assetId']}").json()
    assert (asset["type"], asset["width"], asset["height"]) == ("IMAGE", *PORTRAIT_SIZE)
    assert_refusal(
        post_form(server, field("model", "lipsync-2"), *parts), 400, 422, code="generation_unsupported_model")
    detected = post_form(
        server, field("model", "sync-3"), field("options", '{"active_speaker_detection": {"auto_detect": true}}'),
        *parts)
    assert_refusal(detected, 400, 422, code="generation_input_face_selection_invalid")


def test_14_a_video_that_is_called_a_picture(server, api, media):
    """A file is looked into at once; what lies at an address, once the job runs."""
    swapped = post_form(
        server, field("model", "sync-3"), file_part("image", "p.png", media.video_2.read_bytes(), "image/png"),
        file_part("audio", "a.wav", media.speech_2.read_bytes(), "audio/wav"))
    assert_refusal(swapped, 422, code="generation_input_video_invalid")
    inputs = [{"type": "image", "url": media.url(media.video_2)}, media.inputs()[1]]
    failed = finished(api, create(api, {"model": "sync-3", "input": inputs})["id"])
    assert (failed["status"], failed["errorCode"]) == ("FAILED", "generation_input_video_invalid")
    assert "picture" in failed["error"]


def test_14_a_picture_is_an_asset_and_has_a_price(api, media):
    made = api.post("/v2/assets", json={"url": media.url(media.portrait), "type": "IMAGE"})
    assert made.status_code == 201, made.text
    inputs = [{"type": "image", "assetId": made.json()["id"]}, media.inputs()[1]]
    cost = api.post("/v2/analyze/cost", json={"model": "sync-3", "input": inputs})
    assert cost.status_code == 200, cost.text
    assert cost.json()[0]["estimatedFrameCount"] == 50
    assert cost.json()[0]["estimatedGenerationCost"] == pytest.approx(50 * 0.00534)
    video = inputs[0] | {"type": "video"}
    mismatch = api.post("/v2/generate", json={"model": "sync-3", "input": [video, inputs[1]]})
    assert_refusal(mismatch, 422, code="generation_input_asset_type_mismatch")


def test_17_files_of_unknown_type(server, api, media):
    reply = post_form(
        server, field("model", FASTEST_MODEL),
        file_part("video", "upload", media.video_2.read_bytes(), "application/octet-stream"),
        file_part("audio", "upload", media.speech_2.read_bytes(), "application/octet-stream"))
    assert reply.status_code == 201, reply.text
    assert completed(api, reply.json()["id"])["outputUrl"]


def test_19_a_file_wins_over_an_address(server, media, check_result):
    unreachable = {"type": "video", "url": "http://unreachable.invalid/v.mp4"}
    reply = post_form(
        server, field("model", FASTEST_MODEL), field("input", json.dumps([unreachable, media.inputs()[1]])),
        file_part("video", "clip.mp4", media.video_2.read_bytes(), "video/mp4"))
    assert reply.status_code == 201, reply.text
    check_result(reply.json()["id"], 2)


def assert_verifies(delivery, secret: str):
    """Checks a delivery's form, and its signature as raw and as re-serialising receivers do."""
    signature = delivery.headers["sync-signature"]
    assert re.fullmatch(r"t=\d+,v1=[0-9a-f]{64}", signature)
    assert delivery.headers["content-type"] == "application/json"
    assert is_signed(signature, delivery.body, secret)
    assert is_signed(signature, javascript_json(delivery.body), secret)
    assert is_signed(signature, python_json(delivery.body), secret)
    assert not is_signed(signature, delivery.body + b" ", secret)


def test_24_webhook_of_a_completed_generation(api, web, media):
    secret = api.get("/v2/organizations/webhook/secret").json()["secret"]
    hook = web.make_hook("completed")
    # Numbers that careless writers print differently; unknown names are echoed as well.
    options = {"temperature": 0.30000000000000004, "sync_mode": "cut_off", "fps": 25.0, "large": 1e20, "small": 0.0001}
    created = create(api, {"input": media.inputs(), "options": options, "webhookUrl": hook})
    delivery = web.delivery(hook, seconds=120)
    told = json.loads(delivery.body)
    assert_verifies(delivery, secret)
    assert told["id"] == created["id"] and told["status"] == "COMPLETED"
    assert told == api.get(f"/v2/generate/{created['id']}").json() | {"outputUrl": told["outputUrl"]}
    assert httpx.get(told["outputUrl"]).status_code == 200
    assert web.hooks["/completed"].empty()


def test_24_webhook_of_a_failed_generation(api, web, media):
    secret = api.get("/v2/organizations/webhook/secret").json()["secret"]
    hook = web.make_hook("failed")
    created = create(api, {"input": media.hopeless_inputs(), "webhookUrl": hook})
    delivery = web.delivery(hook, seconds=120)
    told = json.loads(delivery.body)
    assert_verifies(delivery, secret)
    assert told["id"] == created["id"] and told["status"] == "FAILED"
    assert told["errorCode"] == told["error_code"] == "generation_input_video_invalid"
    assert told["error"] and told["outputUrl"] is None


def test_25_idempotency(api, media):
    key = {"Idempotency-Key": f"k-{uuid.uuid4()}"}
    body = {"model": FASTEST_MODEL, "input": media.hopeless_inputs(), "outputFileName": "once"}
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(lambda _: api.post("/v2/generate", json=body, headers=key), range(8)))
    assert {reply.status_code for reply in replies} == {201}, [reply.text for reply in replies]
    ids = {reply.json()["id"] for reply in replies}
    assert len(ids) == 1
    later = api.post("/v2/generate", json=dict(reversed(body.items())), headers=key)
    assert later.status_code == 201 and later.json()["id"] in ids
    listed = api.get("/v2/generations", params={"limit": 100}).json()
    assert [each["id"] for each in listed if each["outputFileName"] == "once"] == list(ids)
    other = api.post("/v2/generate", json=body | {"outputFileName": "twice"}, headers=key)
    assert_refusal(other, 409)
    malformed = api.post("/v2/generate", json=body, headers={"Idempotency-Key": "k 1"})
    assert_refusal(malformed, 400, code="INVALID_IDEMPOTENCY_KEY")
    doubled = api.post("/v2/generate", json=body, headers=[("Idempotency-Key", "k1"), ("Idempotency-Key", "k2")])
    assert_refusal(doubled, 400, code="INVALID_IDEMPOTENCY_KEY")


def test_26_delete(api, media):
    created = create(api, {"input": media.inputs()})
    refused = api.delete(f"/v2/generations/{created['id']}")
    assert_refusal(refused, 409, code="generation_not_deletable_while_processing")
    done = completed(api, created["id"])
    deleted = api.delete(f"/v2/generations/{created['id']}")
    assert deleted.status_code == 200 and deleted.json()["id"] == created["id"]
    assert_refusal(api.get(f"/v2/generate/{created['id']}"), 404, code="generation_not_found")
    assert_refusal(api.delete(f"/v2/generations/{created['id']}"), 404, code="generation_not_found")
    assert httpx.get(done["outputUrl"]).status_code in {401, 404}


def test_26_delete_of_a_failed_generation(api, media):
    created = create(api, {"input": media.hopeless_inputs()})
    assert finished(api, created["id"])["status"] == "FAILED"
    assert api.delete(f"/v2/generations/{created['id']}").status_code == 200


def test_27_long_poll(api, media):
    created = create(api, {"input": media.inputs(media.video_4, media.speech_8_64), "model": "lipsync-2"})
    started = time.monotonic()
    reply = api.get(f"/v2/generate/{created['id']}", params={"wait": "true", "timeout": "3"})
    seconds = time.monotonic() - started
    assert reply.status_code == 200
    assert reply.headers["retry-after"] == "2"
    assert reply.headers["x-sync-wait-mode"] == "long_poll"
    assert reply.headers["x-sync-wait-timeout-seconds"] == "3"
    if reply.json()["status"] in {"PENDING", "PROCESSING"}:
        assert 2.9 <= seconds < 8
    longer = api.get(f"/v2/generate/{created['id']}", params={"wait": "true", "timeout": "55"})
    assert longer.status_code == 200
    progress = api.get(f"/v2/generate/{created['id']}", params={"include": "progress"}).json()
    assert 0 <= progress["progress_percent"] <= 100
    both = api.get(f"/v2/generate/{created['id']}", params={"wait": "true", "include": "progress"})
    assert_refusal(both, 400)


def test_28_asset_in_three_steps(api, media):
    content = media.video_2.read_bytes()
    announced = api.post(
        "/v2/assets/upload", json={"fileName": "clip.mp4", "contentType": "video/mp4", "size": len(content)})
    assert announced.status_code == 201
    assert {"uploadUrl", "url", "expiresIn"} <= set(announced.json())
    premature = api.post("/v2/assets", json={"url": announced.json()["url"], "type": "VIDEO"})
    assert_refusal(premature, 422, code="uploaded_file_not_found")
    sent = httpx.put(announced.json()["uploadUrl"], content=content, headers={"Content-Type": "video/mp4"})
    assert sent.is_success, sent.text
    made = api.post("/v2/assets", json={"url": announced.json()["url"], "type": "VIDEO"})
    assert made.is_success, made.text
    asset = made.json()
    assert (asset["type"], asset["inputType"], asset["name"]) == ("VIDEO", "UPLOAD", "clip.mp4")
    assert asset["durationSeconds"] == pytest.approx(2, abs=0.05) and asset["size"] == len(content)
    assert httpx.get(asset["url"], headers={"Range": "bytes=4-7"}).content == b"ftyp"
    created = create(api, {"input": [{"type": "video", "assetId": asset["id"]}, media.inputs()[1]]})
    assert completed(api, created["id"])["outputDuration"] == pytest.approx(2, abs=0.08)


def test_29_cost(api, media):
    inputs = media.inputs(media.video_4, media.speech_8_64)
    reply = api.post(
        "/v2/analyze/cost", json={"model": "lipsync-2", "input": inputs, "options": {"sync_mode": "loop"}})
    assert reply.status_code == 200, reply.text
    assert len(reply.json()) == 1
    assert reply.json()[0]["estimatedFrameCount"] == 216
    assert reply.json()[0]["estimatedGenerationCost"] == pytest.approx(216 * 0.002)
    body = {"model": "lipsync-2", "duration": 8.64, "fps": 25}
    for path in ["/v2/generations/estimate", "/v2/generate/estimate-cost"]:
        assert api.post(path, json=body).json()["estimatedFrameCount"] == 216
