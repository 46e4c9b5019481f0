"""Reads what ExtractMouthMotion wrote of a talking clip or of a spoken text."""

import json
import pathlib

import numpy

from features import SAMPLE_RATE, moments_of
from network import CLASS_OF

OUTPUT_RATE = 50


class Recording:
    """A sound with its phones, and with the mouth that spoke it where there is a picture.

    `phones` are those that an aligner found, as (phone, start, end); a spoken text brings its own.
    """

    def __init__(self, folder, phones=None):
        folder = pathlib.Path(folder)
        motion = json.loads((folder / "motion.json").read_text())
        self.name = folder.name
        self.speaker = speaker(self.name)
        self.samples = numpy.fromfile(folder / "sound.f32", "<f4").astype(numpy.float64)
        self.phones = phones or [
            (phone["phone"], phone["startSeconds"], phone["endSeconds"]) for phone in motion["phones"]]
        self.rules = numpy.array(motion["rules"]).T
        self.seconds = numpy.array(motion["seconds"])
        self.curves = numpy.array([motion["opening"], motion["width"], motion["jaw"]]).T

    @property
    def output_count(self):
        return moments_of(self.samples)

    def visemes(self):
        """The class of the phone at each output moment."""
        result = numpy.zeros(self.output_count, numpy.int64)
        for phone, start, end in self.phones:
            first, last = (int(numpy.ceil(seconds * OUTPUT_RATE)) for seconds in (start, end))
            result[first:last] = CLASS_OF.get(phone.strip("012"), 0)
        return result

    def rule_curves(self):
        """The rule model's mouth at the output moments, as z-scores over the speech."""
        return standardised(self.rules[::2][: self.output_count], self.visemes() > 0)

    def real_curves(self, lag_seconds):
        """The tracked mouth at the output moments (z-scores over the speech), and where it counts.

        Recordings of single sentences begin and end with a shut mouth; left in, these would drown what the lips do while
        they speak.
        """
        moments = numpy.arange(self.output_count) / OUTPUT_RATE + lag_seconds
        values = numpy.stack([numpy.interp(moments, self.seconds, curve) for curve in self.curves.T], 1)
        after = numpy.searchsorted(self.seconds, moments).clip(1, len(self.seconds) - 1)
        counts = (moments >= self.seconds[0]) & (moments <= self.seconds[-1])
        counts &= self.seconds[after] - self.seconds[after - 1] < 0.1
        spoken = numpy.flatnonzero(self.visemes())
        margin = OUTPUT_RATE // 10
        if len(spoken):
            counts[: max(spoken[0] - margin, 0)] = False
            counts[spoken[-1] + margin :] = False
        return standardised(values, counts), counts


def standardised(values, where):
    return ((values - values[where].mean(0)) / (values[where].std(0) + 1e-6)).astype(numpy.float32)


def teaches(name):
    """Whether a clip's licence lets it teach."""
    return name.startswith(("s1_", "rk_", "Obama", "reagan"))


def speaker(name):
    """Who is seen; clips of one person never stand on both sides of a fold."""
    if name.startswith("Obama"):
        return "president"
    if name.startswith("reagan"):
        return "older president"
    if name.startswith("s1_") or name == "rk_bbaf2n":
        return "grid 1"
    if name.startswith("rk_"):
        return "grid others"
    return name


def lag_seconds(name):
    """How late the picture is, from the rule model on the same clip; one figure for the whole GRID corpus."""
    return {"Obama_clip1": -0.137, "Obama_clip2": -0.064, "reagan_clip1": 0.008}.get(name, 0.038)
