"""Styles of ink and print."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .flow import Flow, kuwahara
from .lines import dots, ink_lines, screen, wave
from .operations import colour, gaussian, mix, ramp
from .style import Style
from .texture import Clouds, Grain
from .tone import (
    behind,
    cheeks,
    clearer,
    evened,
    face_light,
    features,
    gradient_map,
    luminance,
    plainness,
    relit,
    saturated,
    stepped,
)


def flat_shapes(image: Tensor, face: Tensor, fine: Tensor, flow: Flow) -> Tensor:
    """Calm areas with firm borders: wide in hair and cloth, soft on skin, close to the picture at eyes and mouth."""
    calm = kuwahara(image, 3, flow)
    skin = gaussian(face[:, :1], 5)
    calm = mix(kuwahara(calm, 5, flow), gaussian(calm, 2.2), skin)
    return mix(calm, gaussian(image, 0.8), fine * 0.85)


def contours(light: Tensor, matte: Tensor, face: Tensor, fine: Tensor, flow: Flow) -> Tensor:
    """Ink 0..1: thick around the person, thin at eyes and mouth, few lines on cheeks."""
    thin = ink_lines(light, flow, 0.9, 0.035, 0.10, 3)
    low = 0.04 + 0.035 * cheeks(face, fine) + 0.05 * (1 - matte)
    thick = ink_lines(gaussian(light, 1.2), flow, 1.7, low, 0.06, 5)
    around = gaussian(matte, 1.6)
    outline = ramp(around * (1 - around) * 4, 0.5, 0.95)
    return torch.maximum(mix(thick, torch.maximum(thin, thick * 0.5), fine), outline)


class Cartoon(Style):
    """Flat colours in few steps, clean outlines."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = evened(luminance(image), matte, face, 0.64, 0.6)
        flow = Flow(light, 5)
        flat = flat_shapes(image, face, fine, flow)
        even = evened(luminance(flat), matte, face, 0.64, 0.6)
        tones = mix(even, stepped(even, 5, 10), matte * (0.9 - 0.35 * fine))
        flat = saturated(relit(flat, luminance(flat), tones * 0.96 + 0.04), 1.5)
        return flat * (1 - 0.94 * contours(light, matte, face, fine, flow))


class Comic(Style):
    """Natural colours in flat steps, halftone in the shadows, ink."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.62, 0.7), 20, 0.4)
        flow = Flow(light, 5)
        flat = flat_shapes(image, face, fine, flow)
        even = clearer(evened(luminance(flat), matte, face, 0.66, 0.65), 20, 0.4 * matte)
        tones = mix(even, stepped(even * 0.9 + 0.08, 3, 9), matte * (0.85 - 0.35 * fine))
        flat = saturated(relit(flat, luminance(flat), tones), 1.9)
        dark = ramp(even, 0.80, 0.1) * 0.9
        printed = dots(self.places, dark, 6.0, 45, 0.16) * (1 - fine * 0.85) * mix(0.6, 1.0, matte)
        flat = flat * (1 - printed * 0.42)
        black = ramp(gaussian(even, 1.2), 0.17, 0.12) * matte * (1 - fine * 0.5)
        return flat * (1 - 0.96 * torch.maximum(contours(light, matte, face, fine, flow), black))


class PopArt(Style):
    """Few loud inks by light, a dotted ground, heavy contours."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.62, 0.72), 26, 0.6)
        flow = Flow(light, 5)
        flat = flat_shapes(light, face, fine, flow)
        dark, deep, warm, pale = colour(24, 12, 70), colour(206, 20, 110), colour(255, 96, 90), colour(255, 214, 80)
        made = gradient_map(
            flat,
            [
                (0.215, dark),
                (0.225, deep),
                (0.395, deep),
                (0.405, warm),
                (0.545, warm),
                (0.555, pale),
                (0.84, pale),
                (0.85, colour(255, 246, 214)),
            ],
        )
        between = ramp(flat, 0.40, 0.46) * ramp(flat, 0.76, 0.6)
        made = mix(made, colour(225, 30, 70), dots(self.places, between * 0.42, 7, 45, 0.14) * (1 - fine))
        depth = mix(0.45, 0.12, ramp(screen(self.places, 900, 40), 0.3, 0.9)) + 0.3 * (0.75 - gaussian(light, 4))
        ground = mix(colour(30, 196, 210), colour(12, 112, 180), dots(self.places, depth, 13, 45, 0.08))
        made = mix(ground, made, ramp(matte, 0.4, 0.6))
        return mix(made, dark, contours(light, matte, face, fine, flow))


