"""Image operations that export to few, plain ONNX operators: planes are float32 [1, C, H, W], values about 0..1.

Sizes are static, in pixels of the plane given. Everything is differentiable in principle and deterministic in fact.
"""

from __future__ import annotations

import math
from typing import overload

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SIZE = 512
"""Pixels a side of a styled portrait."""


def colour(red: float, green: float, blue: float) -> Tensor:
    """A colour 0..255 as [1, 3, 1, 1] of 0..1."""
    return torch.tensor([red, green, blue]).reshape(1, 3, 1, 1) / 255


@overload
def mix(first: Tensor, second: Tensor | float, share: Tensor | float) -> Tensor: ...
@overload
def mix(first: Tensor | float, second: Tensor, share: Tensor | float) -> Tensor: ...
@overload
def mix(first: float, second: float, share: Tensor) -> Tensor: ...
def mix(first: Tensor | float, second: Tensor | float, share: Tensor | float) -> Tensor | float:
    """`first` where `share` is 0, `second` where it is 1."""
    return first + (second - first) * share


def ramp(x: Tensor, low: float, high: float) -> Tensor:
    """0 below `low`, 1 above `high`, smooth between; falls where `low` > `high`."""
    t = ((x - low) * (1 / (high - low))).clamp(0, 1)
    return t * t * (3 - 2 * t)


def pad(x: Tensor, top: int, bottom: int, left: int, right: int) -> Tensor:
    """Its border repeated. The sizes are said again, as numbers: an exported Pad does not tell its own."""
    channels, height, width = (int(size) for size in x.shape[1:])
    return F.pad(x, (left, right, top, bottom), mode="replicate").reshape(
        1, channels, height + top + bottom, width + left + right
    )


def shifted(x: Tensor, down: int, right: int) -> Tensor:
    """The plane moved by whole pixels; its border is repeated."""
    height, width = x.shape[2:]
    room = pad(x, max(down, 0), max(-down, 0), max(right, 0), max(-right, 0))
    top, left = max(-down, 0), max(-right, 0)
    return room[:, :, top : top + height, left : left + width]


def small_gaussian(x: Tensor, sigma: float) -> Tensor:
    reach = max(1, math.ceil(2.6 * sigma))
    kernel = torch.exp(-(torch.arange(-reach, reach + 1).float() ** 2) / (2 * sigma * sigma))
    kernel = (kernel / kernel.sum()).repeat(x.shape[1], 1, 1, 1)
    across = F.conv2d(pad(x, 0, 0, reach, reach), kernel, groups=x.shape[1])
    return F.conv2d(pad(across, reach, reach, 0, 0), kernel.transpose(2, 3).contiguous(), groups=x.shape[1])


def shrink(x: Tensor, factor: int) -> Tensor:
    return F.avg_pool2d(x, factor) if factor > 1 else x


def enlarge(x: Tensor, factor: int) -> Tensor:
    """Bilinear."""
    return F.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False) if factor > 1 else x


def blocks(x: Tensor, factor: int) -> Tensor:
    """Each pixel a square of `factor` pixels."""
    return F.interpolate(x, scale_factor=float(factor), mode="nearest")


def gaussian(x: Tensor, sigma: float) -> Tensor:
    """Gaussian blur; wide ones at a smaller size."""
    factor = 1
    while sigma / factor > 3.4 and factor < 32:
        factor *= 2
    if factor == 1:
        return small_gaussian(x, sigma)
    left = math.sqrt(max(sigma * sigma - factor * factor / 4, 0.5)) / factor
    return enlarge(small_gaussian(shrink(x, factor), left), factor)


def widest(x: Tensor, radius: int) -> Tensor:
    """Maximum over a square."""
    return F.max_pool2d(x, 2 * radius + 1, 1, radius)


def narrowest(x: Tensor, radius: int) -> Tensor:
    return -widest(-x, radius)


def box(x: Tensor, radius: int) -> Tensor:
    return F.avg_pool2d(x, 2 * radius + 1, 1, radius, count_include_pad=False)


def guided(x: Tensor, guide: Tensor, radius: int, detail: float) -> Tensor:
    """Guided filter with one guide plane (He et al. 2010): smooths `x`, keeps edges of `guide` stronger than
    `detail`."""
    mean_guide, mean_x = box(guide, radius), box(x, radius)
    variance = box(guide * guide, radius) - mean_guide * mean_guide
    slope = (box(x * guide, radius) - mean_x * mean_guide) / (variance + detail * detail)
    return box(slope, radius) * guide + box(mean_x - slope * mean_guide, radius)


def slopes(x: Tensor) -> tuple[Tensor, Tensor]:
    """Change to the right and downwards, by Sobel's kernels, per pixel."""
    smooth = torch.tensor([1.0, 2.0, 1.0])
    change = torch.tensor([-1.0, 0.0, 1.0])
    kernel = torch.outer(smooth, change) / 8
    both = torch.stack([kernel, kernel.t()])[:, None]
    made = F.conv2d(pad(x, 1, 1, 1, 1), both)
    return made[:, :1], made[:, 1:2]


def rows(size: int = SIZE) -> Tensor:
    """Row of each pixel, [1, 1, size, 1]."""
    return torch.arange(size).float().reshape(1, 1, size, 1)


def columns(size: int = SIZE) -> Tensor:
    """Column of each pixel, [1, 1, 1, size]."""
    return torch.arange(size).float().reshape(1, 1, 1, size)


class Places(nn.Module):
    """Row [1, 1, 512, 1] and column [1, 1, 1, 512] of each pixel. They are buffers, so that planes made of them are
    computed when a graph is loaded; of plain constants, whole planes would be stored in its file."""

    row: Tensor
    column: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("row", rows())
        self.register_buffer("column", columns())


def looked_up(table: Tensor, row: Tensor, column: Tensor) -> Tensor:
    """Nearest values of a plane [1, C, H, W] at pixel positions [1, 1, h, w]."""
    channels, height, width = table.shape[1:]
    index = row.round().clamp(0, height - 1) * width + column.round().clamp(0, width - 1)
    flat = index.reshape(-1).to(torch.int64)
    h, w = index.shape[2:]
    return torch.index_select(table.reshape(channels, height * width), 1, flat).reshape(1, channels, h, w)
