"""Latents of every crop, its mirror image, its styled and its dressed version, encoded once and kept in memory (fp16)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..config import Config, ConfigError
from ..models.autoencoder import Autoencoder
from ..progress import Progress
from ..train.loop import to_pictures
from .arrays import open_arrays, read_rows

BATCH = 64


def load_autoencoder(config: Config) -> Autoencoder:
    """The trained autoencoder of the work folder, frozen. Raises ConfigError when it is not there."""
    path = config.work / "autoencoder.pt"
    if not path.is_file():
        raise ConfigError(f"{path}: not trained yet; run the stage `autoencoder` first")
    model = Autoencoder(**config["autoencoder"])
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.requires_grad_(False).eval().to(memory_format=torch.channels_last)


@dataclass
class Latents:
    """`plain[i]`, `mirrored[i]` belong to row i; `styled[j]` to row `styled_rows[j]`, `dressed[j]` to `dressed_rows[j]`. (n, C, 16, 16) fp16.

    `patches` (n, 16, 512) fp16: the recogniser's map averaged 2x2, 4x4 tokens a photo.
    """

    plain: np.ndarray
    mirrored: np.ndarray
    styled: np.ndarray
    styled_rows: list[dict]
    dressed: np.ndarray
    dressed_rows: list[dict]
    patches: np.ndarray

    def tokens(self, index: int, mirrored: bool) -> np.ndarray:
        """The patch tokens of a row or of its mirror image, (16, 512)."""
        return mirrored_patches(self.patches[index]) if mirrored else self.patches[index]


def pooled_patches(maps: np.ndarray) -> np.ndarray:
    """(n, 49, 512) -> (n, 16, 512), as the bundle's vision encoder does it."""
    out = np.zeros((len(maps), 16, maps.shape[2]), np.float16)
    for start in range(0, len(maps), 1024):
        grid = torch.from_numpy(np.array(maps[start : start + 1024], np.float32)).transpose(1, 2).unflatten(2, (7, 7))
        pooled = torch.nn.functional.avg_pool2d(grid, 2, 2, ceil_mode=True)
        out[start : start + 1024] = pooled.flatten(2).transpose(1, 2).numpy()
    return out


def mirrored_patches(patches: np.ndarray) -> np.ndarray:
    """The 4x4 tokens of a mirror image, taken as the mirrored tokens."""
    return patches.reshape(*patches.shape[:-2], 4, 4, -1)[..., ::-1, :].reshape(patches.shape)


@torch.inference_mode()
def encode_all(model: Autoencoder, images: np.ndarray, mirror: bool, name: str) -> np.ndarray:
    progress = Progress(f"latents: {name}", len(images))
    out = np.zeros((len(images), model.shift.shape[0], 16, 16), np.float16)
    for start in range(0, len(images), BATCH):
        pictures = to_pictures(images[start : start + BATCH])
        out[start : start + BATCH] = model.encode(pictures.flip(3) if mirror else pictures).numpy()
        progress.add(len(pictures))
    return out


def write_latents(config: Config, folder: Path) -> None:
    """What is not there yet."""
    model, data = load_autoencoder(config), config.work / "data"
    images = open_arrays(config).targets
    folder.mkdir(parents=True, exist_ok=True)
    makers = {
        "patches": lambda: pooled_patches(np.load(data / "maps.npy", mmap_mode="r")),
        "styled": lambda: encode_all(model, np.load(data / "styled.npy", mmap_mode="r"), False, "styled"),
        "dressed": lambda: encode_all(model, np.load(data / "dressed.npy", mmap_mode="r"), False, "dressed"),
        "mirrored": lambda: encode_all(model, images, True, "mirrored"),
        "plain": lambda: encode_all(model, images, False, "plain"),
    }
    for name, make in makers.items():
        if not (folder / f"{name}.npy").is_file():
            np.save(folder / f"{name}.npy", make())


def open_latents(config: Config) -> Latents:
    """Encode on the first call, then read."""
    folder, names = config.work / "latents", ("plain", "mirrored", "styled", "dressed", "patches")
    if not all((folder / f"{name}.npy").is_file() for name in names):
        write_latents(config, folder)
    arrays = {name: np.load(folder / f"{name}.npy") for name in names}
    rows = {f"{name}_rows": read_rows(config.work / "data" / f"{name}.jsonl") for name in ("styled", "dressed")}
    return Latents(**arrays, **rows)
