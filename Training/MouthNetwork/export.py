"""Writes networks as one ONNX model that the engine reads; several are averaged.

    export.py MODEL… OUT.onnx
"""

import sys

import torch

from evaluate import load

RUN_LENGTH = 1024  # frames of 10 ms, as in Sources/Speech/MouthNetwork.swift


class Together(torch.nn.Module):
    def __init__(self, networks):
        super().__init__()
        self.networks = torch.nn.ModuleList(networks)

    def forward(self, bands):
        results = [network(bands) for network in self.networks]
        curves = sum(curves for curves, _ in results) / len(results)
        return curves, sum(torch.softmax(logits, 1) for _, logits in results) / len(results)


def main():
    *models, out = sys.argv[1:]
    together = Together([load(path) for path in models]).eval()
    torch.onnx.export(
        together, torch.zeros(1, 40, RUN_LENGTH), out, input_names=["bands"], output_names=["curves", "visemes"],
        opset_version=13)
    print(sum(parameter.numel() for parameter in together.parameters()), "weights")


if __name__ == "__main__":
    main()
