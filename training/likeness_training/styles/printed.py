"""Styles of ink and print."""

from __future__ import annotations

import torch
from torch import Tensor

from .flow import Flow, kuwahara
from .lines import dots, ink_lines, screen, wave
from .operations import colour, gaussian, mix, ramp
from .style import Style
from .texture import Clouds, Grain
from .tone import cheeks, clearer, evened, features, gradient_map, luminance, relit, saturated, stepped


class Inked(Style):
    """What comic styles share: flat shapes and ink."""

    def flat(self, image: Tensor, fine: Tensor, flow: Flow) -> Tensor:
        calm = kuwahara(kuwahara(image, 5, flow), 4, flow)
        return mix(calm, gaussian(image, 0.8), fine * 0.75)

    def ink(self, light: Tensor, matte: Tensor, face: Tensor, fine: Tensor, flow: Flow) -> Tensor:
        """Contours: thick around the person, thin at eyes and mouth, few on cheeks."""
        thin = ink_lines(light, flow, 0.9, 0.035, 0.10, 3)
        thick = ink_lines(gaussian(light, 1.2), flow, 1.7, 0.045 + 0.05 * cheeks(face, fine) + 0.05 * (1 - matte), 0.07, 5)
        around = gaussian(matte, 1.4)
        outline = ramp(around * (1 - around) * 4, 0.45, 0.95)
        return torch.maximum(mix(thick, torch.maximum(thin, thick * 0.5), fine), outline)


class Cartoon(Inked):
    """Flat colours in few steps, clean outlines."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = evened(luminance(image), matte, face, 0.62, 0.6)
        flow = Flow(light, 4)
        flat = self.flat(image, fine, flow)
        even = evened(luminance(flat), matte, face, 0.62, 0.6)
        tones = mix(stepped(even, 6, 8), even, 0.15 + 0.25 * fine)
        flat = saturated(relit(flat, luminance(flat), tones), 1.5)
        return flat * (1 - 0.92 * self.ink(light, matte, face, fine, flow))


class Comic(Inked):
    """Natural colours in flat steps, halftone in the shadows, ink."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.62, 0.7), 20, 0.4)
        flow = Flow(light, 4)
        flat = self.flat(image, fine, flow)
        even = clearer(evened(luminance(flat), matte, face, 0.64, 0.65), 20, 0.4)
        tones = mix(stepped(even * 0.9 + 0.08, 4, 8), even, 0.12 + 0.3 * fine)
        flat = saturated(relit(flat, luminance(flat), tones), 1.7)
        dark = ramp(even, 0.72, 0.1) * 0.85
        printed = dots(self.places, dark, 6.0, 45, 0.18) * (1 - fine * 0.8) * mix(0.35, 1.0, matte)
        flat = flat * (1 - printed * 0.30)
        black = ramp(gaussian(even, 1.2), 0.17, 0.11) * matte * (1 - fine * 0.5)
        return flat * (1 - 0.95 * torch.maximum(self.ink(light, matte, face, fine, flow), black))


class PopArt(Inked):
    """Few loud inks by light, a dotted ground, heavy contours."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.6, 0.85), 26, 0.6)
        flow = Flow(light, 4)
        flat = self.flat(light.repeat(1, 3, 1, 1), fine, flow)[:, :1]
        dark, deep, middle, pale = colour(24, 12, 70), colour(196, 20, 110), colour(255, 96, 90), colour(255, 214, 80)
        made = gradient_map(stepped(flat, 24, 6), [(0.2, dark), (0.24, deep), (0.40, deep), (0.43, middle), (0.56, middle), (0.60, pale), (0.86, pale), (0.9, colour(255, 246, 214))])
        middles = ramp(flat, 0.40, 0.46) * ramp(flat, 0.74, 0.62)
        made = mix(made, colour(225, 30, 70), dots(self.places, middles * 0.42, 7, 45, 0.14) * (1 - fine))
        ground = mix(colour(30, 190, 205), colour(12, 120, 180), dots(self.places, mix(0.42, 0.1, ramp(screen(self.places, 900, 40), 0.3, 0.9)) + 0.12 * (0.6 - gaussian(light, 4)), 13, 45, 0.08))
        made = mix(ground, made, ramp(matte, 0.4, 0.6))
        return mix(made, dark, self.ink(light, matte, face, fine, flow))


class Engraving(Style):
    """Copper plate: lines that swell with the shade, crossed in the darks, bent by the form."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(41, 0.8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.66, 0.8), 18, 0.8)
        tone = mix(gaussian(light, 1.2), light, fine)
        form = (gaussian(light, 9) * 22 + gaussian(matte, 28) * 34) * matte
        dark = (1 - tone) * (0.15 + 0.85 * matte)
        first = wave(self.places, 0.25, 1.0, 4.6, form)
        second = wave(self.places, 1.0, 0.62, 4.6, form * 0.8)
        third = wave(self.places, -1.0, 0.62, 4.6, form * 0.6)

        def cut(share: Tensor, lines: Tensor) -> Tensor:
            return ramp(share + lines - 1, -0.14, 0.14)

        plate = cut(ramp(dark, 0.08, 0.85) * 0.80, first)
        plate = torch.maximum(plate, cut(ramp(dark, 0.42, 0.95) * 0.66, second))
        plate = torch.maximum(plate, cut(ramp(dark, 0.66, 1.0) * 0.6, third))
        flow = Flow(light, 3)
        lines = ink_lines(mix(gaussian(light, 0.8), light, fine), flow, 1.0, 0.03 + 0.03 * cheeks(face, fine), 0.12)
        ink = torch.maximum(mix(plate, plate * 0.75 + ramp(dark, 0.35, 0.9) * 0.25, fine), lines * (0.5 + 0.5 * matte))
        paper = colour(246, 240, 226) * (1 - 0.01 * self.grain())
        return mix(paper, colour(28, 30, 40), ink.clamp(0, 1) * 0.95)


class Blueprint(Style):
    """White lines and hatching on blue, with a drawing grid."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(42, 0.9)
        self.clouds = Clouds(43, 8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.6, 0.8), 18, 0.6)
        flow = Flow(light, 3)
        low = 0.02 + 0.03 * cheeks(face, fine)
        lines = ink_lines(mix(gaussian(light, 1.1), light, fine), flow, 1.0, low, 0.14)
        around = gaussian(matte, 1.2)
        outline = ramp(around * (1 - around) * 4, 0.5, 0.95)
        hatch = ramp(ramp(light, 0.75, 0.1) * 0.55 + wave(self.places, 1.0, 1.0, 6.0) - 1, -0.12, 0.12) * matte * (1 - fine)
        grid = torch.maximum(ramp(wave(self.places, 1.0, 0.0, 32.0), 0.90, 0.97), ramp(wave(self.places, 0.0, 1.0, 32.0), 0.90, 0.97)) * (1 - 0.8 * matte)
        wide = torch.maximum(ramp(wave(self.places, 1.0, 0.0, 128.0), 0.97, 0.99), ramp(wave(self.places, 0.0, 1.0, 128.0), 0.97, 0.99)) * (1 - 0.8 * matte)
        white = torch.maximum(torch.maximum(lines * 0.95, outline), hatch * 0.5)
        white = torch.maximum(white, light * 0.34 * matte + ramp(light, 0.72, 1.0) * 0.15 * matte)
        white = torch.maximum(white, torch.maximum(grid * 0.16, wide * 0.3))
        paper = colour(18, 64, 142) * (1 + 0.05 * self.clouds() + 0.02 * self.grain())
        return mix(paper, colour(236, 244, 255), white.clamp(0, 1) * (0.97 - 0.03 * self.grain()))
