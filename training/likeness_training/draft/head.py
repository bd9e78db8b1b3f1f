"""The canonical head: 468 points of the face mesh in a frame of their own, and the pose that puts them into a picture.

Axes as in a picture: x to the right, y down, z away from the camera. One unit is the distance between the outer corners
of the eyes. The mesh is MediaPipe's face mesh (Kartynnik et al., arXiv 1907.06724).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

POINTS = 468
LEFT_EYE_OUTER, RIGHT_EYE_OUTER = 33, 263
EYE_CORNERS = (33, 133, 362, 263)
OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377)
OVAL += (152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
LIPS_OUTER = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
LIPS_INNER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95)
INNER_UPPER_LIP, INNER_LOWER_LIP = LIPS_INNER[:11], (LIPS_INNER[0], *LIPS_INNER[:9:-1])
"""From corner to corner."""
LEFT_EYE = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246)
RIGHT_EYE = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466)
RIGID = (10, 338, 297, 332, 284, 251, 389, 356, 454, 234, 127, 162, 21, 54, 103, 67, 109, 168, 6, 197, 195, 5, 4, 1)
RIGID += (33, 133, 263, 362, 151, 9, 8, 98, 327, 129, 358, 118, 347, 50, 280)
"""Points that hardly move with an expression: forehead, temples, nose, corners of the eyes, cheekbones."""


@dataclass(frozen=True)
class Pose:
    """picture = scale * rotation @ canonical + shift."""

    scale: float
    rotation: np.ndarray
    shift: np.ndarray

    def apply(self, points: np.ndarray) -> np.ndarray:
        """Canonical (n, 3) -> picture (n, 3)."""
        return self.scale * points @ self.rotation.T + self.shift

    def undo(self, points: np.ndarray) -> np.ndarray:
        """Picture (n, 3) -> canonical (n, 3)."""
        return (points - self.shift) @ self.rotation / self.scale

    @property
    def degrees(self) -> tuple[float, float, float]:
        """(yaw, pitch, roll): yaw > 0 to the right of the picture, pitch > 0 up, roll > 0 clockwise, as a viewer sees
        it.
        """
        r = self.rotation
        yaw = np.degrees(np.arctan2(-r[0, 2], r[2, 2]))
        pitch = np.degrees(np.arcsin(np.clip(r[1, 2], -1, 1)))
        roll = np.degrees(np.arctan2(r[1, 0], r[1, 1]))
        return float(yaw), float(pitch), float(roll)


def procrustes(canonical: np.ndarray, picture: np.ndarray) -> Pose:
    """The similarity in space that brings canonical points nearest to a picture's (Umeyama 1991)."""
    mean_c, mean_p = canonical.mean(0), picture.mean(0)
    a, b = canonical - mean_c, picture - mean_p
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    rotation = u @ np.diag(flip) @ vt
    scale = float((s * flip).sum() / (a**2).sum())
    return Pose(scale, rotation, mean_p - scale * rotation @ mean_c)


def pose_of(mesh: np.ndarray, reference: np.ndarray) -> Pose:
    """The pose of a picture's mesh (468, 3) against the mean head."""
    rigid = list(RIGID)
    return procrustes(reference[rigid].astype(float), mesh[rigid].astype(float))


def mirror_order(reference: np.ndarray) -> np.ndarray:
    """For each point the one on the other side of the face: pairs, and points of the middle line with themselves."""
    mirrored = reference * np.array([-1.0, 1.0, 1.0])
    gaps = np.linalg.norm(mirrored[:, None] - reference[None], axis=2)
    _, order = linear_sum_assignment(gaps + gaps.T)
    for point in np.flatnonzero(order[order] != np.arange(len(order))):
        order[point] = point
    return order


def mean_head(meshes: np.ndarray, rounds: int = 5) -> np.ndarray:
    """Generalised Procrustes over frontal meshes (n, 468, 3): the mean head, symmetric, the middle of the eyes at the
    origin, their outer corners one unit apart.
    """
    reference = normalise(meshes[0].astype(float))
    for _ in range(rounds):
        reference = normalise(np.mean([pose_of(mesh, reference).undo(mesh.astype(float)) for mesh in meshes], axis=0))
    order = best_mirror(reference)
    return normalise((reference + reference[order] * np.array([-1.0, 1.0, 1.0])) / 2)


def best_mirror(reference: np.ndarray) -> np.ndarray:
    """`mirror_order` about the middle of the eyes."""
    centred = reference - np.array([(reference[list(EYE_CORNERS), 0]).mean(), 0, 0])
    return mirror_order(centred)


def normalise(head: np.ndarray) -> np.ndarray:
    """Eyes level and facing the camera, the middle of their outer corners at the origin, one unit apart."""
    outer = head[[LEFT_EYE_OUTER, RIGHT_EYE_OUTER]]
    x = outer[1] - outer[0]
    x /= np.linalg.norm(x)
    moved = head - outer.mean(0)
    down = moved[152] - moved[10]
    y = down - (down @ x) * x
    y /= np.linalg.norm(y)
    z = np.cross(x, y)
    turned = moved @ np.stack([x, y, z], 1)
    return turned / np.linalg.norm(turned[RIGHT_EYE_OUTER] - turned[LEFT_EYE_OUTER])
