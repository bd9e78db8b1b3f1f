"""Styles of metal and stone: the picture's small forms as a relief under a lamp."""

from __future__ import annotations

import torch
from torch import Tensor

from .flow import Flow, kuwahara
from .operations import Places, colour, gaussian, mix, ramp, slopes
from .style import Style
from .texture import Clouds, Grain
from .tone import evened, features, gradient_map, luminance


def relief(image: Tensor, matte: Tensor, face: Tensor, fine: Tensor, keep: float) -> Tensor:
    """Light of a figure of one material, 0..1: differences of tone within about 30 pixels stay, those between skin,
    hair and cloth go, but for `keep` of them."""
    light = evened(luminance(image), matte, face, 0.5, 0.92)
    flow = Flow(light, 4)
    calm = mix(kuwahara(light, 3, flow), light, fine * 0.8)
    inside = gaussian(calm * matte, 22) / (gaussian(matte, 22) + 0.02)
    small = (calm - inside) / (inside * 0.75 + 0.22)
    return ramp(0.52 + small * 0.72 + (inside - 0.5) * keep, -0.12, 1.12)


def lamp(height: Tensor, sigma: float, strength: float) -> Tensor:
    """Light on slopes that face the upper left, about 0."""
    x, y = slopes(gaussian(height, sigma))
    return ((x + 1.2 * y) * strength).clamp(-0.5, 0.5)


def wall(places: Places, dark: Tensor, pale: Tensor, light: Tensor) -> Tensor:
    """A room behind the figure: paler in the middle; a scene behind the person shows faintly."""
    far = ((places.row - 230) ** 2 + (places.column - 255.5) ** 2) / 360**2
    return mix(pale, dark, far.clamp(0, 1)) * (0.72 + 0.34 * gaussian(light, 8))


class BronzeStatue(Style):
    """Cast bronze: dark hollows, gold on the ridges, a little green where it is old."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(131, 1.0)
        self.clouds = Clouds(132, 32)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        form = relief(image, matte, face, fine, 0.75)
        around = gaussian(matte, 9)
        shine = lamp(form, 2.5, 3.0) + lamp(around, 4, 5.0)
        lit = ramp(form * 1.1 + shine * 0.9, 0.14, 1.12)
        lit = (lit + 0.06 * torch.sin(lit * 15.0) * (1 - fine * 0.7) + 0.012 * self.grain()).clamp(0, 1)
        metal = gradient_map(
            lit,
            [
                (0.0, colour(18, 10, 6)),
                (0.28, colour(70, 38, 18)),
                (0.52, colour(142, 86, 40)),
                (0.74, colour(212, 154, 84)),
                (0.90, colour(252, 222, 160)),
                (1.0, colour(255, 250, 232)),
            ],
        )
        old = ramp(0.40 - lit + self.clouds() * 0.12, 0.05, 0.32) * 0.40
        metal = mix(metal, colour(52, 110, 92) * (0.4 + lit), old * (1 - fine * 0.5))
        return mix(
            wall(self.places, colour(26, 28, 32), colour(104, 100, 94), light),
            metal,
            ramp(gaussian(matte, 0.9), 0.25, 0.75),
        )


class Marble(Style):
    """White stone with grey veins, softly lit, before a dark room."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(133, 0.7)
        self.large, self.middle, self.small = Clouds(134, 8), Clouds(135, 16), Clouds(136, 64)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        form = relief(image, matte, face, fine, 0.30)
        around = gaussian(matte, 9)
        lit = form * 0.92 + 0.14 + lamp(form, 2.5, 2.2) * 0.7 + lamp(around, 5, 4.0) * 0.6
        field = (
            (self.places.column * 0.75 + self.places.row) * (1 / 150)
            + 0.5 * self.large()
            + 0.22 * self.middle()
            + 0.03 * self.small()
        )
        vein = (
            ramp((field - torch.floor(field) - 0.5).abs(), 0.05, 0.0)
            * (0.6 + 0.6 * self.middle()).clamp(0, 1)
            * (1 - fine * 0.8)
        )
        stone = gradient_map(
            lit.clamp(0, 1),
            [
                (0.0, colour(46, 46, 54)),
                (0.4, colour(138, 136, 138)),
                (0.7, colour(212, 208, 202)),
                (1.0, colour(255, 253, 248)),
            ],
        )
        stone = stone * (1 - vein * 0.26 * (0.5 + self.middle().abs())) + 0.008 * self.grain()
        return mix(
            wall(self.places, colour(22, 24, 30), colour(84, 86, 94), light),
            stone,
            ramp(gaussian(matte, 0.9), 0.25, 0.75),
        )
