"""How light changes with a face: charts by place on the head."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .head import LEFT_EYE, LIPS_OUTER, OVAL, RIGHT_EYE
from .measured import DETAILED, MOVEMENTS, STUDIO, Portraits

CHART = (96, 80)
"""Height and width of the charts of light: x from -1 to 1, y from -0.9 to 1.5 on the canonical head."""
FEW = ("surprise", "sadness")
"""Movements that few portraits show."""
LIT_FROM = 700
"""Portraits of each group that the charts of light are the mean of."""


@dataclass
class ChartMap:
    """For each pixel of a chart of light its triangle and weights."""

    pixels: np.ndarray
    corners: np.ndarray
    weights: np.ndarray

    def unwrap(self, frame: np.ndarray, mesh: np.ndarray) -> np.ndarray:
        """A frame's colours by place on the head, float32 (n, 3)."""
        places = (mesh[self.corners][..., :2] * self.weights[..., None]).sum(1).astype(np.float32)
        return cv2.remap(frame, places[:, 0][None], places[:, 1][None], cv2.INTER_LINEAR)[0].astype(np.float32)


def crossed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Twice the area that two directions in the plane (..., 2) span, with its sign."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def chart_map(reference: np.ndarray, triangles: np.ndarray) -> ChartMap:
    """Where the places of a chart lie in the triangles of the mean head, as seen from the front."""
    height, width = CHART
    a, b, c = (reference[triangles[:, corner], :2] for corner in range(3))
    area = crossed(b - a, c - a)
    pixels, corners, weights = [], [], []
    for v in range(height):
        for u in range(width):
            place = np.array([(u + 0.5) / width * 2 - 1, (v + 0.5) / height * 2.4 - 0.9])
            of_a, of_b = crossed(b - place, c - place) / (area + 1e-12), crossed(c - place, a - place) / (area + 1e-12)
            of_c = 1 - of_a - of_b
            hit = np.flatnonzero((of_a >= 0) & (of_b >= 0) & (of_c >= 0) & (area > 1e-9))
            if len(hit):
                pixels.append(v * width + u)
                corners.append(triangles[hit[0]])
                weights.append((of_a[hit[0]], of_b[hit[0]], of_c[hit[0]]))
    return ChartMap(np.array(pixels), np.array(corners), np.array(weights))


def mean_log(portraits: Portraits, members: np.ndarray, places: ChartMap) -> np.ndarray:
    """The mean logarithm of colours (n, 3), each portrait's brightness taken out."""
    total = np.zeros((len(places.pixels), 3))
    for k in members[:LIT_FROM]:
        log = np.log(places.unwrap(portraits.frames[k], portraits.meshes[k]) + 8)
        total += log - log.mean()
    return total / max(1, min(LIT_FROM, len(members)))


def folds_of(chart: np.ndarray, places: ChartMap) -> np.ndarray:
    """Of a chart that few portraits show: who is shown differs more than how, so what remains is brightness, and of
    that no more than folds.
    """
    grey = np.repeat(chart.mean(2, keepdims=True), 3, 2)
    inside = np.zeros(CHART[0] * CHART[1], np.float32)
    inside[places.pixels] = 1
    inside = inside.reshape(*CHART)
    wide = cv2.GaussianBlur(grey, (0, 0), 7) / (cv2.GaussianBlur(inside, (0, 0), 7) + 1e-3)[..., None]
    return np.clip((grey - wide) * 0.8, -0.25, 0.2) * inside[..., None]


def lights_of(portraits: Portraits, groups: dict[str, np.ndarray], places: ChartMap) -> np.ndarray:
    """(M, H, W, 3): the mean logarithm of each group's colours against that at rest, symmetric, smooth, fading out at
    the oval.
    """
    chosen = portraits.of_sets((*DETAILED, *STUDIO))
    rest = mean_log(portraits, np.flatnonzero(groups["rest"] & chosen), places)
    fade = fading(portraits.reference)
    charts = []
    for name in MOVEMENTS:
        chart = np.zeros((CHART[0] * CHART[1], 3), np.float32)
        chart[places.pixels] = mean_log(portraits, np.flatnonzero(groups[name] & chosen), places) - rest
        chart = chart.reshape(*CHART, 3)
        if name in FEW:
            chart = folds_of(chart, places)
        chart = (chart + chart[:, ::-1]) / 2
        charts.append(cv2.GaussianBlur(chart, (0, 0), 0.8) * fade[..., None])
    return np.stack(charts)


def fading(reference: np.ndarray) -> np.ndarray:
    """1 on the face, 0 towards its oval, in the eyes and between the lips; (H, W)."""

    def place(ids: tuple[int, ...]) -> np.ndarray:
        """In sixteenths of a chart's pixel."""
        pixels = (reference[list(ids), :2] + [1, 0.9]) / [2, 2.4] * [CHART[1], CHART[0]] - 0.5
        return np.round(pixels * 16).astype(np.int32)

    mask = np.zeros(CHART, np.uint8)
    cv2.fillPoly(mask, [place(OVAL)], 255, shift=4)
    mask = cv2.erode(mask, np.ones((9, 9), np.uint8))
    for ids in (LEFT_EYE, RIGHT_EYE, LIPS_OUTER):
        hole = np.zeros(CHART, np.uint8)
        cv2.fillPoly(hole, [place(ids)], 255, shift=4)
        mask[cv2.dilate(hole, np.ones((3, 3), np.uint8)) > 0] = 0
    return cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 2.2)
