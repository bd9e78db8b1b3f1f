"""Stage `base`: words to faces, the text encoder trained with the U-Net; no person is given (beta = 0)."""

from __future__ import annotations

import torch

from ..config import Config
from ..data.arrays import open_arrays
from ..data.latents import open_latents
from .denoising import Denoising, build, open_tokenizer
from .loop import prepare_torch


def run(config: Config) -> None:
    prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    tokenizer = open_tokenizer(config, arrays)
    model = build(config, tokenizer)
    Denoising(config, model, arrays, latents, tokenizer, None).run("base")
    torch.save(model.state_dict(), config.work / "base.pt")
