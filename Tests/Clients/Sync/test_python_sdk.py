"""The published Python SDK, unchanged but for `base_url` (conformance case 30)."""

import asyncio
import datetime
import json
import time

import httpx
import pytest
from lipsmith import JOB_SECONDS, TERMINAL_STATUSES
from sync import AsyncSync, Sync
from sync.common import (
    ActiveSpeaker,
    Asset,
    Audio,
    BatchResponse,
    EstimatedGenerationCost,
    Generation,
    GenerationOptions,
    GenerationSegment,
    ModelInfo,
    PaginatedAssetsResponse,
    SegmentAudioInput,
    ValidationResponse,
    Video,
)
from sync.common.errors import BadRequestError, NotFoundError, UnauthorizedError
from sync.core.api_error import ApiError


@pytest.fixture(scope="module")
def sdk(server) -> Sync:
    return Sync(base_url=server.url, api_key=server.key)


def sdk_inputs(media) -> list:
    return [Video(url=media.url(media.video_2)), Audio(url=media.url(media.speech_2))]


def assert_pending(generation):
    assert isinstance(generation, Generation)
    assert generation.status == "PENDING"
    assert isinstance(generation.created_at, datetime.datetime)
    assert generation.output_url is None and generation.error is None and generation.error_code is None


def poll(sdk: Sync, generation_id: str) -> Generation:
    """The loop of the official examples, with shorter pauses."""
    deadline = time.monotonic() + JOB_SECONDS
    while (generation := sdk.generations.get(generation_id)).status not in TERMINAL_STATUSES:
        assert time.monotonic() < deadline
        time.sleep(0.3)
    return generation


def test_30_create_and_get_until_completed(sdk, media, check_result):
    created = sdk.generations.create(
        model="lipsync-2", input=sdk_inputs(media),
        options=GenerationOptions(
            sync_mode="cut_off", temperature=0.4,
            active_speaker_detection=ActiveSpeaker(frame_number=0, coordinates=[240, 200])),
        output_file_name="take one")
    assert_pending(created)
    assert isinstance(created.input[0], Video) and isinstance(created.input[1], Audio)
    assert created.options.sync_mode == "cut_off"
    assert created.options.active_speaker_detection.coordinates == [240, 200]
    done = poll(sdk, created.id)
    assert done.status == "COMPLETED", done
    assert done.output_duration == pytest.approx(2, abs=0.08)
    assert done.outputFileName == "take_one"
    check_result(done.id, 2)
    headers = httpx.head(done.output_url).headers
    assert 'filename="take_one.mp4"' in headers["content-disposition"]


def test_30_create_with_an_emotion(sdk, media, check_result):
    created = sdk.generations.create(
        model="react-1", input=sdk_inputs(media),
        options=GenerationOptions(prompt="happy", model_mode="head", sync_mode="cut_off"))
    assert_pending(created)
    assert (created.options.prompt, created.options.model_mode) == ("happy", "head")
    check_result(created.id, 2)
    with pytest.raises(BadRequestError) as refused:
        sdk.generations.create(model="react-1", input=sdk_inputs(media), options=GenerationOptions(prompt="hungry"))
    assert "prompt" in str(refused.value.body.message)
    with pytest.raises(BadRequestError) as refused:
        sdk.generations.create(model="react-1", input=media.picture_inputs())
    assert "picture" in str(refused.value.body.message)


def test_30_a_picture_as_a_dictionary(sdk, media):
    """The SDK has no class for pictures; it passes dictionaries on and reads an echoed picture as its video."""
    created = sdk.generations.create(model="sync-3", input=media.picture_inputs())
    assert_pending(created)
    assert isinstance(created.input[0], Video) and created.input[0].type == "image"
    done = poll(sdk, created.id)
    assert done.status == "COMPLETED", done
    assert done.output_duration == pytest.approx(2, abs=0.08)


def test_30_create_with_segments(sdk, media):
    created = sdk.generations.create(
        model="lipsync-2",
        input=[Video(url=media.url(media.video_2)), Audio(url=media.url(media.speech_8_64), ref_id="words")],
        segments=[
            GenerationSegment(
                start_time=0.5, end_time=1.5,
                audio_input=SegmentAudioInput(ref_id="words", start_time=1, end_time=2))
        ])
    assert_pending(created)
    assert created.segments[0].audio_input.ref_id == "words"
    done = poll(sdk, created.id)
    assert done.status == "COMPLETED", done
    assert done.output_duration == pytest.approx(2, abs=0.08)
    assert httpx.get(done.segment_output_url).status_code == 200


