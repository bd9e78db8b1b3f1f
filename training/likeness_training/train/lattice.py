"""The lattice that a decoder by pixel shuffle leaves: rows or columns that repeat every two or four pixels (Odena et al. 2016, Deconvolution and Checkerboard Artifacts).

A style that is drawn in such lines (engraving) teaches the decoder to make them, and they leak into the others. The critics hardly mind; a spectrum
shows them at once: a few frequencies many times as strong as in pictures of the same style.
"""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor

PERIODS = (2, 4)
"""Pixels."""
WINDOW = 24
"""Pixels of a Hann window: a line or two at another distance is no lattice."""
FLOOR = 1e-6
"""Power below which there is nothing to see: a thousandth of the range of -1..1."""


def waves() -> Tensor:
    """(2 * len(PERIODS), 1, WINDOW): cosine and sine of each period under the window, which sums to 1."""
    at = torch.arange(WINDOW)
    window = torch.hann_window(WINDOW + 1)[1:]
    window = window / window.sum()
    return torch.stack([window * wave(2 * math.pi * at / period) for period in PERIODS for wave in (torch.cos, torch.sin)])[:, None]


def lattice(pictures: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) in -1..1 -> logarithm of the power of each period (B, 2 * len(PERIODS)): down the rows, then along them."""
    grey, kernels = pictures.mean(1), waves()

    def along(lines: Tensor) -> Tensor:
        """(B, n, length): the mean over its lines."""
        power = F.conv1d(lines.flatten(0, 1)[:, None], kernels, stride=2).square().mean(2).unflatten(0, lines.shape[:2]).mean(1)
        return power.unflatten(1, (len(PERIODS), 2)).sum(2)

    return torch.cat([along(grey.transpose(1, 2)), along(grey)], 1).add(FLOOR).log()


def excess(made: Tensor, usual: Tensor) -> Tensor:
    """How much more of it pictures show than is usual for what they are, in e-folds; less is no fault. `usual` as `lattice` gives it."""
    return F.relu(lattice(made) - usual).mean()
