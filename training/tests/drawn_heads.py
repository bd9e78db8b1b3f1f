"""Drawn people in the layout of the portraits, with meshes that are known exactly: what the photo draft learns from."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import cv2
import numpy as np

from likeness_training.draft.head import LEFT_EYE, LIPS_INNER, LIPS_OUTER, OVAL, POINTS, RIGHT_EYE, Pose, normalise
from likeness_training.draft.prepare import EYES_AT, FRAME_UNITS

FILE_SIDE = 512
"""Pixels of a drawn portrait."""
EXPRESSIONS = ("neutral", "happy", "happy", "surprised", "sad")
GAPS = (0.01, 0.01, 0.18, 0.3, 0.02)
"""Between the lips, in units of the head: at rest, smile, grin, surprise, sadness."""
WIDTHS = (0.5, 0.56, 0.58, 0.48, 0.49)
MIDLINE = (168, 6, 197, 195, 5, 4, 1, 151, 9, 8)
SIDES = ((98, 327), (129, 358), (118, 347), (50, 280))
BROWS = ((70, 300), (63, 293), (105, 334), (66, 296), (107, 336))
"""From the outer end to the inner."""


def ring(middle: tuple[float, float], width: float, height: float, count: int, start: float, turn: int) -> np.ndarray:
    """Points (count, 2) of an ellipse from the angle `start` on; `turn` 1: clockwise as seen, y grows down."""
    angles = start + turn * 2 * np.pi * np.arange(count) / count
    return np.array(middle) + np.stack([width * np.cos(angles), height * np.sin(angles)], 1)


def drawn_head(kind: int, raised: float = 0.0, slanted: float = 0.0) -> np.ndarray:
    """A symmetric head (468, 3) in the canonical frame, its mouth as the kind of expression has it. Its brows lie
    `raised` higher, their inner ends `slanted` higher than the outer.
    """
    flat = np.full((POINTS, 2), np.nan)
    flat[list(OVAL)] = ring((0, 0.3), 0.85, 1.05, len(OVAL), -np.pi / 2, 1)
    flat[list(LEFT_EYE)] = ring((-0.33, 0), 0.17, 0.06, len(LEFT_EYE), np.pi, -1)
    flat[list(RIGHT_EYE)] = ring((0.33, 0), 0.17, 0.06, len(RIGHT_EYE), 0, 1)
    flat[list(LIPS_OUTER)] = ring((0, 0.78), WIDTHS[kind] / 2, 0.08 + GAPS[kind] / 2, len(LIPS_OUTER), np.pi, 1)
    flat[list(LIPS_INNER)] = ring((0, 0.78), WIDTHS[kind] / 2 - 0.05, GAPS[kind] / 2, len(LIPS_INNER), np.pi, 1)
    for place, point in enumerate(MIDLINE):
        flat[point] = 0, -0.35 + 0.09 * place
    for place, (left, right) in enumerate(BROWS):
        x, y = -0.5 + 0.09 * place, -0.22 - raised - slanted * (place / 4 - 0.5)
        flat[left], flat[right] = (x, y), (-x, y)
    source = np.random.default_rng(1)
    free = [point for point in range(POINTS) if np.isnan(flat[point, 0]) and point not in np.ravel(SIDES)]
    for left, right in (*SIDES, *zip(free[::2], free[1::2], strict=False)):
        angle, reach = source.uniform(0.55 * np.pi, 1.45 * np.pi), source.uniform(0.15, 0.93)
        x, y = 0.85 * reach * np.cos(angle), 0.3 + 1.05 * reach * np.sin(angle)
        flat[left], flat[right] = (x, y), (-x, y)
    flat = np.nan_to_num(flat)
    depth = -0.9 * np.sqrt(np.clip(1 - (flat[:, 0] / 1.1) ** 2 - ((flat[:, 1] - 0.3) / 1.3) ** 2, 0, 1))
    return normalise(np.concatenate([flat, depth[:, None]], 1))


def pose_at(side: int, degrees: float) -> Pose:
    """Upright in a picture of this side, turned by so many degrees of yaw."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    rotation = np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]])
    return Pose(side / FRAME_UNITS, rotation, np.array([*np.array(EYES_AT) * side, 0.0]))


