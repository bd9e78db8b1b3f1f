"""What stands behind people, and in what light: entries of captions.BACKDROPS and captions.LIGHTS, drawn at the size of a crop."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

WALLS: dict[str, tuple[int, int, int]] = {
    "white background": (250, 250, 250),
    "black background": (16, 16, 18),
    "red background": (196, 34, 38),
    "orange background": (240, 136, 32),
    "yellow background": (246, 214, 60),
    "green background": (44, 140, 70),
    "blue background": (40, 90, 190),
    "purple background": (120, 60, 170),
    "pink background": (244, 150, 190),
    "brown background": (112, 74, 46),
}


def grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    """x and y of each pixel's middle, 0..1."""
    axis = (np.arange(size, dtype=np.float32) + 0.5) / size
    return np.meshgrid(axis, axis)


def mixed(low: tuple, high: tuple, share: np.ndarray) -> np.ndarray:
    """(size, size, 3) float: `low` where share is 0, `high` where 1."""
    share = np.clip(share, 0, 1)[..., None]
    return np.array(low, np.float32) * (1 - share) + np.array(high, np.float32) * share


def clouded(size: int, random: np.random.Generator, coarse: float) -> np.ndarray:
    """Soft noise of about unit variance."""
    noise = cv2.GaussianBlur(random.normal(0, 1, (size, size)).astype(np.float32), (0, 0), coarse)
    return noise / max(float(noise.std()), 1e-6)


def wall(colour: tuple[int, int, int], size: int, random: np.random.Generator) -> np.ndarray:
    """A painted wall, lit from the front: a little darker towards the corners."""
    x, y = grid(size)
    light = 1.04 - random.uniform(0.1, 0.3) * ((x - 0.5) ** 2 + (y - 0.45) ** 2) * 2
    tint = np.array(colour, np.float32) * random.uniform(0.9, 1.08, 3)
    return tint * light[..., None]


def sunset(size: int, random: np.random.Generator) -> np.ndarray:
    x, y = grid(size)
    sky = mixed((92, 50, 120), (250, 128, 50), y * 1.25 + random.uniform(-0.15, 0.1))
    sun = np.hypot(x - random.uniform(0.08, 0.92), (y - random.uniform(0.15, 0.45)) * 1.0)
    glow = np.clip(1.1 - sun * 2.4, 0, 1) ** 2
    sky = sky + glow[..., None] * np.array((70, 90, 40), np.float32)
    return np.where((sun < 0.085)[..., None], np.array((255, 236, 170), np.float32), sky)


def starry_night(size: int, random: np.random.Generator) -> np.ndarray:
    _, y = grid(size)
    sky = mixed((8, 10, 40), (40, 36, 96), y + 0.12 * clouded(size, random, 12))
    stars = np.zeros((size, size), np.float32)
    for _ in range(int(random.integers(60, 100))):
        stars[int(random.integers(size)), int(random.integers(size))] = random.uniform(0.4, 1)
    wide = cv2.GaussianBlur(stars, (0, 0), 0.9) * 3
    return sky + np.clip(stars + wide, 0, 1)[..., None] * np.array((245, 245, 220), np.float32)


def snow(size: int, random: np.random.Generator) -> np.ndarray:
    _, y = grid(size)
    land = mixed((150, 176, 206), (236, 242, 250), y * 0.9 + 0.1 * clouded(size, random, 14))
    return land + flakes(size, random)


def flakes(size: int, random: np.random.Generator) -> np.ndarray:
    falling = np.zeros((size, size), np.float32)
    for _ in range(70):
        cv2.circle(falling, (int(random.integers(size)), int(random.integers(size))), int(random.integers(1, 3)), float(random.uniform(0.6, 1)), -1, cv2.LINE_AA)
    return cv2.GaussianBlur(falling, (0, 0), 0.6)[..., None] * 90


def sky(size: int, random: np.random.Generator) -> np.ndarray:
    _, y = grid(size)
    blue = mixed((70, 140, 222), (170, 210, 244), y)
    clouds = np.clip(clouded(size, random, 9) * 0.55 + clouded(size, random, 3.5) * 0.25 - 0.15, 0, 1)[..., None]
    return blue * (1 - clouds) + np.array((250, 250, 252), np.float32) * clouds


def forest(size: int, random: np.random.Generator) -> np.ndarray:
    leaves = 0.5 + 0.22 * clouded(size, random, 5) + 0.12 * clouded(size, random, 2)
    wood = mixed((18, 44, 22), (96, 150, 62), leaves)
    for _ in range(int(random.integers(5, 9))):
        left, width = random.uniform(-0.02, 1), random.uniform(0.03, 0.07)
        x, _ = grid(size)
        trunk = ((x > left) & (x < left + width))[..., None]
        wood = np.where(trunk, np.array((62, 44, 30), np.float32) * (0.7 + 0.9 * ((x - left) / width))[..., None], wood)
    return cv2.GaussianBlur(wood.astype(np.float32), (0, 0), 1.0)


SCENES: dict[str, Callable[[int, np.random.Generator], np.ndarray]] = {"sunset": sunset, "starry night": starry_night, "snow": snow, "sky": sky, "forest": forest}


def behind(backdrop: str, size: int, random: np.random.Generator) -> np.ndarray:
    """(size, size, 3) float, 0..255. Raises KeyError for a backdrop that is none."""
    made = wall(WALLS[backdrop], size, random) if backdrop in WALLS else SCENES[backdrop](size, random)
    return np.clip(made, 0, 255)


def gains(colour: tuple[float, float, float]) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
    return lambda image, random: image * np.array(colour, np.float32)


def side_light(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One half bright, the other in shadow."""
    x, _ = grid(len(image))
    across = x if random.random() < 0.5 else 1 - x
    light = 0.22 + 1.0 / (1 + np.exp((across - random.uniform(0.46, 0.54)) * 11))
    return image * light[..., None]


def dim_light(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    x, y = grid(len(image))
    pool = np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.14)
    return image * ((0.16 + 0.42 * pool) * random.uniform(0.9, 1.1))[..., None] * np.array((1.0, 0.95, 0.9), np.float32)


def flooded(colour: tuple[float, float, float]) -> Callable[[np.ndarray, np.random.Generator], np.ndarray]:
    """Lit by a coloured lamp: little of the picture's own colours is left."""

    def apply(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
        grey = image @ np.array((0.3, 0.59, 0.11), np.float32)
        return (image * 0.25 + grey[..., None] * 0.85) * np.array(colour, np.float32)

    return apply


LAMPS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "warm light": gains((1.08, 0.86, 0.58)),
    "cold light": gains((0.66, 0.86, 1.14)),
    "side light": side_light,
    "dim light": dim_light,
    "red light": flooded((0.98, 0.28, 0.24)),
    "green light": flooded((0.28, 0.94, 0.36)),
}


def lit(image: np.ndarray, light: str, random: np.random.Generator) -> np.ndarray:
    """`image` (uint8) in the light. Raises KeyError for a light that is none."""
    return np.clip(LAMPS[light](image.astype(np.float32), random), 0, 255).astype(np.uint8)
