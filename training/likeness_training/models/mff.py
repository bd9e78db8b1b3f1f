"""MFF, the mixed facial features of IDAdapter, and the MLP that makes the sks embedding."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .attention import attend

START = 0.05
"""What is left of the weights of the sks MLP's last layer, where it begins at a word's embedding."""


class MixBlock(nn.Module):
    """Pre-LN transformer block, FFN x4 (paper)."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.ff = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.qkv(self.norm1(x)).chunk(3, -1)
        x = x + self.out(attend(query, key, value, self.heads))
        return x + self.ff(self.norm2(x))


class MixedFacialFeatures(nn.Module):
    """f_v (B, N*P, patch_width) and f_a (B, 512) -> E_r (B, N*P + 1, width); the last token is the recogniser's.

    Where the vision encoder's width is not `width`, a linear layer brings patch tokens to it (tiny).
    """

    def __init__(self, patch_width: int, width: int, heads: int, blocks: int = 2) -> None:
        super().__init__()
        self.patch = (
            nn.Identity()
            if patch_width == width
            else nn.Sequential(nn.LayerNorm(patch_width), nn.Linear(patch_width, width))
        )
        self.face = nn.Linear(512, width)
        self.blocks = nn.Sequential(*(MixBlock(width, heads) for _ in range(blocks)))

    def forward(self, patches: Tensor, face: Tensor) -> Tensor:
        return self.blocks(torch.cat([self.patch(patches), self.face(face * face.shape[-1] ** 0.5)[:, None]], 1))


class SksMlp(nn.Module):
    """E_c: the mean class embedding -> the embedding of the token `sks` (LayerNorm, two linear layers, GELU)."""

    def __init__(self, class_width: int, text_width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.LayerNorm(class_width),
            nn.Linear(class_width, class_width),
            nn.GELU(),
            nn.Linear(class_width, text_width),
        )

    @torch.no_grad()
    def begin_at(self, embedding: Tensor) -> None:
        """Answer about this embedding (text_width,) for everybody."""
        last = self.body[-1]
        assert isinstance(last, nn.Linear)
        last.weight.mul_(START)
        last.bias.copy_(embedding)

    def forward(self, class_embedding: Tensor) -> Tensor:
        return self.body(class_embedding)
