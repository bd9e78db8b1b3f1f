"""A local diffusers folder of the base model (and CLIP's vision encoder): checked against the config, then loaded."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from diffusers import AutoencoderKL
from diffusers.utils import logging as diffusers_logging
from torch import nn
from transformers import CLIPTextConfig, CLIPTokenizer, CLIPVisionConfig

from ..config import Config, ConfigError
from ..models.idadapter import IdAdapter
from ..models.vision import ClipVision
from ..weight_files import check_safetensors, load_weights_file
from .prompts import Prompts

WEIGHTS = (
    "diffusion_pytorch_model.safetensors",
    "model.safetensors",
    "diffusion_pytorch_model.fp16.safetensors",
    "model.fp16.safetensors",
)
"""What a part's weights may be called, the fullest precision first."""

TEXT_KEYS = (
    "vocab_size",
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "max_position_embeddings",
    "hidden_act",
)
VISION_KEYS = (
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "image_size",
    "patch_size",
    "hidden_act",
)
VAE_KEYS = ("latent_channels", "block_out_channels", "layers_per_block", "scaling_factor")
SCHEDULES = (
    ("prediction_type", "prediction"),
    ("beta_start", "betaStart"),
    ("beta_end", "betaEnd"),
    ("num_train_timesteps", "trainTimesteps"),
)
FAMILIES = {768: "Stable Diffusion 1", 1024: "Stable Diffusion 2", 2048: "Stable Diffusion XL"}
"""By the width of the text's states."""
DEFAULTS = {"prediction_type": "epsilon", "scaling_factor": 0.18215}
"""What diffusers means where a file is silent."""


def read_json(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ConfigError(f"{path}: missing; the folder is not a whole diffusers model")
    try:
        return json.loads(path.read_text())
    except ValueError as error:
        raise ConfigError(f"{path}: not valid JSON: a damaged download") from error


def compare(path: Path, found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Raises ConfigError where a setting of the folder is not the config's."""
    for key, value in expected.items():
        has = found.get(key, DEFAULTS.get(key))
        if has != value:
            raise ConfigError(f"{path}: `{key}` is {json.dumps(has)}, this config's model has {json.dumps(value)}")


@dataclass(frozen=True)
class BaseFolder:
    """`base`: unet/, vae/, text_encoder/, tokenizer/, scheduler/. `vision`: a transformers folder of CLIP."""

    base: Path
    vision: Path

    def weights(self, folder: Path) -> Path:
        found = next((folder / name for name in WEIGHTS if (folder / name).is_file()), None)
        if found is None:
            raise ConfigError(
                f"{folder}: no weights in it; expected {WEIGHTS[0]} or {WEIGHTS[1]} (safetensors; "
                f".bin files are not read)"
            )
        return found

    def check(self, config: Config) -> None:
        """Everything that can be known without loading a weight: files, shapes, prediction type, schedule,
        tokenizer."""
        if not self.base.is_dir():
            raise ConfigError(
                f"{self.base}: no such folder; give a local diffusers folder of the base model with --base"
            )
        scheduler = self.base / "scheduler" / "scheduler_config.json"
        compare(scheduler, read_json(scheduler), {theirs: config["diffusion"][ours] for theirs, ours in SCHEDULES})
        self.check_family(config)
        unet = {key: value for key, value in config["unet"].items() if key != "sample_size"}
        unet |= {"in_channels": config["unet"]["out_channels"], "cross_attention_dim": config["text"]["hidden_size"]}
        parts = (
            (self.base / "unet", unet),
            (self.base / "vae", {key: config["vae"][key] for key in VAE_KEYS}),
        )
        for folder, expected in parts:
            compare(folder / "config.json", read_json(folder / "config.json"), expected)
        text, vision = self.base / "text_encoder" / "config.json", self.vision / "config.json"
        compare(
            text, {**CLIPTextConfig().to_dict(), **read_json(text)}, {key: config["text"][key] for key in TEXT_KEYS}
        )
        seen = read_json(vision)
        compare(
            vision,
            {**CLIPVisionConfig().to_dict(), **seen.get("vision_config", seen)},
            {key: config["vision"][key] for key in VISION_KEYS},
        )
        for folder in (self.base / "unet", self.base / "vae", self.base / "text_encoder", self.vision):
            check_safetensors(self.weights(folder))
        self.prompts(config)

    def check_family(self, config: Config) -> None:
        """Another Stable Diffusion is named as such, and not by the first of many settings that differ."""
        path = self.base / "unet" / "config.json"
        width, wanted = read_json(path).get("cross_attention_dim"), config["text"]["hidden_size"]
        if width != wanted and width in FAMILIES and wanted in FAMILIES:
            raise ConfigError(
                f"{path}: this is the U-Net of {FAMILIES[width]} (`cross_attention_dim` is {width}), and "
                f"{config.path} is for {FAMILIES[wanted]}"
            )

    def prompts(self, config: Config) -> Prompts:
        """The folder's tokenizer. Raises ConfigError where `sks` is not one token of it."""
        folder = self.base / "tokenizer"
        if not (folder / "tokenizer.json").is_file() and not (
            (folder / "vocab.json").is_file() and (folder / "merges.txt").is_file()
        ):
            raise ConfigError(f"{folder}: neither tokenizer.json nor vocab.json and merges.txt")
        return Prompts(
            CLIPTokenizer.from_pretrained(str(folder)), config["text"]["max_position_embeddings"], str(folder)
        )

    def load(self, model: IdAdapter) -> None:
        """The U-Net's and the text encoder's weights; adapters, MFF and MLP keep what they have."""
        self.load_unet(model.unet)
        embedding = "token_embedding.weight"
        self.load_text(model.text.clip, lambda name: name.replace(embedding, "token_embedding.embedding.weight"))

    def load_unet(self, unet: nn.Module) -> None:
        """All but the gated adapters of IDAdapter, which no base has."""
        load_weights_file(unet, self.weights(self.base / "unet"), lambda name: name, lambda name: ".fuser." in name)

    def load_text(self, text: nn.Module, rename: Callable[[str], str] = lambda name: name) -> None:
        file = self.weights(self.base / "text_encoder")
        load_weights_file(text, file, lambda name: rename(name.removeprefix("text_model.")))

    def load_vae(self) -> AutoencoderKL:
        """By diffusers itself, which knows the older names of its attention."""
        diffusers_logging.disable_progress_bar()
        return (
            AutoencoderKL.from_pretrained(str(self.base), subfolder="vae", local_files_only=True)
            .requires_grad_(False)
            .eval()
        )

    def load_vision(self, vision: ClipVision) -> None:
        """The vision half of a whole CLIP, or a vision encoder alone."""

        def name_of(name: str) -> str | None:
            others = ("text_model.", "text_projection", "visual_projection", "logit_scale")
            return None if name.startswith(others) else name.removeprefix("vision_model.")

        load_weights_file(vision.clip, self.weights(self.vision), name_of)


def base_folder(config: Config) -> BaseFolder:
    """The folders a config names. Raises ConfigError where it names no base."""
    base, vision = config.get("base", None), config.get("vision_folder", None)
    if base is None:
        raise ConfigError(
            "no base model: give a local diffusers folder with --base (random_base writes one for a trial)"
        )
    folder = config.resolve(base)
    return BaseFolder(folder, config.resolve(vision) if vision else folder / "image_encoder")
