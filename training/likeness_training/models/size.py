"""Builds IDAdapter on a base of published weights from a config: what is trained of it, and how much that is."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from diffusers import AutoencoderKL
from torch import nn

from ..config import Config
from .idadapter import IdAdapter
from .vision import ClipVision

TRAINED = {
    "adapters": (".fuser.",),
    "keys and values": (".attn2.to_k.", ".attn2.to_v."),
    "MFF": ("mff.",),
    "sks MLP": ("sks.",),
}
"""What the paper trains: part -> what the names of its parameters hold or begin with."""


def part_of(name: str) -> str | None:
    """The trained part that a parameter of IdAdapter belongs to; None where it is frozen."""
    for part, marks in TRAINED.items():
        if any(mark in name if mark.startswith(".") else name.startswith(mark) for mark in marks):
            return part
    return None


def trained(model: IdAdapter) -> Iterator[tuple[str, nn.Parameter]]:
    """The parameters the paper trains, by name, in a fixed order."""
    return ((name, parameter) for name, parameter in model.named_parameters() if part_of(name))


def count_trained(model: IdAdapter) -> dict[str, int]:
    """Trained values by part."""
    counts = dict.fromkeys(TRAINED, 0)
    for name, parameter in model.named_parameters():
        part = part_of(name)
        if part is not None:
            counts[part] += parameter.numel()
    return counts


def freeze_base(model: IdAdapter) -> None:
    """Exactly the parts of TRAINED get gradients."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(part_of(name) is not None)


def build_model(config: Config, sks_id: int, end_id: int) -> IdAdapter:
    """IDAdapter with the shapes of a `model.yaml` and random weights."""
    text = {**config["text"], "bos_token_id": end_id - 1}
    return IdAdapter(text, config["identity"], config["unet"], sks_id, end_id)


def build_vae(config: Config) -> AutoencoderKL:
    """The frozen autoencoder of pictures, random weights."""
    return AutoencoderKL(**config["vae"]).requires_grad_(False).eval()


def build_vision(config: Config) -> ClipVision:
    """The frozen vision encoder, random weights."""
    return ClipVision(config["vision"]).requires_grad_(False).eval()


def shapes_only(config: Config) -> tuple[IdAdapter, AutoencoderKL, ClipVision]:
    """All three on torch's meta device: shapes and counts of the real size without its memory."""
    vocabulary = config["text"]["vocab_size"]
    with torch.device("meta"):
        return build_model(config, vocabulary - 3, vocabulary - 1), build_vae(config), build_vision(config)
