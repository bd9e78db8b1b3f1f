"""Things people wear, drawn to the 68 landmarks of a face: 128x128x3 uint8 in, the same out.

Each is an entry of captions.ACCESSORIES. Everything is drawn four times as large and shrunk, in the face's own frame: the
origin between the eyes, x towards the right eye as the viewer sees it, y down the nose, the unit the distance of the eyes.
Colours and proportions vary by the seed, so that a thing is a kind of thing.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

SCALE = 4
SHADE = (20, 16, 18)


class Canvas:
    """A layer of colour and cover over a picture. Points are (n, 2) in the face's frame."""

    def __init__(self, size: int, landmarks: np.ndarray) -> None:
        self.size, self.marks = size, landmarks
        left, right = landmarks[36:42].mean(0), landmarks[42:48].mean(0)
        self.origin = (left + right) / 2
        across = right - left
        angle = np.arctan2(across[1], across[0])
        height = np.linalg.norm(landmarks[8] - self.origin)
        self.unit = max(float(np.linalg.norm(across)), 0.48 * float(height))
        self.axes = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        self.colour = np.zeros((size * SCALE, size * SCALE, 3), np.float32)
        self.cover = np.zeros((size * SCALE, size * SCALE), np.float32)

    def mark(self, *numbers: int) -> np.ndarray:
        """The mean of some landmarks, in the frame."""
        return self.axes @ (self.marks[list(numbers)].mean(0) - self.origin) / self.unit

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Frame -> fixed-point pixels of the large layer."""
        placed = np.asarray(points, np.float64) @ self.axes * self.unit + self.origin
        return np.round(((placed + 0.5) * SCALE - 0.5) * 16).astype(np.int32)

    def paint(self, points: np.ndarray, colour: tuple | np.ndarray, cover: float, margin: int, draw: Callable[[np.ndarray, np.ndarray], None]) -> None:
        """`draw(mask, points)` fills what is painted, in the part of the layer that the points reach."""
        placed = self.pixels(points)
        low = np.clip(placed.min(0) // 16 - margin, 0, len(self.cover))
        high = np.clip(placed.max(0) // 16 + margin + 1, 0, len(self.cover))
        if (low >= high).any():
            return
        part = slice(low[1], high[1]), slice(low[0], high[0])
        mask = np.zeros(self.cover[part].shape, np.uint8)
        draw(mask, placed - 16 * low)
        share = mask.astype(np.float32)[..., None] * (cover / 255)
        self.colour[part] = self.colour[part] * (1 - share) + np.array(colour, np.float32) * share
        self.cover[part] = self.cover[part] * (1 - share[..., 0]) + share[..., 0]

    def polygon(self, points: np.ndarray, colour: tuple | np.ndarray, cover: float = 1.0) -> None:
        self.paint(points, colour, cover, 2, lambda mask, placed: cv2.fillPoly(mask, [placed], 255, cv2.LINE_AA, 4))

    def line(self, points: np.ndarray, colour: tuple, width: float, cover: float = 1.0, closed: bool = False) -> None:
        """`width` in units."""
        thick = max(1, round(width * self.unit * SCALE))
        self.paint(points, colour, cover, thick + 2, lambda mask, placed: cv2.polylines(mask, [placed], closed, 255, thick, cv2.LINE_AA, 4))

    def ball(self, centre: np.ndarray, radius: float, colour: tuple) -> None:
        """A sphere lit from above."""
        base = np.array(colour, np.float32)
        self.polygon(ellipse(centre, radius, radius), base * 0.72)
        self.polygon(ellipse(centre + np.array([-0.08, -0.1]) * radius, radius * 0.86, radius * 0.84), base)
        self.polygon(ellipse(centre + np.array([-0.3, -0.38]) * radius, radius * 0.3, radius * 0.22), base * 0.4 + 150, 0.8)

    def over(self, image: np.ndarray) -> np.ndarray:
        cover = cv2.resize(self.cover, (self.size, self.size), interpolation=cv2.INTER_AREA)[..., None]
        colour = cv2.resize(self.colour, (self.size, self.size), interpolation=cv2.INTER_AREA)
        return np.clip(image * (1 - cover) + colour, 0, 255).astype(np.uint8)


def ellipse(centre: np.ndarray, rx: float, ry: float, start: float = 0.0, end: float = 360.0, count: int = 40) -> np.ndarray:
    """Points (count, 2) of an arc; degrees, clockwise from the right."""
    angles = np.radians(np.linspace(start, end, count))
    return np.asarray(centre) + np.stack([rx * np.cos(angles), ry * np.sin(angles)], 1)


def lenses(canvas: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """Centres of both eyes, a little lowered."""
    low = np.array([0.0, 0.06])
    return canvas.mark(*range(36, 42)) + low, canvas.mark(*range(42, 48)) + low


def lens(centre: np.ndarray, width: float, height: float, power: float) -> np.ndarray:
    """A superellipse: 2 is round, 4 nearly a rectangle."""
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    x, y = np.cos(angles), np.sin(angles)
    return centre + np.stack([width * np.sign(x) * np.abs(x) ** (2 / power), height * np.sign(y) * np.abs(y) ** (2 / power)], 1)


def temples(canvas: Canvas, frames: list[np.ndarray], colour: tuple, width: float) -> None:
    """The sides of a frame, to the ears as far as they show."""
    for frame, jaw in zip(frames, (canvas.mark(0), canvas.mark(16))):
        hinge = frame[np.argmax(frame[:, 0] * np.sign(jaw[0] or 1))]
        if abs(jaw[0]) > abs(hinge[0]):
            canvas.line(np.array([hinge, [jaw[0], (jaw[1] + hinge[1]) / 2 - 0.08]]), colour, width)


def glasses(canvas: Canvas, random: np.random.Generator) -> None:
    colour = ((22, 20, 22), (70, 40, 22), (120, 20, 30), (30, 40, 90))[int(random.integers(4))]
    width, height, power = random.uniform(0.36, 0.42), random.uniform(0.27, 0.36), random.uniform(2, 4)
    frames = [lens(centre, width, height, power) for centre in lenses(canvas)]
    for frame in frames:
        canvas.polygon(frame, (225, 235, 245), 0.12)
        canvas.line(frame, colour, random.uniform(0.06, 0.085), closed=True)
    inner = frames[0][np.argmax(frames[0][:, 0])], frames[1][np.argmin(frames[1][:, 0])]
    canvas.line(np.array([inner[0], (inner[0] + inner[1]) / 2 - np.array([0, 0.06]), inner[1]]), colour, 0.07)
    temples(canvas, frames, colour, 0.06)


def sunglasses(canvas: Canvas, random: np.random.Generator) -> None:
    colour = ((14, 14, 18), (40, 24, 16), (20, 26, 50))[int(random.integers(3))]
    width, height, power = random.uniform(0.42, 0.48), random.uniform(0.33, 0.4), random.uniform(2.3, 3.6)
    frames = [lens(centre, width, height, power) for centre in lenses(canvas)]
    for frame in frames:
        canvas.polygon(frame, colour, 0.97)
        middle = frame.mean(0)
        canvas.polygon(np.array([[-0.24, -0.2], [-0.1, -0.22], [-0.2, 0.16], [-0.3, 0.1]]) + middle, (150, 160, 180), 0.35)
        canvas.line(frame, SHADE, 0.05, closed=True)
    inner = frames[0][np.argmax(frames[0][:, 0])], frames[1][np.argmin(frames[1][:, 0])]
    canvas.line(np.array([inner[0] - [0, 0.1], inner[1] - [0, 0.1]]), SHADE, 0.09)
    temples(canvas, frames, SHADE, 0.08)


def eye_patch(canvas: Canvas, random: np.random.Generator) -> None:
    side = int(random.integers(2))
    centre = canvas.mark(*(range(36, 42) if side == 0 else range(42, 48)))
    brow = min(canvas.mark(19)[1], canvas.mark(24)[1])
    away = -1 if side == 0 else 1
    canvas.line(np.array([centre + [away * 0.9, -0.1], centre, [-away * 0.95, brow - 0.42]]), SHADE, 0.075)
    shape = lens(centre + np.array([0, 0.05]), 0.36, 0.33, 2.4)
    canvas.polygon(shape, (16, 14, 16))
    canvas.line(shape, (60, 56, 58), 0.03, closed=True)


def moustache(canvas: Canvas, random: np.random.Generator) -> None:
    colour = np.array(((26, 20, 18), (70, 44, 24), (110, 70, 34), (150, 140, 132))[int(random.integers(4))], np.float32)
    nose, lip = canvas.mark(33), canvas.mark(51)
    left, right = canvas.mark(48), canvas.mark(54)
    middle = nose * 0.4 + lip * 0.6
    thick, curl, reach = random.uniform(0.13, 0.19), random.uniform(-0.05, 0.16), random.uniform(1.0, 1.25)
    for corner in (left, right):
        tip = middle + (corner - middle) * np.array([reach, 0.75]) - np.array([0, curl])
        half = (middle + tip) / 2
        shape = np.array([middle - [0, thick * 0.75], half - [0, thick * 1.0], tip - [0, 0.015], tip + [0, 0.015], half + [0, thick * 0.75], middle + [0, thick * 0.4]])
        canvas.polygon(smooth(shape), colour)
        for share in (0.3, 0.5, 0.7):
            point = middle + (tip - middle) * share
            canvas.line(np.array([point - [0, thick * 0.6], point + [(tip - middle)[0] * 0.12, thick * 0.3]]), tuple(colour * 0.6 + 10), 0.02, 0.7)


def smooth(points: np.ndarray) -> np.ndarray:
    """Corners of a closed polygon cut off, three times (Chaikin 1974)."""
    for _ in range(3):
        following = np.roll(points, -1, 0)
        points = np.stack([points * 0.75 + following * 0.25, points * 0.25 + following * 0.75], 1).reshape(-1, 2)
    return points


def red_nose(canvas: Canvas, random: np.random.Generator) -> None:
    canvas.ball(canvas.mark(30) + np.array([0, -0.02]), random.uniform(0.25, 0.31), (214, 24, 34))


def brim(canvas: Canvas, rise: float) -> tuple[np.ndarray, np.ndarray]:
    """Both ends of the line where a hat sits, `rise` units above the brows, as wide as the head."""
    brow = (canvas.mark(17, 18, 19, 20, 21)[1] + canvas.mark(22, 23, 24, 25, 26)[1]) / 2 - rise
    left, right = min(canvas.mark(0)[0], -0.8) - 0.1, max(canvas.mark(16)[0], 0.8) + 0.1
    return np.array([left, brow + 0.06]), np.array([right, brow + 0.06])


def between(left: np.ndarray, right: np.ndarray, share: float, up: float = 0.0) -> np.ndarray:
    return left + (right - left) * share - np.array([0, up])


def arched(left: np.ndarray, right: np.ndarray, up: float, arch: float, count: int = 24) -> np.ndarray:
    """Points of a line from left to right, `up` above it, bent by `arch` in the middle (above 0: upwards)."""
    shares = np.linspace(0, 1, count)
    return np.stack([between(left, right, s, up + arch * 4 * s * (1 - s)) for s in shares])


def crown(canvas: Canvas, random: np.random.Generator) -> None:
    gold = np.array((236, 184, 46), np.float32) * random.uniform(0.9, 1.06)
    left, right = brim(canvas, random.uniform(0.3, 0.4))
    points = int(random.integers(4, 7))
    tops = []
    for index in range(points):
        tops += [between(left, right, index / points, 0.34), between(left, right, (index + 0.5) / points, 0.72)]
    outline = np.concatenate([arched(left, right, 0, -0.07)[::-1], [between(left, right, 0, 0.34)], tops[1:], [between(left, right, 1, 0.34)]])
    canvas.polygon(outline, gold)
    canvas.polygon(np.concatenate([arched(left, right, 0, -0.07), arched(left, right, 0.13, -0.07)[::-1]]), gold * 0.75)
    canvas.line(outline, tuple(gold * 0.5), 0.03, closed=True)
    jewels = ((200, 20, 40), (30, 70, 210), (20, 150, 70))
    for index in range(points):
        canvas.polygon(ellipse(between(left, right, (index + 0.5) / points, 0.2), 0.075, 0.075), jewels[index % 3])
        canvas.polygon(ellipse(between(left, right, (index + 0.5) / points, 0.73), 0.065, 0.065), (250, 226, 130))


def dome(left: np.ndarray, right: np.ndarray, height: float) -> np.ndarray:
    middle = (left + right) / 2
    return ellipse(middle, float(np.linalg.norm(right - left)) / 2, height, 180, 360)


def santa_hat(canvas: Canvas, random: np.random.Generator) -> None:
    red = np.array((196, 22, 34), np.float32)
    left, right = brim(canvas, random.uniform(0.28, 0.38))
    side = 1 if random.random() < 0.5 else -1
    far = right if side > 0 else left
    tip = far + np.array([side * random.uniform(0.05, 0.2), random.uniform(0.25, 0.6)])
    canvas.polygon(dome(left, right, 1.5), red)
    fold = np.array([between(left, right, 0.5 + side * 0.1, 1.1), far + [side * 0.3, -0.75], tip + [side * 0.1, -0.1], tip + [-side * 0.12, 0], far + [-side * 0.12, -0.35]])
    canvas.polygon(smooth(fold), red * 0.86)
    canvas.line(np.array([between(left, right, 0.5 + side * 0.2, 0.9), far + [side * 0.02, -0.4]]), tuple(red * 0.55), 0.04, 0.7)
    band = np.concatenate([arched(left, right, -0.12, -0.04), arched(left, right, 0.2, -0.04)[::-1]])
    canvas.polygon(band, (240, 240, 244))
    for share in np.linspace(0.02, 0.98, 15):
        canvas.polygon(ellipse(between(left, right, share, -0.09 + random.uniform(0, 0.06)), 0.1, 0.09), (248, 248, 250))
        canvas.polygon(ellipse(between(left, right, share, 0.17), 0.1, 0.08), (226, 226, 234))
    canvas.ball(tip + np.array([0, 0.1]), 0.2, (240, 240, 246))


HAT_COLOURS = ((225, 40, 130), (40, 120, 220), (250, 190, 30), (60, 180, 90), (140, 60, 190))


def party_hat(canvas: Canvas, random: np.random.Generator) -> None:
    first, second = (np.array(HAT_COLOURS[i], np.float32) for i in random.choice(len(HAT_COLOURS), 2, replace=False))
    left, right = brim(canvas, random.uniform(0.4, 0.5))
    lean = random.uniform(-0.12, 0.12)
    base = between(left, right, 0.24 + lean), between(left, right, 0.76 + lean)
    tip = between(left, right, 0.5 + lean * 1.6, 1.75)
    canvas.polygon(np.array([*arched(*base, 0, -0.08), tip]), first)
    for low in (0.1, 0.4, 0.7):
        stripe = [base[0] + (tip - base[0]) * low, base[1] + (tip - base[1]) * low, base[1] + (tip - base[1]) * (low + 0.15), base[0] + (tip - base[0]) * (low + 0.15)]
        canvas.polygon(np.array(stripe), second)
    canvas.line(np.array([base[0], tip, base[1]]), tuple(first * 0.6), 0.03)
    for share in np.linspace(0, 1, 9):
        canvas.polygon(ellipse(base[0] + (base[1] - base[0]) * share + [0, 0.05], 0.09, 0.08), second * 0.9 + 20)
    canvas.line(np.array([base[0], canvas.mark(1) * [1.0, 0.6]]), (240, 240, 240), 0.02, 0.8)
    canvas.line(np.array([base[1], canvas.mark(15) * [1.0, 0.6]]), (240, 240, 240), 0.02, 0.8)


def headphones(canvas: Canvas, random: np.random.Generator) -> None:
    colour = np.array(((24, 24, 28), (230, 230, 234), (190, 30, 40), (40, 90, 190))[int(random.integers(4))], np.float32)
    left, right = canvas.mark(0, 1), canvas.mark(15, 16)
    left, right = np.array([min(left[0], -0.72) - 0.14, left[1] - 0.02]), np.array([max(right[0], 0.72) + 0.14, right[1] - 0.02])
    middle, width = (left + right) / 2, (right[0] - left[0]) / 2
    band = ellipse(middle - [0, 0.1], width, 1.42, 180, 360)
    canvas.line(band, tuple(colour * 0.85), 0.2)
    canvas.line(band - np.array([0, 0.03]), tuple(np.minimum(colour * 1.1 + 36, 255)), 0.06)
    for centre in (left, right):
        canvas.polygon(lens(centre, 0.25, 0.44, 2.6), colour * 0.6)
        canvas.polygon(lens(centre - np.sign(centre[0]) * np.array([0.02, 0]), 0.19, 0.36, 2.4), colour)
        canvas.polygon(lens(centre + np.array([-0.03, -0.12]), 0.06, 0.12, 2.0), np.minimum(colour + 60, 255), 0.7)


def cat_ears(canvas: Canvas, random: np.random.Generator) -> None:
    fur = np.array(((30, 28, 32), (150, 96, 50), (200, 200, 204), (235, 224, 205))[int(random.integers(4))], np.float32)
    left, right = brim(canvas, random.uniform(0.46, 0.56))
    canvas.line(arched(left, right, -0.1, 0.34), tuple(fur * 0.6), 0.07)
    for share, way in ((0.2, -1), (0.8, 1)):
        centre = between(left, right, share, 0.12)
        outer = np.array([centre + [-0.34, 0.14], centre + [way * 0.16, -0.66], centre + [0.34, 0.14]])
        canvas.polygon(smooth(outer), fur)
        canvas.polygon(outer, fur)
        canvas.polygon(centre + (outer - centre) * 0.58 + [0, 0.04], (240, 160, 170))
        canvas.line(outer, tuple(fur * 0.55), 0.03)


def flower_crown(canvas: Canvas, random: np.random.Generator) -> None:
    left, right = brim(canvas, random.uniform(0.3, 0.42))
    canvas.line(arched(left, right, 0, 0.04), (50, 110, 50), 0.12)
    for share in np.linspace(0, 1, 16):
        leaf = between(left, right, share, random.uniform(-0.12, 0.2))
        canvas.polygon(ellipse(leaf, 0.14, 0.07), (60 + random.integers(40), 130 + random.integers(40), 60))
    colours = ((240, 110, 150), (250, 245, 240), (250, 200, 70), (200, 60, 90), (170, 120, 220))
    for share in np.linspace(0.03, 0.97, 8):
        centre = between(left, right, share, random.uniform(0.0, 0.1))
        colour, size = np.array(colours[int(random.integers(5))], np.float32), random.uniform(0.15, 0.2)
        for angle in np.radians(np.arange(0, 360, 72) + random.uniform(0, 72)):
            canvas.polygon(ellipse(centre + size * 0.75 * np.array([np.cos(angle), np.sin(angle)]), size * 0.62, size * 0.62), colour * random.uniform(0.88, 1.0))
        canvas.polygon(ellipse(centre, size * 0.4, size * 0.4), (250, 210, 70) if colour[2] > 90 else (110, 60, 20))


def beanie(canvas: Canvas, random: np.random.Generator) -> None:
    colour = np.array(((50, 60, 80), (150, 40, 50), (60, 110, 90), (210, 160, 60), (120, 120, 126))[int(random.integers(5))], np.float32)
    left, right = brim(canvas, random.uniform(0.26, 0.36))
    canvas.polygon(dome(left, right, 1.55), colour)
    for share in np.linspace(0.08, 0.92, 11):
        canvas.line(np.array([between(left, right, share, 0.2), between(left, right, 0.5 + (share - 0.5) * 0.75, 1.5)]), tuple(colour * 0.72), 0.045, 0.8)
    canvas.polygon(np.concatenate([arched(left, right, -0.14, -0.06), arched(left, right, 0.34, -0.06)[::-1]]), np.minimum(colour * 1.12 + 12, 255))
    for share in np.linspace(0.02, 0.98, 24):
        canvas.line(np.array([between(left, right, share, -0.1), between(left, right, share, 0.3)]), tuple(colour * 0.8), 0.03, 0.8)
    canvas.line(arched(left, right, 0.34, -0.06), tuple(colour * 0.6), 0.03, 0.8)


THINGS: dict[str, Callable[[Canvas, np.random.Generator], None]] = {
    "glasses": glasses,
    "sunglasses": sunglasses,
    "eye patch": eye_patch,
    "moustache": moustache,
    "red nose": red_nose,
    "crown": crown,
    "santa hat": santa_hat,
    "party hat": party_hat,
    "headphones": headphones,
    "cat ears": cat_ears,
    "flower crown": flower_crown,
    "beanie": beanie,
}

HIDES = {"sunglasses": 0.4, "eye patch": 0.6, "moustache": 0.8, "glasses": 0.8}
"""How much of a likeness can be asked for where a thing covers what a recogniser looks at; 1 for the others."""


def put_on(image: np.ndarray, thing: str, landmarks: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """`image` with the thing, at the face whose 68 `landmarks` (68, 2) are given in pixels. Raises KeyError for a thing that is none."""
    canvas = Canvas(len(image), landmarks)
    THINGS[thing](canvas, random)
    return canvas.over(image)
