"""A drawn head to run styles on: an ellipse with eyes, brows, nose and mouth before a plain ground."""

from __future__ import annotations

import torch
from torch import Tensor

from .operations import SIZE, colour, gaussian, mix, ramp
from .texture import Clouds

PALE, DEEP = (226, 178, 150), (92, 58, 42)
"""Skin of two drawn heads."""


def ellipse(row: float, column: float, high: float, wide: float) -> Tensor:
    """A filled ellipse [1, 1, 512, 512], 0..1, its edge two pixels soft."""
    place = torch.arange(SIZE).float()
    y, x = (place.reshape(1, 1, -1, 1) - row) / high, (place.reshape(1, 1, 1, -1) - column) / wide
    return ramp(torch.sqrt(x * x + y * y), 1 + 1 / wide, 1 - 1 / wide)


def sample(skin: tuple[int, int, int] = PALE) -> dict[str, Tensor]:
    """Inputs of a style by name: `image`, `matte`, `face`."""
    oval, hair = ellipse(250, 256, 150, 112), ellipse(200, 256, 170, 140)
    body = ellipse(560, 256, 150, 230)
    lips, inner = ellipse(330, 256, 16, 42), ellipse(330, 256, 5, 30)
    eyes = torch.maximum(ellipse(220, 206, 9, 20), ellipse(220, 306, 9, 20))
    iris = torch.maximum(ellipse(220, 206, 8, 8), ellipse(220, 306, 8, 8))
    brows = torch.maximum(ellipse(194, 204, 5, 28), ellipse(194, 308, 5, 28))
    light = 1.08 - 0.3 * torch.arange(SIZE).float().reshape(1, 1, 1, -1) / SIZE
    rough = Clouds(3, 128)()
    image = mix(colour(214, 214, 212), colour(200, 202, 206), ellipse(240, 256, 300, 300))
    image = mix(image.expand(1, 3, SIZE, SIZE), colour(40, 70, 150) * (1 + 0.1 * rough), body)
    image = mix(image, colour(48, 34, 28) * (1 + 0.5 * rough), hair)
    image = mix(image, colour(*skin) * light * (1 + 0.02 * rough), oval)
    image = mix(image, colour(*skin) * 0.6, gaussian(ellipse(280, 270, 18, 10), 4))
    image = mix(image, colour(*skin) * torch.tensor([0.85, 0.55, 0.55]).reshape(1, 3, 1, 1), lips)
    image = mix(mix(image, colour(60, 16, 20), inner), colour(236, 232, 228), eyes)
    image = mix(mix(image, colour(40, 28, 22), iris), colour(36, 26, 22), brows)
    matte = torch.maximum(torch.maximum(oval, hair), body)
    return {"image": image.clamp(0, 1), "matte": matte, "face": torch.cat([oval, lips, inner, eyes], 1)}
