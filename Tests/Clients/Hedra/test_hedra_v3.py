"""Hedra's API v3 for its published Python SDK, unchanged but for the base address (section 19 of the contract)."""

import hashlib
import subprocess
import time
from pathlib import Path

import httpx
import pytest
from ed25519 import ed25519_verifies
from hedra import Hedra
from hedra.errors import BadRequestError, NotFoundError, UnauthorizedError
from lipsmith import CHECKOUT, JOB_SECONDS, Server
from media import PORTRAIT, assert_output, ffmpeg, make_speech, make_video

LIVE = {"IN_QUEUE", "IN_PROGRESS"}


@pytest.fixture(scope="module")
def sdk(server: Server) -> Hedra:
    """The SDK, with the key of the server that most tests share."""
    return Hedra(base_url=f"{server.url}/v3", api_key=server.key, timeout=60)


@pytest.fixture(scope="module")
def raw(server: Server):
    """A plain client of the same interface."""
    with httpx.Client(
        base_url=f"{server.url}/v3", headers={"Authorization": f"Bearer {server.key}"}, timeout=60) as http:
        yield http


@pytest.fixture(scope="module")
def image(sdk) -> dict:
    """The picture, sent."""
    return {"source": "url", "url": sdk.files.upload(file=PORTRAIT.read_bytes()).url}


@pytest.fixture(scope="module")
def voice(sdk, tmp_path_factory) -> dict:
    """A sound of 2.48 s, sent."""
    path = make_speech(tmp_path_factory.mktemp("v3") / "a2.wav", 2.48)
    with path.open("rb") as file:
        return {"source": "url", "url": sdk.files.upload(file=file).url}


def avatar(image: dict, voice: dict, **more) -> dict:
    return {
        "prompt": "calm", "aspect_ratio": "1:1", "resolution": "540p", "start_image": image, "audio": voice, **more}


def ended(sdk: Hedra, job_id: str):
    """The sample loop of the SDK's documentation, with shorter pauses; the result."""
    deadline, progress = time.monotonic() + JOB_SECONDS, 0.0
    while True:
        status = sdk.jobs.get_status(job_id)
        assert status.progress >= progress
        progress = status.progress
        if status.status not in LIVE:
            return sdk.jobs.get(job_id)
        assert time.monotonic() < deadline, f"still {status.status}"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def finished(sdk, image, voice):
    """12: an avatar, ordered by the typed submit, and what came of it."""
    begun = time.monotonic()
    submitted = sdk.jobs.submit_hedra_avatar(input=avatar(image, voice))
    assert time.monotonic() - begun < 2
    assert submitted.status == "IN_QUEUE" and submitted.model == "hedra-avatar"
    assert submitted.result_url == f"/v3/jobs/{submitted.job_id}"
    return ended(sdk, submitted.job_id)


def test_1_to_6_models_and_voices(sdk):
    models = sdk.models.list()
    assert models.next_cursor is None
    assert {"hedra-avatar", "hedra-character-3"} <= {model.id for model in models.data}
    assert "veo-31" not in {model.id for model in models.data}
    assert {model.modality for model in sdk.models.list(modality="audio").data} == {"audio"}
    detail = sdk.models.get("hedra-avatar")
    assert sorted(detail.input_schema["required"]) == ["aspect_ratio", "audio", "prompt", "resolution", "start_image"]
    assert detail.input_schema["additionalProperties"] is False
    document = sdk.models.get_openapi("hedra-avatar")
    [operation] = document["paths"]["/v3/models/hedra-avatar"].values()
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert schema["properties"]["input"] == detail.input_schema
    voices = sdk.models.list_voices("elevenlabs-v3").data
    assert voices and all(found.id.startswith("voice_") for found in voices)
    women = sdk.models.search_voices("elevenlabs-v3", q="female english", gender="female", limit=3).data
    assert 0 < len(women) <= 3 and {found.labels["gender"] for found in women} == {"female"}


def test_9_to_11_files(sdk, raw):
    sent = sdk.files.upload(file=PORTRAIT.read_bytes())
    assert sent.content_type == "image/png"
    assert abs(sent.expires_at.timestamp() - time.time() - 3600) < 5
    assert httpx.get(sent.url).content == PORTRAIT.read_bytes()
    for content in [b"These are words.", b""]:
        with pytest.raises(BadRequestError) as refused:
            sdk.files.upload(file=content)
        assert refused.value.body.error.param == "file"
    assert raw.post("/files", files={"other": b"x"}).json()["error"]["param"] == "file"


