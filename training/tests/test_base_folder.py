"""What is wrong with a base folder is one sentence, said before a weight is loaded."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
import torch
from conftest import ROOT
from diffusers import UNet2DConditionModel
from transformers import CLIPTextModel

from likeness_training.bundle import export
from likeness_training.bundle.export import memory_needed
from likeness_training.config import Config, ConfigError, load_config
from likeness_training.data.base_folder import BaseFolder, base_folder
from likeness_training.data.random_base import unet_settings, write_scheduler
from likeness_training.models.size import build_model, build_vision
from likeness_training.room import require_disk, require_memory
from likeness_training.weight_files import SUMS, check_safetensors, check_sums, sha256

SMALL = load_config(ROOT / "configs/sd21-smoke/model.yaml")
EXPORT = load_config(ROOT / "configs/sd21-smoke/export.yaml")


@pytest.fixture
def copy(sd21_base: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sd21_base, tmp_path / "base"))


def opened(folder: Path) -> BaseFolder:
    return base_folder(Config(SMALL.path, {**SMALL.values, "base": str(folder)}))


def rewrite(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def scramble(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:8] + b"<html>" + data[14:])


def split_sks(folder: Path) -> None:
    """A tokenizer that never learned `sks` as one piece."""
    lines = (folder / "merges.txt").read_text().splitlines()
    (folder / "merges.txt").write_text("\n".join(line for line in lines if line.replace(" ", "") != "sks</w>") + "\n")


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda base: shutil.rmtree(base), "no such folder; give a local diffusers folder"),
    "no scheduler": (lambda base: shutil.rmtree(base / "scheduler"), "scheduler_config.json: missing"),
    "no weights": (lambda base: (base / "vae/diffusion_pytorch_model.safetensors").unlink(), "vae: no weights in it"),
    "no tokenizer": (lambda base: (base / "tokenizer/merges.txt").unlink(), "neither tokenizer.json nor vocab.json"),
    "velocity": (
        lambda base: rewrite(base / "scheduler/scheduler_config.json", prediction_type="v_prediction"),
        '`prediction_type` is "v_prediction", this config\'s model has "epsilon"',
    ),
    "other width": (
        lambda base: rewrite(base / "unet/config.json", cross_attention_dim=768),
        "`cross_attention_dim` is 768",
    ),
    "other text encoder": (
        lambda base: rewrite(base / "text_encoder/config.json", hidden_act="quick_gelu"),
        '`hidden_act` is "quick_gelu"',
    ),
    "other vision encoder": (
        lambda base: rewrite(base / "image_encoder/config.json", patch_size=32),
        "`patch_size` is 32",
    ),
    "damaged JSON": (lambda base: (base / "unet/config.json").write_text("{"), "not valid JSON"),
    "cut short": (lambda base: cut(base / "unet/diffusion_pytorch_model.safetensors"), "the download is not whole"),
    "a web page": (lambda base: scramble(base / "text_encoder/model.safetensors"), "its header is no JSON"),
    "empty file": (
        lambda base: (base / "image_encoder/model.safetensors").write_bytes(b""),
        "its header does not fit into 0 bytes",
    ),
    "sks in pieces": (lambda base: split_sks(base / "tokenizer"), "`sks` is 2 tokens"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_folder_is_one_clear_error(copy: Path, name: str) -> None:
    harm, sentence = DAMAGE[name]
    harm(copy)
    with pytest.raises(ConfigError) as caught:
        opened(copy).check(SMALL)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_whole_folder_is_loaded_to_the_last_weight(sd21_base: Path) -> None:
    folder = opened(sd21_base)
    folder.check(SMALL)
    prompts = folder.prompts(SMALL)
    model, vision = build_model(SMALL, prompts.sks_id, prompts.end_id), build_vision(SMALL)
    folder.load(model)
    folder.load_vision(vision)
    plain = UNet2DConditionModel.from_pretrained(sd21_base / "unet").state_dict()
    loaded = {name: value for name, value in model.unet.state_dict().items() if ".fuser." not in name}
    assert loaded.keys() == plain.keys()
    assert all(torch.equal(value, loaded[name]) for name, value in plain.items())
    text = CLIPTextModel.from_pretrained(sd21_base / "text_encoder").eval()
    ids = prompts.batch([("smiling, pencil sketch", None)])
    hidden = model.eval().text(ids, torch.zeros(1, 32))
    assert torch.allclose(hidden, text(ids).last_hidden_state, atol=1e-5)
    assert folder.load_vae().decode(torch.zeros(1, 4, 8, 8)).sample.shape == (1, 3, 64, 64)


def test_weights_of_another_size_name_the_tensor(sd21_base: Path) -> None:
    other = {**SMALL.values, "unet": {**SMALL["unet"], "block_out_channels": [64, 64, 64, 64]}}
    model = build_model(Config(SMALL.path, other), 637, 639)
    with pytest.raises(ConfigError, match="has the shape"):
        opened(sd21_base).load(model)


def test_sums_find_a_changed_byte(copy: Path) -> None:
    weights = copy / "unet/diffusion_pytorch_model.safetensors"
    with pytest.raises(ConfigError, match="no such file to compare"):
        check_sums(copy)
    (copy / SUMS).write_text(f"{sha256(weights)}  unet/{weights.name}\n")
    assert check_sums(copy) == 1
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    check_safetensors(weights)
    with pytest.raises(ConfigError, match="a corrupt download"):
        check_sums(copy)


def test_too_little_disk_or_memory_is_said_with_both_figures(sd21_base: Path, tmp_path: Path) -> None:
    require_disk(tmp_path / "not/there/yet", 1, "this")
    with pytest.raises(ConfigError, match="checkpoints needs .* GiB of disk"):
        require_disk(tmp_path, 2**60, "checkpoints")
    with pytest.raises(ConfigError, match="GiB of memory on cpu"):
        require_memory(torch.device("cpu"), 2**60, "training", "make `micro` smaller")
    assert memory_needed(EXPORT, BaseFolder(sd21_base, sd21_base / "image_encoder")) > 4 * 10**6
    with (
        patch("likeness_training.room.free_memory", return_value=2**20),
        pytest.raises(ConfigError, match="the export needs .* GiB of memory on cpu, 0.0 GiB are free$"),
    ):
        export.run(Config(EXPORT.path, {**EXPORT.values, "base": str(sd21_base), "out": str(tmp_path / "bundle")}))
    assert not (tmp_path / "bundle").exists()


@pytest.mark.parametrize(
    ("config", "other", "sentence"),
    [
        ("sd15-face", "sd21", "this is the U-Net of Stable Diffusion 2 (`cross_attention_dim` is 1024), and "),
        ("sd21", "sd15-face", "this is the U-Net of Stable Diffusion 1 (`cross_attention_dim` is 768), and "),
    ],
)
def test_stable_diffusion_2_given_as_1_is_named(tmp_path: Path, config: str, other: str, sentence: str) -> None:
    """Folders of the published settings; no weight is read."""
    mine, theirs = (load_config(ROOT / f"configs/{name}/model.yaml") for name in (config, other))
    write_scheduler(mine, tmp_path / "scheduler")
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet/config.json").write_text(json.dumps(unet_settings(theirs)))
    with pytest.raises(ConfigError) as caught:
        BaseFolder(tmp_path, tmp_path / "image_encoder").check(mine)
    assert sentence in str(caught.value) and "\n" not in str(caught.value)
