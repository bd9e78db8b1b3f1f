"""Checkpoints of the paper's training: what is trained, the optimizer, the average; moved into place whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..config import Config, ConfigError
from ..weight_files import check_safetensors

SHAPES = ("image", "references", "text", "vision", "identity", "unet", "vae", "diffusion")
"""The settings a checkpoint is bound to. Learning rate, steps and how often things happen may change."""
FORMER = ('"draft": false, ', '"vector": false, ')
"""Settings of `identity` that there are no more, as former checkpoints name them."""
KEEP = 2


def shapes_of(config: Config) -> dict[str, str]:
    """The settings as safetensors metadata."""
    return {key: json.dumps(config[key], sort_keys=True) for key in SHAPES}


def save_trained(path: Path, state: dict[str, Tensor], config: Config) -> None:
    save_file(
        {name: value.detach().cpu().contiguous() for name, value in state.items()},
        str(path),
        metadata=shapes_of(config),
    )


def without_former(value: str) -> str:
    for setting in FORMER:
        value = value.replace(setting, "")
    return value


def load_trained(path: Path, config: Config) -> dict[str, Tensor]:
    """Raises ConfigError for a damaged file, or one of another config, naming the setting that differs."""
    check_safetensors(path)
    with safe_open(str(path), "pt") as file:
        found = file.metadata() or {}
    for key, value in shapes_of(config).items():
        if without_former(found.get(key, "")) != value:
            raise ConfigError(
                f"{path}: a checkpoint of another config: `{key}` is {found.get(key, 'not there')}, "
                f"this config's is {value}"
            )
    return load_file(str(path))


class Checkpoints:
    """`checkpoint-0001000/` in a folder; the last KEEP stay."""

    def __init__(self, folder: Path, config: Config) -> None:
        self.folder, self.config = folder, config

    def all(self) -> list[Path]:
        return sorted(self.folder.glob("checkpoint-[0-9]*[0-9]"))

    def save(self, step: int, trained: dict[str, Tensor], state: dict) -> None:
        """Written beside and moved into place: a run ended in the middle of it keeps the former one."""
        place = self.folder / f"checkpoint-{step:07d}"
        beside = self.folder / "checkpoint.new"
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        save_trained(beside / "trained.safetensors", trained, self.config)
        torch.save({**state, "step": step}, beside / "state.pt")
        shutil.rmtree(place, ignore_errors=True)
        beside.replace(place)
        for old in self.all()[:-KEEP]:
            shutil.rmtree(old)

    def latest(self) -> tuple[dict[str, Tensor], dict] | None:
        """(trained weights, the rest) of the last checkpoint; None where there is none."""
        found = self.all()
        if not found:
            return None
        return load_trained(found[-1] / "trained.safetensors", self.config), torch.load(
            found[-1] / "state.pt", map_location="cpu", weights_only=True
        )
