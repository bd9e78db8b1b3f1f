"""One step of the paper's training on a frozen base: the network that is trained, and the two losses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import Tensor, nn

from ..diffusion import Schedule
from ..models.align import ARCFACE_SIZE
from ..models.idadapter import IdAdapter, References
from ..models.vision import ClipVision


@dataclass
class Batch:
    """What a step sees. `references` (B * N, 3, S, S) in 0..255; `faces` (B, 512), the mean of the N embeddings.

    `beta` (B,) is 0 where the person is dropped; `matrices` (B, 2, 3) take the recogniser's pixels to the target's.
    """

    latents: Tensor
    noise: Tensor
    timesteps: Tensor
    ids: Tensor
    beta: Tensor
    references: Tensor
    faces: Tensor
    matrices: Tensor

    def to(self, device: torch.device) -> Batch:
        return Batch(*(getattr(self, field.name).to(device) for field in fields(self)))

    def split(self, count: int) -> list[Batch]:
        """Parts of `count` samples each."""
        each = len(self.references) // len(self.latents)
        parts = zip(
            *(
                getattr(self, field.name).split(count * (each if field.name == "references" else 1))
                for field in fields(self)
            ),
            strict=True,
        )
        return [Batch(*part) for part in parts]


class Trainee(nn.Module):
    """IDAdapter from what the frozen encoders saw: one forward, so that a distributed wrapper sees every gradient."""

    def __init__(self, model: IdAdapter) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, z: Tensor, timesteps: Tensor, ids: Tensor, patches: Tensor, classes: Tensor, faces: Tensor, beta: Tensor
    ) -> Tensor:
        return self.model(z, timesteps, ids, self.model.identity(References(patches, classes, faces)), beta)


def look(vision: ClipVision, references: Tensor, people: int) -> tuple[Tensor, Tensor]:
    """(patches (B, N * P, width), mean class embedding (B, width)) of the references, without a graph."""
    with torch.no_grad():
        patches, classes = vision(references)
    return patches.reshape(people, -1, patches.shape[-1]).float(), classes.reshape(people, -1, classes.shape[-1]).mean(
        1
    ).float()


def decode(vae: AutoencoderKL, latents: Tensor) -> Tensor:
    """Pictures (B, 3, H, W) in -1..1 of scaled latents."""
    return vae.decode(latents.to(vae.dtype) / vae.config.scaling_factor).sample.float().clamp(-1, 1)


def aligned(pictures: Tensor, matrices: Tensor) -> Tensor:
    """The recogniser's view (B, 3, 112, 112), 0..255, of faces at `matrices`; each pixel the mean of four."""
    size = pictures.shape[-1]
    axis = (torch.arange(2 * ARCFACE_SIZE, device=pictures.device) + 0.5) / 2 - 0.5
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1)
    grid = (2 * (torch.einsum("bij,hwj->bhwi", matrices, points) + 0.5) / size) - 1
    seen = F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return (F.avg_pool2d(seen, 2) + 1) * 127.5


@dataclass
class IdentityLoss:
    """F * (1 - cos(R(x0_hat), f_a)): the decoder, the frozen recogniser R, and the detector that says F for each
    picture."""

    vae: AutoencoderKL
    recogniser: Callable[[Tensor], Tensor]
    gate: Callable[[Tensor], Tensor]

    def __call__(self, estimate: Tensor, batch: Batch, told: Tensor) -> tuple[Tensor, Tensor]:
        """(the mean over the batch, the share of faces found). Samples that are not `told` count as 0."""
        chosen = torch.nonzero(told).flatten()
        if len(chosen) == 0:
            return estimate.sum() * 0, estimate.new_zeros(())
        pictures = decode(self.vae, estimate[chosen])
        found = self.gate(pictures.detach().float().cpu()).to(pictures.device)
        with torch.autocast(pictures.device.type, enabled=False):
            seen = self.recogniser(aligned(pictures, batch.matrices[chosen]))
            loss = (1 - (seen * batch.faces[chosen]).sum(1)) * found
        return loss.sum() / len(estimate), found.mean()


def losses(
    trainee: nn.Module, vision: ClipVision, schedule: Schedule, identity: IdentityLoss, batch: Batch, judge_below: int
) -> dict[str, Tensor]:
    """The terms of the paper's loss, not yet weighted, and how often a face was found."""
    a, s = (part.to(batch.latents.device) for part in schedule.parts(batch.timesteps.cpu()))
    z = a * batch.latents + s * batch.noise
    patches, classes = look(vision, batch.references, len(z))
    prediction = trainee(z, batch.timesteps, batch.ids, patches, classes, batch.faces, batch.beta).float()
    told = (batch.beta > 0) & (batch.timesteps < judge_below)
    near, found = identity(schedule.estimate(z, prediction, a, s), batch, told)
    return {
        "noise": F.mse_loss(prediction, schedule.target(batch.latents, batch.noise, a, s)),
        "identity": near,
        "found": found.detach(),
    }
