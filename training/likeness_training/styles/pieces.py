"""Styles made of pieces: pixels, triangles, stones, glass, dots, stitches, paper."""

from __future__ import annotations

import torch
from torch import Tensor

from .cells import Triangles
from .flow import Flow, kuwahara
from .operations import blocks, gaussian, mix, shrink, slopes
from .style import Style
from .tone import clearer, evened, features, luminance, relit, saturated

PIXEL = 8
"""Side of a pixel block."""


class PixelArt(Style):
    """Blocks of 8 pixels in 40 colours of a fixed palette, ordered dithering, a dark outline."""

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("palette", torch.tensor(PALETTE).float() / 255)
        bayer = torch.tensor([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]).float()
        self.register_buffer("order", (bayer.reshape(1, 1, 4, 4) + 0.5) / 16 - 0.5)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        crisp = (image + (image - gaussian(image, 5)) * (0.5 + 0.9 * fine)).clamp(0, 1)
        even = clearer(evened(luminance(crisp), matte, face, 0.56, 0.45), 24, 0.35)
        crisp = saturated(relit(crisp, luminance(crisp), even), 1.35)
        small = shrink(crisp, PIXEL)
        person = (shrink(matte, PIXEL) > 0.5).float()
        inner = -torch.nn.functional.max_pool2d(-person, 3, 1, 1)
        outline = (person - inner) * 0.35
        count = small.shape[2] // 4
        dither = self.order.repeat(1, 1, count, count) * mix(0.03, 0.06, 1 - shrink(fine, PIXEL))
        small = (small * (1 - outline) + dither).clamp(0, 1)
        linear = self.palette
        flat = small.reshape(3, -1).t()
        distance = (linear * linear).sum(1) - 2 * flat @ linear.t()
        chosen = torch.argmin(distance, 1)
        made = torch.index_select(linear, 0, chosen).t().reshape(1, 3, *small.shape[2:])
        return blocks(made, PIXEL) + 0 * light


PALETTE = [
    (12, 10, 18), (32, 28, 38), (58, 54, 64), (92, 90, 98), (132, 132, 138), (172, 174, 176), (206, 208, 206), (236, 236, 232), (252, 252, 250),
    (34, 18, 14), (58, 32, 24), (84, 48, 34), (110, 66, 46), (138, 86, 60), (166, 108, 78), (192, 134, 100), (214, 160, 124), (232, 186, 150), (244, 210, 180), (252, 232, 212),
    (90, 24, 30), (140, 36, 44), (188, 60, 62), (224, 104, 98), (238, 150, 140), (150, 70, 90), (96, 60, 20), (150, 104, 40), (206, 156, 60), (240, 206, 110),
    (20, 36, 84), (30, 66, 146), (48, 104, 196), (96, 150, 222), (158, 196, 236), (70, 88, 112), (112, 130, 152),
    (20, 62, 50), (42, 110, 70), (96, 160, 88), (168, 204, 130), (70, 36, 96), (122, 66, 150), (176, 120, 196), (22, 120, 132), (90, 186, 184),
]
"""Greys, skin from deep to pale, reds, golds, blues, greens, violets."""


class LowPoly(Style):
    """Triangles whose corners lie on the picture's edges, small on the face, large behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.large = Triangles(51, 32, 0.45)
        self.small = Triangles(52, 16, 0.2)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = luminance(image)
        flow = Flow(light, 3)
        calm = kuwahara(image, 3, flow)
        even = clearer(evened(luminance(calm), matte, face, 0.56, 0.4), 20, 0.5)
        calm = saturated(relit(calm, luminance(calm), even), 1.4)
        x, y = slopes(luminance(calm))
        edge = x * x + y * y
        ground = self.large(edge, gaussian(calm, 3))
        head = self.small(edge, gaussian(calm, 1.2))
        return mix(ground, head, (gaussian(matte, 2) > 0.5).float())
