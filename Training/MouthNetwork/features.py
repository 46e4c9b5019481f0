"""What the network hears: Whisper's log-mel bands, brought to one level, in windows of 12 s.

Sources/Engine/Speech/Features/SpeechWindows.swift, SpeechLevel.swift and MelTriangles.swift do the same in the product. Written from the
description in OpenAI's paper and model card: 25 ms Hann windows (periodic) every 10 ms, 80 Slaney mel bands up to 8 kHz with unit area, base-10
logarithm, a floor of 80 dB under the loudest value, then (x + 4) / 4.
"""

import numpy

SAMPLE_RATE = 16_000
HOP = 160
SIZE = 400
BANDS = 80
WINDOW = 1200  # bands of 10 ms that one run of the network takes
CONTEXT = 100  # of them at either end are only heard
LOUDEST = 0.5  # what the loudest value of a window is moved to: the encoder knows levels, lips do not
FLOOR = LOUDEST - 8
STRETCH = 200  # how loud it is around a moment: the loudest one within 2 s …
SMOOTHING = 100  # … averaged over 1 s on either side
KEPT = 1.2  # what is up to 12 dB softer than the loudest of its window stays so: effort opens mouths
MOST_LIFT = 3.0  # and nothing is lifted by more than 30 dB
QUIETEST = -7.0  # the rounding noise of 16-bit sound stays below the floor's reach of speech


def slaney_weights():
    """80 x 201 triangles on Slaney's mel scale (linear to 1 kHz, logarithmic above), each of area 1."""
    linear, knee, step = 200 / 3, 1000.0, numpy.log(6.4) / 27

    def mel(hertz):
        return hertz / linear if hertz < knee else knee / linear + numpy.log(hertz / knee) / step

    def hertz(mels):
        return numpy.where(mels < knee / linear, mels * linear, knee * numpy.exp((mels - knee / linear) * step))

    edges = hertz(numpy.linspace(mel(0.0), mel(8000.0), BANDS + 2))
    bins = numpy.arange(SIZE // 2 + 1) * SAMPLE_RATE / SIZE
    rise = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = numpy.maximum(0, numpy.minimum(rise, fall))
    return (triangles * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(numpy.float32)


WEIGHTS = slaney_weights()
HANN = (0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(SIZE) / SIZE)).astype(numpy.float32)


def moments_of(samples):
    """How many outputs a sound has: one every 20 ms from its first sample on."""
    return len(samples) // (2 * HOP) + 1


def log_mel(samples):
    """80 x bands of base-10 logarithms; band k is centred on sample 160 k. The start is mirrored, the end is silence."""
    count = 2 * moments_of(samples)
    padded = numpy.concatenate([samples, numpy.zeros(count * HOP + SIZE - len(samples))]).astype(numpy.float32)
    padded = numpy.concatenate([padded[SIZE // 2 : 0 : -1], padded])
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP][:count]
    result = numpy.empty((BANDS, count), numpy.float32)
    for start in range(0, count, 4000):
        power = numpy.abs(numpy.fft.rfft(frames[start : start + 4000] * HANN)) ** 2
        result[:, start : start + 4000] = numpy.log10(numpy.maximum(WEIGHTS @ power.T.astype(numpy.float32), 1e-16))
    return result


def reference_levels(loudness):
    """What is taken for the loudest value around each moment, from the loudest band of each."""
    padded = numpy.pad(loudness, STRETCH, constant_values=-numpy.inf)
    highest = numpy.lib.stride_tricks.sliding_window_view(padded, 2 * STRETCH + 1).max(1)
    padded = numpy.pad(highest, SMOOTHING, mode="edge")
    sums = numpy.concatenate([[0], numpy.cumsum(padded, dtype=numpy.float64)])
    smooth = (sums[2 * SMOOTHING + 1 :] - sums[: -2 * SMOOTHING - 1]) / (2 * SMOOTHING + 1)
    loudest = loudness.max()
    return numpy.maximum(numpy.maximum(numpy.minimum(smooth + KEPT, loudest), loudest - MOST_LIFT), QUIETEST)


def windows(samples, shift=0):
    """The network's inputs, each 80 x 1200; `shift` (bands, even) moves their places back."""
    bands = log_mel(samples)
    for first in range(-shift, bands.shape[1], WINDOW - 2 * CONTEXT):
        low, high = max(0, first - CONTEXT), min(bands.shape[1], first - CONTEXT + WINDOW)
        heard = bands[:, low:high]
        level = reference_levels(heard.max(0))
        window = numpy.full((BANDS, WINDOW), FLOOR, numpy.float32)
        window[:, low - first + CONTEXT : high - first + CONTEXT] = numpy.maximum(heard - level + LOUDEST, FLOOR)
        yield (window + 4) / 4
