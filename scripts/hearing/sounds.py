"""Texts spoken by `lipsmith say`, and what lies in the WAV files."""

import json
import re
import struct
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import numpy

RATE = 48_000
LONG_TEXTS = 50


@dataclass(frozen=True)
class Line:
    """A sentence as it is written, and its words as people say them."""

    written: str
    spoken: str


@dataclass(frozen=True)
class Take:
    """A spoken text."""

    path: Path
    wall_seconds: float

    @property
    def content(self) -> dict[str, bytes]:
        """The chunks of the file by their names."""
        data, chunks, place = self.path.read_bytes(), {}, 12
        while place + 8 <= len(data):
            name, size = struct.unpack_from("<4sI", data, place)
            chunks[name.decode("latin-1")] = data[place + 8 : place + 8 + size]
            place += 8 + size + size % 2
        return chunks

    @property
    def samples(self) -> numpy.ndarray:
        """Full scale is 1; the rate is 48 kHz, one channel."""
        return numpy.frombuffer(self.content["data"], "<i2").astype(numpy.float32) / 32768

    @property
    def phones(self) -> list[dict]:
        """The times of the phones in the chunk `lpsm`; empty when there is none."""
        chunk = self.content.get("lpsm")
        return json.loads(chunk)["phones"] if chunk else []

    def resampled(self, rate: int) -> numpy.ndarray:
        """The samples at another rate."""
        command = ["ffmpeg", "-nostdin", "-v", "error", "-i", self.path, "-ar", str(rate), "-ac", "1", "-f", "f32le", "-"]
        return numpy.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, "<f4")

    def loudness(self) -> tuple[float, float]:
        """Integrated loudness in LUFS and true peak in dBTP, by EBU R 128."""
        command = ["ffmpeg", "-nostdin", "-hide_banner", "-i", self.path, "-af", "ebur128=peak=true", "-f", "null", "-"]
        log = subprocess.run(command, check=True, capture_output=True, text=True).stderr
        summary = log[log.rindex("Summary:") :]
        return (float(re.search(r"I:\s+(\S+) LUFS", summary)[1]), float(re.search(r"Peak:\s+(\S+) dBFS", summary)[1]))


def lines(path: Path) -> list[Line]:
    """The sentences of a file, each with its words behind a tab."""
    return [Line(*line.split("\t")) for line in path.read_text().splitlines()]


def long_texts(sentences: list[Line]) -> list[str]:
    """Fifty texts of four to six sentences, always the same ones."""
    return [
        " ".join(sentences[(7 * text + 13 * place) % len(sentences)].written for place in range(4 + text % 3))
        for text in range(LONG_TEXTS)]


class Speaker:
    """Speaks with one voice into a folder; what lies there already is not spoken again."""

    def __init__(self, program: Path, voice: str, folder: Path) -> None:
        self.program, self.voice, self.folder = program, voice, folder / voice
        self.folder.mkdir(parents=True, exist_ok=True)

    def take(self, kind: str, number: int, text: str) -> Take:
        """The sound of a text."""
        path, clock = self.folder / f"{kind}-{number:03}.wav", self.folder / f"{kind}-{number:03}.seconds"
        if not clock.exists():
            start = time.monotonic()
            subprocess.run([self.program, "say", "--text", text, "--voice", self.voice, "--out", path, "--quiet"], check=True)
            clock.write_text(f"{time.monotonic() - start:.3f}")
        return Take(path, float(clock.read_text()))
