"""The finisher's graphs, as modules of tensors alone: what `export` traces. Names and meaning are those of every
bundle.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..bundle.graphs import VisionEncoder
from ..models.attention import Context
from .finisher import CONDITION, PICTURE, Finisher


class BgrVisionEncoder(VisionEncoder):
    """images (N, 3, 112, 112), RGB, 0..255; the recogniser reads them in BGR."""

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return super().forward(images.flip(1))


class FinisherIdentity(nn.Module):
    """patch_tokens (1, N*P, 512), class_embedding (1, 512), face_embedding (1, 512) -> sks_embedding and the adapters'
    keys and values.
    """

    def __init__(self, finisher: Finisher) -> None:
        super().__init__()
        self.finisher = finisher
        self.names = ["sks_embedding"]
        for index in range(len(finisher.unet.adapters)):
            self.names += [f"identity_key_{index}", f"identity_value_{index}"]

    def forward(self, patches: Tensor, classes: Tensor, faces: Tensor) -> tuple[Tensor, ...]:
        tokens = self.finisher.mff(patches, faces)
        pairs = [tensor for block in self.finisher.unet.adapters for tensor in block.fuser.pair(tokens)]
        return (self.finisher.sks(classes), *pairs)


class FinisherText(nn.Module):
    """input_ids (1, L), sks_embedding (1, Dt) -> the words' keys and values."""

    inputs = ("input_ids", "sks_embedding")

    def __init__(self, finisher: Finisher) -> None:
        super().__init__()
        self.finisher = finisher
        self.names = []
        for index in range(len(finisher.unet.adapters)):
            self.names += [f"text_key_{index}", f"text_value_{index}"]

    def forward(self, ids: Tensor, sks: Tensor) -> tuple[Tensor, ...]:
        hidden = self.finisher.text(ids, sks)
        return tuple(tensor for block in self.finisher.unet.adapters for tensor in block.text.pair(hidden))


class FinisherUnetGraph(nn.Module):
    """latents (1, 4, S, S), draft (1, 9, S, S), timestep (1,), beta (1,), keys and values -> prediction, the clean
    picture.
    """

    def __init__(self, finisher: Finisher) -> None:
        super().__init__()
        self.finisher = finisher
        self.blocks = len(finisher.unet.adapters)
        self.names = [
            "latents",
            "draft",
            "timestep",
            "beta",
            *FinisherIdentity(finisher).names[1:],
            *FinisherText(finisher).names,
        ]

    def forward(self, *inputs: Tensor) -> Tensor:
        given = dict(zip(self.names, inputs, strict=True))
        identity = Context(pairs=self.pairs(given, "identity"), beta=given["beta"][:, None, None])
        text = Context(pairs=self.pairs(given, "text"))
        return self.finisher.unet(given["latents"], given["draft"], given["timestep"], identity, text)

    def pairs(self, given: dict[str, Tensor], kind: str) -> list[tuple[Tensor, Tensor]]:
        """Keys and values of each block."""
        return [(given[f"{kind}_key_{k}"], given[f"{kind}_value_{k}"]) for k in range(self.blocks)]


def example_inputs(size: int) -> dict[str, Tensor]:
    """Of the U-Net, what does not come from the other graphs."""
    return {
        "latents": torch.randn(1, PICTURE, size, size),
        "draft": torch.rand(1, CONDITION, size, size),
        "timestep": torch.tensor([999.0]),
        "beta": torch.tensor([1.0]),
    }
