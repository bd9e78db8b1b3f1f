"""Networks that read latents, taught to agree with those that read pictures. Only teachers, never shipped."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .autoencoder import ResidualBlock


class LatentReader(nn.Module):
    """Latents (B, channels, 16, 16) of about unit variance -> (B, outputs)."""

    def __init__(self, channels: int, widths: tuple[int, int, int], outputs: int) -> None:
        super().__init__()
        a, b, c = widths
        self.body = nn.Sequential(
            nn.Conv2d(channels, a, 3, padding=1),
            ResidualBlock(a),
            nn.Conv2d(a, b, 3, stride=2, padding=1),
            ResidualBlock(b),
            ResidualBlock(b),
            nn.Conv2d(b, c, 3, stride=2, padding=1),
            ResidualBlock(c),
            nn.SiLU(),
            nn.Conv2d(c, 2 * c, 4, groups=c),
            nn.Flatten(),
        )
        self.head = nn.Linear(2 * c, outputs)

    def forward(self, latents: Tensor) -> Tensor:
        return self.head(self.body(latents))


class LatentRecogniser(LatentReader):
    """L2-normalised embeddings (B, 512)."""

    def __init__(self, channels: int = 8, widths: tuple[int, int, int] = (96, 192, 320)) -> None:
        super().__init__(channels, widths, 512)

    def forward(self, latents: Tensor) -> Tensor:
        return F.normalize(super().forward(latents), dim=1)


READ_EXPRESSIONS = ("happy", "neutral", "surprised", "sad")
YAW_UNIT = 20.0


class LatentAttributes(LatentReader):
    """What the face does: (yaw in units of 20 degrees (B,), logits of READ_EXPRESSIONS (B, 4))."""

    def __init__(self, channels: int = 8, widths: tuple[int, int, int] = (64, 128, 192)) -> None:
        super().__init__(channels, widths, 1 + len(READ_EXPRESSIONS))

    def forward(self, latents: Tensor) -> tuple[Tensor, Tensor]:
        out = super().forward(latents)
        return out[:, 0], out[:, 1:]
