"""Which words of a reference were heard otherwise: the same normal form for both sides, then the fewest edits."""

import itertools
import re

# What a recogniser writes for words that it heard in full, or that are said in two ways.
EXPANSIONS = {
    "mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint", "etc": "et cetera", "mph": "miles per hour", "ok": "okay",
    "alright": "all right", "cannot": "can not", "grey": "gray", "colour": "color", "tumour": "tumor", "neighbour": "neighbor",
    "theatre": "theater", "centimetres": "centimeters", "metres": "meters", "programme": "program", "percentage": "percent age",
    "gonna": "going to", "till": "until", "vs": "versus", "anymore": "any more",
}
# Words that sound alike: no voice can tell them apart.
HOMOPHONES = [
    "their there theyre", "to too two", "for four", "eight ate", "one won", "hear here", "right write", "youre your",
    "sea see", "meet meat", "by buy", "no know", "our hour", "weather whether", "wait weight", "wear where", "break brake",
    "flower flour", "peace piece", "plain plane", "principal principle", "site sight cite", "steel steal", "son sun", "tail tale",
    "week weak", "wood would", "new knew", "past passed", "pear pair", "road rode", "sail sale", "scene seen", "red read", "oh o",
    "whole hole", "witch which", "board bored", "lead led", "male mail", "sophie sophy", "anna ana",
    "miller millar", "anderson andersen", "warn worn", "course coarse",
]
SAME = {word: group.split()[0] for group in HOMOPHONES for word in group.split()}
NUMBERS = set(
    "zero one two to for three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion".split())
COMPOUND = 5  # the most words that one written word may stand for


def normal(text: str) -> list[str]:
    """The words in their normal form: lower case, no punctuation or apostrophes, abbreviations in full, homophones as one."""
    text = text.lower().replace("’", "'").replace("&", " and ")
    text = re.sub(r"\b((?:[a-z]\.){2,})", lambda found: found[1].replace(".", "") + " ", text)
    text = re.sub(r"per cent\b", "percent", text)
    words = re.sub(r"[^a-z0-9]", " ", text.replace("'", "")).split()
    words = " ".join(EXPANSIONS.get(word, word) for word in words).split()
    words = [SAME.get(word, word) for word in words]
    return [word for place, word in enumerate(words) if not is_silent_and(words, place)]


def is_silent_and(words: list[str], place: int) -> bool:
    """Whether a word is the "and" of one hundred and five, or of dollars and cents, which people say or not."""
    if words[place] != "and" or not 0 < place < len(words) - 1:
        return False
    return words[place - 1] in {"hundred", "thousand", "million", "dollars"} and words[place + 1] in NUMBERS


def references(spoken: str) -> list[list[str]]:
    """All references that a line stands for: "the (fourteenth|fourteen)" is two."""
    parts = [part.split("|") for part in re.split(r"[()]", spoken)]
    return [normal(" ".join(choice)) for choice in itertools.product(*parts)]


def joined(words: list[str], others: set[str]) -> list[str]:
    """The words, those as one that the other side writes as one: "sea shells" and "seashells", "u s b" and "usb"."""
    result, place = [], 0
    while place < len(words):
        for count in range(min(COMPOUND, len(words) - place), 0, -1):
            word = "".join(words[place : place + count])
            if count == 1 or word in others:
                result.append(word)
                place += count
                break
    return result


def differences(spoken: str, heard: str) -> tuple[list[tuple[str, str]], int]:
    """The pairs of reference and heard that differ ("" where a word is missing), by the reference that fits best, and how many
    words that reference has."""
    found = []
    for reference in references(spoken):
        said = normal(heard)
        length = len(reference)
        wanted = joined(reference, set(said))
        found.append((edits(wanted, joined(said, set(wanted))), length))
    return min(found, key=lambda candidate: len(candidate[0]))


def edits(wanted: list[str], said: list[str]) -> list[tuple[str, str]]:
    """The fewest replaced, left out and added words."""
    costs = [[column + row if not (row and column) else 0 for column in range(len(said) + 1)] for row in range(len(wanted) + 1)]
    for row, column in itertools.product(range(1, len(wanted) + 1), range(1, len(said) + 1)):
        costs[row][column] = min(
            costs[row - 1][column - 1] + (wanted[row - 1] != said[column - 1]), costs[row - 1][column] + 1,
            costs[row][column - 1] + 1)
    row, column, pairs = len(wanted), len(said), []
    while row or column:
        if row and column and costs[row][column] == costs[row - 1][column - 1] + (wanted[row - 1] != said[column - 1]):
            row, column = row - 1, column - 1
            if wanted[row] != said[column]:
                pairs.append((wanted[row], said[column]))
        elif row and costs[row][column] == costs[row - 1][column] + 1:
            row -= 1
            pairs.append((wanted[row], ""))
        else:
            column -= 1
            pairs.append(("", said[column]))
    return pairs[::-1]


def plain(spoken: str) -> list[str]:
    """The words of a line as they stand, of alternatives the first."""
    return re.sub(r"\(([^|)]*)[^)]*\)", r"\1", spoken).split()
