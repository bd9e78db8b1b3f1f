"""What a trained student answers for people of the training set: latents that the decoder learns to finish (stage `decoder`)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import Config, ConfigError
from ..data.arrays import Arrays
from ..data.latents import Latents
from ..data.people import People, Sample
from ..data.tokenizer import encode
from ..diffusion import Schedule
from ..models.autoencoder import Autoencoder
from ..models.idadapter import References
from ..progress import Progress
from .denoising import build, open_tokenizer
from .made_reader import Known
from .students import few_steps

BATCH = 16
PART = 8
"""Side of the parts of a picture whose mean colour is kept."""


@dataclass
class Answers:
    """Row by row: latents (n, C, 16, 16), the person's embedding (n, 512), what was asked for as `Critics` has it (n, 5), whether it is no style (n,),
    and the colours (n, 3, 16, 16) of the picture that the decoder drew of it before.
    """

    latents: Tensor
    faces: Tensor
    kinds: Tensor
    plain: Tensor
    colours: Tensor

    def rows(self, chosen: Tensor) -> Answers:
        return Answers(self.latents[chosen], self.faces[chosen], self.kinds[chosen], self.plain[chosen], self.colours[chosen])

    def __len__(self) -> int:
        return len(self.latents)


def colours(pictures: Tensor) -> Tensor:
    return F.avg_pool2d(pictures, PART)


def asked_kinds(known: Known, batch: Sample) -> Tensor:
    """(B, 5) as `Critics` has them: what was made of the photo, and its expression."""
    return torch.cat([known.numbers(batch.made), 1 + batch.expression.clamp(min=-1)[:, None]], 1)


@torch.inference_mode()
def answers_of(config: Config, arrays: Arrays, latents: Latents, decoder: Autoencoder) -> Answers:
    """`count` of them, by the student in `checkpoint`; kept in the work folder. Raises ConfigError where there is no such student."""
    settings, path = config["answers"], config.work / "answers.npz"
    if path.is_file():
        kept = np.load(path)
        return Answers(*(torch.from_numpy(kept[name]) for name in ("latents", "faces", "kinds", "plain", "colours")))
    checkpoint = config.work / settings["checkpoint"]
    if not checkpoint.is_file():
        raise ConfigError(f"{checkpoint}: not trained yet; run the stage `distil` first, or take `answers` out")
    tokenizer, schedule, known = open_tokenizer(config, arrays), Schedule(config["diffusion"]), Known(latents)
    model = build(config, tokenizer).eval()
    model.load_state_dict(torch.load(checkpoint, weights_only=True))
    people = People(arrays, latents, config.values, config.get("seed", 0) + 8)
    timesteps, length = torch.tensor(settings["timesteps"]), config["text"]["max_position_embeddings"]
    found: list[tuple[Tensor, ...]] = []
    progress = Progress("decoder: answers", settings["count"])
    for seed in range(-(-settings["count"] // BATCH)):
        batch = people.draw(BATCH)
        identity = model.identity(References(batch.patches, batch.classes, batch.faces, batch.keep_patches))
        ids, beta = torch.tensor([encode(tokenizer, text, length) for text in batch.captions]), torch.ones(BATCH)
        noise = torch.randn(batch.latents.shape, generator=torch.Generator().manual_seed(seed))
        made = few_steps(schedule, lambda z, t: model(z, t, ids, identity, beta), noise, timesteps, seed)
        found.append((made, batch.faces, asked_kinds(known, batch), batch.plain, colours(decoder.decode(made))))
        progress.add(BATCH)
    answers = Answers(*(torch.cat(parts) for parts in zip(*found)))
    np.savez(path, **{name: value.numpy() for name, value in vars(answers).items()})
    return answers
