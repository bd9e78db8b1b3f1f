"""Where photos come from: labelled shards, or any folder `person/photo.jpg`."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np

from ..config import Config, ConfigError
from .arrays import read_rows

VAL_SHARE = 20
"""In a plain folder one person in so many is kept for validation."""


@dataclass
class Photo:
    """One photo of one person: RGB pixels and what is known of the face."""

    image: np.ndarray
    person: str
    split: str
    set: str
    points: np.ndarray
    gender: str | None = None
    age: int | None = None
    expression: str | None = None
    expression_p: float = 0.0
    yaw: float = 0.0
    """Degrees; above 0 the face points to the right of the picture as its viewer sees it."""
    pitch: float = 0.0

    def row(self) -> dict:
        """Everything but the pixels, for `rows.jsonl`."""
        values = asdict(self)
        for key in ("image", "points"):
            values.pop(key)
        return values


def read_image(data: bytes) -> np.ndarray | None:
    """RGB pixels of an encoded picture, or None where it is none."""
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    return None if image is None else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def face_shards(folder: Path, sets: list[str], limit: int | None) -> Iterator[Photo]:
    """Photos of `faces.jsonl` and its tars, shard by shard. Any prefix of the rows is a fair sample.

    The index's yaw grows to the left of the picture (the nose's place agrees, r = -0.87); ours grows to the right.
    """
    index = folder / "faces.jsonl"
    if not index.is_file():
        raise ConfigError(f"{index}: the index of the shards is missing")
    rows = read_rows(index)[:limit]
    wanted = [row for row in rows if row["set"] in sets]
    for shard in sorted({row["shard"] for row in wanted}):
        with tarfile.open(folder / shard) as tar:
            for row in (row for row in wanted if row["shard"] == shard):
                image = read_image(tar.extractfile(row["file"]).read())
                if image is None:
                    raise ConfigError(f"{folder / shard}: {row['file']} is not a picture")
                yield Photo(
                    image=image,
                    person=str(row["person"]),
                    split=row["split"],
                    set=row["set"],
                    points=np.array(row["points"], np.float64),
                    gender=row["gender"],
                    age=row["age"],
                    expression=row["expression"],
                    expression_p=max(row["expression_p"]),
                    yaw=-row["yaw"],
                    pitch=row["pitch"],
                )


def photo_folder(folder: Path, models: Path, limit: int | None) -> Iterator[Photo]:
    """Photos of `person/photo.jpg`, measured by the face models. Photos without exactly one face are left out."""
    from .face_models import FaceModels

    people = sorted(path for path in folder.iterdir() if path.is_dir())
    if not people:
        raise ConfigError(f"{folder}: expected one folder a person, with photos in it")
    faces = FaceModels(models)
    seen = 0
    for number, person in enumerate(people):
        for file in sorted(person.iterdir()):
            image = read_image(file.read_bytes()) if file.is_file() else None
            face = None if image is None else faces.measure(image)
            if face is None:
                continue
            yield Photo(
                image=image,
                person=person.name,
                split="val" if number % VAL_SHARE == VAL_SHARE - 1 else "train",
                set="folder",
                points=face.points,
                expression=face.expression,
                expression_p=face.expression_p,
                yaw=face.yaw,
                pitch=face.pitch,
            )
            seen += 1
            if limit is not None and seen >= limit:
                return


def photos(config: Config) -> Iterator[Photo]:
    """The photos a `data` config names: `shards` (a folder with faces.jsonl) or `people` (a folder of folders)."""
    limit = config.get("limit", None)
    if "shards" in config.values:
        yield from face_shards(config.resolve(config["shards"]), config["sets"], limit)
    elif "people" in config.values:
        yield from photo_folder(config.resolve(config["people"]), config.resolve(config["face_models"]), limit)
    else:
        raise ConfigError(f"{config.path}: set `shards` or `people`")
