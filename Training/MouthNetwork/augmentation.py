"""Makes one recording sound like many: other voices, rooms, microphones, noises."""

import numpy
import scipy.signal

from features import SAMPLE_RATE


def resampled(samples, factor):
    """Pitch, formants and rate together; the result is 1 / factor as long."""
    return numpy.interp(numpy.arange(0, len(samples) - 1, factor), numpy.arange(len(samples)), samples)


def filtered(samples, generator):
    """A random smooth equaliser of 5 dB, and now and then a narrow band."""
    spectrum = numpy.fft.rfft(samples)
    frequency = numpy.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    knots = numpy.geomspace(60, 8000, 8)
    gain = numpy.interp(numpy.log(frequency + 1), numpy.log(knots), generator.uniform(-5, 5, 8))
    if generator.random() < 0.3:
        gain -= 12 * numpy.log2(1 + (frequency / generator.uniform(3300, 7000)) ** 6)
    if generator.random() < 0.2:
        gain -= 12 * numpy.log2(1 + (generator.uniform(80, 350) / (frequency + 1)) ** 4)
    return numpy.fft.irfft(spectrum * 10 ** (numpy.maximum(gain, -90) / 20), len(samples))


def reverberated(samples, generator):
    seconds = generator.uniform(0.1, 0.7)
    time = numpy.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tail = generator.normal(size=len(time)) * 10 ** (-3 * time / seconds)
    tail *= generator.uniform(0.1, 0.7) / numpy.sqrt((tail**2).sum())
    tail[0] = 1
    return scipy.signal.fftconvolve(samples, tail)[: len(samples)]


def noise(count, generator):
    """White to brown noise."""
    spectrum = numpy.fft.rfft(generator.normal(size=count))
    frequency = numpy.fft.rfftfreq(count, 1 / SAMPLE_RATE)
    return numpy.fft.irfft(spectrum / (frequency + 50) ** generator.uniform(0, 1), count)


def music(count, generator):
    """Chords, a bass and drums: rhythmic sound in which nobody speaks."""
    time = numpy.arange(count) / SAMPLE_RATE
    beat = generator.uniform(0.25, 0.7)
    result = numpy.zeros(count)
    for start in numpy.arange(0, count / SAMPLE_RATE, beat):
        first = int(start * SAMPLE_RATE)
        length = min(int(generator.choice([0.5, 1, 2]) * beat * SAMPLE_RATE), count - first)
        local = time[:length]
        envelope = numpy.exp(-local * generator.uniform(0.5, 8)) * numpy.minimum(1, local * generator.uniform(20, 300))
        root = 110 * 2 ** (generator.integers(-12, 18) / 12)
        for interval in generator.choice([0, 3, 4, 7, 9, 12, 16, 19], generator.integers(1, 4), replace=False):
            pitch = root * 2 ** (interval / 12)
            slope = generator.uniform(0.7, 2.5)
            for harmonic in range(1, generator.integers(2, 12)):
                if pitch * harmonic < 7600:
                    phase = generator.uniform(0, 2 * numpy.pi)
                    result[first : first + length] += (
                        harmonic**-slope * envelope * numpy.sin(2 * numpy.pi * pitch * harmonic * local + phase)
                    )
        if generator.random() < 0.6:
            drum = generator.normal(size=length) * numpy.exp(-local * generator.uniform(15, 60))
            result[first : first + length] += generator.uniform(0.3, 2) * drum
        if generator.random() < 0.4:
            result[first : first + length] += 2 * numpy.sin(2 * numpy.pi * 60 * local) * numpy.exp(-local * 12)
    return result


def tone(count, generator):
    """A machine: a tone with few harmonics whose loudness swings or beeps."""
    time = numpy.arange(count) / SAMPLE_RATE
    pitch = generator.uniform(60, 2500)
    swing = numpy.sin(2 * numpy.pi * generator.uniform(0.3, 8) * time)
    if generator.random() < 0.5:
        swing = numpy.sign(swing)
    voice = sum(
        harmonic ** -generator.uniform(0.8, 3) * numpy.sin(2 * numpy.pi * pitch * harmonic * time)
        for harmonic in range(1, generator.integers(2, 6))
    )
    return voice * (1 + generator.uniform(0, 1) * swing) + generator.normal(size=count) * 10 ** generator.uniform(-4, -1)


def mixed(samples, other, decibels):
    level = numpy.sqrt((samples**2).mean() + 1e-12)
    return samples + other * level / (numpy.sqrt((other**2).mean()) + 1e-12) * 10 ** (-decibels / 20)


def augmented(samples, generator, voices=()):
    """Another microphone, room and company; the times of what is said stay.

    `voices` are other recordings that may talk in the background.
    """
    samples = filtered(samples, generator)
    if generator.random() < 0.5:
        samples = reverberated(samples, generator)
    choice = generator.random()
    if choice < 0.4:
        samples = mixed(samples, noise(len(samples), generator), generator.uniform(5, 45))
    elif choice < 0.6:
        samples = mixed(samples, music(len(samples), generator), generator.uniform(5, 35))
    elif choice < 0.75 and voices:
        babble = numpy.zeros(len(samples))
        for _ in range(generator.integers(1, 4)):
            voice = voices[generator.integers(len(voices))]
            babble += numpy.resize(numpy.roll(voice, generator.integers(len(voice))), len(samples))
        samples = mixed(samples, babble, generator.uniform(10, 45))
    return samples
