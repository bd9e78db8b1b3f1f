"""The CLIP text encoder with the sks embedding put in at its first layer."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel


class SksEmbedding(nn.Module):
    """Wraps the token embedding: where the id is that of `sks`, E_c stands instead, before positions are added."""

    def __init__(self, embedding: nn.Embedding, sks_id: int) -> None:
        super().__init__()
        self.embedding, self.sks_id = embedding, sks_id
        self.sks: Tensor | None = None

    def forward(self, ids: Tensor) -> Tensor:
        plain = self.embedding(ids)
        return plain if self.sks is None else torch.where((ids == self.sks_id)[..., None], self.sks[:, None], plain)


class TextEncoder(nn.Module):
    """ids (B, L) and E_c (B, width) -> hidden states (B, L, width) and a vector of the whole prompt (B, width).

    The vector is the state at the end token plus a bag of words, an embedding of its own summed over the prompt. Trained
    from nothing, the encoder alone takes long to tell apart words that change little of the picture (left, right): as long
    as it does not, the U-Net has no reason to listen, and as long as that does not, there is nothing to learn from.
    `bag` False leaves it out: a trained encoder needs none.
    """

    def __init__(self, config: dict, sks_id: int, end_id: int, bag: bool = True) -> None:
        super().__init__()
        settings = CLIPTextConfig(**config, eos_token_id=end_id, attn_implementation="eager")
        self.clip = CLIPTextModel(settings)
        self.clip.embeddings.token_embedding = SksEmbedding(self.clip.embeddings.token_embedding, sks_id)
        self.words = nn.Embedding(config["vocab_size"], config["hidden_size"]) if bag else None
        self.sks_id, self.end_id = sks_id, end_id

    def forward(self, ids: Tensor, sks: Tensor) -> tuple[Tensor, Tensor]:
        self.clip.embeddings.token_embedding.sks = sks
        hidden = self.clip(input_ids=ids).last_hidden_state
        at_end = (hidden * (ids == self.end_id)[..., None]).sum(1)
        if self.words is None:
            return hidden, at_end
        return hidden, at_end + (self.words(ids) * self.said(ids)[..., None]).sum(1)

    def said(self, ids: Tensor) -> Tensor:
        """True where an id is a word of the prompt: neither a special token nor `sks`."""
        return (ids > self.end_id) & (ids != self.sks_id)
