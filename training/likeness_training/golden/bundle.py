"""Write what PyTorch computes with an exported bundle's weights: every graph, and the whole sampling loop.

    python -m likeness_training.golden.bundle CONFIG ../test/golden --base FOLDER --name sd21 --all

CONFIG is `configs/sd21-parity/export.yaml`. The TypeScript side runs the bundle on the same inputs
and must agree. Nobody's photo is in it: the reference pictures are drawn.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import UNet2DConditionModel
from torch import Tensor

from ..bundle.export import FACE_WIDTH
from ..bundle.graphs import DecoderGraph, UnetGraph
from ..bundle.onnx_files import digest
from ..bundle.parts import Parts, open_parts
from ..config import Config, load_config
from ..data.drawn import draw_face
from ..models.align import ARCFACE_SIZE, CROP_POINTS, arcface_from_crop, similarity
from ..models.idadapter import IdAdapter
from ..models.vision import ClipVision
from .schedulers import SAMPLERS, FreshNoise, Scheduler, set_timesteps

STEPS = 20
SOLVERS = ("ddim", "euler", "dpmpp-2m")
"""The samplers of the pipeline that add no noise."""
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


def drawn_references(count: int, size: int) -> Tensor:
    """(count, 3, size, size), 0..255: one drawn face, repeated as a single photo is."""
    image, points = draw_face(np.random.default_rng(5), np.random.default_rng(6), "neutral", 0.0)
    crop = cv2.warpAffine(image, similarity(np.array(points), CROP_POINTS), (128, 128))
    aligned = arcface_from_crop(crop)
    seen = aligned if size == ARCFACE_SIZE else cv2.resize(aligned, (size, size), interpolation=cv2.INTER_AREA)
    face = torch.from_numpy(seen).permute(2, 0, 1).float()
    return face[None].repeat(count, 1, 1, 1)


def scheduler(name: str, diffusion: dict, prediction: str) -> Scheduler:
    """diffusers' scheduler at the bundle's settings."""
    cls, options = SAMPLERS[name]
    betas = {
        "beta_start": diffusion["betaStart"],
        "beta_end": diffusion["betaEnd"],
        "beta_schedule": diffusion["schedule"],
    }
    return cls(
        num_train_timesteps=diffusion["trainTimesteps"],
        prediction_type=prediction,
        timestep_spacing="trailing",
        **betas,
        **options,
    )


def loop(name: str, made: Scheduler, model: Callable[[Tensor, Tensor], Tensor], noise: Tensor) -> Tensor:
    """Latents after the whole loop, noise of unit variance in."""
    set_timesteps(name, made, STEPS)
    z = noise * made.init_noise_sigma
    with FreshNoise(lambda step: fresh_noise(noise.shape)[step - 1]):
        for t in made.timesteps:
            z = made.step(model(made.scale_model_input(z, t), t), t, z).prev_sample
    return z


def fresh_noise(shape: torch.Size) -> Tensor:
    """(STEPS - 1, *shape): what a sampler adds after each step but the last."""
    return torch.randn((STEPS - 1, *shape), generator=torch.Generator().manual_seed(12))


def base_model(parts: Parts, settings: dict, width: int) -> UNet2DConditionModel:
    """The U-Net of diffusers itself, without adapters, on the same weights."""
    plain = UNet2DConditionModel(**settings, cross_attention_dim=width).eval()
    plain.load_state_dict(
        {name: value for name, value in parts.model.unet.state_dict().items() if ".fuser." not in name}
    )
    return plain


class Golden:
    """Tensors on their way into one .bin file and its index."""

    def __init__(self, file: str) -> None:
        self.file, self.data, self.index = file, bytearray(), {}

    def add(self, name: str, value: Tensor) -> None:
        kind = "int64" if value.dtype == torch.int64 else "float32"
        array = value.detach().contiguous().numpy().astype(f"<{'i8' if kind == 'int64' else 'f4'}")
        self.index[name] = {"shape": list(value.shape), "file": self.file, "offset": len(self.data), "dtype": kind}
        self.data += array.tobytes()

    def tensor(self, name: str) -> Tensor:
        """A float tensor that was added."""
        entry = self.index[name]
        count = int(np.prod(entry["shape"]))
        return torch.from_numpy(np.frombuffer(self.data, "<f4", count, entry["offset"]).copy()).reshape(entry["shape"])


def look(vision: ClipVision, face: Tensor, golden: Golden) -> dict[str, Tensor]:
    """What the graph `identity` takes; where the vision encoder holds no recogniser, an embedding of nobody stands for
    its."""
    seen: dict[str, Tensor] = dict(zip(vision.names, vision(face), strict=True))
    seen.setdefault("face_embedding", torch.randn(1, FACE_WIDTH, generator=torch.Generator().manual_seed(13)))
    seen["face_embedding"] = torch.nn.functional.normalize(seen["face_embedding"], dim=1)
    for name, value in seen.items():
        golden.add(name, value[:1])
    tokens, classes, faces = (seen[name] for name in ("patch_tokens", "class_embedding", "face_embedding"))
    mean = torch.nn.functional.normalize(faces.mean(0, keepdim=True), dim=1)
    return {
        "patch_tokens": tokens.reshape(1, -1, tokens.shape[-1]),
        "class_embedding": classes.mean(0, keepdim=True),
        "face_embedding": mean,
    }


@torch.no_grad()
def compute(config: Config, parts: Parts, file: str, everything: bool) -> tuple[Golden, dict]:
    """Every tensor, and what the loop was run with. `everything`: LCM as well, and both prediction types."""
    golden = Golden(file)
    face = drawn_references(config["references"], parts.references)
    golden.add("face", face[:1])
    identity, text, unet = parts.identity, parts.text, UnetGraph(parts.model, config["cached"])
    seen = look(parts.vision, face, golden)
    person = dict(zip(identity.names, identity(*seen.values()), strict=True))
    ids, empty = (torch.tensor([parts.words.encode(text)]) for text in (PROMPT, ""))
    given = [person[name] for name in text.inputs[1:]]
    words = dict(zip(text.names, text(ids, *given), strict=True))
    none = dict(zip(text.names, text(empty, *map(torch.zeros_like, given)), strict=True))
    kept = {**person, **words}
    for name in kept:
        if name.endswith(("_0", "_embedding")):
            golden.add(name, kept[name])
    golden.add("input_ids", ids)
    torch.manual_seed(11)
    noise = torch.randn(
        config["batch"], config["unet"]["out_channels"], config["unet"]["sample_size"], config["unet"]["sample_size"]
    )
    golden.add("noise", noise)
    scale, beta = config["sampling"]["guidanceScale"], 0.8

    def predict(z: Tensor, t: Tensor, given: dict, strength: float) -> Tensor:
        inputs = {
            **person,
            **given,
            "latents": z,
            "timestep": torch.tensor([float(t)]),
            "beta": torch.tensor([strength]),
        }
        return unet(*(inputs[name] for name in unet.names))

    golden.add("prediction", predict(noise, torch.tensor(500), words, beta))
    own, asked = config["diffusion"]["prediction"], SAMPLERS if everything else SOLVERS
    for prediction in ("epsilon", "v_prediction") if everything else (own,):
        for name in asked:
            guided = lambda z, t: torch.lerp(predict(z, t, none, 0.0), predict(z, t, words, beta), scale)  # noqa: E731
            latents = loop(name, scheduler(name, config["diffusion"], prediction), guided, noise)
            golden.add(f"latents_{name}" if prediction == own else f"latents_{name}_{prediction}", latents)
    if "lcm" in asked:
        golden.add("fresh_noise", fresh_noise(noise.shape))
    if everything:
        assert isinstance(parts.model, IdAdapter), "sks is IDAdapter's"
        hidden = parts.model.text(ids, given[0])
        plain = base_model(parts, config["unet"], config["text"]["hidden_size"])
        golden.add("base_prediction", plain(noise, torch.tensor([500.0]), hidden).sample)
    last = golden.tensor("latents_dpmpp-2m")
    golden.add("image", DecoderGraph(parts.autoencoder)(last)[:1])
    return golden, {"prompt": PROMPT, "steps": STEPS, "guidanceScale": scale, "beta": beta, "timestep": 500}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="the export config of the bundle")
    parser.add_argument("out", type=Path, help="the folder of the goldens")
    parser.add_argument("--base", type=Path, help="the base folder that the bundle was exported from, if from one")
    parser.add_argument("--name", default="bundle", help="what the two files are called")
    parser.add_argument(
        "--all", action="store_true", help="every sampler, both prediction types, and the base model alone"
    )
    arguments = parser.parse_args()
    config = load_config(arguments.config)
    if arguments.base:
        config = Config(config.path, {**config.values, "base": str(arguments.base.absolute())})
    parts = open_parts(config)
    golden, settings = compute(config, parts, f"{arguments.name}.bin", arguments.all)
    index = {
        "madeBy": "likeness_training.golden.bundle",
        "manifestSha256": digest(config.resolve(config["out"]) / "manifest.json"),
        "loop": settings,
        "texts": [{"text": text, "ids": parts.words.encode(text)} for text in TEXTS],
        "tensors": golden.index,
    }
    (arguments.out / f"{arguments.name}.bin").write_bytes(golden.data)
    (arguments.out / f"{arguments.name}.json").write_text(json.dumps(index, indent=1, ensure_ascii=False) + "\n")
    print(f"{arguments.out}: {len(golden.index)} tensors, {len(golden.data) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
