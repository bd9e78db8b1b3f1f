"""Checkpoints mixed into one, by the command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import torch
from conftest import ROOT


def soup(folder: Path, *shares: float) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "likeness_training.soup", str(folder / "out.pt"), *(f"{folder / f'{n}.pt'}={share}" for n, share in enumerate(shares))]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_weights_are_the_mean_by_shares_and_counts_the_first_ones(tmp_path: Path) -> None:
    torch.save({"w": torch.tensor([0.0, 4.0]), "steps": torch.tensor(3)}, tmp_path / "0.pt")
    torch.save({"w": torch.tensor([4.0, 0.0]), "steps": torch.tensor(9)}, tmp_path / "1.pt")
    assert soup(tmp_path, 0.25, 0.75).returncode == 0
    mixed = torch.load(tmp_path / "out.pt", weights_only=True)
    assert mixed["w"].tolist() == [3.0, 1.0] and mixed["steps"] == 3


def test_checkpoints_of_two_models_are_refused_by_the_weight_that_differs(tmp_path: Path) -> None:
    torch.save({"w": torch.zeros(2)}, tmp_path / "0.pt")
    torch.save({"w": torch.zeros(3)}, tmp_path / "1.pt")
    done = soup(tmp_path, 0.5, 0.5)
    assert done.returncode == 1 and "w is not the same" in done.stderr and "Traceback" not in done.stderr


def test_shares_that_do_not_sum_to_one_are_refused(tmp_path: Path) -> None:
    for number in range(2):
        torch.save({"w": torch.zeros(2)}, tmp_path / f"{number}.pt")
    done = soup(tmp_path, 0.5, 0.6)
    assert done.returncode == 1 and "sum to 1.1" in done.stderr
