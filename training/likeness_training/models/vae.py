"""The autoencoder between pictures (B, 3, H, W) in -1..1 and scaled latents (B, C, h, w), as the U-Net has them."""

from __future__ import annotations

from diffusers import AutoencoderKL
from torch import Tensor


def encode(vae: AutoencoderKL, pictures: Tensor) -> Tensor:
    """Scaled latents: the posterior's mean."""
    return vae.encode(pictures.to(vae.dtype)).latent_dist.mean * vae.config.scaling_factor


def decode(vae: AutoencoderKL, latents: Tensor) -> Tensor:
    """Pictures in fp32 of scaled latents."""
    return vae.decode(latents.to(vae.dtype) / vae.config.scaling_factor).sample.float().clamp(-1, 1)
