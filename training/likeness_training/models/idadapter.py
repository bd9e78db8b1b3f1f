"""IDAdapter, whole: text encoder, MFF, sks MLP, U-Net with gated adapters (arXiv 2403.13535), built from a config."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from .attention import Context, install_adapters
from .mff import MixedFacialFeatures, SksMlp
from .text import TextEncoder


@dataclass
class References:
    """What N photos of a person became: patches (B, N*P, Dv), class embedding (B, Dc), face embedding (B, 512)."""

    patches: Tensor
    classes: Tensor
    faces: Tensor

    def to(self, device: torch.device) -> References:
        return References(*(part.to(device) for part in (self.patches, self.classes, self.faces)))


@dataclass
class Identity:
    """The person, ready for the U-Net: E_r tokens (B, N*P + 1, width) and E_c (B, text width)."""

    tokens: Tensor
    sks: Tensor


class IdAdapter(nn.Module):
    """`identity` config: patch_width, class_width, width, heads, gate; `blocks` of MFF, 2 by itself, 0 for an ablation
    without it."""

    def __init__(self, text: dict, identity: dict, unet: dict, sks_id: int, end_id: int) -> None:
        super().__init__()
        self.text = TextEncoder(text, sks_id, end_id)
        width, text_width = identity["width"], text["hidden_size"]
        self.mff = MixedFacialFeatures(identity["patch_width"], width, identity["heads"], identity.get("blocks", 2))
        self.sks = SksMlp(identity["class_width"], text_width)
        settings = {"in_channels": unet["out_channels"], "cross_attention_dim": text_width, "attention_type": "gated"}
        self.unet = UNet2DConditionModel(**unet, **settings)
        install_adapters(self.unet, width, identity["gate"])

    def begin_as(self, word_id: int) -> None:
        """Let E_c begin close to the embedding of a word, as loud as a frozen text encoder is used to."""
        self.sks.begin_at(self.text.clip.embeddings.token_embedding.embedding.weight[word_id])

    def identity(self, references: References) -> Identity:
        return Identity(self.mff(references.patches, references.faces), self.sks(references.classes))

    def denoise(self, latents: Tensor, timesteps: Tensor, text: Context, identity: Context) -> Tensor:
        """The U-Net's prediction (B, C, h, w). Everything but latents may have batch 1; `identity.beta` is (B|1, 1,
        1)."""
        return self.unet(latents, timesteps, text, cross_attention_kwargs={"gligen": {"context": identity}}).sample

    def forward(self, latents: Tensor, timesteps: Tensor, ids: Tensor, identity: Identity, beta: Tensor) -> Tensor:
        """Prediction for noisy latents. ids (B, L), beta (B,): 0 drops the person, E_c with it."""
        hidden = self.text(ids, identity.sks * (beta > 0)[:, None])
        context = Context(tokens=identity.tokens, beta=beta[:, None, None])
        return self.denoise(latents, timesteps, Context(tokens=hidden), context)
