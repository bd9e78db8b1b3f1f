"""Write what a bundle whose portraits begin as drafts computes on inputs that both sides can make: fingerprints in one
JSON file.

    python -m likeness_training.draft.golden ../models/tiny ../test/golden/tiny.json

The graphs are run by onnxruntime, which the export compared with PyTorch; the loop is that of diffusers. Inputs come
from `number`, a hash of their place, so that none of them is stored.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from tokenizers import Tokenizer

from ..golden.schedulers import SAMPLERS, FreshNoise, set_timesteps

GRAPHS = ("vision_encoder", "identity", "text_encoder", "unet")
PROMPT = "smiling, looking left, pencil sketch, person is sks"
TEXTS = (
    PROMPT,
    "",
    "A happy man",
    "close-up, black-and-white!",
    "sks sksks sks, the sks",
    "zorblax flurbed über 你好 😀",
)
BETA, TIMESTEP, BLOCK, KEPT = 0.8, 400, 14, 128
FACE, LATENTS, DRAFT, FRESH = 1, 2, 3, 4
"""Seeds of the inputs; noise added after step n has the seed `FRESH` + n."""


def number(count: int, seed: int) -> np.ndarray:
    """`count` numbers of 0..1, the same in any language with 32-bit integers."""
    with np.errstate(over="ignore"):
        bits = np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed) * np.uint32(0x85EBCA6B)
        for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
            bits = (bits ^ (bits >> np.uint32(shift))) * np.uint32(factor)
        bits ^= bits >> np.uint32(16)
    return (bits / 2**32).astype(np.float32)


def noise(shape: tuple[int, ...], seed: int) -> np.ndarray:
    """Of mean 0 and variance 1, evenly spread."""
    return ((number(int(np.prod(shape)), seed) - 0.5) * np.float32(np.sqrt(12))).reshape(shape)


def face(size: int) -> np.ndarray:
    """(1, 3, size, size), whole numbers 0..255 in blocks."""
    side = size // BLOCK
    return np.floor(number(3 * side * side, FACE).reshape(1, 3, side, side) * 256).repeat(BLOCK, 2).repeat(BLOCK, 3)


def fingerprint(value: np.ndarray) -> dict:
    """Shape, root mean square, mean of magnitudes, and values evenly spread over the whole."""
    flat = value.astype(np.float64).ravel()
    places = np.arange(min(KEPT, flat.size)) * flat.size // min(KEPT, flat.size)
    return {
        "shape": list(value.shape),
        "rms": float(np.sqrt(np.mean(flat**2))),
        "magnitude": float(np.mean(np.abs(flat))),
        "values": [float(f"{each:.7g}") for each in flat[places]],
    }


class Bundle:
    """A bundle's manifest, tokenizer and sessions."""

    def __init__(self, folder: Path) -> None:
        self.manifest = json.loads((folder / "manifest.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / self.manifest["text"]["tokenizer"]))
        self.sessions = {
            name: onnxruntime.InferenceSession(
                folder / self.manifest["graphs"][name]["file"], providers=["CPUExecutionProvider"]
            )
            for name in GRAPHS
        }

    def run(self, graph: str, given: dict) -> dict:
        session = self.sessions[graph]
        outputs = session.run(None, {port.name: given[port.name] for port in session.get_inputs()})
        return dict(zip([port.name for port in session.get_outputs()], outputs, strict=True))

    def ids(self, text: str) -> list[int]:
        settings = self.manifest["text"]
        ids = self.tokenizer.encode(text.lower(), add_special_tokens=False).ids[: settings["length"] - 2]
        ids = [settings["startTokenId"], *ids, settings["endTokenId"]]
        return ids + [settings["padTokenId"]] * (settings["length"] - len(ids))


def person_of(bundle: Bundle) -> tuple[dict, dict]:
    """What the vision encoder says of the face, the same in every photo, and the graph `identity` of the person."""
    count, size = (bundle.manifest["references"][name] for name in ("count", "size"))
    seen = bundle.run("vision_encoder", {"images": face(size).repeat(count, 0)})
    mean = seen["face_embedding"].mean(0, keepdims=True)
    photos = {
        "patch_tokens": seen["patch_tokens"].reshape(1, -1, seen["patch_tokens"].shape[-1]),
        "class_embedding": seen["class_embedding"].mean(0, keepdims=True),
        "face_embedding": mean / np.linalg.norm(mean),
    }
    return {name: value[:1] for name, value in seen.items()}, bundle.run("identity", photos)


def sampled(bundle: Bundle, condition: dict) -> np.ndarray:
    """The whole loop of the bundle's own sampler, unguided."""
    diffusion = bundle.manifest["diffusion"]
    cls, options = SAMPLERS[diffusion["sampler"]]
    betas = {
        "beta_start": diffusion["betaStart"],
        "beta_end": diffusion["betaEnd"],
        "beta_schedule": diffusion["schedule"],
    }
    scheduler = cls(
        num_train_timesteps=diffusion["trainTimesteps"],
        prediction_type=diffusion["prediction"],
        timestep_spacing="trailing",
        **betas,
        **options,
    )
    set_timesteps(diffusion["sampler"], scheduler, diffusion["steps"], diffusion.get("timesteps"))
    latents = torch.from_numpy(condition["latents"]) * scheduler.init_noise_sigma
    with FreshNoise(lambda step: torch.from_numpy(noise(latents.shape, FRESH + step))):
        for timestep in scheduler.timesteps:
            told = {
                "latents": scheduler.scale_model_input(latents, timestep).numpy(),
                "timestep": np.array([timestep], np.float32),
            }
            prediction = bundle.run("unet", {**condition, **told})["prediction"]
            latents = scheduler.step(torch.from_numpy(prediction), timestep, latents).prev_sample
    return latents.numpy()


def golden(folder: Path) -> dict:
    bundle = Bundle(folder)
    manifest = bundle.manifest
    shape = (
        manifest["diffusion"]["batch"],
        manifest["latents"]["channels"],
        manifest["latents"]["size"],
        manifest["latents"]["size"],
    )
    told = next(port["shape"] for port in manifest["graphs"]["unet"]["inputs"] if port["name"] == "draft")
    seen, person = person_of(bundle)
    words = bundle.run(
        "text_encoder", {"input_ids": np.array([bundle.ids(PROMPT)]), "sks_embedding": person["sks_embedding"]}
    )
    condition = {
        **person,
        **words,
        "latents": noise(shape, LATENTS),
        "draft": number(int(np.prod(told)), DRAFT).reshape(told),
        "beta": np.array([BETA], np.float32),
    }
    tensors = {
        **seen,
        **person,
        **words,
        "prediction": bundle.run("unet", {**condition, "timestep": np.array([TIMESTEP], np.float32)})["prediction"],
        "sampled": sampled(bundle, condition),
    }
    files = [manifest["graphs"][name]["file"] for name in GRAPHS] + [manifest["text"]["tokenizer"]]
    return {
        "madeBy": "likeness_training.draft.golden",
        "files": {file: hashlib.sha256((folder / file).read_bytes()).hexdigest() for file in files},
        "prompt": PROMPT,
        "beta": BETA,
        "timestep": TIMESTEP,
        "texts": [{"text": text, "ids": bundle.ids(text)} for text in TEXTS],
        "tensors": {name: fingerprint(value) for name, value in tensors.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path, help="the folder of the bundle")
    parser.add_argument("out", type=Path, help="the JSON file")
    arguments = parser.parse_args()
    made = golden(arguments.bundle)
    arguments.out.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    print(f"{arguments.out}: {len(made['tensors'])} tensors, {arguments.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
