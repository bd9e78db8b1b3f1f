"""Stage `finisher`: trains the finisher on pairs that are drawn meanwhile; resumable.

Losses: L1 (more where it is looked at), gradients, the coarse picture, a patch critic with matched features, and the
paper's identity loss F * 0.1 * (1 - cos(R(x0_hat), R(x0))), R in BGR order. F, the gate, is 1 for every sample: targets
are portraits that the face mesh is sure of, and the face is cut out where the target has it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from ..average import Average, averaged
from ..data.tokenizer import END, SKS, id_of, load_tokenizer
from ..fit import Course, Task, fit, save_whole
from ..models.idadapter import References
from ..models.recogniser import Recogniser
from ..progress import Progress
from .config import TinyConfig
from .finisher import CONDITION, PICTURE, Critic, Finisher
from .pairs import PairStream
from .people import People
from .view import five_of_masks, recogniser_view
from .weights import load_committed

ALONE = 0.1
"""Share of samples that are conditioned on nobody (beta 0)."""
BETAS = (0.00085, 0.0225)
"""Ends of the scaled-linear schedule of noise, as the manifest has it."""
TRAIN_TIMESTEPS = 1000
RISE = 4000
"""Samples in which the critic's terms rise to their full weight."""
AVERAGE_LAG = 20
"""Steps after which the averaged weights follow half as closely as at first."""
WINDOW_FROM = 24
"""Pixels: windows begin at least so far down; above there is hair at most."""
LINE_SECONDS = 30
SHOWN = 12
"""Pairs on a sheet."""


Network = TypeVar("Network", bound=nn.Module)


class Pairs(Protocol):
    """Where batches come from: `PairStream`, or fixed pairs in tests."""

    drawn: int

    def take(self, source: np.random.Generator, batch: int) -> tuple[np.ndarray, np.ndarray]: ...

    def close(self) -> None: ...


def cumulative_alphas() -> Tensor:
    """(1000,): the share of the picture's variance that is left at each timestep."""
    first, last = (beta**0.5 for beta in BETAS)
    return (1 - torch.linspace(first, last, TRAIN_TIMESTEPS) ** 2).cumprod(0)


def levels(cumulative: Tensor, timesteps: Tensor) -> tuple[Tensor, Tensor]:
    """alpha and sigma (B, 1, 1, 1) of the picture and the noise in it."""
    at = cumulative[timesteps]
    return at.sqrt()[:, None, None, None], (1 - at).sqrt()[:, None, None, None]


def differences(x: Tensor) -> tuple[Tensor, Tensor]:
    """Of neighbours, across and down."""
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def weighted_mean(values: Tensor, weight: Tensor) -> Tensor:
    return (weight * values).mean()


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


