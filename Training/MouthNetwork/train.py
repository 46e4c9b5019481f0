"""Trains heads on Whisper's hidden states in two stages.

    train.py DATA OUT.pt [--seed S]

First synthetic speech: the viseme of every moment, and the mouth that the rule model makes of the exact phones. Then tracked
faces, with the visemes of their aligned words, and the synthetic speech beside them. Both stages are kept: what few faces
teach is theirs in part, and a mix of both follows a stranger best (evaluate.py).
"""

import argparse
import dataclasses
import pickle

import numpy
import torch

from network import CLASSES, MouthHead

CROP = 100  # moments of 20 ms


@dataclasses.dataclass
class Recipe:
    """What may be chosen; the defaults are what leaving speakers out chose (docs/mouth-network.md)."""

    channels: int = 96
    dilations: tuple = (1, 2)
    dropout: float = 0.3
    decay: float = 0.05
    steps: int = 1200
    face_steps: int = 400
    face_rate: float = 6e-4
    difference: float = 2.0  # weight of the error of changes
    correlation: float = 0.0  # weight of one minus the correlation of a crop
    beside: float = 0.5  # weight of the synthetic speech in the second stage
    curves_beside: float = 0.5  # weight of the rule mouths in the loss of synthetic speech
    kinds: tuple = ("plain", "room", "noise", "babble", "music")
    crop: int = CROP
    jaw: float = 1.0
    shares: tuple = (0.1, 0.5, 0.1)  # the first stage's part in opening (and visemes), width and jaw


class Sampler:
    """Random crops; where an item ends, features are their mean and nothing counts."""

    def __init__(self, items, weights, filling, crop, seed):
        self.items, self.weights = items, numpy.array(weights) / numpy.sum(weights)
        self.filling, self.length = filling, crop
        self.generator = numpy.random.default_rng(seed)

    def batch(self, size):
        parts = [self.crop(self.items[number]) for number in self.generator.choice(len(self.items), size, p=self.weights)]
        states, curves, counts, visemes = (torch.from_numpy(numpy.stack(column)) for column in zip(*parts))
        return states.transpose(1, 2), curves.transpose(1, 2), counts, visemes

    def crop(self, item):
        length = self.length
        start = int(self.generator.integers(0, max(1, len(item["states"]) - length + 1)))

        def cut(key, filling, shape, kind):
            piece = numpy.full((length, *shape), filling, kind)
            values = item[key][start : start + length]
            piece[: len(values)] = values
            return piece

        values = item["states"][start : start + length]
        states = numpy.empty((length, len(self.filling)), numpy.float32)
        states[: len(values)] = values
        states[len(values) :] = self.filling
        visemes = cut("visemes", -1, (), numpy.int64)
        counts = cut("counts", 0, (), numpy.float32) if "counts" in item else (visemes > 0).astype(numpy.float32)
        return states, cut("curves", 0, (3,), numpy.float32), counts, visemes


def curve_loss(predicted, wanted, counts, recipe):
    """Squared error of the curves and of their changes, and what is missing to a correlation of one."""
    weight = torch.tensor([1.5, 1.0, recipe.jaw]).view(1, 3, 1)
    error = (weight * (predicted - wanted) ** 2 * counts[:, None]).sum() / (3 * counts.sum() + 1)
    both = counts[:, None, 1:] * counts[:, None, :-1]
    change = (predicted - wanted).diff(dim=2)
    error = error + recipe.difference * (weight * change**2 * both).sum() / (3 * counts.sum() + 1)
    if recipe.correlation:
        n = counts.sum(1)[:, None, None] + 1e-3
        a = (predicted - (predicted * counts[:, None]).sum(2, True) / n) * counts[:, None]
        b = (wanted - (wanted * counts[:, None]).sum(2, True) / n) * counts[:, None]
        r = (a * b).sum(2) / ((a**2).sum(2) * (b**2).sum(2) + 1e-3).sqrt()
        enough = (counts.sum(1) > 25).float()[:, None]
        error = error + recipe.correlation * ((1 - r) * weight[..., 0] * enough).sum() / (3 * enough.sum() + 1)
    return error


def viseme_loss(logits, visemes):
    """Cross-entropy where the viseme is known; lips count more than tongues."""
    if not (visemes >= 0).any():
        return logits.sum() * 0
    weight = torch.ones(len(CLASSES))
    weight[CLASSES.index("PBM")], weight[CLASSES.index("FV")] = 2, 1.5
    return torch.nn.functional.cross_entropy(logits, visemes, weight, label_smoothing=0.05, ignore_index=-1)


