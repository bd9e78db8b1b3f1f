"""What open mouths show: a mean and principal components of charts from corner to corner and from lip to lip."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from .head import INNER_LOWER_LIP, INNER_UPPER_LIP
from .measured import Portraits
from .prepare import Opener

MOUTH = (48, 96)
"""Height and width of the charts of mouths."""
COMPONENTS = 24
MOUTH_LEAST = (48, 9)
"""Pixels of a mouth's width and opening, from which it is looked into."""
GAPS, TOOTH = 1.7, 2.2
"""How much gaps between teeth are deepened; standard deviation of what tells them from teeth, in pixels of a chart."""
TEETH, TEETH_OF_GRIN, ARCH = 0.3, 0.62, 0.4
"""Upper teeth take this part of a mouth's height that is wide open, and that of a grin; at the corners so much less."""
THROAT, TONGUE, SHADED = (44.0, 18.0, 17.0), (122.0, 60.0, 60.0), 0.86
"""Red, green, blue; and how much darker teeth are under the lip of a mouth that is wide open."""


def mouth_places(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Where the places of a mouth's chart lie in a picture (h, w, 2), between the inner lips (11, 2)."""
    height, width = MOUTH
    along = (np.arange(width) + 0.5) / width * (len(INNER_UPPER_LIP) - 1)
    down = ((np.arange(height) + 0.5) / height)[:, None, None]
    first, part = np.floor(along).astype(int), (along - np.floor(along))[:, None]
    top, bottom = (line[first] * (1 - part) + line[first + 1] * part for line in (upper, lower))
    return (top[None] * (1 - down) + bottom[None] * down).astype(np.float32)


def mouth_charts(portraits: Portraits, members: np.ndarray, pictures: Path) -> np.ndarray:
    """(n, h, w, 3) of what lies between the lips, from the pictures at full size."""
    opened, middle = Opener(pictures), len(INNER_UPPER_LIP) // 2
    out = []
    for k in members:
        mesh = portraits.file_meshes[k][:, :2]
        upper, lower = mesh[list(INNER_UPPER_LIP)], mesh[list(INNER_LOWER_LIP)]
        width, opening = np.linalg.norm(upper[0] - upper[-1]), np.linalg.norm(upper[middle] - lower[middle])
        if width < MOUTH_LEAST[0] or opening < MOUTH_LEAST[1]:
            continue
        places = mouth_places(upper, lower)
        out.append(cv2.remap(opened(portraits.rows[k]), places[..., 0], places[..., 1], cv2.INTER_CUBIC))
    return np.stack(out).astype(np.float32)


@dataclass
class Mouths:
    """What lies between the lips: `mean` (h, w, 3), principal `components` (K, h, w, 3) and `deviations` (K,)."""

    mean: np.ndarray
    components: np.ndarray
    deviations: np.ndarray


def components_of(charts: np.ndarray) -> Mouths:
    """Mean, principal components and standard deviations, mirror images taken along."""
    both = np.concatenate([charts, charts[:, :, ::-1]]).reshape(2 * len(charts), -1)
    mean = both.mean(0)
    u, s, vt = np.linalg.svd(both - mean, full_matrices=False)
    kept = min(COMPONENTS, len(s))
    shape = charts.shape[1:]
    return Mouths(mean.reshape(shape), vt[:kept].reshape(kept, *shape), s[:kept] / np.sqrt(len(both)))


def with_gaps(mouths: Mouths) -> Mouths:
    """Mouths whose teeth are told apart: people's teeth lie in nearly the same places, so that means over people keep
    only traces of the gaps; what changes from left to right within a tooth's width is brought out again.
    """

    def deepened(chart: np.ndarray) -> np.ndarray:
        chart = chart.astype(np.float32)
        return chart + GAPS * (chart - cv2.GaussianBlur(chart, (0, 0), sigmaX=TOOTH, sigmaY=0.01))

    components = np.stack([deepened(component) for component in mouths.components])
    return Mouths(deepened(mouths.mean), components, mouths.deviations)


def wide_open(grin: Mouths) -> Mouths:
    """Mouths of surprise: the upper teeth of grins, and below them the throat and the tongue. Too few portraits show
    one to learn what is in it, and what they show differs more by person than principal components can tell.
    """
    height, width = MOUTH
    v, u = (np.arange(height)[:, None] + 0.5) / height, (np.arange(width)[None] + 0.5) / width
    side = 2 * u - 1
    edge = TEETH * (1 - ARCH * side**2)
    teeth = np.clip((edge - v) / 0.06 + 0.5, 0, 1)[..., None] * SHADED
    places = np.stack(np.broadcast_arrays(u * width - 0.5, v / edge * TEETH_OF_GRIN * height - 0.5), 2).astype(
        np.float32
    )

    def raised(chart: np.ndarray) -> np.ndarray:
        chart = chart.astype(np.float32)
        return cv2.remap(chart, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    mound = np.clip(1.15 - ((side / 0.95) ** 2 + ((v - 1.08) / 0.6) ** 2), 0, 1)[..., None]
    below = np.array(THROAT) + (np.array(TONGUE) - THROAT) * mound**1.5
    below = below * (1 - 0.5 * side[..., None] ** 4)
    covered = teeth / SHADED
    return Mouths(
        raised(grin.mean) * teeth + below * (1 - covered),
        np.stack([raised(component) * teeth for component in grin.components]),
        grin.deviations,
    )
