"""The face recogniser is given the channels of a picture in the order that the config says."""

from __future__ import annotations

import pytest
import torch
from conftest import ROOT

from likeness_training.config import ConfigError, load_config
from likeness_training.models.recogniser import Recogniser

CONFIG = load_config(ROOT / "configs/sd21/model.yaml")
FILE = CONFIG.resolve(CONFIG["face_models"]) / "fr_feature.onnx"


def test_bgr_is_the_same_network_on_swapped_channels() -> None:
    images = torch.randint(0, 256, (2, 3, 112, 112), generator=torch.Generator().manual_seed(0)).float()
    rgb, bgr = Recogniser(FILE), Recogniser(FILE, CONFIG["recogniser"])
    assert torch.equal(bgr(images), rgb(images[:, [2, 1, 0]]))
    assert not torch.allclose(bgr(images), rgb(images))


def test_another_order_is_one_sentence() -> None:
    with pytest.raises(ConfigError, match="'gbr', expected one of rgb, bgr"):
        Recogniser(FILE, "gbr")
