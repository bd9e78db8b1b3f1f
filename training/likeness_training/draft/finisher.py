"""The finisher: IDAdapter at tiny's size, in pixels. It paints what the photo did not show of a draft.

A U-Net of plain convolutions over pixels unshuffled by 4 (256 px become 64 x 64), with the paper's gated identity
adapters and text attention at 16 x 16 and 8 x 8 (arXiv 2403.13535, section 3). It takes the noised picture, the draft
and what is known about it, and answers the clean picture as a change to the draft.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import asdict

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.attention import Context, IdentityAdapter, attend
from ..models.idadapter import References
from ..models.mff import MixedFacialFeatures, SksMlp
from ..models.text import TextEncoder
from .config import IdentitySettings, ModelSettings

PICTURE = 4
"""Channels of a picture: red, green, blue over grey, and the matte; -1..1."""
CONDITION = 9
"""Channels of what is known of a draft, its condition, 0..1: red, green, blue, matte, seen, face, lips, mouth, eyes
(`finisher-input.ts`).
"""
UNSHUFFLE = 4


def silence(layer: nn.Module) -> None:
    """A layer that begins by giving zeros."""
    for parameter in layer.parameters():
        nn.init.zeros_(parameter)


class Residual(nn.Module):
    """Two convolutions with a ReLU between: onnxruntime runs each with what follows it as one operator."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.first, self.second = nn.Conv2d(width, width, 3, padding=1), nn.Conv2d(width, width, 3, padding=1)
        silence(self.second)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(x)))


