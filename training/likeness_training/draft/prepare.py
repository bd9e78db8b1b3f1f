"""Portraits once over: an upright frame around the head, its matte, the face mesh, which expression it shows.

Writes into the work folder `frames.npy` uint8 (N, S, S, 3) RGB, `mattes.npy` uint8 (N, S, S), `meshes.npy` float32
(N, 468, 3) in pixels of the frame, and `rows.json`. S is `frame`, FRAME_UNITS outer eye distances wide.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import tarfile
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from ..data.face_models import FaceModels
from .face_mesh import FaceMesh, Matte
from .head import RIGID, mean_head, pose_of

FRAME_UNITS = 3.3
"""Width of a frame in units of the head."""
EYES_AT = (0.5, 0.44)
"""Where the middle of the eyes lies in a frame, as parts of its side."""


def frame_map(mesh: np.ndarray, reference: np.ndarray, size: int) -> np.ndarray:
    """The similarity (2, 3) that takes a picture to its upright frame."""
    pose = pose_of(mesh, reference)
    roll = np.arctan2(pose.rotation[1, 0], pose.rotation[0, 0])
    scale = size / FRAME_UNITS / pose.scale
    turn = scale * np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    eyes = pose.shift[:2]
    return np.concatenate([turn, (np.array(EYES_AT) * size - turn @ eyes)[:, None]], 1)


def move_mesh(mesh: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    moved = mesh.copy()
    moved[:, :2] = mesh[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    moved[:, 2] *= np.sqrt(np.linalg.det(matrix[:, :2]))
    return moved


def read_rows(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "portraits.jsonl").read_text().splitlines()]


def inside_none(mesh: np.ndarray) -> bool:
    """No face was found in this picture."""
    return not mesh.any()


class Opener:
    """Pictures out of the archives."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.archives = folder, {}

    def __call__(self, row: dict) -> np.ndarray:
        name = row["shard"]
        if name not in self.archives:
            self.archives[name] = tarfile.open(self.folder / name)
        return np.array(Image.open(io.BytesIO(self.archives[name].extractfile(row["file"]).read())).convert("RGB"))


def five_points_of(image: np.ndarray, row: dict, models: FaceModels) -> np.ndarray | None:
    """Those the set says, else those of the largest face found; None where there is none."""
    if "points" in row:
        return np.array(row["points"], np.float32)
    boxes = sorted(models.detect(image), key=lambda box: -box[2] * box[3])
    return models.points(image, boxes[0]) if boxes else None


def read_meshes(arguments: tuple[str, str, str, list[dict]]) -> list[tuple]:
    folder, models, faces, rows = arguments
    cv2.setNumThreads(1)
    opened, mesh_of, matte_of, face_models = Opener(Path(folder)), FaceMesh(Path(models)), Matte(Path(models)), FaceModels(Path(faces))
    out = []
    for row in rows:
        image = opened(row)
        five = five_points_of(image, row, face_models)
        mesh, presence = (np.zeros((468, 3), np.float32), -99.0) if five is None else mesh_of(image, five)
        matte = (matte_of(image) * 255).astype(np.uint8)
        lo, hi = mesh[:, :2].min(0), mesh[:, :2].max(0)
        expression, p = ("neutral", 0.0) if five is None else face_models.expression(image, np.array([*lo, *(hi - lo)]))
        out.append((mesh, presence, matte, expression, p))
    return out


def frame_all(folder: Path, rows: list[dict], meshes: np.ndarray, mattes: list[np.ndarray], reference: np.ndarray, size: int, out: Path) -> np.ndarray:
    """Frames, mattes and meshes to files. Returns the part of each frame that the picture fills."""
    count = len(rows)
    frames = np.lib.format.open_memmap(out / "frames.npy", "w+", np.uint8, (count, size, size, 3))
    alphas = np.lib.format.open_memmap(out / "mattes.npy", "w+", np.uint8, (count, size, size))
    moved, inside = np.zeros_like(meshes), np.zeros(count, np.float32)
    opened = Opener(folder)
    for k, row in enumerate(rows):
        if inside_none(meshes[k]):
            continue
        image = opened(row)
        matrix = frame_map(meshes[k], reference, size)
        shrink = np.sqrt(np.linalg.det(matrix[:, :2]))
        if shrink < 0.8:
            image = cv2.GaussianBlur(image, (0, 0), 0.4 / shrink)
        frames[k] = cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        alphas[k] = cv2.warpAffine(mattes[k], matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        inside[k] = cv2.warpAffine(np.ones(image.shape[:2], np.float32), matrix, (size, size)).mean()
        moved[k] = move_mesh(meshes[k], matrix)
    np.save(out / "meshes.npy", moved)
    return inside


def run_prepare(folder: Path, models: Path, faces: Path, out: Path, size: int = 256, workers: int = 2) -> None:
    rows = read_rows(folder)
    out.mkdir(parents=True, exist_ok=True)
    step = 240
    parts = [(str(folder), str(models), str(faces), rows[start : start + step]) for start in range(0, len(rows), step)]
    found: list[tuple] = []
    with multiprocessing.Pool(workers) as pool:
        for part in pool.imap(read_meshes, parts):
            found += part
            print(len(found), flush=True)
    meshes = np.stack([mesh for mesh, *_ in found]).astype(np.float32)
    presence = np.array([each[1] for each in found])
    frontal = [k for k, row in enumerate(rows) if presence[k] > 5 and abs(row.get("yaw", 90)) < 6 and abs(row["pitch"]) < 10 and row["mouth_open"] < 0.03][:1200]
    reference = mean_head(meshes[frontal])
    np.save(out / "reference.npy", reference)
    inside = frame_all(folder, rows, meshes, [each[2] for each in found], reference, size, out)
    for k, row in enumerate(rows):
        row.update(presence=float(presence[k]), inside=float(inside[k]), expression=found[k][3], expression_p=float(found[k][4]))
    np.save(out / "meshes_file.npy", meshes)
    (out / "rows.json").write_text(json.dumps(rows))


if __name__ == "__main__":
    import sys

    run_prepare(*(Path(each) for each in sys.argv[1:5]))
