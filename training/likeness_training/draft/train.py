"""Stage `finisher`: trains the finisher on pairs that are drawn meanwhile; resumable.

Losses: L1 (more where it is looked at), gradients, the coarse picture, a patch critic with matched features, and the
paper's identity loss F * 0.1 * (1 - cos(R(x0_hat), R(x0))), R in BGR order. F, the gate, is 1 for every sample: targets
are portraits that the face mesh is sure of, and the face is cut out where the target has it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from ..average import averaged
from ..data.tokenizer import END, SKS, id_of, load_tokenizer
from ..models.idadapter import References
from ..models.recogniser import Recogniser
from .adversarial import AdversarialTrainer, Pairs, differences, weighted_mean, write_picture
from .config import TinyConfig
from .finisher import CONDITION, PICTURE, Critic, Finisher
from .pairs import PairStream
from .people import People
from .view import five_of_masks, recogniser_view

ALONE = 0.1
"""Share of samples that are conditioned on nobody (beta 0)."""
BETAS = (0.00085, 0.0225)
"""Ends of the scaled-linear schedule of noise, as the manifest has it."""
TRAIN_TIMESTEPS = 1000
WINDOW_FROM = 24
"""Pixels: windows begin at least so far down; above there is hair at most."""
SHOWN = 12
"""Pairs on a sheet."""


def cumulative_alphas() -> Tensor:
    """(1000,): the share of the picture's variance that is left at each timestep."""
    first, last = (beta**0.5 for beta in BETAS)
    return (1 - torch.linspace(first, last, TRAIN_TIMESTEPS) ** 2).cumprod(0)


def levels(cumulative: Tensor, timesteps: Tensor) -> tuple[Tensor, Tensor]:
    """alpha and sigma (B, 1, 1, 1) of the picture and the noise in it."""
    at = cumulative[timesteps]
    return at.sqrt()[:, None, None, None], (1 - at).sqrt()[:, None, None, None]


def picture_losses(made: Tensor, target: Tensor, condition: Tensor) -> dict[str, Tensor]:
    """What compares pictures (B, 4, S, S). Unseen places and what is looked at first, lips, mouth, eyes, count more."""
    seen, face, lips, mouth, eyes = (condition[:, k : k + 1] for k in range(4, CONDITION))
    weight = 1 + 2 * face + 4 * lips + 8 * mouth + 5 * eyes + 16 * (1 - seen) ** 2
    mean = weight.mean()
    gap = (made - target).abs()
    across, down = (part.abs() for part in differences(made - target))
    gradient = weighted_mean(across, weight[..., 1:]) + weighted_mean(down, weight[..., 1:, :])
    return {
        "l1": weighted_mean(gap[:, :3], weight) / mean,
        "matte": gap[:, 3:].mean(),
        "gradient": gradient / mean,
        "coarse": (F.avg_pool2d(made, 4) - F.avg_pool2d(target, 4)).abs().mean(),
    }


def looked_at(condition: Tensor, scores: Tensor) -> Tensor:
    """How much each score counts (B, 1, h, w), 1 on average: most where the photo did not show what is painted, and in
    the mouth.
    """
    seen, mouth = condition[:, 4:5], condition[:, 7:8]
    painted = F.adaptive_avg_pool2d(0.1 + (1 - seen) + mouth, (scores.shape[2], scores.shape[3]))
    return painted / painted.mean()


def identity_loss(recogniser: Callable[[Tensor], Tensor], made: Tensor, target: Tensor, fives: np.ndarray) -> Tensor:
    """1 - cosine of the recogniser's embeddings; `fives` (B, 5, 2): where the face is in both pictures."""
    with torch.no_grad():
        wanted = recogniser(recogniser_view(target[:, :3], fives))
    read = recogniser(recogniser_view(made[:, :3], fives))
    return (1 - F.cosine_similarity(read, wanted)).mean()


def build_finisher(config: TinyConfig, tokenizer: Tokenizer) -> Finisher:
    """The finisher of a config with random weights."""
    return Finisher(config.model, id_of(tokenizer, SKS), id_of(tokenizer, END))


