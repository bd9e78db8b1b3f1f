"""Phase `style_reader`: which style latents show, for the student to be told. Another network, on other input, than the classifier that measures."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import Config
from ..data.arrays import Arrays
from ..data.latents import Latents
from ..data.people import People
from ..models.latent_recogniser import LatentReader
from .identity_path import finished, ready
from .loop import Average, Run, Swapped


def known_styles(latents: Latents) -> list[str]:
    return sorted({row["style"] for row in latents.styled_rows})


def style_numbers(styles: list[str | None], known: list[str]) -> Tensor:
    """0 for a photograph, else the number of its style among those known, from 1."""
    return torch.tensor([0 if style is None else 1 + known.index(style) for style in styles])


def train_style_reader(config: Config, arrays: Arrays, latents: Latents, known: list[str]) -> LatentReader:
    """Cross-entropy on latents with a little noise. Logits (B, 1 + styles)."""
    model = LatentReader(latents.plain.shape[1], tuple(config["widths"]), 1 + len(known)).to(memory_format=torch.channels_last)
    path = config.work / "style_reader.pt"
    if ready(model, path):
        return model
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average, people = Average(model, config["ema"]), People(arrays, latents, config.values, config.get("seed", 0) + 5)
    state = Run(config, "distil: style reader", {"model": model, "optimizer": optimizer, "average": average, "people": people})
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        batch = people.draw(config["batch"])
        x = batch.latents + torch.rand(len(batch.latents), 1, 1, 1) * config["noise"] * torch.randn(batch.latents.shape)
        loss = F.cross_entropy(model(x), style_numbers(batch.styles, known), label_smoothing=0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(model)
        state.step(len(x), loss=float(loss.detach()))
    with Swapped(model, average), torch.inference_mode():
        state.log(train_right=right_of(model, latents, known), **{"photo_right": photo_right(model, arrays, latents)})
    state.save()
    return finished(model, average, path)


def right_of(model: LatentReader, latents: Latents, known: list[str]) -> float:
    """The share of styled latents told right, of the first 2,048."""
    truth = style_numbers([row["style"] for row in latents.styled_rows[:2048]], known)
    return float((model(torch.from_numpy(latents.styled[:2048]).float()).argmax(1) == truth).float().mean())


def photo_right(model: LatentReader, arrays: Arrays, latents: Latents) -> float:
    """The share of validation photos told to be photos."""
    rows = np.asarray(arrays.indices("val"))[:512]
    return float((model(torch.from_numpy(latents.plain[rows]).float()).argmax(1) == 0).float().mean())
