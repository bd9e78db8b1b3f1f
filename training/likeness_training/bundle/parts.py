"""The parts of a bundle of the paper's size, base folder and what was trained on it: what `export` turns into
graphs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch

from ..config import Config, ConfigError
from ..data.base_folder import FAMILIES as BASES
from ..data.base_folder import BaseFolder, base_folder
from ..data.prompts import Prompts
from ..models.idadapter import IdAdapter
from ..models.ip_adapter import FaceAdapter, PenultimateVision
from ..models.lora import merge_lora
from ..models.paper_checkpoint import load_trained
from ..models.size import build_model, build_vision
from ..models.vision import ClipVision
from ..weight_files import check_safetensors, load_weights_file, sha256
from .graphs import EncoderGraph, FaceIdentityGraph, FaceTextGraph, IdentityGraph, ScaledVae, TextGraph, round_to_half

ADAPTER_IN, ADAPTER_OUT = "image_proj.proj_in.weight", "image_proj.proj_out.weight"
"""Of an IP-Adapter-Plus: the layers that know the width of the image encoder, and that of the text."""


@dataclass(frozen=True)
class Words:
    """A bundle's tokenizer: where its file is, its special ids, and texts to ids."""

    file: Path
    ids: dict[str, int]
    encode: Callable[[str], list[int]]


@dataclass
class Parts:
    """`vision` has `names`, its outputs; `identity` and `text` are the graphs that `model` is split into, beside the
    U-Net; `autoencoder` decodes scaled latents; `references` is a face's side in pixels. `encoder` makes latents of
    drafts, where portraits begin as such.

    `sources`: the sha256 of the weight files that it was made from, for the manifest.
    """

    model: IdAdapter | FaceAdapter
    identity: IdentityGraph | FaceIdentityGraph
    text: TextGraph | FaceTextGraph
    vision: ClipVision
    autoencoder: ScaledVae
    words: Words
    references: int
    sources: dict[str, object] = field(default_factory=dict)
    encoder: EncoderGraph | None = None


def parts_of_base(config: Config) -> Parts:
    """A base folder, and what was trained on it; without a checkpoint the base alone, its gates as the config says."""
    if not config["identity"].get("sks", True):
        raise ConfigError(
            f"{config.path}: `identity.sks` is false: such an ablation is measured in training, not served"
        )
    folder = base_folder(config)
    folder.check(config)
    prompts = folder.prompts(config)
    torch.manual_seed(0)
    model, vision = build_model(config, prompts.sks_id, prompts.end_id), build_vision(config)
    folder.load(model)
    folder.load_vision(vision)
    sources: dict[str, object] = {
        "base": sha256(folder.weights(folder.base / "unet")),
        "vision": sha256(folder.weights(folder.vision)),
        "identity": None,
    }
    if config["checkpoint"] is not None:
        model.load_state_dict(load_trained(checkpoint_of(config), config), strict=False)
        sources["identity"] = sha256(checkpoint_of(config))
    autoencoder, words, cached = ScaledVae(folder.load_vae()), words_of(prompts, config), config["cached"]
    identity, text = IdentityGraph(model, cached), TextGraph(model, cached)
    encoder = encoder_of(config, folder)
    return Parts(model, identity, text, vision, autoencoder, words, vision.size, sources, encoder)