class TextAttention(nn.Module):
    """Cross-attention from places to the words of the prompt."""

    def __init__(self, index: int, width: int, text_width: int, heads: int) -> None:
        super().__init__()
        self.index, self.heads = index, heads
        self.norm = nn.LayerNorm(width)
        self.to_q, self.to_k, self.to_v = (
            nn.Linear(width, width, bias=False),
            nn.Linear(text_width, width, bias=False),
            nn.Linear(text_width, width, bias=False),
        )
        self.to_out = nn.Linear(width, width)
        silence(self.to_out)

    def pair(self, hidden: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values (B, L, width) of the text's states."""
        return self.to_k(hidden), self.to_v(hidden)

    def forward(self, x: Tensor, context: Context) -> Tensor:
        key, value = context.pair(self.index, self.pair)
        return x + self.to_out(
            attend(self.to_q(self.norm(x)), key.expand(len(x), -1, -1), value.expand(len(x), -1, -1), self.heads)
        )


class AdapterBlock(nn.Module):
    """The gated identity adapter, then the words, over the places of a map (B, width, h, w)."""

    def __init__(self, index: int, width: int, identity: IdentitySettings, text_width: int) -> None:
        super().__init__()
        heads = identity.heads
        self.fuser = IdentityAdapter(index, width, identity.width, heads, width // heads, identity.gate)
        self.text = TextAttention(index, width, text_width, heads)

    def forward(self, x: Tensor, identity: Context, text: Context) -> Tensor:
        batch, width, height, across = x.shape
        tokens = x.flatten(2).transpose(1, 2)
        tokens = self.text(self.fuser(tokens, identity), text)
        return tokens.transpose(1, 2).reshape(batch, width, height, across)


class AdapterBlocks(nn.ModuleList):
    """The blocks in order."""

    def __iter__(self) -> Iterator[AdapterBlock]:
        return (block for block in super().__iter__() if isinstance(block, AdapterBlock))


class FinisherUnet(nn.Module):
    """`widths` of the maps at S/4, S/8, S/16, S/32 and `blocks` in each, on the way down and up."""

    def __init__(
        self, widths: tuple[int, ...], blocks: tuple[int, ...], identity: IdentitySettings, text_width: int
    ) -> None:
        super().__init__()
        levels = len(widths)
        self.time = nn.Sequential(nn.Linear(64, 128), nn.SiLU(), nn.Linear(128, widths[0]))
        self.enter = nn.Conv2d((PICTURE + CONDITION) * UNSHUFFLE**2, widths[0], 3, padding=1)
        self.down = nn.ModuleList(
            nn.Sequential(*(Residual(widths[k]) for _ in range(blocks[k]))) for k in range(levels)
        )
        self.shrink = nn.ModuleList(nn.Conv2d(widths[k], widths[k + 1], 3, 2, 1) for k in range(levels - 1))
        self.adapters = AdapterBlocks(
            AdapterBlock(index, widths[level], identity, text_width)
            for index, level in enumerate((levels - 2, levels - 1))
        )
        self.grow = nn.ModuleList(nn.Conv2d(widths[k + 1], widths[k], 1) for k in range(levels - 1))
        self.join = nn.ModuleList(nn.Conv2d(2 * widths[k], widths[k], 1) for k in range(levels - 1))
        self.up = nn.ModuleList(
            nn.Sequential(*(Residual(widths[k]) for _ in range(blocks[k]))) for k in range(levels - 1)
        )
        self.leave = nn.Conv2d(widths[0], PICTURE * UNSHUFFLE**2, 3, padding=1)
        silence(self.leave)

    def forward(self, latents: Tensor, condition: Tensor, timestep: Tensor, identity: Context, text: Context) -> Tensor:
        """latents (B, 4, S, S) -1..1, condition (B, 9, S, S) 0..1, timestep (B|1,) 0..999 -> the clean picture."""
        draft = condition[:, :PICTURE] * 2 - 1
        x = torch.cat([latents, draft, condition[:, PICTURE:] * 2 - 1], 1)
        x = self.enter(F.pixel_unshuffle(x, UNSHUFFLE)) + self.time(sinusoids(timestep))[..., None, None]
        kept = []
        for level, blocks in enumerate(self.down):
            x = blocks(x)
            adapter = level - (len(self.down) - 2)
            if adapter >= 0:
                x = self.adapters[adapter](x, identity, text)
            if level < len(self.shrink):
                kept.append(x)
                x = F.relu(self.shrink[level](x))
        for level in reversed(range(len(self.grow))):
            x = F.interpolate(self.grow[level](x), scale_factor=2.0, mode="nearest")
            x = self.up[level](self.join[level](torch.cat([x, kept[level]], 1)))
        return draft + F.pixel_shuffle(self.leave(F.relu(x)), UNSHUFFLE)


def sinusoids(timestep: Tensor) -> Tensor:
    """(B,) -> (B, 64)."""
    rates = torch.exp(torch.arange(32, dtype=torch.float32, device=timestep.device) * (-math.log(10000.0) / 31))
    angles = timestep[:, None].float() * rates
    return torch.cat([angles.sin(), angles.cos()], 1)


class Finisher(nn.Module):
    """MFF, sks MLP, text encoder and U-Net."""

    def __init__(self, settings: ModelSettings, sks_id: int, end_id: int) -> None:
        super().__init__()
        text, identity = settings.text, settings.identity
        self.text = TextEncoder({**asdict(text), "bos_token_id": end_id - 1}, sks_id, end_id)
        self.mff = MixedFacialFeatures(identity.patch_width, identity.width, identity.heads)
        self.sks = SksMlp(identity.class_width, text.hidden_size)
        self.unet = FinisherUnet(settings.widths, settings.blocks, identity, text.hidden_size)

    def forward(
        self, latents: Tensor, condition: Tensor, timestep: Tensor, ids: Tensor, references: References, beta: Tensor
    ) -> Tensor:
        """The clean picture. beta (B,): 0 drops the person, E_c with it."""
        hidden = self.text(ids, self.sks(references.classes) * (beta > 0)[:, None])
        identity = Context(tokens=self.mff(references.patches, references.faces), beta=beta[:, None, None])
        return self.unet(latents, condition, timestep, identity, Context(tokens=hidden))


GAIN = 3.0
"""Of a critic's layer: at 1, what drafts and photographs differ in stays too small to be told apart."""


class Critic(nn.Module):
    """Patches of a picture (B, 4, S, S) beside what is known of its draft -> scores and maps (hinge, features
    matched).
    """

    def __init__(self, width: int = 48) -> None:
        super().__init__()
        normed = nn.utils.parametrizations.spectral_norm
        self.layers = nn.ModuleList(
            [
                normed(nn.Conv2d(CONDITION * 4, width, 4, 2, 1)),
                normed(nn.Conv2d(width, 2 * width, 4, 2, 1)),
                normed(nn.Conv2d(2 * width, 3 * width, 3, 1, 1)),
            ]
        )
        self.scores = normed(nn.Conv2d(3 * width, 1, 3, 1, 1))

    def forward(self, picture: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        x = F.pixel_unshuffle(torch.cat([picture, condition[:, PICTURE:]], 1), 2)
        maps = []
        for layer in self.layers:
            x = F.leaky_relu(GAIN * layer(x), 0.2)
            maps.append(x)
        return GAIN * self.scores(x), maps
