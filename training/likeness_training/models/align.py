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


def average_blocks(image: np.ndarray, block: int) -> np.ndarray:
    """Means of `block` x `block` pixels (H, W, 3) uint8; the last row and column average what is left."""
    sums = image.astype(np.float64)
    for axis in (0, 1):
        starts = np.arange(0, image.shape[axis], block)
        counts = np.diff([*starts, image.shape[axis]])
        shape = [-1 if axis == other else 1 for other in range(3)]
        sums = np.add.reduceat(sums, starts, axis) / counts.reshape(shape)
    return np.floor(sums + 0.5).astype(np.uint8)


def move(
    image: np.ndarray, matrix: np.ndarray, size: tuple[int, int], border: int = cv2.BORDER_REPLICATE, grey: int = 0
) -> np.ndarray:
    """A picture (H, W, 3) uint8 drawn through `matrix` (2, 3) at `size` = (width, height), as `pipeline/face/warp.ts`
    draws it: bilinear and, where it shrinks to a half or less, of blocks of pixels that are averaged first. OpenCV's
    INTER_AREA is bilinear here, and skips pixels."""
    back = cv2.invertAffineTransform(np.asarray(matrix, np.float64))
    scale = np.sqrt(abs(np.linalg.det(back[:, :2])))
    block, start = max(1, int(np.floor(scale + 1e-9))), np.zeros(2, int)
    if block > 1:
        width, height = size
        corners = (
            np.array([[0, 0], [width - 1, 0], [0, height - 1], [width - 1, height - 1]]) @ back[:, :2].T + back[:, 2]
        )
        margin = int(np.ceil(scale)) * 2
        start = np.maximum(0, np.floor(corners.min(0)).astype(int) - margin)
        end = np.minimum(image.shape[1::-1], np.ceil(corners.max(0)).astype(int) + margin + 1)
        if (end <= start).any():
            block, start = 1, np.zeros(2, int)
        else:
            image = average_blocks(image[start[1] : end[1], start[0] : end[0]], block)
            back = np.hstack([back[:, :2] / block, ((back[:, 2] - start + 0.5) / block - 0.5)[:, None]])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, back, size, flags=flags, borderMode=border, borderValue=(grey, grey, grey))


def warp(
    image: np.ndarray, points: np.ndarray, template: np.ndarray, size: int, border: int = cv2.BORDER_REPLICATE
) -> np.ndarray:
    """The face of `image` (HxWx3 uint8) moved so that `points` lie on `template`, size x size x 3."""
    return move(image, similarity(np.asarray(points, np.float64), template), (size, size), border)


def arcface_from_crop(crop: np.ndarray) -> np.ndarray:
    """The recogniser's 112x112 input cut from an aligned 128x128 crop: one fixed warp for every face."""
    matrix = np.array(
        [[1 / CROP_SCALE, 0, -CROP_OFFSET[0] / CROP_SCALE], [0, 1 / CROP_SCALE, -CROP_OFFSET[1] / CROP_SCALE]]
    )
    return cv2.warpAffine(
        crop, matrix, (ARCFACE_SIZE, ARCFACE_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
