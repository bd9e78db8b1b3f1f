"""The engine's work done by something else, to be timed beside it: every U-Net call of one batch, and its decoding.

    python bench/peer.py KIND training/configs/tiny/export.yaml THREADS

KIND is `pytorch`, `compile` (torch.compile), `onnxruntime` or `openvino` (both with the bundle's own graphs). The weights are the
bundle's. Prints one line of JSON, {"name": ...} or, where KIND cannot run here, {"missing": why}; then the seconds of one run for every
line read from standard input. Keys and values of identity and text are computed once, outside, as the engine does.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version

import numpy as np
import torch
from likeness_training.config import Config, load_config
from likeness_training.data.align import ARCFACE_SIZE
from likeness_training.data.tokenizer import load_tokenizer
from likeness_training.diffusion import Schedule
from likeness_training.export import graphs
from likeness_training.graphs import VisionEncoder
from likeness_training.models.autoencoder import Autoencoder
from likeness_training.models.recogniser import Recogniser
from likeness_training.parts import Parts, Words
from likeness_training.train.denoising import build
from likeness_training.weights import load

Run = Callable[[dict[str, np.ndarray]], np.ndarray]
"""A graph: its inputs by name to its output."""


def open_parts(config: Config) -> Parts:
    """The bundle's weights as PyTorch modules."""
    bundle = config.resolve(config["out"])
    states = load(bundle, config.resolve(config["weights"]))
    tokenizer = load_tokenizer(bundle / "tokenizer.json")
    model, autoencoder = build(config, tokenizer).eval(), Autoencoder(**config["autoencoder"]).eval()
    model.load_state_dict(states["model"])
    autoencoder.load_state_dict(states["autoencoder"])
    vision = VisionEncoder(Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx"))
    return Parts(model, vision, autoencoder, Words(bundle / "tokenizer.json", {}, lambda text: []), ARCFACE_SIZE)


def torch_runs(made: dict, compiled: bool) -> dict[str, Run]:
    def runner(graph) -> Run:
        module = graph.module.eval().to(memory_format=torch.channels_last)
        call, names = torch.compile(module) if compiled else module, list(graph.inputs)

        def run(given: dict[str, np.ndarray]) -> np.ndarray:
            with torch.inference_mode():
                return call(*(torch.from_numpy(given[name]) for name in names)).numpy()

        return run

    return {name: runner(made[name]) for name in ("unet", "decoder")}


def onnxruntime_runs(bundle, threads: int) -> dict[str, Run]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    sessions = {name: onnxruntime.InferenceSession(str(bundle / f"{name}.onnx"), options, providers=["CPUExecutionProvider"]) for name in ("unet", "decoder")}
    return {name: lambda given, session=session: session.run(None, given)[0] for name, session in sessions.items()}


def openvino_runs(bundle, threads: int) -> dict[str, Run]:
    import openvino

    settings = {"INFERENCE_NUM_THREADS": threads, "PERFORMANCE_HINT": "LATENCY"}
    models = {name: openvino.Core().compile_model(str(bundle / f"{name}.onnx"), "CPU", settings) for name in ("unet", "decoder")}
    return {name: lambda given, model=model: model(given)[0] for name, model in models.items()}


class Peer:
    """Everything of a request that is ready before the loop starts."""

    def __init__(self, kind: str, config: Config, threads: int) -> None:
        self.sampling, self.schedule = config["sampling"], Schedule(config["diffusion"])
        made, bundle = graphs(config, open_parts(config)), config.resolve(config["out"])
        self.inputs = {name: value.detach().numpy() for name, value in made["unet"].inputs.items()}
        makers = {
            "pytorch": lambda: torch_runs(made, False),
            "compile": lambda: torch_runs(made, True),
            "onnxruntime": lambda: onnxruntime_runs(bundle, threads),
            "openvino": lambda: openvino_runs(bundle, threads),
        }
        self.runs = makers[kind]()

    def predict(self, latents: np.ndarray, timestep: int) -> np.ndarray:
        given = {**self.inputs, "latents": latents, "timestep": np.array([timestep], np.float32)}
        towards = self.runs["unet"]({**given, "beta": np.array([0.8], np.float32)})
        scale = self.sampling["guidanceScale"]
        if scale == 1:
            return towards
        away = self.runs["unet"]({**given, "beta": np.array([0.0], np.float32)})
        return away + scale * (towards - away)

    def run(self) -> float:
        """Seconds of one batch: x0_hat, fresh noise, the next timestep, as the shipped sampler does; decoded."""
        random = np.random.default_rng(0)
        start = time.perf_counter()
        latents = random.standard_normal(self.inputs["latents"].shape, np.float32)
        timesteps = self.sampling["timesteps"]
        for index, timestep in enumerate(timesteps):
            a, s = (float(part) for part in self.schedule.parts(torch.tensor([timestep])))
            latents = a * latents - s * self.predict(latents, timestep)
            if index + 1 < len(timesteps):
                a, s = (float(part) for part in self.schedule.parts(torch.tensor([timesteps[index + 1]])))
                latents = a * latents + s * random.standard_normal(latents.shape, np.float32)
        self.runs["decoder"]({"latents": latents})
        return time.perf_counter() - start


LIBRARIES = {"pytorch": "torch", "compile": "torch", "onnxruntime": "onnxruntime", "openvino": "openvino"}
NAMES = {"pytorch": "PyTorch", "compile": "torch.compile", "onnxruntime": "Python's onnxruntime", "openvino": "OpenVINO"}


def main() -> None:
    kind, config, threads = sys.argv[1], load_config(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(threads)
    try:
        peer = Peer(kind, config, threads)
        peer.run()
    except Exception as error:  # noqa: BLE001 what a peer lacks is reported, the others are measured all the same
        print(json.dumps({"missing": f"{NAMES[kind]}: {type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"}), flush=True)
        return
    print(json.dumps({"name": f"{NAMES[kind]} {version(LIBRARIES[kind]).split('+')[0]}"}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": peer.run()}), flush=True)


if __name__ == "__main__":
    main()
