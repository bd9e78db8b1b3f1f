"""The engine's work in PyTorch, to be timed beside it: the denoising loop of one batch with guidance, and its decoding.

    python bench/torch_peer.py training/configs/tiny/export.yaml THREADS

Prints one line of JSON saying what is being timed, then the seconds of one run for every line read from standard input.
Trained weights are used where the training's work folder has them; the bundle's shapes with fresh weights, which take the
same time, where it has not. Keys and values of identity and text are computed once, outside the loop, as the engine does.
"""

from __future__ import annotations

import json
import sys
import time

import torch
from likeness_training.config import Config, load_config
from likeness_training.data.tokenizer import load_tokenizer
from likeness_training.export import graphs, load_parts
from likeness_training.golden_schedulers import SAMPLERS
from likeness_training.models.autoencoder import Autoencoder
from likeness_training.models.recogniser import Recogniser
from likeness_training.train.denoising import build


def open_parts(config: Config) -> tuple[str, tuple]:
    """Which weights, and model, autoencoder and recogniser."""
    if (config.work / config["checkpoint"]).is_file():
        return "the same weights", load_parts(config)
    tokenizer = load_tokenizer(config.resolve(config["out"]) / "tokenizer.json")
    recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx")
    return "fresh weights of the same shapes", (build(config, tokenizer).eval(), Autoencoder(**config["autoencoder"]).eval(), recogniser)


class Peer:
    """Everything of a request that is ready before the loop starts."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.weights, parts = open_parts(config)
        made = graphs(config, *parts)
        unet, decoder = made["unet"], made["decoder"]
        self.unet = unet.module.eval().to(memory_format=torch.channels_last)
        self.decoder = decoder.module.eval().to(memory_format=torch.channels_last)
        self.inputs = dict(unet.inputs)

    def predict(self, latents: torch.Tensor, timestep: torch.Tensor, beta: float) -> torch.Tensor:
        given = {"latents": latents, "timestep": timestep.reshape(1).float(), "beta": torch.tensor([beta])}
        return self.unet(*({**self.inputs, **given}[name] for name in self.inputs))

    @torch.inference_mode()
    def run(self) -> float:
        """Seconds of one batch."""
        start = time.perf_counter()
        sampling, diffusion = self.config["sampling"], self.config["diffusion"]
        cls, options = SAMPLERS[sampling["sampler"]]
        scheduler = cls(num_train_timesteps=diffusion["trainTimesteps"], beta_schedule=diffusion["schedule"], beta_start=diffusion["betaStart"],
                        beta_end=diffusion["betaEnd"], prediction_type=diffusion["prediction"], timestep_spacing="trailing", **options)  # fmt: skip
        scheduler.set_timesteps(sampling["steps"])
        latents = torch.randn_like(self.inputs["latents"]).to(memory_format=torch.channels_last)
        for timestep in scheduler.timesteps:
            towards, away = self.predict(latents, timestep, 0.8), self.predict(latents, timestep, 0.0)
            latents = scheduler.step(away + sampling["guidanceScale"] * (towards - away), timestep, latents).prev_sample
        self.decoder(latents)
        return time.perf_counter() - start


def main() -> None:
    config, threads = load_config(sys.argv[1]), int(sys.argv[2])
    torch.set_num_threads(threads)
    peer = Peer(config)
    peer.run()
    print(json.dumps({"name": f"PyTorch {torch.__version__.split('+')[0]}, {peer.weights}"}), flush=True)
    for _ in sys.stdin:
        print(json.dumps({"seconds": peer.run()}), flush=True)


if __name__ == "__main__":
    main()
