"""Styles of brush and paint."""

from __future__ import annotations

import torch
from torch import Tensor

from .cells import Strokes, lit
from .flow import Flow, kuwahara
from .lines import ink_lines
from .operations import colour, columns, gaussian, looked_up, mix, ramp, rows, slopes
from .style import Style
from .texture import Canvas, Clouds, Grain
from .tone import cheeks, clearer, evened, features, luminance, plainness, relit, saturated, stepped


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
        sharp = (image + (image - gaussian(image, 4)) * 0.8).clamp(0, 1)
        washed = mix(washed, sharp, fine * 0.85)
        move = self.shift() * 3.0 * (1 - fine)
        washed = looked_up(washed, rows() + move, columns() + self.blots() * 2.0 * (1 - fine))
        even = evened(luminance(washed), matte, face, 0.66, 0.55)
        tones = mix(stepped(even, 6, 3.0), even, 0.45 + 0.4 * fine)
        washed = saturated(relit(washed, luminance(washed), tones), 1.75)
        edges_of = gaussian(tones, 1.2)
        x, y = slopes(edges_of)
        edge = ramp(torch.sqrt(x * x + y * y + 1e-9), 0.015, 0.12)
        pigment = 1 + 0.16 * self.clouds() + 0.10 * self.blots() + 0.022 * self.grain()
        thick = (1 - washed) * pigment * 0.86 + edge * 0.10 * (1 - washed * 0.5)
        around = gaussian(matte, 16) + 0.28 * self.blots() + 0.2 * self.clouds()
        scene = 1 - plainness(luminance(image), matte)
        near = torch.minimum(
            torch.minimum(self.places.row, 511 - self.places.row),
            torch.minimum(self.places.column, 511 - self.places.column),
        )
        sheet = ramp(near + self.blots() * 10 + self.clouds() * 6, 8, 16) * scene * 0.92
        wet = torch.maximum(torch.maximum(matte, sheet), ramp(around, 0.2, 0.32) * 0.75)
        rim = ramp(around, 0.14, 0.22) * (1 - ramp(around, 0.24, 0.34)) * (1 - matte) * (1 - scene)
        shown = (thick * wet + rim * 0.05).clamp(0, 1)
        paper = colour(253, 250, 244) * (1 - 0.011 * self.grain())
        return paper * (1 - shown)


class OilPainting(Style):
    """Strokes of a flat brush along the form, finer on the face, bristles lit from above, canvas."""

    def __init__(self) -> None:
        super().__init__()
        self.broad = Strokes(35, 16, 24, 8)
        self.narrow = Strokes(36, 8, 13, 4.2)
        self.fine = Strokes(38, 4, 6, 1.9)
        self.canvas = Canvas(37)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 9, 4, rest=-60)
        sharp = (image + (image - gaussian(image, 3)) * 0.4).clamp(0, 1)
        calm = mix(kuwahara(image, 3.5, flow), sharp, fine * 0.8)
        even = clearer(evened(luminance(calm), matte, face, 0.5, 0.35), 24, 0.4 * matte)
        calm = saturated(relit(calm, luminance(calm), even), 1.4)
        broad, covered, height = self.broad(gaussian(calm, 2), flow)
        painted = mix(calm, broad, covered)
        narrow, on_top, low = self.narrow(calm, flow, gaussian(matte, 3))
        painted, height = mix(painted, narrow, on_top), mix(height, low, on_top)
        finest, topmost, thin = self.fine(calm, flow, fine)
        painted, height = mix(painted, finest, topmost), mix(height, thin * 0.5, topmost)
        painted = mix(painted, calm, fine * 0.6)
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
        even = clearer(evened(light, matte, face, 0.6, 0.5), 20, 0.4 * matte)
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


class InkWash(Style):
    """Brush and diluted ink on rice paper: few wet tones, soft ground, a red seal."""

    def __init__(self) -> None:
        super().__init__()
        self.fibre = Grain(101, 0.8, 10, 15)
        self.blots = Clouds(102, 32)
        self.clouds = Clouds(103, 8)
        self.shift = Clouds(104, 64)
        self.dry = Grain(105, 0.9, 12, -30)

    def seal(self) -> Tensor:
        """A red stamp at the lower right, 0..1."""
        y, x = self.places.row - 456, self.places.column - 462
        outer = ramp(torch.maximum(x.abs(), y.abs()) + self.blots() * 1.2, 25, 23)
        frame = ramp((torch.maximum(x.abs(), y.abs()) - 19).abs(), 1.2, 2.0)
        bars = torch.maximum(
            ramp((y - 2).abs(), 3.0, 2.0) * ramp(x.abs(), 15, 14), ramp((x + 1).abs(), 3.0, 2.0) * ramp(y.abs(), 15, 14)
        )
        more = torch.maximum(
            ramp((y + 9).abs(), 2.6, 1.6) * ramp((x - 1).abs(), 10, 9),
            ramp((y - 12).abs(), 2.6, 1.6) * ramp((x - 4).abs(), 9, 8),
        )
        return outer * frame * (1 - torch.maximum(bars, more))

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.70, 0.65), 22, 0.7)
        flow = Flow(light, 6)
        washed = kuwahara(kuwahara(light, 5, flow), 5, flow)
        washed = mix(washed, light, fine * 0.85)
        move = self.shift() * 4.0 * (1 - fine)
        washed = looked_up(washed, rows() + move, columns() + self.blots() * 3.0 * (1 - fine))
        tones = mix(stepped(washed, 5, 2.2), washed, 0.35 + 0.45 * fine)
        lines = ink_lines(mix(gaussian(light, 1.2), light, fine), flow, 1.8, 0.02 + 0.03 * cheeks(face, fine), 0.14, 8)
        x, y = slopes(gaussian(tones, 1.2))
        edge = ramp(torch.sqrt(x * x + y * y + 1e-9), 0.02, 0.14)
        ink = (1 - tones) * (1 + 0.16 * self.clouds() + 0.12 * self.blots()) * 0.9 + edge * 0.07
        ink = torch.maximum(ink, lines * (0.9 + 0.12 * self.dry()))
        end = ramp(self.places.row + self.blots() * 40 + self.clouds() * 30, 500, 400)
        around = gaussian(matte, 20) + 0.3 * self.blots() + 0.3 * self.clouds()
        mist = ramp(around, 0.1, 0.5) * (1 - matte) * 0.10
        scene = (0.8 - gaussian(light, 5)).clamp(0, 1) * 0.5 * (1 - matte)
        ink = ink * matte * mix(end, 1.0, 0.25) + mist + scene
        paper = colour(244, 238, 224) * (1 + 0.012 * self.fibre() + 0.012 * self.clouds())
        made = mix(paper, colour(24, 24, 28), ink.clamp(0, 0.96))
        return mix(made, colour(186, 40, 32), self.seal() * 0.9)
