"""Stage `added`: a small classifier of accessories, backdrops and lights, trained on the drawn pictures themselves, for `likeness evaluate --added-classifier`.

Plain crops and what a picture has not are the label `none`. One person in twenty is kept apart; the accuracy on their
pictures is printed and written. Writes `added.onnx`, (1, 3, 128, 128) RGB 0..1 to the scores of each kind, and `added.json` into the work folder.
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
from .data.captions import ADDED
from .progress import Progress
from .style_classifier import BATCH, Labelled, StyleClassifier, softened
from .train.loop import prepare_torch

LABELS = {kind: ["none", *sorted(table)] for kind, table in ADDED.items()}
PLAIN_SHARE = 0.2
"""Of the pictures, plain crops."""


class AddedClassifier(nn.Module):
    """The body of the classifier of styles, its map kept as 4x4 places (a hat is above, a nose in the middle), one head a kind."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = [len(labels) for labels in LABELS.values()]
        shared = StyleClassifier(1)
        self.body, width = shared.body, shared.head.in_features
        self.head = nn.Sequential(nn.Flatten(), nn.Dropout(0.2), nn.Linear(width * 16, sum(self.sizes)))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        return self.head(functional.avg_pool2d(self.body(image - 0.5), 2)).split(self.sizes, 1)


def dressed_pictures(arrays: Arrays) -> Labelled:
    """Dressed and plain crops, a label of each kind; drawn styles hide colours, so pictures that have one are left out."""
    rows = [(True, number, row) for number, row in enumerate(read_rows(arrays.folder / "dressed.jsonl")) if "style" not in row]
    rows += [(False, int(crop), {"crop": int(crop)}) for crop in arrays.indices("train")[:: round(1 / PLAIN_SHARE)]]
    labelled = [(is_dressed, number, [labels.index(row.get(kind, "none")) for kind, labels in LABELS.items()]) for is_dressed, number, row in rows]
    return Labelled(np.load(arrays.folder / "dressed.npy", mmap_mode="r"), arrays.targets, labelled, [arrays.rows[row["crop"]]["person"] for _, _, row in rows])


def varied(images: Tensor, random: torch.Generator) -> Tensor:
    """A batch flipped or not, half of the time shrunk and enlarged: a model's own pictures are softer than drawn ones."""
    flip, soften, shrink = torch.rand(3, generator=random).tolist()
    if flip < 0.5:
        images = images.flip(3)
    if soften < 0.5:
        images = softened(images, shrink)
    return images


def train(model: AddedClassifier, pictures: Labelled, config: Config, random: torch.Generator) -> None:
    steps = max(config["samples"] // BATCH, 2)
    optimiser = torch.optim.AdamW(model.parameters(), lr=config["lr"])
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config["lr"], total_steps=steps)
    progress = Progress("added", steps * BATCH)
    for _ in range(steps):
        drawn = pictures.train[torch.randint(len(pictures.train), (BATCH,), generator=random).numpy()]
        images, labels = pictures.batch(drawn)
        scores = model(varied(images, random))
        loss = sum(functional.cross_entropy(each, labels[:, kind]) for kind, each in enumerate(scores))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        progress.add(BATCH, loss=loss.item())


@torch.no_grad()
def accuracy_by_kind(model: AddedClassifier, pictures: Labelled) -> dict[str, float]:
    """The share told right of what pictures of people kept apart have of each kind."""
    hits: dict[str, list[bool]] = {kind: [] for kind in LABELS}
    for start in range(0, len(pictures.held_out), BATCH):
        images, labels = pictures.batch(pictures.held_out[start : start + BATCH])
        for kind, scores, truth in zip(LABELS, model(images), labels.T):
            hits[kind] += (scores.argmax(1) == truth)[truth > 0].tolist()
    return {kind: round(float(np.mean(values)), 4) for kind, values in hits.items() if values}


def run(config: Config) -> None:
    random = prepare_torch(config)
    pictures, model = dressed_pictures(open_arrays(config)), AddedClassifier()
    train(model, pictures, config, random)
    accuracy = accuracy_by_kind(model.eval(), pictures)
    file = config.work / "added.onnx"
    example = torch.zeros(1, 3, CROP_SIZE, CROP_SIZE)
    torch.onnx.export(model, (example,), str(file), input_names=["image"], output_names=list(LABELS), opset_version=17, dynamo=False)
    file.with_suffix(".json").write_text(json.dumps({**LABELS, "size": CROP_SIZE, "pictures": len(pictures.held_out), "accuracy": accuracy}, indent=1) + "\n")
    print(f"{file}: told right: {accuracy}")
