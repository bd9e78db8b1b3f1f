"""Styles of brush and paint."""

from __future__ import annotations

import torch
from torch import Tensor

from .cells import Strokes, lit
from .flow import Flow, along, kuwahara
from .operations import colour, columns, gaussian, looked_up, mix, ramp, rows, slopes
from .style import Style
from .texture import Canvas, Clouds, Grain
from .tone import clearer, evened, features, luminance, relit, saturated, stepped


class Watercolour(Style):
    """Washes with darker edges on rough paper; the colour runs out before the border."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(31, 1.1)
        self.blots = Clouds(32, 32)
        self.clouds = Clouds(33, 8)
        self.shift = Clouds(34, 64)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        flow = Flow(luminance(image), 4)
        washed = kuwahara(kuwahara(image, 5, flow), 4, flow)
        washed = mix(washed, gaussian(image, 0.7), fine * 0.8)
        move = self.shift() * 3.0 * (1 - fine)
        washed = looked_up(washed, rows() + move, columns() + self.blots() * 2.0 * (1 - fine))
        even = evened(luminance(washed), matte, face, 0.66, 0.55)
        tones = mix(stepped(even, 6, 3.0), even, 0.45 + 0.4 * fine)
        washed = saturated(relit(washed, luminance(washed), tones), 1.45)
        edges_of = gaussian(tones, 1.2)
        x, y = slopes(edges_of)
        edge = ramp(torch.sqrt(x * x + y * y + 1e-9), 0.015, 0.12)
        pigment = 1 + 0.16 * self.clouds() + 0.10 * self.blots() + 0.045 * self.grain()
        thick = (1 - washed) * pigment * 0.86 + edge * 0.10 * (1 - washed * 0.5)
        around = gaussian(matte, 16) + 0.28 * self.blots() + 0.2 * self.clouds()
        wet = torch.maximum(matte * 1.0, ramp(around, 0.2, 0.32) * 0.75)
        rim = ramp(around, 0.14, 0.22) * (1 - ramp(around, 0.24, 0.34)) * (1 - matte)
        shown = (thick * wet + rim * 0.05).clamp(0, 1)
        paper = colour(252, 249, 242) * (1 - 0.018 * self.grain())
        return paper * (1 - shown)


class OilPainting(Style):
    """Strokes of a flat brush along the form, finer on the face, bristles lit from above, canvas."""

    def __init__(self) -> None:
        super().__init__()
        self.broad = Strokes(35, 16, 24, 8)
        self.narrow = Strokes(36, 8, 13, 4.2)
        self.canvas = Canvas(37)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 9, 4, rest=-60)
        calm = kuwahara(image, 3.5, flow)
        even = clearer(evened(luminance(calm), matte, face, 0.5, 0.35), 24, 0.4)
        calm = saturated(relit(calm, luminance(calm), even), 1.4)
        broad, covered, height = self.broad(gaussian(calm, 2), flow)
        painted = mix(calm, broad, covered)
        narrow, on_top, low = self.narrow(calm, flow, gaussian(matte, 3))
        painted, height = mix(painted, narrow, on_top), mix(height, low, on_top)
        painted = mix(painted, calm, fine * 0.8)
        relief = lit(height, 0.5) * mix(1.0, 0.35, fine)
        return painted * (1 + relief * 0.16) + relief * 0.035 + self.canvas() * 0.01


class Impressionist(Style):
    """Short thick dabs of purer colour, laid side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.broad = Strokes(45, 16, 20, 7)
        self.narrow = Strokes(46, 8, 10, 4)
        self.tint = Grain(47, 3)
        self.other = Grain(48, 3)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 9, 4, rest=30)
        even = clearer(evened(light, matte, face, 0.6, 0.5), 20, 0.4)
        calm = saturated(relit(gaussian(image, 1), light, even * 0.92 + 0.06), 1.7)
        quiet = mix(0.05, 0.015, fine)
        vary = torch.cat([self.tint(), self.other() * 0.6, -self.tint()], 1) * quiet
        cool = (0.6 - even) * torch.tensor([-0.10, -0.02, 0.16]).reshape(1, 3, 1, 1)
        colours = calm + vary + cool * mix(1.0, 0.4, fine)
        broad, covered, height = self.broad(colours, flow)
        painted = mix(colours, broad, covered)
        narrow, on_top, low = self.narrow(colours, flow, gaussian(matte, 3))
        painted, height = mix(painted, narrow, on_top), mix(height, low, on_top)
        painted = mix(painted, calm, fine * 0.6)
        relief = lit(height, 0.5) * mix(1.0, 0.4, fine)
        return painted * (1 + relief * 0.18) + relief * 0.04
