"""Hedra's interface on real media: the kinds of jobs in which no lips move, and what belongs to assets."""

import httpx
import pytest
from hedra_web import CHARACTER, Hedra, client
from media import PORTRAIT, ffmpeg, make_speech, make_video, probe
from test_hedra import fetched, loudness, sound


@pytest.fixture(scope="module")
def hedra(server):
    with client(server) as http:
        yield Hedra(http)


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    """Words with a second of nothing but noise behind them."""
    folder = tmp_path_factory.mktemp("noisy")
    path = folder / "noisy.wav"
    ffmpeg(
        "-i", make_speech(folder / "words.wav", 3), "-filter_complex",
        "[0]aresample=48000,apad=pad_dur=1[v];anoisesrc=r=48000:a=0.05:c=pink:d=20[n];"
        "[v][n]amix=duration=first:normalize=0", path)
    return path


def test_audio_isolation(hedra, noisy, tmp_path):
    audio = hedra.asset(noisy, "audio")
    status = hedra.completed(hedra.order({"type": "audio_isolation", "audio_id": audio})["id"])
    assert status["type"] == "audio"
    facts = fetched(status, tmp_path / "voice.wav")
    assert abs(float(facts["format"]["duration"]) - 4) <= 0.01
    before, after = sound(noisy, 3.3, 0.6), sound(tmp_path / "voice.wav", 3.3, 0.6)
    assert loudness(after) < loudness(before) / 3
    assert loudness(sound(tmp_path / "voice.wav", 0, 2)) > loudness(sound(noisy, 0, 2)) / 1.5
    asset = hedra.listed("audio", status["asset_id"])["asset"]
    assert asset["type"] == "generated_audio" and abs(asset["duration_ms"] - 4000) <= 10
    # It is a sound like any other.
    assert hedra.order({"type": "audio_isolation", "audio_id": status["asset_id"]})["status"] == "queued"


def test_image_upscale(hedra, tmp_path):
    small = tmp_path / "small.png"
    ffmpeg("-i", PORTRAIT, "-vf", "scale=300:200", "-frames:v", "1", small)
    image = hedra.asset(small, "image")
    status = hedra.completed(
        hedra.order({"type": "image_upscale", "image_id": image, "target_resolution": "1080p"})["id"])
    assert status["type"] == "image"
    assert httpx.get(status["url"]).headers["Content-Type"] == "image/jpeg"
    facts = fetched(status, tmp_path / "large.jpg")
    assert (facts["video"]["width"], facts["video"]["height"]) == (1620, 1080)
    asset = hedra.listed("image", status["asset_id"])
    assert (asset["asset"]["width"], asset["asset"]["height"]) == (1620, 1080)
    assert asset["asset"]["type"] == "generated_image" and httpx.get(asset["thumbnail_url"]).status_code == 200


def test_video_upscale(hedra, tmp_path):
    film = tmp_path / "film.mp4"
    ffmpeg(
        "-i", make_video(tmp_path / "silent.mp4", 2), "-f", "lavfi", "-i", "sine=f=440:d=2,pan=stereo|c0=c0|c1=0*c0",
        "-c:v", "copy", "-c:a", "aac", "-t", 2, film)
    video = hedra.asset(film, "video")
    status = hedra.completed(hedra.order({"type": "video_upscale", "video_id": video, "upscale_factor": 1.5})["id"])
    facts = fetched(status, tmp_path / "large.mp4")
    assert (facts["video"]["width"], facts["video"]["height"]) == (720, 720)
    assert int(facts["video"]["nb_read_packets"]) == 50
    assert facts["audio"]["channels"] == 2 and abs(float(facts["format"]["duration"]) - 2) <= 0.08
    asset = hedra.listed("video", status["asset_id"])
    assert asset["asset"]["type"] == "generated_video" and asset["asset"]["source_video_id"] == video
    assert httpx.get(asset["thumbnail_url"]).headers["Content-Type"] == "image/jpeg"


def test_what_cannot_be_enlarged(hedra, tmp_path):
    large = tmp_path / "large.mp4"
    ffmpeg("-f", "lavfi", "-i", "color=gray:s=3840x2160:r=5:d=0.4", "-preset", "ultrafast", large)
    video = hedra.asset(large, "video")
    for wish in [{"upscale_factor": 2}, {"target_resolution": "1080p"}, {"upscale_factor": 0.5}]:
        reply = hedra.http.post("/generations", json={"type": "video_upscale", "video_id": video, **wish})
        assert reply.status_code in {400, 422} and next(iter(wish)) in reply.text, reply.text
    status = hedra.completed(
        hedra.order({"type": "video_upscale", "video_id": video, "target_resolution": "4K"})["id"])
    assert hedra.listed("video", status["asset_id"])["asset"]["width"] == 3840


