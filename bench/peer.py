"""The engine's denoising done by something else, to be timed beside it: every U-Net call of one picture.

    python bench/peer.py KIND training/configs/tiny.yaml THREADS

KIND is `pytorch`, `compile` (torch.compile), `onnxruntime` or `openvino` (both with the bundle's own graph). The
weights are the bundle's. Prints one line of JSON, {"name": ...} or, where KIND cannot run here, {"missing": why}; then
the seconds of one run for every line read from standard input. Keys and values of identity and text are computed once,
outside, as the engine does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import torch

from likeness_training.bundle.onnx_files import Graph
from likeness_training.data.tokenizer import load_tokenizer
from likeness_training.draft.config import TinyConfig, load_tiny
from likeness_training.draft.export import graphs
from likeness_training.draft.train import build_finisher, cumulative_alphas
from likeness_training.draft.weights import trained_weights
from likeness_training.models.recogniser import Recogniser

Run = Callable[[dict[str, np.ndarray]], np.ndarray]
"""A graph: its inputs by name to its output."""


def unet_of(config: TinyConfig) -> Graph:
    """The U-Net as a PyTorch module, with inputs of the bundle's shapes."""
    finisher = build_finisher(config, load_tokenizer(config.paths.tokenizer))
    finisher.load_state_dict(trained_weights(config.paths)[0])
    recogniser = Recogniser(config.paths.face_models / "fr_feature.onnx")
    return graphs(config.model, finisher.eval(), recogniser)["unet"]


def torch_run(unet: Graph, compiled: bool) -> Run:
    module = unet.module.eval().to(memory_format=torch.channels_last)
    call = torch.compile(module) if compiled else module

    def run(given: dict[str, np.ndarray]) -> np.ndarray:
        with torch.inference_mode():
            return call(*(torch.from_numpy(given[name]) for name in unet.inputs)).numpy()

    return run


def onnxruntime_run(path: str, threads: int) -> Run:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda given: session.run(None, given)[0]


def openvino_run(path: str, threads: int) -> Run:
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    model = openvino.Core().compile_model(path, "CPU", settings)
    return lambda given: model(given)[0]


class Peer:
    """Everything of a request that is ready before the loop starts."""

    def __init__(self, kind: str, config: TinyConfig, threads: int) -> None:
        known, steps = config.training.timesteps, config.bundle.steps
        self.timesteps = [known[place * len(known) // steps] for place in range(steps)]
        self.cumulative = cumulative_alphas().numpy()
        unet, path = unet_of(config), str(config.paths.out / "unet.onnx")
        self.inputs = {name: value.detach().numpy() for name, value in unet.inputs.items()}
        makers = {
            "pytorch": lambda: torch_run(unet, False),
            "compile": lambda: torch_run(unet, True),
            "onnxruntime": lambda: onnxruntime_run(path, threads),
            "openvino": lambda: openvino_run(path, threads),
        }
        self.unet = makers[kind]()

    def run(self) -> float:
        """Seconds of one picture: its answer, fresh noise, the next timestep, as the shipped sampler does."""
        random = np.random.default_rng(0)
        start = time.perf_counter()
        latents = random.standard_normal(self.inputs["latents"].shape, np.float32)
        for index, timestep in enumerate(self.timesteps):
            answer = self.unet({**self.inputs, "latents": latents, "timestep": np.array([timestep], np.float32)})
            if index + 1 < len(self.timesteps):
                left = self.cumulative[self.timesteps[index + 1]]
                noise = random.standard_normal(latents.shape, np.float32)
                latents = np.sqrt(left) * answer + np.sqrt(1 - left) * noise
        return time.perf_counter() - start


LIBRARIES = {"pytorch": "torch", "compile": "torch", "onnxruntime": "onnxruntime", "openvino": "openvino"}
NAMES = {
    "pytorch": "PyTorch",
    "compile": "torch.compile",
    "onnxruntime": "Python's onnxruntime",
    "openvino": "OpenVINO",
}


def main() -> None:
    kind, config, threads = sys.argv[1], load_tiny(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    try:
        peer = Peer(kind, config, threads)
        peer.run()
    except Exception as error:  # noqa: BLE001 what a peer lacks is reported, the others are measured all the same
        said = str(error).splitlines()[0][:200] if str(error) else ""
        print(json.dumps({"missing": f"{NAMES[kind]}: {type(error).__name__}: {said}"}), flush=True)
        return
    print(json.dumps({"name": f"{NAMES[kind]} {version(LIBRARIES[kind]).split('+')[0]}"}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": peer.run()}), flush=True)


if __name__ == "__main__":
    main()