class Trainer(AdversarialTrainer):
    """The finisher, its critic, and where they stand. Pictures are uint8 until they are on the device."""

    name = "finisher"
    looked_at = staticmethod(looked_at)

    def __init__(self, config: TinyConfig, pairs: Callable[[int], Pairs] | None = None) -> None:
        """`pairs` makes the stream of a seed; the drawing code where it is not given."""
        torch.manual_seed(0)
        paths = config.paths
        self.config, self.settings = config, config.training
        tokenizer = load_tokenizer(paths.tokenizer)
        networks = build_finisher(config, tokenizer), Critic()
        device = config.device, config.device_settings(config.training)
        super().__init__(networks, config.training, device, (paths.checkpoint, paths.weights))
        self.recogniser = Recogniser(paths.face_models / "fr_feature.onnx").to(self.device)
        length = config.model.text.max_position_embeddings
        self.people = People(paths.work, self.recogniser, tokenizer, length)
        self.cumulative = cumulative_alphas().to(self.device)
        self.pairs = (pairs or self.stream)(self.samples + 1)
        self.sheet_batch: tuple[np.ndarray, Tensor, References] | None = None

    @property
    def finisher(self) -> Finisher:
        assert isinstance(self.network, Finisher)
        return self.network

    def stream(self, seed: int) -> PairStream:
        size = self.config.model.size
        settings = self.config.device_settings(self.settings)
        return PairStream(self.config.paths.work, "draft-pairs", (CONDITION + PICTURE, size, size), seed, settings)

    def pictures(self, pixels: np.ndarray) -> tuple[Tensor, Tensor]:
        """(condition (B, 9, S, S) 0..1, target (B, 4, S, S) -1..1) on the device, of pairs (B, 13, S, S) uint8."""
        given = torch.from_numpy(pixels).to(self.device, non_blocking=True)
        condition = given[:, :CONDITION].float().div_(255).contiguous(memory_format=torch.channels_last)
        return condition, given[:, CONDITION:].float().div_(127.5).sub_(1)

    def step(self) -> dict[str, Tensor]:
        """One batch; the losses by name, not yet weighted."""
        pixels, rows = self.pairs.take(self.source, self.batch)
        whole = (self.samples // self.batch) % self.settings.whole_every == 0
        condition, target = self.pictures(pixels if whole else self.window(pixels))
        timesteps = torch.from_numpy(self.source.choice(self.settings.timesteps, self.batch)).to(self.device)
        alpha, sigma = levels(self.cumulative, timesteps)
        noise = torch.randn(target.shape, generator=self.noise, device=self.device)
        ids = self.people.captions(rows, self.source).to(self.device)
        references = self.people.references(rows, self.source).to(self.device)
        beta = torch.from_numpy((self.source.random(self.batch) > ALONE).astype(np.float32)).to(self.device)
        with self.autocast():
            made = self.finisher(alpha * target + sigma * noise, condition, timesteps, ids, references, beta)
        losses = self.losses(made.float(), target, condition, whole)
        self.learn(losses, self.settings.weights)
        losses |= self.teach_critic(made.detach().float(), target, condition)
        self.count()
        return {name: value.detach() for name, value in losses.items()}

    def window(self, pixels: np.ndarray) -> np.ndarray:
        """The same square of every picture, around the face: most of what there is to paint, at a part of the cost."""
        side, size = self.settings.window, pixels.shape[-1]
        top, left = self.source.integers(0, size - side + 1, 2)
        top = int(np.clip(top, WINDOW_FROM, size - side))
        return np.ascontiguousarray(pixels[:, :, top : top + side, left : left + side])

    def losses(self, made: Tensor, target: Tensor, condition: Tensor, whole: bool) -> dict[str, Tensor]:
        """The terms that the finisher is taught by in this step."""
        losses = picture_losses(made, target, condition) | self.critics_terms(made, target, condition)
        if whole:
            losses["identity"] = identity_loss(self.recogniser, made, target, five_of_masks(condition).cpu().numpy())
        return losses

    def run(self, minutes: float | None = None) -> None:
        """Train for so many minutes, or to the config's samples where none are given."""
        self.train(self.config.paths.work / "finisher.jsonl", minutes, self.pairs)

    @torch.no_grad()
    def answers(self, condition: Tensor, ids: Tensor, references: References) -> list[Tensor]:
        """Pictures (B, 4, S, S) after each of the few steps, as the bot takes them."""
        count = len(condition)
        noise = torch.randn((count, PICTURE, *condition.shape[2:]), generator=torch.Generator().manual_seed(0)).to(
            condition
        )
        latents, answers = noise, []
        for place, timestep in enumerate(self.settings.timesteps):
            times = torch.full((count,), timestep, device=self.device)
            with self.autocast():
                made = self.finisher(latents, condition, times, ids, references, torch.ones(count, device=self.device))
            answers.append(made.float())
            if place + 1 < len(self.settings.timesteps):
                following = torch.full((count,), self.settings.timesteps[place + 1], device=self.device)
                alpha, sigma = levels(self.cumulative, following)
                latents = alpha * answers[-1] + sigma * noise
        return answers

    def sheet(self) -> None:
        """`sheet.png`: draft, answers, target of a few pairs that stay the same. Holds training people."""
        if self.sheet_batch is None:
            source = np.random.default_rng(1)
            pixels, rows = self.pairs.take(source, SHOWN)
            ids, references = self.people.captions(rows, source), self.people.references(rows, source)
            self.sheet_batch = pixels, ids.to(self.device), references.to(self.device)
        pixels, ids, references = self.sheet_batch
        condition, target = self.pictures(pixels)
        with averaged(self.finisher, self.average):
            columns = [condition * 2 - 1, *self.answers(condition, ids, references), target]
        lines = torch.cat([column[:, :3] for column in columns], 3)
        halves = [torch.cat(list(half), 1) for half in lines.chunk(2)]
        write_picture(self.config.paths.work / "sheet.png", torch.cat(halves, 2))
