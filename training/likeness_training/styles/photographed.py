"""Styles of photography and of light."""

from __future__ import annotations

import torch
from torch import Tensor

from .flow import Flow
from .lines import ink_lines
from .operations import colour, gaussian, mix, ramp
from .style import Style
from .texture import Grain
from .tone import cheeks, clearer, evened, features, gradient_map, luminance, vignette


class BlackAndWhite(Style):
    """Silver print: full tones, local contrast, fine grain."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(11, 0.7)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        weighted = image[:, :1] * 0.36 + image[:, 1:2] * 0.52 + image[:, 2:] * 0.12
        light = clearer(evened(weighted, matte, face, 0.56, 0.35), 18, 0.45)
        light = mix(light, ramp(light, -0.08, 1.06), 0.75)
        light = (light * vignette(self.places, 0.45) + self.grain() * 0.018 * (1.1 - light)).clamp(0, 1)
        return gradient_map(light, [(0, colour(10, 10, 12)), (1, colour(248, 248, 246))])


class Sepia(Style):
    """Old albumen print: brown tones, faded edges, worn paper."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(12, 0.8)
        self.fibre = Grain(13, 1.2, 5.0, 20)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = evened(luminance(image), matte, face, 0.56, 0.4)
        light = clearer(light * 0.85 + gaussian(light, 2.5) * 0.15, 20, 0.35)
        light = mix(light, ramp(light, -0.1, 1.08), 0.5)
        light = light * 0.9 + 0.06 + self.grain() * 0.014 + self.fibre() * 0.008
        fade = 1 - vignette(self.places, 1.0)
        light = mix(light, light * 0.4 + 0.04, fade * 0.9)
        browns = [(0.0, colour(34, 20, 10)), (0.35, colour(104, 70, 42)), (0.7, colour(196, 158, 112)), (1.0, colour(250, 234, 200))]
        return gradient_map(light, browns)


class Neon(Style):
    """Glowing tubes along the form, pink to cyan, before a dim picture in violet."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = evened(luminance(image), matte, face, 0.55, 0.7)
        fine = features(face)
        smooth = mix(gaussian(light, 1.6), light, fine)
        flow = Flow(light, 4)
        low = 0.035 + 0.035 * cheeks(face, fine) + 0.05 * (1 - matte)
        tube = ink_lines(smooth, flow, 1.3, low, 0.10)
        rim = (gaussian(matte, 2.2) * (1 - gaussian(matte, 2.2)) * 4).clamp(0, 1) ** 2
        tube = torch.maximum(tube, rim)
        glow = gaussian(tube, 3) * 0.9 + gaussian(tube, 11) * 1.1
        across = ramp(self.places.column + 0.35 * self.places.row, 130, 560)
        tint = mix(colour(255, 40, 190), colour(30, 215, 255), across)
        dim = mix(colour(9, 5, 30), colour(88, 44, 150), clearer(light, 14, 0.6) ** 1.4) * (0.35 + 0.75 * matte)
        side = tint * (light ** 1.6) * 0.42 * matte
        core = gaussian(tube, 0.7)
        return dim + side + tint * glow * 0.75 + mix(tint, colour(255, 255, 255), 0.75) * core * 0.85
