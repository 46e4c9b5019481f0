"""Scores recipes on people who did not teach: every speaker of the footage is left out in turn.

    evaluate.py DATA [--seeds N] [--set NAME=VALUE]…

Prints a Markdown table: for each share of the first stage the correlation of opening, width and jaw with the tracked mouths
(means over the speakers, then of the presidents alone, who speak freely), closures found and real, and opening in noise and
babble. `--set` changes a field of train.Recipe.
"""

import argparse
import ast
import copy
import dataclasses
import pickle

import numpy
import torch

from network import CLASSES
from recordings import OUTPUT_RATE
from train import Recipe, Training

SHARES = (0, 0.3, 0.5, 1)
PRESIDENTS = ("president", "older president")
KINDS = ("plain", "noise", "babble")


def predicted(networks, item):
    """Curves (moments x 3) and likelihood of shut lips, averaged."""
    states = torch.from_numpy(item["states"].astype(numpy.float32).T[None])
    with torch.no_grad():
        outputs = [network(states) for network in networks]
    curves = sum(curves[0] for curves, _ in outputs) / len(outputs)
    visemes = sum(torch.softmax(logits[0], 0) for _, logits in outputs) / len(outputs)
    return curves.numpy().T, visemes[CLASSES.index("PBM")].numpy()


def standardised(curves):
    return (curves - curves.mean(0)) / (curves.std(0) + 1e-6)


def closures(opening):
    """Stretches under 15 % of the range between openings over 30 % within half a second, as ClosureScore.swift has them."""
    ordered = numpy.sort(opening)
    low = ordered[len(ordered) // 20]
    values = (opening - low) / max(ordered[len(ordered) * 19 // 20] - low, 1e-6)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], values < 0.15, [0]])))
    reach = OUTPUT_RATE // 2
    return [
        (first, end) for first, end in edges.reshape(-1, 2)
        if (values[max(first - reach, 0) : first] > 0.3).any() and (values[end : end + reach] > 0.3).any()]


def hits(wanted, others, tolerance=4):
    return sum(
        any(other[0] - one[1] <= tolerance and one[0] - other[1] <= tolerance for other in others) for one in wanted)


def shut(opening, likelihood):
    """The opening in shares of its range, shut where p, b or m are heard for 40 ms, as LipClosure.swift does it."""
    low, high = numpy.quantile(opening, [0.03, 0.97])
    values = numpy.maximum((opening - low) / (high - low + 1e-6), 0)
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate([[0], likelihood > 0.5, [0]])))
    moments = numpy.arange(len(values))
    for first, end in edges.reshape(-1, 2):
        if end - first >= 2:
            distance = numpy.maximum(0, numpy.maximum(first - moments, moments - (end - 1)))
            values = numpy.minimum(values, 0.05 + distance * 2 / 4)
    return values


def scores(first, second, clips):
    """Share to kind to means over a person's clips; under "closures" what was found and what was real."""
    found = {share: {kind: [] for kind in KINDS} for share in SHARES}
    counts = {share: numpy.zeros(4) for share in SHARES}
    weights = {kind: [] for kind in KINDS}
    for item in (item for clip in clips for item in clip["copies"] if item["kind"] in KINDS):
        where = item["counts"] > 0
        if where.sum() < 40:
            continue
        weights[item["kind"]].append(where.sum())
        (early, early_shut), (late, late_shut) = (predicted(stage, item) for stage in (first, second))
        real = item["curves"][where]
        for share in SHARES:
            curves = share * standardised(early[where]) + (1 - share) * standardised(late[where])
            found[share][item["kind"]].append([numpy.corrcoef(curves[:, k], real[:, k])[0, 1] for k in range(3)])
            if item["kind"] == "plain":
                likelihood = (share * early_shut + (1 - share) * late_shut)[where]
                shown, seen = closures(shut(curves[:, 0], likelihood)), closures(real[:, 0])
                counts[share] += [hits(seen, shown), len(seen), hits(shown, seen), len(shown)]
    return {
        share: {kind: numpy.average(found[share][kind], 0, weights[kind]) for kind in KINDS}
        | {"closures": counts[share][[0, 2]] / numpy.maximum(counts[share][[1, 3]], 1)} for share in SHARES}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--set", action="append", default=[])
    options = parser.parse_args()
    torch.set_num_threads(1)
    changes = {name: ast.literal_eval(value) for name, value in (pair.split("=") for pair in options.set)}
    with open(options.data, "rb") as file:
        training = Training(pickle.load(file), dataclasses.replace(Recipe(), **changes))
    clips = training.data["clips"]
    first = [training.first(seed + 1) for seed in range(options.seeds)]
    people = {}
    for person in sorted({clip["speaker"] for clip in clips}):
        second = [training.second(copy.deepcopy(network), seed + 1, [person]) for seed, network in enumerate(first)]
        people[person] = scores(first, second, [clip for clip in clips if clip["speaker"] == person])

    def mean(share, kind, names):
        return " / ".join(f"{value:.3f}" for value in numpy.mean([people[name][share][kind] for name in names], 0))

    print("| share of the first stage | all | presidents | closures, all | presidents | noise | babble |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for share in SHARES:
        cells = [mean(share, kind, names) for kind, names in (
            ("plain", people), ("plain", PRESIDENTS), ("closures", people), ("closures", PRESIDENTS),
            ("noise", people), ("babble", people))]
        print(f"| {share} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
