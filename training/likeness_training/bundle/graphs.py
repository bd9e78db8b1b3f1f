"""The bundle's graphs as modules of tensors alone: what `export` traces and the goldens are made with.

The keys and values of identity and text do not depend on the timestep. Where they are `cached`, they leave the graphs
`identity` and `text_encoder` as outputs and come back as inputs of `unet`, one pair a transformer block. Where a GPU
would be handed 100 MB of them for each call, the tokens that they are made of take their place, and `unet` computes
them: 2 % of its work.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import Tensor, nn

from ..models.attention import Context, IdentityAdapter, transformer_blocks
from ..models.idadapter import IdAdapter, References
from ..models.ip_adapter import FaceAdapter
from ..models.recogniser import Recogniser


class VisionEncoder(nn.Module):
    """images (N, 3, 112, 112), 0..255 -> patch_tokens (N, 16, 512), class_embedding (N, 512), face_embedding (N,
    512)."""

    names = ("patch_tokens", "class_embedding", "face_embedding")

    def __init__(self, recogniser: Recogniser) -> None:
        super().__init__()
        self.recogniser = recogniser

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        embedding, patch_map, _ = self.recogniser.features(images)
        tokens = F.avg_pool2d(patch_map, 2, 2, ceil_mode=True).flatten(2).transpose(1, 2)
        return tokens, tokens.mean(1), F.normalize(embedding, dim=1)


def adapters(model: IdAdapter) -> list[IdentityAdapter]:
    """The adapters in the order of their blocks."""
    return sorted(
        (m for m in model.unet.modules() if isinstance(m, IdentityAdapter)), key=lambda adapter: adapter.index
    )


def text_pairs(model: IdAdapter | FaceAdapter, states: Tensor) -> tuple[Tensor, ...]:
    """Keys and values of every block's cross-attention, in order, of the text's states (1, L, width)."""
    attentions = [block.attn2 for block in transformer_blocks(model.unet)]
    return tuple(tensor for each in attentions for tensor in (each.to_k(states), each.to_v(states)))


def identity_pairs(model: IdAdapter | FaceAdapter, tokens: Tensor) -> tuple[Tensor, ...]:
    """Keys and values of every block, in order, of the person's tokens (1, T, width)."""
    if isinstance(model, FaceAdapter):
        pairs = model.adapter.pairs(tokens)
    else:
        pairs = [adapter.pair(tokens) for adapter in adapters(model)]
    return tuple(tensor for pair in pairs for tensor in pair)


def names_of(kind: str, blocks: int, cached: bool) -> list[str]:
    """What carries text or identity to the U-Net: the keys and values of every block, or the tokens alone."""
    if not cached:
        return [f"{kind}_tokens"]
    return [f"{kind}_{part}_{index}" for index in range(blocks) for part in ("key", "value")]


class IdentityGraph(nn.Module):
    """patch_tokens (1, N*P, Dv), class_embedding (1, Dc), face_embedding (1, 512) -> the tensors of `names`."""

    inputs = ("patch_tokens", "class_embedding", "face_embedding")

    def __init__(self, model: IdAdapter, cached: bool = True) -> None:
        super().__init__()
        self.model, self.cached = model, cached
        self.names = ["sks_embedding", *names_of("identity", len(adapters(model)), cached)]

    def forward(self, patches: Tensor, classes: Tensor, faces: Tensor) -> tuple[Tensor, ...]:
        identity = self.model.identity(References(patches, classes, faces))
        return (identity.sks, *(identity_pairs(self.model, identity.tokens) if self.cached else (identity.tokens,)))


class TextGraph(nn.Module):
    """input_ids (1, L), sks_embedding (1, Dt) -> the tensors of `names`: the text's keys and values of every block."""

    inputs = ("input_ids", "sks_embedding")

    def __init__(self, model: IdAdapter, cached: bool = True) -> None:
        super().__init__()
        self.model, self.cached = model, cached
        self.names = names_of("text", len(transformer_blocks(model.unet)), cached)

    def forward(self, ids: Tensor, sks: Tensor) -> tuple[Tensor, ...]:
        states = self.model.text(ids, sks)
        return text_pairs(self.model, states) if self.cached else (states,)


