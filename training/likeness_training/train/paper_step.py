"""One step of the paper's training on a frozen base: the network that is trained, and the two losses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import Tensor, nn

from ..diffusion import Schedule
from ..models.align import ARCFACE_SIZE
from ..models.idadapter import IdAdapter, References
from ..models.vae import decode
from ..models.vision import ClipVision

SHARES = (0.5, 0.75, 1.0)
"""Widths of the windows that faces are decoded in, as parts of the latents' own."""
GRADIENT_SCALE = 1024.0
"""Of the decoder's gradients, which fp16 could not hold otherwise."""


@dataclass
class Batch:
    """What a step sees, on the CPU or a device.

    `latents` x0 (B, C, h, w), `noise` as many, `timesteps` (B,), `ids` (B, L). `beta` (B,) is 0 where the person is
    dropped. `references` (B, N, 3, S, S) uint8, or what CLIP saw in them, cached: `patches` (B, N * P, width) and
    `classes` (B, width). `faces` (B, 512): the mean of the N embeddings; `targets` (B, 512): what the identity loss
    compares with; `matrices` (B, 2, 3) take the recogniser's pixels to the target's.
    """

    latents: Tensor
    noise: Tensor
    timesteps: Tensor
    ids: Tensor
    beta: Tensor
    faces: Tensor
    targets: Tensor
    matrices: Tensor
    references: Tensor | None = None
    patches: Tensor | None = None
    classes: Tensor | None = None

    def map(self, change: Callable[[Tensor], Tensor]) -> Batch:
        values: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        changed: dict[str, Any] = {name: None if value is None else change(value) for name, value in values.items()}
        return Batch(**changed)

    def to(self, device: torch.device) -> Batch:
        return self.map(lambda value: value.to(device, non_blocking=True))

    def split(self, count: int) -> list[Batch]:
        """Parts of `count` samples each."""
        starts = range(0, len(self.latents), count)
        return [self.map(lambda value, start=start: value[start : start + count]) for start in starts]


class Trainee(nn.Module):
    """IDAdapter from what the frozen encoders saw: one forward, so that a distributed wrapper sees every gradient."""

    def __init__(self, model: IdAdapter) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, z_t: Tensor, timesteps: Tensor, ids: Tensor, patches: Tensor, classes: Tensor, faces: Tensor, beta: Tensor
    ) -> Tensor:
        return self.model(z_t, timesteps, ids, self.model.identity(References(patches, classes, faces)), beta)


@torch.no_grad()
def look(vision: ClipVision, references: Tensor) -> tuple[Tensor, Tensor]:
    """(patches (B, N * P, width), mean class embedding (B, width)) of references (B, N, 3, S, S), 0..255."""
    people = len(references)
    patches, classes = vision(references.flatten(0, 1))
    return patches.reshape(people, -1, patches.shape[-1]).float(), classes.unflatten(0, (people, -1)).mean(1).float()


def seen(vision: ClipVision, batch: Batch) -> tuple[Tensor, Tensor]:
    """What CLIP sees in a batch's references, or saw."""
    if batch.references is not None:
        return look(vision, batch.references)
    assert batch.patches is not None and batch.classes is not None, "a batch has references, or what CLIP saw in them"
    return batch.patches.float(), batch.classes.float()


def aligned(pictures: Tensor, matrices: Tensor) -> Tensor:
    """The recogniser's view (B, 3, 112, 112), 0..255, of faces at `matrices`; each pixel the mean of four."""
    size = pictures.shape[-1]
    axis = (torch.arange(2 * ARCFACE_SIZE, device=pictures.device) + 0.5) / 2 - 0.5
    y, x = torch.meshgrid(axis, axis, indexing="ij")
    points = torch.stack([x, y, torch.ones_like(x)], -1)
    grid = (2 * (torch.einsum("bij,hwj->bhwi", matrices, points) + 0.5) / size) - 1
    sampled = F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)
    return (F.avg_pool2d(sampled, 2) + 1) * 127.5


