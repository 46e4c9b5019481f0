"""Prints values of the network's input for a made sound: SpeechWindowsTests compares the product's with them."""

import numpy

from features import SAMPLE_RATE, windows


def sound():
    """15 s: two gliding voices of harmonics, the second one 25 dB softer, a pause and a hiss of sines between them."""
    time = numpy.arange(15 * SAMPLE_RATE) / SAMPLE_RATE
    syllables = 0.5 - 0.5 * numpy.cos(2 * numpy.pi * 4 * time)
    gain = numpy.where(time < 6.5, 0.5, numpy.where(time < 8, 0.0, 0.5 * 10 ** (-25 / 20)))
    voice = sum(numpy.sin(2 * numpy.pi * (130 * time + 6 * numpy.sin(2 * time)) * number) / number for number in range(1, 30))
    hiss = sum(numpy.sin(2 * numpy.pi * frequency * time) for frequency in (611.0, 1733.0, 3191.0, 5003.0, 7321.0))
    return 0.3 * gain * syllables * voice + 0.0001 * hiss


def main():
    for number, window in enumerate(windows(sound())):
        for moment in (0, 99, 100, 101, 137, 555, 700, 790, 1000, 1199):
            values = ", ".join(f"{window[band, moment]:.5f}" for band in (0, 7, 21, 40, 63, 79))
            print(f"({number}, {moment}, [{values}]),")


if __name__ == "__main__":
    main()
