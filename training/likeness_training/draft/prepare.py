"""Stage `prepare`: portraits once over: an upright frame around the head, its matte, the mesh, the expression shown.

Writes into the work folder `frames.npy` uint8 (N, S, S, 3) RGB, `mattes.npy` uint8 (N, S, S), `meshes.npy` float32
(N, 468, 3) in pixels of the frame, `meshes_file.npy` in those of the file, `reference.npy` (468, 3), the mean head, and
last `rows.json`. S is the config's `frame`, FRAME_UNITS outer eye distances wide. What the networks read is kept part
by part in `parts/`, so that a run ended in the middle goes on with the next part.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..config import ConfigError
from ..data.face_models import FaceModels
from ..data.images import read_image
from ..data.mediapipe_wheel import FACE_MESH, SEGMENTATION, fetch_model
from .config import TinyConfig
from .face_mesh import FaceMesh, Matte
from .head import POINTS, Pose, mean_head, pose_of

FRAME_UNITS = 3.3
"""Width of a frame in units of the head."""
EYES_AT = (0.5, 0.44)
"""Where the middle of the eyes lies in a frame, as parts of its side."""
PART = 240
"""Portraits that are read at a time."""
NO_FACE = -99.0
"""Presence where no face was found; else the logit that the face mesh gives."""
SURE = 5.0
"""The presence from which a mesh is used for the mean head."""
FRONTAL = {"yaw": 6.0, "pitch": 10.0, "mouth_open": 0.03}
"""Portraits of the mean head are within these, in degrees and units of the head."""
MEAN_OF = 1200
SHARPER = 0.8
"""A picture shrunk below this part of its size is softened first."""


def upright_map(pose: Pose, unit: float, point: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The similarity (2, 3) that shows a head upright, a point of it at a place, its unit `unit` pixels long."""
    roll = np.arctan2(pose.rotation[1, 0], pose.rotation[0, 0])
    scale = unit / pose.scale
    turn = scale * np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    return np.concatenate([turn, (place - turn @ point)[:, None]], 1)


def frame_map(mesh: np.ndarray, reference: np.ndarray, size: int) -> np.ndarray:
    """The similarity (2, 3) that takes a picture to its upright frame."""
    pose = pose_of(mesh, reference)
    return upright_map(pose, size / FRAME_UNITS, pose.shift[:2], np.array(EYES_AT) * size)


