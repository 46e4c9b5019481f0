"""Turns recordings into features and targets, with copies that sound different, once for all trainings.

    prepare.py SPOKEN CLIPS OUT
"""

import pathlib
import pickle
import sys

import numpy

from augmentation import augmented, mixed, music, noise, resampled, tone
from features import SAMPLE_RATE, log_mel, normalised
from recordings import Recording, lag_seconds

COPIES_OF_SPEECH = 2
COPIES_OF_CLIPS = 10
WOMEN = ("rk_brbk7n", "rk_lbbc2a", "rk_lrwp9a", "rk_lwbsza")


def stretched(values, factor, count):
    """Targets of a sound that was resampled by a factor."""
    at = numpy.arange(count) * factor
    if values.ndim == 1:
        return values[at.round().astype(int).clip(0, len(values) - 1)]
    return numpy.stack([numpy.interp(at, numpy.arange(len(values)), column) for column in values.T], 1)


def bands_of(samples):
    return normalised(log_mel(samples)).astype(numpy.float16)


def is_high(name):
    """Whether a woman speaks: such a voice is brought down rather than up."""
    return "slt" in name or "+f" in name or name in WOMEN


def copies(recording, count, generator, voices, *targets):
    """Features and targets: once as it is, then `count` times as another voice in another room.

    Most of the recordings are men's; a voice raised by up to 45 % stands in for the women and children that are missing.
    """
    range_of_factors = (0.75, 1.2) if is_high(recording.name) else (0.85, 1.45)
    for copy in range(count + 1):
        factor = numpy.exp(generator.uniform(*numpy.log(range_of_factors))) if copy else 1.0
        sound = recording.samples
        if copy:
            sound = augmented(resampled(sound, factor), generator, voices)
        bands = bands_of(sound)
        yield (bands, *(stretched(target, factor, (len(bands) + 1) // 2) for target in targets))


def speech(folder, generator):
    recordings = [Recording(path) for path in sorted(pathlib.Path(folder).iterdir())]
    voices = [recording.samples for recording in recordings[::8]]
    for recording in recordings:
        yield from copies(recording, COPIES_OF_SPEECH, generator, voices, recording.visemes(), recording.rule_curves())


def silence(generator, count):
    """Sound in which nobody speaks."""
    for index in range(count):
        length = 20 * SAMPLE_RATE
        kind = index % 5
        sound = noise(length, generator) if kind == 0 else tone(length, generator) if kind == 1 else music(length, generator)
        if kind == 2:
            sound = mixed(sound, noise(length, generator), generator.uniform(0, 30))
        bands = bands_of(0.05 * sound / numpy.abs(sound).max())
        count_of_targets = (len(bands) + 1) // 2
        yield bands, numpy.zeros(count_of_targets, int), numpy.zeros((count_of_targets, 3))


def clips(folder, generator):
    voices = []
    for path in sorted(pathlib.Path(folder).iterdir()):
        clip = Recording(path)
        if len(clip.seconds) < 40:
            print("too few faces:", clip.name)
            continue
        real, counts = clip.real_curves(lag_seconds(clip.name))
        teaches = clip.name.startswith(("s1_", "rk_", "Obama", "reagan"))
        yield clip, list(
            copies(clip, COPIES_OF_CLIPS if teaches else 0, generator, voices, real, counts.astype(numpy.float32)))
        voices.append(clip.samples)


def main():
    spoken, faces, out = sys.argv[1:]
    generator = numpy.random.default_rng(11)
    content = {
        "speech": list(speech(spoken, generator)),
        "silence": list(silence(generator, 80)),
        "clips": list(clips(faces, generator)),
    }
    pathlib.Path(out).write_bytes(pickle.dumps(content))
    minutes = sum(len(item[0]) for item in content["speech"]) / 6000
    print(f"{minutes:.0f} minutes of speech, {len(content['clips'])} clips")


if __name__ == "__main__":
    main()
