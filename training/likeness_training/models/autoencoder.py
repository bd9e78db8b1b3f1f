"""The tiny autoencoder: 128x128x3 pictures to 16x16x8 latents (f = 8) and back.

Pictures enter and leave by pixel (un)shuffle, so that nearly all work is done at 16x16 and 32x32, where a CPU is
quick: the decoder runs in every chat answer.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ResidualBlock(nn.Module):
    """x + conv(silu(conv(silu(x)))). No normalisation: the second convolution starts at zero instead."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)
        nn.init.zeros_(self.second.bias)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.silu(self.first(F.silu(x))))


class Encoder(nn.Module):
    """Pictures (B, 3, 128, 128) in -1..1 -> (B, channels, 16, 16)."""

    def __init__(self, channels: int, fine: int, coarse: int, blocks: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.PixelUnshuffle(4),
            nn.Conv2d(48, fine, 3, padding=1),
            ResidualBlock(fine),
            nn.PixelUnshuffle(2),
            nn.Conv2d(4 * fine, coarse, 1),
            *(ResidualBlock(coarse) for _ in range(blocks)),
            nn.SiLU(),
            nn.Conv2d(coarse, channels, 3, padding=1),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        return self.body(pictures)


class Decoder(nn.Module):
    """Latents (B, channels, 16, 16) -> pictures (B, 3, 128, 128), about -1..1."""

    def __init__(self, channels: int, coarse: int, fine: int, finest: int, blocks: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, coarse, 3, padding=1),
            *(ResidualBlock(coarse) for _ in range(blocks)),
            nn.Conv2d(coarse, 4 * fine, 1),
            nn.PixelShuffle(2),
            ResidualBlock(fine),
            ResidualBlock(fine),
            nn.Conv2d(fine, 4 * finest, 1),
            nn.PixelShuffle(2),
            ResidualBlock(finest),
            nn.SiLU(),
            nn.Conv2d(finest, 12, 3, padding=1),
            nn.PixelShuffle(2),
        )

    def forward(self, latents: Tensor) -> Tensor:
        return self.body(latents)


OPPONENT = ((3**-0.5, 3**-0.5, 3**-0.5), (2**-0.5, 0.0, -(2**-0.5)), (6**-0.5, -2 * 6**-0.5, 6**-0.5))
"""Light, red against blue, green against both: an orthonormal map of RGB."""

THUMBNAIL = len(OPPONENT)


class Autoencoder(nn.Module):
    """Latents are a thumbnail of the picture (light and two colours, fixed) and learned channels with what it lacks.

    A diffusion learns such latents soon: most of what they vary is large and smooth, like pictures, and the details come
    at less noise. Training adds noise to them: what a generator gets nearly right must decode well. `noise`: the most that
    is added, drawn evenly from 0 up to it for each picture. `units`: the deviation of the first channels and of all
    others, as a generator sees them. `shift` and `scale` (channels,) bring raw latents there; measured after training.
    """

    def __init__(self, channels: int = 8, encoder: dict | None = None, decoder: dict | None = None, noise: float = 0.35, units: tuple = (1.25, 0.6, 0.6, 0.6)) -> None:
        super().__init__()
        self.encoder = Encoder(channels - THUMBNAIL, **(encoder or {"fine": 48, "coarse": 160, "blocks": 2}))
        self.decoder = Decoder(channels, **(decoder or {"coarse": 192, "fine": 64, "finest": 24, "blocks": 2}))
        self.noise = noise
        self.register_buffer("opponent", torch.tensor(OPPONENT)[..., None, None], persistent=False)
        self.register_buffer("units", torch.tensor([*units[:THUMBNAIL], *[units[THUMBNAIL]] * (channels - THUMBNAIL)]), persistent=False)
        self.register_buffer("shift", torch.zeros(channels))
        self.register_buffer("scale", torch.ones(channels))

    def raw(self, pictures: Tensor) -> Tensor:
        """Pictures (B, 3, 128, 128) in -1..1 -> latents (B, channels, 16, 16), not yet scaled."""
        thumbnail = F.conv2d(F.avg_pool2d(pictures, 8), self.opponent)
        return torch.cat([thumbnail, self.encoder(pictures)], 1)

    def encode(self, pictures: Tensor) -> Tensor:
        """Latents of zero mean and the deviations `units`."""
        return (self.raw(pictures) - self.shift[:, None, None]) * self.scale[:, None, None]

    def decode(self, latents: Tensor) -> Tensor:
        """Pictures of latents as `encode` gives them."""
        return self.decoder(latents / self.scale[:, None, None] + self.shift[:, None, None])

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """(reconstruction, raw latents), the decoder seeing noisy latents."""
        latents = self.raw(pictures)
        unit = latents.std((0, 2, 3), keepdim=True) / self.units[:, None, None]
        amount = self.noise * torch.rand(len(latents), 1, 1, 1) * unit
        return self.decoder(latents + amount * torch.randn_like(latents)), latents
