"""Aligned faces of the portraits that tiny's stage `prepare` framed, and what captions say of them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import Config, ConfigError
from ..data.captions import age_of, caption
from ..draft.view import five_of
from ..models.align import CROP_POINTS, CROP_SIZE, similarity
from .sheet import to_pictures

SURE = 5.0
"""The presence of a face (a logit) from which a portrait is used."""


def caption_row(row: dict) -> dict:
    """What captions ask of a portrait; frames are upright."""
    known = {"gender": row["labels"].get("sex"), "age": age_of(row["labels"]), "tilt": 0.0}
    return {**{name: row[name] for name in ("yaw", "pitch", "expression", "expression_p")}, **known}


def is_used(row: dict) -> bool:
    """A photograph in which a face was found."""
    return row["kind"] != "art" and row["presence"] > SURE and "yaw" in row


class Crops:
    """Aligned crops of 128 px of the prepared portraits in `folder`, as pictures (B, 3, S, S) in -1..1."""

    def __init__(self, folder: Path, size: int, generator: torch.Generator) -> None:
        if not (folder / "rows.json").is_file():
            raise ConfigError(f"{folder}: not prepared yet; run the stage `prepare` of tiny first")
        self.folder, self.size, self.generator = folder, size, generator
        self.rows = json.loads((folder / "rows.json").read_text())
        self.frames = np.load(folder / "frames.npy", mmap_mode="r")
        self.meshes = np.load(folder / "meshes.npy", mmap_mode="r")
        self.train, self.val = (self.indices(split) for split in ("train", "val"))

    def indices(self, split: str) -> np.ndarray:
        return np.array([i for i, row in enumerate(self.rows) if row["split"] == split and is_used(row)])

    def crop(self, index: int) -> np.ndarray:
        """(128, 128, 3) uint8."""
        matrix = similarity(five_of(self.meshes[index]), CROP_POINTS)
        return cv2.warpAffine(
            self.frames[index], matrix, (CROP_SIZE, CROP_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )

    def pictures(self, rows: np.ndarray) -> Tensor:
        crops = np.stack([self.crop(index) for index in rows])
        return F.interpolate(to_pictures(crops), size=(self.size, self.size), mode="area")

    def caption(self, index: int, source: random.Random, mirrored: bool = False, sks: bool = False) -> str:
        return caption(caption_row(self.rows[index]), source, mirrored, sks=sks)

    def draw(self, count: int) -> tuple[Tensor, np.ndarray, Tensor]:
        """(pictures of the training people, mirrored at random, their rows, which of them are mirrored)."""
        rows = self.train[torch.randint(len(self.train), (count,), generator=self.generator).numpy()]
        flipped = torch.rand(count, generator=self.generator) < 0.5
        pictures = self.pictures(rows)
        pictures[flipped] = pictures[flipped].flip(3)
        return pictures, rows, flipped


def write_photos(config: Config, crops: Crops, folder: Path) -> None:
    """`person/photo.png` and captions for `prepare`, which keeps every `val_every`-th person for validation: there
    stand the validation people."""
    source, people = random.Random(config["seed"]), {"train": {}, "val": {}}
    for index in sorted([*crops.train, *crops.val]):
        row = crops.rows[index]
        people[row["split"]].setdefault((row["set"], row["person"]), []).append(index)
    several = [rows for rows in people["train"].values() if len(rows) > 1]
    train, val = source.sample(several, len(several)), list(people["val"].values())
    written, number = 0, 0
    while written < config["pictures"] and train and val:
        kept = number % config["val_every"] == config["val_every"] - 1
        rows = (val if kept else train).pop()
        place = folder / f"{number:05d}"
        place.mkdir(parents=True, exist_ok=True)
        for index in rows:
            cv2.imwrite(str(place / f"{index}.png"), cv2.cvtColor(crops.crop(index), cv2.COLOR_RGB2BGR))
            said = {crops.caption(index, source) for _ in range(3)}
            (place / f"{index}.txt").write_text("\n".join(sorted(said)) + "\n")
        written, number = written + len(rows), number + 1
    print(f"{folder}: {written} pictures of {number} people")
