"""The face recogniser R as a differentiable PyTorch module, read from its ONNX file.

The file is `fr_feature.onnx` of the npm package `faceplugin-face-recognition-js` (MIT): a MobileFaceNet of Conv, PRelu,
Add and one Reshape, 112x112 in, 512-d embedding out. It tells people apart better in the order blue, green, red, which
it was trained with; weights that learnt from it in the other order keep to that.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import ConfigError
from .align import ARCFACE_SIZE, CROP_OFFSET, CROP_SCALE, CROP_SIZE
from .frozen_graph import FrozenGraph

ORDERS = ("rgb", "bgr")
"""In which order it is given the channels of a picture, which is RGB everywhere else."""

MAP_INPUT_KERNEL = 7
"""The convolution that pools the 7x7 map: its input is the 49 x 512 patch tokens."""


class Recogniser(FrozenGraph):
    """Frozen: gradients flow to the picture, never to the weights."""

    def __init__(self, path: str | Path, order: str = "rgb") -> None:
        super().__init__(path)
        if order not in ORDERS:
            raise ConfigError(f"`recogniser` is {order!r}, expected one of {', '.join(ORDERS)}")
        self.order = order
        pools = [
            index
            for index, (kind, _, _, a) in enumerate(self.steps)
            if kind == "Conv" and a["kernel_shape"] == [MAP_INPUT_KERNEL] * 2
        ]
        self.map_step = pools[-1] - 1

    def features(self, images: Tensor, taps: tuple[int, ...] = ()) -> tuple[Tensor, Tensor, list[Tensor]]:
        """(embedding (B, 512) not normalised, map (B, 512, 7, 7), the maps after the steps in `taps`).

        `images`: (B, 3, 112, 112), RGB, 0..255.
        """
        images = images.flip(1) if self.order == "bgr" else images
        kept = tuple(sorted({*taps, self.map_step}))
        (embedding,), results = self.values((images - 127.0) / 128.0, kept)
        found = dict(zip(kept, results, strict=True))
        return embedding, found[self.map_step], [found[tap] for tap in sorted(taps)]

    def forward(self, images: Tensor) -> Tensor:
        """L2-normalised embeddings (B, 512) of aligned faces (B, 3, 112, 112) in 0..255."""
        return F.normalize(self.features(images)[0], dim=1)


class AlignedWarp(nn.Module):
    """The fixed differentiable warp from generator crops (B, 3, 128, 128), -1..1, to recogniser input (B, 3, 112, 112),
    0..255."""

    grid: Tensor

    def __init__(self) -> None:
        super().__init__()
        axis = [torch.arange(ARCFACE_SIZE) * CROP_SCALE + offset for offset in CROP_OFFSET]
        x, y = (2 * (a + 0.5) / CROP_SIZE - 1 for a in axis)
        grid = torch.stack([x[None, :].expand(ARCFACE_SIZE, -1), y[:, None].expand(-1, ARCFACE_SIZE)], -1)
        self.register_buffer("grid", grid[None], persistent=False)

    def forward(self, crops: Tensor) -> Tensor:
        grid = self.grid.expand(len(crops), -1, -1, -1)
        return (F.grid_sample(crops, grid, mode="bilinear", padding_mode="border", align_corners=False) + 1) * 127.5
