"""Phase `made_reader`: what latents show was made of a photo (style, accessory, backdrop, light), for the student to be told.

Another network, on other input, than the classifiers that measure.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import Config
from ..data.arrays import Arrays
from ..data.latents import Latents
from ..data.people import People, made_of
from ..models.latent_recogniser import LatentReader
from .identity_path import finished, ready
from .loop import Average, Run, Swapped

KINDS = ("style", "accessory", "backdrop", "light")
UNTOLD = -100
"""A number that cross-entropy passes over."""


class Known:
    """The names of each of KINDS, in the alphabet's order, as the rows of the data have them."""

    def __init__(self, latents: Latents) -> None:
        rows = [*latents.styled_rows, *latents.dressed_rows]
        self.names = {kind: sorted({row[kind] for row in rows if kind in row}) for kind in KINDS}

    @property
    def sizes(self) -> list[int]:
        """Classes of each kind: none of it, and its names."""
        return [1 + len(names) for names in self.names.values()]

    def numbers(self, made: list[dict[str, str]]) -> Tensor:
        """(B, kinds): 0 for none, else the number of its name, from 1."""
        return torch.tensor([[1 + names.index(changes[kind]) if kind in changes else 0 for kind, names in self.names.items()] for changes in made])


def told(numbers: Tensor) -> Tensor:
    """`numbers` with UNTOLD where a picture says nothing: backdrop and light of a style, and whether one wears something nobody drew."""
    found = numbers.clone()
    styled = numbers[:, 0] > 0
    found[styled, 2:] = UNTOLD
    found[styled & (numbers[:, 1] == 0), 1] = UNTOLD
    return found


def asked(numbers: Tensor) -> Tensor:
    """`told` for who draws: nobody has to take off glasses of his own."""
    found = told(numbers)
    found[numbers[:, 1] == 0, 1] = UNTOLD
    return found


class MadeReader(nn.Module):
    """Latents (B, C, 16, 16) -> logits of each kind, (B, 1 + names) each."""

    def __init__(self, channels: int, widths: tuple[int, int, int], sizes: list[int]) -> None:
        super().__init__()
        self.sizes, self.reader = sizes, LatentReader(channels, widths, sum(sizes))

    def forward(self, latents: Tensor) -> list[Tensor]:
        return list(self.reader(latents).split(self.sizes, 1))

    def loss(self, latents: Tensor, numbers: Tensor, smoothing: float = 0.0) -> Tensor:
        """Cross-entropy of all kinds, summed, as a mean over the batch; what is UNTOLD adds nothing."""
        parts = [F.cross_entropy(logits, numbers[:, kind], label_smoothing=smoothing, ignore_index=UNTOLD, reduction="sum") for kind, logits in enumerate(self(latents))]
        return sum(parts) / len(latents)


def train_made_reader(config: Config, arrays: Arrays, latents: Latents, known: Known) -> MadeReader:
    """On latents with a little noise."""
    model = MadeReader(latents.plain.shape[1], tuple(config["widths"]), known.sizes).to(memory_format=torch.channels_last)
    path = config.work / "made_reader.pt"
    if ready(model, path):
        return model
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average, people = Average(model, config["ema"]), People(arrays, latents, config.values, config.get("seed", 0) + 5)
    state = Run(config, "distil: made reader", {"model": model, "optimizer": optimizer, "average": average, "people": people})
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        batch = people.draw(config["batch"])
        x = batch.latents + torch.rand(len(batch.latents), 1, 1, 1) * config["noise"] * torch.randn(batch.latents.shape)
        loss = model.loss(x, told(known.numbers(batch.made)), 0.05)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(model)
        state.step(len(x), loss=float(loss.detach()))
    with Swapped(model, average), torch.inference_mode():
        state.log(**right_of(model, latents, known))
    state.save()
    return finished(model, average, path)


def right_of(model: MadeReader, latents: Latents, known: Known, count: int = 2048) -> dict[str, float]:
    """The share of each kind told right, of the first styled and dressed latents."""
    pairs = [(latents.styled[:count], latents.styled_rows[:count]), (latents.dressed[:count], latents.dressed_rows[:count])]
    answers = [torch.stack([logits.argmax(1) for logits in model(torch.from_numpy(x).float())], 1) for x, _ in pairs]
    truth = told(known.numbers([made_of(row) for _, rows in pairs for row in rows]))
    hits = (torch.cat(answers) == truth).float()
    return {f"{kind}_right": float(hits[truth[:, index] > 0, index].mean()) for index, kind in enumerate(KINDS)}
