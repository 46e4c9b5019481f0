"""Speech through the published OpenAI SDK and plain HTTP: contract cases C1 to C13."""

import base64
import json
import subprocess
import time

import httpx
import openai
import pytest
from lipsmith import completed
from media import probe

WORDS = "One two three, said the old man at the window."
FORMATS = {
    "mp3": ("audio/mpeg", "mp3", "24000"), "opus": ("audio/opus", "ogg", "48000"),
    "aac": ("audio/aac", "aac", "24000"), "flac": ("audio/flac", "flac", "24000"),
    "wav": ("audio/wav", "wav", "24000"),
}


@pytest.fixture(scope="module")
def sdk(server) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{server.url}/v1", api_key=server.key, max_retries=0)


@pytest.fixture(scope="module")
def http(server):
    with httpx.Client(base_url=server.url, headers={"Authorization": f"Bearer {server.key}"}, timeout=120) as client:
        yield client


def body(**fields) -> dict:
    return {"model": "tts-1", "input": WORDS, "voice": "flite-slt"} | fields


def decoded_seconds(content: bytes, tmp_path, name: str) -> float:
    path = tmp_path / name
    path.write_bytes(content)
    # The header of a WAV file that is a stream states no length, and its end looks cut off.
    strict = [] if name.endswith(".wav") else ["-xerror"]
    raw = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", *strict, "-i", path, "-ac", "1", "-ar", "24000", "-f", "s16le", "-"],
        check=True, capture_output=True)
    assert raw.stderr == b"" or not strict
    return len(raw.stdout) / 2 / 24000


def test_the_default_is_mp3_by_a_voice_of_ours(sdk, tmp_path):
    answer = sdk.audio.speech.create(model="tts-1", input=WORDS, voice="alloy")
    assert answer.response.headers["content-type"] == "audio/mpeg"
    answer.write_to_file(tmp_path / "speech.mp3")
    assert 1.5 < float(probe(tmp_path / "speech.mp3")["format"]["duration"]) < 6


@pytest.mark.parametrize("name", FORMATS)
def test_formats(sdk, tmp_path, name):
    media_type, container, rate = FORMATS[name]
    answer = sdk.audio.speech.create(model="tts-1", input=WORDS, voice="flite-slt", response_format=name)
    assert answer.response.headers["content-type"] == media_type
    assert 1.5 < decoded_seconds(answer.content, tmp_path, f"speech.{name}") < 6
    facts = probe(tmp_path / f"speech.{name}")
    assert container in facts["format"]["format_name"]
    assert facts["audio"]["sample_rate"] == rate and facts["audio"]["channels"] == 1


def test_pcm_is_samples_alone(http, sdk, tmp_path):
    whole = http.post("/v1/audio/speech", json=body(response_format="wav")).content
    pcm = sdk.audio.speech.create(model="gpt-4o-mini-tts", input=WORDS, voice="flite-slt", response_format="pcm")
    assert pcm.response.headers["content-type"] == "audio/pcm"
    assert len(pcm.content) / 2 / 24000 == pytest.approx(decoded_seconds(whole, tmp_path, "whole.wav"), abs=0.01)
    # The end of the file is the same sound.
    assert whole.endswith(pcm.content[-20_000:])


def test_speed(http, tmp_path):
    def seconds(speed: float) -> float:
        answer = http.post("/v1/audio/speech", json=body(response_format="wav", speed=speed))
        return decoded_seconds(answer.content, tmp_path, f"{speed}.wav")

    usual = seconds(1)
    for speed in [0.25, 0.5, 1.25, 4]:
        assert seconds(speed) == pytest.approx(usual / speed, rel=0.15), speed


def test_voices(http):
    listed = http.get("/v1/audio/voices").json()["voices"]
    assert {"flite-slt", "espeak-de"} <= {voice["id"] for voice in listed}
    assert all(voice["name"] for voice in listed)
    assert http.post("/v1/audio/speech", json=body(voice={"id": "espeak-de"})).status_code == 200
    hedra = http.get("/web-app/public/voices", headers={"X-API-Key": http.headers["Authorization"][7:]}).json()
    identifier = next(voice["id"] for voice in hedra if voice["asset"]["external_id"] == "flite-rms")
    assert http.post("/v1/audio/speech", json=body(voice=identifier)).status_code == 200
    unknown = http.post("/v1/audio/speech", json=body(voice="nobody"))
    assert unknown.status_code == 400
    error = unknown.json()["error"]
    assert error["param"] == "voice" and error["type"] == "invalid_request_error"
    assert "/v1/audio/voices" in error["message"]


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"speed": 5}, "speed"), ({"speed": "fast"}, "speed"), ({"response_format": "ogg"}, "response_format"),
        ({"input": ""}, "input"), ({"input": "… ?!"}, "input"), ({"input": "a" * 5001}, "input"),
        ({"input": None}, "input"), ({"model": None}, "model"), ({"voice": None}, "voice"), ({"voice": {}}, "voice.id"),
        ({"voice": 3}, "voice"), ({"stream_format": "xml"}, "stream_format"),
    ])
