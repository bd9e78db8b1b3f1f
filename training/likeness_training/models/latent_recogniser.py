"""A recogniser that reads latents: 16x16xC -> 512, taught to agree with the real one. Only a teacher, never shipped."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .autoencoder import ResidualBlock


class LatentRecogniser(nn.Module):
    """Latents (B, channels, 16, 16) of about unit variance -> L2-normalised embeddings (B, 512)."""

    def __init__(self, channels: int = 8, widths: tuple[int, int, int] = (96, 192, 320)) -> None:
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
        self.head = nn.Linear(2 * c, 512)

    def forward(self, latents: Tensor) -> Tensor:
        return F.normalize(self.head(self.body(latents)), dim=1)
