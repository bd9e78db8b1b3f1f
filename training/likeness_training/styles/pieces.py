"""Styles made of pieces: pixels, triangles, stones, glass, dots, stitches, paper."""

from __future__ import annotations

import torch
from torch import Tensor

from .cells import Strokes, Superpixels, Triangles, Voronoi, borders, lit
from .flow import Flow, kuwahara
from .lines import ink_lines
from .operations import blocks, colour, gaussian, looked_up, mix, ramp, shifted, shrink, slopes, widest
from .style import Style
from .texture import Clouds, Grain
from .tone import clearer, evened, features, gradient_map, luminance, relit, saturated

PIXEL = 8
"""Side of a pixel block."""


class PixelArt(Style):
    """Blocks of 8 pixels in the colours of a fixed palette, ordered dithering, a dark outline."""

    palette: Tensor
    against: Tensor
    order: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("palette", torch.tensor(GREYS + SKIN + OTHERS).float() / 255)
        against = [0.02] * len(GREYS) + [0.0] * len(SKIN) + [0.06] * len(OTHERS)
        self.register_buffer("against", torch.tensor([against]))
        bayer = torch.tensor([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]]).float()
        self.register_buffer("order", (bayer.reshape(1, 1, 4, 4) + 0.5) / 16 - 0.5)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        crisp = (image + (image - gaussian(image, 5)) * (0.5 + 0.9 * fine)).clamp(0, 1)
        even = clearer(evened(luminance(crisp), matte, face, 0.56, 0.45), 24, 0.35 * matte)
        crisp = saturated(relit(crisp, luminance(crisp), even), 1.35)
        small = shrink(crisp, PIXEL)
        person = (shrink(matte, PIXEL) > 0.5).float()
        inner = -torch.nn.functional.max_pool2d(-person, 3, 1, 1)
        outline = (person - inner) * 0.35
        count = small.shape[2] // 4
        dither = self.order.repeat(1, 1, count, count) * mix(0.045, 0.02, shrink(fine, PIXEL))
        small = (small * (1 - outline) + dither).clamp(0, 1)
        linear = self.palette
        flat = small.reshape(3, -1).t()
        skin = shrink(face[:, :1] * (1 - fine), PIXEL).reshape(-1, 1)
        distance = (linear * linear).sum(1) - 2 * flat @ linear.t() + skin * self.against
        chosen = torch.argmin(distance, 1)
        made = torch.index_select(linear, 0, chosen).t().reshape(1, 3, *small.shape[2:])
        return blocks(made, PIXEL)


GREYS = [
    (12, 10, 18), (32, 28, 38), (58, 54, 64), (92, 90, 98), (132, 132, 138), (172, 174, 176), (206, 208, 206),
    (236, 236, 232), (252, 252, 250),
]  # fmt: skip
SKIN = [
    (34, 18, 14), (58, 32, 24), (84, 48, 34), (110, 66, 46), (138, 86, 60), (166, 108, 78), (192, 134, 100),
    (214, 160, 124), (232, 186, 150),
    (244, 210, 180), (252, 232, 212), (96, 44, 28), (124, 60, 40), (152, 80, 50), (180, 100, 66), (206, 124, 86),
    (124, 66, 56), (176, 104, 88),
    (214, 140, 120), (240, 178, 160),
]  # fmt: skip
OTHERS = [
    (90, 24, 30), (140, 36, 44), (188, 60, 62), (150, 70, 90), (206, 156, 60), (240, 206, 110), (20, 36, 84),
    (30, 66, 146), (48, 104, 196),
    (96, 150, 222), (158, 196, 236), (70, 88, 112), (112, 130, 152), (20, 62, 50), (42, 110, 70), (96, 160, 88),
    (168, 204, 130), (70, 36, 96),
    (122, 66, 150), (176, 120, 196), (22, 120, 132), (90, 186, 184),
]  # fmt: skip
"""Colours of pixel art, 0..255. On skin, greys and the others are taken only where nothing else is near."""


