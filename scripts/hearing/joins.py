"""Clicks: jumps of the samples where sound and silence meet, and spikes of a sample or two anywhere.

A click is over within a millisecond, so it stands out of what lies 1.5 ms and more away. Bursts of stops and glottal pulses have
others like them near by. The limits part inserted clicks from a person's recordings; docs/quality.md has the figures.
"""

from dataclasses import dataclass

import numpy
from numpy.lib.stride_tricks import sliding_window_view

from .sounds import RATE

SILENCE = 1.5 / 32768  # at most one step of 16 bits: what the program puts between pieces, not a pause of the voice
LEAST_SILENCE = round(0.06 * RATE)
NEAR = round(0.010 * RATE)  # of a join
APART = round(0.0015 * RATE)  # nearer than that it is the click itself
AROUND = round(0.020 * RATE)
JUMP_RATIO, LEAST_JUMP = 6.0, 0.004
SPIKE_RATIO, LEAST_SPIKE = 6.0, 0.008


@dataclass(frozen=True)
class Click:
    """A place in seconds, and how much larger the jump is than those around it."""

    seconds: float
    ratio: float


def silences(samples: numpy.ndarray) -> list[tuple[int, int]]:
    """First sample and end of each stretch of at least 60 ms of digital silence."""
    quiet = numpy.concatenate([[False], numpy.abs(samples) < SILENCE, [False]])
    edges = numpy.flatnonzero(numpy.diff(quiet))
    return [(start, end) for start, end in edges.reshape(-1, 2).tolist() if end - start >= LEAST_SILENCE]


def joins(samples: numpy.ndarray) -> list[int]:
    """Where silence begins or ends."""
    return sorted({edge for stretch in silences(samples) for edge in stretch if 0 < edge < len(samples)})


def clicks(samples: numpy.ndarray) -> list[Click]:
    """Jumps at joins and spikes anywhere, those within 5 ms of each other as one."""
    if len(samples) <= 2 * AROUND:
        return []
    jumps = numpy.abs(numpy.diff(samples, prepend=samples[:1]))
    power = numpy.concatenate([[0], numpy.cumsum(numpy.square(jumps, dtype=numpy.float64))])
    found: dict[int, float] = {}
    for join in joins(samples):
        for place in range(max(APART, join - NEAR), min(len(samples) - APART, join + NEAR)):
            if jumps[place] < LEAST_JUMP:
                continue
            # The louder side alone: the other one is silence.
            before = mean(power, place - NEAR, place - APART)
            after = mean(power, place + APART, place + NEAR)
            ratio = float(jumps[place] / max(max(before, after) ** 0.5, 1e-4))
            if ratio > JUMP_RATIO:
                found[place] = ratio
    bends = numpy.abs(numpy.diff(samples, n=2, prepend=samples[:1], append=samples[-1:]))
    highest = sliding_window_view(numpy.pad(bends, AROUND), AROUND - APART).max(1)
    others = numpy.maximum(highest[: len(bends)], highest[AROUND + APART :][: len(bends)])
    ratios = bends / numpy.maximum(others, 1e-4)
    for place in numpy.flatnonzero((bends > LEAST_SPIKE) & (ratios > SPIKE_RATIO)).tolist():
        found[place] = max(found.get(place, 0), float(ratios[place]))
    merged: list[Click] = []
    for place in sorted(found):
        if merged and place / RATE - merged[-1].seconds < 0.005:
            merged[-1] = Click(merged[-1].seconds, max(merged[-1].ratio, found[place]))
        else:
            merged.append(Click(place / RATE, found[place]))
    return merged


def mean(sums: numpy.ndarray, first: int, end: int) -> float:
    """The mean of what was summed up, over a range that may reach beyond it."""
    first, end = max(first, 0), min(end, len(sums) - 1)
    return float(sums[end] - sums[first]) / (end - first) if end > first else 0.0


def with_clicks(samples: numpy.ndarray, size: float = 0.05) -> tuple[numpy.ndarray, list[int]]:
    """A copy in which sound begins with a jump after each silence, as when a piece is cut without a fade, band-limited to 12 kHz
    as the voices are; and the places."""
    kernel = numpy.sinc(numpy.arange(-24, 25) / 2) * numpy.hanning(51)[1:-1] / 2
    places = [end for _, end in silences(samples) if end + AROUND < len(samples)]
    added = numpy.zeros(len(samples) + 480, numpy.float32)
    for place in places:
        added[place : place + 480] += size * numpy.exp(-numpy.arange(480) / 100)
    return (samples + numpy.convolve(added, kernel, "same")[: len(samples)]).astype(numpy.float32), places
