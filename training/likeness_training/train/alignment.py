"""REPA, representation alignment (Yu et al. 2024, arXiv 2410.06940): the U-Net's middle learns what the recogniser sees.

The hidden states of the middle block, averaged to 4x4, are projected to the recogniser's patch tokens of the clean target. It
costs next to nothing, since those tokens are computed once for all photos, and the projection is not shipped.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Alignment(nn.Module):
    """Reads the middle block of `unet` whenever it runs. `patches` (n, 16, 512): a sample of tokens, for their scale."""

    def __init__(self, unet: nn.Module, patches: np.ndarray) -> None:
        super().__init__()
        sample = torch.from_numpy(patches.astype(np.float32))
        width, tokens = unet.config.block_out_channels[-1], sample.shape[-1]
        self.register_buffer("mean", sample.mean((0, 1)))
        self.register_buffer("scale", 1 / sample.std((0, 1)).clamp(min=1e-3))
        self.project = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, tokens))
        self.hidden: Tensor | None = None
        unet.mid_block.register_forward_hook(self.keep)

    def keep(self, _module: nn.Module, _inputs: tuple, output: Tensor) -> None:
        self.hidden = output

    def forward(self, patches: Tensor) -> Tensor:
        """1 - cosine of projected states and the tokens (B, 16, 512), each dimension brought to mean 0 and deviation 1."""
        grid = F.adaptive_avg_pool2d(self.hidden, round(patches.shape[1] ** 0.5))
        made = self.project(grid.flatten(2).transpose(1, 2))
        return 1 - F.cosine_similarity(made, (patches - self.mean) * self.scale, dim=2).mean()