class LowPoly(Style):
    """Triangles whose corners lie on the picture's edges, small on the face, large behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.large = Triangles(51, 32, 0.6)
        self.small = Triangles(52, 16, 0.2)
        self.least = Triangles(53, 8, 0.2)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = luminance(image)
        flow = Flow(light, 3)
        calm = kuwahara(image, 3, flow)
        even = clearer(evened(luminance(calm), matte, face, 0.56, 0.4), 20, 0.5 * matte)
        calm = saturated(relit(calm, luminance(calm), even), 1.4)
        x, y = slopes(luminance(calm))
        edge = x * x + y * y
        behind = 1 - matte
        blurred = gaussian(torch.cat([calm * behind, behind], 1), 8)
        ground = self.large(None, blurred[:, :3] / (blurred[:, 3:] + 0.01))
        head = self.small(edge, torch.cat([gaussian(calm, 1.2), matte], 1))
        sharp = mix(calm, saturated(image, 1.2), 0.5)
        close = self.least(edge, gaussian(sharp, 0.8))
        marked = widest(torch.maximum(face[:, 3:4], face[:, 1:2]), 4)
        made = mix(ground, head[:, :3], (head[:, 3:] > 0.45).float())
        return mix(made, close, (gaussian(marked, 2) > 0.5).float())


class Mosaic(Style):
    """Small stones in mortar, each tilted a little."""

    shade: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.stones = Voronoi(151, 50, 0.4, 0.7)
        self.grain = Grain(152, 0.8)
        shade = torch.rand(1, 1, 50, 50, generator=torch.Generator().manual_seed(153)) - 0.5
        self.register_buffer("shade", shade.half().float())

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        sharp = (image + (image - gaussian(image, 6)) * (0.6 + 0.8 * fine)).clamp(0, 1)
        even = clearer(evened(luminance(sharp), matte, face, 0.56, 0.45), 20, 0.4 * matte)
        sharp = saturated(relit(sharp, luminance(sharp), even * 0.94 + 0.06), 1.8)
        number, gap = self.stones()
        row, column = self.stones.seeds()
        colours = looked_up(gaussian(sharp, 2.0), row, column) * (1 + self.shade * 0.20)
        tile = self.stones.of_cells(colours, number)
        height = ramp(gap, 0.2, 2.6)
        tile = tile * (1 + lit(height, 0.35) * 0.8) * (1 + 0.025 * self.grain())
        mortar = mix(colour(96, 88, 80), tile * 0.5, 0.35 + 0.5 * fine) * (1 + 0.06 * self.grain())
        return mix(mortar, tile, ramp(gap, 0.15, 1.05))


class StainedGlass(Style):
    """Glass in lead: pieces that follow the picture, light behind them."""

    shade: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.glass = Superpixels(154, 25, 0.35)
        self.clouds = Clouds(155, 64)
        self.grain = Grain(156, 1.2)
        shade = torch.rand(1, 3, 25, 25, generator=torch.Generator().manual_seed(157)) - 0.5
        self.register_buffer("shade", shade.half().float())

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        flow = Flow(luminance(image), 4)
        calm = kuwahara(image, 4, flow)
        even = clearer(evened(luminance(calm), matte, face, 0.62, 0.6), 24, 0.6 * matte)
        calm = saturated(relit(calm, luminance(calm), even), 2.2)
        ground = mix(colour(28, 70, 170), colour(24, 140, 160), ramp(self.places.row + 0 * matte, 60, 480)) * (
            0.5 + 0.7 * even
        )
        calm = mix(mix(calm, ground, 0.75), calm, ramp(matte, 0.3, 0.7))
        number, colours = self.glass.assigned(calm, gaussian(calm, 2.5), 22.0)
        spread = mix(self.shade * 0.10, self.shade * 0.45, 1 - looked_up(matte, *self.glass.seeds()))
        pane = self.glass.of_cells((colours + spread * colours.mean(1, keepdim=True)).clamp(0, 1), number)
        pane = mix(pane, calm, 0.12 + 0.6 * fine)
        lead = borders(number)
        thick = gaussian(
            mix(mix(widest(lead, 1), lead, gaussian(face[:, :1], 3)), lead * 0.0, ramp(fine, 0.35, 0.7)), 0.8
        )
        around = gaussian(matte, 1.6)
        thick = torch.maximum(thick, ramp(around * (1 - around) * 4, 0.3, 0.7))
        light = evened(luminance(image), matte, face, 0.6, 0.7)
        thick = torch.maximum(thick, ink_lines(light, flow, 1.3, 0.03, 0.10) * fine * 0.9).clamp(0, 1)
        shine = (1 + 0.10 * self.clouds() + 0.04 * self.grain()) * (
            1.12 - 0.25 * ramp((self.places.row - 220) ** 2 + (self.places.column - 256) ** 2, 0, 360**2)
        )
        made = mix(pane * shine + 0.02, colour(20, 20, 24), ramp(thick, 0.12, 0.62))
        return made + lit(gaussian(thick, 1.0), 0.25) * thick * 0.5


class Pointillism(Style):
    """Round dots of pure colours over a light ground; from afar they mix."""

    def __init__(self) -> None:
        super().__init__()
        self.large = Strokes(158, 8, 5.2, 5.2)
        self.small = Strokes(159, 8, 3.6, 3.6)
        self.tint, self.other = Grain(160, 2.2), Grain(161, 2.2)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 6, 4)
        even = clearer(evened(light, matte, face, 0.58, 0.5), 18, 0.6)
        sharp = saturated(relit(image, light, even), 1.7)
        quiet = mix(0.10, 0.03, fine)
        vary = (
            torch.cat([self.tint() + 0.3 * self.other(), self.other() * 0.7, -self.tint() + 0.3 * self.other()], 1)
            * quiet
        )
        cool = (0.55 - even) * torch.tensor([-0.14, -0.04, 0.22]).reshape(1, 3, 1, 1) * (1 - 0.6 * fine)
        colours = (sharp + vary + cool).clamp(0, 1)
        large, under, _ = self.large(colours, flow)
        small, over, _ = self.small((sharp + vary * -1.2 + cool * 0.5).clamp(0, 1), flow)
        ground = mix(colour(242, 232, 210), sharp, 0.55)
        made = mix(mix(ground, large, under), small, over)
        return mix(made, sharp, fine * 0.62)


class PaperCut(Style):
    """Layers of coloured paper by light, each throwing a shadow on the one below."""

    LAYERS = (
        (0.20, (92, 34, 66)),
        (0.34, (176, 62, 76)),
        (0.50, (232, 118, 86)),
        (0.66, (250, 182, 124)),
        (0.82, (255, 234, 200)),
    )

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(162, 0.9)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = clearer(evened(luminance(image), matte, face, 0.58, 0.8), 28, 0.6)
        flow = Flow(light, 6)
        calm = kuwahara(kuwahara(light, 5, flow), 5, flow)
        tone = mix(gaussian(calm, 2.5), gaussian(light, 1.0), fine * 0.9)
        person = ramp(gaussian(matte, 1.5), 0.45, 0.55)
        backdrop = gradient_map(
            ramp(gaussian(light, 12), 0.2, 1.0), [(0.0, colour(16, 50, 84)), (1.0, colour(64, 148, 164))]
        )
        far = torch.sqrt((self.places.row - 240) ** 2 + (self.places.column - 256) ** 2)
        for reach, tint in ((250, 1.10), (205, 1.22)):
            ring = ramp(far, reach + 1, reach - 1)
            backdrop = mix(
                backdrop * (1 - 0.35 * ramp(shifted(gaussian(ring, 4), 4, 3), 0.0, 1.0) * (1 - ring)),
                backdrop * tint,
                ring,
            )
        made = backdrop * (1 - 0.5 * shifted(gaussian(person, 5), 7, 5) * (1 - person))
        made = mix(made, colour(42, 20, 52), person)
        for level, tint in self.LAYERS:
            sheet = ramp(tone, level - 0.018, level + 0.018) * person
            shadow = shifted(gaussian(sheet, 2.2), 3, 2) * (1 - sheet)
            made = mix(made * (1 - 0.45 * shadow * person), colour(*tint) + 0 * sheet, sheet)
        return made * (1 + 0.022 * self.grain())


class Embroidery(Style):
    """Satin stitch: patches of thread, each laid in one direction, on linen."""

    def __init__(self) -> None:
        super().__init__()
        self.patches = Superpixels(163, 40, 0.6)
        self.grain = Grain(164, 0.7)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        light = luminance(image)
        flow = Flow(light, 5, 2, rest=-50)
        calm = mix(kuwahara(image, 4, flow), gaussian(image, 0.7), fine * 0.8)
        even = clearer(evened(luminance(calm), matte, face, 0.56, 0.5), 20, 0.5 * matte)
        calm = saturated(relit(calm, luminance(calm), even), 1.7)
        number, colours = self.patches.assigned(calm, gaussian(calm, 1.5), 16.0)
        turn = looked_up(torch.cat([flow.right, flow.down], 1), *self.patches.seeds())
        laid = self.patches.of_cells(torch.cat([colours, turn], 1), number)
        thread = mix(laid[:, :3], calm, 0.25 + 0.55 * fine)
        right, down = laid[:, 3:4], laid[:, 4:]
        across = (self.places.row * right - self.places.column * down) * (1 / 3.2)
        along = (self.places.row * down + self.places.column * right) * (1 / 17.0)
        lane = torch.floor(across)
        round_ = 1 - ((across - lane - 0.5) * 2) ** 2
        place = along + lane * 0.37
        end = (place - torch.floor(place) - 0.5).abs() * 2
        height = round_ * (1 - ramp(end, 0.80, 1.0) * 0.6)
        vary = torch.sin(lane * 12.9) * 0.05
        sheen = 0.62 + 0.46 * height + vary + 0.10 * ramp(end, 0.6, 0.0)
        stitched = thread * mix(sheen, 0.55 + 0.5 * height, fine * 0.4) + 0.05 * (height - 0.5)
        weave = torch.sin(self.places.row * 1.57) * torch.sin(self.places.column * 1.57)
        tint = mix(colour(232, 224, 206), saturated(calm, 0.6), 0.35)
        linen = tint * (0.95 + 0.06 * weave + 0.03 * self.grain())
        person = ramp(matte + 0.12 * (height - 0.5), 0.4, 0.6)
        shadow = shifted(gaussian(matte, 3), 3, 2) * (1 - person) * 0.4
        return mix(linen * (1 - shadow), stitched, person)


class CrossStitch(Style):
    """Counted thread: a cross a stitch, eight pixels wide, on cloth with holes."""

    height: Tensor
    hole: Tensor

    def __init__(self) -> None:
        super().__init__()
        place = torch.arange(PIXEL).float() - (PIXEL - 1) / 2
        y, x = place.reshape(-1, 1), place.reshape(1, -1)
        over, under = (1 - ((x - y).abs() / 2.6) ** 2).clamp(min=0), (1 - ((x + y).abs() / 2.6) ** 2).clamp(min=0)
        height = torch.maximum(over, under * 0.72)
        hole = ((x.abs() + y.abs()) > PIXEL - 2.2).float()
        self.register_buffer("height", height[None, None].half().float())
        self.register_buffer("hole", hole[None, None])
        self.grain = Grain(165, 0.6)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        fine = features(face)
        crisp = (image + (image - gaussian(image, 5)) * (0.5 + 0.9 * fine)).clamp(0, 1)
        even = clearer(evened(luminance(crisp), matte, face, 0.58, 0.5), 24, 0.4 * matte)
        crisp = saturated(relit(crisp, luminance(crisp), even), 1.5)
        small = shrink(crisp, PIXEL)
        small = torch.floor(small * 9 + 0.5) / 9
        thread = blocks(small, PIXEL)
        count = small.shape[2]
        height = self.height.repeat(1, 1, count, count)
        cloth = mix(colour(238, 230, 212), saturated(thread, 0.8), 0.30) * (
            1 - 0.35 * self.hole.repeat(1, 1, count, count)
        )
        person = blocks((shrink(matte, PIXEL) > 0.5).float(), PIXEL)
        stitched = thread * (0.52 + 0.56 * height) + 0.04 * (height - 0.5)
        laid = ramp(height, 0.05, 0.35)
        made = mix(cloth, mix(thread * 0.50, stitched, laid), person)
        return made * (1 + 0.03 * self.grain())
