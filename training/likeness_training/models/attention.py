"""Attention whose keys and values may come from outside, and the gated identity adapter built on it.

The identity tokens' and the text's keys and values do not depend on the timestep. A `Context` therefore carries either
tokens (training: each block projects them itself) or, after export, every block's ready keys and values.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from diffusers import UNet2DConditionModel
from diffusers.models.attention import BasicTransformerBlock, FeedForward
from diffusers.models.attention_processor import Attention
from torch import Tensor, nn


@dataclass
class Context:
    """What a block attends to. `tokens` (B, T, C), or `pairs[i]` = (keys, values) (B, T, inner) of block i.

    `beta` (B, 1, 1) scales both gates of an adapter: the identity strength. Unused by text.
    """

    tokens: Tensor | None = None
    pairs: list[tuple[Tensor, Tensor]] | None = None
    beta: Tensor | None = None

    def pair(self, index: int, project: Callable[[Tensor], tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """Keys and values of block `index`: those that are ready, or what its own `project` makes of the tokens."""
        if self.pairs is not None:
            return self.pairs[index]
        assert self.tokens is not None, "a context has tokens or pairs"
        return project(self.tokens)

    @property
    def strength(self) -> Tensor:
        """`beta`, which every identity has."""
        assert self.beta is not None, "the context of an identity has a beta"
        return self.beta


FUSED_FROM = 2**20
"""From so many scores (queries times keys) on, attention is fused: the scores of 4,096 tokens would fill gigabytes."""


EXPORTS = ("matmul", "fused")
"""How attention is exported: as matrix products and a softmax, which every runtime has, or as one operator of
onnxruntime (CPU, CUDA and WebGPU have it), which never holds all scores at once."""
exported_as: ContextVar[str] = ContextVar("exported_as", default="matmul")
"""One of EXPORTS, while a graph is traced."""


class MultiHeadAttention(torch.autograd.Function):
    """Scaled dot-product attention that is traced as `com.microsoft::MultiHeadAttention`."""

    @staticmethod
    def forward(ctx: Any, query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
        return by_products(query, key, value, heads)

    @staticmethod
    def symbolic(graph: Any, query: Any, key: Any, value: Any, heads: int) -> Any:
        attended = graph.op("com.microsoft::MultiHeadAttention", query, key, value, num_heads_i=heads)
        attended.setType(query.type())
        return attended


def split_heads(x: Tensor, heads: int) -> Tensor:
    """(B, T, inner) -> (B, heads, T, inner / heads)."""
    return x.reshape(x.shape[0], -1, heads, x.shape[-1] // heads).transpose(1, 2)


def by_products(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Queries are scaled before the product, so that scores stay within what fp16 can hold."""
    scaled = query * (query.shape[-1] // heads) ** -0.5
    scores = split_heads(scaled, heads) @ split_heads(key, heads).transpose(2, 3)
    return (scores.softmax(-1) @ split_heads(value, heads)).transpose(1, 2).reshape(query.shape)


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Scaled dot-product attention (B, Q, inner) x (B, T, inner).

    Small ones are plain matmuls on a CPU, its quickest way.
    """
    if torch.jit.is_tracing():
        if exported_as.get() == "fused":
            return MultiHeadAttention.apply(query, key, value, heads)
        return by_products(query, key, value, heads)
    if query.is_cuda or query.shape[1] * key.shape[1] >= FUSED_FROM:
        query_heads, key_heads, value_heads = (split_heads(x, heads) for x in (query, key, value))
        attended = F.scaled_dot_product_attention(query_heads, key_heads, value_heads)
        return attended.transpose(1, 2).reshape(query.shape)
    return by_products(query, key, value, heads)


def finish(attention: Attention, x: Tensor) -> Tensor:
    """The output projection of diffusers' Attention (its dropout is 0 here)."""
    return attention.to_out[0](x)


class ContextAttention:
    """diffusers attention processor: self-attention, or cross-attention to a `Context`."""

    def __init__(self, index: int) -> None:
        self.index = index

    def __call__(
        self, attention: Attention, hidden_states: Tensor, encoder_hidden_states: Context | None = None, **_: object
    ) -> Tensor:
        project = lambda tokens: (attention.to_k(tokens), attention.to_v(tokens))  # noqa: E731
        context = encoder_hidden_states
        key, value = project(hidden_states) if context is None else context.pair(self.index, project)
        batch = len(hidden_states)
        made = attend(
            attention.to_q(hidden_states), key.expand(batch, -1, -1), value.expand(batch, -1, -1), attention.heads
        )
        return finish(attention, made)


class IdentityAdapter(nn.Module):
    """Gated self-attention over [image tokens; W E_r] (IDAdapter, section 3; GLIGEN's layer with beta).

    y += beta * tanh(gamma_a) * Attn(LN([y; W E_r]))[image tokens];  y += beta * tanh(gamma_f) * FFN(LN(y))
    Queries are computed for image tokens alone: same numbers, less work. Parameter names are those of diffusers'
    `GatedSelfAttentionDense`.
    """

    def __init__(
        self, index: int, width: int, identity_width: int, heads: int, head_width: int, gate: float = 0.0
    ) -> None:
        super().__init__()
        self.index = index
        self.linear = nn.Linear(identity_width, width)
        self.attn = Attention(query_dim=width, heads=heads, dim_head=head_width)
        self.ff = FeedForward(width, activation_fn="geglu")
        self.norm1 = nn.LayerNorm(width)
        self.norm2 = nn.LayerNorm(width)
        self.alpha_attn = nn.Parameter(torch.tensor(gate))
        self.alpha_dense = nn.Parameter(torch.tensor(gate))

    def pair(self, tokens: Tensor) -> tuple[Tensor, Tensor]:
        """Keys and values (B, T, inner) of the identity tokens E_r."""
        x = self.norm1(self.linear(tokens))
        return self.attn.to_k(x), self.attn.to_v(x)

    def forward(self, x: Tensor, context: Context) -> Tensor:
        key, value = context.pair(self.index, self.pair)
        y = self.norm1(x)
        keys = torch.cat([self.attn.to_k(y), key.expand(len(x), -1, -1)], 1)
        values = torch.cat([self.attn.to_v(y), value.expand(len(x), -1, -1)], 1)
        seen = finish(self.attn, attend(self.attn.to_q(y), keys, values, self.attn.heads))
        x = x + self.opening(self.alpha_attn, context, seen) * seen
        made = self.ff(self.norm2(x))
        return x + self.opening(self.alpha_dense, context, made) * made

    @staticmethod
    def opening(alpha: Tensor, context: Context, like: Tensor) -> Tensor:
        """beta * tanh(gamma), in the precision that the layer computes with."""
        gate = context.strength * alpha.tanh()
        return gate if gate.dtype == like.dtype else gate.to(like.dtype)


class HandOver(nn.Module):
    """Takes the place of diffusers' `position_net`: adapters receive the context as it is."""

    def forward(self, context: Context) -> Context:
        return context


def transformer_blocks(unet: UNet2DConditionModel) -> list[BasicTransformerBlock]:
    """Every transformer block, in the order in which the U-Net holds them."""
    return [module for module in unet.modules() if isinstance(module, BasicTransformerBlock)]


def install_adapters(unet: UNet2DConditionModel, identity_width: int, gate: float = 0.0) -> list[IdentityAdapter]:
    """Give every transformer block of a U-Net made with `attention_type="gated"` its adapter and processors, in
    order."""
    adapters = []
    for index, block in enumerate(transformer_blocks(unet)):
        width, heads = block.attn1.query_dim, block.attn1.heads
        adapter = IdentityAdapter(index, width, identity_width, heads, block.attn1.inner_dim // heads, gate)
        block.fuser = adapter
        block.attn1.set_processor(ContextAttention(index))
        block.attn2.set_processor(ContextAttention(index))
        adapters.append(adapter)
    unet.position_net = HandOver()
    return adapters
