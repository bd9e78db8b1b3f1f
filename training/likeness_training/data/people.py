"""Training samples of people: a target latent, its caption's facts, and N references of the same person."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import torch
from torch import Tensor

from ..models.latent_recogniser import READ_EXPRESSIONS
from .accessories import HIDES
from .arrays import Arrays
from .captions import SURE, caption, side_of
from .latents import Latents


@dataclass
class Sample:
    """One batch. `made`: what was made of each photo, kind of fact -> its class (captions.facts); `plain` marks those without a style.

    `likeness` (B,): how much of a likeness can be asked for; 1 but where something covers the face.

    `shown` (B, 16, 512): the target's own patch tokens, row by row as the picture shows them (of a styled one: its photo's).
    `yaw` (B,) in degrees as the target shows it; `expression` (B,) index into READ_EXPRESSIONS, -100 where unsure.
    """

    latents: Tensor
    captions: list[str]
    made: list[dict[str, str]]
    plain: Tensor
    likeness: Tensor
    shown: Tensor
    yaw: Tensor
    expression: Tensor
    patches: Tensor
    classes: Tensor
    faces: Tensor
    keep_patches: Tensor


def expression_index(row: dict) -> int:
    """Index into READ_EXPRESSIONS; -100, which cross-entropy passes over, where the label is another or unsure."""
    known = row.get("expression") in READ_EXPRESSIONS and row["expression_p"] >= SURE
    return READ_EXPRESSIONS.index(row["expression"]) if known else -100


def cumulative_weights(indices: list[int], rows: list[dict], power: float) -> list[float]:
    """Weights that draw rare combinations of expression and side more often: frequency ** -power (0 = as they are)."""
    kinds = [(rows[i].get("expression"), side_of(rows[i]["yaw"])) for i in indices]
    counts = Counter(kinds)
    return list(accumulate(counts[kind] ** -power for kind in kinds))


def by_crop(rows: list[dict]) -> dict[int, list[int]]:
    """Crop -> the numbers of the rows made of it."""
    found: dict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        found[row["crop"]].append(number)
    return found


def made_of(row: dict) -> dict[str, str]:
    """What a row of styled.jsonl or dressed.jsonl says was made of its crop."""
    return {kind: name for kind, name in row.items() if kind != "crop"}


class People:
    """Draws samples. Half of a batch comes from people with several photos, whose references are other photos.

    `references`: N. `own`: how often the target is itself among the references of such a person (paper: always one of
    the N; 0 leaves it out). The rest has one photo only: its references are that photo and its mirror image, and their
    patch tokens, which also show expression and side, are hidden `hide_patches` of the time.
    """

    def __init__(self, arrays: Arrays, latents: Latents, settings: dict, seed: int) -> None:
        self.arrays, self.latents = arrays, latents
        self.count = settings["references"]
        self.several_share, self.styled_share, self.dressed_share = settings["several_share"], settings["styled_share"], settings.get("dressed_share", 0.0)
        self.own, self.hide_patches = settings["own"], settings["hide_patches"]
        self.random = random.Random(seed)
        self.train = [int(i) for i in arrays.indices("train")]
        groups: dict[str, list[int]] = defaultdict(list)
        for index in self.train:
            if not arrays.rows[index]["tilt"]:
                groups[arrays.rows[index]["person"]].append(index)
        self.groups = dict(groups)
        self.several = [index for index in self.train if len(groups[arrays.rows[index]["person"]]) > 1]
        self.balance = settings.get("balance", 0.0)
        self.weighted = {id(rows): cumulative_weights(rows, arrays.rows, self.balance) for rows in (self.train, self.several)}
        self.styled_of, self.dressed_of = by_crop(latents.styled_rows), by_crop(latents.dressed_rows)

    def state_dict(self) -> dict:
        return {"random": self.random.getstate()}

    def load_state_dict(self, state: dict) -> None:
        self.random.setstate(state["random"])

    def target(self) -> int:
        rows = self.several if self.several and self.random.random() < self.several_share else self.train
        return self.random.choices(rows, cum_weights=self.weighted[id(rows)])[0]

    def references(self, index: int) -> tuple[list[tuple[int, bool]], bool]:
        """((crop, mirrored), ... N of them; whether the target itself is the only photo)."""
        group = self.groups.get(self.arrays.rows[index]["person"], [index])
        others = [other for other in group if other != index and abs(other - index) > 1]
        if not others:
            return [(index, self.random.random() < 0.5) for _ in range(self.count)], True
        chosen = self.random.sample(others, min(len(others), self.random.choice((1, 1, 2, 3, self.count))))
        if self.random.random() < self.own:
            chosen[-1 if len(chosen) > 1 else 0] = index
        mirrored = self.random.random() < 0.5
        return [(chosen[i % len(chosen)], mirrored) for i in range(self.count)], False

    def shown(self, index: int) -> tuple[np.ndarray, dict[str, str], bool]:
        """(latents, what was made of the photo, whether it is mirrored): of a crop as it is, styled or dressed, by the shares."""
        chance = self.random.random()
        if chance < self.styled_share and index in self.styled_of:
            number = self.random.choice(self.styled_of[index])
            return self.latents.styled[number], made_of(self.latents.styled_rows[number]), False
        if self.styled_share <= chance < self.styled_share + self.dressed_share and index in self.dressed_of:
            number = self.random.choice(self.dressed_of[index])
            return self.latents.dressed[number], made_of(self.latents.dressed_rows[number]), False
        mirrored = self.random.random() < 0.5
        return (self.latents.mirrored if mirrored else self.latents.plain)[index], {}, mirrored

    def draw(self, size: int, sks: bool = True) -> Sample:
        """A batch of `size`."""
        latents, captions, made, rows, patches, keep = [], [], [], [], [], []
        faces, yaws, seen = [], [], []
        for _ in range(size):
            index = self.target()
            latent, changes, mirrored = self.shown(index)
            latents.append(latent)
            made.append(changes)
            captions.append(caption(self.arrays.rows[index], self.random, mirrored, changes, sks))
            chosen, single = self.references(index)
            tokens = [self.latents.tokens(i, flip) for i, flip in chosen]
            patches.append(np.concatenate(tokens))
            faces.append(self.arrays.embeddings[[i for i, _ in chosen]].astype(np.float32).mean(0))
            keep.append(0.0 if single and self.random.random() < self.hide_patches else 1.0)
            seen.append(self.latents.tokens(index, mirrored))
            yaws.append(-self.arrays.rows[index]["yaw"] if mirrored else self.arrays.rows[index]["yaw"])
            rows.append(index)
        tokens = torch.from_numpy(np.stack(patches)).float()
        shown = torch.tensor(keep)
        return Sample(
            latents=torch.from_numpy(np.stack(latents)).float().contiguous(memory_format=torch.channels_last),
            captions=captions,
            made=made,
            plain=torch.tensor(["style" not in changes for changes in made]),
            likeness=torch.tensor([HIDES.get(changes.get("accessory", ""), 1.0) for changes in made]),
            shown=torch.from_numpy(np.stack(seen)).float(),
            yaw=torch.tensor(yaws, dtype=torch.float32),
            expression=torch.tensor([expression_index(self.arrays.rows[i]) for i in rows]),
            patches=tokens,
            classes=tokens.mean(1) * shown[:, None],
            faces=torch.nn.functional.normalize(torch.from_numpy(np.stack(faces)), dim=1),
            keep_patches=shown[:, None, None],
        )
