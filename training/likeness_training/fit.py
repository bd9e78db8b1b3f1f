"""The training loop that every stage shares: steps, a log of their losses, checkpoints in between and at SIGTERM."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from .progress import Progress


class Training(Protocol):
    """What `fit` trains."""

    @property
    def samples(self) -> int:
        """How many it has seen, those of former runs with them."""
        ...

    def step(self) -> dict[str, Tensor]:
        """One batch; the terms of its loss, detached."""
        ...


@dataclass(frozen=True)
class Task:
    """Work between two steps: whenever another `samples` were seen or `seconds` went by, and once at the end."""

    run: Callable[[], None]
    samples: int | None = None
    seconds: float | None = None


@dataclass(frozen=True)
class Course:
    """How a training goes: until `samples` were seen or, where they are given, for so many `minutes`.

    `save` writes the checkpoint that a later run goes on from; `watch` is what the training is looked at by.
    """

    samples: int
    save: Task
    watch: tuple[Task, ...] = ()
    minutes: float | None = None


class Due:
    """A task, and when it was done last."""

    def __init__(self, task: Task, samples: int) -> None:
        self.task, self.samples, self.time = task, samples, time.monotonic()

    def is_due(self, samples: int) -> bool:
        every, seconds = self.task.samples, self.task.seconds
        crossed = every is not None and samples // every != self.samples // every
        return crossed or (seconds is not None and time.monotonic() - self.time >= seconds)

    def do(self, samples: int) -> None:
        """At most once for a number of samples."""
        if samples != self.samples:
            self.task.run()
            self.samples, self.time = samples, time.monotonic()


class StopSignal:
    """`with StopSignal() as stop:` SIGTERM sets `stop.asked`, and does not end the process."""

    def __enter__(self) -> StopSignal:
        self.asked = False
        self.former = signal.signal(signal.SIGTERM, self.ask)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGTERM, self.former)

    def ask(self, *_: object) -> None:
        self.asked = True


def fit(training: Training, course: Course, progress: Progress | None = None) -> bool:
    """Train to the end of the course. SIGTERM ends it after the step in hand, which is saved; True then."""
    begun = time.monotonic()
    save, *watch = (Due(task, training.samples) for task in (course.save, *course.watch))

    def ended() -> bool:
        if course.minutes is None:
            return training.samples >= course.samples
        return time.monotonic() - begun >= course.minutes * 60

    with StopSignal() as stop:
        while not stop.asked and not ended():
            before = training.samples
            terms = training.step()
            if progress is not None:
                progress.add(training.samples - before, **terms)
            for due in (save, *watch):
                if due.is_due(training.samples) and not stop.asked:
                    due.do(training.samples)
        for due in (save,) if stop.asked else (save, *watch):
            due.do(training.samples)
    return stop.asked


def save_whole(path: Path, state: dict[str, Any]) -> None:
    """torch.save beside the file, then into its place: a run ended in the middle of it keeps the former one."""
    beside = path.with_suffix(".new")
    torch.save(state, beside)
    beside.replace(path)
