"""What the paper's training is watched by: validation people by the config's prompts at fixed seeds, as sheets (never
committed) and as ID-Sim."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL
from torch import Tensor

from ..config import Config
from ..data.prepare_portraits import FindFace, recogniser_matrix
from ..data.prompts import Prompts
from ..diffusion import Schedule, sample
from ..models.idadapter import IdAdapter, Identity, References
from ..models.vae import decode
from ..models.vision import ClipVision
from .paper_step import aligned, look
from .prepared import Prepared, knows_sks
from .sheet import sheet, to_pixels

PEOPLE = 4
"""On a sheet."""
BATCH = 8
"""People drawn at a time."""


def people_of(prepared: Prepared, count: int, split: str = "val") -> list[int]:
    """One picture of each of a few validation people (or of those trained on), or of the first people where none is
    kept apart."""
    rows = [i for i, row in enumerate(prepared.rows) if row["split"] == "val" and split == "val"] or prepared.train
    firsts = {prepared.rows[i]["person"]: i for i in reversed(rows)}
    return list(reversed(firsts.values()))[:count]


@dataclass
class Studio:
    """Draws people as the bot does: one photo of each, N times, with classifier-free guidance."""

    config: Config
    model: IdAdapter
    vision: ClipVision
    vae: AutoencoderKL
    prompts: Prompts
    prepared: Prepared
    device: torch.device

    def references(self, rows: list[int]) -> Tensor:
        """Pictures (B, 3, S, S), 0..255."""
        return (
            torch.stack([torch.from_numpy(self.prepared.array(i, "references")[0].copy()) for i in rows])
            .permute(0, 3, 1, 2)
            .float()
        )

    def faces(self, rows: list[int]) -> Tensor:
        """Embeddings (B, 512) of the references, L2-normalised."""
        return F.normalize(
            torch.stack([torch.from_numpy(self.prepared.array(i, "embeddings")[0].copy()).float() for i in rows]), dim=1
        ).to(self.device)

    def identity(self, rows: list[int]) -> Identity:
        shown = self.references(rows)[:, None].repeat(1, self.config["references"], 1, 1, 1).to(self.device)
        return self.model.identity(References(*look(self.vision, shown), self.faces(rows)))

    @torch.inference_mode()
    def draw(self, rows: list[int], prompt: str, seed: int, beta: float = 1.0) -> Tensor:
        """Pictures (B, 3, H, W) in -1..1, on the CPU. `beta` 0 is the base model alone, which is not told of
        anybody."""
        config, count, device = self.config, len(rows), self.device
        given, none = torch.full((count,), beta, device=device), torch.zeros(count, device=device)
        named = beta > 0 and knows_sks(config)
        words = [(prompt, self.prepared.rows[i]["word"] if named else None) for i in rows]
        ids, empty = self.prompts.batch(words).to(device), self.prompts.batch([("", None)] * count).to(device)
        shape = (count, config["unet"]["out_channels"], config["unet"]["sample_size"], config["unet"]["sample_size"])
        noise = torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(device)
        with torch.autocast(device.type, self.vae.dtype, enabled=self.vae.dtype != torch.float32):
            identity = self.identity(rows)

            def guided(z: Tensor, t: Tensor) -> Tensor:
                t = t.to(device)
                return torch.lerp(
                    self.model(z, t, empty, identity, none).float(),
                    self.model(z, t, ids, identity, given).float(),
                    config["sheet_guidance"],
                )

            return decode(self.vae, sample(Schedule(config["diffusion"]), guided, noise, config["sheet_steps"])).cpu()


def write_sheet(path: Path, studio: Studio) -> None:
    """A row of references, then a row for each prompt."""
    rows, size = people_of(studio.prepared, PEOPLE), studio.config["image"]
    shown = F.interpolate(studio.references(rows) / 127.5 - 1, size=(size, size), mode="bilinear", align_corners=False)
    sheet(path, [shown, *(studio.draw(rows, prompt, number) for number, prompt in enumerate(studio.config["prompts"]))])


@dataclass(frozen=True)
class Measured:
    """Who is measured: people of `split`, with the person (`beta` 1) or without (0)."""

    split: str
    beta: float


@torch.inference_mode()
def measure(studio: Studio, find: FindFace, recogniser: Callable[[Tensor], Tensor], of: Measured) -> dict[str, object]:
    """ID-Sim of `measure_people` people in the first prompt: to each one's photo with its 95 % interval over people,
    and to the others'.

    A picture without a face counts as 0.
    """
    rows = people_of(studio.prepared, studio.config["measure_people"], of.split)
    known = studio.faces(rows)
    cosines, found = [], 0
    for number, start in enumerate(range(0, len(rows), BATCH)):
        pictures = studio.draw(rows[start : start + BATCH], studio.config["prompts"][0], number, of.beta)
        for picture, pixels in zip(pictures, to_pixels(pictures), strict=True):
            face = find(pixels)
            found += face is not None
            cosines.append(
                torch.zeros(1, len(rows))
                if face is None
                else recogniser(aligned(picture[None], matrix_of(face.points)).to(known.device)) @ known.T
            )
    table = torch.cat([row.float().cpu() for row in cosines]).numpy()
    own = np.diagonal(table)
    others = (table.sum() - own.sum()) / max(1, table.size - len(rows))
    margin = 1.96 * own.std(ddof=1) / len(own) ** 0.5 if len(own) > 1 else 0.0
    return {
        "people": of.split,
        "beta": of.beta,
        "id_sim": float(own.mean()),
        "id_sim_margin": float(margin),
        "id_sim_others": float(others),
        "found": found / len(rows),
    }


def matrix_of(points: np.ndarray) -> Tensor:
    """(1, 2, 3) from the recogniser's pixels to those of the picture with these five points."""
    return torch.tensor([recogniser_matrix(points)], dtype=torch.float32)
