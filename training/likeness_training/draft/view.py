"""The recogniser's view of pictures: where the face is, and that face cut out so that gradients flow."""

from __future__ import annotations

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..models.align import ARCFACE_POINTS, ARCFACE_SIZE, similarity
from .head import LEFT_EYE, RIGHT_EYE

NOSE_TIP, LEFT_MOUTH_CORNER, RIGHT_MOUTH_CORNER = 4, 61, 291
LIPS_CHANNEL, EYES_CHANNEL = 6, 8
"""Of what is known of a draft, its condition (`finisher-input.ts`)."""
NOSE_SHARE = 0.58
"""How far the tip of the nose lies from the middle of the eyes towards that of the lips."""


def five_of(mesh: np.ndarray) -> np.ndarray:
    """Eyes, nose tip, mouth corners (5, 2) of a mesh (468, 3)."""
    flat = mesh[:, :2]
    eyes = [flat[list(LEFT_EYE)].mean(0), flat[list(RIGHT_EYE)].mean(0)]
    return np.stack([*eyes, flat[NOSE_TIP], flat[LEFT_MOUTH_CORNER], flat[RIGHT_MOUTH_CORNER]]).astype(np.float32)


def centroid(masks: Tensor) -> Tensor:
    """x and y (B, 2) of the middle of masks (B, S, S)."""
    along = torch.arange(masks.shape[-1], dtype=masks.dtype, device=masks.device)
    total = masks.sum((1, 2)).clamp(min=1e-3)
    return torch.stack([(masks.sum(1) * along).sum(1), (masks.sum(2) * along).sum(1)], 1) / total[:, None]


def five_of_masks(condition: Tensor) -> Tensor:
    """Eyes, nose, mouth corners (B, 5, 2) in pixels, from the channels of eyes and lips of (B, 9, S, S)."""
    lips, eyes = condition[:, LIPS_CHANNEL], condition[:, EYES_CHANNEL]
    size = condition.shape[-1]
    along = torch.arange(size, dtype=condition.dtype, device=condition.device)
    left_of_middle = along < centroid(eyes)[:, :1]
    sides = [centroid(eyes * left_of_middle[:, None]), centroid(eyes * ~left_of_middle[:, None])]
    full = lips > 0.9
    columns = full.any(1)
    some = columns.any(1)
    middle = torch.full_like(some, size // 2, dtype=torch.long)
    corners = []
    for from_left, column in ((True, columns), (False, columns.flip(1))):
        first = column.int().argmax(1)
        x = torch.where(some, first if from_left else size - 1 - first, middle if from_left else middle + 1)
        filled = full.gather(2, x[:, None, None].expand(-1, size, 1))[..., 0].to(condition.dtype)
        height = (filled * along).sum(1) / filled.sum(1).clamp(min=1)
        corners.append(torch.stack([x.to(condition.dtype), torch.where(some, height, x.to(condition.dtype))], 1))
    eyes_middle, lips_middle = (sides[0] + sides[1]) / 2, (corners[0] + corners[1]) / 2
    nose = eyes_middle * (1 - NOSE_SHARE) + lips_middle * NOSE_SHARE
    return torch.stack([*sides, nose, *corners], 1)


def recogniser_view(pictures: Tensor, fives: np.ndarray) -> Tensor:
    """Faces (B, 3, 112, 112), 0..255, BGR, cut out of pictures (B, 3, S, S), RGB, -1..1, by five points (B, 5, 2)."""
    size = pictures.shape[-1]
    back = np.stack([cv2.invertAffineTransform(similarity(five, ARCFACE_POINTS)) for five in fives])
    matrices = torch.from_numpy(back).float().to(pictures.device)
    axis = torch.arange(ARCFACE_SIZE, dtype=torch.float32, device=pictures.device)
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    places = torch.einsum("bij,hwj->bhwi", matrices, torch.stack([x, y, torch.ones_like(x)], -1))
    grid = (2 * places + 1) / size - 1
    seen = F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return (seen + 1).mul(127.5).flip(1)