def test_30_create_with_files(sdk, media, check_result):
    """Raw bytes arrive as a file named `upload` of no telling type."""
    created = sdk.generations.create_with_files(
        model="lipsync-1.9.0-beta", video=media.video_2.read_bytes(), audio=("words.wav", media.speech_2.read_bytes()))
    assert_pending(created)
    assert all(item.asset_id for item in created.input)
    check_result(created.id, 2)


def test_30_create_with_files_takes_objects_as_json_text(sdk, media):
    """Objects fail inside the SDK; only their JSON gets through it."""
    created = sdk.generations.create_with_files(
        model="lipsync-2", video=media.video_2.read_bytes(),
        input=json.dumps(media.hopeless_inputs()[1:]),
        options=json.dumps({"sync_mode": "loop"}))
    assert_pending(created)
    assert {item.type for item in created.input} == {"video", "audio"}
    assert created.options.sync_mode == "loop"


def test_30_create_with_files_but_without_a_file(sdk, media):
    """The SDK then sends a URL-encoded form."""
    created = sdk.generations.create_with_files(
        model="lipsync-2", input=json.dumps(media.hopeless_inputs()), webhook_url=media.web.make_hook("sdk-form"))
    assert_pending(created)
    assert created.webhook_url.endswith("/sdk-form")


def test_30_list_filters_by_repeated_values(sdk, media):
    hopeless = [Video(url=media.url(media.words)), Audio(url=media.url(media.words))]
    ids = [
        sdk.generations.create(model="lipsync-1.9.0-beta", input=inputs).id
        for inputs in [sdk_inputs(media), hopeless]
    ]
    listed = sdk.generations.list(ids=ids)
    assert all(isinstance(generation, Generation) for generation in listed)
    assert {generation.id for generation in listed} == set(ids)
    for generation_id in ids:
        poll(sdk, generation_id)
    ended = sdk.generations.list(status=["COMPLETED", "FAILED"], ids=ids)
    assert {(generation.id, generation.status) for generation in ended} == set(zip(ids, ["COMPLETED", "FAILED"]))
    assert sdk.generations.list(status=["PENDING", "PROCESSING"], ids=ids) == []
    assert len(sdk.generations.list()) >= 2


def test_30_cost(sdk, media):
    costs = sdk.generations.estimate_cost(
        model="lipsync-2", input=sdk_inputs(media), options=GenerationOptions(sync_mode="loop"))
    assert [type(cost) for cost in costs] == [EstimatedGenerationCost]
    assert costs[0].estimated_frame_count == 50
    assert costs[0].estimated_generation_cost == pytest.approx(50 * 0.002)


def test_30_models(sdk):
    models = sdk.models.list()
    assert all(isinstance(model, ModelInfo) for model in models)
    assert [model.name for model in models] == [
        "sync-3", "react-1", "lipsync-2-pro", "lipsync-2", "lipsync-1.9.0-beta",
    ]


def test_30_assets(sdk, api, media):
    made = api.post("/v2/assets", json={"url": media.url(media.video_2), "type": "VIDEO", "name": "sdk-asset"}).json()
    page = sdk.assets.list(types=["VIDEO", "AUDIO"], search_query="sdk-asset", sort_by="dateDesc", limit=5)
    assert isinstance(page, PaginatedAssetsResponse)
    assert [asset.id for asset in page.items] == [made["id"]]
    assert page.total_count == 1 and page.next_cursor is None
    asset = sdk.assets.get(made["id"])
    assert isinstance(asset, Asset)
    assert (asset.type, asset.input_type, asset.visibility) == ("VIDEO", "URL", "USER")
    assert (asset.width, asset.height) == (480, 480)
    assert asset.duration_seconds == pytest.approx(2, abs=0.05)


def batch_lines(media, working: int) -> bytes:
    """Twenty requests, of which all but the first few name a sound that is not there."""
    missing = media.inputs()[:1] + [{"type": "audio", "url": f"{media.web.url}/missing.wav"}]
    lines = [
        {
            "request_id": f"row-{number}",
            "endpoint": "/v2/generate",
            "payload": {"model": "lipsync-1.9.0-beta", "input": media.inputs() if number < working else missing},
        }
        for number in range(20)
    ]
    return "\n".join(json.dumps(line) for line in lines).encode()


