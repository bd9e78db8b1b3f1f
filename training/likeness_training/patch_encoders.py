"""Patch tokens of a photo from encoders other than the recogniser, for stage `trials`: 16 tokens of 512 values, 4x4 over the crop, each with its mirror image's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .config import Config
from .data.arrays import Arrays
from .data.latents import BATCH, Latents
from .models.frozen_graph import FrozenGraph
from .progress import Progress
from .train.loop import to_pictures

WIDTH = 512
SIDE = 4
"""Tokens a side."""


@dataclass
class Encoded(Latents):
    """Latents whose mirror images have tokens of their own."""

    flipped: np.ndarray

    def tokens(self, index: int, mirrored: bool) -> np.ndarray:
        return (self.flipped if mirrored else self.patches)[index]


def of_recogniser(config: Config, arrays: Arrays, latents: Latents) -> Latents:
    return latents


def latent_tokens(latents: np.ndarray) -> np.ndarray:
    """(n, C, 16, 16) -> the C * 16 values of each 4x4 patch, filled up with zeros: (n, 16, 512)."""
    count, channels = latents.shape[:2]
    patches = latents.reshape(count, channels, SIDE, -1, SIDE, latents.shape[3] // SIDE).transpose(0, 2, 4, 1, 3, 5).reshape(count, SIDE * SIDE, -1)
    return np.pad(patches, ((0, 0), (0, 0), (0, WIDTH - patches.shape[2])))


def of_autoencoder(config: Config, arrays: Arrays, latents: Latents) -> Latents:
    return Encoded(**{**vars(latents), "patches": latent_tokens(latents.plain)}, flipped=latent_tokens(latents.mirrored))


def map_tokens(maps: Tensor) -> Tensor:
    """(B, C, 4, 4) -> channels averaged by neighbours to 512: (B, 16, 512)."""
    return F.adaptive_avg_pool1d(maps.flatten(2).transpose(1, 2), WIDTH)


@torch.inference_mode()
def of_expression_network(config: Config, arrays: Arrays, latents: Latents) -> Latents:
    """What it averages over places last; the crop is shown to it as it is. Kept in the work folder."""
    path = config.work / "expression-patches.npz"
    if not path.is_file():
        network = FrozenGraph(config.resolve(config["face_models"]) / "fr_expression.onnx").to(memory_format=torch.channels_last)
        before = next(index for index, (kind, *_) in enumerate(network.steps) if kind == "GlobalAveragePool") - 1
        found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        progress = Progress("trials: expression network", len(arrays.images))
        for start in range(0, len(arrays.images), BATCH):
            pictures = (to_pictures(arrays.images[start : start + BATCH]) + 1) / 2
            for kept, shown in zip(found, (pictures, pictures.flip(3))):
                kept.append(map_tokens(network.values(shown, (before,))[1][0]).to(torch.float16).numpy())
            progress.add(len(pictures))
        np.savez(path, plain=np.concatenate(found[0]), flipped=np.concatenate(found[1]))
    kept = np.load(path)
    return Encoded(**{**vars(latents), "patches": kept["plain"]}, flipped=kept["flipped"])


PATCH_ENCODERS: dict[str, Callable[[Config, Arrays, Latents], Latents]] = {
    "recogniser": of_recogniser,
    "autoencoder": of_autoencoder,
    "expression network": of_expression_network,
}
