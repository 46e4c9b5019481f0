"""Texts, voices and dubbing, through the published Python SDK and plain HTTP; ElevenLabs by a stand-in."""

import hashlib
import http.server
import json
import subprocess
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from lipsmith import PROGRAM, completed, finished, running_server
from media import FRAME_RATE, PORTRAIT_SIZE, assert_output, probe
from sync import Sync
from sync.common import Audio, ElevenLabs, GenerationSegment, SegmentAudioInput, Tts, Video
from sync.core.api_error import ApiError

SCRIPT = "Papa, mama and baby buy five big maps."


def spoken(script: str = SCRIPT, voice: str = "flite-slt", ref_id: str | None = None) -> Tts:
    return Tts(provider=ElevenLabs(name="elevenlabs", voice_id=voice, script=script), ref_id=ref_id)


@pytest.fixture(scope="module")
def server():
    """A server whose frames can be compared: marks and signatures name the generation."""
    with running_server(
        "--prices", "published", "--attempts", "1", "--watermark", "off", "--credentials", "off"
    ) as server:
        yield server


@pytest.fixture(scope="module")
def api(server) -> httpx.Client:
    with server.client() as client:
        yield client


@pytest.fixture(scope="module")
def sdk(server) -> Sync:
    return Sync(base_url=server.url, api_key=server.key)


def frames_digest(path: Path) -> str:
    """A digest of every decoded picture."""
    frames = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-f", "md5", "-"],
        check=True, capture_output=True, text=True)
    return frames.stdout.strip()


@pytest.mark.parametrize("voice", ["flite-slt", "espeak-de+f3"])
def test_text_input_completes(sdk, api, media, voice, tmp_path):
    created = sdk.generations.create(model="lipsync-2", input=[Video(url=media.url(media.video_2)), spoken(voice=voice)])
    assert created.status == "PENDING"
    assert isinstance(created.input[1], Tts) and created.input[1].provider.voice_id == voice
    done = completed(api, created.id)
    take = httpx.get(done["synthesizedAudioUrl"])
    assert take.status_code == 200 and take.headers["content-type"] == "audio/wav"
    sound, video = tmp_path / "take.wav", tmp_path / "video.mp4"
    sound.write_bytes(take.content)
    video.write_bytes(httpx.get(done["outputUrl"]).content)
    seconds = float(probe(sound)["format"]["duration"])
    assert 1.5 < seconds < 8
    assert done["outputDuration"] == pytest.approx(seconds, abs=0.08)
    assert float(probe(video)["format"]["duration"]) == pytest.approx(seconds, abs=0.08)
    # The lips are those that the take's own phones ask for, which Tests/EndToEnd measures in the picture.
    subprocess.run(
        [
            PROGRAM, "sync", "--video", media.video_2, "--audio", sound, "--out", tmp_path / "same.mp4", "--quiet",
            "--watermark", "off", "--credentials", "off",
        ],
        check=True)
    assert frames_digest(video) == frames_digest(tmp_path / "same.mp4")


def test_a_picture_says_a_text(sdk, api, media, tmp_path):
    created = sdk.generations.create(model="sync-3", input=[media.picture_inputs()[0], spoken()])
    done = completed(api, created.id)
    sound = tmp_path / "take.wav"
    sound.write_bytes(httpx.get(done["synthesizedAudioUrl"]).content)
    seconds = float(probe(sound)["format"]["duration"])
    assert done["outputDuration"] == pytest.approx(seconds, abs=0.08)
    frames = round(done["outputDuration"] * FRAME_RATE)
    assert_output(httpx.get(done["outputUrl"]).content, tmp_path, frames / FRAME_RATE, PORTRAIT_SIZE)


def test_the_same_take_again(sdk, api, media):
    first = completed(api, sdk.generations.create(
        model="lipsync-2", input=[Video(url=media.url(media.video_2)), spoken()]).id)
    again = completed(api, sdk.generations.create(
        model="lipsync-2",
        input=[Video(url=media.url(media.video_2)), Audio(url=first["synthesizedAudioUrl"])]).id)
    videos = [httpx.get(generation["outputUrl"]).content for generation in [first, again]]
    assert hashlib.sha256(videos[0]).digest() == hashlib.sha256(videos[1]).digest()
    assert "synthesizedAudioUrl" not in again


def test_texts_in_segments(sdk, api, media, tmp_path):
    created = sdk.generations.create(
        model="lipsync-2",
        input=[
            Video(url=media.url(media.video_4)), spoken("Papa.", ref_id="one"),
            spoken("Mama.", "espeak-en-us", ref_id="two"),
        ],
        segments=[
            GenerationSegment(start_time=0.4, end_time=1.6, audio_input=SegmentAudioInput(ref_id="one")),
            GenerationSegment(start_time=2.4, end_time=3.6, audio_input=SegmentAudioInput(ref_id="two")),
        ],
        options={"sync_mode": "cut_off"})
    done = completed(api, created.id)
    assert httpx.get(done["outputUrl"]).status_code == 200


def test_text_in_a_form(api, media, tmp_path):
    text = {"type": "text", "provider": {"name": "elevenlabs", "voiceId": "espeak-fr", "script": "Bonjour, papa."}}
    with media.video_2.open("rb") as video:
        reply = api.post(
            "/v2/generate", data={"model": "lipsync-2", "input": json.dumps([text, {"type": "video"}])},
            files={"video": ("clip.mp4", video, "video/mp4")})
    assert reply.status_code == 201, reply.text
    done = completed(api, reply.json()["id"])
    assert_output(httpx.get(done["outputUrl"]).content, tmp_path, done["outputDuration"])


