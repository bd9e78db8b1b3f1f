"""Stage `autoencoder`: pictures to latents and back, judged by what the recogniser still sees.

Loss = L1 (more inside the face) + L1 of the edges + the recogniser's maps and embedding (on a share of the batch, for
speed) + a small pull of the latents to unit size + L1 between the decoding of shrunk latents and the picture shrunk as
much, so that latents are smooth like pictures and a diffusion learns them sooner (EQ-VAE, arXiv 2502.09509). Watched: PSNR, and the *bound*, the mean cosine between embeddings of
reconstructions and originals, above which no generator on these latents can come.
"""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..config import Config
from ..data.align import CROP_SIZE
from ..data.arrays import Arrays, open_arrays
from ..models.autoencoder import Autoencoder
from ..models.recogniser import AlignedWarp, Recogniser
from .loop import Average, Run, Swapped, go_on_from, prepare_torch, sheet, to_pictures

TAPS = (7, 36, 76)
"""Steps of the recogniser whose maps are compared: after its first three reductions."""


def face_weight() -> Tensor:
    """(1, 1, 128, 128): 2 at the middle of the face falling to .7 at the corners."""
    axis = (torch.arange(CROP_SIZE) + 0.5) / CROP_SIZE - 0.5
    distance = axis[None, :] ** 2 + (axis[:, None] - 0.06) ** 2
    return (0.7 + 1.3 * torch.exp(-distance / 0.06))[None, None]


