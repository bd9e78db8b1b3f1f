"""What `prepare` wrote, opened for training. A step's samples depend on (seed, step, process) alone: resuming needs no
state."""

from __future__ import annotations

import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from ..config import Config, ConfigError
from ..data.enrich import VARIANTS
from ..data.portraits import PLAIN
from ..data.prompts import Prompts
from .paper_step import Batch


def knows_sks(config: Config) -> bool:
    """Whether prompts name the person by the token sks; `identity: {sks: false}` is an ablation of the text path."""
    return config["identity"].get("sks", True)


class Prepared:
    """Every row of every shard; arrays stay on disk, memory-mapped. `train_people` (config): only the first so many are
    trained on."""

    def __init__(self, config: Config) -> None:
        self.config = config
        folder = config.work / "prepared"
        shards = sorted(path.parent for path in folder.glob("[0-9]*/rows.jsonl"))
        self.rows: list[dict] = []
        self.places: list[tuple[Path, int]] = []
        for shard in shards:
            for number, line in enumerate((shard / "rows.jsonl").read_text().splitlines()):
                self.rows.append(json.loads(line))
                self.places.append((shard, number))
        everybody = dict.fromkeys(row["person"] for row in self.rows if row["split"] == "train")
        kept = set(list(everybody)[: config.get("train_people", None)])
        self.train = [i for i, row in enumerate(self.rows) if row["person"] in kept]
        if not self.train:
            raise ConfigError(f"{folder}: no pictures in it; run `prepare` first")
        self.people: dict[str, list[int]] = defaultdict(list)
        for index, row in enumerate(self.rows):
            self.people[row["person"]].append(index)
        self.open: dict[Path, np.ndarray] = {}
        self.has_tokens = all((shard / "patches.npy").is_file() for shard in dict.fromkeys(p for p, _ in self.places))
        if self.array(self.train[0], "latents").shape[-1] != config["unet"]["sample_size"]:
            raise ConfigError(f"{folder}: prepared for another picture size than this config's")

    def array(self, index: int, name: str) -> np.ndarray:
        shard, number = self.places[index]
        path = shard / f"{name}.npy"
        if path not in self.open:
            self.open[path] = np.load(path, mmap_mode="r")
        return self.open[path][number]

    def references(self, index: int, count: int, source: random.Random) -> list[tuple[int, int]]:
        """(picture, variant) of N references: the target itself in the share `own` of cases, others of the person, then
        enriched ones."""
        own = [(index, 0)] if source.random() < self.config["own"] else []
        others = [(other, 0) for other in self.people[self.rows[index]["person"]] if other != index]
        chosen = own + source.sample(others, min(len(others), count - len(own)))
        made = [
            (picture, variant)
            for picture in dict.fromkeys(p for p, _ in chosen or [(index, 0)])
            for variant in range(1, len(VARIANTS))
        ]
        source.shuffle(made)
        while len(chosen) < count:
            chosen += made[: count - len(chosen)]
        return chosen

    def draw(self, prompts: Prompts, step: int, rank: int, size: int) -> Batch:
        """The samples of a step in one process: targets, references, words, noise, timesteps and what is dropped."""
        source = random.Random(f"{self.config['seed']} {step} {rank}")
        generator = torch.Generator().manual_seed(source.getrandbits(62))
        drop, count, told = self.config["dropout"], self.config["references"], knows_sks(self.config)
        latents, ids, beta, chosen_of, matrices = [], [], [], [], []
        for index in source.choices(self.train, k=size):
            row, side, chance = self.rows[index], source.random() < 0.5, source.random()
            no_text, no_person = (
                chance < drop["text"] + drop["both"],
                drop["text"] <= chance < drop["text"] + drop["both"] + drop["identity"],
            )
            chosen_of.append(self.references(index, count, source))
            latents.append(self.array(index, "latents")[int(side)])
            matrices.append(row["matrices"][int(side)])
            ids.append(
                prompts.encode(
                    "" if no_text else source.choice(row["captions"] or [PLAIN]),
                    None if no_text or no_person or not told else row["word"],
                )
            )
            beta.append(0.0 if no_person else 1.0)
        x = torch.from_numpy(np.stack(latents)).float()
        return Batch(
            latents=x,
            noise=torch.randn(x.shape, generator=generator),
            timesteps=torch.randint(self.config["diffusion"]["trainTimesteps"], (size,), generator=generator),
            ids=torch.tensor(ids),
            beta=torch.tensor(beta),
            faces=self.mean_faces(chosen_of),
            targets=self.mean_faces([[(picture, 0) for picture in dict(chosen)] for chosen in chosen_of]),
            matrices=torch.tensor(matrices, dtype=torch.float32),
            **self.shown(chosen_of),
        )

    def stacked(self, name: str, chosen: list[tuple[int, int]]) -> Tensor:
        """(N, ...) of an array of each (picture, variant)."""
        return torch.from_numpy(np.stack([self.array(picture, name)[variant] for picture, variant in chosen]))

    def mean_faces(self, chosen_of: list[list[tuple[int, int]]]) -> Tensor:
        """(B, 512): the mean of the embeddings of each sample's references, L2-normalised.

        Only photos as they are (variant 0) are a target of the identity loss: what was turned, coloured or swapped was
        embedded where the face no longer is.
        """
        means = [self.stacked("embeddings", chosen).float().mean(0) for chosen in chosen_of]
        return nn.functional.normalize(torch.stack(means), dim=1)

    def shown(self, chosen_of: list[list[tuple[int, int]]]) -> dict[str, Tensor]:
        """The references' pictures (B, N, 3, S, S) uint8 or, where `prepare` kept them, what CLIP saw in them."""
        if not self.has_tokens:
            pictures = torch.stack([self.stacked("references", chosen) for chosen in chosen_of])
            return {"references": pictures.permute(0, 1, 4, 2, 3).contiguous()}
        patches = [self.stacked("patches", chosen).flatten(0, 1) for chosen in chosen_of]
        classes = [self.stacked("classes", chosen).float().mean(0) for chosen in chosen_of]
        return {"patches": torch.stack(patches), "classes": torch.stack(classes)}
