"""What is committed of a training: the network's averaged weights and the critic's, fp16, in one file."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from ..config import ConfigError

State = dict[str, Tensor]


def halved(state: State, prefix: str) -> State:
    return {
        f"{prefix}.{name}": (value.half() if value.is_floating_point() else value).cpu().contiguous()
        for name, value in state.items()
    }


def save_committed(path: Path, name: str, state: State, critic: State, samples: int) -> None:
    """`name`: of the network."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = halved(state, name) | halved(critic, "critic")
    save_file(tensors, str(path), metadata={"samples": str(samples)})
    path.chmod(0o644)  # safetensors leaves it to its owner alone


def load_committed(path: Path, name: str) -> tuple[State, State, int]:
    """(network, critic, samples seen), in fp32; `name`: of the network."""
    states: dict[str, State] = {name: {}, "critic": {}}
    with safe_open(str(path), "pt") as file:
        for key in file.keys():
            part, inner = key.split(".", 1)
            value = file.get_tensor(key)
            states[part][inner] = value.float() if value.is_floating_point() else value
        return states[name], states["critic"], int(file.metadata()["samples"])


def trained_weights(name: str, checkpoint: Path, weights: Path) -> tuple[State, State, int]:
    """(network, averaged; critic; samples) of the checkpoint, or of the committed file where there is none.

    `name`: of the network, and of the stage that trains it.
    """
    if checkpoint.is_file():
        state = torch.load(checkpoint, map_location="cpu", weights_only=False)
        return state["average"], state["critic"], state["samples"]
    if weights.is_file():
        return load_committed(weights, name)
    raise ConfigError(f"{checkpoint}: not trained yet; run the stage `{name}` first")