def edges(pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Differences of neighbours, across and down."""
    return pictures[..., :, 1:] - pictures[..., :, :-1], pictures[..., 1:, :] - pictures[..., :-1, :]


SHRINKING = (0.5, 0.75)
"""Sizes at which latents and picture are compared beside the full one."""


def shrunk(x: Tensor, factor: float) -> Tensor:
    return F.interpolate(x, scale_factor=factor, mode="bilinear", antialias=True)


def scale_error(model: Autoencoder, latents: Tensor, real: Tensor, factor: float) -> Tensor:
    """How far the decoding of latents shrunk by `factor` is from the picture shrunk by it (L1, edges at half weight)."""
    made, target = model.decoder(shrunk(latents, factor)), shrunk(real, factor)
    return (made - target).abs().mean() + 0.5 * sum((a - b).abs().mean() for a, b in zip(edges(made), edges(target)))


class ReconstructionLoss:
    """The terms of the loss, by name."""

    def __init__(self, config: Config) -> None:
        self.weights: dict[str, float] = config["weights"]
        self.share = config["recogniser_share"]
        self.recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx").to(memory_format=torch.channels_last)
        self.warp = AlignedWarp()
        self.face = face_weight()

    def __call__(self, made: Tensor, latents: Tensor, real: Tensor, plain: int) -> dict[str, Tensor]:
        """`plain` pictures at the front are photographs, whose embeddings mean something."""
        terms = {"pixel": ((made - real).abs() * self.face).mean(), "latent": latents.square().mean()}
        terms["edge"] = sum((a - b).abs().mean() for a, b in zip(edges(made), edges(real)))
        count = max(1, round(len(made) * self.share))
        with torch.no_grad():
            target, _, maps = self.recogniser.features(self.warp(real[:count]), TAPS)
        embedding, _, made_maps = self.recogniser.features(self.warp(made[:count]), TAPS)
        terms["maps"] = sum((a - b).abs().mean() / b.abs().mean() for a, b in zip(made_maps, maps))
        kept = min(plain, count)
        terms["embedding"] = 1 - F.cosine_similarity(embedding[:kept], target[:kept]).mean()
        return terms

    def total(self, terms: dict[str, Tensor]) -> Tensor:
        return sum(self.weights[name] * value for name, value in terms.items())


@torch.inference_mode()
def evaluate(model: Autoencoder, loss: ReconstructionLoss, pictures: Tensor) -> dict[str, float]:
    """PSNR in dB, the identity bound, and how smooth latents are: the correlation of neighbours around the mean picture."""
    errors, cosines, latents = [], [], []
    for batch in pictures.split(32):
        latents.append(model.raw(batch))
        made = model.decoder(latents[-1]).clamp(-1, 1)
        errors.append((made - batch).square().mean((1, 2, 3)))
        cosines.append((loss.recogniser(loss.warp(made)) * loss.recogniser(loss.warp(batch))).sum(1))
    varied = torch.cat(latents) - torch.cat(latents).mean(0)
    neighbours = (varied[..., 1:] * varied[..., :-1]).mean((0, 2, 3)) / varied.square().mean((0, 2, 3))
    return {"psnr": float((10 * torch.log10(4 / torch.cat(errors))).mean()), "bound": float(torch.cat(cosines).mean()), "neighbours": float(neighbours.mean())}


@torch.inference_mode()
def measure_scale(model: Autoencoder, pictures: Tensor) -> None:
    """Set `shift` and `scale` so that latents have zero mean and their units' deviation, channel by channel."""
    latents = torch.cat([model.raw(batch) for batch in pictures.split(32)])
    model.shift.copy_(latents.mean((0, 2, 3)))
    model.scale.copy_(model.units / latents.std((0, 2, 3)))


class Batches:
    """Random pictures, photos or cut-outs batch by batch, mirrored at random; behind the photographs a share of styled ones, where they are made."""

    def __init__(self, arrays: Arrays, generator: torch.Generator, batch: int, styled: float) -> None:
        self.sources, self.generator = (arrays.images, arrays.targets), generator
        self.train = arrays.indices("train")
        self.styled = np.load(arrays.folder / "styled.npy", mmap_mode="r") if styled and (arrays.folder / "styled.npy").is_file() else None
        self.extra = round(batch * styled) if self.styled is not None else 0
        self.plain = batch - self.extra

    def draw(self, count: int, high: int) -> np.ndarray:
        return torch.randint(high, (count,), generator=self.generator).numpy()

    def next(self) -> Tensor:
        source = self.sources[int(torch.randint(2, (1,), generator=self.generator))]
        pixels = source[self.train[self.draw(self.plain, len(self.train))]]
        if self.extra:
            pixels = np.concatenate([pixels, self.styled[self.draw(self.extra, len(self.styled))]])
        pictures = to_pictures(pixels)
        flip = torch.rand(len(pictures), generator=self.generator) < 0.5
        pictures[flip] = pictures[flip].flip(3)
        return pictures


def run(config: Config) -> None:
    generator = prepare_torch(config)
    arrays = open_arrays(config)
    model = Autoencoder(**config["model"]).to(memory_format=torch.channels_last)
    go_on_from(model, config.work / "autoencoder-start.pt")
    optimizer = torch.optim.Adam(model.parameters(), lr=config["lr"], betas=(0.9, 0.99))
    average = Average(model, config["ema"])
    loss = ReconstructionLoss(config)
    state = Run(config, "autoencoder", {"model": model, "optimizer": optimizer, "average": average, "generator": generator})
    batches = Batches(arrays, generator, config["batch"], config["styled"])
    val = to_pictures(arrays.images[arrays.indices("val", upright=True)[: config["val"]]])
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        pictures = batches.next()
        made, latents = model(pictures)
        terms = loss(made, latents, pictures, batches.plain)
        terms["scale"] = scale_error(model, latents, pictures, SHRINKING[state.done // config["batch"] % len(SHRINKING)])
        optimizer.zero_grad(set_to_none=True)
        loss.total(terms).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        average.update(model)
        state.step(len(pictures), **{name: float(value.detach()) for name, value in terms.items()})
        if state.crossed(config["evaluate_every"], len(pictures)) or state.done >= config["samples"]:
            with Swapped(model, average):
                state.log(**evaluate(model, loss, val))
                sheet(state.folder / "sheet.png", [val, model.decoder(model.raw(val[:16]))])
    finish(state, model, average, val)


def finish(state: Run, model: Autoencoder, average: Average, val: Tensor) -> None:
    """Keep the averaged weights, with their scale, as `autoencoder.pt`."""
    state.save()
    model.load_state_dict(average.values)
    measure_scale(model.eval(), val)
    torch.save(model.state_dict(), state.folder.parent / "autoencoder.pt")
