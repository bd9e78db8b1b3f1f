"""Styles of pencil, coal and chalk."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .flow import Flow, along, kuwahara
from .lines import ink_lines, wave
from .operations import colour, gaussian, mix, ramp
from .style import Style
from .texture import Clouds, Grain
from .tone import behind, cheeks, clearer, evened, features, luminance, plainness, relit, saturated


class PencilSketch(Style):
    """Graphite: fine lines on the form, tone in slanted strokes that the paper's grain breaks up."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(21, 0.75)
        self.strokes = Grain(22, 0.8, 14, -52)
        self.cross = Grain(23, 0.8, 10, -80)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.62, 0.48), 16, 0.6)
        fine = features(face)
        flow = Flow(light, 3)
        smooth = mix(gaussian(light, 1.0), light, fine)
        low = 0.012 + 0.02 * cheeks(face, fine) + 0.03 * (1 - matte)
        lines = ink_lines(smooth, flow, 0.9, low, 0.16)
        broad = ink_lines(gaussian(light, 1.6), flow, 2.4, 0.05, 0.35)
        dark = (1 - light) * behind(luminance(image), matte, 0.25, 0.8)
        shade = ramp(dark, 0.04, 1.0)
        hatch = (0.74 + 0.30 * self.strokes() + 0.16 * self.grain()).clamp(0.1, 1.5)
        deep = (0.7 + 0.35 * self.cross() + 0.2 * self.grain()).clamp(0.1, 1.5)
        tone = shade * 0.72 * mix(hatch, 0.9 + 0.12 * self.grain(), fine * 0.7) + ramp(dark, 0.5, 1.0) * 0.34 * deep
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
        light = clearer(evened(luminance(image), matte, face, 0.58, 0.6), 20, 0.8)
        fine = features(face)
        flow = Flow(light, 4)
        smooth = mix(gaussian(light, 1.8), gaussian(light, 0.7), fine)
        lines = ink_lines(
            mix(smooth, light, fine), flow, 1.5, 0.02 + 0.02 * cheeks(face, fine) + 0.04 * (1 - matte), 0.2, 6
        )
        back = mix((1 - smooth) * 0.9, 0.30 - 0.16 * smooth + 0.05 * self.clouds(), plainness(luminance(image), matte))
        dark = mix(back, 1 - smooth, matte)
        tooth = self.grain() * 0.7 + self.strokes() * 0.5
        rough = mix(1.0, 0.35, fine)
        coal = ramp(dark + tooth * 0.11 * rough, 0.28, 0.98)
        coal = 1 - (1 - coal * 0.95) * (1 - lines * (0.85 + 0.15 * self.grain()).clamp(0, 1))
        chalk = ramp(smooth + tooth * 0.06, 0.74, 1.0) * matte
        paper = colour(214, 205, 190) * (1 - 0.02 * self.grain())
        made = mix(paper, colour(250, 247, 240), chalk * 0.85)
        return mix(made, colour(26, 24, 25), coal.clamp(0, 1))


class ColouredPencil(Style):
    """Fine strokes in one direction on tinted paper, which shows between."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(27, 0.8)
        self.clouds = Clouds(29, 8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = luminance(image)
        fine = features(face)
        flow = Flow(light, 4)
        soft = kuwahara(image, 4, flow)
        soft = mix(soft, image * 0.6 + gaussian(image, 1) * 0.4, fine * 0.85)
        even = evened(luminance(soft), matte, face, 0.62, 0.5)
        soft = saturated(relit(soft, luminance(soft), even * 0.86 + 0.12), 1.55)
        paper = mix(colour(226, 214, 204), colour(198, 206, 218), 0.5 + 0.5 * self.clouds())
        ground = mix(paper, soft, behind(light, matte, 0.25, 0.9))
        form = Flow(light, 18, 4, rest=-58)
        skin = cheeks(face, fine)
        strokes = along(along(self.grain(), form, 6, 3), form, 6, 3) * 2.4 * (1 - 0.45 * skin)
        tooth = self.grain() * 0.5 + strokes * 0.8
        gap = ramp(self.grain() * 0.5 + strokes * 0.8 + 0.4 * (1 - fine), 0.5, 2.2) * (
            0.36 - 0.26 * fine - 0.18 * skin
        ).clamp(min=0.08)
        chalked = ground + tooth * 0.022 * (1.2 - fine)
        lines = ink_lines(mix(gaussian(light, 1.2), light, fine), flow, 1.2, 0.03 + 0.03 * cheeks(face, fine), 0.3)
        made = mix(chalked, paper, gap)
        return made * (1 - lines * colour(120, 140, 120) * 1.1 * matte)


class Pastel(Style):
    """Layers of grainy strokes of chalk in two directions on white paper."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(71, 0.75)
        self.strokes = Grain(72, 0.8, 14, -50)
        self.cross = Grain(73, 0.8, 12, -20)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 4)
        soft = mix(kuwahara(image, 3, flow), image, fine * 0.8)
        even = clearer(evened(luminance(soft), matte, face, 0.62, 0.5), 20, 0.5)
        soft = saturated(relit(soft, luminance(soft), even * 0.9 + 0.08), 1.6)
        pressed = (1 - soft) * behind(light, matte, 0.45, 1.0)
        rough = mix(1.0, 0.4, fine)
        first = 1 + (0.20 * self.strokes() + 0.14 * self.grain()) * rough
        second = 1 + (0.10 * self.strokes() + 0.12 * self.cross() + 0.14 * self.grain()) * rough
        laid = torch.cat(
            [pressed[:, :1] * first, pressed[:, 1:2] * (0.5 * first + 0.5 * second), pressed[:, 2:] * second], 1
        )
        lines = ink_lines(mix(gaussian(light, 1), light, fine), flow, 1.1, 0.02 + 0.03 * cheeks(face, fine), 0.25)
        made = colour(252, 250, 246) * (1 - 0.012 * self.grain()) - laid.clamp(0, 1) * 0.92
        return made * (1 - lines * matte * 0.6 * (0.9 + 0.2 * self.grain()))


