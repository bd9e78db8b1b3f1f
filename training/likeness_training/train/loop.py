"""What every training loop shares: checkpoints, averaged weights, the learning rate, sample sheets."""

from __future__ import annotations

import math
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from ..config import Config
from ..progress import Progress


def prepare_torch(config: Config) -> torch.Generator:
    """Threads and seed of the file; the generator of everything the loop draws."""
    torch.set_num_threads(config.get("threads", len(os.sched_getaffinity(0))))
    torch.manual_seed(config.get("seed", 0))
    return torch.Generator().manual_seed(config.get("seed", 0))


class Average:
    """Exponential moving average of a module's trained parameters (EMA); what is frozen stays as it was."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {name: value.detach().clone() for name, value in module.state_dict().items()}
        self.steps = 0

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        pairs = [(self.values[name], value) for name, value in module.named_parameters() if value.requires_grad]
        torch._foreach_lerp_([kept for kept, _ in pairs], [value for _, value in pairs], 1 - decay)

    def state_dict(self) -> dict:
        return {"values": self.values, "steps": self.steps}

    def load_state_dict(self, state: dict) -> None:
        self.values, self.steps = state["values"], state["steps"]


class Swapped:
    """`with Swapped(module, average):` runs the module with its averaged weights."""

    def __init__(self, module: nn.Module, average: Average) -> None:
        self.module, self.average = module, average

    def __enter__(self) -> nn.Module:
        self.kept = {name: value.clone() for name, value in self.module.state_dict().items()}
        self.module.load_state_dict(self.average.values)
        return self.module.eval()

    def __exit__(self, *_: object) -> None:
        self.module.load_state_dict(self.kept)
        self.module.train()


def learning_rate(config: Config, done: int) -> float:
    """Linear warm-up over `warmup` samples, then a cosine from `lr` to `lr_end` at `samples`."""
    peak, end, warmup, total = (
        config["lr"],
        config.get("lr_end", config["lr"] * 0.05),
        config.get("warmup", 0),
        config["samples"],
    )
    if done < warmup:
        return peak * (done + 1) / warmup
    share = min(1.0, (done - warmup) / max(1, total - warmup))
    return end + (peak - end) * 0.5 * (1 + math.cos(math.pi * share))


class Run:
    """One stage's run: its folder, checkpoint, log and progress. Resumes where the last checkpoint was written."""

    def __init__(self, config: Config, name: str, parts: dict[str, Any]) -> None:
        self.config, self.name, self.parts = config, name, parts
        self.folder = config.work / config.get("name", name)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.checkpoint = self.folder / "checkpoint.pt"
        self.done = 0
        self.saved = time.monotonic()
        self.asked_to_stop = False
        signal.signal(signal.SIGTERM, self.ask_to_stop)
        if self.checkpoint.is_file():
            self.load()
        self.progress = Progress(
            name, config["samples"], self.folder / "log.jsonl", config.get("log_seconds", 15), self.done
        )

    def load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=False)
        for key, part in self.parts.items():
            if isinstance(part, torch.Generator):
                part.set_state(state[key])
            else:
                part.load_state_dict(state[key])
            if isinstance(part, torch.optim.Optimizer):
                for group in part.param_groups:
                    group["fused"] = True
        torch.set_rng_state(state["rng"])
        self.done = state["done"]
        print(f"{self.name}: resumed at {self.done} samples")

    def ask_to_stop(self, *_: object) -> None:
        """SIGTERM: the step in hand is finished and saved."""
        self.asked_to_stop = True

    def save(self) -> None:
        """Written beside and moved into place: a run ended in the middle of it keeps the former one."""
        state = {
            key: part.get_state() if isinstance(part, torch.Generator) else part.state_dict()
            for key, part in self.parts.items()
        }
        beside = self.checkpoint.with_suffix(".new")
        torch.save({**state, "rng": torch.get_rng_state(), "done": self.done}, beside)
        beside.replace(self.checkpoint)
        self.saved = time.monotonic()

    def set_rate(self, optimizer: torch.optim.Optimizer) -> None:
        rate = learning_rate(self.config, self.done)
        for group in optimizer.param_groups:
            group["lr"] = rate * group.get("factor", 1.0)

    def step(self, count: int, **losses: float) -> None:
        """Count samples, print, and save every `save_seconds`."""
        self.done += count
        self.progress.add(count, **losses)
        if self.asked_to_stop or time.monotonic() - self.saved > self.config.get("save_seconds", 180):
            self.save()
        if self.asked_to_stop:
            sys.exit(f"{self.name}: stopped at {self.done} samples, saved")

    def crossed(self, every: int, count: int) -> bool:
        """True in the step that passes a multiple of `every` samples."""
        return self.done // every != (self.done - count) // every

    def log(self, **values: object) -> None:
        self.progress.write(samples=self.done, **values)
        print(
            f"{self.name} {self.done}: "
            + " ".join(
                f"{key} {value:.4g}" if isinstance(value, float) else f"{key} {value}" for key, value in values.items()
            ),
            flush=True,
        )


def sheet(path: Path, rows: list[Tensor], limit: int = 16) -> None:
    """A sample sheet: each entry a row of pictures (B, 3, H, W) in -1..1. Holds training people: never committed."""
    lines = [np.hstack(list(to_pixels(row[:limit]))) for row in rows]
    cv2.imwrite(str(path), cv2.cvtColor(np.vstack(lines), cv2.COLOR_RGB2BGR))


def to_pixels(pictures: Tensor) -> np.ndarray:
    """(B, H, W, 3) uint8 of pictures in -1..1."""
    return ((pictures.detach().clamp(-1, 1) + 1) * 127.5).round().byte().permute(0, 2, 3, 1).contiguous().numpy()


def to_pictures(pixels: np.ndarray) -> Tensor:
    """(B, 3, H, W) float in -1..1, channels last, of uint8 pixels (B, H, W, 3)."""
    return (torch.from_numpy(np.ascontiguousarray(pixels)).permute(0, 3, 1, 2).float() / 127.5 - 1).contiguous(
        memory_format=torch.channels_last
    )
