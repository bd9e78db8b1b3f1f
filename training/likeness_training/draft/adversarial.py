"""Training a network against a patch critic: what the finisher and the mouth refiner share. Resumable."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeVar

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..average import Average
from ..fit import Course, Task, fit, save_whole
from ..progress import Progress
from .config import AdversarialSettings, DeviceSettings
from .weights import load_committed

AVERAGE_LAG = 20
"""Steps after which the averaged weights follow half as closely as at first."""
LINE_SECONDS = 30

Network = TypeVar("Network", bound=nn.Module)
Looks = Callable[[Tensor, Tensor], Tensor]
"""Of the condition and a critic's scores: how much each score counts (B, 1, h, w), 1 on average."""


class Pairs(Protocol):
    """Where batches come from: `PairStream`, or fixed pairs in tests."""

    drawn: int

    def take(self, source: np.random.Generator, batch: int) -> tuple[np.ndarray, np.ndarray]: ...

    def close(self) -> None: ...


def differences(x: Tensor) -> tuple[Tensor, Tensor]:
    """Of neighbours, across and down."""
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def weighted_mean(values: Tensor, weight: Tensor) -> Tensor:
    return (weight * values).mean()


class AdversarialTrainer:
    """A network, its critic, and where they stand. Both critics' `forward` take a picture and its condition and answer
    scores and maps.
    """

    name: str
    """Of the network in the checkpoint, and of the log."""
    looked_at: Looks

    def __init__(
        self,
        networks: tuple[nn.Module, nn.Module],
        settings: AdversarialSettings,
        device: tuple[str, DeviceSettings],
        files: tuple[Path, Path],
    ) -> None:
        """`networks`: the one that is trained and its critic. `files`: checkpoint and committed weights."""
        torch.set_num_threads(device[1].threads)
        self.learning, self.checkpoint, self.weights = settings, *files
        self.device, self.batch = torch.device(device[0]), device[1].batch
        self.network, self.critic = (self.placed(network) for network in networks)
        self.optimiser, self.critics_optimiser = (
            torch.optim.Adam(module.parameters(), rate, betas=(0.5, 0.99))
            for module, rate in ((self.network, settings.rate), (self.critic, settings.critic_rate))
        )
        self.noise = torch.Generator(self.device).manual_seed(0)
        self.samples = 0
        self.average = Average(self.network.state_dict(), settings.average, AVERAGE_LAG)
        self.source = np.random.default_rng(0)
        self.load()

    def placed(self, module: Network) -> Network:
        return module.to(self.device).to(memory_format=torch.channels_last)

    def parts(self) -> dict[str, nn.Module | torch.optim.Optimizer]:
        parts = {self.name: self.network, "critic": self.critic}
        return {**parts, "optimiser": self.optimiser, "critics_optimiser": self.critics_optimiser}

    def load(self) -> None:
        """The checkpoint; the committed weights where there is none; else training begins from nothing."""
        if self.checkpoint.is_file():
            state = torch.load(self.checkpoint, map_location=self.device, weights_only=False)
            for name, part in self.parts().items():
                part.load_state_dict(state[name])
            self.set_rates()
            self.average.values, self.samples = state["average"], state["samples"]
        elif self.weights.is_file():
            network, critic, self.samples = load_committed(self.weights, self.name)
            self.network.load_state_dict(network)
            self.critic.load_state_dict(critic)
            self.average = Average(self.network.state_dict(), self.learning.average, AVERAGE_LAG)
            state = {}
        else:
            return
        self.source = np.random.default_rng(self.samples)
        self.noise.manual_seed(self.samples)
        if state.get("device") == self.device.type:
            self.source.bit_generator.state = state["source"]
            self.noise.set_state(state["noise"].cpu())
        print(f"{self.name}: goes on at {self.samples} samples", flush=True)

    def set_rates(self) -> None:
        """A checkpoint brings its own; the config's count."""
        for optimiser, rate in (
            (self.optimiser, self.learning.rate),
            (self.critics_optimiser, self.learning.critic_rate),
        ):
            for group in optimiser.param_groups:
                group["lr"] = rate

    def save(self) -> None:
        """The checkpoint."""
        state = {name: part.state_dict() for name, part in self.parts().items()}
        state |= {"average": self.average.values, "samples": self.samples, "device": self.device.type}
        state |= {"source": self.source.bit_generator.state, "noise": self.noise.get_state()}
        save_whole(self.checkpoint, state)

    def autocast(self) -> AbstractContextManager:
        """bf16 on a GPU, fp32 on a CPU."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda")

    def judged(self, picture: Tensor, condition: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The critic's scores and maps in fp32."""
        with self.autocast():
            scores, maps = self.critic(picture, condition)
        return scores.float(), [each.float() for each in maps]

    @property
    def has_critic(self) -> bool:
        """Whether as many samples were seen as the network has for itself."""
        return self.samples >= self.learning.critic_from

    def critics_terms(self, made: Tensor, target: Tensor, condition: Tensor) -> dict[str, Tensor]:
        """What the critic says of pictures that were made; nothing before it sets in."""
        if not self.has_critic:
            return {}
        scores, maps = self.judged(made, condition)
        with torch.no_grad():
            _, real = self.judged(target, condition)
        rising = min(1.0, (self.samples - self.learning.critic_from) / self.learning.critic_rise)
        gaps = [(a - b).abs().mean() for a, b in zip(maps, real, strict=True)]
        deceive = -(type(self).looked_at(condition, scores) * scores).mean()
        return {"deceive": deceive * rising, "match": torch.stack(gaps).sum() * rising}

    def learn(self, losses: dict[str, Tensor], weights: object) -> None:
        """A step of the network down the weighted sum; `weights` has a factor for each name."""
        loss = torch.stack([getattr(weights, name) * value for name, value in losses.items()]).sum()
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()

    def teach_critic(self, made: Tensor, target: Tensor, condition: Tensor) -> dict[str, Tensor]:
        """A step of the critic; its loss, or nothing before it sets in."""
        if not self.has_critic:
            return {}
        real, _ = self.judged(target, condition)
        fake, _ = self.judged(made, condition)
        hinge = (type(self).looked_at(condition, real) * (F.relu(1 - real) + F.relu(1 + fake))).mean()
        self.critics_optimiser.zero_grad()
        hinge.backward()
        self.critics_optimiser.step()
        return {"critic": hinge}

    def count(self) -> None:
        """The batch was seen."""
        self.samples += self.batch
        self.average.update(self.network.state_dict(), self.samples // self.batch)

    def step(self) -> dict[str, Tensor]:
        """One batch; the losses by name, not yet weighted."""
        raise NotImplementedError

    def sheet(self) -> None:
        """A picture of a few pairs that stay the same. Holds training people."""
        raise NotImplementedError

    def train(self, log: Path, minutes: float | None, pairs: Pairs) -> None:
        """Train for so many minutes, or to the config's samples where none are given."""
        settings = self.learning
        progress = Progress(self.name, settings.samples, log, LINE_SECONDS, self.samples)
        save, sheet = Task(self.save, seconds=settings.save_seconds), Task(self.sheet, seconds=settings.sheet_seconds)
        fit(self, Course(settings.samples, save, (sheet,), minutes), progress)
        pairs.close()


def write_picture(path: Path, picture: Tensor) -> None:
    """A picture (3, H, W), RGB, -1..1, to a file."""
    pixels = ((picture.permute(1, 2, 0).clamp(-1, 1) + 1) * 127.5).cpu().numpy().astype(np.uint8)
    cv2.imwrite(str(path), cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))
