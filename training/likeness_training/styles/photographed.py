"""Styles of photography and of light."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .flow import Flow
from .lines import ink_lines, wave
from .operations import colour, gaussian, mix, ramp, rows, shifted, shrink, slopes, widest
from .style import Style
from .texture import Clouds, Grain
from .tone import cheeks, clearer, evened, features, gradient_map, luminance, plainness, relit, saturated, vignette


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
        browns = [
            (0.0, colour(34, 20, 10)),
            (0.35, colour(104, 70, 42)),
            (0.7, colour(196, 158, 112)),
            (1.0, colour(250, 234, 200)),
        ]
        return gradient_map(light, browns)


class Neon(Style):
    """Glowing tubes along the form, pink to cyan, before a dim picture in violet."""

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = evened(luminance(image), matte, face, 0.55, 0.7)
        fine = features(face)
        smooth = mix(gaussian(light, 1.6), light, fine)
        flow = Flow(light, 4)
        low = 0.03 + 0.01 * cheeks(face, fine) + 0.05 * (1 - matte)
        inner = widest(torch.maximum(face[:, 3:4], face[:, 2:3]), 2)
        calm = (1 - gaussian(inner, 2.5)) * (1 - 0.5 * gaussian(face[:, 1:2], 3))
        tube = ink_lines(mix(gaussian(light, 1.6), smooth, 0.5), flow, 1.5, low, 0.10, 6) * calm * mix(1.0, 0.75, fine)
        rim = (gaussian(matte, 2.2) * (1 - gaussian(matte, 2.2)) * 4).clamp(0, 1) ** 2
        tube = torch.maximum(tube, rim)
        glow = gaussian(tube, 3) * 0.9 + gaussian(tube, 11) * 1.1
        across = ramp(self.places.column + 0.35 * self.places.row, 130, 560)
        tint = mix(colour(255, 40, 190), colour(30, 215, 255), across)
        dim = mix(colour(9, 5, 30), colour(88, 44, 150), clearer(light, 14, 0.8) ** 1.4) * (0.35 + 0.75 * matte)
        lamp = mix(mix(tint, colour(255, 225, 255), 0.35 * fine), tint, 1 - fine)
        side = lamp * (clearer(light, 10, 0.8) ** 1.5) * mix(0.55, 0.80, fine) * matte
        core = gaussian(tube, 0.7)
        return dim + side + tint * glow * 0.7 + mix(tint, colour(255, 255, 255), 0.65) * core * 0.8


class VintagePhoto(Style):
    """A snapshot of the seventies: faded dyes, warm light leaking in, grain, a pale border."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(121, 0.8)
        self.dust = Grain(122, 1.3)
        self.clouds = Clouds(123, 4)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = luminance(image)
        even = evened(light, matte, face, 0.54, 0.35)
        soft = relit(image, light, even) * 0.8 + gaussian(image, 1.6) * 0.2
        soft = mix(soft, ramp(soft, -0.12, 1.10), 0.55)
        faded = soft * torch.tensor([0.80, 0.74, 0.60]).reshape(1, 3, 1, 1) + torch.tensor([0.13, 0.10, 0.13]).reshape(
            1, 3, 1, 1
        )
        faded = mix(faded, luminance(faded), 0.12)
        leak = ramp(self.places.column - 0.35 * self.places.row + self.clouds() * 60, 330, 560) * 0.40
        faded = 1 - (1 - faded) * (1 - leak * colour(255, 120, 40))
        faded = faded * vignette(self.places, 0.5) + self.grain() * 0.02 - ramp(self.dust(), 3.0, 3.6) * 0.25
        near = torch.minimum(
            torch.minimum(self.places.row, 511 - self.places.row),
            torch.minimum(self.places.column, 511 - self.places.column),
        )
        return mix(colour(244, 238, 222) * (1 + 0.01 * self.grain()), faded, ramp(near, 13, 16))