class Engraving(Style):
    """Copper plate: lines that swell with the shade, crossed in the darks, bent by the form."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(41, 0.8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.64, 0.6), 18, 0.8)
        tone = mix(gaussian(light, 1.2), light, fine)
        form = (gaussian(light, 9) * 22 + gaussian(matte, 28) * 34) * matte
        dark = (1 - tone) * behind(luminance(image), matte, 0.15, 0.85)
        first = wave(self.places, 0.25, 1.0, 5.0, form)
        second = wave(self.places, 1.0, 0.62, 5.0, form * 0.8)
        third = wave(self.places, -1.0, 0.62, 5.0, form * 0.6)

        def cut(share: Tensor, lines: Tensor) -> Tensor:
            return ramp(share * 1.14 + lines - 1.14, -0.14, 0.14)

        plate = cut(ramp(dark, 0.08, 0.85) * 0.80, first)
        plate = torch.maximum(plate, cut(ramp(dark, 0.42, 0.95) * 0.66, second))
        plate = torch.maximum(plate, cut(ramp(dark, 0.66, 1.0) * 0.6, third))
        flow = Flow(light, 3)
        lines = ink_lines(mix(gaussian(light, 0.8), light, fine), flow, 1.0, 0.03 + 0.03 * cheeks(face, fine), 0.12)
        ink = torch.maximum(mix(plate, plate * 0.75 + ramp(dark, 0.35, 0.9) * 0.25, fine), lines * (0.5 + 0.5 * matte))
        paper = colour(246, 240, 226) * (1 - 0.01 * self.grain())
        return mix(paper, colour(28, 30, 40), ink.clamp(0, 1) * 0.95)


class Woodcut(Style):
    """Black carved from a block: thick tapering cuts around the form, a coloured ground."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(44, 0.9)
        self.wood = Grain(45, 0.9, 30, 4)
        self.clouds = Clouds(46, 32)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.58, 0.7), 22, 1.0)
        flow = Flow(light, 5)
        tone = mix(kuwahara(light, 3, flow), light, fine * 0.8)
        form = (gaussian(light, 12) * 40 + gaussian(matte, 30) * 60) * matte + self.clouds() * 1.2
        cuts = wave(self.places, 0.35, 1.0, 8.0, form)
        dark = 1 - tone
        shaded = ramp(ramp(dark, 0.30, 0.72) + cuts - 1, -0.1, 0.1)
        solid = mix(shaded, ramp(dark, 0.44, 0.52), fine * 0.75)
        lines = ink_lines(mix(gaussian(light, 1), light, fine), flow, 1.4, 0.03 + 0.03 * cheeks(face, fine), 0.06, 5)
        black = torch.maximum(solid * ramp(matte, 0.3, 0.6), lines * matte)
        around = gaussian(matte, 3)
        black = torch.maximum(black, ramp(around * (1 - around) * 4, 0.7, 0.95))
        rays = wave(self.places, 0.12, 1.0, 14.0, gaussian(matte, 24) * 70 + self.clouds() * 2)
        ground = ramp(0.30 + 0.5 * (0.8 - gaussian(light, 6)) + rays - 1, -0.07, 0.07) * (1 - ramp(matte, 0.2, 0.5))
        paper = mix(colour(226, 178, 112), colour(244, 230, 202), ramp(matte, 0.3, 0.6))
        worn = ramp(self.wood() * 0.7 + self.grain() * 0.7, 1.3, 2.6) * 0.5
        made = mix(paper * (1 - 0.015 * self.wood()), colour(148, 66, 34), ground * (1 - worn))
        return mix(made, colour(24, 20, 20), black.clamp(0, 1) * (1 - worn * 0.8))