class Trainer:
    """The finisher, its critic, and where they stand. Pictures are uint8 until they are on the device."""

    def __init__(self, config: TinyConfig, pairs: Callable[[int], Pairs] | None = None) -> None:
        """`pairs` makes the stream of a seed; the drawing code where it is not given."""
        torch.manual_seed(0)
        torch.set_num_threads(config.device_settings.threads)
        self.config, self.settings, self.work = config, config.training, config.paths.work
        self.device, self.batch = torch.device(config.device), config.device_settings.batch
        tokenizer = load_tokenizer(config.paths.tokenizer)
        self.finisher = self.placed(build_finisher(config, tokenizer))
        self.critic = self.placed(Critic())
        self.optimiser, self.critics_optimiser = (
            torch.optim.Adam(module.parameters(), rate, betas=(0.5, 0.99))
            for module, rate in ((self.finisher, self.settings.rate), (self.critic, self.settings.critic_rate))
        )
        self.recogniser = Recogniser(config.paths.face_models / "fr_feature.onnx").to(self.device)
        length = config.model.text.max_position_embeddings
        self.people = People(self.work, self.recogniser, tokenizer, length)
        self.cumulative = cumulative_alphas().to(self.device)
        self.noise = torch.Generator(self.device).manual_seed(0)
        self.samples = 0
        self.average = Average(self.finisher.state_dict(), self.settings.average, AVERAGE_LAG)
        self.source = np.random.default_rng(0)
        self.load()
        self.pairs = (pairs or self.stream)(self.samples + 1)
        self.sheet_batch: tuple[np.ndarray, Tensor, References] | None = None

    def placed(self, module: Network) -> Network:
        return module.to(self.device).to(memory_format=torch.channels_last)

    def stream(self, seed: int) -> PairStream:
        settings = self.config.device_settings
        return PairStream(self.work, self.config.model.size, seed, settings.reservoir, settings.drawers)

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        names = ("finisher", "critic", "optimiser", "critics_optimiser")
        return {name: getattr(self, name) for name in names}

    def load(self) -> None:
        """The checkpoint; the committed weights where there is none; else training begins from nothing."""
        path = self.config.paths.checkpoint
        if path.is_file():
            state = torch.load(path, map_location=self.device, weights_only=False)
            for name, part in self.parts().items():
                part.load_state_dict(state[name])
            self.set_rates()
            self.average.values, self.samples = state["average"], state["samples"]
        elif self.config.paths.weights.is_file():
            finisher, critic, self.samples = load_committed(self.config.paths.weights)
            self.finisher.load_state_dict(finisher)
            self.critic.load_state_dict(critic)
            self.average = Average(self.finisher.state_dict(), self.settings.average, AVERAGE_LAG)
            state = {}
        else:
            return
        self.source = np.random.default_rng(self.samples)
        self.noise.manual_seed(self.samples)
        if state.get("device") == self.device.type:
            self.source.bit_generator.state = state["source"]
            self.noise.set_state(state["noise"].cpu())
        print(f"finisher: goes on at {self.samples} samples", flush=True)

    def set_rates(self) -> None:
        """A checkpoint brings its own; the config's count."""
        rates = (self.optimiser, self.settings.rate), (self.critics_optimiser, self.settings.critic_rate)
        for optimiser, rate in rates:
            for group in optimiser.param_groups:
                group["lr"] = rate

    def save(self) -> None:
        """The checkpoint."""
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"average": self.average.values, "samples": self.samples, "device": self.device.type}
        state |= {"source": self.source.bit_generator.state, "noise": self.noise.get_state()}
        save_whole(self.config.paths.checkpoint, state)

    def autocast(self) -> AbstractContextManager:
        """bf16 on a GPU, fp32 on a CPU."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    def pictures(self, pixels: np.ndarray) -> tuple[Tensor, Tensor]:
        """(condition (B, 9, S, S) 0..1, target (B, 4, S, S) -1..1) on the device, of pairs (B, 13, S, S) uint8."""
        given = torch.from_numpy(pixels).to(self.device, non_blocking=True)
        condition = given[:, :CONDITION].float().div_(255).contiguous(memory_format=torch.channels_last)
        return condition, given[:, CONDITION:].float().div_(127.5).sub_(1)

    def judged(self, picture: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The critic's scores and maps in fp32."""
        with self.autocast():
            scores, maps = self.critic(picture, condition)
        return scores.float(), [each.float() for each in maps]

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
        loss = torch.stack([getattr(self.settings.weights, name) * value for name, value in losses.items()]).sum()
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.finisher.parameters(), 1.0)
        self.optimiser.step()
        if self.samples >= self.settings.critic_from:
            losses["critic"] = self.teach_critic(made.detach().float(), target, condition)
        self.samples += self.batch
        self.average.update(self.finisher.state_dict(), self.samples // self.batch)
        return {name: value.detach() for name, value in losses.items()}

    def window(self, pixels: np.ndarray) -> np.ndarray:
        """The same square of every picture, around the face: most of what there is to paint, at a part of the cost."""
        side, size = self.settings.window, pixels.shape[-1]
        top, left = self.source.integers(0, size - side + 1, 2)
        top = int(np.clip(top, WINDOW_FROM, size - side))
        return np.ascontiguousarray(pixels[:, :, top : top + side, left : left + side])

    def losses(self, made: Tensor, target: Tensor, condition: Tensor, whole: bool) -> dict[str, Tensor]:
        """The terms that the finisher is taught by in this step."""
        losses = picture_losses(made, target, condition)
        if self.samples >= self.settings.critic_from:
            scores, maps = self.judged(made, condition)
            with torch.no_grad():
                _, real = self.judged(target, condition)
            rising = min(1.0, (self.samples - self.settings.critic_from) / RISE)
            losses["deceive"] = -(looked_at(condition, scores) * scores).mean() * rising
            gaps = [(a - b).abs().mean() for a, b in zip(maps, real, strict=True)]
            losses["match"] = torch.stack(gaps).sum() * rising
        if whole:
            losses["identity"] = identity_loss(self.recogniser, made, target, five_of_masks(condition).cpu().numpy())
        return losses

    def teach_critic(self, made: Tensor, target: Tensor, condition: Tensor) -> Tensor:
        real, _ = self.judged(target, condition)
        fake, _ = self.judged(made, condition)
        hinge = (looked_at(condition, real) * (F.relu(1 - real) + F.relu(1 + fake))).mean()
        self.critics_optimiser.zero_grad()
        hinge.backward()
        self.critics_optimiser.step()
        return hinge

    def run(self, minutes: float | None = None) -> None:
        """Train for so many minutes, or to the config's samples where none are given."""
        settings = self.settings
        log = self.work / "finisher.jsonl"
        progress = Progress("finisher", settings.samples, log, LINE_SECONDS, self.samples)
        save, sheet = Task(self.save, seconds=settings.save_seconds), Task(self.sheet, seconds=settings.sheet_seconds)
        fit(self, Course(settings.samples, save, (sheet,), minutes), progress)
        self.pairs.close()

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
        write_picture(self.work / "sheet.png", torch.cat(halves, 2))


def write_picture(path: Path, picture: Tensor) -> None:
    """A picture (3, H, W), RGB, -1..1, to a file."""
    pixels = ((picture.permute(1, 2, 0).clamp(-1, 1) + 1) * 127.5).cpu().numpy().astype(np.uint8)
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