def test_bad_fields_are_named(http, fields, parameter):
    sent = {name: value for name, value in body(**fields).items() if value is not None}
    answer = http.post("/v1/audio/speech", json=sent)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["param"] == parameter and error["message"] and error["code"]


def test_bad_bodies_and_paths(http, server):
    for content in [b"", b"{", b"[]", b"\xff"]:
        answer = http.post("/v1/audio/speech", content=content)
        assert answer.status_code == 400 and answer.json()["error"]["type"] == "invalid_request_error"
    assert http.get("/v1/audio/nothing").status_code == 404
    assert http.get("/v1/audio/nothing").json()["error"]["message"]
    assert http.get("/v1/audio/speech").status_code == 405
    with pytest.raises(openai.AuthenticationError) as refused:
        openai.OpenAI(base_url=f"{server.url}/v1", api_key="wrong", max_retries=0).models.list()
    assert refused.value.code == "invalid_api_key"
    assert httpx.post(f"{server.url}/v1/audio/speech", json=body()).json()["error"]["code"] == "invalid_api_key"


def test_events(http, tmp_path):
    usual = http.post("/v1/audio/speech", json=body(response_format="wav")).content
    answer = http.post("/v1/audio/speech", json=body(response_format="wav", stream_format="sse"))
    assert answer.headers["content-type"].startswith("text/event-stream")
    events = [json.loads(line[6:]) for line in answer.text.split("\n\n") if line]
    assert [event["type"] for event in events[:-1]] == ["speech.audio.delta"] * (len(events) - 1)
    assert events[-1]["type"] == "speech.audio.done" and events[-1]["usage"]["input_tokens"] == len(WORDS)
    assert b"".join(base64.b64decode(event["audio"]) for event in events[:-1]) == usual


def test_it_is_heard_before_the_whole_text_is_spoken(sdk):
    text = " ".join(f"This is sentence number {number}, and it takes a while." for number in range(8))
    began = time.monotonic()
    with sdk.audio.speech.with_streaming_response.create(
        model="tts-1", input=text, voice="onyx", response_format="pcm"
    ) as answer:
        chunks = answer.iter_bytes(4096)
        first = next(chunks)
        waited = time.monotonic() - began
        rest = sum(len(chunk) for chunk in chunks)
    assert len(first) > 0
    # Both by the same machine: most of the text was not spoken yet.
    assert waited < (time.monotonic() - began) / 2
    assert 15 < (len(first) + rest) / 2 / 24000 < 120


def test_pauses_are_kept(http, tmp_path):
    def seconds(text: str) -> float:
        answer = http.post("/v1/audio/speech", json=body(response_format="wav", input=text))
        return decoded_seconds(answer.content, tmp_path, "pause.wav")

    without = seconds("Good morning. Good night.")
    assert seconds('Good morning. <break time="1500ms"/> Good night.') == pytest.approx(without + 1.5, abs=0.4)
    assert seconds("[pause 1s] Good morning. [pause 2s] Good night. [pause 1s]") == pytest.approx(without + 4, abs=0.4)


def test_lists(sdk, http):
    assert {"tts-1", "gpt-4o-mini-tts"} <= {model.id for model in sdk.models.list()}
    assert {"id": "tts-1"} in http.get("/v1/audio/models").json()["models"]


def test_the_mp3_makes_lips_move(sdk, api, media):
    words = media.folder / "openai.mp3"
    spoken = sdk.audio.speech.create(model="tts-1", input="Mama and papa.", voice="flite-slt")
    media.web.publish(words.name, spoken.content)
    done = completed(api, api.post("/v2/generate", json={
        "model": "lipsync-2", "input": media.inputs(audio=words)}).json()["id"])
    assert done["status"] == "COMPLETED"
