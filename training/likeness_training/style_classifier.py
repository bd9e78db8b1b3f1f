"""Stage `styles`: a small classifier of the styles, trained on the filters' own output, for `likeness evaluate --style-classifier`.

Plain crops are the label `photo`. One person in twenty is kept apart; the accuracy on their pictures is printed and
written. Writes `styles.onnx`, (1, 3, 128, 128) RGB 0..1 to a score for each label, and `styles.json` into the work folder.
"""

from __future__ import annotations

import json

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .config import Config
from .data.align import CROP_SIZE
from .data.arrays import Arrays, open_arrays, read_rows
from .data.styles import STYLES
from .progress import Progress
from .train.loop import prepare_torch

LABELS = ["photo", *STYLES]
HELD_OUT = 20
"""Of the people of the training split, one in so many is kept apart."""
BATCH = 32
PART = 64
"""The side of the part of a picture that a training step sees."""
SMALLEST = 0.6
"""Pictures are shrunk to this part at most and enlarged again while training: a model's own are softer than a filter's."""


class StyleClassifier(nn.Module):
    """Four strided convolutions, the mean over places, a linear layer."""

    def __init__(self, labels: int) -> None:
        super().__init__()
        widths = (3, 16, 32, 64, 96)
        layers: list[nn.Module] = []
        for width, wider in zip(widths, widths[1:]):
            layers += [nn.Conv2d(width, wider, 3, stride=2, padding=1), nn.BatchNorm2d(wider, momentum=0.05), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(widths[-1], labels)

    def forward(self, image: Tensor) -> Tensor:
        return self.head(self.body(image - 0.5).mean((2, 3)))


class Labelled:
    """Pictures made of crops, and plain crops, with their labels: read from the arrays as they are asked for."""

    def __init__(self, made: np.ndarray, plain: np.ndarray, rows: list[tuple[bool, int, object]], people: list[str]) -> None:
        """`rows`: (whether it is of `made`, its number there, its label or labels); `people`: whose each is."""
        self.made, self.plain = made, plain
        self.places = [(is_made, number) for is_made, number, _ in rows]
        self.labels = np.array([label for _, _, label in rows])
        order = {person: number for number, person in enumerate(sorted(set(people)))}
        kept_apart = np.array([order[person] % HELD_OUT == 0 for person in people])
        self.train, self.held_out = np.flatnonzero(~kept_apart), np.flatnonzero(kept_apart)

    def batch(self, chosen: np.ndarray) -> tuple[Tensor, Tensor]:
        """Pictures (B, 3, 128, 128), RGB 0..1, and their labels."""
        pixels = np.stack([(self.made if is_made else self.plain)[number] for is_made, number in (self.places[i] for i in chosen)])
        return torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255, torch.from_numpy(self.labels[chosen])


def styled_pictures(arrays: Arrays) -> Labelled:
    """Styled and plain crops, the style's place in LABELS."""
    rows = read_rows(arrays.folder / "styled.jsonl")
    plain = [int(crop) for crop in arrays.indices("train")[:: len(STYLES)]]
    labelled = [(True, number, LABELS.index(row["style"])) for number, row in enumerate(rows)] + [(False, crop, 0) for crop in plain]
    people = [arrays.rows[crop]["person"] for crop in [row["crop"] for row in rows] + plain]
    return Labelled(np.load(arrays.folder / "styled.npy", mmap_mode="r"), arrays.images, labelled, people)


def softened(images: Tensor, shrink: float) -> Tensor:
    """Shrunk to SMALLEST (`shrink` 0) up to all of their side (1), and enlarged again."""
    side = images.shape[2]
    smaller = round(side * (SMALLEST + (1 - SMALLEST) * shrink))
    small = functional.interpolate(images, size=(smaller, smaller), mode="bilinear", antialias=True)
    return functional.interpolate(small, size=(side, side), mode="bilinear")


def varied(images: Tensor, random: torch.Generator) -> Tensor:
    """A part of a batch, drawn: flipped or not, brighter or darker, half of the time shrunk and enlarged. A style is in
    every part of a picture, and a part costs a quarter."""
    flip, soften, shrink, light, down, across = torch.rand(6, generator=random).tolist()
    room = images.shape[2] - PART
    top, left = round(down * room), round(across * room)
    images = images[:, :, top : top + PART, left : left + PART]
    if flip < 0.5:
        images = images.flip(3)
    if soften < 0.5:
        images = softened(images, shrink)
    return (images * (0.9 + 0.2 * light)).clamp(0, 1)


def train(model: StyleClassifier, pictures: Labelled, config: Config, random: torch.Generator) -> None:
    """Draws `samples` pictures, every label equally often."""
    steps = config["samples"] // BATCH
    optimiser = torch.optim.AdamW(model.parameters(), lr=config["lr"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config["lr"], total_steps=max(steps, 2))
    rarity = 1 / np.bincount(pictures.labels, minlength=len(LABELS)).clip(1)
    weights = torch.from_numpy(rarity[pictures.labels[pictures.train]])
    progress = Progress("styles", steps * BATCH)
    for _ in range(steps):
        drawn = torch.multinomial(weights, BATCH, replacement=True, generator=random).numpy()
        images, labels = pictures.batch(pictures.train[drawn])
        loss = functional.cross_entropy(model(varied(images, random)), labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        progress.add(BATCH, loss=loss.item())


@torch.no_grad()
def accuracy_by_label(model: StyleClassifier, pictures: Labelled) -> dict[str, float]:
    """The share told right of each label's pictures of people kept apart."""
    hits: dict[str, list[bool]] = {}
    for start in range(0, len(pictures.held_out), BATCH):
        images, labels = pictures.batch(pictures.held_out[start : start + BATCH])
        for label, told in zip(labels.tolist(), model(images).argmax(1).tolist()):
            hits.setdefault(LABELS[label], []).append(label == told)
    return {label: round(float(np.mean(values)), 4) for label, values in sorted(hits.items())}


def run(config: Config) -> None:
    random = prepare_torch(config)
    pictures = styled_pictures(open_arrays(config))
    model = StyleClassifier(len(LABELS))
    train(model, pictures, config, random)
    accuracy = accuracy_by_label(model.eval(), pictures)
    file = config.work / "styles.onnx"
    example = torch.zeros(1, 3, CROP_SIZE, CROP_SIZE)
    torch.onnx.export(model, (example,), str(file), input_names=["image"], output_names=["scores"], opset_version=17, dynamo=False)
    described = {"labels": LABELS, "size": CROP_SIZE, "pictures": len(pictures.held_out), "accuracy": accuracy}
    file.with_suffix(".json").write_text(json.dumps(described, indent=1) + "\n")
    print(f"{file}: {np.mean(list(accuracy.values())):.3f} told right on average over {len(accuracy)} labels; least: {min(accuracy, key=accuracy.get)}")
