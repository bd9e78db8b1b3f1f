"""Merging a LoRA (arXiv 2106.09685) of a U-Net into its weights: W + scale * alpha / rank * up @ down."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from ..config import ConfigError
from ..weight_files import check_safetensors

PREFIX = "lora_unet_"
PARTS = ("lora_down.weight", "lora_up.weight", "alpha")


def merge_lora(unet: nn.Module, path: Path, scale: float = 1.0) -> int:
    """Merge a file of the form of LCM-LoRA's (`lora_unet_NAME.lora_down.weight`, dots of NAME as underscores); how many
    layers there were. Raises ConfigError for a layer that the U-Net lacks, or one of another shape, before any weight
    is changed."""
    check_safetensors(path)
    weights = {
        name.removesuffix(".weight").replace(".", "_"): value
        for name, value in unet.named_parameters()
        if name.endswith(".weight")
    }
    found: dict[str, dict[str, Tensor]] = {}
    for key, value in load_file(str(path)).items():
        name, _, part = key.partition(".")
        if not name.startswith(PREFIX) or part not in PARTS:
            raise ConfigError(f"{path}: {key} is no part of a LoRA of a U-Net, as LCM-LoRA's file has them")
        found.setdefault(name.removeprefix(PREFIX), {})[part] = value
    changes = {name: change_of(path, name, parts, weights.get(name)) for name, parts in found.items()}
    with torch.no_grad():
        for name, change in changes.items():
            weights[name].add_(change, alpha=scale)
    return len(changes)


def change_of(path: Path, name: str, parts: dict[str, Tensor], weight: Tensor | None) -> Tensor:
    """What is added to a layer's weight, in its shape."""
    if weight is None:
        raise ConfigError(f"{path}: the U-Net has no layer {name}: a LoRA of another base")
    missing = [part for part in PARTS[:2] if part not in parts]
    if missing:
        raise ConfigError(f"{path}: {name} lacks {missing[0]}")
    down, up = parts["lora_down.weight"].float(), parts["lora_up.weight"].float()
    rank = len(down)
    change = (up.flatten(1) @ down.flatten(1)) if up.flatten(1).shape[1] == rank else None
    shape = list(weight.shape)
    if change is None or change.numel() != weight.numel() or [len(up), *down.shape[1:]] != shape:
        raise ConfigError(
            f"{path}: {name} is a LoRA of a layer {[len(up), *down.shape[1:]]}, the U-Net's is {shape}: another base"
        )
    alpha = float(parts["alpha"]) if "alpha" in parts else float(rank)
    return (change * (alpha / rank)).reshape(shape)