class Blueprint(Style):
    """White chalk lines and light on blue, over a drawing grid."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(42, 0.9)
        self.clouds = Clouds(43, 8)

    def grid(self, period: float, width: float) -> Tensor:
        """Crossing lines `width` of the period wide."""
        down, right = wave(self.places, 1.0, 0.0, period), wave(self.places, 0.0, 1.0, period)
        return torch.maximum(ramp(down, 1 - width, 1 - width / 3), ramp(right, 1 - width, 1 - width / 3))

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.56, 0.55), 18, 0.9)
        flow = Flow(light, 4)
        lines = ink_lines(gaussian(light, 1.2), flow, 1.5, 0.05 + 0.03 * cheeks(face, fine), 0.10, 5) * (1 - fine)
        around = gaussian(matte, 1.4)
        outline = ramp(around * (1 - around) * 4, 0.5, 0.95)
        lit = ramp(light, 0.18, 0.95)
        hatch = ramp(ramp(light, 0.35, 1.0) * 0.9 + wave(self.places, 1.0, 1.0, 5.0) - 1, -0.2, 0.2)
        tone = mix(lit * 0.50 + hatch * 0.32, lit * 0.85, fine)
        paper_lines = torch.maximum(self.grid(32, 0.08) * 0.16, self.grid(128, 0.025) * 0.34) * (1 - 0.85 * matte)
        scene = (light - 0.75) * 0.25 * (1 - matte)
        white = torch.maximum(torch.maximum(tone * matte, outline), lines * 0.75 * matte)
        white = torch.maximum(white, paper_lines) + scene.clamp(-0.15, 0)
        paper = colour(16, 58, 134) * (1 + 0.05 * self.clouds() + 0.02 * self.grain())
        return mix(paper, colour(236, 244, 255), white.clamp(0, 1) * (0.95 - 0.05 * self.grain()))


class Manga(Style):
    """Black and white pages: pen lines, solid hair, dotted shades, lines of speed behind."""

    rays: Tensor

    def __init__(self) -> None:
        super().__init__()
        rays = torch.rand(1, 1, 1, 128, generator=torch.Generator().manual_seed(47))
        self.register_buffer("rays", rays.half().float())

    def speed(self) -> Tensor:
        """Rays from the edge towards the middle, 0..1; the angle goes by the ratio of row and column."""
        y, x = self.places.row - 250, self.places.column - 255.5
        turn = torch.atan(y / (x.abs() + 1e-3)) * torch.sign(x) / math.pi + 0.5 + (x > 0).float()
        far = torch.sqrt(x * x + y * y) / 256
        place = turn * 64 * 4
        step = torch.floor(place)
        level = torch.index_select(
            self.rays.reshape(-1), 0, (step - torch.floor(step / 128) * 128).reshape(-1).to(torch.int64)
        )
        inside = 1 - (place - step - 0.5).abs() * 2
        return ramp(inside * 0.9 + (far - 0.62 - level.reshape(1, 1, 512, 512) * 0.9) * 1.2, 0.25, 0.5)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.72, 0.55), 24, 0.6)
        flow = Flow(light, 5)
        flat = flat_shapes(light, face, fine, flow)
        black = ramp(flat, 0.27, 0.22)
        shade = ramp(flat, 0.58, 0.54) * 0.34 + ramp(flat, 0.40, 0.36) * 0.22
        deep = ramp(face_light(luminance(image), matte, face), 0.52, 0.25) * 0.24
        tone = dots(self.places, torch.maximum(shade, deep * ramp(flat, 0.95, 0.7)), 5.2, 45, 0.2) * (1 - fine * 0.85)
        ink = torch.maximum(
            torch.maximum(black, tone * 0.85), contours(clearer(light, 12, 0.6), matte, face, fine, flow)
        )
        person = ramp(matte, 0.4, 0.6)
        scene = ramp((0.72 - gaussian(light, 2)) * 0.9 + screen(self.places, 5.2, 45) - 0.9, -0.15, 0.15)
        around = gaussian(matte, 6)
        ground = mix(scene * 0.85, self.speed() * (1 - ramp(around, 0.02, 0.3)), plainness(luminance(image), matte))
        return mix(colour(252, 252, 250), colour(18, 18, 22), mix(ground, ink, person))


class UkiyoE(Style):
    """Japanese woodblock: even colours of few pigments, fine black lines, a sky that fades upwards."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(48, 0.8)
        self.wood = Grain(49, 0.9, 40, 88)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = evened(luminance(image), matte, face, 0.70, 0.5)
        flow = Flow(light, 5)
        flat = flat_shapes(image, face, fine, flow)
        even = clearer(evened(luminance(flat), matte, face, 0.70, 0.5), 30, -0.35)
        tones = mix(stepped(even, 4, 9), even, 0.15 + 0.3 * fine)
        flat = saturated(relit(flat, luminance(flat), tones), 0.82)
        aged = flat * torch.tensor([0.93, 0.86, 0.70]).reshape(1, 3, 1, 1) + torch.tensor([0.05, 0.05, 0.07]).reshape(
            1, 3, 1, 1
        )
        height = self.places.row / 511
        fade = gradient_map(
            height + 0 * matte,
            [
                (0.0, colour(36, 66, 120)),
                (0.28, colour(120, 156, 178)),
                (0.5, colour(226, 212, 176)),
                (0.85, colour(230, 204, 160)),
                (1.0, colour(206, 128, 96)),
            ],
        )
        dim = gaussian(light, 3)
        ground = fade * (0.55 + 0.5 * dim)
        made = mix(ground, aged, ramp(matte, 0.35, 0.65))
        made = made * (1 - 0.02 * self.grain() - 0.022 * self.wood())
        clear = clearer(light, 12, 0.8)
        return mix(made, colour(30, 26, 30), contours(clear, matte, face, fine, flow) * 0.95)


