"""Hedra's interface on real media: the contract's conformance cases that need a real engine, by number."""

import subprocess
import uuid

import httpx
import pytest
from hedra_web import CHARACTER, EXAMPLE_VOICE, MORPH, MOTION, Hedra, client
from media import PORTRAIT, ffmpeg, make_leaning_video, make_speech, make_video, probe

GVI = {"text_prompt": "A person talks", "aspect_ratio": "9:16", "resolution": "540p"}
SECONDS = 2


@pytest.fixture(scope="module")
def hedra(server):
    with client(server) as http:
        yield Hedra(http)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A picture, another one, a voice and a film."""
    folder = tmp_path_factory.mktemp("hedra")
    other = folder / "other.png"
    ffmpeg("-i", PORTRAIT, "-vf", "crop=400:400:25:0,hflip,eq=brightness=0.12", "-frames:v", "1", other)
    return {
        "image": PORTRAIT, "other": other, "audio": make_speech(folder / "a.wav", SECONDS),
        "video": make_video(folder / "v.mp4", 3), "folder": folder,
    }


@pytest.fixture(scope="module")
def assets(hedra, files):
    """The same, uploaded."""
    return {
        "image": hedra.asset(files["image"], "image"), "other": hedra.asset(files["other"], "image"),
        "audio": hedra.asset(files["audio"], "audio"), "video": hedra.asset(files["video"], "video"),
    }


def order(assets, **changes) -> dict:
    """A body of the usual kind; `inputs` changes the nested object, None leaves a field out."""
    inputs = {**GVI, **changes.pop("inputs", {})}
    body = {
        "type": "video", "start_keyframe_id": assets["image"], "audio_id": assets["audio"],
        "generated_video_inputs": inputs, **changes,
    }
    return {name: value for name, value in body.items() if value is not None}


def fetched(status: dict, path):
    """Downloads without a key, as the official starter does; gives what ffprobe says."""
    reply = httpx.get(status["download_url"])
    assert reply.status_code == 200, reply.text
    path.write_bytes(reply.content)
    return probe(path)


def sound(path, start: float = 0, seconds: float | None = None) -> list[int]:
    """Samples of a file's sound at 8 kHz."""
    limit = [] if seconds is None else ["-t", str(seconds)]
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-ss", str(start), "-i", path, *limit, "-ac", "1", "-ar", "8000", "-f", "s16le", "-"],
        check=True, capture_output=True).stdout
    return [int.from_bytes(raw[i : i + 2], "little", signed=True) for i in range(0, len(raw) - 1, 2)]


def loudness(samples: list[int]) -> float:
    return (sum(value * value for value in samples) / max(len(samples), 1)) ** 0.5


def likeness(left: list[int], right: list[int]) -> float:
    """The correlation of two sounds that begin together."""
    pairs = list(zip(left, right))
    norm = (sum(a * a for a, _ in pairs) * sum(b * b for _, b in pairs)) ** 0.5
    return sum(a * b for a, b in pairs) / max(norm, 1)