def draw(mesh: np.ndarray, side: int, skin: np.ndarray) -> np.ndarray:
    """RGB (S, S, 3) uint8 of a mesh in its pixels."""
    image = np.full((side, side, 3), 90, np.uint8)
    colours = ((OVAL, skin), (LEFT_EYE, (240, 240, 240)), (RIGHT_EYE, (240, 240, 240)))
    for ids, colour in (*colours, (LIPS_OUTER, (170, 60, 70)), (LIPS_INNER, (225, 220, 205))):
        places = np.round(mesh[list(ids), :2] * 16).astype(np.int32)
        cv2.fillPoly(image, [places], [int(value) for value in colour], shift=4)
    return image


def rows_of(people: int) -> list[dict]:
    """Five portraits of each person, one of each kind of expression; every fourth person is kept for validation."""
    rows = []
    for number in range(people * len(EXPRESSIONS)):
        person, kind = divmod(number, len(EXPRESSIONS))
        rows.append(
            {
                "file": f"{number:05d}.png",
                "shard": "portraits-00.tar",
                "set": "gen512_hmdghoul",
                "kind": "synthetic",
                "person": person,
                "split": "val" if person % 4 == 3 else "train",
                "labels": {"sex": "female" if person % 2 else "male", "age": str(20 + 7 * person)},
                "yaw": float(person % 3 - 1),
                "pitch": 0.0,
                "mouth_open": GAPS[kind],
            }
        )
    return rows


def meshes_of(rows: list[dict], side: int) -> np.ndarray:
    """(N, 468, 3) in pixels of pictures of this side."""
    meshes = []
    for number, row in enumerate(rows):
        raised, slanted = np.random.default_rng([row["person"], 1]).normal(0, 0.02, 2)
        head = drawn_head(number % len(EXPRESSIONS), raised, slanted) * (1 + 0.01 * (row["person"] % 3))
        meshes.append(pose_at(side, row["yaw"]).apply(head))
    return np.stack(meshes).astype(np.float32)


def skin_of(row: dict) -> np.ndarray:
    return np.random.default_rng(row["person"]).integers(110, 230, 3)


def write_portraits(folder: Path, people: int = 8) -> list[dict]:
    """`portraits.jsonl` and its archive."""
    folder.mkdir(parents=True)
    rows = rows_of(people)
    with tarfile.open(folder / "portraits-00.tar", "w") as archive:
        for row, mesh in zip(rows, meshes_of(rows, FILE_SIDE), strict=True):
            picture = cv2.cvtColor(draw(mesh, FILE_SIDE, skin_of(row)), cv2.COLOR_RGB2BGR)
            data = cv2.imencode(".png", picture)[1].tobytes()
            info = tarfile.TarInfo(row["file"])
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    (folder / "portraits.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return rows


def write_part(path: Path, rows: list[dict]) -> None:
    """What the networks would have read of the portraits, as `prepare` keeps it."""
    found = {}
    for number, (row, mesh) in enumerate(zip(rows, meshes_of(rows, FILE_SIDE), strict=True)):
        matte = cv2.cvtColor(draw(mesh, FILE_SIDE, skin_of(row)), cv2.COLOR_RGB2GRAY)
        read = {
            "mesh": mesh,
            "presence": 20.0,
            "matte": np.where(matte == 90, 0, 255).astype(np.uint8),
            "expression": EXPRESSIONS[number % len(EXPRESSIONS)],
            "expression_p": 0.95,
        }
        found |= {f"{number}.{name}": np.asarray(value) for name, value in read.items()}
    path.parent.mkdir(parents=True)
    np.savez_compressed(path, **found)