def test_unknown_voice(sdk, media):
    with pytest.raises(ApiError) as refusal:
        sdk.generations.create(
            model="lipsync-2", input=[Video(url=media.url(media.video_2)), spoken(voice="21m00Tcm4TlvDq8ikWAM")])
    assert refusal.value.status_code == 404
    body = refusal.value.body
    body = body if isinstance(body, dict) else body.__dict__ | (body.model_extra or {})
    assert "voice_not_found" in str(body) and "LIPSMITH_VOICE_MAP" in str(body)


def test_speech_at_once_and_as_a_job(api):
    body = {"script": SCRIPT, "voiceId": "flite-rms", "provider": "elevenlabs"}
    reply = api.post("/v2/tts", json=body)
    assert reply.status_code == 200, reply.text
    assert httpx.get(reply.json()["url"]).content[:4] == b"RIFF"
    job = api.post("/v2/tts/jobs", json=body, headers={"Idempotency-Key": "speech-1"})
    assert job.status_code == 202
    path = httpx.URL(job.headers["location"]).path
    deadline = time.monotonic() + 60
    while (state := api.get(path).json())["status"] in {"PENDING", "PROCESSING"}:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert state["status"] == "SUCCESS", state
    assert state["duration"] == pytest.approx(reply.json()["duration"], abs=0.01)
    again = api.post("/v2/tts/jobs", json=body, headers={"Idempotency-Key": "speech-1"})
    assert again.json()["id"] == job.json()["id"]
    assert state["id"] not in api.get("/v2/generations").text


@pytest.mark.parametrize("script", [
    "<speak><break time='9s'/></speak>", "$(touch /tmp/pwned) `id` --help", "\u0000\u0001\u202e?", "😀 👩‍🚀 مرحبا שלום 你好",
    "\U00010348\U0001f600\U00020000\U000e0100\U000f0000\U0010fffd", "-", "…", "a" * 5000, "\r\n\t"],
    ids=lambda script: script.encode("unicode_escape").decode()[:12])
def test_hostile_scripts_are_spoken_or_refused(api, script):
    for voice in ["flite-slt", "espeak-ar"]:
        reply = api.post("/v2/tts", json={"script": script, "voiceId": voice})
        assert reply.status_code in {200, 400}, reply.text
        if reply.status_code == 400:
            assert reply.json()["errorCode"] == "generation_input_validation_failed"


def test_dubbing_is_refused_where_nothing_dubs(api, media):
    reply = api.post("/v2/generate", json={
        "model": "lipsync-2", "input": media.inputs()[:1], "dubParams": {"targetLang": "de"}})
    assert reply.status_code == 422, reply.text
    assert reply.json()["errorCode"] == "plan_feature_unavailable"
    assert "LIPSMITH_TRANSCRIPTION_URL" in reply.json()["suggestion"]


class _Services(http.server.BaseHTTPRequestHandler):
    """A transcription and a translation service in one."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/audio/transcriptions":
            assert b'name="file"; filename=' in body and b"RIFF" in body
            answer = {"language": "en", "text": "…", "segments": [
                {"id": 0, "start": 0.2, "end": 1.8, "text": "Papa buys bread."}]}
        else:
            assert self.path == "/translate" and json.loads(body)["target"] == "de"
            answer = {"translatedText": ["Papa kauft Brot." for _ in json.loads(body)["q"]]}
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@contextmanager
def running_services():
    services = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Services)
    thread = threading.Thread(target=services.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{services.server_port}"
    finally:
        services.shutdown()


def test_dubbing_with_kept_parts(media, web, tmp_path):
    """The video's own words come back in another language, at its times, with lips that follow."""
    source = tmp_path / "speaking.mp4"
    subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", media.video_2, "-i", media.speech_2, "-map", "0:v", "-map", "1:a",
         "-c:v", "copy", "-c:a", "aac", source], check=True)
    url = web.publish("speaking.mp4", source.read_bytes())
    with running_services() as services, running_server(
            "--attempts", "1", "--transcription-url", services, "--translation-url", services) as server:
        with server.client() as client:
            reply = client.post("/v2/generate", json={
                "model": "lipsync-2", "input": [{"type": "video", "url": url}, *media.inputs()[1:]],
                "dubParams": {"targetLang": "de", "sourceLang": "en", "numSpeakers": 1}})
            assert reply.status_code == 201, reply.text
            done = completed(client, reply.json()["id"])
            assert done["outputDuration"] == pytest.approx(2, abs=0.12)
            assert done["dubParams"]["targetLang"] == "de"
            refused = client.post("/v2/generate", json={
                "model": "lipsync-2", "input": [{"type": "video", "url": url}], "dubParams": {"targetLang": "zu"}})
            assert refused.status_code == 422
            silent = client.post("/v2/generate", json={
                "model": "lipsync-2", "input": media.inputs()[:1], "dubParams": {"targetLang": "de"}}).json()
            assert finished(client, silent["id"])["errorCode"] == "generation_input_video_invalid"


def test_voices_can_be_heard_before_they_are_chosen(api, server):
    voices = {voice["id"]: voice for voice in api.get("/v2/voices").json()}
    for name in ["kokoro-woman", "flite-slt", "espeak-cmn"]:
        url = voices[name]["previewUrl"]
        assert url.startswith(server.url)
        sound = httpx.get(url, timeout=120)
        assert sound.status_code == 200 and sound.headers["content-type"] == "audio/mpeg"
        assert len(sound.content) > 10_000
        assert httpx.get(url, timeout=120).content == sound.content
    assert httpx.get(f"{server.url}/media/voices/nobody.mp3").status_code == 404
    hedra = api.get("/web-app/public/voices").json()
    shown = next(voice["asset"]["preview_url"] for voice in hedra if voice["asset"]["external_id"] == "flite-slt")
    assert shown == voices["flite-slt"]["previewUrl"]
