"""IP-Adapter-Plus on Stable Diffusion (arXiv 2308.06721): image tokens, with keys and values of their own beside the
text's.

Parameters of `FaceAdapter.adapter` are called as in the published file `ip-adapter-plus-face_sd15.safetensors`.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from diffusers import UNet2DConditionModel
from diffusers.models.attention_processor import Attention
from torch import Tensor, nn
from transformers import CLIPTextConfig, CLIPTextModel

from .attention import Context, attend, finish, transformer_blocks
from .vision import ClipVision

HEAD_WIDTH = 64
"""Of every head of the resampler."""


class PerceiverAttention(nn.Module):
    """Queries (B, Q, width) attend to image tokens (B, T, width) and to themselves."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.heads = width // HEAD_WIDTH
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.to_q = nn.Linear(width, width, bias=False)
        self.to_kv = nn.Linear(width, 2 * width, bias=False)
        self.to_out = nn.Linear(width, width, bias=False)

    def forward(self, tokens: Tensor, queries: Tensor) -> Tensor:
        tokens, queries = self.norm1(tokens), self.norm2(queries)
        key, value = self.to_kv(torch.cat([tokens, queries], 1)).chunk(2, -1)
        return self.to_out(attend(self.to_q(queries), key, value, self.heads))


def feed_forward(width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.LayerNorm(width), nn.Linear(width, 4 * width, bias=False), nn.GELU(), nn.Linear(4 * width, width, bias=False)
    )


class Resampler(nn.Module):
    """Tokens of an image encoder (B, T, patch_width) -> image tokens (B, tokens, text width)."""

    def __init__(self, settings: dict, text_width: int) -> None:
        super().__init__()
        width = settings["width"]
        self.latents = nn.Parameter(torch.randn(1, settings["tokens"], width) / width**0.5)
        self.proj_in = nn.Linear(settings["patch_width"], width)
        self.proj_out = nn.Linear(width, text_width)
        self.norm_out = nn.LayerNorm(text_width)
        layers = [(PerceiverAttention(width), feed_forward(width)) for _ in range(settings["depth"])]
        self.layers = nn.ModuleList(nn.ModuleList(pair) for pair in layers)

    def forward(self, tokens: Tensor) -> Tensor:
        tokens, queries = self.proj_in(tokens), self.latents.expand(len(tokens), -1, -1)
        for layer in self.layers:
            attention, feed = layer.children()
            queries = queries + attention(tokens, queries)
            queries = queries + feed(queries)
        return self.norm_out(self.proj_out(queries))


class KeysValues(nn.Module):
    """Image tokens to the keys and values of one block."""

    def __init__(self, text_width: int, inner: int) -> None:
        super().__init__()
        self.to_k_ip = nn.Linear(text_width, inner, bias=False)
        self.to_v_ip = nn.Linear(text_width, inner, bias=False)

    def forward(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        return self.to_k_ip(tokens), self.to_v_ip(tokens)


class Adapter(nn.Module):
    """All that the published file holds: a resampler, and keys and values of every cross-attention.

    The published file counts every attention of the U-Net: block i's cross-attention is number 2 i + 1.
    """

    def __init__(self, settings: dict, text_width: int, inner: list[int]) -> None:
        super().__init__()
        self.image_proj = Resampler(settings, text_width)
        self.ip_adapter = nn.ModuleDict(
            {str(2 * index + 1): KeysValues(text_width, width) for index, width in enumerate(inner)}
        )

    def pairs(self, tokens: Tensor) -> list[tuple[Tensor, Tensor]]:
        """(keys, values), each (B, T, inner), of every block."""
        return [block(tokens) for block in self.ip_adapter.values()]


@dataclass
class Conditions:
    """What a cross-attention attends to, each with its own softmax; `identity.beta` scales what the second gives."""

    text: Context
    identity: Context


class DecoupledAttention:
    """diffusers attention processor: self-attention, or cross-attention to text plus beta times that to the person."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(
        self,
        attention: Attention,
        hidden_states: Tensor,
        encoder_hidden_states: Conditions | None = None,
        **_: object,
    ) -> Tensor:
        query = attention.to_q(hidden_states)
        if encoder_hidden_states is None:
            key, value = attention.to_k(hidden_states), attention.to_v(hidden_states)
            return finish(attention, attend(query, key, value, attention.heads))
        text, identity = encoder_hidden_states.text, encoder_hidden_states.identity
        seen = self.seen(attention, query, text)
        return finish(attention, seen + identity.strength * self.seen(attention, query, identity))

    def seen(self, attention: Attention, query: Tensor, context: Context) -> Tensor:
        assert context.pairs is not None, "the adapter's keys and values are made before the U-Net runs"
        key, value = (part.expand(len(query), -1, -1) for part in context.pairs[self.index])
        return attend(query, key, value, attention.heads)


class FaceAdapter(nn.Module):
    """Text encoder, U-Net and adapter; `adapter` config: patch_width, width, depth, tokens."""

    def __init__(self, text: dict, adapter: dict, unet: dict, end_id: int) -> None:
        super().__init__()
        self.end_id = end_id
        self.text = CLIPTextModel(CLIPTextConfig(**text, eos_token_id=end_id, attn_implementation="eager"))
        width = text["hidden_size"]
        self.unet = UNet2DConditionModel(**unet, in_channels=unet["out_channels"], cross_attention_dim=width)
        blocks = transformer_blocks(self.unet)
        self.adapter = Adapter(adapter, width, [block.attn2.inner_dim for block in blocks])
        for index, block in enumerate(blocks):
            block.attn1.set_processor(DecoupledAttention(index))
            block.attn2.set_processor(DecoupledAttention(index))

    def denoise(self, latents: Tensor, timesteps: Tensor, text: Context, identity: Context) -> Tensor:
        """The U-Net's prediction (B, C, h, w) under keys and values of text and person."""
        return self.unet(latents, timesteps, Conditions(text, identity)).sample


class PenultimateVision(ClipVision):
    """Pictures (N, 3, S, S), 0..255 -> (N, 1 + P, width): what the last layer but one says, class token first."""

    names = ("patch_tokens",)

    def forward(self, pictures: Tensor) -> tuple[Tensor]:
        dtype = self.clip.post_layernorm.weight.dtype
        seen = self.clip(
            pixel_values=((pictures - self.mean) / self.deviation).to(dtype), output_hidden_states=True
        ).hidden_states
        return (seen[-2],)

    def nobody(self) -> Tensor:
        """(1, 1 + P, width) of the picture that stood for nobody in training: zeros, once it is normalised."""
        (seen,) = self(self.mean.expand(1, 3, self.size, self.size))
        return seen
