"""Builds the ONNX models: Whisper's first blocks alone, for training, or with trained heads behind them.

    build.py MODEL.bin OUT.onnx                 the states after each block, in single precision
    build.py MODEL.bin OUT.onnx HEADS.pt…       the whole network, weights in 8 bits; all heads of train.py are averaged

MODEL.bin are Whisper tiny.en's weights in CTranslate2's format. The model takes `mel` (1 x 80 x 1200, one window of
features.py) and gives `layer_N` (1 x 600 x 384), or `curves` (1 x 3 x 600) and `visemes` (1 x 15 x 600, likelihoods).
"""

import sys

import numpy
import onnx
from onnx import TensorProto, helper

from features import BANDS, WINDOW
from network import LAYERS
from whisper import Graph, encoder, read_variables

MOMENTS = WINDOW // 2


def convolution(graph, state, x, name, dilation=1):
    taps = state[name + ".weight"].shape[2]
    return graph.node(
        "Conv", x, graph.constant(state[name + ".weight"], outputs=0), graph.constant(state[name + ".bias"]),
        kernel_shape=[taps], dilations=[dilation], pads=[taps // 2 * dilation] * 2)


def head(graph, saved, count, recipe, states):
    """The network of network.py on the joined states; names of its parts of the curves, which have spread 1, and visemes.

    `count` heads of each stage are averaged.
    """
    state = {key: value.numpy() for key, value in saved["state"].items()}
    x = graph.node("Concat", *(states[layer - 1] for layer in LAYERS), axis=2)
    x = graph.node("Transpose", x, perm=[0, 2, 1])
    # Scales and shares go into weights, where they cost nothing.
    factors = (saved["shares"] / saved["spread"] / count).astype(numpy.float32)
    state["entry.weight"] = state["entry.weight"] * state["scale"][0][None]
    state["entry.bias"] = state["entry.bias"] - (state["entry.weight"] * state["offset"][0][None]).sum((1, 2))
    state["curves.weight"] = state["curves.weight"] * factors[:, None, None]
    state["curves.bias"] = state["curves.bias"] * factors
    x = graph.node("Relu", convolution(graph, state, x, "entry"))
    for index, dilation in enumerate(recipe["dilations"]):
        wide = graph.node("Relu", convolution(graph, state, x, f"blocks.{index}.wide", dilation))
        x = graph.node("Add", x, convolution(graph, state, wide, f"blocks.{index}.mix"))
    x = graph.node("Relu", x)
    curves = convolution(graph, state, graph.node("Relu", convolution(graph, state, x, "motion")), "curves")
    visemes = graph.node("Softmax", convolution(graph, state, x, "visemes"), axis=1)
    return curves, graph.node("Mul", visemes, graph.constant(numpy.float32(saved["shares"][0] / count)))


def build(weights, trainings):
    graph = Graph("eight" if trainings else "float")
    states = encoder(graph, weights, max(LAYERS), MOMENTS)
    if trainings:
        curves, visemes = zip(*(
            head(graph, saved, len(trainings), training["recipe"], states)
            for training in trainings for saved in training["heads"]))
        outputs = {
            "curves": (graph.node("Sum", *curves), [1, 3, MOMENTS]),
            "visemes": (graph.node("Sum", *visemes), [1, 15, MOMENTS])}
    else:
        outputs = {f"layer_{number + 1}": (name, [1, MOMENTS, 384]) for number, name in enumerate(states)}
    for name, (source, _) in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [source], [name]))
    made = helper.make_graph(
        graph.nodes, "mouth", [helper.make_tensor_value_info("mel", TensorProto.FLOAT, [1, BANDS, WINDOW])],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, (_, shape) in outputs.items()],
        graph.weights)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 18)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def main():
    source, out, *trainings = sys.argv[1:]
    if trainings:
        import torch

        trainings = [torch.load(path) for path in trainings]
    model = build(read_variables(source), trainings)
    onnx.save(model, out)
    print(f"{out}: {model.ByteSize() / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
