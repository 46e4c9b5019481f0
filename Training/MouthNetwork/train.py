"""Trains the mouth network in two stages.

    train.py DATA OUT [--steps N] [--clip-steps N] [--seed S] [--without SPEAKER]… [--first FILE]

The first stage learns from synthetic speech what is being articulated: the viseme of every moment, and the mouth that the
rule model makes of the exact phones. The second adds tracked faces and keeps the synthetic speech beside them, so that what
few faces teach does not push out what many voices taught. `--without` leaves a person out, to be scored; `--first` begins
with a first stage that was trained before.
"""

import argparse
import pickle

import numpy
import torch

from network import CLASSES, MouthNetwork

CROP = 200  # frames of 10 ms


class Sampler:
    """Random crops of items: features, then targets at half the rate."""

    def __init__(self, items, weights, seed):
        self.items = items
        self.weights = numpy.array(weights) / numpy.sum(weights)
        self.generator = numpy.random.default_rng(seed)

    def batch(self, size):
        chosen = self.generator.choice(len(self.items), size, p=self.weights)
        parts = [self.crop(self.items[index]) for index in chosen]
        return [torch.from_numpy(numpy.stack(column).astype(numpy.float32)) for column in zip(*parts)]

    def crop(self, item):
        bands, *targets = item
        start = 2 * int(self.generator.integers(0, max(1, (len(bands) - CROP) // 2 + 1)))
        piece = numpy.zeros((CROP, bands.shape[1]), numpy.float32)
        cut = bands[start : start + CROP].astype(numpy.float32)
        piece[: len(cut)] = cut + self.generator.normal(0, 0.15, bands.shape[1])
        self.mask(piece)
        result = [piece.T]
        for target in targets:
            short = target[start // 2 : start // 2 + CROP // 2]
            whole = numpy.zeros((CROP // 2, *target.shape[1:]), numpy.float32)
            whole[: len(short)] = short
            result.append(whole)
        return result

    def mask(self, piece):
        if self.generator.random() < 0.5:
            first, width = self.generator.integers(0, 36), self.generator.integers(1, 8)
            piece[:, first : first + width] = 0
        if self.generator.random() < 0.3:
            first, width = self.generator.integers(0, CROP), self.generator.integers(2, 12)
            piece[first : first + width] = 0


def curve_loss(predicted, wanted, counts):
    """Squared error of the curves, and twice that of their changes."""
    weight = torch.tensor([1.5, 1.0, 1.0]).view(1, 3, 1)
    error = (weight * (predicted - wanted) ** 2 * counts[:, None]).sum() / (3 * counts.sum() + 1)
    both = counts[:, None, 1:] * counts[:, None, :-1]
    change = (predicted - wanted).diff(dim=2)
    return error + 2 * (weight * change**2 * both).sum() / (3 * counts.sum() + 1)


def viseme_loss(logits, visemes):
    weight = torch.ones(len(CLASSES))
    weight[CLASSES.index("PBM")], weight[CLASSES.index("FV")] = 2, 1.5
    return torch.nn.functional.cross_entropy(logits, visemes.long(), weight, label_smoothing=0.05)


def synthetic_loss(network, sampler, size):
    bands, visemes, curves = sampler.batch(size)
    predicted, logits = network(bands)
    counts = (visemes > 0).float()
    return viseme_loss(logits, visemes) + 0.5 * curve_loss(predicted, curves.transpose(1, 2), counts)


def optimise(network, steps, rate, decay, loss_of_step, name):
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    total = 0.0
    network.train()
    for step in range(1, steps + 1):
        loss = loss_of_step()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        total += loss.item()
        if step % 200 == 0:
            print(f"{name} {step}: {total / 200:.3f}", flush=True)
            total = 0.0
    network.eval()


def clip_items(clips, without):
    """The copies of the clips that teach; a person counts with the root of the footage there is of him."""
    teachers = [(clip, items) for clip, items in clips if len(items) > 1 and clip.speaker not in without]
    frames = {}
    for clip, items in teachers:
        frames[clip.speaker] = frames.get(clip.speaker, 0) + items[0][2].sum()
    items, weights = [], []
    for clip, copies in teachers:
        for copy in copies:
            items.append(copy)
            weights.append(copy[2].sum() / frames[clip.speaker] ** 0.5)
    return items, weights


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--clip-steps", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--first")
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    with open(options.data, "rb") as file:
        data = pickle.load(file)
    spoken = data["speech"] + data["silence"]
    share = 0.12 / len(data["silence"]), 0.88 / len(data["speech"])
    synthetic = Sampler(spoken, [share[1]] * len(data["speech"]) + [share[0]] * len(data["silence"]), options.seed)
    network = MouthNetwork(dropout=0.1)
    if options.first:
        network.load_state_dict(torch.load(options.first))
    elif options.steps:
        optimise(network, options.steps, 2e-3, 0.01, lambda: synthetic_loss(network, synthetic, 24), "synthetic")
    if options.clip_steps:
        network.dropout.p = 0.2
        faces = Sampler(*clip_items(data["clips"], options.without), options.seed)

        def both():
            bands, curves, counts = faces.batch(16)
            loss = curve_loss(network(bands)[0], curves.transpose(1, 2), counts)
            return loss + 0.5 * synthetic_loss(network, synthetic, 10)

        optimise(network, options.clip_steps, 6e-4, 0.02, both, "faces")
    torch.save(network.state_dict(), options.out)


if __name__ == "__main__":
    main()
