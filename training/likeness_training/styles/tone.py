"""Light and colour: luminance, a face's tone brought to the middle, steps, palettes."""

from __future__ import annotations

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor

from .operations import SIZE, Places, enlarge, gaussian, mix, ramp, shifted, shrink, small_gaussian, widest


def luminance(image: Tensor) -> Tensor:
    """[1, 3, H, W] -> [1, 1, H, W], by the eye's weights."""
    return image[:, :1] * 0.299 + image[:, 1:2] * 0.587 + image[:, 2:] * 0.114


def face_light(light: Tensor, matte: Tensor, face: Tensor) -> Tensor:
    """Mean light of the face, or of the person where no face is marked, [1, 1, 1, 1]. Summed in two
    steps: one long sum of float32 is not exact enough."""
    weight = face[:, :1] + matte * 1e-3 + 1e-6
    sums = F.avg_pool2d(F.avg_pool2d(torch.cat([light * weight, weight], 1), 16), 32)
    return sums[:, :1] / sums[:, 1:]


def evened(light: Tensor, matte: Tensor, face: Tensor, goal: float = 0.58, share: float = 0.7) -> Tensor:
    """Light by a power that moves the face's mean `share` of the way to `goal`: dark and light skin both get a middle
    tone and keep their order."""
    mean = face_light(light, matte, face).clamp(0.08, 0.92)
    wanted = mix(mean, torch.full_like(mean, goal), share)
    return torch.pow(light.clamp(1e-3, 1), torch.log(wanted) / torch.log(mean))


def relit(image: Tensor, before: Tensor, after: Tensor) -> Tensor:
    """The colours with another luminance. Half by factor, half by offset where it grows lighter: dark skin that is lit
    by a factor alone turns orange."""
    by_factor = image * ((after + 0.02) / (before + 0.02))
    by_offset = image + (after - before)
    return mix(by_factor, by_offset, 0.5 * ramp(after - before, 0.0, 0.08)).clamp(0, 1)


def saturated(image: Tensor, factor: Tensor | float) -> Tensor:
    """Farther from grey by `factor`; colours that are strong already change less."""
    light = luminance(image)
    strong = image.amax(1, keepdim=True) - image.amin(1, keepdim=True)
    return (light + (image - light) * (1 + (factor - 1) * ramp(strong, 0.75, 0.1))).clamp(0, 1)


def clearer(light: Tensor, sigma: float, amount: Tensor | float) -> Tensor:
    """Local contrast: differences to the surroundings, stronger."""
    return (light + (light - gaussian(light, sigma)) * amount).clamp(0, 1)


def stepped(light: Tensor, levels: int, hardness: float) -> Tensor:
    """`levels` flat tones; the steps between them are `1 / hardness` of a level wide."""
    scaled = light * levels - 0.5
    low = torch.floor(scaled)
    inside = ((scaled - low - 0.5) * hardness + 0.5).clamp(0, 1)
    return ((low + inside + 0.5) / levels).clamp(0, 1)


def gradient_map(light: Tensor, stops: list[tuple[float, Tensor]]) -> Tensor:
    """A colour by light; `stops` are (light, colour) in rising order."""
    made = stops[0][1] + 0 * light
    for (low, _), (high, after) in pairwise(stops):
        made = mix(made, after, ((light - low) / (high - low)).clamp(0, 1))
    return made


def features(face: Tensor) -> Tensor:
    """Eyes with brows, nose's end and lips, as a soft plane 0..1: where strokes and lines must be fine."""
    small = shrink(face, 4)
    eyes = widest(small[:, 3:4], 5)
    brows = widest(shifted(eyes, -4, 0), 1)
    lips = widest(small[:, 1:2], 2)
    nose = widest(shifted(small[:, 1:2], -10, 0), 3) * 0.7
    marked = torch.maximum(torch.maximum(eyes, brows), torch.maximum(lips, nose))
    return enlarge(small_gaussian(marked, 1.4), 4).clamp(0, 1)


def cheeks(face: Tensor, fine: Tensor) -> Tensor:
    """Skin of the face away from its features, soft."""
    return (gaussian(face[:, :1], 4) - fine).clamp(0, 1)


def plainness(light: Tensor, matte: Tensor) -> Tensor:
    """1 where what is behind the person is plain, as a studio's wall is; 0 for a scene, [1, 1, 1, 1]."""
    small, behind = shrink(light, 8), (shrink(matte, 8) < 0.02).float()
    blurred = small_gaussian(torch.cat([small * behind, behind], 1), 2.5)
    detail = (small - blurred[:, :1] / (blurred[:, 1:] + 1e-3)).abs() * behind
    return ramp(F.avg_pool2d(detail, 64) / (F.avg_pool2d(behind, 64) + 1e-3), 0.014, 0.006)


def behind(light: Tensor, matte: Tensor, plain: float, scene: float) -> Tensor:
    """How strongly to draw each place: the person in full, what is behind by `plain` where it is a plain wall and by
    `scene` where it is a scene, [1, 1, H, W]."""
    share = scene + (plain - scene) * plainness(light, matte)
    return share + (1 - share) * matte


def vignette(places: Places, strength: float) -> Tensor:
    """Darkening towards the corners, [1, 1, 512, 512]."""
    far = (places.row / (SIZE - 1) - 0.5) ** 2 + (places.column / (SIZE - 1) - 0.5) ** 2
    return 1 - strength * ramp(far, 0.12, 0.55)
