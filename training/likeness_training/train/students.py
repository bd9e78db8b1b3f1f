"""Sampling of a student of few steps: x0_hat, fresh noise, the next timestep (consistency models, Song et al. 2023, arXiv 2303.01469)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from ..diffusion import Schedule


def renoise(schedule: Schedule, clean: Tensor, t: Tensor, noise: Tensor) -> Tensor:
    """Latents (B, C, h, w) at the timesteps t (B,)."""
    a, s = schedule.parts(t)
    return a * clean + s * noise


def few_steps(schedule: Schedule, model: Callable[[Tensor, Tensor], Tensor], noise: Tensor, timesteps: Tensor, seed: int) -> Tensor:
    """Latents after one call of `model(latents, timesteps)` for each of `timesteps`, the noisiest first."""
    generator = torch.Generator().manual_seed(seed)
    z = noise
    for index, step in enumerate(timesteps):
        t = step.expand(len(z))
        clean = schedule.estimate(z, model(z, t), *schedule.parts(t))
        if index + 1 == len(timesteps):
            return clean
        z = renoise(schedule, clean, timesteps[index + 1].expand(len(z)), torch.randn(z.shape, generator=generator))
    return z
