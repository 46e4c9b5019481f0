"""Makes one recording sound like many: other voices, rooms, microphones, noises, lines."""

import subprocess

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


def babble(count, generator, voices):
    """Three to six people who talk at the same time."""
    result = numpy.zeros(count)
    for _ in range(generator.integers(3, 7)):
        voice = voices[generator.integers(len(voices))]
        voice = numpy.resize(numpy.roll(voice, generator.integers(len(voice))), count)
        result += voice / (numpy.sqrt((voice**2).mean()) + 1e-9) * 10 ** generator.uniform(-0.3, 0)
    return result


def coded(samples, generator):
    """Through a telephone line or a lossy codec and back; nothing is shifted in time."""
    samples = samples / max(numpy.abs(samples).max(), 1e-6) * 0.7
    rate, form, options = [
        ("8000", "gsm", ["-c:a", "libgsm"]), ("8000", "mulaw", ["-c:a", "pcm_mulaw"]),
        ("16000", "ogg", ["-c:a", "libopus", "-b:a", f"{generator.integers(6, 17)}k"]),
    ][generator.integers(3)]
    raw = ["-f", "f32le", "-ar", "16000", "-ac", "1"]
    quiet = ["ffmpeg", "-v", "error"]
    if form == "ogg":
        encode = [*quiet, *raw, "-i", "-", *options, "-f", form, "-"]
        decode = [*quiet, "-f", form, "-i", "-", *raw, "-"]
    else:
        encode = [*quiet, *raw, "-i", "-", "-ar", rate, *options, "-f", form, "-"]
        decode = [*quiet, "-f", form, "-ar", rate, "-i", "-", *raw, "-"]
    file = subprocess.run(encode, input=samples.astype("<f4").tobytes(), capture_output=True, check=True).stdout
    sound = subprocess.run(decode, input=file, capture_output=True, check=True).stdout
    sound = numpy.frombuffer(sound, "<f4").astype(numpy.float64)[: len(samples)]
    return numpy.pad(sound, (0, len(samples) - len(sound)))


def level_steps(samples, generator):
    """Every few seconds another loudness, as when speakers take turns far from one microphone."""
    places = numpy.cumsum(generator.uniform(1.5, 5, 2 + len(samples) // SAMPLE_RATE)) * SAMPLE_RATE
    gains = generator.uniform(-25, 0, len(places))
    moments = numpy.arange(len(samples))
    return samples * 10 ** (gains[numpy.searchsorted(places, moments)] / 20)


def room_tone(count, generator):
    """A room in which nobody speaks: soft noise, a hum, now and then a knock or a rustle."""
    time = numpy.arange(count) / SAMPLE_RATE
    sound = noise(count, generator)
    sound /= numpy.sqrt((sound**2).mean())
    sound *= numpy.interp(time, numpy.linspace(0, time[-1], 8), 10 ** generator.uniform(-0.4, 0.2, 8))
    mains = generator.choice([50, 60])
    for harmonic in range(1, 6):
        phase = generator.uniform(0, 6)
        sound += generator.uniform(0, 0.6) / harmonic * numpy.sin(2 * numpy.pi * mains * harmonic * time + phase)
    for _ in range(generator.poisson(count / SAMPLE_RATE / 3)):
        first = generator.integers(0, count - 1)
        length = min(int(generator.uniform(0.01, 0.3) * SAMPLE_RATE), count - first)
        knock = generator.normal(size=length) * numpy.exp(-time[:length] * generator.uniform(10, 80))
        sound[first : first + length] += generator.uniform(0.5, 15) * knock
    return filtered(sound, generator)


def clicks(count, generator):
    """Digital silence, or nearly, with single clicks and bumps."""
    sound = generator.normal(size=count) * generator.choice([0, 1e-5, 1e-3])
    for _ in range(1 + generator.poisson(count / SAMPLE_RATE / 2)):
        first = generator.integers(0, count - 1)
        length = min(int(generator.uniform(0.0005, 0.08) * SAMPLE_RATE), count - first)
        time = numpy.arange(length) / SAMPLE_RATE
        click = [
            generator.normal(size=length), numpy.cos(numpy.pi * numpy.arange(length)),
            numpy.sin(2 * numpy.pi * generator.uniform(60, 3000) * time)][generator.integers(3)]
        sound[first : first + length] += generator.uniform(0.1, 1) * click * numpy.exp(-time * generator.uniform(0, 100))
    return sound


def in_a_room(samples, generator):
    """Another microphone, perhaps another room and line; the times of what is said stay."""
    samples = filtered(samples, generator)
    if generator.random() < 0.5:
        samples = reverberated(samples, generator)
    if generator.random() < 0.25:
        samples = coded(samples, generator)
    if generator.random() < 0.3:
        samples = level_steps(samples, generator)
    choice = generator.random()
    if choice < 0.5:
        samples = mixed(samples, noise(len(samples), generator), generator.uniform(12, 45))
    elif choice < 0.7:
        samples = mixed(samples, music(len(samples), generator), generator.uniform(12, 35))
    return samples


def in_noise(samples, generator, kind, voices):
    """The same where it is loud: noise, music or other voices, from 17 dB under the voice to as loud as it."""
    samples = filtered(samples, generator)
    if generator.random() < 0.3:
        samples = reverberated(samples, generator)
    count = len(samples)
    other = {
        "noise": lambda: noise(count, generator), "music": lambda: music(count, generator),
        "babble": lambda: babble(count, generator, voices),
    }[kind]()
    return mixed(samples, other, generator.uniform(-1 if kind == "noise" else 1, 17))