def frame(path, second: float, size: str = "64x64") -> list[int]:
    """A frame's luma, small."""
    raw = subprocess.run(
        ["ffmpeg", "-v", "error", "-ss", str(second), "-i", path, "-frames:v", "1", "-s", size, "-pix_fmt", "gray",
         "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    assert raw
    return list(raw)


def difference(left: list[int], right: list[int]) -> float:
    return sum(abs(a - b) for a, b in zip(left, right)) / len(left)


def test_10_to_13_picture_and_voice(hedra, assets, files, tmp_path):
    answer = hedra.order(order(assets))
    status = hedra.completed(answer["id"])
    assert status["asset_id"] == answer["asset_id"] and status["type"] == "video"
    facts = fetched(status, tmp_path / "v.mp4")
    assert (facts["video"]["width"], facts["video"]["height"]) == (540, 960)
    assert abs(float(facts["format"]["duration"]) - SECONDS) <= 0.1
    assert likeness(sound(files["audio"]), sound(tmp_path / "v.mp4")) > 0.95
    asset = hedra.listed("video", answer["asset_id"])
    inner = asset["asset"]
    assert inner["type"] == "generated_video" and abs(inner["duration_ms"] - SECONDS * 1000) <= 100
    assert (inner["width"], inner["height"]) == (540, 960)
    assert inner["keyframe_start"]["id"] == assets["image"] and inner["audio"]["id"] == assets["audio"]
    thumbnail = httpx.get(asset["thumbnail_url"])
    assert thumbnail.headers["content-type"] == "image/jpeg" and thumbnail.content[:2] == b"\xff\xd8"
    assert httpx.get(status["url"], headers={"Range": "bytes=0-9"}).status_code == 206
    assert httpx.head(status["url"]).status_code == 200


@pytest.mark.parametrize(
    "start, wanted, seconds, silence",
    [(-500, None, 2.5, (0, 0.4)), (700, None, 1.3, None), (None, 3000, 3, (2.2, 0.7)), (-500, 1500, 1.5, (0, 0.4)),
     (None, 0, 2, None), (700, 2000, 2, (1.5, 0.4))])
def test_14_to_16_shift_and_length(hedra, assets, files, tmp_path, start, wanted, seconds, silence):
    answer = hedra.order(order(assets, audio_start_ms=start, inputs={"duration_ms": wanted, "resolution": "540p"}))
    path = tmp_path / "v.mp4"
    facts = fetched(hedra.completed(answer["id"]), path)
    assert abs(float(facts["format"]["duration"]) - seconds) <= 0.1
    shift = (start or 0) / 1000
    length = min(seconds, SECONDS - shift) - max(-shift, 0) - 0.1
    heard = sound(path, max(-shift, 0), length)
    assert likeness(sound(files["audio"], max(shift, 0), length), heard) > 0.9
    if silence:
        assert loudness(sound(path, *silence)) < 40 < loudness(heard)


def test_18_spoken_text(hedra, assets, tmp_path):
    speech = {"voice_id": EXAMPLE_VOICE, "text": "Hello there, this is a test."}
    answer = hedra.order(order(assets, audio_id=None, audio_generation=speech))
    facts = fetched(hedra.completed(answer["id"]), tmp_path / "v.mp4")
    assert "audio" in facts and loudness(sound(tmp_path / "v.mp4")) > 300
    audio = hedra.listed("video", answer["asset_id"])["asset"]["audio"]
    assert audio["asset"]["type"] == "generated_audio"
    assert audio["asset"]["generated_audio_inputs"]["text_prompt"] == speech["text"]
    assert hedra.listed("audio", audio["id"])["asset"]["duration_ms"] > 500


def test_19_uploaded_sound_wins(hedra, assets, files, tmp_path):
    speech = {"voice_id": EXAMPLE_VOICE, "text": "Completely other words that nobody must hear."}
    answer = hedra.order(order(assets, audio_generation=speech))
    fetched(hedra.completed(answer["id"]), tmp_path / "v.mp4")
    assert likeness(sound(files["audio"]), sound(tmp_path / "v.mp4")) > 0.95


def test_22_batch_of_different_takes(hedra, assets):
    speech = {"voice_id": EXAMPLE_VOICE, "text": "Two takes."}
    answer = hedra.order(order(assets, audio_id=None, audio_generation=speech, batch_size=2))
    contents = [
        httpx.get(hedra.completed(part["id"])["download_url"]).content for part in answer["batch_results"]
    ]
    assert contents[0] != contents[1]
    shown = [hedra.listed("video", part["asset_id"])["asset"]["audio"]["id"] for part in answer["batch_results"]]
    assert shown[0] == shown[1]


def test_26_reference_takes_the_place_of_the_keyframe(hedra, assets, files, tmp_path):
    answer = hedra.order(order(assets, reference_image_ids=[assets["other"]], inputs={"aspect_ratio": "1:1"}))
    fetched(hedra.completed(answer["id"]), tmp_path / "v.mp4")
    first = frame(tmp_path / "v.mp4", 0)
    assert difference(first, frame(files["other"], 0)) < difference(first, frame(files["image"], 0)) / 2


def test_27_start_and_end_picture(hedra, assets, files, tmp_path):
    answer = hedra.order(
        order(
            assets, ai_model_id=MORPH, end_keyframe_id=assets["other"], audio_id=None,
            inputs={"duration_ms": 5000, "aspect_ratio": "1:1"}))
    path = tmp_path / "v.mp4"
    facts = fetched(hedra.completed(answer["id"]), path)
    assert abs(float(facts["format"]["duration"]) - 5) <= 0.1
    shares = [
        difference(frame(path, second), frame(files["image"], 0)) for second in [0, 1.2, 2.5, 3.8, 4.9]
    ]
    assert shares == sorted(shares) and shares[-1] > 3 * shares[0]
    assert difference(frame(path, 4.9), frame(files["other"], 0)) < shares[-1] / 2
    assert hedra.listed("video", answer["asset_id"])["asset"]["keyframe_end"]["id"] == assets["other"]


def test_28_picture_by_address(hedra, assets, media):
    answer = hedra.order(order(assets, start_keyframe_id=None, start_keyframe_url=media.url(PORTRAIT)))
    hedra.completed(answer["id"])


def test_29_address_that_answers_404(hedra, assets, media):
    answer = hedra.order(order(assets, start_keyframe_id=None, start_keyframe_url=f"{media.web.url}/none.png"))
    status = hedra.ended(answer["id"])
    assert status["status"] == "error" and status["error"]["type"] == "INVALID_ARGUMENT" and status["error_message"]
    assert hedra.http.get("/models").status_code == 200


def test_30_driving_video(hedra, assets, tmp_path):
    driver = hedra.asset(make_leaning_video(tmp_path / "driver.mp4", 3), "video")
    answer = hedra.order(
        order(
            assets, ai_model_id=MOTION, video_id=driver, audio_id=None,
            inputs={"character_orientation": "image", "aspect_ratio": "1:1"}))
    facts = fetched(hedra.completed(answer["id"]), tmp_path / "v.mp4")
    assert abs(float(facts["format"]["duration"]) - 3) <= 0.1
    # A quarter and three quarters of each lean; the same quarter a second later is the same pose again.
    left, right, again = [frame(tmp_path / "v.mp4", second) for second in (0.24, 0.76, 1.24)]
    assert difference(left, right) > 0.8, "the figure stands still"
    assert difference(left, again) < difference(left, right) / 2


@pytest.mark.parametrize("start, wanted, seconds", [(None, None, 2), (-400, 2600, 2.6), (500, None, 1.5)])
def test_film_says_something_else(hedra, assets, files, tmp_path, start, wanted, seconds):
    answer = hedra.order(
        order(
            assets, start_keyframe_id=None, video_id=assets["video"], audio_start_ms=start,
            inputs={"duration_ms": wanted}))
    path = tmp_path / "v.mp4"
    facts = fetched(hedra.completed(answer["id"]), path)
    assert abs(float(facts["format"]["duration"]) - seconds) <= 0.1
    assert (facts["video"]["width"], facts["video"]["height"]) == (480, 480)
    shift = (start or 0) / 1000
    heard = sound(path, max(-shift, 0), 1)
    assert likeness(sound(files["audio"], max(shift, 0), 1), heard) > 0.9
    if wanted:
        assert loudness(sound(path, 0, 0.3)) < 40


def test_37_text_to_speech(hedra, assets):
    answer = hedra.order({"type": "text_to_speech", "voice_id": EXAMPLE_VOICE, "text": "One two three"})
    status = hedra.completed(answer["id"])
    assert status["type"] == "audio" and httpx.get(status["url"]).content[:4] == b"RIFF"
    asset = hedra.listed("audio", answer["asset_id"])
    assert asset["asset"]["duration_ms"] > 300
    assert asset["asset"]["generated_audio_inputs"]["voice_id"] == EXAMPLE_VOICE
    slow = hedra.order({"type": "text_to_speech", "voice_id": EXAMPLE_VOICE, "text": "One two three", "speed": 0.7})
    hedra.completed(slow["id"])
    longer = hedra.listed("audio", slow["asset_id"])["asset"]["duration_ms"]
    assert longer > asset["asset"]["duration_ms"] * 1.15
    hedra.completed(hedra.order(order(assets, audio_id=answer["asset_id"]))["id"])


def test_40_damaged_picture(hedra, assets, tmp_path):
    path = tmp_path / "p.png"
    path.write_bytes(PORTRAIT.read_bytes()[:3000] + b"\0" * 100)
    asset_id = hedra.http.post("/assets", json={"name": "p.png", "type": "image"}).json()["id"]
    sent = hedra.http.post(f"/assets/{asset_id}/upload", files={"file": path.read_bytes()})
    assert sent.status_code in {200, 400}, sent.text
    if sent.status_code == 400:
        assert sent.json()["messages"] and sent.json()["error"]["type"] == "INVALID_ARGUMENT"
    used = hedra.http.post("/generations", json=order(assets, start_keyframe_id=asset_id))
    if used.status_code == 200:
        assert hedra.ended(used.json()["id"])["status"] == "error"
    else:
        assert used.status_code == 400, used.text


def test_picture_without_a_face(hedra, assets, tmp_path):
    path = tmp_path / "empty.png"
    ffmpeg("-f", "lavfi", "-i", "color=gray:s=320x240", "-frames:v", "1", path)
    status = hedra.ended(hedra.order(order(assets, start_keyframe_id=hedra.asset(path, "image")))["id"])
    assert status["error"]["type"] == "INVALID_ARGUMENT"
    assert status["error"]["reason_code"] == "IMAGE_SUBJECT_NOT_DETECTED", status


def test_words_that_steer(hedra, assets):
    answer = hedra.order(order(assets, inputs={"text_prompt": "A smiling person, calm, slow zoom in a blue room"}))
    status = hedra.completed(answer["id"])
    assert status["report"]["prompt_words_with_effect"] == ["smiling", "calm", "slow zoom"]


def test_jobs_of_both_interfaces_stand_in_one_list(hedra, server, assets):
    answer = hedra.order(order(assets, generation_id=str(uuid.uuid4())))
    with server.client() as sync:
        assert sync.get(f"/v2/generations/{answer['id']}").json()["id"] == answer["id"]
    hedra.completed(answer["id"])


def test_default_model_is_known(hedra):
    models = hedra.http.get("/models").json()
    assert models[0]["id"] == CHARACTER
