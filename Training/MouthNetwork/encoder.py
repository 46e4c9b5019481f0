"""Whisper's hidden states for a whole sound, through OpenVINO."""

import numpy
import openvino

from features import BANDS, CONTEXT, WINDOW, moments_of, windows


class Encoder:
    """Runs the states' model of build.py on sounds of any length."""

    def __init__(self, path):
        core = openvino.Core()
        model = core.read_model(path)
        model.reshape([1, BANDS, WINDOW])
        self.names = [sorted(output.get_names())[0] for output in model.outputs]
        settings = {
            "INFERENCE_NUM_THREADS": 1, "PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self.request = core.compile_model(model, "CPU", settings).create_infer_request()

    def __call__(self, samples, shift=0):
        """Output name to moments x values; moment k is at k x 20 ms. `shift` is that of `windows`."""
        parts = {name: [] for name in self.names}
        for window in windows(samples, shift):
            outputs = self.request.infer([window[None]])
            for name, value in zip(self.names, outputs.values()):
                parts[name].append(value[0, CONTEXT // 2 : (WINDOW - CONTEXT) // 2].astype(numpy.float16))
        count = moments_of(samples)
        return {name: numpy.concatenate(rows)[shift // 2 : shift // 2 + count] for name, rows in parts.items()}