class Stencil(Style):
    """Black sprayed through a stencil onto a concrete wall, with overspray and one colour."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(61, 0.8)
        self.pores = Grain(62, 2.0)
        self.clouds = Clouds(63, 16)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.6, 0.75), 30, 0.9)
        flow = Flow(light, 5)
        flat = flat_shapes(light, face, fine, flow)
        wall = colour(186, 182, 174) * (
            1 + 0.06 * self.clouds() + 0.03 * self.grain() - 0.05 * ramp(self.pores(), 1.4, 2.4)
        )
        scene = (0.75 - gaussian(light, 3)).clamp(0, 1) * 0.3 * (1 - matte)
        rough = self.grain() * 0.02
        black = ramp(flat + rough, 0.45, 0.41)
        grey = ramp(flat + rough, 0.60, 0.56) * 0.42
        person = ramp(matte, 0.4, 0.6)
        white = colour(236, 234, 228)
        halo = ramp(gaussian(matte, 22) + self.grain() * 0.09 + self.clouds() * 0.08, 0.02, 0.6) * (1 - person) * 0.9
        red = colour(196, 36, 40)
        made = mix(wall * (1 - scene), red, halo)
        made = mix(made, white * (1 - 0.02 * self.grain()), person * 0.92)
        made = mix(made, colour(112, 110, 110), grey * person / 0.42 * 0.8)
        worn = 1 - ramp(self.pores() + 0.5 * self.grain(), 2.0, 3.0) * 0.5
        return mix(made, colour(22, 22, 24), black * person * worn)
