"""Upright alignment of faces by five points (Umeyama 1991) to the ArcFace template."""

from __future__ import annotations

import cv2
import numpy as np

ARCFACE_SIZE = 112
ARCFACE_POINTS = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float64
)
"""Left eye, right eye, nose, left and right mouth corner (left as the viewer sees it) in a 112x112 picture."""

CROP_SIZE = 128
CROP_SCALE = 1.135
CROP_OFFSET = (0.42, 0.5)
"""The generator's 128x128 crop is the ArcFace crop enlarged and moved: `p128 = 1.135 * p112 + offset`."""

CROP_POINTS = ARCFACE_POINTS * CROP_SCALE + np.array(CROP_OFFSET)


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least-squares similarity transform, 2x3, that takes `source` points (n, 2) to `target` points."""
    mean_s, mean_t = source.mean(0), target.mean(0)
    s, t = source - mean_s, target - mean_t
    u, d, vt = np.linalg.svd(t.T @ s / len(source))
    sign = np.array([1.0, np.sign(np.linalg.det(u) * np.linalg.det(vt))])
    rotation = u @ np.diag(sign) @ vt
    scale = (d * sign).sum() / s.var(0).sum()
    return np.hstack([scale * rotation, (mean_t - scale * rotation @ mean_s)[:, None]])


def warp(
    image: np.ndarray, points: np.ndarray, template: np.ndarray, size: int, border: int = cv2.BORDER_REPLICATE
) -> np.ndarray:
    """The face of `image` (HxWx3 uint8) moved so that `points` lie on `template`, size x size x 3."""
    matrix = similarity(np.asarray(points, np.float64), template)
    return cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)


def arcface_from_crop(crop: np.ndarray) -> np.ndarray:
    """The recogniser's 112x112 input cut from an aligned 128x128 crop: one fixed warp for every face."""
    matrix = np.array(
        [[1 / CROP_SCALE, 0, -CROP_OFFSET[0] / CROP_SCALE], [0, 1 / CROP_SCALE, -CROP_OFFSET[1] / CROP_SCALE]]
    )
    return cv2.warpAffine(
        crop, matrix, (ARCFACE_SIZE, ARCFACE_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