def test_changed_and_copied_voices_name_the_setting(hedra, noisy):
    audio = hedra.asset(noisy, "audio")
    voice = hedra.http.get("/voices").json()[0]["id"]
    for kind, more in [("voice_clone", {"name": "Ann"}), ("speech_to_speech", {"voice_id": voice})]:
        reply = hedra.http.post("/generations", json={"type": kind, "audio_id": audio, **more})
        assert reply.status_code == 400 and "LIPSMITH_ELEVENLABS_KEY" in reply.json()["messages"][0], reply.text


def test_uploaded_video_has_a_small_picture(hedra, tmp_path):
    asset = hedra.listed("video", hedra.asset(make_video(tmp_path / "v.mp4", 1), "video"))
    reply = httpx.get(asset["thumbnail_url"])
    assert reply.status_code == 200 and reply.headers["Content-Type"] == "image/jpeg"
    (tmp_path / "small.jpg").write_bytes(reply.content)
    small = probe(tmp_path / "small.jpg")["video"]
    assert max(small["width"], small["height"]) == 320
    assert asset["asset"]["poster_url"] == asset["thumbnail_url"]


def test_keyframe_by_address_is_shown_inside(hedra, media, tmp_path):
    audio = hedra.asset(make_speech(tmp_path / "a.wav", 1), "audio")
    body = {
        "type": "video", "start_keyframe_url": media.url(media.portrait), "audio_id": audio, "batch_size": 2,
        "ai_model_id": CHARACTER,
        "generated_video_inputs": {"text_prompt": "", "resolution": "540p", "aspect_ratio": "1:1"},
    }
    shown = []
    for part in hedra.order(body)["batch_results"]:
        status = hedra.completed(part["id"])
        keyframe = hedra.listed("video", status["asset_id"])["asset"]["keyframe_start"]
        assert keyframe["asset"]["width"] > 0 and httpx.get(keyframe["asset"]["url"]).status_code == 200
        shown.append(keyframe["id"])
    assert shown[0] == shown[1]
    assert hedra.listed("image", shown[0])["asset"]["type"] == "uploaded_image"


def test_shifted_sound_of_a_film_keeps_its_channels(hedra, tmp_path):
    stereo = tmp_path / "stereo.wav"
    ffmpeg("-i", make_speech(tmp_path / "a.wav", 1), "-af", "pan=stereo|c0=c0|c1=0*c0", stereo)
    body = {
        "type": "video", "video_id": hedra.asset(make_video(tmp_path / "v.mp4", 2), "video"),
        "audio_id": hedra.asset(stereo, "audio"), "audio_start_ms": -500,
        "generated_video_inputs": {"text_prompt": ""},
    }
    facts = fetched(hedra.completed(hedra.order(body)["id"]), tmp_path / "out.mp4")
    assert facts["audio"]["channels"] == 2
    assert abs(float(facts["format"]["duration"]) - 1.5) <= 0.1
    ffmpeg("-i", tmp_path / "out.mp4", "-af", "pan=mono|c0=c1", tmp_path / "right.wav")
    ffmpeg("-i", tmp_path / "out.mp4", "-af", "pan=mono|c0=c0", tmp_path / "left.wav")
    assert loudness(sound(tmp_path / "right.wav")) < 0.05 * loudness(sound(tmp_path / "left.wav"))


def test_sound_that_claims_an_impossible_length(hedra, tmp_path):
    """An RF64 header of 2^62 bytes at one sample a second: 2^61 seconds."""
    path = tmp_path / "huge.wav"
    path.write_bytes(
        b"RF64\xff\xff\xff\xffWAVEds64" + (28).to_bytes(4, "little") + (1 << 62).to_bytes(8, "little") * 2
        + (1 << 61).to_bytes(8, "little") + bytes(4) + b"fmt " + (16).to_bytes(4, "little")
        + bytes([1, 0, 1, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 0, 16, 0]) + b"data\xff\xff\xff\xff" + bytes(10_000))
    created = hedra.http.post("/assets", json={"name": "huge", "type": "audio"}).json()["id"]
    reply = hedra.http.post(f"/assets/{created}/upload", files={"file": path.read_bytes()})
    assert reply.status_code == 400, reply.text
    empty = tmp_path / "empty.wav"
    ffmpeg("-f", "lavfi", "-i", "anullsrc=d=1", "-t", "0", empty)
    assert hedra.http.post(f"/assets/{created}/upload", files={"file": empty.read_bytes()}).status_code == 400
    assert hedra.http.get("/assets", params={"type": "audio"}).status_code == 200
