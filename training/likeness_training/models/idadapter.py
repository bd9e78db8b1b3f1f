"""IDAdapter, whole: text encoder, MFF, sks MLP, U-Net with gated adapters. One class builds both sizes from a config."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from torch import Tensor, nn

from .attention import Context, install_adapters
from .mff import MeanFace, MixedFacialFeatures, SksMlp
from .text import TextEncoder


@dataclass
class References:
    """What N photos of a person became: patches (B, N*P, Dv), class embedding (B, Dc), face embedding (B, 512)."""

    patches: Tensor
    classes: Tensor
    faces: Tensor
    keep_patches: Tensor | None = None


@dataclass
class Identity:
    """The person, ready for the U-Net: E_r tokens, E_c, and (where the config has them) the draft's state and vector."""

    tokens: Tensor
    sks: Tensor
    state: Tensor | None
    vector: Tensor | None

    def first(self, count: int) -> Identity:
        """The first people of a batch."""
        return self.rows(slice(count))

    def rows(self, chosen: Tensor | slice) -> Identity:
        """Some people of a batch."""
        return Identity(*(None if part is None else part[chosen] for part in (self.tokens, self.sks, self.state, self.vector)))


class IdAdapter(nn.Module):
    """`identity` config: patch_width, class_width, width, heads, draft (bool), vector (bool), gate.

    `draft`: the mean of what is asked for is handed to the U-Net as further input channels. `vector`: the face embedding and the text's
    end state are added to the time embedding. Both are tiny's; beta scales them as it scales the gates, so that beta = 0
    is the base model.
    """

    def __init__(self, text: dict, identity: dict, unet: dict, sks_id: int, end_id: int) -> None:
        super().__init__()
        self.text = TextEncoder(text, sks_id, end_id, bag=identity.get("vector", False))
        width, text_width = identity["width"], text["hidden_size"]
        self.mff = MixedFacialFeatures(identity["patch_width"], width, identity["heads"])
        self.sks = SksMlp(identity["class_width"], text_width)
        channels = unet["out_channels"]
        self.has_draft, self.has_vector = identity.get("draft", False), identity.get("vector", False)
        self.mean_face = MeanFace(width, channels, text["vocab_size"]) if self.has_draft else None
        settings = {**unet, "in_channels": channels * 2 if self.has_draft else channels, "cross_attention_dim": text_width, "attention_type": "gated"}
        if self.has_vector:
            settings |= {"class_embed_type": "projection", "projection_class_embeddings_input_dim": 512 + text_width}
        self.unet = UNet2DConditionModel(**settings)
        install_adapters(self.unet, width, identity.get("gate", 0.0))

    def identity(self, references: References) -> Identity:
        tokens = self.mff(references.patches, references.faces, references.keep_patches)
        state = self.mean_face.state(tokens) if self.has_draft else None
        return Identity(tokens, self.sks(references.classes), state, references.faces if self.has_vector else None)

    def draft(self, state: Tensor, ids: Tensor) -> Tensor:
        """The mean picture (B, C, h, w) of what a person and the words of a prompt may mean."""
        return self.mean_face(state, ids, self.text.said(ids))

    def denoise(self, latents: Tensor, timesteps: Tensor, text: Context, pooled: Tensor | None, identity: Context, draft: Tensor | None, vector: Tensor | None) -> Tensor:
        """The U-Net's prediction (B, C, h, w). Everything but latents may have batch 1; `identity.beta` is (B|1, 1, 1)."""
        batch, beta = len(latents), identity.beta
        x, labels = latents, None
        if self.has_draft:
            x = torch.cat([latents, (draft * beta[..., None]).expand(batch, -1, -1, -1)], 1)
        if self.has_vector:
            scaled = vector * beta[:, 0] * vector.shape[-1] ** 0.5
            labels = torch.cat([scaled.expand(batch, -1), pooled.expand(batch, -1)], 1)
        return self.unet(x, timesteps, text, class_labels=labels, cross_attention_kwargs={"gligen": {"context": identity}}).sample

    def forward(self, latents: Tensor, timesteps: Tensor, ids: Tensor, identity: Identity, beta: Tensor) -> Tensor:
        """Prediction for noisy latents. ids (B, L), beta (B,): 0 drops the person, E_c with it."""
        hidden, pooled = self.text(ids, identity.sks * (beta > 0)[:, None])
        context = Context(tokens=identity.tokens, beta=beta[:, None, None])
        draft = self.draft(identity.state, ids) if self.has_draft else None
        return self.denoise(latents, timesteps, Context(tokens=hidden), pooled, context, draft, identity.vector)
