"""Styles as image filters on training photographs: 128x128x3 uint8 in, the same out.

Each filter is one word the model learns. `seed` varies what a filter draws at random, so that a style is a manner, not
one fixed map. References of the identity path always stay plain photographs.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

Filter = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def grey(image: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)


def stretched(plane: np.ndarray) -> np.ndarray:
    """A grey plane with its contrast evened locally."""
    return cv2.createCLAHE(2.0, (4, 4)).apply(plane)


def rgb(plane: np.ndarray) -> np.ndarray:
    return np.repeat(np.clip(plane, 0, 255).astype(np.uint8)[..., None], 3, 2)


def tinted(plane: np.ndarray, dark: tuple, light: tuple) -> np.ndarray:
    """A grey plane 0..255 laid between two colours."""
    share = np.clip(plane, 0, 255).astype(np.float32)[..., None] / 255
    return (np.array(dark) * (1 - share) + np.array(light) * share).astype(np.uint8)


def dodge(image: np.ndarray, sigma: float) -> np.ndarray:
    """Colour dodge of a picture by its own blur: lines where the light changes, white elsewhere."""
    plane = stretched(grey(image)).astype(np.float32)
    blurred = cv2.GaussianBlur(255 - plane, (0, 0), sigma)
    return np.clip(plane * 255 / np.maximum(255 - blurred, 1), 0, 255)


def line_mask(image: np.ndarray, block: int, offset: float) -> np.ndarray:
    """0 on dark lines, 255 elsewhere."""
    plane = cv2.medianBlur(grey(image), 3)
    return cv2.adaptiveThreshold(plane, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, block, offset)


def quantised(image: np.ndarray, levels: int) -> np.ndarray:
    step = 256 / levels
    return np.clip((np.floor(image / step) + 0.5) * step, 0, 255).astype(np.uint8)


def smooth(image: np.ndarray, rounds: int) -> np.ndarray:
    for _ in range(rounds):
        image = cv2.bilateralFilter(image, 7, 40, 5)
    return image


def saturated(image: np.ndarray, factor: float) -> np.ndarray:
    hsv = cv2.cvtColor(image, cv2.COLOR_RGB2HSV).astype(np.float32)
    hsv[..., 1] = np.clip(hsv[..., 1] * factor, 0, 255)
    return cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB)


def pencil_sketch(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Lines by colour dodge over soft shading."""
    plane = stretched(grey(image)).astype(np.float32)
    paper = random.normal(0, 3, image.shape[:2])
    return rgb(dodge(image, 4) * 0.55 + plane * 0.45 + 22 + paper)


