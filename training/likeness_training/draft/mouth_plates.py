"""Stage `mouths`: an upright plate around the mouth of every portrait, as sharp as its picture is.

Writes into the work folder `mouths.npy` uint8 (N, S, S, 3) RGB, S = SIDE, `mouth_meshes.npy` float32 (N, 468, 3) in
pixels of the plate, and last `mouths.json`: of each portrait, in the order of `rows.json`, the part of the window that
its picture fills and how many pixels of the plate are made of one of the picture.
"""

from __future__ import annotations

import json

import cv2
import numpy as np

from .config import TinyConfig
from .head import pose_of
from .mouth_refiner import HEIGHT, WIDTH
from .prepare import SHARPER, Opener, move_mesh, upright_map

SIDE = 192
"""Of a plate, in pixels."""
UNIT = 112
"""Pixels of a plate for a unit of the head."""
LIP_CORNERS, LIP_MIDDLES = (61, 291), (13, 14)
"""Points of the mesh."""


def mouth_map(mesh: np.ndarray, reference: np.ndarray, side: int = SIDE) -> np.ndarray:
    """The similarity (2, 3) that takes a picture to an upright plate whose middle is the mouth's."""
    middle = mesh[[*LIP_CORNERS, *LIP_MIDDLES], :2].mean(0)
    return upright_map(pose_of(mesh, reference), UNIT, middle, np.full(2, side / 2))


def run(config: TinyConfig) -> None:
    work = config.paths.work
    rows = json.loads((work / "rows.json").read_text())
    meshes, reference = np.load(work / "meshes_file.npy"), np.load(work / "reference.npy")
    plates = np.lib.format.open_memmap(work / "mouths.npy", "w+", np.uint8, (len(rows), SIDE, SIDE, 3))
    opened, moved, found = Opener(config.paths.portraits), np.zeros_like(meshes), []
    for k, (row, mesh) in enumerate(zip(rows, meshes, strict=True)):
        if not mesh.any():
            found.append({"inside": 0.0, "enlarged": 0.0})
            continue
        image, matrix = opened(row), mouth_map(mesh, reference)
        scale = float(np.sqrt(np.linalg.det(matrix[:, :2])))
        shown = cv2.GaussianBlur(image, (0, 0), 0.4 / scale) if scale < SHARPER else image
        plates[k] = cv2.warpAffine(shown, matrix, (SIDE, SIDE), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        shows = cv2.warpAffine(np.ones(image.shape[:2], np.float32), matrix, (SIDE, SIDE))
        inside = float(
            shows[(SIDE - HEIGHT) // 2 : (SIDE + HEIGHT) // 2, (SIDE - WIDTH) // 2 : (SIDE + WIDTH) // 2].mean()
        )
        moved[k] = move_mesh(mesh, matrix)
        found.append({"inside": inside, "enlarged": scale})
    np.save(work / "mouth_meshes.npy", moved)
    (work / "mouths.json").write_text(json.dumps(found))
