"""Styles of pencil, coal and chalk."""

from __future__ import annotations

import torch
from torch import Tensor

from .flow import Flow, kuwahara
from .lines import ink_lines
from .operations import colour, gaussian, mix, ramp
from .style import Style
from .texture import Clouds, Grain
from .tone import cheeks, clearer, evened, features, luminance, relit, saturated


class PencilSketch(Style):
    """Graphite: fine lines on the form, tone in slanted strokes that the paper's grain breaks up."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(21, 0.75)
        self.strokes = Grain(22, 0.8, 14, -52)
        self.cross = Grain(23, 0.8, 10, -80)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.68, 0.8), 16, 0.5)
        fine = features(face)
        flow = Flow(light, 3)
        smooth = mix(gaussian(light, 1.0), light, fine)
        low = 0.012 + 0.02 * cheeks(face, fine) + 0.03 * (1 - matte)
        lines = ink_lines(smooth, flow, 0.9, low, 0.16)
        broad = ink_lines(gaussian(light, 1.6), flow, 2.4, 0.05, 0.35)
        dark = 1 - mix(1.0, light, 0.25 + 0.75 * matte)
        shade = ramp(dark, 0.12, 1.05)
        hatch = (0.74 + 0.30 * self.strokes() + 0.16 * self.grain()).clamp(0.1, 1.5)
        deep = (0.7 + 0.35 * self.cross() + 0.2 * self.grain()).clamp(0.1, 1.5)
        tone = shade * 0.62 * mix(hatch, 0.9 + 0.12 * self.grain(), fine * 0.7) + ramp(dark, 0.5, 1.0) * 0.34 * deep
        pencil = 1 - (1 - tone.clamp(0, 0.95)) * (1 - lines * (0.82 + 0.1 * self.grain())) * (1 - broad * 0.45)
        paper = colour(250, 248, 243) * (1 - 0.012 * self.grain())
        return mix(paper, colour(44, 44, 48), (pencil * 0.93).clamp(0, 1))


class Charcoal(Style):
    """Rubbed coal on toned paper, white chalk in the lights."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(24, 0.9)
        self.strokes = Grain(25, 1.4, 16, -38)
        self.clouds = Clouds(26, 16)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.6, 0.8), 20, 0.8)
        fine = features(face)
        flow = Flow(light, 4)
        smooth = mix(gaussian(light, 1.8), gaussian(light, 0.7), fine)
        lines = ink_lines(mix(smooth, light, fine), flow, 1.5, 0.02 + 0.02 * cheeks(face, fine) + 0.04 * (1 - matte), 0.2, 6)
        dark = (1 - smooth) * matte + (1 - matte) * (0.30 - 0.16 * smooth + 0.05 * self.clouds())
        tooth = self.grain() * 0.7 + self.strokes() * 0.5
        rough = mix(1.0, 0.35, fine)
        coal = ramp(dark + tooth * 0.11 * rough, 0.28, 0.98)
        coal = 1 - (1 - coal * 0.95) * (1 - lines * (0.85 + 0.15 * self.grain()).clamp(0, 1))
        chalk = ramp(smooth + tooth * 0.06, 0.74, 1.0) * matte
        paper = colour(214, 205, 190) * (1 - 0.02 * self.grain())
        made = mix(paper, colour(250, 247, 240), chalk * 0.85)
        return mix(made, colour(26, 24, 25), coal.clamp(0, 1))


class Pastel(Style):
    """Soft chalks on tinted paper: strokes in one direction, the paper shows between."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(27, 0.8)
        self.strokes = Grain(28, 1.1, 12, -58)
        self.clouds = Clouds(29, 8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = luminance(image)
        fine = features(face)
        flow = Flow(light, 4)
        soft = kuwahara(image, 4, flow)
        soft = mix(soft, image * 0.6 + gaussian(image, 1) * 0.4, fine * 0.85)
        even = evened(luminance(soft), matte, face, 0.62, 0.5)
        soft = saturated(relit(soft, luminance(soft), even * 0.86 + 0.12), 1.3)
        paper = mix(colour(226, 214, 204), colour(198, 206, 218), 0.5 + 0.5 * self.clouds())
        ground = mix(mix(soft, paper, 0.75), soft, matte)
        tooth = self.grain() * 0.6 + self.strokes() * 0.7
        gap = ramp(tooth + 0.5 * mix(1.0, 0.0, fine), 0.6, 2.0) * (0.42 - 0.2 * fine)
        chalked = ground + tooth * 0.03 * (1.2 - fine)
        lines = ink_lines(mix(gaussian(light, 1.2), light, fine), flow, 1.2, 0.03 + 0.03 * cheeks(face, fine), 0.3)
        made = mix(chalked, paper, gap)
        return made * (1 - lines * colour(120, 140, 120) * 1.1 * matte)
