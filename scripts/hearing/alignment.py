"""Phone times of a WAV file against PocketSphinx's alignment of the same sound with the words that it says."""

import numpy
from pocketsphinx import Decoder

from .sounds import Take
from .words import plain

SAMPLE_RATE = 16_000
SILENCE = {"SIL", "+SPN+", "+NSN+"}
# Phones that count as one: the chunk names what lips do, PocketSphinx what its dictionary says.
CLASSES = {"ER": "R", "AO": "AA", "AX": "AH", "IX": "IH"}
LEAST_SHARE = 0.6  # of phones that must agree; else the words were not aligned


class Aligner:
    """Measures how far the starts of phones are from each other; its own step is 10 ms."""

    def __init__(self) -> None:
        self.decoder = Decoder(lm=None, loglevel="FATAL", bestpath=False, samprate=SAMPLE_RATE)

    def errors(self, take: Take, spoken: str) -> list[float] | None:
        """Start in the chunk less start in the alignment, in seconds, of phones that both have; `None` where the sound cannot be
        aligned or has no phones."""
        words = plain(spoken)
        if not take.phones or not all(self.decoder.lookup_word(word) for word in words):
            return None
        try:
            found = self.aligned(take, " ".join(words))
        except RuntimeError:
            return None
        told = [(phone["phone"], phone["startSeconds"]) for phone in take.phones if phone["phone"] not in SILENCE]
        pairs = matched([name for name, _ in told], [name for name, _ in found])
        if len(pairs) < LEAST_SHARE * len(found):
            return None
        return [told[left][1] - found[right][1] for left, right in pairs]

    def aligned(self, take: Take, words: str) -> list[tuple[str, float]]:
        """Phones and their starts in seconds."""
        samples = take.resampled(SAMPLE_RATE)
        lead = numpy.zeros(SAMPLE_RATE // 10, numpy.float32)  # the models want a little silence at both ends
        samples = numpy.concatenate([lead, samples / max(float(numpy.abs(samples).max()), 1e-6) * 0.7, lead])
        sound = (samples * 32767).astype("<i2").tobytes()
        self.decoder.set_align_text(words)
        for again in (False, True):
            if again:
                self.decoder.set_alignment()
            self.decoder.start_utt()
            self.decoder.process_raw(sound, full_utt=True)
            self.decoder.end_utt()
        phones = [(phone.name, phone.start / 100 - 0.1) for word in self.decoder.get_alignment() for phone in word]
        return [(name, start) for name, start in phones if name not in SILENCE]


def matched(left: list[str], right: list[str]) -> list[tuple[int, int]]:
    """The places of the longest common run of phones, gaps allowed."""
    left, right = ([CLASSES.get(name, name) for name in names] for names in (left, right))
    best = numpy.zeros((len(left) + 1, len(right) + 1), int)
    for i in range(len(left) - 1, -1, -1):
        for j in range(len(right) - 1, -1, -1):
            best[i, j] = best[i + 1, j + 1] + 1 if left[i] == right[j] else max(best[i + 1, j], best[i, j + 1])
    pairs, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        if left[i] == right[j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i + 1, j] >= best[i, j + 1]:
            i += 1
        else:
            j += 1
    return pairs
