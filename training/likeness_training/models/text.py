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
    """ids (B, L) and E_c (B, width) -> hidden states (B, L, width)."""

    def __init__(self, config: dict, sks_id: int, end_id: int) -> None:
        super().__init__()
        settings = CLIPTextConfig(**config, eos_token_id=end_id, attn_implementation="eager")
        self.clip = CLIPTextModel(settings)
        self.clip.embeddings.token_embedding = SksEmbedding(self.clip.embeddings.token_embedding, sks_id)
        self.sks_id, self.end_id = sks_id, end_id

    def forward(self, ids: Tensor, sks: Tensor) -> Tensor:
        self.clip.embeddings.token_embedding.sks = sks
        return self.clip(input_ids=ids).last_hidden_state
