"""The plan of a training: its counts against sums done by hand, and its words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
import yaml
from conftest import ROOT

from likeness_training.config import ConfigError, load_config
from likeness_training.measure.counts import Counts, Work
from likeness_training.measure.hardware import GPUS, PeakMemory, flops
from likeness_training.measure.plan import fitting, hours, report, run


@pytest.fixture
def counts() -> Counts:
    """Round figures: 10 TFLOP a micro batch, 12 with checkpointing."""
    config = load_config(ROOT / "configs/sd21/identity.yaml")
    trained = {"adapters": 200_000_000, "keys and values": 50_000_000}
    plain, checked = Work(3 * 10**12, 10**13, 50 * 2**30), Work(3 * 10**12, 12 * 10**12, 8 * 2**30)
    return Counts(config, 10**9, trained, 4, {"U-Net": plain}, {"U-Net": checked})


def test_flops_are_those_of_the_matrix_products() -> None:
    x, w = torch.randn(8, 16), torch.randn(16, 32)
    assert flops(lambda: x @ w) == 2 * 8 * 16 * 32


def test_peak_memory_counts_what_is_alive_at_once() -> None:
    memory = PeakMemory()
    x = torch.ones(1000)
    memory.know([x])
    with memory:
        y = x * 2
        del y
        z = x * 3
        z = z.view(10, 100) + 1
    assert memory.peak == 8000, "one freed before the next; a view is no copy"
    assert z.shape == (10, 100)


def test_hours_are_the_sum_that_is_shown(counts: Counts) -> None:
    gpu = GPUS["A100-80G"]
    assert fitting(counts, gpu) == (False, 2 * 10**9 + 16 * 250_000_000 + 2**30 + 50 * 2**30)
    assert fitting(counts, GPUS["A100-40G"]) == (True, 2 * 10**9 + 16 * 250_000_000 + 2**30 + 8 * 2**30)
    expected = (10e12 / (312e12 * 0.4) + 28 * 250e6 / 2039e9) * 50_000 / 3600
    assert hours(counts, gpu, False, 0.4) == pytest.approx(expected)
    text = report(counts, "A100-80G", 0.4)
    assert "10.00 TFLOP / (312 TFLOP/s x 0.40) = 0.080 s of matrix work" in text
    assert f"x 50,000 steps / 3600 = {expected:.1f} h (paper, one A100: under 10 h)" in text
    assert "| T4 | 16 | 65 |" in text
    assert "set `precision: fp16`" in report(counts, "T4", 0.4)
    assert "checkpointing off: fits.\n" in text and "| L4 | 24 | 121 | 14.6 | yes |" in text
    assert "14.6 GiB of 16 GiB, checkpointing on: fits, but only just" in report(counts, "T4", 0.4)
    assert "does NOT fit" not in text and "does NOT fit: make `micro` smaller" in report(
        Counts(counts.config, 10**10, counts.trained, 4, counts.parts, counts.checkpointed), "T4", 0.4
    )


def test_an_unknown_gpu_or_share_is_one_sentence() -> None:
    config = load_config(ROOT / "configs/sd21/identity.yaml")
    with pytest.raises(ConfigError, match="A9000: not a GPU this command knows; one of T4"):
        run(config, "A9000", 0.4)
    with pytest.raises(ConfigError, match="at most 1"):
        run(config, "L4", 1.5)


def test_the_command_counts_a_step_of_the_configs_shapes(tmp_path: Path) -> None:
    """Two levels instead of four: the same parts, counted sooner."""
    small = load_config(ROOT / "configs/sd21-smoke/identity.yaml").values
    unet = {
        "block_out_channels": [32, 64],
        "down_block_types": ["CrossAttnDownBlock2D", "DownBlock2D"],
        "up_block_types": ["UpBlock2D", "CrossAttnUpBlock2D"],
    }
    config, out = tmp_path / "identity.yaml", tmp_path / "plan.md"
    config.write_text(
        yaml.safe_dump(
            {**small, "unet": {**small["unet"], **unet, "layers_per_block": 1, "attention_head_dim": [1, 2]}}
        )
    )
    command = [sys.executable, "-m", "likeness_training", "plan", str(config), "--gpu", "L4", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    text = out.read_text()
    assert "# Plan: 6 steps of batch 4 on L4" in text
    assert "| decoder of the identity loss |" in text
