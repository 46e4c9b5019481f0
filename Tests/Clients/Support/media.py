"""Makes the media of the tests, good and hostile, and looks into videos that came back."""

import json
import subprocess
from pathlib import Path

from lipsmith import CHECKOUT

PORTRAIT = CHECKOUT / ".third-party/media/astronaut.png"
SIZE = (480, 480)
PORTRAIT_SIZE = (512, 512)
FRAME_RATE = 25
WORDS = (
    "Hello. A moment ago I was only a portrait, and now my mouth moves with every word that papa, mama and baby say."
)


def ffmpeg(*arguments: str | Path):
    """Runs the ffmpeg program."""
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


def make_video(path: Path, seconds: float) -> Path:
    """The public-domain portrait under a slowly moving camera."""
    return _film_portrait(path, seconds, "crop=480:480:'210+16*sin(t*0.8)':'20+12*sin(t*1.1)'")


def make_leaning_video(path: Path, seconds: float) -> Path:
    """The public-domain portrait, its head leaning to the left and to the right by nine degrees, once a second."""
    return _film_portrait(path, seconds, "rotate='0.16*sin(2*PI*t)',crop=480:480:210:80")


def make_grainy_video(path: Path, seconds: float) -> Path:
    """The public-domain portrait under film grain, which takes an encoder many times the bytes."""
    return _film_portrait(path, seconds, "crop=480:480:210:20,noise=alls=30:allf=t")


def _film_portrait(path: Path, seconds: float, motion: str) -> Path:
    ffmpeg(
        "-loop", "1", "-framerate", FRAME_RATE, "-i", PORTRAIT, "-t", seconds,
        "-vf", f"scale=960:960,{motion},format=yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", path)
    return path


def make_speech(path: Path, seconds: float) -> Path:
    """Spoken words of exactly that length."""
    spoken = path.with_suffix(".spoken.wav")
    subprocess.run(["flite", "-voice", "slt", "-t", WORDS, "-o", spoken], check=True)
    ffmpeg("-stream_loop", "-1", "-i", spoken, "-t", seconds, "-c:a", "pcm_s16le", path)
    return path


def probe(path: Path) -> dict:
    """What ffprobe says of the file: its format, and its streams by kind."""
    text = subprocess.run(
        ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-count_packets", "-of", "json", path],
        check=True, capture_output=True, text=True,
    ).stdout
    facts = json.loads(text)
    streams = {stream["codec_type"]: stream for stream in facts["streams"]}
    return {"format": facts["format"], **streams}


def assert_output(content: bytes, folder: Path, seconds: float, size: tuple[int, int] = SIZE):
    """Checks a finished video: H.264 at the source's size and 25 fps, with sound, as long as it must be."""
    path = folder / "output.mp4"
    path.write_bytes(content)
    facts = probe(path)
    video = facts["video"]
    assert video["codec_name"] == "h264"
    assert (video["width"], video["height"]) == size
    assert video["avg_frame_rate"] == f"{FRAME_RATE}/1"
    assert abs(float(facts["format"]["duration"]) - seconds) <= 0.08
    assert int(video["nb_read_packets"]) == round(seconds * FRAME_RATE)
    assert facts["audio"]["codec_name"] == "aac"


def patch_size(mp4: bytes, width: int, height: int) -> bytes:
    """The same file, whose track header and sample entry claim another size of the picture."""
    content = bytearray(mp4)
    track = content.index(b"tkhd") + 4
    # Both sizes are the last eight bytes of the header, in 16.16 fixed point.
    content[track + 76 : track + 84] = (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
    entry = content.index(b"avc1", content.index(b"stsd")) + 4
    content[entry + 24 : entry + 28] = width.to_bytes(2, "big") + height.to_bytes(2, "big")
    return bytes(content)
