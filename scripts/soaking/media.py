"""Makes the media of a soak: small, so that the machine does many jobs and not long ones."""

import subprocess
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
PORTRAIT = CHECKOUT / ".third-party/media/astronaut.png"
WORDS = "A small boat moved by the pier, and mama and papa waved."


def run(*command: str | Path | float):
    """Runs a program, which must end well."""
    subprocess.run([*map(str, command)], check=True, stdout=subprocess.DEVNULL)


def make_media(folder: Path) -> dict[str, bytes]:
    """The contents of the files by their names: a film and a picture of the public-domain portrait, a voice, a text."""
    film, spoken, voice, picture = (folder / name for name in ("film.mp4", "spoken.wav", "voice.wav", "picture.png"))
    ffmpeg = ("ffmpeg", "-nostdin", "-v", "error", "-y")
    run(*ffmpeg, "-loop", 1, "-framerate", 25, "-i", PORTRAIT, "-t", 1.6, "-vf",
        "scale=640:640,crop=320:320:'140+10*sin(t*0.8)':'14+8*sin(t*1.1)',format=yuv420p",
        "-c:v", "libx264", "-preset", "veryfast", film)
    run(*ffmpeg, "-i", PORTRAIT, "-vf", "crop=400:400:50:0,scale=320:320", picture)
    run("flite", "-voice", "slt", "-t", WORDS, "-o", spoken)
    run(*ffmpeg, "-i", spoken, "-t", 1.6, "-c:a", "pcm_s16le", voice)
    files = {path.name: path.read_bytes() for path in (film, voice, picture)}
    files["words.txt"] = b"These are words, but nobody says them.\n"
    return files
