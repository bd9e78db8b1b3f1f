"""The mouth refiner: a small U-Net that paints what a mouth looks like where a draft moved it.

A warp shows moved lips where they should be, but not as they are: closed ones keep the teeth's edge, opened ones are
drawn out, and the teeth between them are everybody's. It takes the window around a mouth (`mouth-window.ts`) and
answers the picture as a change to the draft. Plain convolutions over pixels unshuffled by 2.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .finisher import GAIN, Residual, silence

WIDTH, HEIGHT = 128, 96
"""Of the window, in pixels."""
CONDITION = 8
"""Channels of what it is told, 0..1: red, green, blue of the draft; lips, inside of the mouth; red, green, blue of the
mouth in the photo (`mouth-refiner.ts`).
"""
LIPS, MOUTH, OWN = 3, 4, 5
"""Where those begin."""
PICTURE = 3
UNSHUFFLE = 2


class MouthRefiner(nn.Module):
    """`widths` of the maps at 1/2, 1/4, 1/8 of the window and `blocks` in each, on the way down and up."""

    def __init__(self, widths: tuple[int, ...], blocks: tuple[int, ...]) -> None:
        super().__init__()
        levels = len(widths)
        self.enter = nn.Conv2d(CONDITION * UNSHUFFLE**2, widths[0], 3, padding=1)
        self.down = nn.ModuleList(
            nn.Sequential(*(Residual(widths[k]) for _ in range(blocks[k]))) for k in range(levels)
        )
        self.shrink = nn.ModuleList(nn.Conv2d(widths[k], widths[k + 1], 3, 2, 1) for k in range(levels - 1))
        self.grow = nn.ModuleList(nn.Conv2d(widths[k + 1], widths[k], 1) for k in range(levels - 1))
        self.join = nn.ModuleList(nn.Conv2d(2 * widths[k], widths[k], 1) for k in range(levels - 1))
        self.up = nn.ModuleList(
            nn.Sequential(*(Residual(widths[k]) for _ in range(blocks[k]))) for k in range(levels - 1)
        )
        self.leave = nn.Conv2d(widths[0], PICTURE * UNSHUFFLE**2, 3, padding=1)
        silence(self.leave)

    def forward(self, condition: Tensor) -> Tensor:
        """(B, 8, H, W) 0..1 -> the picture (B, 3, H, W), 0..1 and a little beyond."""
        x = self.enter(F.pixel_unshuffle(condition * 2 - 1, UNSHUFFLE))
        kept = []
        for level, blocks in enumerate(self.down):
            x = blocks(x)
            if level < len(self.shrink):
                kept.append(x)
                x = F.relu(self.shrink[level](x))
        for level in reversed(range(len(self.grow))):
            x = F.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](self.join[level](torch.cat([x, kept[level]], 1)))
        return condition[:, :PICTURE] + F.pixel_shuffle(self.leave(F.relu(x)), UNSHUFFLE)


class MouthCritic(nn.Module):
    """Patches of a picture (B, 3, H, W), 0..1, beside where lips and mouth are -> scores and maps."""

    def __init__(self, width: int = 40) -> None:
        super().__init__()
        normed = nn.utils.parametrizations.spectral_norm
        self.layers = nn.ModuleList(
            [
                normed(nn.Conv2d((PICTURE + 2) * UNSHUFFLE**2, width, 4, 2, 1)),
                normed(nn.Conv2d(width, 2 * width, 4, 2, 1)),
                normed(nn.Conv2d(2 * width, 3 * width, 3, 1, 1)),
            ]
        )
        self.scores = normed(nn.Conv2d(3 * width, 1, 3, 1, 1))

    def forward(self, picture: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        x = F.pixel_unshuffle(torch.cat([picture, condition[:, LIPS:OWN]], 1) * 2 - 1, UNSHUFFLE)
        maps = []
        for layer in self.layers:
            x = F.leaky_relu(GAIN * layer(x), 0.2)
            maps.append(x)
        return GAIN * self.scores(x), maps
