"""The loop that every training shares: when it saves and looks, when it ends, and what is averaged and drawn ahead."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path

import pytest
import torch
from torch import Tensor

from likeness_training.average import Average, averaged
from likeness_training.fit import Course, Task, fit, save_whole
from likeness_training.progress import Progress
from likeness_training.train.prefetch import Prefetch


class Counting:
    """Two samples a step; notes what is asked of it."""

    def __init__(self, samples: int = 0, stop_at: int = -1) -> None:
        self.samples, self.stop_at, self.notes = samples, stop_at, list[str]()

    def step(self) -> dict[str, Tensor]:
        self.samples += 2
        if self.samples == self.stop_at:
            os.kill(os.getpid(), signal.SIGTERM)
        return {"loss": torch.tensor(float(self.samples))}

    def note(self, what: str) -> Task:
        return Task(lambda: self.notes.append(f"{what} {self.samples}"), samples={"save": 6, "look": 4}[what])


def course(training: Counting, samples: int) -> Course:
    return Course(samples, training.note("save"), (training.note("look"),))


def test_it_saves_and_looks_when_due_and_once_at_the_end() -> None:
    training = Counting()
    assert not fit(training, course(training, 12))
    assert training.notes == ["look 4", "save 6", "look 8", "save 12", "look 12"]
    training = Counting()
    fit(training, course(training, 10))
    assert training.notes[-2:] == ["look 8", "save 10"] or training.notes[-2:] == ["save 10", "look 10"]


def test_nothing_is_done_where_all_samples_were_seen() -> None:
    training = Counting(samples=12)
    assert not fit(training, course(training, 12))
    assert training.samples == 12 and training.notes == []


def test_sigterm_is_saved_not_looked_at_and_handed_back() -> None:
    training, former = Counting(stop_at=4), signal.getsignal(signal.SIGTERM)
    assert fit(training, course(training, 100))
    assert training.samples == 4 and training.notes == ["save 4"]
    assert signal.getsignal(signal.SIGTERM) is former


def test_no_time_is_no_step() -> None:
    training = Counting()
    fit(training, Course(100, training.note("save"), minutes=0.0))
    assert training.samples == 0


def test_the_log_has_the_means_of_losses_that_were_not_waited_for(tmp_path: Path) -> None:
    training = Counting()
    fit(training, Course(8, training.note("save")), Progress("count", 8, tmp_path / "log.jsonl", 1e9))
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["loss"] == (2 + 4 + 6 + 8) / 4 and json.loads(line)["samples"] == 8


def test_a_checkpoint_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    save_whole(tmp_path / "x.pt", {"a": 1})
    with pytest.raises((AttributeError, TypeError)):
        save_whole(tmp_path / "x.pt", {"a": threading.Lock()})
    assert torch.load(tmp_path / "x.pt")["a"] == 1


def test_the_average_follows_closely_first_and_a_network_can_have_it_for_a_while() -> None:
    module = torch.nn.Linear(2, 2)
    first = module.weight.detach().clone()
    average = Average(dict(module.named_parameters()), 0.75)
    with torch.no_grad():
        module.weight.add_(1)
        average.update(dict(module.named_parameters()), 1)
        assert torch.allclose(average.values["weight"], first + 0.9)
        module.weight.add_(1)
        average.update(dict(module.named_parameters()), 1000)
    assert torch.allclose(average.values["weight"], first + 0.9 + 1.1 / 4)
    with averaged(module, average):
        assert torch.equal(module.weight, average.values["weight"])
    assert torch.allclose(module.weight, first + 2)


def test_what_is_drawn_ahead_comes_in_order_and_so_does_its_error() -> None:
    def draw(step: int) -> int:
        if step == 5:
            raise ValueError("no such step")
        return step * step

    ahead = Prefetch(draw, 3)
    assert [ahead.take(), ahead.take()] == [9, 16]
    with pytest.raises(ValueError, match="no such step"):
        ahead.take()
    ahead.close()
