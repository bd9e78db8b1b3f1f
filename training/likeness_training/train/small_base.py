"""Stage `small_base`: a base folder in the layout of the published one, trained here, small: what the paper's training
is proven on.

From the portraits that tiny's stage `prepare` framed: an AutoencoderKL (L1, edges, the recogniser's maps and
embedding), a CLIP vision encoder (regression of the recogniser's embedding), a CLIP text encoder with a U-Net of Stable
Diffusion's blocks (noise prediction from captions, nobody given), and a folder `photos/person/photo.png` with captions
for `prepare`. Validation people are in none of the three trainings.
"""

from __future__ import annotations

import math
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderKL, UNet2DConditionModel
from torch import Tensor, nn
from transformers import CLIPTextModel

from ..average import Average
from ..config import Config
from ..data.base_folder import BaseFolder
from ..data.random_base import save_clip, text_config, unet_settings, write_scheduler, write_tokenizer
from ..diffusion import Schedule
from ..draft.people import read_references
from ..fit import Course, Task, fit, save_whole
from ..models.align import CROP_SIZE
from ..models.recogniser import AlignedWarp, Recogniser
from ..models.vae import encode
from ..models.vision import ClipVision
from ..progress import Progress
from .crops import Crops, write_photos
from .sheet import sheet

TAPS = (7, 36, 76)
CHECKED = 256
"""Validation pictures that an autoencoder and a vision encoder are measured on."""


def edges(x: Tensor) -> tuple[Tensor, Tensor]:
    """Differences of neighbours, down and across."""
    return x[..., 1:, :] - x[..., :-1, :], x[..., 1:] - x[..., :-1]


