"""Clicks: where sound and silence meet, and anywhere else.

A click bends the waveform harder than anything that lies 1.5 to 20 ms from it. The first difference would not do: the last
glottal pulse before silence jumps as far. Bursts of stops have others like them near by.
"""

from dataclasses import dataclass

import numpy
from numpy.lib.stride_tricks import sliding_window_view

from .sounds import RATE

SILENCE = 0.0005  # -66 dBFS
DIGITAL = 1.5 / 32768  # one step of 16 bits: what the program puts between pieces, not a pause of the voice
LEAST_SILENCE = round(0.06 * RATE)
NEAR = round(0.010 * RATE)  # of a join
APART = round(0.0015 * RATE)  # nearer than that it is the click itself
AROUND = round(0.020 * RATE)
LEAST_BEND = 0.004  # second difference; full scale is 1
RATIO_AT_JOINS, RATIO = 3.0, 8.0  # a person's recordings (alsa-utils) reach 4.6 away from joins, bursts of network voices 6.6


@dataclass(frozen=True)
class Click:
    """A place in seconds, and how much larger the jump is than those around it."""

    seconds: float
    ratio: float


def silences(samples: numpy.ndarray, level: float = SILENCE) -> list[tuple[int, int]]:
    """First sample and end of each stretch of at least 60 ms under a level."""
    quiet = numpy.concatenate([[False], numpy.abs(samples) < level, [False]])
    edges = numpy.flatnonzero(numpy.diff(quiet))
    return [(start, end) for start, end in edges.reshape(-1, 2).tolist() if end - start >= LEAST_SILENCE]


def joins(samples: numpy.ndarray) -> list[int]:
    """Where silence begins or ends."""
    stretches = silences(samples) + silences(samples, DIGITAL)
    return sorted({edge for stretch in stretches for edge in stretch if 0 < edge < len(samples)})


def clicks(samples: numpy.ndarray) -> list[Click]:
    """Where the second difference stands out, most easily within 10 ms of joins; those within 5 ms of each other as one."""
    if len(samples) <= 2 * AROUND:
        return []
    bends = numpy.abs(numpy.diff(samples, n=2, prepend=samples[:1], append=samples[-1:]))
    highest = sliding_window_view(numpy.pad(bends, AROUND), AROUND - APART).max(1)
    others = numpy.maximum(highest[: len(bends)], highest[AROUND + APART :][: len(bends)])
    ratios = bends / numpy.maximum(others, 1e-4)
    needed = numpy.full(len(bends), RATIO)
    for join in joins(samples):
        needed[max(0, join - NEAR) : join + NEAR] = RATIO_AT_JOINS
    found = {place: float(ratios[place]) for place in numpy.flatnonzero((bends > LEAST_BEND) & (ratios > needed)).tolist()}
    merged: list[Click] = []
    for place in sorted(found):
        if merged and place / RATE - merged[-1].seconds < 0.005:
            merged[-1] = Click(merged[-1].seconds, max(merged[-1].ratio, found[place]))
        else:
            merged.append(Click(place / RATE, found[place]))
    return merged


def with_clicks(samples: numpy.ndarray, size: float = 0.05) -> tuple[numpy.ndarray, list[int]]:
    """A copy in which sound begins with a jump after each silence, as when a piece is cut without a fade, band-limited to 12 kHz
    as the voices are; and the places."""
    kernel = numpy.sinc(numpy.arange(-24, 25) / 2) * numpy.hanning(51)[1:-1] / 2
    places = [end for _, end in silences(samples, DIGITAL) or silences(samples) if end + AROUND < len(samples)]
    added = numpy.zeros(len(samples) + 480, numpy.float32)
    for place in places:
        added[place : place + 480] += size * numpy.exp(-numpy.arange(480) / 100)
    return (samples + numpy.convolve(added, kernel, "same")[: len(samples)]).astype(numpy.float32), places