def test_30_batch_dry_run(sdk, media):
    checked = sdk.batch.create(input=("rows.jsonl", batch_lines(media, 20)), dry_run=True)
    assert isinstance(checked, ValidationResponse)
    assert checked.status == "VALIDATED"


def test_30_batch(sdk, media):
    hook = media.web.make_hook("batch")
    created = sdk.batch.create(input=batch_lines(media, 1), webhook_url=hook)
    assert isinstance(created, BatchResponse)
    assert created.output_url == "" and created.metrics.total_generations == 20
    deadline = time.monotonic() + JOB_SECONDS
    while (batch := sdk.batch.get(created.id)).status not in {"COMPLETED", "FAILED"}:
        assert time.monotonic() < deadline, batch
        time.sleep(0.5)
    assert batch.status == "COMPLETED"
    assert (batch.metrics.success_count, batch.metrics.failed_count, batch.metrics.pending_count) == (1, 19, 0)
    lines = [json.loads(line) for line in httpx.get(batch.output_url, follow_redirects=True).text.splitlines()]
    assert {line["request_id"] for line in lines} == {f"row-{number}" for number in range(20)}
    by_name = {line["request_id"]: line["response"] for line in lines}
    assert by_name["row-0"]["status"] == "COMPLETED"
    assert by_name["row-1"]["errorCode"] == "generation_input_audio_inaccessible"
    since = created.created_at - datetime.timedelta(seconds=1)
    assert created.id in [each.id for each in sdk.batch.list(status="COMPLETED", created_after=since)]
    told = media.web.delivery(hook, seconds=20)
    assert json.loads(told.body)["id"] == created.id
    assert told.headers["x-signature-primary"] == told.headers["sync-signature"]


def test_30_errors_are_typed(sdk, server, media):
    with pytest.raises(NotFoundError) as missing:
        sdk.generations.get("00000000-0000-4000-8000-000000000000")
    assert missing.value.body.status_code == 404 and missing.value.body.message
    with pytest.raises(BadRequestError) as refused:
        sdk.generations.create(model="lipsync-2", input=[])
    assert "input" in str(refused.value.body.message)
    with pytest.raises(UnauthorizedError):
        Sync(base_url=server.url, api_key="wrong").models.list()
    with pytest.raises(ApiError) as unreachable:
        sdk.generations.create(
            model="lipsync-2", input=[Video(url=f"{media.web.url}/missing.mp4"), Audio(url=media.url(media.speech_2))])
    assert unreachable.value.status_code == 422


def test_30_a_file_that_is_too_large_is_refused_with_a_way_out(sdk, media):
    """The answer reaches a client that is still sending."""
    with pytest.raises(ApiError) as refused:
        sdk.generations.create_with_files(
            model="lipsync-2", video=bytes(40 << 20), audio=media.speech_2.read_bytes())
    assert refused.value.status_code == 413
    assert refused.value.body["errorCode"] == "generation_input_validation_failed"
    assert "url" in refused.value.body["suggestion"] and "asset" in refused.value.body["suggestion"]


def test_30_asynchronous_client(server, media, check_result):
    """The same calls through the asynchronous client."""

    async def use() -> Generation:
        sdk = AsyncSync(base_url=server.url, api_key=server.key)
        models, page, costs = await asyncio.gather(
            sdk.models.list(), sdk.assets.list(limit=1),
            sdk.generations.estimate_cost(model="lipsync-2", input=sdk_inputs(media)))
        assert isinstance(models[0], ModelInfo) and isinstance(page, PaginatedAssetsResponse)
        assert costs[0].estimated_frame_count == 50
        checked = await sdk.batch.create(input=batch_lines(media, 20), dry_run=True)
        assert isinstance(checked, ValidationResponse)
        by_address = await sdk.generations.create(
            model="lipsync-2", input=[Video(url=media.url(media.words)), Audio(url=media.url(media.words))])
        by_file = await sdk.generations.create_with_files(
            model="lipsync-1.9.0-beta", video=media.video_2.read_bytes(), audio=media.speech_2.read_bytes())
        listed = await sdk.generations.list(ids=[by_address.id, by_file.id])
        assert len(listed) == 2
        while (generation := await sdk.generations.get(by_file.id)).status not in TERMINAL_STATUSES:
            await asyncio.sleep(0.3)
        return generation

    done = asyncio.run(asyncio.wait_for(use(), JOB_SECONDS))
    assert done.status == "COMPLETED", done
    check_result(done.id, 2)
