"""A person's face in somebody else's picture, by landmarks alone: warped triangle by triangle, its colours matched,
blended.

Makes references of people with few photos: another head, hair and light around the same face (IDAdapter, section 3).
"""

from __future__ import annotations

import cv2
import numpy as np

MARGIN = 3
"""Pixels at the picture's edge that are never painted: blending needs a rim."""


def triangles(points: np.ndarray, width: int, height: int) -> np.ndarray:
    """Delaunay triangles of points (n, 2) as indices (m, 3)."""
    division = cv2.Subdiv2D((0, 0, width, height))
    places: dict[tuple[float, float], int] = {}
    for index, (x, y) in enumerate(points.astype(np.float32)):
        places.setdefault((float(x), float(y)), index)
        division.insert((float(x), float(y)))
    found = []
    for corners in np.asarray(division.getTriangleList()).reshape(-1, 3, 2):
        indices = [places.get((float(x), float(y))) for x, y in corners]
        if None not in indices:
            found.append(indices)
    return np.array(found)


def warp_face(
    source: np.ndarray, source_points: np.ndarray, target_points: np.ndarray, shape: tuple[int, int]
) -> np.ndarray:
    """`source` with its points moved onto `target_points`, in a picture of `shape`; only the face's triangles count."""
    height, width = shape
    owner = np.full((height, width), -1, np.int32)
    maps = []
    for number, indices in enumerate(triangles(target_points, width, height)):
        cv2.fillConvexPoly(owner, np.round(target_points[indices]).astype(np.int32), number)
        maps.append(
            cv2.getAffineTransform(target_points[indices].astype(np.float32), source_points[indices].astype(np.float32))
        )
    chosen = np.stack(maps)[owner.clip(min=0)]
    y, x = np.mgrid[:height, :width]
    places = np.einsum("hwij,hwj->hwi", chosen, np.stack([x, y, np.ones_like(x)], -1).astype(np.float64)).astype(
        np.float32
    )
    return cv2.remap(source, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def matched(picture: np.ndarray, like: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """`picture` with the mean and deviation of `like`'s colours (L*a*b*) under the mask."""
    ours, theirs = (cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32) for image in (picture, like))
    inside = mask > 0
    mean, deviation = ours[inside].mean(0), ours[inside].std(0) + 1e-3
    moved = (ours - mean) * np.minimum(theirs[inside].std(0) / deviation, 1.5) + theirs[inside].mean(0)
    return cv2.cvtColor(np.clip(moved, 0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)


def face_mask(points: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """255 inside the hull of the landmarks, a little within it so that no hair or background comes along."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.round(points).astype(np.int32)), 255)
    within = max(1, int(np.ptp(points[:, 0]) * 0.03))
    mask = cv2.erode(mask, np.ones((2 * within + 1, 2 * within + 1), np.uint8))
    mask[:MARGIN], mask[-MARGIN:], mask[:, :MARGIN], mask[:, -MARGIN:] = 0, 0, 0, 0
    return mask


def swap_face(
    source: np.ndarray, source_points: np.ndarray, target: np.ndarray, target_points: np.ndarray
) -> np.ndarray | None:
    """`target` with the face of `source`. Points (68, 2); RGB uint8. None where the target's face is not within its
    picture."""
    height, width = target.shape[:2]
    if (target_points < MARGIN).any() or (target_points >= np.array([width, height]) - MARGIN).any():
        return None
    mask = face_mask(target_points, (height, width))
    if not mask.any():
        return None
    face = matched(warp_face(source, source_points, target_points, (height, width)), target, mask)
    x, y, w, h = cv2.boundingRect(mask)
    return cv2.seamlessClone(face, target, mask, (x + w // 2, y + h // 2), cv2.NORMAL_CLONE)
