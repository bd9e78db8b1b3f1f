"""Fixed grain: small tiles from a seed, repeated or enlarged to a plane."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .operations import SIZE, enlarge


def wrapped_gaussian(x: Tensor, sigma_rows: float, sigma_columns: float, angle: float = 0.0) -> Tensor:
    """Gaussian blur of a tile whose borders meet, by its spectrum; standard deviation 1 afterwards."""
    height, width = x.shape
    v = torch.fft.fftfreq(height)[:, None]
    u = torch.fft.rfftfreq(width)[None]
    turn = torch.tensor(angle) * torch.pi / 180
    along, across = u * torch.cos(turn) + v * torch.sin(turn), v * torch.cos(turn) - u * torch.sin(turn)
    passed = torch.exp(-2 * torch.pi**2 * ((along * sigma_columns) ** 2 + (across * sigma_rows) ** 2))
    made = torch.fft.irfft2(torch.fft.rfft2(x) * passed, s=x.shape)
    made = made - made.mean()
    return made / made.std()


class Grain(nn.Module):
    """Noise [1, 1, 512, 512] of mean 0 and deviation 1, a tile repeated. `angle` (degrees, clockwise from the right)
    turns it, where the two sigmas differ."""

    tile: Tensor

    def __init__(
        self, seed: int, sigma: float = 0.6, long: float | None = None, angle: float = 0.0, tile: int = 128
    ) -> None:
        super().__init__()
        noise = torch.randn(tile, tile, generator=torch.Generator().manual_seed(seed))
        made = wrapped_gaussian(noise, sigma, sigma if long is None else long, angle)
        self.register_buffer("tile", made.reshape(1, 1, tile, tile).half().float())
        self.times = SIZE // tile

    def forward(self) -> Tensor:
        return self.tile.repeat(1, 1, self.times, self.times)


class Clouds(nn.Module):
    """Slow noise [1, 1, 512, 512] in about -1..1: `cells` a side, enlarged."""

    cells: Tensor

    def __init__(self, seed: int, cells: int) -> None:
        super().__init__()
        noise = torch.randn(1, 1, cells, cells, generator=torch.Generator().manual_seed(seed))
        self.register_buffer("cells", (noise * 0.6).clamp(-1, 1).half().float())
        self.factor = SIZE // cells

    def forward(self) -> Tensor:
        step = 2
        made = self.cells
        for _ in range(self.factor.bit_length() - 1):
            made = enlarge(made, step)
        return made


class Canvas(nn.Module):
    """Woven threads [1, 1, 512, 512] about 0, amplitude 1."""

    down: Tensor
    right: Tensor

    def __init__(self, seed: int, period: int = 4) -> None:
        super().__init__()
        self.grain = Grain(seed, 0.5)
        place = torch.arange(SIZE).float() * (2 * torch.pi / period)
        wave = torch.sin(place)
        self.register_buffer("down", wave.reshape(1, 1, SIZE, 1))
        self.register_buffer("right", wave.reshape(1, 1, 1, SIZE))

    def forward(self) -> Tensor:
        return self.down * self.right * 0.7 + self.grain() * 0.3
