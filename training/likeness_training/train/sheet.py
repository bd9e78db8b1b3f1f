"""Sample sheets, and pictures as tensors and as pixels."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor


def sheet(path: Path, rows: list[Tensor], limit: int = 16) -> None:
    """A sample sheet: each entry a row of pictures (B, 3, H, W) in -1..1. Holds training people: never committed."""
    lines = [np.hstack(list(to_pixels(row[:limit]))) for row in rows]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(lines), cv2.COLOR_RGB2BGR))


def to_pixels(pictures: Tensor) -> np.ndarray:
    """(B, H, W, 3) uint8 of pictures in -1..1."""
    return ((pictures.detach().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).contiguous().numpy()


def to_pictures(pixels: np.ndarray) -> Tensor:
    """(B, 3, H, W) float in -1..1, channels last, of uint8 pixels (B, H, W, 3)."""
    return (torch.from_numpy(np.ascontiguousarray(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(
        memory_format=torch.channels_last
    )
