"""Scores networks on people who did not teach them, alone and with a share of the rule model.

    evaluate.py DATA MODEL… [--speaker NAME]… [--rules SHARE]…

Prints the correlation of opening, width and jaw with the tracked mouth at each clip's own best lag, per clip and in the
median. Several models are averaged. Without `--speaker`: every clip that never teaches.
"""

import argparse
import pickle

import numpy
import torch

from features import log_mel, normalised
from network import MouthNetwork
from recordings import OUTPUT_RATE, standardised


def predicted(networks, recording):
    """Output moments x 3, z-scores over the speech."""
    bands = torch.from_numpy(normalised(log_mel(recording.samples)).T[None])
    spoken = recording.visemes() > 0
    with torch.no_grad():
        curves = [network(bands)[0][0].numpy().T[: len(spoken)] for network in networks]
    return sum(standardised(curve, spoken) for curve in curves) / len(curves)


def score(recording, curves):
    """The lag in milliseconds and the three correlations there."""
    best = (-9.0, 0, numpy.zeros(3))
    times = numpy.arange(len(curves)) / OUTPUT_RATE
    for lag in range(-300, 301, 10):
        moments = recording.seconds - lag / 1000
        inside = (moments >= 0) & (moments <= times[-1])
        if inside.sum() < 30:
            continue
        found = numpy.array([
            numpy.corrcoef(numpy.interp(moments[inside], times, curves[:, index]), recording.curves[inside, index])[0, 1]
            for index in range(3)
        ])
        if found[0] + found[2] > best[0]:
            best = (found[0] + found[2], lag, found)
    return best[1], best[2]


def load(path):
    network = MouthNetwork()
    network.load_state_dict(torch.load(path))
    return network.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("models", nargs="+")
    parser.add_argument("--speaker", action="append", default=[])
    parser.add_argument("--rules", action="append", type=float, default=[])
    parser.add_argument("--clips", action="store_true")
    options = parser.parse_args()
    with open(options.data, "rb") as file:
        clips = pickle.load(file)["clips"]
    judges = [
        clip for clip, items in clips if (clip.speaker in options.speaker if options.speaker else len(items) == 1)
    ]
    networks = [load(path) for path in options.models]
    for share in options.rules or [0, 0.5, 1]:
        scores = []
        for clip in judges:
            curves = predicted(networks, clip) + share * clip.rule_curves()
            lag, found = score(clip, curves)
            scores.append(found)
            if options.clips:
                print(f"| {clip.name} | {lag} | " + " | ".join(f"{value:.2f}" for value in found) + " |")
        median, mean = numpy.median(scores, 0), numpy.mean(scores, 0)
        print(f"rules {share}: median {median.round(3)}, mean {mean.round(3)} of {len(scores)}")


if __name__ == "__main__":
    main()