@dataclass(frozen=True)
class Window:
    """A square of a sample's latents, in latents."""

    top: int
    left: int
    side: int

    def cut(self, latents: Tensor) -> Tensor:
        """Of latents (C, h, w), as a batch of one."""
        return latents[None, :, self.top : self.top + self.side, self.left : self.left + self.side]


def face_window(matrix: Tensor, latents: int, pixels: int) -> Window:
    """The smallest of the windows that hold what the recogniser sees at `matrix` (2, 3), around its middle; the whole
    where none does. `latents`: their side; `pixels`: of a picture's side for each."""
    last = ARCFACE_SIZE - 1
    corners = torch.tensor([[x, y, 1.0] for x in (0, last) for y in (0, last)]) @ matrix.T / pixels
    low, high = corners.amin(0), corners.amax(0)
    held = (side for side in (round(share * latents) for share in SHARES) if (high - low).max() <= side)
    side = next(held, latents)
    left, top = ((low + high) / 2 - side / 2).round().long().clamp(0, latents - side).tolist()
    return Window(top, left, side)


@dataclass
class IdentityLoss:
    """F * (1 - cos(R(x0_hat), f_a)): the decoder, the frozen recogniser R, and the detector that says F for pictures
    and the share of a whole one that they show."""

    vae: AutoencoderKL
    recogniser: Callable[[Tensor], Tensor]
    gate: Callable[[Tensor, float], Tensor]

    def __call__(self, estimate: Tensor, batch: Batch, windows: dict[int, Window]) -> tuple[Tensor, Tensor]:
        """(the mean over the batch, the share of faces found) of estimates x0_hat (B, C, h, w). Samples without a
        window count as 0.

        Only the window is decoded, one sample at a time, and its graph is gone before the next: the decoder's memory is
        that of one window. The gradient is handed on to `estimate` as if all had been one graph.
        """
        if not windows:
            return estimate.sum() * 0, estimate.new_zeros(())
        x0_hat = estimate.detach().requires_grad_()
        total, found = estimate.new_zeros(()), estimate.new_zeros(())
        for sample, window in windows.items():
            with torch.enable_grad():
                loss, face = self.sample_loss(x0_hat[sample], batch, sample, window)
                (loss * (GRADIENT_SCALE / len(estimate))).backward()
            total, found = total + loss.detach() / len(estimate), found + face / len(windows)
        assert x0_hat.grad is not None
        handed_on = (estimate * (x0_hat.grad / GRADIENT_SCALE)).sum()
        return handed_on - handed_on.detach() + total, found

    def sample_loss(self, x0_hat: Tensor, batch: Batch, sample: int, window: Window) -> tuple[Tensor, Tensor]:
        """(loss, F) of one sample's estimate (C, h, w)."""
        picture = decode(self.vae, window.cut(x0_hat))
        pixels = picture.shape[-1] / window.side
        face = self.gate(picture.detach(), window.side / x0_hat.shape[-1])[0]
        corner = batch.matrices.new_tensor([window.left, window.top]) * pixels
        matrix = batch.matrices[sample] - F.pad(corner[:, None], (2, 0))
        with torch.autocast(picture.device.type, enabled=False):
            embedding = self.recogniser(aligned(picture, matrix[None]))[0]
            return (1 - (embedding * batch.targets[sample]).sum()) * face, face


def losses(
    trainee: nn.Module,
    vision: ClipVision,
    schedule: Schedule,
    identity: IdentityLoss,
    batch: Batch,
    windows: dict[int, Window],
) -> dict[str, Tensor]:
    """The terms of the paper's loss, not yet weighted, and how often a face was found in the `windows`."""
    alpha, sigma = schedule.parts(batch.timesteps)
    z_t = alpha * batch.latents + sigma * batch.noise
    patches, classes = seen(vision, batch)
    prediction = trainee(z_t, batch.timesteps, batch.ids, patches, classes, batch.faces, batch.beta).float()
    identity_loss, found = identity(schedule.estimate(z_t, prediction, alpha, sigma), batch, windows)
    return {
        "noise": F.mse_loss(prediction, schedule.target(batch.latents, batch.noise, alpha, sigma)),
        "identity": identity_loss,
        "found": found.detach(),
    }
