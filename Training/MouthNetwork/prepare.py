"""Turns recordings into Whisper's hidden states and targets, with copies that sound different, once for all trainings.

    prepare.py ENCODER.onnx SPOKEN CLIPS ALIGNED.json OUT

ENCODER is the model that build.py makes without heads, SPOKEN and CLIPS what ExtractMouthMotion wrote of synthetic speech and of
talking faces, ALIGNED what align.py wrote.
"""

import json
import multiprocessing
import pathlib
import pickle
import sys
import zlib

import numpy

import augmentation
from encoder import Encoder
from features import SAMPLE_RATE
from network import LAYERS
from recordings import Recording, lag_seconds, teaches

ROOMS = 6  # copies of a clip in other rooms, two thirds of them with other voices
NOISES = ("noise", "noise", "noise", "babble", "babble", "babble", "music", "music")  # loud copies of a clip
SILENCES = 96  # sounds of 20 s in which nobody speaks
WOMEN = ("rk_brbk7n", "rk_lbbc2a", "rk_lrwp9a", "rk_lwbsza")

encoder = None
voices = []


def begin(model, others):
    global encoder, voices
    encoder = Encoder(model)
    voices = others


def stretched(values, factor, count):
    """Targets of a sound that was resampled by a factor."""
    at = numpy.arange(count) * factor
    if values.ndim == 1:
        return values[at.round().astype(int).clip(0, len(values) - 1)]
    return numpy.stack([numpy.interp(at, numpy.arange(len(values)), column) for column in values.T], 1).astype("f4")


def factor_for(name, generator):
    """How much higher the voice is made. Most recordings are men's: raised ones stand in for women and children."""
    is_high = "slt" in name or "+f" in name or name in WOMEN
    low, high = (0.78, 1.2) if is_high else (0.85, 1.4)
    return float(numpy.exp(generator.uniform(numpy.log(low), numpy.log(high))))


def item(kind, samples, factor, targets, shift):
    """Windows of copies begin elsewhere: the encoder hears a little differently by the place in its window."""
    heard = encoder(samples, shift)
    states = numpy.concatenate([heard[f"layer_{layer}"] for layer in LAYERS], 1)
    return {"kind": kind, "states": states} | {
        key: stretched(value, factor, len(states)) for key, value in targets.items()}


def copies(name, samples, kinds, targets, generator):
    yield item("plain", samples, 1.0, targets, 0)
    for number, kind in enumerate(kinds):
        factor = factor_for(name, generator) if kind == "room" and number % 3 else 1.0
        sound = augmentation.resampled(samples, factor) if factor != 1 else samples
        if kind == "room":
            sound = augmentation.in_a_room(sound, generator)
        else:
            sound = augmentation.in_noise(sound, generator, kind, voices)
        yield item(kind, sound, factor, targets, 2 * int(generator.integers(0, 400)))


def spoken_items(path):
    recording = Recording(path)
    generator = numpy.random.default_rng(zlib.crc32(recording.name.encode()))
    targets = {"visemes": recording.visemes(), "curves": recording.rule_curves()}
    kinds = ["room", str(generator.choice(["noise", "babble", "music", "room"]))]
    return list(copies(recording.name, recording.samples, kinds, targets, generator))


def silent_item(number):
    generator = numpy.random.default_rng(1000 + number)
    length = 20 * SAMPLE_RATE
    make = (
        augmentation.noise, augmentation.tone, augmentation.music, augmentation.music, augmentation.room_tone,
        augmentation.clicks,
    )[number % 6]
    sound = make(length, generator)
    if number % 12 == 2:
        sound = augmentation.mixed(sound, augmentation.noise(length, generator), generator.uniform(0, 30))
    count = length // (2 * 160) + 1
    targets = {"visemes": numpy.zeros(count, int), "curves": numpy.zeros((count, 3), "f4")}
    return item("silence", 0.05 * sound / numpy.abs(sound).max(), 1.0, targets, 0)


def clip_items(path, phones):
    clip = Recording(path, phones)
    generator = numpy.random.default_rng(zlib.crc32(clip.name.encode()))
    real, counts = clip.real_curves(lag_seconds(clip.name))
    visemes = clip.visemes() if phones else numpy.full(clip.output_count, -1)
    targets = {"curves": real, "counts": counts.astype(numpy.float32), "visemes": visemes}
    kinds = ["room"] * ROOMS + list(NOISES)
    return {"name": clip.name, "speaker": clip.speaker,
            "copies": list(copies(clip.name, clip.samples, kinds, targets, generator))}


def main():
    model, spoken, clips, aligned, out = sys.argv[1:]
    phones = json.loads(pathlib.Path(aligned).read_text())
    spoken = sorted(pathlib.Path(spoken).iterdir())
    clips = [path for path in sorted(pathlib.Path(clips).iterdir()) if teaches(path.name)]
    clips = [path for path in clips if len(Recording(path).seconds) >= 40]
    others = [Recording(path).samples for path in spoken[::8] + clips[::3]]
    with multiprocessing.get_context("fork").Pool(2, begin, (model, others)) as pool:
        content = {"speech": sum(pool.map(spoken_items, spoken, 1), [])}
        content["silence"] = pool.map(silent_item, range(SILENCES), 1)
        content["clips"] = pool.starmap(clip_items, [(path, phones.get(path.name)) for path in clips], 1)
    with open(out, "wb") as file:
        pickle.dump(content, file, 5)
    minutes = sum(len(copy["states"]) for copy in content["speech"]) / 3000
    print(f"{minutes:.0f} minutes of speech, {len(content['clips'])} clips")


if __name__ == "__main__":
    main()
