"""Tells generated portraits from photographs: what the student of stage `distil` has to get past.

Three critics. `FeatureCritic` reads maps of the frozen recogniser (projected GAN, Sauer et al. 2021, arXiv 2111.01007), which
know from the start what eyes, noses and mouths are; one `PixelCritic` reads the whole picture, hair and backdrop as well, and
another the eyes alone (facial component discriminator, Wang et al. 2021, arXiv 2101.04061): they are a fiftieth of a picture, and what
people look at. All answer a map of scores and know what was asked for: style, accessory, backdrop, light, expression (projection discriminator,
Miyato and Koyama 2018, arXiv 1802.05637).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from ..config import Config
from ..models.latent_recogniser import READ_EXPRESSIONS

TAPS = {3: 64, 20: 64, 55: 128, 90: 128}
"""Step of the recogniser -> channels of its map: 56, 28, 14 and 7 squares wide."""


EYES = (slice(36, 68), slice(20, 92))
"""Rows and columns of both eyes, brows to lower lids, in the recogniser's input."""


def convolution(inside: int, outside: int, size: int = 3, stride: int = 1) -> nn.Module:
    """A convolution whose largest gain is held at 1."""
    return spectral_norm(nn.Conv2d(inside, outside, size, stride, size // 2))


class Scores(nn.Module):
    """Features (B, width, h, w) -> scores (B, h, w): one for any picture, and more by what was asked for, a table for each kind of it."""

    def __init__(self, width: int, sizes: list[int]) -> None:
        super().__init__()
        self.any = convolution(width, 1, 1)
        self.asked = nn.ModuleList(nn.Embedding(size, width) for size in sizes)
        for table in self.asked:
            nn.init.zeros_(table.weight)

    def forward(self, x: Tensor, kinds: Tensor) -> Tensor:
        told = sum(table(kinds[:, index]) for index, table in enumerate(self.asked))
        return self.any(x)[:, 0] + (x * told[:, :, None, None]).sum(1) * x.shape[1] ** -0.5


class FeatureCritic(nn.Module):
    """Maps of the recogniser, as TAPS has them -> scores of each scale."""

    def __init__(self, sizes: list[int], width: int = 64) -> None:
        super().__init__()
        self.heads = nn.ModuleList(
            nn.Sequential(nn.GroupNorm(1, channels, affine=False), convolution(channels, width, 1), nn.LeakyReLU(0.2), convolution(width, width, 3, 2 if index < 2 else 1), nn.LeakyReLU(0.2))
            for index, channels in enumerate(TAPS.values())
        )
        self.scores = nn.ModuleList(Scores(width, sizes) for _ in TAPS)

    def forward(self, maps: list[Tensor], kinds: Tensor) -> list[Tensor]:
        return [score(head(x), kinds) for head, score, x in zip(self.heads, self.scores, maps)]


class PixelCritic(nn.Module):
    """Pictures (B, 3, H, W) in -1..1 -> scores (B, H / 2 / block, W / 2 / block), and half as fine ones."""

    def __init__(self, sizes: list[int], width: int = 64, block: int = 4) -> None:
        super().__init__()
        self.fine = nn.Sequential(nn.PixelUnshuffle(block), convolution(3 * block**2, width), nn.LeakyReLU(0.2), convolution(width, 2 * width, 4, 2), nn.LeakyReLU(0.2))
        self.coarse = nn.Sequential(convolution(2 * width, 2 * width, 3, 2), nn.LeakyReLU(0.2), convolution(2 * width, 2 * width), nn.LeakyReLU(0.2))
        self.scores = nn.ModuleList(Scores(2 * width, sizes) for _ in range(2))

    def forward(self, pictures: Tensor, kinds: Tensor) -> list[Tensor]:
        fine = self.fine(pictures)
        return [self.scores[0](fine, kinds), self.scores[1](self.coarse(fine), kinds)]


class Critics(nn.Module):
    """All three. `sizes`: classes of each kind of made_reader.KINDS. `kinds` (B, 5): their numbers, and 0 for an expression not known, else its
    number in READ_EXPRESSIONS, from 1."""

    def __init__(self, sizes: list[int]) -> None:
        super().__init__()
        sizes = [*sizes, 1 + len(READ_EXPRESSIONS)]
        self.features, self.pixels, self.eyes = FeatureCritic(sizes), PixelCritic(sizes), PixelCritic(sizes, block=2)

    def forward(self, pictures: Tensor, faces: Tensor, maps: list[Tensor], kinds: Tensor) -> list[Tensor]:
        """`faces`: the recogniser's input (B, 3, 112, 112), 0..255, and `maps` what it makes of it."""
        eyes = faces[:, :, *EYES] / 127.5 - 1
        return self.features(maps, kinds) + self.pixels(pictures, kinds) + self.eyes(eyes, kinds)


def load_critics(critics: Critics, config: Config) -> None:
    """Those of a former run, where there are any."""
    path = config.work / "critics.pt"
    if path.is_file():
        critics.load_state_dict(torch.load(path, weights_only=True), strict=False)


def hinge(real: list[Tensor], made: list[Tensor]) -> Tensor:
    """The critics' loss."""
    return torch.stack([F.relu(1 - a).mean() + F.relu(1 + b).mean() for a, b in zip(real, made)]).mean()


def deceit(made: list[Tensor]) -> Tensor:
    """The student's loss (B,): the lower, the more like photographs. Each sample's mean over all scales."""
    return -torch.stack([scores.flatten(1).mean(1) for scores in made]).mean(0)
