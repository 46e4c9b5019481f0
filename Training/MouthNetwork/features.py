"""What the network hears: normalised log-mel bands, exactly as Sources/Speech/MelSpectrum.swift makes them."""

import numpy

SAMPLE_RATE = 16_000
HOP = 160
WINDOW = 400
SIZE = 512
BANDS = 40


def mel_weights():
    def mel(hertz):
        return 2595 * numpy.log10(1 + hertz / 700)

    low, high = mel(60.0), mel(7600.0)
    edges = 700 * (10 ** (numpy.linspace(low, high, BANDS + 2) / 2595) - 1)
    frequency = numpy.arange(SIZE // 2 + 1) * SAMPLE_RATE / SIZE
    rise = (frequency - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - frequency) / (edges[2:] - edges[1:-1])[:, None]
    return numpy.maximum(0, numpy.minimum(rise, fall)).astype(numpy.float32)


WEIGHTS = mel_weights()
HANN = (0.5 - 0.5 * numpy.cos(2 * numpy.pi * numpy.arange(WINDOW) / (WINDOW - 1))).astype(numpy.float32)


def log_mel(samples):
    """Frames x 40 natural logarithms; frame k is the 25 ms around sample 160 k."""
    differenced = samples - 0.97 * numpy.concatenate([[0], samples[:-1]])
    padded = numpy.concatenate([numpy.zeros(WINDOW // 2), differenced, numpy.zeros(2 * WINDOW)]).astype(numpy.float32)
    count = len(samples) // HOP + 1
    frames = numpy.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP][:count]
    result = numpy.empty((count, BANDS), numpy.float32)
    for start in range(0, count, 4000):
        power = numpy.abs(numpy.fft.rfft(frames[start : start + 4000] * HANN, SIZE)) ** 2
        result[start : start + 4000] = numpy.log(power.astype(numpy.float32) @ WEIGHTS.T + 1e-7)
    return result


def normalised(bands):
    """Mean and spread of the loud frames taken off, band by band: level and microphone do not matter."""
    loudness = bands.mean(1)
    loud = bands[loudness > numpy.quantile(loudness, 0.95) - 4.0]
    return ((bands - loud.mean(0)) / (loud.std(0) + 0.1)).astype(numpy.float32)