def charcoal(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    plane = stretched(grey(image)).astype(np.float32)
    grain = cv2.GaussianBlur(random.normal(0, 60, plane.shape).astype(np.float32), (0, 0), 0.8)
    dark = np.minimum(dodge(image, 8), 255 * (plane / 255) ** 0.7)
    return tinted(np.where(dark > 150, dark + grain * 0.35, dark * 0.55 + grain * 0.6), (22, 20, 20), (226, 220, 210))


def watercolour(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    soft = cv2.medianBlur(smooth(saturated(image, 1.3), 2), 5).astype(np.float32)
    wash = cv2.GaussianBlur(random.normal(0, 1, image.shape[:2]).astype(np.float32), (0, 0), 6)[..., None] * 90
    edge = cv2.GaussianBlur(255 - line_mask(image, 11, 6), (0, 0), 1)[..., None].astype(np.float32)
    return np.clip(soft * 0.72 + 75 + wash - edge * 0.22, 0, 255).astype(np.uint8)


def oil_painting(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Kuwahara filter: each pixel takes the mean of its calmest quarter; then a light canvas."""
    x = image.astype(np.float32)
    mean = cv2.blur(x, (3, 3), borderType=cv2.BORDER_REFLECT)
    variance = (cv2.blur(x * x, (3, 3), borderType=cv2.BORDER_REFLECT) - mean * mean).sum(2)
    shifts = [(a, b) for a in (-1, 1) for b in (-1, 1)]
    means = np.stack([np.roll(mean, shift, (0, 1)) for shift in shifts])
    calm = np.argmin(np.stack([np.roll(variance, shift, (0, 1)) for shift in shifts]), 0)
    painted = np.take_along_axis(means, calm[None, ..., None], 0)[0]
    canvas = cv2.GaussianBlur(random.normal(0, 14, image.shape[:2]).astype(np.float32), (0, 0), 1.0)[..., None]
    return saturated(np.clip(painted * 1.03 + canvas, 0, 255).astype(np.uint8), 1.5)


def cartoon(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    flat = quantised(smooth(saturated(image, 1.5), 3), int(random.integers(7, 9)))
    return np.where(line_mask(image, 9, 7)[..., None] == 0, flat * 0.3, flat).astype(np.uint8)


POP_PALETTES = (((28, 10, 90), (230, 30, 120), (255, 200, 40)), ((10, 40, 60), (20, 160, 170), (250, 230, 90)), ((60, 0, 60), (240, 80, 40), (120, 230, 250)))


def pop_art(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Five flat colours of one palette, by light."""
    plane = smooth(stretched(grey(image)), 2)
    palette = np.array(POP_PALETTES[int(random.integers(len(POP_PALETTES)))], np.float32)
    steps = np.stack([palette[0], (palette[0] + palette[1]) / 2, palette[1], (palette[1] + palette[2]) / 2, palette[2]])
    limits = np.percentile(plane, [14, 32, 52, 74])
    shade = (plane.astype(np.float32)[..., None] - 128) * 0.2
    return np.clip(steps[np.digitize(plane, limits)] + shade, 0, 255).astype(np.uint8)


def pixel_art(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    small = cv2.resize(saturated(image, 1.3), (43, 43), interpolation=cv2.INTER_AREA)
    return cv2.resize(quantised(small, 7), image.shape[1::-1], interpolation=cv2.INTER_NEAREST)


def black_and_white(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    plane = stretched(grey(image)).astype(np.float32)
    return rgb((plane - 127) * 1.15 + 127)


def sepia(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return tinted(grey(image).astype(np.float32) * 0.95 + 12, (38, 22, 8), (255, 232, 186))


def engraving(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Horizontal lines that swell in the shadows, bent by the light, over a faint wash."""
    plane = cv2.GaussianBlur(stretched(grey(image)), (0, 0), 0.7).astype(np.float32)
    rows = np.arange(image.shape[0], dtype=np.float32)[:, None]
    wave = 127.5 + 127.5 * np.sin((rows + plane / 40) * (2 * np.pi / 4))
    lines = np.clip((plane - wave * 0.75) * 2.4 + 60, 0, 255)
    return tinted(lines * 0.2 + plane * 0.8, (30, 34, 48), (244, 238, 222))


def neon(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Glowing lines over a dim picture, pink to cyan."""
    plane = cv2.GaussianBlur(grey(image), (0, 0), 1.0).astype(np.float32)
    slope = np.hypot(cv2.Sobel(plane, cv2.CV_32F, 1, 0), cv2.Sobel(plane, cv2.CV_32F, 0, 1))
    line = np.clip(slope / max(float(np.percentile(slope, 96)), 1), 0, 1)
    glow = np.clip(line * 0.7 + cv2.GaussianBlur(line, (0, 0), 3) * 0.4, 0, 1)[..., None]
    across = np.linspace(0, 1, image.shape[1])[None, :, None]
    colour = np.array((255, 40, 200)) * (1 - across) + np.array((40, 220, 255)) * across
    dim = stretched(grey(image)).astype(np.float32)[..., None] / 255 * (colour * 0.35 + 45)
    return np.clip(np.array((8, 4, 26)) + dim + glow * colour * 0.6, 0, 255).astype(np.uint8)


def low_poly(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Delaunay triangles over points that gather on edges and in the face, each filled with its mean colour."""
    size = image.shape[0]
    y, x = np.mgrid[:size, :size] / size - 0.5
    face = 14 * np.exp(-(x * x + y * y) / 0.05)
    weight = (cv2.GaussianBlur(cv2.Canny(image, 60, 140).astype(np.float32), (0, 0), 1.5) * 0.5 + 4 + face).ravel()
    chosen = random.choice(size * size, 620, replace=False, p=weight / weight.sum())
    points = {(int(i % size), int(i // size)) for i in chosen} | {(0, 0), (size - 1, 0), (0, size - 1), (size - 1, size - 1)}
    division = cv2.Subdiv2D((0, 0, size, size))
    for point in points:
        division.insert((float(point[0]), float(point[1])))
    out = smooth(image, 1).copy()
    soft = cv2.blur(image, (3, 3))
    for triangle in division.getTriangleList().reshape(-1, 3, 2):
        if (triangle < 0).any() or (triangle >= size).any():
            continue
        x, y = triangle.mean(0).astype(int)
        cv2.fillConvexPoly(out, triangle.astype(np.int32), tuple(int(c) for c in soft[y, x]))
    return saturated(out, 1.25)


def comic(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Halftone dots in the shadows over flat colour, with ink lines."""
    plane = cv2.GaussianBlur(stretched(grey(image)), (0, 0), 1.0).astype(np.float32)
    y, x = np.mgrid[: image.shape[0], : image.shape[1]].astype(np.float32)
    screen = 127.5 + 63.7 * (np.sin((x + y) * np.pi / 4) + np.sin((x - y) * np.pi / 4))
    flat = quantised(smooth(saturated(image, 1.6), 3), 7).astype(np.float32)
    dotted = np.where((plane < screen * 0.7)[..., None], flat * 0.72, flat * 0.95 + 14)
    return np.where(line_mask(image, 9, 8)[..., None] == 0, dotted * 0.35, np.clip(dotted, 0, 255)).astype(np.uint8)


def blueprint(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """White lines and pale light on blue."""
    plane = stretched(grey(image)).astype(np.float32)
    lines = np.clip((255 - dodge(image, 3)) * 1.1, 0, 255)
    return tinted(np.clip(lines * 0.45 + plane * 0.62, 0, 255), (16, 52, 120), (232, 242, 255))


def pastel(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    soft = smooth(saturated(image, 0.85), 2).astype(np.float32)
    chalk = cv2.GaussianBlur(random.normal(0, 30, image.shape[:2]).astype(np.float32), (0, 0), 0.7)[..., None]
    return np.clip(soft * 0.68 + 84 + chalk * 0.4, 0, 255).astype(np.uint8)


STYLES: dict[str, Filter] = {
    "pencil sketch": pencil_sketch,
    "charcoal": charcoal,
    "watercolour": watercolour,
    "oil painting": oil_painting,
    "cartoon": cartoon,
    "pop art": pop_art,
    "pixel art": pixel_art,
    "black and white": black_and_white,
    "sepia": sepia,
    "engraving": engraving,
    "neon": neon,
    "low poly": low_poly,
    "comic": comic,
    "blueprint": blueprint,
    "pastel": pastel,
}


def stylise(image: np.ndarray, style: str, seed: int) -> np.ndarray:
    """`image` in the style; equal for equal arguments. Raises KeyError for a style that is none."""
    return STYLES[style](image, np.random.default_rng(seed))
