"""Write what PyTorch computes with an exported bundle's weights: every graph, and the whole sampling loop.

    python -m likeness_training.golden_bundle configs/tiny/export.yaml ../test/golden

The TypeScript side runs the bundle on the same inputs and must agree. Nobody's photo is in it: the reference pictures
are drawn.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import DDIMScheduler, DPMSolverMultistepScheduler, EulerDiscreteScheduler, LCMScheduler
from torch import Tensor

from .config import Config, load_config
from .data.align import ARCFACE_SIZE, CROP_POINTS, arcface_from_crop, similarity
from .data.drawn import draw_face
from .data.tokenizer import encode, load_tokenizer
from .export import digest, graphs, load_parts
from .golden_schedulers import added_noise, trailing

STEPS = 20
PROMPT = "smiling, looking left, pencil sketch, person is sks"
TEXTS = (
    "",
    "smiling, looking left, pencil sketch, person is sks",
    "SMILING   looking\tleft",
    "an elderly man, pop-art; 8-bit!",
    "zorblax flurbed über Ünïcode naïve 你好 😀",
    "sks sksks sks, the sks",
    "low-poly (polygons) & neon/glow",
    "ﬁrst ﬂoor ½ ²",
)


def drawn_references(count: int) -> Tensor:
    """(count, 3, 112, 112), 0..255: one drawn face, repeated as a single photo is."""
    image, points = draw_face(np.random.default_rng(5), np.random.default_rng(6), "neutral", 0.0)
    crop = cv2.warpAffine(image, similarity(np.array(points), CROP_POINTS), (128, 128))
    face = torch.from_numpy(arcface_from_crop(crop)).permute(2, 0, 1).float()
    assert face.shape[-1] == ARCFACE_SIZE
    return face[None].repeat(count, 1, 1, 1)


def schedulers(diffusion: dict) -> dict:
    """diffusers' schedulers at the bundle's settings."""
    common = {
        "num_train_timesteps": diffusion["trainTimesteps"],
        "beta_start": diffusion["betaStart"],
        "beta_end": diffusion["betaEnd"],
        "beta_schedule": diffusion["schedule"],
        "prediction_type": diffusion["prediction"],
        "timestep_spacing": "trailing",
    }
    return {
        "ddim": DDIMScheduler(**common, clip_sample=False, set_alpha_to_one=True),
        "euler": EulerDiscreteScheduler(**common, final_sigmas_type="zero"),
        "dpmpp-2m": DPMSolverMultistepScheduler(
            **common, algorithm_type="dpmsolver++", solver_order=2, solver_type="midpoint", lower_order_final=True, final_sigmas_type="zero"
        ),
        "lcm": LCMScheduler(**common, clip_sample=False, set_alpha_to_one=True),
    }


def loop(scheduler: object, model, noise: Tensor, steps: int, timesteps: list[int] | None) -> Tensor:
    """Latents after the whole loop, noise of unit variance in. `timesteps`: those of a distilled model."""
    if isinstance(scheduler, LCMScheduler):
        scheduler.set_timesteps(timesteps=timesteps or trailing(steps), original_inference_steps=scheduler.config.num_train_timesteps)
    else:
        scheduler.set_timesteps(steps)
    z = noise * scheduler.init_noise_sigma
    with added_noise(noise, steps):
        for t in scheduler.timesteps:
            z = scheduler.step(model(scheduler.scale_model_input(z, t), t), t, z).prev_sample
    return z


class Golden:
    """Tensors on their way into one .bin file and its index."""

    def __init__(self) -> None:
        self.data, self.index, self.values = bytearray(), {}, {}

    def add(self, name: str, value: Tensor) -> None:
        kind = "int64" if value.dtype == torch.int64 else "float32"
        array = value.detach().contiguous().numpy().astype(f"<{'i8' if kind == 'int64' else 'f4'}")
        self.index[name] = {"shape": list(value.shape), "file": "bundle.bin", "offset": len(self.data), "dtype": kind}
        self.data += array.tobytes()
        self.values[name] = value

    def value(self, name: str) -> Tensor:
        return self.values[name]


@torch.no_grad()
def compute(config: Config) -> tuple[Golden, dict]:
    """Every tensor, and what the loop was run with."""
    parts = load_parts(config)
    made = {name: graph.module for name, graph in graphs(config, *parts).items()}
    tokenizer, length = load_tokenizer(config.work / "tokenizer.json"), config["text"]["max_position_embeddings"]
    golden = Golden()
    face = drawn_references(config["references"])
    golden.add("face", face[:1])
    tokens, classes, faces = made["vision_encoder"](face)
    for name, value in (("patch_tokens", tokens), ("class_embedding", classes), ("face_embedding", faces)):
        golden.add(name, value[:1])
    mean = torch.nn.functional.normalize(faces.mean(0, keepdim=True), dim=1)
    identity = made["identity"]
    person = dict(zip(identity.names, identity(tokens.reshape(1, -1, tokens.shape[-1]), classes.mean(0, keepdim=True), mean)))
    ids = torch.tensor([encode(tokenizer, PROMPT, length)])
    empty = torch.tensor([encode(tokenizer, "", length)])
    text = made["text_encoder"]
    given = [person[name] for name in text.inputs[1:]]
    words = dict(zip(text.names, text(ids, *given)))
    none = dict(zip(text.names, text(empty, *map(torch.zeros_like, given))))
    kept = {**person, **words}
    for name in kept:
        if name.endswith(("_0", "_embedding", "_vector")) or name == "draft":
            golden.add(name, kept[name])
    golden.add("input_ids", ids)
    torch.manual_seed(11)
    noise = torch.randn(config["batch"], config["unet"]["out_channels"], config["unet"]["sample_size"], config["unet"]["sample_size"])
    golden.add("noise", noise)
    unet, scale, beta = made["unet"], config["sampling"]["guidanceScale"], 0.8

    def predict(z: Tensor, t: Tensor, given: dict, strength: float) -> Tensor:
        inputs = {**person, **given, "latents": z, "timestep": torch.tensor([float(t)]), "beta": torch.tensor([strength])}
        return unet(*(inputs[name] for name in unet.names))

    golden.add("prediction", predict(noise, torch.tensor(500), words, beta))
    known = config["sampling"].get("timesteps")
    steps = len(known) if known else STEPS
    for name, scheduler in schedulers(config["diffusion"]).items():
        if known and name != config["sampling"]["sampler"]:
            continue
        latents = loop(scheduler, lambda z, t: torch.lerp(predict(z, t, none, 0.0), predict(z, t, words, beta), scale), noise, steps, known)
        golden.add(f"latents_{name}", latents)
    golden.add("image", made["decoder"](golden.value(f"latents_{config['sampling']['sampler']}"))[:1])
    return golden, {"prompt": PROMPT, "steps": steps, "guidanceScale": scale, "beta": beta, "timestep": 500}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="the export config of the bundle")
    parser.add_argument("out", type=Path, help="the folder of the goldens")
    arguments = parser.parse_args()
    config = load_config(arguments.config)
    golden, settings = compute(config)
    tokenizer = load_tokenizer(config.work / "tokenizer.json")
    length = config["text"]["max_position_embeddings"]
    index = {
        "madeBy": "likeness_training.golden_bundle",
        "manifestSha256": digest(config.resolve(config["out"]) / "manifest.json"),
        "loop": settings,
        "texts": [{"text": text, "ids": encode(tokenizer, text, length)} for text in TEXTS],
        "tensors": golden.index,
    }
    (arguments.out / "bundle.bin").write_bytes(golden.data)
    (arguments.out / "bundle.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n")
    print(f"{arguments.out}: {len(golden.index)} tensors, {len(golden.data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
