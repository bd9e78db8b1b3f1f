"""Stage `decoder`: the decoder learns what latents are too small to hold, eyes and the strokes of the styles.

A decoder that is told the mean error paints the mean of all pictures its latents may mean: no outline, no halftone, no
hatching, soft eyes. Latents stay as they are (the encoder is frozen, so nothing that was trained on them is lost), and the
decoder learns on with three more terms: the critics of stage `distil`, which see photographs and filtered pictures as they
are (VQGAN, Esser et al. 2021, arXiv 2012.09841), the responses to random small filters, sorted within each part of a picture
(sliced Wasserstein distance of textures, Heitz et al. 2021, arXiv 2006.07229), and what the recogniser sees.
Writes `autoencoder.pt`, as stage `autoencoder` does.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..config import Config
from ..data.arrays import Arrays, open_arrays
from ..data.latents import Latents, load_autoencoder, open_latents
from ..models.autoencoder import Autoencoder
from ..models.recogniser import AlignedWarp, Recogniser
from .autoencoder import TAPS as COMPARED
from .autoencoder import edges, face_weight
from .discriminator import TAPS, Critics, deceit, hinge
from .loop import Average, Run, Swapped, prepare_torch, sheet, to_pictures
from .style_reader import known_styles, style_numbers

COLUMNS = 16
"""Of a sample sheet at most."""
PART = 32
"""Side of the parts within which a texture may lie anywhere."""


def texture_error(made: Tensor, real: Tensor, filters: Tensor) -> Tensor:
    """L1 between the sorted responses to `filters` (F, 3, k, k), part by part."""

    def responses(x: Tensor) -> Tensor:
        parts = F.unfold(F.conv2d(x, filters, padding=filters.shape[-1] // 2), PART, stride=PART)
        return parts.unflatten(1, (len(filters), PART * PART)).sort(dim=2).values

    return (responses(made) - responses(real)).abs().mean()


def random_filters(count: int, generator: torch.Generator) -> Tensor:
    """Zero-mean, of unit length, 5x5 pixels."""
    filters = torch.randn(count, 3, 5, 5, generator=generator)
    filters = filters - filters.mean((1, 2, 3), keepdim=True)
    return filters / filters.flatten(1).norm(dim=1)[:, None, None, None]


class Pairs:
    """Latents, the pictures they were made of, and 0 or the number of the style; photographs come first."""

    def __init__(self, arrays: Arrays, latents: Latents, batch: int, styled: float, generator: torch.Generator) -> None:
        self.arrays, self.latents, self.generator = arrays, latents, generator
        self.pictures = np.load(arrays.folder / "styled.npy", mmap_mode="r")
        self.kinds = style_numbers([row["style"] for row in latents.styled_rows], known_styles(latents))
        self.train, self.styled = arrays.indices("train"), round(batch * styled)
        self.plain = batch - self.styled

    def draw(self, count: int, high: int) -> np.ndarray:
        return torch.randint(high, (count,), generator=self.generator).numpy()

    def next(self) -> tuple[Tensor, Tensor, Tensor]:
        rows = self.train[self.draw(self.plain, len(self.train))]
        mirrored = bool(torch.rand(1, generator=self.generator) < 0.5)
        photos = to_pictures(self.arrays.targets[rows])
        numbers = self.draw(self.styled, len(self.kinds))
        latents = np.concatenate([(self.latents.mirrored if mirrored else self.latents.plain)[rows], self.latents.styled[numbers]])
        pictures = torch.cat([photos.flip(3) if mirrored else photos, to_pictures(self.pictures[numbers])])
        styles = torch.cat([torch.zeros(self.plain, dtype=torch.long), self.kinds[numbers]])
        kinds = torch.stack([styles, torch.zeros_like(styles)], 1)
        return torch.from_numpy(latents).float(), pictures.contiguous(memory_format=torch.channels_last), kinds


class DecoderLoss:
    """What is asked of decoded pictures, and the critics who learn beside."""

    def __init__(self, config: Config, kinds: int, generator: torch.Generator) -> None:
        self.config, self.generator = config, generator
        self.recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx").to(memory_format=torch.channels_last)
        self.warp, self.face = AlignedWarp(), face_weight()
        self.critics = Critics(kinds).to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self.critics.parameters(), lr=config["critic_lr"], betas=(0.0, 0.99), weight_decay=0.0, fused=True)

    def features(self, pictures: Tensor) -> tuple[Tensor, Tensor, dict[int, Tensor]]:
        """(the recogniser's input, embedding, its maps by step)."""
        taps = tuple(sorted({*TAPS, *COMPARED}))
        faces = self.warp(pictures.clamp(-1, 1))
        embedding, _, maps = self.recogniser.features(faces, taps)
        return faces, embedding, dict(zip(taps, maps))

    def terms(self, made: Tensor, real: Tensor, kinds: Tensor, plain: int) -> tuple[dict[str, Tensor], Tensor]:
        """The decoder's terms by name, and the critics' loss."""
        with torch.no_grad():
            faces, target, maps = self.features(real)
        made_faces, embedding, made_maps = self.features(made)
        self.critics.requires_grad_(False)
        scores = self.critics(made, made_faces, [made_maps[tap] for tap in TAPS], kinds)
        terms = {
            "pixel": ((made - real).abs() * self.face).mean(),
            "edge": sum((a - b).abs().mean() for a, b in zip(edges(made), edges(real))),
            "texture": texture_error(made, real, random_filters(self.config["filters"], self.generator)),
            "maps": sum((made_maps[tap] - maps[tap]).abs().mean() / maps[tap].abs().mean() for tap in COMPARED),
            "embedding": 1 - F.cosine_similarity(embedding[:plain], target[:plain]).mean(),
            "deceit": deceit(scores).mean(),
        }
        self.critics.requires_grad_(True)
        told = self.critics(real, faces, [maps[tap] for tap in TAPS], kinds)
        doubted = self.critics(made.detach(), made_faces.detach(), [made_maps[tap].detach() for tap in TAPS], kinds)
        return terms, hinge(told, doubted)

    def learn(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()


@torch.inference_mode()
def evaluate(model: Autoencoder, loss: DecoderLoss, latents: Tensor, pictures: Tensor) -> dict[str, float]:
    """PSNR in dB, and the bound: the mean cosine of embeddings of decoded pictures and their originals."""
    errors, cosines = [], []
    for z, real in zip(latents.split(32), pictures.split(32)):
        made = model.decode(z).clamp(-1, 1)
        errors.append((made - real).square().mean((1, 2, 3)))
        cosines.append((loss.recogniser(loss.warp(made)) * loss.recogniser(loss.warp(real))).sum(1))
    return {"psnr": float((10 * torch.log10(4 / torch.cat(errors))).mean()), "bound": float(torch.cat(cosines).mean())}


def run(config: Config) -> None:
    generator = prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    model = load_autoencoder(config)
    parameters = list(model.decoder.requires_grad_(True).parameters())
    optimizer = torch.optim.Adam(parameters, lr=config["lr"], betas=(0.5, 0.99))
    average = Average(model, config["ema"])
    pairs = Pairs(arrays, latents, config["batch"], config["styled"], generator)
    loss = DecoderLoss(config, 1 + len(known_styles(latents)), generator)
    state = Run(config, "decoder", {"model": model, "optimizer": optimizer, "average": average, "generator": generator, "critics": loss.critics, "critic_optimizer": loss.optimizer})
    rows = arrays.indices("val", upright=True)[: config["val"]]
    val = torch.from_numpy(latents.plain[rows]).float(), to_pictures(arrays.targets[rows])
    width = min(COLUMNS, len(rows))
    shown = torch.from_numpy(latents.styled[:width]).float(), to_pictures(pairs.pictures[:width])
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        z, real, kinds = pairs.next()
        noise = config["noise"] * torch.rand(len(z), 1, 1, 1) * model.units[:, None, None]
        terms, critic = loss.terms(model.decode(z + noise * torch.randn_like(z)), real, kinds, pairs.plain)
        optimizer.zero_grad(set_to_none=True)
        sum(config["weights"][name] * value for name, value in terms.items()).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        loss.learn(critic)
        average.update(model)
        state.step(len(z), critic=float(critic.detach()), **{name: float(value.detach()) for name, value in terms.items()})
        if state.crossed(config["evaluate_every"], len(z)) or state.done >= config["samples"]:
            with Swapped(model, average), torch.inference_mode():
                state.log(**evaluate(model, loss, *val))
                sheet(state.folder / f"sheet-{state.done:07d}.png", [row for z, real in (val, shown) for row in (real[:width], model.decode(z[:width]))])
    state.save()
    model.load_state_dict(average.values)
    torch.save(model.state_dict(), config.work / "autoencoder.pt")
