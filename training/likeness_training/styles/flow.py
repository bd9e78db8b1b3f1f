"""The direction of form: structure tensor, smoothing along it, Kuwahara's filter stretched along it."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .operations import columns, enlarge, gaussian, looked_up, pad, rows, shrink, slopes


class Flow:
    """Tangents of the picture's edges (Brox et al. 2006): where light changes least.

    `cos2`, `sin2`: cosine and sine of twice the tangent's angle times how certain it is (0..1); `right`, `down`: the
    unit tangent. All [1, 1, H, W]."""

    def __init__(self, light: Tensor, sigma: float, factor: int = 2, rest: float | None = None) -> None:
        """`rest`: an angle in degrees that the tangent leans to where the picture says little."""
        small = shrink(light, factor)
        x, y = slopes(small)
        tensor = gaussian(torch.cat([x * x - y * y, 2 * x * y, x * x + y * y], 1), sigma / factor)
        tensor = enlarge(tensor, factor)
        if rest is not None:
            turn, weak = math.radians(2 * rest), 3e-4
            leaning = torch.tensor([-math.cos(turn) * weak, -math.sin(turn) * weak, weak]).reshape(1, 3, 1, 1)
            tensor = tensor + leaning
        strength = torch.sqrt(tensor[:, :1] ** 2 + tensor[:, 1:2] ** 2 + 1e-12)
        cosine, sine = -tensor[:, :1] / strength, -tensor[:, 1:2] / strength
        certain = strength / (tensor[:, 2:] + 2e-5)
        self.certain = certain
        self.cos2, self.sin2 = cosine * certain, sine * certain
        self.right = torch.sqrt((1 + cosine).clamp(0, 2) * 0.5)
        sign = torch.sign(sine) + (sine == 0).float()
        self.down = torch.sqrt((1 - cosine).clamp(0, 2) * 0.5) * sign


def along(x: Tensor, flow: Flow, reach: float, samples: int) -> Tensor:
    """Mean of `x` on a piece of the tangent, `reach` pixels both ways: line integral convolution with straight
    pieces."""
    size = x.shape[-1]
    row, column = rows(size), columns(size)
    total, weights = x, 1.0
    for k in range(1, samples + 1):
        distance = reach * k / samples
        weight = math.exp(-0.5 * (1.6 * k / samples) ** 2)
        step_down, step_right = flow.down * distance, flow.right * distance
        total = total + weight * (
            looked_up(x, row + step_down, column + step_right) + looked_up(x, row - step_down, column - step_right)
        )
        weights += 2 * weight
    return total * (1 / weights)


def kuwahara(
    image: Tensor, radius: float, flow: Flow | None = None, pull: float = 1.2, sharpness: int = 4, calm: float = 4e-4
) -> Tensor:
    """Generalised Kuwahara filter (Papari et al. 2007) with eight Gaussian sectors at `radius` pixels; with `flow`, the
    sectors on the tangent count more (after Kyprianidis et al. 2009). `calm`: variance below which sectors are
    equal."""
    channels = image.shape[1]
    sigma = radius * 0.55
    mean = gaussian(image, sigma)
    spread = gaussian((image * image).sum(1, keepdim=True), sigma) - (mean * mean).sum(1, keepdim=True)
    reach = math.ceil(radius) + 1
    both = pad(torch.cat([mean, spread.clamp(min=0) * (3 / channels)], 1), reach, reach, reach, reach)
    height, width = image.shape[2:]
    favour = []
    if flow is not None:
        halves = [k * math.pi / 4 for k in range(4)]
        favour = [
            torch.exp(flow.cos2 * (pull * math.cos(2 * angle)) + flow.sin2 * (pull * math.sin(2 * angle)))
            for angle in halves
        ]
    total, weights = 0.0, 0.0
    for k in range(8):
        angle = k * math.pi / 4
        top, left = reach + round(radius * math.sin(angle)), reach + round(radius * math.cos(angle))
        sector = both[:, :, top : top + height, left : left + width]
        weight = calm / (sector[:, channels:] + calm)
        for _ in range(sharpness.bit_length() - 1):
            weight = weight * weight
        if favour:
            weight = weight * favour[k % 4]
        total = total + sector[:, :channels] * weight
        weights = weights + weight
    assert isinstance(weights, Tensor)
    return total / (weights + 1e-9)
