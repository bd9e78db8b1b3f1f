"""MFF, the mixed facial features of IDAdapter, the MLP that makes the sks embedding, and the head that drafts a face."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .attention import attend
from .autoencoder import ResidualBlock


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
        self.patch = nn.Identity() if patch_width == width else nn.Sequential(nn.LayerNorm(patch_width), nn.Linear(patch_width, width))
        self.face = nn.Linear(512, width)
        self.blocks = nn.Sequential(*(MixBlock(width, heads) for _ in range(blocks)))

    def forward(self, patches: Tensor, face: Tensor, keep_patches: Tensor | None = None) -> Tensor:
        """`keep_patches` (B, 1, 1) of 0 or 1 hides a sample's patch tokens (training only)."""
        mixed = self.patch(patches)
        if keep_patches is not None:
            mixed = mixed * keep_patches
        return self.blocks(torch.cat([mixed, self.face(face * face.shape[-1] ** 0.5)[:, None]], 1))


class SksMlp(nn.Module):
    """E_c: the mean class embedding -> the embedding of the token `sks` (LayerNorm, two linear layers, GELU)."""

    def __init__(self, class_width: int, text_width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.LayerNorm(class_width), nn.Linear(class_width, class_width), nn.GELU(), nn.Linear(class_width, text_width))

    def forward(self, class_embedding: Tensor) -> Tensor:
        return self.body(class_embedding)


class MeanFace(nn.Module):
    """E_r and the words -> the mean of the pictures they may mean, as latents (B, channels, 16, 16): the draft.

    A light head: it makes MFF learn the person, and the words their pose, expression and style, by direct supervision.
    Its output is handed to the U-Net as further input channels (tiny only; the paper has none). Words are a bag: an
    embedding of its own for each, summed. With no words it is the person's mean face.
    """

    def __init__(self, width: int, channels: int, vocabulary: int, widths: tuple[int, int, int] = (256, 192, 128)) -> None:
        super().__init__()
        a, b, c = widths
        self.words = nn.Embedding(vocabulary, width)
        self.said = nn.Sequential(nn.Linear(width, 2 * width), nn.SiLU(), nn.Linear(2 * width, 64, bias=False), nn.Linear(64, 16 * a))
        self.start = nn.Sequential(nn.LayerNorm(2 * width), nn.Linear(2 * width, 160, bias=False), nn.Linear(160, 16 * a))
        self.coarse = nn.Sequential(ResidualBlock(a), ResidualBlock(a), nn.Conv2d(a, b, 1))
        self.middle = nn.Sequential(ResidualBlock(b), ResidualBlock(b), nn.Conv2d(b, c, 1))
        self.fine = nn.Sequential(ResidualBlock(c), ResidualBlock(c), nn.SiLU(), nn.Conv2d(c, channels, 3, padding=1))
        self.place = nn.Parameter(torch.zeros(1, c, 16, 16))
        nn.init.zeros_(self.said[3].weight)
        nn.init.zeros_(self.said[3].bias)

    @staticmethod
    def state(tokens: Tensor) -> Tensor:
        """What the head needs of E_r (B, T, width): (B, 2 * width), the recogniser's token and the mean of the others."""
        return torch.cat([tokens[:, -1], tokens[:, :-1].mean(1)], 1)

    def forward(self, state: Tensor, ids: Tensor, said: Tensor) -> Tensor:
        """ids (B, L); `said` (B, L) is true where an id is a word of the prompt."""
        bag = (self.words(ids) * said[..., None]).sum(1)
        x = (self.start(state) + self.said(bag)).reshape(len(state), -1, 4, 4)
        x = F.interpolate(self.coarse(x), scale_factor=2.0, mode="nearest")
        x = F.interpolate(self.middle(x), scale_factor=2.0, mode="nearest")
        return self.fine(x + self.place)
