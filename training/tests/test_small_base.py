"""The base that is trained here: in the layout of a published one, its latents of unit size, its photos ready for
`prepare`."""

from __future__ import annotations

import json

import pytest
import torch
from conftest import ROOT

from likeness_training.config import Config, load_config
from likeness_training.data.base_folder import BaseFolder
from likeness_training.data.portraits import people_folder
from likeness_training.draft.config import TinyConfig
from likeness_training.train.crops import Crops
from likeness_training.train.small_base import run, unit_latents

SMALL = load_config(ROOT / "configs/sd21-smoke/base.yaml")


@pytest.fixture(scope="module")
def trained(toy: TinyConfig, tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("small-base")
    config = Config(
        SMALL.path,
        {
            **SMALL.values,
            "prepared": str(toy.paths.work),
            "work": str(folder),
            "base": str(folder / "base"),
            "log_seconds": 0,
        },
    )
    run(config)
    return config


def test_it_is_a_whole_base_folder_and_a_second_run_has_nothing_to_do(
    trained: Config, capsys: pytest.CaptureFixture
) -> None:
    folder = trained.resolve(trained["base"])
    BaseFolder(folder, folder / "image_encoder").check(trained)
    logs = {
        path.parent.name: [json.loads(line) for line in path.read_text().splitlines()]
        for path in trained.work.glob("base-*/log.jsonl")
    }
    assert sorted(logs) == ["base-autoencoder", "base-vision_encoder", "base-words"]
    assert all(rows[-1]["samples"] == 4 for rows in logs.values())
    weights = (folder / "unet/diffusion_pytorch_model.safetensors").stat().st_mtime_ns
    run(trained)
    assert (folder / "unet/diffusion_pytorch_model.safetensors").stat().st_mtime_ns == weights
    assert "4/4" not in capsys.readouterr().err


def test_latents_are_brought_to_unit_size_and_pictures_stay(trained: Config, toy: TinyConfig) -> None:
    folder = trained.resolve(trained["base"])
    vae = BaseFolder(folder, folder / "image_encoder").load_vae()
    crops = Crops(toy.paths.work, trained["image"], torch.Generator().manual_seed(0))
    pictures = crops.pictures(crops.train[:8])
    with torch.inference_mode():
        before = vae.decode(vae.encode(pictures).latent_dist.mean).sample
        unit_latents(vae, pictures)
        latents = vae.encode(pictures).latent_dist.mean
        assert torch.allclose(vae.decode(latents).sample, before, atol=1e-3)
    scaled = latents * vae.config.scaling_factor
    assert torch.allclose(scaled.mean((0, 2, 3)), torch.zeros(4), atol=1e-3)
    assert torch.allclose(scaled.std((0, 2, 3)), torch.ones(4), atol=1e-2)


def test_the_photos_keep_validation_people_apart(trained: Config, toy: TinyConfig) -> None:
    rows = json.loads((toy.paths.work / "rows.json").read_text())
    found = people_folder(trained.work / "photos")
    assert found and all(portrait.captions for portrait in found)
    people = sorted({portrait.person for portrait in found})
    splits = {portrait.person: rows[int(portrait.file.stem)]["split"] for portrait in found}
    every = trained["val_every"]
    assert [splits[person] == "val" for person in people] == [
        number % every == every - 1 for number in range(len(people))
    ]