def parts_of_face_adapter(config: Config) -> Parts:
    """Published weights alone: a base folder, its vision encoder, an adapter, and a LoRA that is merged, if given."""
    folder = base_folder(config)
    adapter = given_file(config, "adapter_file", "--adapter")
    lora = None if config.get("lora_file", None) is None else given_file(config, "lora_file", "--lora")
    folder.check(config)
    check_adapter(adapter, config)
    prompts = folder.prompts(config)
    text = {**config["text"], "bos_token_id": prompts.end_id - 1}
    model = FaceAdapter(text, config["adapter"], config["unet"], prompts.end_id)
    vision = PenultimateVision(config["vision"]).requires_grad_(False).eval()
    load_weights_file(model.adapter, adapter, lambda name: name)
    folder.load_unet(model.unet)
    folder.load_text(model.text)
    folder.load_vision(vision)
    sources: dict[str, object] = {
        "base": sha256(folder.weights(folder.base / "unet")),
        "vision": sha256(folder.weights(folder.vision)),
        "adapter": sha256(adapter),
        "lora": None,
    }
    if lora is not None:
        merge_lora(model.unet, lora)
        sources["lora"] = sha256(lora)
    with torch.no_grad():
        nobody = vision.nobody()
    words = words_of(prompts, config)
    words.ids.pop("sksTokenId")
    cached, autoencoder = config["cached"], ScaledVae(folder.load_vae())
    identity, text = FaceIdentityGraph(model, nobody, cached), FaceTextGraph(model, cached)
    encoder = encoder_of(config, folder)
    return Parts(model, identity, text, vision, autoencoder, words, vision.size, sources, encoder)


def check_adapter(path: Path, config: Config) -> None:
    """Raises ConfigError for an adapter of another image encoder or another base, by the header of its file alone."""
    shapes = {name: entry["shape"] for name, entry in check_safetensors(path).items()}
    if ADAPTER_IN not in shapes or ADAPTER_OUT not in shapes:
        raise ConfigError(f"{path}: lacks {ADAPTER_IN}: no IP-Adapter-Plus, or not in the form of its safetensors file")
    seen, text = shapes[ADAPTER_IN][1], shapes[ADAPTER_OUT][0]
    if seen != config["adapter"]["patch_width"]:
        raise ConfigError(
            f"{path}: an adapter of an image encoder of width {seen}; {config.path} has one of "
            f"{config['adapter']['patch_width']}"
        )
    if text != config["text"]["hidden_size"]:
        raise ConfigError(
            f"{path}: an adapter of {BASES.get(text, 'another base')} (text of width {text}); "
            f"the text of {config.path} has the width {config['text']['hidden_size']}"
        )


def encoder_of(config: Config, folder: BaseFolder) -> EncoderGraph | None:
    """The encoder of the base's autoencoder, where portraits begin as drafts."""
    return EncoderGraph(folder.load_vae()) if config.get("draft", None) else None


def given_file(config: Config, key: str, option: str) -> Path:
    if config.get(key, None) is None:
        raise ConfigError(f"{config.path}: `{key}` is not set: give the file with {option}")
    path = config.resolve(config[key])
    if not path.is_file():
        raise ConfigError(f"{path}: no such file; give it with {option}")
    check_safetensors(path)
    return path


FAMILIES = {"idadapter": parts_of_base, "ip-adapter": parts_of_face_adapter}
"""By the key `family` of a config."""


def words_of(prompts: Prompts, config: Config) -> Words:
    """CLIP's tokenizer in the form that a bundle ships."""
    path, tokenizer = config.work / "tokenizer.json", prompts.tokenizer
    tokenizer.backend_tokenizer.save(str(path))
    ids = {
        "sksTokenId": prompts.sks_id,
        "padTokenId": tokenizer.pad_token_id,
        "startTokenId": tokenizer.bos_token_id,
        "endTokenId": prompts.end_id,
    }
    return Words(path, ids, prompts.encode)


def checkpoint_of(config: Config) -> Path:
    checkpoint = config.work / config["checkpoint"]
    if not checkpoint.is_file():
        raise ConfigError(f"{checkpoint}: not trained yet; run the stage that writes it first")
    return checkpoint


def open_parts(config: Config) -> Parts:
    """The parts, ready for tracing. Their weights are rounded to fp16 unless the config's `precision` is fp32."""
    family = config.get("family", "idadapter")
    if family not in FAMILIES:
        raise ConfigError(f"{config.path}: `family` is {family!r}, expected one of {', '.join(FAMILIES)}")
    parts = FAMILIES[family](config)
    modules = (parts.identity, parts.text, parts.model, parts.autoencoder, parts.vision, parts.encoder)
    for part in (module for module in modules if module is not None):
        part.eval().to(memory_format=torch.contiguous_format)
        if config.get("precision", "fp16-weights") != "fp32":
            round_to_half(part)
    return parts
