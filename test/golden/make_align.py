"""Writes align.json: what OpenCV makes of a drawn picture, for the test of pipeline/face/warp.ts.

    training/.venv/bin/python test/golden/make_align.py

The picture is drawn from whole numbers, so that the test draws the same one. Each case gives five points, the side of
the aligned face, the similarity (Umeyama, in NumPy by singular value decomposition) and every fourth pixel of every
fourth row of what training's `warp` makes of it: OpenCV's warpAffine (bilinear, border replicated), of averaged blocks
where the face shrinks to a half or less.
"""

import json
from pathlib import Path

import cv2
import numpy as np

from likeness_training.models.align import warp

ARCFACE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
WIDTH, HEIGHT = 160, 140
STEP = 4

# Points in a 160 x 140 picture: upright, turned, reaching outside it, shrunk by nearly half, and to 1 / 3.5.
CASES = [
    {"name": "upright", "side": 112, "points": [[62.3, 55.1], [98.8, 54.2], [80.9, 76.4], [66.0, 96.8], [95.2, 97.1]]},
    {"name": "turned", "side": 112, "points": [[70.2, 40.9], [99.6, 63.3], [72.4, 70.1], [49.8, 78.2], [75.1, 96.6]]},
    {"name": "outside", "side": 112, "points": [[8.5, 20.2], [40.1, 18.8], [23.0, 38.7], [10.9, 57.5], [37.7, 56.3]]},
    {"name": "scaled", "side": 64, "points": [[60.0, 50.0], [95.0, 52.0], [77.0, 71.0], [62.0, 91.0], [92.0, 92.0]]},
    {"name": "shrunk", "side": 33, "points": [[60.0, 50.0], [95.0, 52.0], [77.0, 71.0], [62.0, 91.0], [92.0, 92.0]]},
]


def draw() -> np.ndarray:
    """A picture of slopes, stripes and a disc; whole-number arithmetic only."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    planes = []
    for channel in range(3):
        wave = np.abs((x * (2 + channel) + y * (4 - channel)) % 240 - 120)
        disc = ((x - 80) ** 2 + (y - 70) ** 2 < 900).astype(int) * 60
        planes.append(wave + disc + 20 * channel)
    return np.clip(np.stack(planes, axis=-1), 0, 255).astype(np.uint8)


def umeyama(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The least-squares similarity from source to target, 2 x 3 (Umeyama 1991)."""
    source_mean, target_mean = source.mean(0), target.mean(0)
    source_centred, target_centred = source - source_mean, target - target_mean
    covariance = target_centred.T @ source_centred / len(source)
    u, singular, vt = np.linalg.svd(covariance)
    signs = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(signs) @ vt
    scale = (singular * signs).sum() / source_centred.var(0).sum()
    return np.c_[scale * rotation, target_mean - scale * rotation @ source_mean]


def main() -> None:
    picture = draw()
    cases = []
    for case in CASES:
        side = case["side"]
        matrix = umeyama(np.array(case["points"]), ARCFACE * side / 112)
        result = warp(picture, np.array(case["points"]), ARCFACE * side / 112, side)
        pixels = result[::STEP, ::STEP].reshape(-1).tolist()
        cases.append({**case, "matrix": matrix.reshape(-1).round(9).tolist(), "pixels": pixels})
    golden = {"opencv": cv2.__version__, "width": WIDTH, "height": HEIGHT, "step": STEP, "cases": cases}
    Path(__file__).with_name("align.json").write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
