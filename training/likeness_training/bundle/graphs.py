"""The bundle's graphs as modules of tensors alone: what `export` traces and the goldens are made with.

The keys and values of identity and text do not depend on the timestep: they leave the graphs `identity` and
`text_encoder` as outputs and come back as inputs of `unet`, one pair a transformer block.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, UNet2DConditionModel
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


def text_pairs(unet: UNet2DConditionModel, hidden: Tensor) -> tuple[Tensor, ...]:
    """Keys and values of every block's cross-attention, in order, of the text's states (1, L, width)."""
    attentions = [block.attn2 for block in transformer_blocks(unet)]
    return tuple(tensor for each in attentions for tensor in (each.to_k(hidden), each.to_v(hidden)))


def pair_names(kind: str, blocks: int) -> list[str]:
    """The names of the keys and values of every block."""
    return [f"{kind}_{part}_{index}" for index in range(blocks) for part in ("key", "value")]


class IdentityGraph(nn.Module):
    """patch_tokens (1, N*P, Dv), class_embedding (1, Dc), face_embedding (1, 512) -> the tensors of `names`."""

    inputs = ("patch_tokens", "class_embedding", "face_embedding")

    def __init__(self, model: IdAdapter) -> None:
        super().__init__()
        self.model = model
        self.names = ["sks_embedding", *pair_names("identity", len(adapters(model)))]

    def forward(self, patches: Tensor, classes: Tensor, faces: Tensor) -> tuple[Tensor, ...]:
        identity = self.model.identity(References(patches, classes, faces))
        pairs = [tensor for adapter in adapters(self.model) for tensor in adapter.pair(identity.tokens)]
        return (identity.sks, *pairs)


class TextGraph(nn.Module):
    """input_ids (1, L), sks_embedding (1, Dt) -> the tensors of `names`: the text's keys and values of every block."""

    inputs = ("input_ids", "sks_embedding")

    def __init__(self, model: IdAdapter) -> None:
        super().__init__()
        self.model = model
        self.names = pair_names("text", len(transformer_blocks(model.unet)))

    def forward(self, ids: Tensor, sks: Tensor) -> tuple[Tensor, ...]:
        return text_pairs(self.model.unet, self.model.text(ids, sks))


class FaceIdentityGraph(nn.Module):
    """patch_tokens (1, N*P, Dv) and conditioned (1,) -> the tensors of `names`, of the image tokens of all N photos.

    `conditioned` is 1 for the person in the photos, 0 for nobody: what the adapter was trained to see where the photo
    is left out. `nobody` (1, P, Dv) is what the vision encoder says of it.
    """

    nobody: Tensor

    inputs = ("patch_tokens", "conditioned")

    def __init__(self, model: FaceAdapter, nobody: Tensor) -> None:
        super().__init__()
        self.model = model
        self.register_buffer("nobody", nobody)
        self.names = pair_names("identity", len(transformer_blocks(model.unet)))

    def forward(self, patches: Tensor, conditioned: Tensor) -> tuple[Tensor, ...]:
        photos = patches.reshape(-1, *self.nobody.shape[1:])
        seen = conditioned * photos + (1 - conditioned) * self.nobody
        tokens = self.model.adapter.image_proj(seen)
        pairs = self.model.adapter.pairs(tokens.reshape(1, -1, tokens.shape[-1]))
        return tuple(tensor for pair in pairs for tensor in pair)


class FaceTextGraph(nn.Module):
    """input_ids (1, L) -> the tensors of `names`: the text's keys and values of every block."""

    inputs = ("input_ids",)

    def __init__(self, model: FaceAdapter) -> None:
        super().__init__()
        self.model = model
        self.names = pair_names("text", len(transformer_blocks(model.unet)))

    def forward(self, ids: Tensor) -> tuple[Tensor, ...]:
        return text_pairs(self.model.unet, self.model.text(input_ids=ids).last_hidden_state)


class UnetGraph(nn.Module):
    """latents (B, C, h, w), timestep (1,), beta (1,) and the outputs of the two graphs above -> prediction."""

    def __init__(self, model: IdAdapter | FaceAdapter) -> None:
        super().__init__()
        self.model = model
        self.blocks = len(transformer_blocks(model.unet))
        pairs = [*pair_names("identity", self.blocks), *pair_names("text", self.blocks)]
        self.names = ["latents", "timestep", "beta", *pairs]

    def forward(self, *inputs: Tensor) -> Tensor:
        given = dict(zip(self.names, inputs, strict=True))
        identity = Context(pairs=self.pairs(given, "identity"), beta=given["beta"][:, None, None])
        text = Context(pairs=self.pairs(given, "text"))
        return self.model.denoise(given["latents"], given["timestep"], text, identity)

    def pairs(self, given: dict[str, Tensor], kind: str) -> list[tuple[Tensor, Tensor]]:
        return [(given[f"{kind}_key_{i}"], given[f"{kind}_value_{i}"]) for i in range(self.blocks)]


class ScaledVae(nn.Module):
    """diffusers' autoencoder, its decoder alone, with latents as the U-Net has them, at unit variance."""

    def __init__(self, vae: AutoencoderKL) -> None:
        super().__init__()
        self.vae, self.scale = vae, vae.config.scaling_factor
        del self.vae.encoder, self.vae.quant_conv

    def decode(self, latents: Tensor) -> Tensor:
        """(B, C, h, w) -> pictures (B, 3, H, W), about -1..1."""
        return self.vae.decode(latents / self.scale).sample


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