def move_mesh(mesh: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    moved = mesh.copy()
    moved[:, :2] = mesh[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    moved[:, 2] *= np.sqrt(np.linalg.det(matrix[:, :2]))
    return moved


def read_rows(folder: Path) -> list[dict]:
    """The rows of `portraits.jsonl`. Raises ConfigError where it is missing."""
    index = folder / "portraits.jsonl"
    if not index.is_file():
        raise ConfigError(f"{index}: the index of the portraits is missing")
    return [json.loads(line) for line in index.read_text().splitlines()]


class Opener:
    """Pictures out of the archives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.archives: dict[str, tarfile.TarFile] = {}

    def __call__(self, row: dict) -> np.ndarray:
        """RGB (H, W, 3) uint8. Raises ConfigError where the file is no picture."""
        name = row["shard"]
        if name not in self.archives:
            self.archives[name] = tarfile.open(self.folder / name)
        file = self.archives[name].extractfile(row["file"])
        image = None if file is None else read_image(file.read())
        if image is None:
            raise ConfigError(f"{self.folder / name}: {row['file']} is not a picture")
        return image


def five_points_of(image: np.ndarray, row: dict, models: FaceModels) -> np.ndarray | None:
    """Those the set says, else those of the largest face found; None where there is none."""
    if "points" in row:
        return np.array(row["points"], np.float32)
    boxes = sorted(models.detect(image), key=lambda box: -box[2] * box[3])
    return models.points(image, boxes[0]) if boxes else None


@dataclass
class Readers:
    """The networks that a portrait is read with."""

    mesh: FaceMesh
    matte: Matte
    faces: FaceModels

    def __call__(self, image: np.ndarray, row: dict) -> dict[str, np.ndarray]:
        """mesh (468, 3), 0 where no face was found, presence, matte (H, W) uint8, expression and its probability."""
        matte = (self.matte(image) * 255).astype(np.uint8)
        five = five_points_of(image, row, self.faces)
        if five is None:
            mesh, presence, expression, sure = np.zeros((POINTS, 3), np.float32), NO_FACE, "neutral", 0.0
        else:
            mesh, presence = self.mesh(image, five)
            low, high = mesh[:, :2].min(0), mesh[:, :2].max(0)
            expression, sure = self.faces.expression(image, np.array([*low, *(high - low)]))
        found = {"mesh": mesh, "presence": presence, "matte": matte, "expression": expression, "expression_p": sure}
        return {name: np.asarray(value) for name, value in found.items()}


@dataclass
class Part:
    """A part of the portraits, read in a process of its own."""

    config: TinyConfig
    rows: list[dict]
    path: Path


def read_part(part: Part) -> None:
    """Read the portraits of a part to a file of `NUMBER.name` arrays."""
    cv2.setNumThreads(1)
    paths = part.config.paths
    readers = Readers(FaceMesh(paths.mediapipe), Matte(paths.mediapipe), FaceModels(paths.face_models))
    opened, found = Opener(paths.portraits), {}
    for number, row in enumerate(part.rows):
        found |= {f"{number}.{name}": value for name, value in readers(opened(row), row).items()}
    beside = part.path.with_suffix(".new.npz")
    np.savez_compressed(beside, **found)
    beside.replace(part.path)


def read_parts(config: TinyConfig, rows: list[dict]) -> list[Part]:
    """All parts; those that an earlier run has read are not read again."""
    folder = config.paths.work / "parts"
    folder.mkdir(parents=True, exist_ok=True)
    starts = range(0, len(rows), PART)
    parts = [Part(config, rows[start : start + PART], folder / f"{start // PART:04d}.npz") for start in starts]
    missing = [part for part in parts if not part.path.is_file()]
    if missing:
        with multiprocessing.get_context("spawn").Pool(config.prepare.workers) as pool:
            for number, _ in enumerate(pool.imap(read_part, missing), len(parts) - len(missing) + 1):
                print(f"prepare: {number} of {len(parts)} parts read", flush=True)
    return parts


def stacked(parts: list[Part], name: str) -> np.ndarray:
    """One of the arrays of all portraits."""
    found = []
    for part in parts:
        with np.load(part.path) as arrays:
            found += [arrays[f"{number}.{name}"] for number in range(len(part.rows))]
    return np.stack(found)


def mean_of_frontal(rows: list[dict], meshes: np.ndarray, presence: np.ndarray) -> np.ndarray:
    """The mean head (468, 3) over portraits that look ahead with a closed mouth."""

    def frontal(row: dict) -> bool:
        return all(abs(row.get(name, np.inf)) < limit for name, limit in FRONTAL.items())

    chosen = [k for k, row in enumerate(rows) if presence[k] > SURE and frontal(row)][:MEAN_OF]
    return mean_head(meshes[chosen])


class Framing:
    """Frames, mattes and meshes as files of the work folder; `inside`: the part of a frame that its picture fills."""

    def __init__(self, config: TinyConfig, reference: np.ndarray, meshes: np.ndarray) -> None:
        work, self.size, count = config.paths.work, config.prepare.frame, len(meshes)
        shape = (count, self.size, self.size)
        self.frames = np.lib.format.open_memmap(work / "frames.npy", "w+", np.uint8, (*shape, 3))
        self.mattes = np.lib.format.open_memmap(work / "mattes.npy", "w+", np.uint8, shape)
        self.moved, self.inside = np.zeros_like(meshes), np.zeros(count, np.float32)
        self.reference, self.meshes, self.opened = reference, meshes, Opener(config.paths.portraits)

    def add(self, k: int, row: dict, matte: np.ndarray) -> None:
        mesh, side = self.meshes[k], (self.size, self.size)
        if not mesh.any():
            return
        image = self.opened(row)
        matrix = frame_map(mesh, self.reference, self.size)
        shrink = np.sqrt(np.linalg.det(matrix[:, :2]))
        shown = cv2.GaussianBlur(image, (0, 0), 0.4 / shrink) if shrink < SHARPER else image
        bright = np.ones(image.shape[:2], np.float32)
        self.frames[k] = cv2.warpAffine(shown, matrix, side, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        self.mattes[k] = cv2.warpAffine(matte, matrix, side, flags=cv2.INTER_LINEAR)
        self.inside[k] = cv2.warpAffine(bright, matrix, side).mean()
        self.moved[k] = move_mesh(mesh, matrix)


def run(config: TinyConfig) -> None:
    paths = config.paths
    for network in (FACE_MESH, SEGMENTATION):
        fetch_model(paths.mediapipe / network.name, network)
    rows = read_rows(paths.portraits)
    parts = read_parts(config, rows)
    meshes, presence = stacked(parts, "mesh").astype(np.float32), stacked(parts, "presence")
    expressions, sure = stacked(parts, "expression"), stacked(parts, "expression_p")
    reference = mean_of_frontal(rows, meshes, presence)
    framing = Framing(config, reference, meshes)
    for start, part in zip(range(0, len(rows), PART), parts, strict=True):
        with np.load(part.path) as arrays:
            for number, row in enumerate(part.rows):
                framing.add(start + number, row, arrays[f"{number}.matte"])
    for k, row in enumerate(rows):
        row |= {"presence": float(presence[k]), "inside": float(framing.inside[k])}
        row |= {"expression": str(expressions[k]), "expression_p": float(sure[k])}
    np.save(paths.work / "reference.npy", reference)
    np.save(paths.work / "meshes.npy", framing.moved)
    np.save(paths.work / "meshes_file.npy", meshes)
    (paths.work / "rows.json").write_text(json.dumps(rows))
    shutil.rmtree(parts[0].path.parent)