class FilmNoir(Style):
    """Hard light through a blind: deep blacks, bright bands, one of them over the eyes."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(124, 0.8)

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.55, 0.6), 24, 0.7)
        light = mix(light, ramp(light, 0.08, 0.95), 0.9)
        eyes = shrink(face[:, 3:4], 16) + 1e-6
        row = (eyes * (rows(32) * 16 + 8)).sum((2, 3), keepdim=True) / eyes.sum((2, 3), keepdim=True)
        slant = self.places.row - row + (self.places.column - 256) * 0.22
        bend = (gaussian(light, 10) - 0.5) * 10 * matte
        period = 78.0
        phase = (slant + bend) / period + 0.5
        near = (phase - torch.floor(phase) - 0.5).abs() * 2
        band = ramp(near, 0.78, 0.50)
        lamp = ramp(self.places.column * 0.8 + self.places.row * 0.5, 640, 60)
        wall = light * 0.30 * (0.25 + 1.1 * band) * (0.35 + lamp)
        person = light * mix(0.42, 1.0, band) * (0.62 + 0.5 * lamp)
        rim = ramp(matte - shifted(gaussian(matte, 4), 2, 8), 0.15, 0.8) * 0.5
        made = mix(wall, person + rim * 0.4, matte)
        made = made + gaussian(ramp(made, 0.65, 1.0), 8) * 0.12 + self.grain() * 0.022
        return gradient_map(
            made.clamp(0, 1), [(0.0, colour(6, 7, 10)), (0.5, colour(118, 120, 124)), (1.0, colour(250, 250, 248))]
        )


class Cyberpunk(Style):
    """Magenta from the left, cyan from the right, glow, scan lines, colours out of register."""

    signs: Tensor

    def __init__(self) -> None:
        super().__init__()
        signs = torch.rand(1, 1, 16, 24, generator=torch.Generator().manual_seed(125))
        self.register_buffer("signs", ((signs - 0.72).clamp(0, 1) / 0.28).half().float())
        self.grain = Grain(126, 0.6)

    def city(self, across: Tensor) -> Tensor:
        """Blurred lights behind the person."""
        lights = F.interpolate(self.signs, size=(512, 512), mode="nearest")
        lights = gaussian(lights, 7)
        tint = mix(colour(255, 40, 170), colour(40, 190, 255), across)
        return colour(14, 8, 36) + tint * (lights * 0.75 + 0.16) + colour(255, 210, 120) * (lights**3) * 0.5

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.5, 0.6), 20, 0.8)
        across = ramp(self.places.column + 0 * self.places.row, 90, 430)
        smooth = gaussian(light, 6)
        x, _ = slopes(gaussian(light, 3))
        left, right = ramp(x, -0.01, 0.05), ramp(x, 0.01, -0.05)
        warm = (1 - across) * 0.9 + left * 0.7
        cold = across * 0.9 + right * 0.7
        body = light * 0.40 + light * light * 0.35
        made = saturated(relit(image, luminance(image), body), 0.9) * colour(200, 190, 255)
        made = made + light**1.5 * (colour(255, 30, 150) * warm + colour(20, 200, 255) * cold) * 0.62
        edge = gaussian(matte, 5)
        rim = (matte - edge).clamp(0, 1) * 2.2
        made = made + rim * mix(colour(255, 60, 190), colour(60, 230, 255), across)
        flat = plainness(luminance(image), matte)
        scene = mix(
            relit(image, luminance(image), smooth * 0.3)
            + smooth**2 * 0.5 * mix(colour(255, 40, 170), colour(40, 190, 255), across),
            self.city(across),
            flat,
        )
        made = mix(scene, made, matte)
        made = made + gaussian((made - 0.6).clamp(0, 1), 10) * 0.9
        shift = torch.cat([shifted(made[:, :1], 0, -2), made[:, 1:2], shifted(made[:, 2:], 0, 2)], 1)
        scan = 1 - 0.10 * (wave(self.places, 0.0, 1.0, 4.0) > 0.5).float()
        return shift * scan + self.grain() * 0.012


class Vaporwave(Style):
    """Pink and cyan duotone before a striped sun over a grid."""

    def __init__(self) -> None:
        super().__init__()
        self.grain = Grain(127, 0.7)

    def stage(self) -> Tensor:
        """Sky, sun and floor."""
        row, column = self.places.row, self.places.column
        sky = gradient_map(
            row / 511 + 0 * column,
            [(0.0, colour(42, 16, 92)), (0.45, colour(196, 54, 168)), (0.72, colour(255, 150, 150))],
        )
        far = torch.sqrt((row - 215) ** 2 + (column - 255.5) ** 2)
        stripes = ramp((row - 190) / 26 - torch.floor((row - 190) / 26) - ramp(row, 180, 400) * 0.75, 0.0, 0.08)
        sun = ramp(far, 206, 203) * torch.maximum(stripes, ramp(row, 192, 188))
        made = mix(
            sky,
            gradient_map(row / 511 + 0 * column, [(0.05, colour(255, 236, 120)), (0.75, colour(255, 60, 150))]),
            sun,
        )
        below = (row - 388).clamp(min=1)
        lines = ((column - 255.5) / below * 2.4).abs()
        near = ramp((lines - torch.floor(lines) - 0.5).abs(), 0.42, 0.49)
        depth = 260 / below
        level = ramp((depth - torch.floor(depth) - 0.5).abs(), 0.40, 0.49)
        far_off = ramp(row, 388, 440)
        floor = mix(colour(36, 10, 80), colour(90, 240, 255), torch.maximum(near, level) * (0.25 + 0.75 * far_off))
        return mix(made, floor, ramp(row, 388, 390))

    def paint(self, image: Tensor, matte: Tensor, face: Tensor) -> Tensor:
        light = clearer(evened(luminance(image), matte, face, 0.56, 0.6), 20, 0.7)
        stops = [
            (0.0, colour(36, 12, 84)),
            (0.30, colour(126, 40, 160)),
            (0.55, colour(255, 94, 176)),
            (0.78, colour(255, 184, 200)),
            (1.0, colour(190, 255, 252)),
        ]
        duo = gradient_map(light, stops)
        cyan = ramp(self.places.column - 0.3 * self.places.row + 0 * light, 160, 470) * light * 0.5
        duo = mix(duo, colour(70, 225, 250), cyan)
        own = relit(saturated(image, 1.2), luminance(image), light)
        person = mix(duo, own, 0.22)
        scene = mix(duo, self.stage(), plainness(luminance(image), matte))
        made = mix(scene, person, matte)
        made = torch.cat([shifted(made[:, :1], 0, -1), made[:, 1:2], shifted(made[:, 2:], 0, 1)], 1)
        return made * (1 - 0.05 * (wave(self.places, 0.0, 1.0, 4.0) > 0.5).float()) + self.grain() * 0.01