def test_12_to_14_an_avatar(sdk, finished, tmp_path):
    assert finished.status == "COMPLETED", finished
    assert finished.prompt == "calm" and finished.error is None
    [output] = finished.outputs
    assert output.content_type == "video/mp4" and output.width == output.height == 540
    assert abs(output.duration_ms - 2480) <= 40 and output.fps == 25
    assert finished.metrics.processing_time_ms > 0
    assert [entry.event for entry in finished.logs][0] == "queued"
    assert [entry.event for entry in finished.logs][-1] == "completed"
    assert httpx.head(output.url).status_code == 200
    part = httpx.get(output.url, headers={"Range": "bytes=0-99"})
    assert part.status_code == 206 and len(part.content) == 100
    assert_output(httpx.get(output.url).content, tmp_path, 2.48, (540, 540))


def test_15_to_17_idempotency(sdk, raw, image, voice):
    body = avatar(image, voice)
    first = sdk.jobs.submit_hedra_avatar(input=body, idempotency_key="k1")
    second = sdk.jobs.submit_hedra_avatar(input=body, idempotency_key="k1")
    assert first.job_id == second.job_id
    older = raw.post("/models/hedra-avatar", json={"input": body, "idempotency_key": "k1"})
    assert (older.status_code, older.json()["job_id"]) == (202, first.job_id)
    other = raw.post(
        "/models/hedra-avatar", json={"input": {**body, "prompt": "other"}}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 409 and other.json()["error"]["code"] == "ALREADY_EXISTS"
    assert other.json()["error"]["retryable"] is False


def test_28_to_30_what_is_not_served(sdk):
    with pytest.raises(BadRequestError) as refused:
        sdk.jobs.submit("veo-31", input={"prompt": "x"})
    assert refused.value.body.error.code == "FAILED_PRECONDITION"
    assert "generative network" in refused.value.body.error.message
    with pytest.raises(NotFoundError):
        sdk.models.get("veo-31")
    for name in ["nope", "together%2Fhedra-avatar"]:
        with pytest.raises(NotFoundError) as missing:
            sdk.jobs.submit(name, input={})
        assert "not found" in missing.value.body.error.message
    with pytest.raises(BadRequestError) as clone:
        sdk.jobs.submit("elevenlabs-voice-clone", input={"name": "x"})
    assert "elevenlabs-key" in clone.value.body.error.message


def test_7_wrong_credentials(server):
    stranger = Hedra(base_url=f"{server.url}/v3", api_key="kid:wrong")
    with pytest.raises(UnauthorizedError) as refused:
        stranger.jobs.list()
    assert refused.value.body.error.code == "UNAUTHORIZED"


def test_31_and_32_speech_and_what_is_made_of_it(sdk, image):
    chosen = sdk.models.search_voices("elevenlabs-v3", q="flite slt").data[0]
    job = sdk.jobs.submit("elevenlabs-v3", input={"text": "One two three.", "voice_id": chosen.id})
    spoken = ended(sdk, job.job_id)
    assert spoken.status == "COMPLETED", spoken
    [sound] = spoken.outputs
    assert sound.content_type.startswith("audio/") and sound.duration_ms > 500
    assert sound.width is None and sound.fps is None
    job = sdk.jobs.submit_hedra_avatar(
        input=avatar(image, {"source": "asset", "asset_id": sound.asset_id}))
    video = ended(sdk, job.job_id)
    assert video.status == "COMPLETED", video
    assert abs(video.outputs[0].duration_ms - sound.duration_ms) <= 80


def test_34_a_picture_that_follows_a_video(sdk, image, tmp_path):
    with make_video(tmp_path / "drive.mp4", 4).open("rb") as file:
        drive = {"source": "url", "url": sdk.files.upload(file=file).url}
    job = sdk.jobs.submit(
        "kling-26-motion-control", input={
            "start_image": image, "source_video": drive, "resolution": "720p", "character_orientation": "image"})
    result = ended(sdk, job.job_id)
    assert result.status == "COMPLETED", result
    assert abs(result.outputs[0].duration_ms - 4000) <= 80


def test_35_to_37_sounds_and_enlarging(sdk, image, voice, tmp_path):
    sound = ended(sdk, sdk.jobs.submit("elevenlabs-audio-isolation", input={"audio": voice}).job_id)
    assert sound.status == "COMPLETED" and abs(sound.outputs[0].duration_ms - 2480) <= 60
    picture = ended(
        sdk, sdk.jobs.submit(
            "topaz-image-upscaler", input={"source_image": image, "target_resolution": "2K"}).job_id)
    assert picture.status == "COMPLETED", picture
    assert min(picture.outputs[0].width, picture.outputs[0].height) == 1440
    with pytest.raises(BadRequestError):
        sdk.jobs.submit(
            "topaz-image-upscaler", input={
                "source_image": image, "target_resolution": "2K", "face_recovery": "high"})
    with make_video(tmp_path / "small.mp4", 2).open("rb") as file:
        small = {"source": "url", "url": sdk.files.upload(file=file).url}
    video = ended(
        sdk, sdk.jobs.submit("topaz-video-upscaler", input={"source_video": small, "resolution": "1080p"}).job_id)
    assert video.status == "COMPLETED", video
    assert min(video.outputs[0].width, video.outputs[0].height) == 1080
    assert video.outputs[0].fps == 25 and abs(video.outputs[0].duration_ms - 2000) <= 80


def test_41_lengths(sdk, image, voice):
    jobs = {
        length: sdk.jobs.submit_hedra_avatar(input=avatar(image, voice, duration_ms=length)).job_id
        for length in [1000, 5000]}
    for length, job in jobs.items():
        result = ended(sdk, job)
        assert result.status == "COMPLETED", result
        assert abs(result.outputs[0].duration_ms - length) <= 40


def test_42_a_picture_without_a_face(sdk, voice, tmp_path):
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=512x512", "-frames:v", "1", tmp_path / "gray.png")
    gray = {"source": "url", "url": sdk.files.upload(file=(tmp_path / "gray.png").read_bytes()).url}
    result = ended(sdk, sdk.jobs.submit_hedra_avatar(input=avatar(gray, voice)).job_id)
    assert result.status == "FAILED" and result.outputs == []
    assert result.error.code == "INVALID_ARGUMENT" and " " in result.error.message


def test_43_and_44_lists(sdk, finished):
    first = sdk.jobs.list(limit=1)
    ids = []
    for job in first:
        ids.append(job.job_id)
        if len(ids) == 3:
            break
    assert len(set(ids)) == 3
    times = [job.created_at for job in sdk.jobs.list(limit=100).items]
    assert times == sorted(times, reverse=True)
    assert {job.model for job in sdk.models.list_model_jobs("hedra-avatar").items} == {"hedra-avatar"}


def test_48_a_stream_from_submit_to_end(sdk, image, voice):
    job = sdk.jobs.submit_hedra_avatar(input=avatar(image, voice))
    events = list(sdk.jobs.stream(job.job_id))
    assert events[0].status in LIVE and events[-1].status == "COMPLETED"
    statuses = [event for event in events if hasattr(event, "progress")]
    assert [event.progress for event in statuses] == sorted(event.progress for event in statuses)
    logs = [event.event for event in events if hasattr(event, "event")]
    assert logs[0] == "queued" and "started" in logs and logs[-1] == "completed"
    assert len(logs) == len(set(event.id for event in events if hasattr(event, "event")))


def test_49_and_51_a_stream_of_an_ended_job(raw, finished):
    text = raw.get(f"/jobs/{finished.job_id}/stream").text
    assert text.count("event: status\n") == 1 and text.rstrip().endswith("event: done\ndata: [STREAM_DONE]")
    assert text.count("event: log\n") == len(finished.logs)
    last = [line.removeprefix("id: ") for line in text.splitlines() if line.startswith("id: ")][-1]
    again = raw.get(f"/jobs/{finished.job_id}/stream", headers={"Last-Event-Id": last}).text
    assert again.count("event: log\n") == 0 and '"COMPLETED"' in again and "[STREAM_DONE]" in again
    unknown = raw.get(f"/jobs/{finished.job_id}/stream", headers={"Last-Event-Id": "999999"}).text
    assert unknown.count("event: log\n") == len(finished.logs)


def test_52_a_webhook(sdk, web, voice, tmp_path):
    ffmpeg("-f", "lavfi", "-i", "color=c=gray:s=512x512", "-frames:v", "1", tmp_path / "gray.png")
    gray = {"source": "url", "url": sdk.files.upload(file=(tmp_path / "gray.png").read_bytes()).url}
    hook = web.make_hook("v3-hook")
    job = sdk.jobs.submit_hedra_avatar(input=avatar(gray, voice), webhook=hook)
    sent = web.delivery(hook, JOB_SECONDS)
    headers = sent.headers
    assert headers["x-hedra-webhook-id"] == job.job_id and headers["x-hedra-webhook-event"] == "job.failed"
    assert headers["x-hedra-webhook-attempt"] == "1" and headers["x-hedra-webhook-redelivery"] == "false"
    signed = "\n".join([
        headers["x-hedra-webhook-timestamp"], headers["x-hedra-webhook-id"], headers["x-hedra-webhook-event"],
        headers["x-hedra-webhook-redelivery"], hashlib.sha256(sent.body).hexdigest()])
    key = sdk.webhooks.get_public_key()
    assert key.algorithm == "ed25519"
    assert ed25519_verifies(key.public_key, headers["x-hedra-webhook-signature"], signed.encode(), tmp_path)
    assert not ed25519_verifies(key.public_key, headers["x-hedra-webhook-signature"], b"other", tmp_path)
    assert b'"logs"' not in sent.body and b'"cost"' not in sent.body
    [delivery] = [found for found in sdk.webhooks.list_deliveries() if found.job_id == job.job_id]
    assert delivery.status in {"DELIVERED", "DELIVERING"} and delivery.source == "per_job"
    for _ in range(50):
        if sdk.webhooks.list_deliveries(limit=1).items[0].status == "DELIVERED":
            break
        time.sleep(0.1)
    again = sdk.webhooks.redeliver(job.job_id)
    assert again.redelivery_count == 1
    assert web.delivery(hook, 30).headers["x-hedra-webhook-redelivery"] == "true"


def test_56_to_58_the_default_webhook(sdk, web):
    assert sdk.webhooks.get_default().url is None
    with pytest.raises(BadRequestError):
        sdk.webhooks.test_default()
    hook = web.make_hook("v3-default")
    try:
        assert sdk.webhooks.put_default(url=hook).enabled is True
        tested = sdk.webhooks.test_default()
        assert tested.ok and tested.response_status == 200
        assert web.delivery(hook, 10).headers["x-hedra-webhook-event"] == "job.completed"
    finally:
        sdk.webhooks.delete_default()
    assert sdk.webhooks.get_default().url is None


def test_59_to_65_money_keys_and_tokens(sdk, server, image, voice, finished):
    estimate = sdk.models.estimate("hedra-avatar", input=avatar(image, voice))
    assert estimate.cost == 0 and estimate.currency == "USD"
    assert sdk.billing.get_balance().balance > 0
    usage = sdk.billing.get_usage(group_by="day")
    assert usage.total_jobs >= 1 and usage.data[-1].jobs >= 1
    assert sdk.billing.list_transactions().data == []
    made = sdk.keys.create(name="reader", scopes=["jobs:read"])
    reader = Hedra(base_url=f"{server.url}/v3", api_key=made.credential)
    assert reader.jobs.list(limit=1).items
    reply = httpx.post(
        f"{server.url}/v3/models/hedra-avatar", json={"input": {}},
        headers={"Authorization": f"Key {made.credential}"})
    assert reply.status_code == 403 and "jobs:write" in reply.json()["error"]["message"]
    # Restricted keys open nothing of other interfaces.
    assert httpx.get(f"{server.url}/v2/generations", headers={"x-api-key": made.credential}).status_code == 403
    rotated = sdk.keys.rotate(made.key_id, grace_period_seconds=1)
    newer = Hedra(base_url=f"{server.url}/v3", api_key=rotated.credential)
    assert newer.jobs.list(limit=1).items
    time.sleep(1.5)
    with pytest.raises(UnauthorizedError):
        reader.jobs.list(limit=1)
    token = newer.tokens.create(ttl_seconds=2, scopes=["jobs:read"])
    browser = Hedra(base_url=f"{server.url}/v3", api_key=token.token)
    assert browser.jobs.list(limit=1).items
    time.sleep(2.2)
    with pytest.raises(UnauthorizedError):
        browser.jobs.list(limit=1)
    assert {key.status for key in sdk.keys.list().data} == {"active"}
    sdk.keys.revoke(made.key_id)
    with pytest.raises(UnauthorizedError):
        newer.jobs.list(limit=1)


def test_67_log_drains_are_none(sdk):
    assert sdk.log_drains.list_log_drains().data == []
    with pytest.raises(BadRequestError):
        sdk.log_drains.create_log_drain(name="a", url="https://logs.example/in", secret="x" * 64)
    for call in [sdk.log_drains.get_log_drain, sdk.log_drains.delete_log_drain, sdk.log_drains.test_log_drain]:
        with pytest.raises(NotFoundError):
            call("drain_x")
    with pytest.raises(NotFoundError):
        sdk.log_drains.update_log_drain("drain_x", name="b")


def test_66_the_sdk_of_july_2026(server, tmp_path):
    """Its module has the same name, so it runs in a process of its own."""
    make_speech(tmp_path / "a.wav", 1)
    script = Path(__file__).with_name("sdk_1_0_0.py")
    run = subprocess.run(
        [CHECKOUT / ".third-party-clients/bin/python", "-B", script, f"{server.url}/v3", server.key, PORTRAIT,
         tmp_path / "a.wav"],
        env={"PYTHONPATH": str(CHECKOUT / ".third-party-clients/older")}, capture_output=True, text=True,
        timeout=JOB_SECONDS)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == ["1.0.0", "COMPLETED"]
