"""What is committed of the training: the finisher's averaged weights and the critic's, fp16, in one file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from ..config import ConfigError
from .config import Paths

State = dict[str, Tensor]


def halved(state: State, prefix: str) -> State:
    return {
        f"{prefix}.{name}": (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in state.items()
    }


def save_committed(path: Path, finisher: State, critic: State, samples: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = halved(finisher, "finisher") | halved(critic, "critic")
    save_file(tensors, str(path), metadata={"samples": str(samples)})
    path.chmod(0o644)  # safetensors leaves it to its owner alone


def load_committed(path: Path) -> tuple[State, State, int]:
    """(finisher, critic, samples seen), in fp32."""
    states: dict[str, State] = {"finisher": {}, "critic": {}}
    with safe_open(str(path), "pt") as file:
        for key in file.keys():
            part, name = key.split(".", 1)
            value = file.get_tensor(key)
            states[part][name] = value.float() if value.is_floating_point() else value
        return states["finisher"], states["critic"], int(file.metadata()["samples"])


def trained_weights(paths: Paths) -> tuple[State, State, int]:
    """(finisher, averaged; critic; samples) of the checkpoint, or of the committed file where there is none."""
    if paths.checkpoint.is_file():
        state = torch.load(paths.checkpoint, map_location="cpu", weights_only=False)
        return state["average"], state["critic"], state["samples"]
    if paths.weights.is_file():
        return load_committed(paths.weights)
    raise ConfigError(f"{paths.checkpoint}: not trained yet; run the stage `finisher` first")