def loss(network, sampler, size, curves_share, visemes_share, recipe):
    states, curves, counts, visemes = sampler.batch(size)
    predicted, logits = network(states)
    return curves_share * curve_loss(predicted, curves, counts, recipe) + visemes_share * viseme_loss(logits, visemes)


def optimise(network, steps, rate, decay, loss_of_step, name):
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    network.train()
    total = 0.0
    for step in range(1, steps + 1):
        value = loss_of_step()
        optimiser.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        total += value.item()
        if step % 200 == 0:
            print(f"{name} {step}: {total / 200:.3f}", flush=True)
            total = 0.0
    network.eval()


def clip_items(clips, without, kinds):
    """A person counts with the root of the footage there is of him, a clip with its spoken length."""
    teachers = [clip for clip in clips if clip["speaker"] not in without]
    moments = {}
    for clip in teachers:
        moments[clip["speaker"]] = moments.get(clip["speaker"], 0) + clip["copies"][0]["counts"].sum()
    pairs = [
        (copy, copy["counts"].sum() / moments[clip["speaker"]] ** 0.5)
        for clip in teachers for copy in clip["copies"] if copy["kind"] in kinds]
    return [copy for copy, _ in pairs], [weight for _, weight in pairs]


class Training:
    """The data, and what of it is the same for every head."""

    def __init__(self, data, recipe):
        self.data, self.recipe = data, recipe
        spoken = data["speech"] + data["silence"]
        some = numpy.concatenate(
            [item["states"][::20] for item in spoken[::10]]
            + [clip["copies"][0]["states"] for clip in data["clips"][::3]]).astype(numpy.float32)
        self.mean, self.spread = some.mean(0), some.std(0) + 1e-3
        shares = [0.85 / len(data["speech"])] * len(data["speech"]) + [0.15 / len(data["silence"])] * len(data["silence"])
        self.spoken, self.shares = spoken, shares

    def first(self, seed):
        """A head that learned from synthetic speech alone."""
        recipe = self.recipe
        torch.manual_seed(seed)
        network = MouthHead(len(self.mean), recipe.channels, recipe.dilations, recipe.dropout)
        network.offset[0, :, 0], network.scale[0, :, 0] = torch.from_numpy(self.mean), torch.from_numpy(1 / self.spread)
        sampler = Sampler(self.spoken, self.shares, self.mean, recipe.crop, seed)
        optimise(
            network, recipe.steps, 2e-3, recipe.decay,
            lambda: loss(network, sampler, 20, recipe.curves_beside, 1.0, recipe), "synthetic")
        return network

    def second(self, network, seed, without=()):
        """The same head after it has seen faces."""
        recipe = self.recipe
        torch.manual_seed(seed)
        sampler = Sampler(self.spoken, self.shares, self.mean, recipe.crop, seed)
        items, weights = clip_items(self.data["clips"], without, recipe.kinds)
        faces = Sampler(items, weights, self.mean, recipe.crop, seed)
        optimise(
            network, recipe.face_steps, recipe.face_rate, recipe.decay,
            lambda: loss(network, faces, 16, 1.0, 0.5, recipe)
            + recipe.beside * loss(network, sampler, 8, recipe.curves_beside, 1.0, recipe), "faces")
        return network

    def curve_spreads(self, network):
        """The standard deviation of each curve over the speech of the clips."""
        curves = []
        with torch.no_grad():
            for clip in self.data["clips"]:
                item = clip["copies"][0]
                states = torch.from_numpy(item["states"].astype(numpy.float32).T[None])
                curves.append(network(states)[0][0].numpy().T[item["counts"] > 0])
        return numpy.concatenate(curves).std(0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(1)
    with open(options.data, "rb") as file:
        training = Training(pickle.load(file), Recipe())
    heads = []
    network = training.first(options.seed)
    first = numpy.array(training.recipe.shares)
    for shares in (first, 1 - first):
        state = {key: value.clone() for key, value in network.state_dict().items()}
        heads.append({"state": state, "shares": shares, "spread": training.curve_spreads(network)})
        if len(heads) == 1:
            training.second(network, options.seed)
    torch.save({"heads": heads, "recipe": dataclasses.asdict(training.recipe)}, options.out)


if __name__ == "__main__":
    main()