class FaceIdentityGraph(nn.Module):
    """patch_tokens (1, N*P, Dv) and conditioned (1,) -> the tensors of `names`, of the image tokens of all N photos.

    `conditioned` is 1 for the person in the photos, 0 for nobody: what the adapter was trained to see where the photo
    is left out. `nobody` (1, P, Dv) is what the vision encoder says of it.
    """

    nobody: Tensor

    inputs = ("patch_tokens", "conditioned")

    def __init__(self, model: FaceAdapter, nobody: Tensor, cached: bool = True) -> None:
        super().__init__()
        self.model, self.cached = model, cached
        self.register_buffer("nobody", nobody)
        self.names = names_of("identity", len(transformer_blocks(model.unet)), cached)

    def forward(self, patches: Tensor, conditioned: Tensor) -> tuple[Tensor, ...]:
        photos = patches.reshape(-1, *self.nobody.shape[1:])
        seen = conditioned * photos + (1 - conditioned) * self.nobody
        tokens = self.model.adapter.image_proj(seen).flatten(0, 1)[None]
        return identity_pairs(self.model, tokens) if self.cached else (tokens,)


class FaceTextGraph(nn.Module):
    """input_ids (1, L) -> the tensors of `names`: the text's keys and values of every block."""

    inputs = ("input_ids",)

    def __init__(self, model: FaceAdapter, cached: bool = True) -> None:
        super().__init__()
        self.model, self.cached = model, cached
        self.names = names_of("text", len(transformer_blocks(model.unet)), cached)

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        states = self.model.text(input_ids=ids).last_hidden_state
        return text_pairs(self.model, states) if self.cached else (states,)


class UnetGraph(nn.Module):
    """latents (B, C, h, w), timestep (1,), beta (1,) and the outputs of the two graphs above -> prediction."""

    def __init__(self, model: IdAdapter | FaceAdapter, cached: bool = True) -> None:
        super().__init__()
        self.model, self.cached = model, cached
        self.blocks = len(transformer_blocks(model.unet))
        contexts = [name for kind in ("identity", "text") for name in names_of(kind, self.blocks, cached)]
        self.names = ["latents", "timestep", "beta", *contexts]

    def forward(self, *inputs: Tensor) -> Tensor:
        given = dict(zip(self.names, inputs, strict=True))
        identity = Context(pairs=self.pairs(given, "identity"), beta=given["beta"][:, None, None])
        text = Context(pairs=self.pairs(given, "text"))
        return self.model.denoise(given["latents"], given["timestep"], text, identity)

    def pairs(self, given: dict[str, Tensor], kind: str) -> list[tuple[Tensor, Tensor]]:
        """Keys and values of each block."""
        flat = [given[name] for name in names_of(kind, self.blocks, self.cached)]
        if not self.cached:
            flat = [*(identity_pairs if kind == "identity" else text_pairs)(self.model, flat[0])]
        return list(zip(flat[::2], flat[1::2], strict=True))


class ScaledVae(nn.Module):
    """diffusers' autoencoder, its decoder alone, with latents as the U-Net has them, at unit variance."""

    def __init__(self, vae: AutoencoderKL) -> None:
        super().__init__()
        self.vae, self.scale = vae, vae.config.scaling_factor
        del self.vae.encoder, self.vae.quant_conv

    def decode(self, latents: Tensor) -> Tensor:
        """(B, C, h, w) -> pictures (B, 3, H, W), about -1..1."""
        return self.vae.decode(latents / self.scale).sample


class EncoderGraph(nn.Module):
    """image (B, 3, 8 h, 8 w) in -1..1 -> latents (B, C, h, w), the posterior's mean: what denoising begins from a draft
    with."""

    def __init__(self, vae: AutoencoderKL) -> None:
        super().__init__()
        self.vae, self.scale = vae, vae.config.scaling_factor
        del self.vae.decoder, self.vae.post_quant_conv

    def forward(self, image: Tensor) -> Tensor:
        """The sizes are said again, as numbers: what is traced of the padding inside does not tell its own."""
        batch, _, height, width = (int(size) for size in image.shape)
        mean = self.vae.encode(image).latent_dist.mean
        channels, factor = self.vae.quant_conv.out_channels // 2, 2 ** (len(self.vae.config.block_out_channels) - 1)
        return mean.reshape(batch, channels, height // factor, width // factor) * self.scale


class DecoderGraph(nn.Module):
    """latents (B, C, h, w) -> image (B, 3, 8 h, 8 w) in -1..1."""

    def __init__(self, autoencoder: ScaledVae) -> None:
        super().__init__()
        self.autoencoder = autoencoder

    def forward(self, latents: Tensor) -> Tensor:
        return self.autoencoder.decode(latents).clamp(-1, 1)


def round_to_half(module: nn.Module) -> None:
    """Round every weight to what fp16 can hold: PyTorch then computes with the very weights the file stores."""
    with torch.no_grad():
        for tensor in (*module.parameters(), *module.buffers()):
            if tensor.is_floating_point():
                tensor.copy_(tensor.half().float())
