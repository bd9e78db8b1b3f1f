"""Write a base folder of random weights with the shapes of a config: every step of the full size tried without a
download.

    python -m likeness_training.data.random_base configs/sd21-smoke/model.yaml work/sd21-smoke/base

The layout and the names in it are those of a downloaded one: a U-Net, an autoencoder, a text encoder, a tokenizer of
CLIP's form, a scheduler, and a vision encoder in `image_encoder/`. Where the config has an adapter, that and a LoRA lie
beside them.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMScheduler, UNet2DConditionModel
from safetensors.torch import save_file
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers import CLIPTextConfig, CLIPTextModel, CLIPVisionConfig, CLIPVisionModel

from ..config import Config, load_config
from ..models.attention import transformer_blocks
from ..models.ip_adapter import Adapter
from ..models.size import build_vae
from .captions import STYLE_WORDS, caption

START, END = "<|startoftext|>", "<|endoftext|>"
ADAPTER, LORA = "ip-adapter-plus-face.safetensors", "lcm-lora.safetensors"
LORA_RANK = 4


def training_texts() -> list[str]:
    """Captions that hold `sks` often enough to become one token."""
    source = random.Random(0)
    row = {
        "gender": "female",
        "age": 30,
        "expression": "happy",
        "expression_p": 0.9,
        "yaw": 0.0,
        "pitch": 0.0,
        "tilt": 0.0,
    }
    return [
        caption({**row, "yaw": source.uniform(-40, 40)}, source, made={"style": source.choice(list(STYLE_WORDS)[1:])})
        for _ in range(1500)
    ]


def write_tokenizer(folder: Path, size: int, texts: Iterable[str]) -> None:
    """vocab.json and merges.txt of CLIP's form: bytes, bytes that end a word, merges, start and end."""
    learner = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    learner.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Whitespace(), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    learner.train_from_iterator(texts, trainer)
    learned = json.loads(learner.to_str())["model"]["merges"]
    tokens = [*alphabet, *(f"{letter}</w>" for letter in alphabet)]
    pairs = [tuple(pair) for pair in learned if all(pair)][: size - len(tokens) - 2]
    vocabulary = {
        token: index for index, token in enumerate([*tokens, *dict.fromkeys("".join(pair) for pair in pairs)])
    }
    for special in (START, END):
        vocabulary[special] = len(vocabulary)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.json").write_text(json.dumps(vocabulary))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{left} {right}\n" for left, right in pairs))
    names = {
        "tokenizer_class": "CLIPTokenizer",
        "bos_token": START,
        "eos_token": END,
        "unk_token": END,
        "pad_token": "!",
        "model_max_length": 77,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(names))


def save_clip(folder: Path, model: CLIPTextModel | CLIPVisionModel, prefix: str) -> None:
    """config.json and model.safetensors, names with the prefix that published files have."""
    folder.mkdir(parents=True, exist_ok=True)
    model.config.to_json_file(folder / "config.json", use_diff=False)
    save_file(
        {f"{prefix}.{name}": value.contiguous() for name, value in model.state_dict().items()},
        str(folder / "model.safetensors"),
    )


def unet_settings(config: Config) -> dict[str, Any]:
    """Of diffusers' own U-Net."""
    return {
        **config["unet"],
        "in_channels": config["unet"]["out_channels"],
        "cross_attention_dim": config["text"]["hidden_size"],
    }


def text_config(config: Config) -> CLIPTextConfig:
    """With the ids that `write_tokenizer` gives start and end."""
    vocabulary = config["text"]["vocab_size"]
    return CLIPTextConfig(**config["text"], bos_token_id=vocabulary - 2, eos_token_id=vocabulary - 1)


def write_scheduler(config: Config, folder: Path) -> None:
    diffusion = config["diffusion"]
    DDIMScheduler(
        num_train_timesteps=diffusion["trainTimesteps"],
        beta_start=diffusion["betaStart"],
        beta_end=diffusion["betaEnd"],
        beta_schedule=diffusion["schedule"],
        prediction_type=diffusion["prediction"],
    ).save_pretrained(folder)


def write_adapter(config: Config, folder: Path) -> None:
    """An adapter and a LoRA beside the base, in the form of the published files."""
    unet = UNet2DConditionModel(**unet_settings(config))
    inner = [block.attn2.inner_dim for block in transformer_blocks(unet)]
    adapter = Adapter(config["adapter"], config["text"]["hidden_size"], inner)
    save_file(adapter.state_dict(), str(folder / ADAPTER))
    lora: dict[str, torch.Tensor] = {}
    for name, layer in unet.named_modules():
        if isinstance(layer, (torch.nn.Linear, torch.nn.Conv2d)) and ("attn" in name or "resnets" in name):
            size, key = layer.weight.shape, f"lora_unet_{name.replace('.', '_')}"
            lora[f"{key}.lora_down.weight"] = torch.randn(LORA_RANK, *size[1:]) * 0.02
            lora[f"{key}.lora_up.weight"] = torch.randn(size[0], LORA_RANK, *(1,) * (len(size) - 2)) * 0.02
            lora[f"{key}.alpha"] = torch.tensor(LORA_RANK / 2)
    save_file(lora, str(folder / LORA))


def write_base(config: Config, folder: Path) -> None:
    torch.manual_seed(0)
    UNet2DConditionModel(**unet_settings(config)).save_pretrained(folder / "unet")
    build_vae(config).save_pretrained(folder / "vae")
    save_clip(folder / "text_encoder", CLIPTextModel(text_config(config)), "text_model")
    save_clip(folder / "image_encoder", CLIPVisionModel(CLIPVisionConfig(**config["vision"])), "vision_model")
    write_scheduler(config, folder / "scheduler")
    write_tokenizer(folder / "tokenizer", config["text"]["vocab_size"], training_texts())
    if config.get("adapter", None) is not None:
        write_adapter(config, folder)
    print(f"{folder}: random weights with the shapes of {config.path}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="a model.yaml of the full size or of its shrunk twin")
    parser.add_argument("folder", type=Path)
    arguments = parser.parse_args()
    write_base(load_config(arguments.config), arguments.folder)


if __name__ == "__main__":
    main()
