"""Sample sheets of the paper's training: validation people by the config's prompts, at fixed seeds. Never committed."""

from __future__ import annotations

from pathlib import Path

import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL

from ..config import Config
from ..data.prepared import Prepared
from ..data.prompts import Prompts
from ..diffusion import Schedule, sample
from ..models.idadapter import IdAdapter, Identity, References
from ..models.vision import ClipVision
from .loop import sheet
from .paper_step import decode, look

PEOPLE = 4


def people_of(prepared: Prepared) -> list[int]:
    """One picture of each of a few validation people, or of the first people where none is kept apart."""
    rows = [i for i, row in enumerate(prepared.rows) if row["split"] == "val"] or prepared.train
    firsts = {prepared.rows[i]["person"]: i for i in reversed(rows)}
    return list(reversed(firsts.values()))[:PEOPLE]


def identity_of(config: Config, model: IdAdapter, vision: ClipVision, prepared: Prepared, rows: list[int], device: torch.device) -> Identity:
    """As at inference: one photo of each, N times."""
    pictures = torch.stack([torch.from_numpy(prepared.array(i, "references")[0].copy()) for i in rows]).permute(0, 3, 1, 2).float()
    patches, classes = look(vision, pictures.repeat_interleave(config["references"], 0).to(device), len(rows))
    faces = torch.stack([torch.from_numpy(prepared.array(i, "embeddings")[0].copy()).float() for i in rows])
    return model.identity(References(patches, classes, F.normalize(faces, dim=1).to(device)))


@torch.inference_mode()
def write_sheet(
    path: Path, config: Config, model: IdAdapter, vision: ClipVision, vae: AutoencoderKL, prompts: Prompts, prepared: Prepared, device: torch.device
) -> None:
    """A row of references, then a row for each prompt with classifier-free guidance."""
    rows, schedule, guidance = people_of(prepared), Schedule(config["diffusion"]), config["sheet_guidance"]
    count, side, channels = len(rows), config["unet"]["sample_size"], config["unet"]["out_channels"]
    given, none = torch.ones(count, device=device), torch.zeros(count, device=device)
    empty = prompts.batch([("", None)] * count).to(device)
    shown = torch.stack([torch.from_numpy(prepared.array(i, "references")[0].copy()) for i in rows]).permute(0, 3, 1, 2).float() / 127.5 - 1
    lines = [F.interpolate(shown, size=(config["image"], config["image"]), mode="bilinear", align_corners=False)]
    with torch.autocast(device.type, vae.dtype, enabled=vae.dtype != torch.float32):
        identity = identity_of(config, model, vision, prepared, rows, device)
        for number, prompt in enumerate(config["prompts"]):
            ids = prompts.batch([(prompt, prepared.rows[i]["word"]) for i in rows]).to(device)
            noise = torch.randn((count, channels, side, side), generator=torch.Generator().manual_seed(number)).to(device)

            def guided(z: torch.Tensor, t: torch.Tensor, ids: torch.Tensor = ids) -> torch.Tensor:
                t = t.to(device)
                return torch.lerp(model(z, t, empty, identity, none).float(), model(z, t, ids, identity, given).float(), guidance)

            lines.append(decode(vae, sample(schedule, guided, noise, config["sheet_steps"])).cpu())
    sheet(path, lines)
