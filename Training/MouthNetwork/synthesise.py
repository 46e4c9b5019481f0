"""Makes the synthetic speech of the first training stage: texts read by flite and espeak-ng through `lipsmith say`,
whose WAV files carry the exact times of the phones.

    synthesise.py LIPSMITH OUT [--minutes M] [--seed S]

Sentences come from sentences.txt; a third of what is read are invented words, so that every voice meets phones in
orders that its sentences do not have.
"""

import argparse
import concurrent.futures
import pathlib
import random
import subprocess

FLITE = ["flite-slt", "flite-rms", "flite-awb", "flite-kal16"]
VARIANTS = ["", "+f1", "+f2", "+f3", "+f4", "+f5", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7"]
ENGLISH = ["espeak-en-us", "espeak-en-gb-x-rp", "espeak-en-gb-scotland", "espeak-en-029"]
ONSETS = "p b m f v w t d n l s z sh ch k g h r y br pl sm fr st gr".split()
VOWELS = "a e i o u ee oo ai ou oy er ar".split()
ENDS = ["", "", "", "m", "p", "b", "n", "t", "s", "l", "f", "v", "k", "sh", "mp", "nd"]


def invented_words(generator, count):
    def syllable():
        return generator.choice(ONSETS) + generator.choice(VOWELS) + generator.choice(ENDS)

    words = ["".join(syllable() for _ in range(generator.choice([1, 2, 2, 3]))) for _ in range(count)]
    return " ".join(words).capitalize() + "."


def orders(generator, sentences):
    """Endless pairs of a voice and a text of half a minute at most."""
    languages = sorted(sentences)
    while True:
        if generator.random() < 0.45:
            voice, language = generator.choice(FLITE), "en"
        else:
            language = generator.choice(languages)
            voice = generator.choice(ENGLISH) if language == "en" else "espeak-" + language
            voice += generator.choice(VARIANTS)
        parts = [generator.choice(sentences[language]) for _ in range(4)]
        if language not in ("ru", "el", "hi", "ja", "cmn-latn-pinyin"):
            parts += [invented_words(generator, 6) for _ in range(2)]
        generator.shuffle(parts)
        yield voice, " ".join(parts)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lipsmith")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    sentences = {}
    for line in (pathlib.Path(__file__).parent / "sentences.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            language, text = line.split("\t")
            sentences.setdefault(language, []).append(text)
    source = orders(random.Random(options.seed), sentences)
    count = int(options.minutes * 60 / 20)

    def say(number, voice, text):
        path = options.out / f"{number:05d}-{voice}.wav"
        if not path.exists():
            subprocess.run([options.lipsmith, "say", "--quiet", "--voice", voice, "-o", path, "--text", text], check=True)

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: say(item[0], *item[1]), zip(range(count), source)))


main()