class BallpointPen(Style):
    """Blue ballpoint: scribbled layers, darker where they cross, on ruled paper."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(74, 0.6)
        self.layers = nn.ModuleList([Grain(75 + k, 0.75, 18, angle) for k, angle in enumerate((-48, -20, -75, 30))])

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.62, 0.65), 18, 0.7)
        flow = Flow(light, 3)
        dark = (1 - mix(gaussian(light, 1), light, fine)) * behind(luminance(image), matte, 0.12, 0.8)
        ink = 0.0
        for layer, start, weight in zip(self.layers, (0.16, 0.34, 0.5, 0.66), (0.30, 0.32, 0.36, 0.4), strict=True):
            share = ramp(dark, start - 0.08, start + 0.42)
            ink = ink + weight * ramp(share * 2.8 + layer() * 0.8 - 1.3, -0.5, 1.2) * ramp(share, 0.0, 0.15)
        ink = mix(ink, ramp(dark, 0.1, 0.95), fine * 0.55)
        lines = ink_lines(mix(gaussian(light, 0.9), light, fine), flow, 1.0, 0.015 + 0.025 * cheeks(face, fine), 0.14)
        ink = torch.maximum(ink, lines * 0.9 * mix(0.4, 1.0, matte)).clamp(0, 1)
        ruled = ramp(wave(self.places, 0.0, 1.0, 28.0), 0.93, 0.98) * 0.5 * (1 - 0.6 * matte)
        margin = ramp((self.places.column - 46).abs(), 1.4, 0.6) * 0.5 * (1 - 0.6 * matte)
        paper = colour(250, 249, 244) * (1 - 0.008 * self.grain())
        paper = mix(mix(paper, colour(170, 196, 226), ruled), colour(232, 130, 130), margin)
        return mix(paper, mix(colour(52, 84, 188), colour(14, 22, 92), ink), ink)


class ChalkOnSlate(Style):
    """White and tinted chalk on a school slate: the light is drawn, the shade is left."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(81, 0.8)
        self.strokes = Grain(82, 1.0, 14, -55)
        self.wiped = Clouds(83, 8)
        self.dust = Grain(84, 2.5, 40, -8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.54, 0.7), 20, 0.9)
        flow = Flow(light, 4)
        smooth = mix(gaussian(light, 1.3), light, fine)
        tooth = self.grain() * 0.65 + self.strokes() * 0.65
        rough = mix(1.0, 0.45, fine)
        lit = ramp(smooth, 0.02, 0.92) * matte
        chalk = ramp(lit * 1.15 + tooth * 0.15 * rough, 0.08, 1.05)
        around = gaussian(matte, 1.5)
        outline = ramp(around * (1 - around) * 4 + tooth * 0.25, 0.55, 1.1) * 0.8
        rims = (
            ink_lines(1 - gaussian(light, 1.2), flow, 1.6, 0.06 + 0.05 * cheeks(face, fine), 0.2) * matte * (1 - fine)
        )
        scene = ramp((0.72 - gaussian(light, 2)).abs() * 1.2 + tooth * 0.12, 0.15, 0.7) * (1 - matte) * 0.5
        chalk = torch.maximum(torch.maximum(chalk, scene), torch.maximum(outline, rims * (0.6 + 0.3 * tooth))).clamp(
            0, 1
        )
        tint = saturated((image * 0.5 + 0.5).clamp(0, 1), 2.0)
        tint = tint / (luminance(tint) + 0.05)
        white = mix(colour(240, 240, 234), (tint * 0.9).clamp(0, 1), 0.45 * matte)
        slate = colour(40, 48, 50) * (1 + 0.10 * self.wiped() + 0.04 * self.grain() + 0.05 * self.dust()) + 0.02
        return mix(slate, white, chalk * 0.94)
