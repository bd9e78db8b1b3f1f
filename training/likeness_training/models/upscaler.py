"""Enlarges portraits for delivery: Lanczos as a convolution, and a small network that adds what it blurs.

Pixel shuffle after convolutions at the small size (ESPCN, Shi et al. 2016, arXiv 1609.05158), the residual over a filter (VDSR, Kim et al.
2016, arXiv 1511.04587). One pass doubles the sides; a portrait passes twice.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import Config

FACTOR = 2
TAPS = 7
"""Source pixels, side by side, that a pixel between two of them is made of."""
LOBES = 3


def lanczos(x: float) -> float:
    """Lanczos' window of three lobes."""
    if x == 0:
        return 1.0
    return 0.0 if abs(x) >= LOBES else LOBES * math.sin(math.pi * x) * math.sin(math.pi * x / LOBES) / (math.pi * x) ** 2


def phases() -> Tensor:
    """(3 * 4, 1, 7, 7): for each colour the four pixels that one becomes, in pixel shuffle's order."""
    rows = [[lanczos(tap - TAPS // 2 - shift) for tap in range(TAPS)] for shift in (-0.25, 0.25)]
    line = torch.tensor(rows)
    line = line / line.sum(1, keepdim=True)
    square = torch.einsum("ai,bj->abij", line, line).reshape(FACTOR * FACTOR, 1, TAPS, TAPS)
    return square.repeat(3, 1, 1, 1)


class Upscaler(nn.Module):
    """Pictures (B, 3, H, W) in -1..1 -> (B, 3, 2 H, 2 W); with `passes` 2, (B, 3, 4 H, 4 W). Untrained it is the filter alone."""

    def __init__(self, width: int, depth: int) -> None:
        super().__init__()
        layers = [nn.Conv2d(3, width, 3, padding=1), nn.LeakyReLU(0.1)]
        for _ in range(depth):
            layers += [nn.Conv2d(width, width, 3, padding=1), nn.LeakyReLU(0.1)]
        last = nn.Conv2d(width, 3 * FACTOR * FACTOR, 3, padding=1)
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        self.residual = nn.Sequential(*layers, last)
        self.register_buffer("filter", phases())

    def forward(self, pictures: Tensor, passes: int = 1) -> Tensor:
        for _ in range(passes):
            border = TAPS // 2
            base = F.conv2d(F.pad(pictures, (border, border, border, border), mode="replicate"), self.filter, groups=3)
            pictures = F.pixel_shuffle(base + self.residual(pictures), FACTOR)
        return pictures


def load_upscaler(config: Config) -> Upscaler | None:
    """The trained one of the work folder; None where the stage `upscaler` did not run."""
    path = config.work / "upscaler.pt"
    if not path.is_file():
        return None
    model = Upscaler(**config["upscaler"])
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.requires_grad_(False).eval()