class View:
    """The recogniser on crops of any size."""

    def __init__(self, config: Config) -> None:
        file = config.resolve(config["face_models"]) / "fr_feature.onnx"
        self.recogniser = Recogniser(file, config["recogniser"]).to(memory_format=torch.channels_last)
        self.warp = AlignedWarp()

    def __call__(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """(embeddings, L2-normalised, and maps of TAPS)."""
        large = F.interpolate(pictures, size=(CROP_SIZE, CROP_SIZE), mode="bilinear", align_corners=False)
        embedding, _, maps = self.recogniser.features(self.warp(large), TAPS)
        return F.normalize(embedding, dim=1), maps


Network = TypeVar("Network", bound=nn.Module)
Terms = Callable[[int], dict[str, Tensor]]
"""The terms of the loss of a batch of so many samples."""


def learning_rate(config: Config, done: int) -> float:
    """A cosine from `lr` to a twentieth of it at `samples`."""
    peak, end = config["lr"], config["lr"] * 0.05
    return end + (peak - end) * 0.5 * (1 + math.cos(math.pi * min(1.0, done / config["samples"])))


class PartTraining(Generic[Network]):
    """One network of the base, by AdamW, its weights averaged. It goes on from its checkpoint."""

    def __init__(self, config: Config, model: Network, generator: torch.Generator, terms: Terms) -> None:
        """`generator` draws what `terms` needs: a checkpoint holds where it stands."""
        self.config, self.model, self.generator, self.terms = config, model, generator, terms
        self.weights = {name: value for name, value in model.named_parameters() if value.requires_grad}
        parameters = list(self.weights.values())
        self.optimizer = torch.optim.AdamW(parameters, lr=config["lr"], betas=(0.9, 0.99), weight_decay=0.0, fused=True)
        self.average = Average(self.weights, config["ema"])
        self.samples = 0
        self.folder = config.work / config["name"]
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.checkpoint.is_file():
            self.load()

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.pt"

    def load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.values, self.samples = state["average"], state["samples"]
        self.generator.set_state(state["generator"])
        torch.set_rng_state(state["rng"])

    def save(self) -> None:
        state = {"model": self.model.state_dict(), "optimizer": self.optimizer.state_dict()}
        state |= {"average": self.average.values, "samples": self.samples}
        save_whole(self.checkpoint, {**state, "generator": self.generator.get_state(), "rng": torch.get_rng_state()})

    def step(self) -> dict[str, Tensor]:
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.config, self.samples)
        terms = self.terms(self.config["batch"])
        self.optimizer.zero_grad(set_to_none=True)
        torch.stack(list(terms.values())).sum().backward()
        nn.utils.clip_grad_norm_(self.weights.values(), 1.0)
        self.optimizer.step()
        self.samples += self.config["batch"]
        self.average.update(self.weights, self.samples // self.config["batch"])
        return {name: value.detach() for name, value in terms.items()}

    def run(self, measure: Callable[[], dict[str, float]]) -> Network:
        """Train to the config's samples; the network with its averaged weights, frozen. `measure` says how good it
        is."""
        name, samples = self.config["name"], self.config["samples"]
        progress = Progress(name, samples, self.folder / "log.jsonl", self.config.get("log_seconds", 15), self.samples)
        if fit(self, Course(samples, Task(self.save, seconds=self.config.get("save_seconds", 180))), progress):
            raise SystemExit(f"{name}: stopped at {self.samples} samples, saved")
        self.model.load_state_dict(self.average.values, strict=False)
        self.model.requires_grad_(False).eval()
        progress.write(samples=self.samples, **measure())
        return self.model


def unit_latents(vae: AutoencoderKL, pictures: Tensor) -> None:
    """Turn and stretch the means so that scaled latents have mean 0 and deviation 1 in each channel; pictures stay what
    they were."""
    latents = torch.cat([vae.encode(part).latent_dist.mean for part in pictures.split(32)])
    mean, factor = latents.mean((0, 2, 3)), 1 / (latents.std((0, 2, 3)) * vae.config.scaling_factor)
    count = len(mean)
    inside, outside = vae.quant_conv, vae.post_quant_conv
    assert inside.bias is not None and outside.bias is not None
    inside.weight.data[:count] *= factor[:, None, None, None]
    inside.bias.data[:count] = (inside.bias.data[:count] - mean) * factor
    outside.bias.data += (outside.weight.data[:, :, 0, 0] * mean).sum(1)
    outside.weight.data /= factor[None, :, None, None]


def train_autoencoder(config: Config, crops: Crops, view: View, folder: Path) -> AutoencoderKL:
    vae = AutoencoderKL(**config["vae"]).to(memory_format=torch.channels_last)
    weights, val = config["weights"], crops.pictures(crops.val[:CHECKED])

    def terms(count: int) -> dict[str, Tensor]:
        pictures, _, _ = crops.draw(count)
        latents = vae.encode(pictures).latent_dist.mean
        noisy = latents + config["noise"] * latents.detach().std() * torch.randn(
            latents.shape, generator=crops.generator
        )
        decoded, judged = vae.decode(noisy).sample, config["judged"]
        with torch.no_grad():
            target, target_maps = view(pictures[:judged])
        embedding, maps = view(decoded[:judged])
        across, down = ((a - b).abs().mean() for a, b in zip(edges(decoded), edges(pictures), strict=True))
        gaps = [(a - b).abs().mean() / b.abs().mean() for a, b in zip(maps, target_maps, strict=True)]
        terms = {
            "pixel": (decoded - pictures).abs().mean(),
            "edge": across + down,
            "maps": torch.stack(gaps).sum(),
            "embedding": 1 - (embedding * target).sum(1).mean(),
            "latent": latents.square().mean(),
        }
        return {name: weights[name] * value for name, value in terms.items()}

    @torch.inference_mode()
    def measure() -> dict[str, float]:
        parts = [vae.decode(vae.encode(part).latent_dist.mean).sample.clamp(-1, 1) for part in val.split(32)]
        decoded = torch.cat(parts)
        psnr = (10 * torch.log10(4 / (decoded - val).square().mean((1, 2, 3)))).mean()
        sheet(training.folder / "sheet.png", [val, decoded])
        return {"psnr": float(psnr), "bound": float((view(decoded)[0] * view(val)[0]).sum(1).mean())}

    training = PartTraining(config, vae, crops.generator, terms)
    training.run(measure)
    unit_latents(vae, val)
    vae.save_pretrained(folder / "vae")
    return vae


def train_vision(config: Config, crops: Crops, embeddings: np.ndarray, folder: Path) -> None:
    """Class embedding and patch tokens, by their mean, that know who is seen, as CLIP's do. The heads that say so are
    left behind."""
    vision, width = ClipVision(config["vision"]), config["vision"]["hidden_size"]
    heads = nn.ModuleList(nn.Linear(width, embeddings.shape[1]) for _ in range(2))
    model = nn.ModuleDict({"vision": vision, "heads": heads})

    def alike(pictures: Tensor, rows: np.ndarray) -> dict[str, Tensor]:
        shown = F.interpolate(
            (pictures + 1) * 127.5, size=(vision.size, vision.size), mode="bilinear", align_corners=False
        )
        target = torch.from_numpy(embeddings[rows])
        patches, classes = vision(shown)
        return {
            name: F.cosine_similarity(head(x), target).mean()
            for name, head, x in zip(("class", "patches"), heads, (classes, patches.mean(1)), strict=True)
        }

    def terms(count: int) -> dict[str, Tensor]:
        pictures, rows, _ = crops.draw(count)
        return {name: 1 - value for name, value in alike(pictures, rows).items()}

    @torch.inference_mode()
    def measure() -> dict[str, float]:
        rows = crops.val[:CHECKED]
        return {f"val_{name}": float(value) for name, value in alike(crops.pictures(rows), rows).items()}

    PartTraining(config, model, crops.generator, terms).run(measure)
    save_clip(folder / "image_encoder", vision.clip, "vision_model")


def train_words(config: Config, crops: Crops, vae: AutoencoderKL, base: BaseFolder) -> None:
    """U-Net and text encoder together, the noise predicted; latents are encoded once."""
    prompts, schedule, source = base.prompts(config), Schedule(config["diffusion"]), random.Random(config["seed"])
    text = CLIPTextModel(text_config(config))
    unet = UNet2DConditionModel(**unet_settings(config)).to(memory_format=torch.channels_last)
    model = nn.ModuleDict({"text": text, "unet": unet})
    with torch.inference_mode():
        parts = [crops.pictures(rows) for rows in np.array_split(crops.train, len(crops.train) // 64 + 1)]
        sides = [torch.cat([encode(vae, part.flip(3) if side else part).half() for part in parts]) for side in range(2)]
    latents = torch.stack([side.clone() for side in sides])

    def terms(count: int) -> dict[str, Tensor]:
        draw = crops.generator
        chosen, flipped = (
            torch.randint(len(crops.train), (count,), generator=draw),
            torch.rand(count, generator=draw) < 0.5,
        )
        x0 = latents[flipped.long(), chosen].float()
        drawn = zip(chosen.tolist(), flipped, strict=True)
        said = [crops.caption(int(crops.train[i]), source, bool(flip)) for i, flip in drawn]
        ids = prompts.batch([("" if source.random() < config["dropout"] else words, None) for words in said])
        t, noise = torch.randint(schedule.count, (count,), generator=draw), torch.randn(x0.shape, generator=draw)
        alpha, sigma = schedule.parts(t)
        hidden = text(input_ids=ids).last_hidden_state
        prediction = unet(alpha * x0 + sigma * noise, t, hidden).sample
        return {"noise": F.mse_loss(prediction, schedule.target(x0, noise, alpha, sigma))}

    PartTraining(config, model, crops.generator, terms).run(dict)
    unet.save_pretrained(base.base / "unet")
    save_clip(base.base / "text_encoder", text, "text_model")


def phase(config: Config, name: str) -> Config:
    """The part `name` of the file, with what all parts share."""
    return Config(config.path, {**config.values, **config[name], "name": f"{config['name']}-{name}"})


def run(config: Config) -> None:
    torch.set_num_threads(config.get("threads", len(os.sched_getaffinity(0))))
    torch.manual_seed(config.get("seed", 0))
    generator = torch.Generator().manual_seed(config.get("seed", 0))
    crops, folder = (
        Crops(config.resolve(config["prepared"]), config["image"], generator),
        config.resolve(config["base"]),
    )
    texts = [crops.caption(i, random.Random(int(i)), sks=True) for i in crops.train]
    if not (config.work / "photos").is_dir():
        write_photos(config, crops, config.work / "photos")
    write_tokenizer(folder / "tokenizer", config["text"]["vocab_size"], texts)
    write_scheduler(config, folder / "scheduler")
    view = View(config)
    if not (folder / "vae").is_dir():
        train_autoencoder(phase(config, "autoencoder"), crops, view, folder)
    base = BaseFolder(folder, folder / "image_encoder")
    if not base.vision.is_dir():
        _, embeddings = read_references(crops.folder, view.recogniser)
        train_vision(phase(config, "vision_encoder"), crops, embeddings, folder)
    if not (folder / "unet").is_dir():
        train_words(phase(config, "words"), crops, base.load_vae(), base)
    base.check(config)
    print(f"{folder}: a base folder with the shapes of {config.path}")
