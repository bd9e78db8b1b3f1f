"""The noise schedule (scaled linear, Rombach et al. 2022), both prediction types, and the sampler of sample sheets."""

from __future__ import annotations

from collections.abc import Callable

import torch
from diffusers import DDIMScheduler
from torch import Tensor


class Schedule:
    """alphas_cumprod of `diffusion` settings: betaStart, betaEnd, trainTimesteps, prediction."""

    def __init__(self, settings: dict) -> None:
        self.settings = settings
        start, end, count = settings["betaStart"], settings["betaEnd"], settings["trainTimesteps"]
        betas = torch.linspace(start**0.5, end**0.5, count) ** 2
        self.count = count
        self.alphas_cumprod = torch.cumprod(1 - betas, 0)
        self.velocity = settings["prediction"] == "v_prediction"

    def to(self, device: torch.device) -> Schedule:
        """The same on the device where timesteps will be."""
        self.alphas_cumprod = self.alphas_cumprod.to(device)
        return self

    def parts(self, timesteps: Tensor) -> tuple[Tensor, Tensor]:
        """(alpha, sigma), each (B, 1, 1, 1), with z_t = alpha * x0 + sigma * noise."""
        kept = self.alphas_cumprod[timesteps][:, None, None, None]
        return kept.sqrt(), (1 - kept).sqrt()

    def target(self, x0: Tensor, noise: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """What the U-Net shall predict: v = alpha * noise - sigma * x0 (Salimans and Ho 2022), or the noise."""
        return alpha * noise - sigma * x0 if self.velocity else noise

    def estimate(self, z_t: Tensor, prediction: Tensor, alpha: Tensor, sigma: Tensor) -> Tensor:
        """x0_hat, the one-step estimate."""
        return alpha * z_t - sigma * prediction if self.velocity else (z_t - sigma * prediction) / alpha

    def scheduler(self) -> DDIMScheduler:
        """diffusers' scheduler of the same settings."""
        settings = self.settings
        return DDIMScheduler(
            num_train_timesteps=self.count,
            beta_start=settings["betaStart"],
            beta_end=settings["betaEnd"],
            beta_schedule="scaled_linear",
            prediction_type=settings["prediction"],
            timestep_spacing="trailing",
            clip_sample=False,
            set_alpha_to_one=True,
        )


@torch.inference_mode()
def sample(schedule: Schedule, model: Callable[[Tensor, Tensor], Tensor], noise: Tensor, steps: int) -> Tensor:
    """Latents after `steps` of DDIM; `model(latents, timesteps)` predicts."""
    scheduler = schedule.scheduler()
    scheduler.set_timesteps(steps)
    z = noise
    for t in scheduler.timesteps:
        z = scheduler.step(model(z, t.expand(len(z))), t, z).prev_sample
    return z
