"""The arrays that stage `data` wrote, opened for reading."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..config import Config, ConfigError


@dataclass
class Arrays:
    """Row i of every array and of `rows` is the same crop."""

    folder: Path
    images: np.ndarray
    embeddings: np.ndarray
    rows: list[dict]

    @property
    def maps(self) -> np.ndarray:
        """(n, 49, 512) fp16, memory-mapped."""
        return np.load(self.folder / "maps.npy", mmap_mode="r")

    @property
    def targets(self) -> np.ndarray:
        """(n, 128, 128, 3) uint8: what the generator learns to make, people cut out where the config asks for it."""
        path = self.folder / "cutouts.npy"
        return np.load(path, mmap_mode="r") if path.is_file() else self.images

    def indices(self, split: str, upright: bool = False) -> np.ndarray:
        """The crops of `train` or `val`."""
        return np.array([i for i, row in enumerate(self.rows) if row["split"] == split and not (upright and row["tilt"])])


def open_arrays(config: Config) -> Arrays:
    """Raises ConfigError when the `data` stage has not run."""
    folder = config.work / "data"
    if not (folder / "rows.jsonl").is_file():
        raise ConfigError(f"{folder}: not prepared yet; run the stage `data` first")
    return Arrays(folder, np.load(folder / "images.npy", mmap_mode="r"), np.load(folder / "embeddings.npy"), read_rows(folder / "rows.jsonl"))


def read_rows(path: Path) -> list[dict]:
    """One JSON object a line."""
    return [json.loads(line) for line in path.read_text().splitlines()]
