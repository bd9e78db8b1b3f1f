"""Drawn faces: data for tests and goldens without a single photograph."""

from __future__ import annotations

import cv2
import numpy as np

SIZE = 128
EXPRESSIONS = ("happy", "neutral", "surprised", "sad")


def draw_face(
    person: np.random.Generator, photo: np.random.Generator, expression: str, yaw: float
) -> tuple[np.ndarray, list[list[float]]]:
    """(picture 128x128x3, five points). `person` fixes colours and proportions, `photo` the rest."""
    skin, hair, back = (
        person.integers(low, high, 3).astype(int).tolist() for low, high in ((120, 240), (10, 120), (60, 255))
    )
    width = 38 + person.uniform(-4, 4)
    shift = yaw * 0.25
    image = np.full((SIZE, SIZE, 3), back, np.uint8)
    cv2.ellipse(image, (64, 58), (int(width + 12), 58), 0, 0, 360, hair, -1)
    cv2.ellipse(image, (64, 70), (int(width), 50), 0, 0, 360, skin, -1)
    gap = 20 + person.uniform(-1.5, 1.5)
    eyes = [[64 - gap + shift, 59.0], [64 + gap + shift, 59.0]]
    mouth = [[47 + shift * 0.8, 97.0], [81 + shift * 0.8, 97.0]]
    nose = [64 + shift * 1.6, 79.0]
    for x, y in eyes:
        cv2.ellipse(image, (int(x), int(y)), (7, 6 if expression == "surprised" else 4), 0, 0, 360, (250, 250, 250), -1)
        cv2.circle(image, (int(x), int(y)), 3, person.integers(10, 120, 3).astype(int).tolist(), -1)
        cv2.line(image, (int(x) - 8, int(y) - 10), (int(x) + 8, int(y) - 10), hair, 2)
    cv2.line(image, (int(nose[0]), 64), (int(nose[0]), 80), [int(c * 0.7) for c in skin], 2)
    centre = (int((mouth[0][0] + mouth[1][0]) / 2), 95)
    arcs = {"happy": (0, 180), "sad": (180, 360), "surprised": (0, 360), "neutral": (0, 180)}
    cv2.ellipse(
        image,
        centre,
        (15, 2 if expression == "neutral" else 9),
        0,
        *arcs[expression],
        (150, 40, 50),
        -1 if expression == "surprised" else 3,
    )
    noise = photo.normal(0, 4, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 0.8) + noise, 0, 255).astype(np.uint8), [*eyes, nose, *mouth]
