"""Stage `mouth_refiner`: trains the mouth refiner on pairs that are drawn meanwhile; resumable.

Losses: L1, most in the mouth, then on the lips; gradients; the coarse picture; a patch critic with matched features.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..average import averaged
from .adversarial import AdversarialTrainer, Pairs, differences, weighted_mean, write_picture
from .config import TinyConfig
from .mouth_refiner import CONDITION, HEIGHT, LIPS, MOUTH, OWN, PICTURE, WIDTH, MouthCritic, MouthRefiner
from .pairs import PairStream

SHOWN = 48
"""Pairs on a sheet."""
NEAR = 13
"""Pixels: what lies within half of this of lips or mouth is looked at."""


def picture_losses(made: Tensor, target: Tensor, condition: Tensor) -> dict[str, Tensor]:
    """What compares pictures (B, 3, H, W), 0..1. The mouth counts most, then lips."""
    weight = 1 + 4 * condition[:, LIPS : LIPS + 1] + 8 * condition[:, MOUTH : MOUTH + 1]
    mean = weight.mean()
    gap = 2 * (made - target)
    across, down = (part.abs() for part in differences(gap))
    gradient = weighted_mean(across, weight[..., 1:]) + weighted_mean(down, weight[..., 1:, :])
    return {
        "l1": weighted_mean(gap.abs(), weight) / mean,
        "gradient": gradient / mean,
        "coarse": F.avg_pool2d(gap, 4).abs().mean(),
    }


def looked_at(condition: Tensor, scores: Tensor) -> Tensor:
    """How much each score counts (B, 1, h, w), 1 on average: most in the mouth, then around it."""
    mouth = condition[:, MOUTH : MOUTH + 1]
    near = F.max_pool2d(torch.maximum(condition[:, LIPS : LIPS + 1], mouth), NEAR, 1, NEAR // 2)
    part = F.adaptive_avg_pool2d(0.1 + near + mouth, (scores.shape[2], scores.shape[3]))
    return part / part.mean()


class MouthTrainer(AdversarialTrainer):
    """The mouth refiner, its critic, and where they stand."""

    name = "mouth_refiner"
    looked_at = staticmethod(looked_at)

    def __init__(self, config: TinyConfig, pairs: Callable[[int], Pairs] | None = None) -> None:
        """`pairs` makes the stream of a seed; the drawing code where it is not given."""
        torch.manual_seed(0)
        paths, settings = config.paths, config.mouth
        self.work, self.settings = paths.work, settings
        networks = MouthRefiner(settings.widths, settings.blocks), MouthCritic()
        device = config.device, config.device_settings(settings)
        super().__init__(networks, settings, device, (paths.mouth_checkpoint, paths.mouth_weights))
        shape = (CONDITION + PICTURE, HEIGHT, WIDTH)
        stream = pairs or (lambda seed: PairStream(paths.work, "mouth-pairs", shape, seed, device[1]))
        self.pairs = stream(self.samples + 1)
        self.shown: np.ndarray | None = None

    def pictures(self, pixels: np.ndarray) -> tuple[Tensor, Tensor]:
        """(condition (B, 8, H, W), target (B, 3, H, W)), 0..1, on the device, of pairs (B, 11, H, W) uint8."""
        given = torch.from_numpy(pixels).to(self.device, non_blocking=True).float().div_(255)
        return given[:, :CONDITION].contiguous(memory_format=torch.channels_last), given[:, CONDITION:]

    def step(self) -> dict[str, Tensor]:
        """One batch; the losses by name, not yet weighted."""
        pixels, _ = self.pairs.take(self.source, self.batch)
        condition, target = self.pictures(pixels)
        with self.autocast():
            made = self.network(condition)
        made = made.float()
        losses = picture_losses(made, target, condition) | self.critics_terms(made, target, condition)
        self.learn(losses, self.settings.weights)
        losses |= self.teach_critic(made.detach(), target, condition)
        self.count()
        return {name: value.detach() for name, value in losses.items()}

    def run(self, minutes: float | None = None) -> None:
        """Train for so many minutes, or to the config's samples where none are given."""
        self.train(self.work / "mouth_refiner.jsonl", minutes, self.pairs)

    @torch.no_grad()
    def sheet(self) -> None:
        """`mouths.png`: photo, draft, answer, target of a few pairs that stay the same. Holds training people."""
        if self.shown is None:
            self.shown, _ = self.pairs.take(np.random.default_rng(1), SHOWN)
        condition, target = self.pictures(self.shown)
        with averaged(self.network, self.average):
            made = self.network(condition)
        lines = torch.cat([condition[:, OWN:], condition[:, :PICTURE], made, target], 3)
        columns = [torch.cat(list(part), 1) for part in lines.chunk(4)]
        write_picture(self.work / "mouths.png", torch.cat(columns, 2) * 2 - 1)
