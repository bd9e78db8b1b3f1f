"""CLIP's vision encoder as the source of patch tokens and class embeddings."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import CLIPVisionConfig, CLIPVisionModel

MEAN = (0.48145466, 0.4578275, 0.40821073)
DEVIATION = (0.26862954, 0.26130258, 0.27577711)
"""Per channel, of pictures in 0..1 (Radford et al. 2021)."""


class ClipVision(nn.Module):
    """Pictures (N, 3, S, S), 0..255, S the encoder's own size -> (patches (N, P, width), class embedding (N, width)).

    Patches and class embedding are the last layer's states after the final layer norm.
    """

    mean: Tensor
    deviation: Tensor

    names = ("patch_tokens", "class_embedding")
    """The outputs, as a bundle's graph calls them. There is no recogniser in it: that is a model of its own."""

    def __init__(self, settings: dict) -> None:
        super().__init__()
        self.clip = CLIPVisionModel(CLIPVisionConfig(**settings))
        self.size = settings["image_size"]
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None] * 255, persistent=False)
        self.register_buffer("deviation", torch.tensor(DEVIATION)[:, None, None] * 255, persistent=False)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        dtype = self.clip.post_layernorm.weight.dtype
        seen = self.clip(pixel_values=((pictures - self.mean) / self.deviation).to(dtype))
        return self.clip.post_layernorm(seen.last_hidden_state[:, 1:]), seen.pooler_output
