"""Stage `trials`: variants of one thing, measured alike: what each part of the method is worth at tiny's size.

    python -m likeness_training trials configs/tiny/study.yaml
    python -m likeness_training trials configs/tiny/encoders.yaml
    python -m likeness_training trials configs/tiny/recipe.yaml
    python -m likeness_training trials configs/tiny/paths.yaml
    python -m likeness_training trials configs/tiny/inputs.yaml

`kind: draft`: MFF and the head that drafts the person (phase `path`, where tiny learns who somebody is) are trained from nothing for
`cpu_minutes` of the process's own time each, so that what else runs on the machine does not count; `encoder` says whose patch tokens they see
(patch_encoders.py). `kind: denoiser`: the diffusion (phase
`adapters`) goes on from `checkpoint` as long, and is asked in `sheet_steps` with guidance. `kind: student`: the trained student is
asked with some of the ways cut by which the person reaches it (`cuts`), or from a photo that was changed (`photo`); nothing is trained.

Measured on validation people: one photo in, one picture a prompt, no choice among candidates. What is done is kept in `out`
(JSON) and not done again; the table between the marks in `table` (Markdown) is written anew each time. Intervals are those of
2,000 bootstrap resamples of the people, 95 %.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import Config, ConfigError
from .data.accessories import put_on
from .data.align import FACE_BOX, arcface_from_crop
from .data.arrays import Arrays, open_arrays
from .data.captions import caption
from .data.face_models import FaceModels
from .data.latents import Latents, open_latents, pooled_patches
from .data.people import People
from .data.styles import stylise
from .data.tokenizer import encode
from .diffusion import Schedule
from .evaluate import judge_prompt
from .models.attention import Context
from .models.idadapter import IdAdapter, Identity, References
from .models.mff import MixedFacialFeatures
from .patch_encoders import PATCH_ENCODERS
from .train.denoising import Denoising, Teachers, build, open_tokenizer
from .train.face_gate import FaceGate
from .train.identity_path import Drafts, Judge, draft_step, phase, train_attributes, train_teacher, val_references
from .train.loop import Average, Swapped, learning_rate, prepare_torch, sheet, to_pixels
from .train.students import few_steps

RESAMPLES = 2000
PROGRESS = 1000
"""Steps that the learning rate's course is cut into; the share of CPU time that is gone says which it is."""
TIMES = 8
"""Timesteps at which the validation loss is taken."""

Answers = Callable[[str, References, int], Tensor]
"""A prompt, people and a seed -> latents (B, C, 16, 16)."""


@dataclass
class Workshop:
    """What all variants share, opened when the first needs it."""

    config: Config

    @cached_property
    def arrays(self) -> Arrays:
        return open_arrays(self.config)

    @cached_property
    def latents(self) -> Latents:
        return open_latents(self.config)

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.config)

    @cached_property
    def faces(self) -> FaceModels:
        return FaceModels(self.config.resolve(self.config["face_models"]))

    @cached_property
    def readers(self) -> tuple[nn.Module, nn.Module]:
        """Of the person; of yaw and expression."""
        generator = torch.Generator().manual_seed(self.config.get("seed", 0))
        person = train_teacher(phase(self.config, "teacher"), self.arrays, self.latents, generator)
        return person, train_attributes(phase(self.config, "attributes"), self.arrays, self.latents)

    def model(self) -> tuple[IdAdapter, Drafts]:
        """As new, its seed the same each time."""
        tokenizer = open_tokenizer(self.config, self.arrays)
        torch.manual_seed(self.config.get("seed", 0))
        model = build(self.config, tokenizer)
        return model, Drafts(self.config, model, tokenizer)


class Stint:
    """A training of `cpu_minutes` (config) of the process's own time: what a loop asks of a Run."""

    def __init__(self, config: Config, name: str) -> None:
        self.course = Config(config.path, {**config.values, "samples": PROGRESS, "warmup": PROGRESS // 25})
        self.name, self.seconds, self.start, self.said, self.done = name, 60 * config["cpu_minutes"], time.process_time(), time.monotonic(), 0

    @property
    def gone(self) -> float:
        """The share of the time that is over; 1 and above: the end."""
        return (time.process_time() - self.start) / self.seconds

    def set_rate(self, optimizer: torch.optim.Optimizer) -> None:
        rate = learning_rate(self.course, round(PROGRESS * self.gone))
        for group in optimizer.param_groups:
            group["lr"] = rate * group.get("factor", 1.0)

    def step(self, count: int, **losses: float) -> None:
        self.done += count
        if time.monotonic() - self.said > 20:
            self.said = time.monotonic()
            print(f"{self.name}: {100 * self.gone:.0f} %, {self.done} samples, " + ", ".join(f"{key} {value:.3f}" for key, value in losses.items()), flush=True)


def trained_drafts(config: Config, shop: Workshop, name: str) -> tuple[Answers, dict]:
    """The draft's training, as phase `path` has it; `mix` False: E_r are the tokens as they come, projected and not mixed."""
    model, drafts = shop.model()
    if not config["mix"]:
        blocks = config["identity"]
        model.mff = MixedFacialFeatures(blocks["patch_width"], blocks["width"], blocks["heads"], blocks=0)
        drafts.parts["mff"] = model.mff
    if config["encoder"] not in PATCH_ENCODERS:
        raise ConfigError(f"{config.path}: `encoder` may be {', '.join(PATCH_ENCODERS)}, not {config['encoder']}")
    latents = PATCH_ENCODERS[config["encoder"]](config, shop.arrays, shop.latents)
    optimizer = torch.optim.AdamW(drafts.parts.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average, people = Average(drafts.parts, config["ema"]), People(shop.arrays, latents, config.values, config.get("seed", 0) + 1)
    readers, judge = shop.readers, shop.judge
    stint = Stint(config, name)
    while stint.gone < 1:
        stint.set_rate(optimizer)
        batch = people.draw(config["batch"], sks=True)
        losses = draft_step(config, drafts, batch, readers, judge, optimizer)
        average.update(drafts.parts)
        stint.step(len(batch.latents), **losses)

    seen = val_references(shop.arrays, latents, config["people"], config["references"])[1]

    def answers(prompt: str, references: References, seed: int) -> Tensor:
        with Swapped(drafts.parts, average):
            return drafts.asked(seen, prompt)

    return answers, {"samples": stint.done}


def trained_denoiser(config: Config, shop: Workshop, name: str) -> tuple[Answers, dict]:
    """The diffusion's training, as phase `adapters` has it, from `checkpoint` on."""
    model, drafts = shop.model()
    model.load_state_dict(torch.load(checkpoint_of(config), weights_only=True))
    teachers = Teachers(*shop.readers, shop.judge, FaceGate(config.resolve(config["face_models"])))
    run, stint = Denoising(config, model, shop.arrays, shop.latents, drafts.tokenizer, teachers), Stint(config, name)
    while stint.gone < 1:
        stint.set_rate(run.optimizer)
        run.step(stint)

    def answers(prompt: str, references: References, seed: int) -> Tensor:
        with Swapped(model, run.average):
            return run.generate(prompt, model.identity(references), 1.0, fixed_noise(shop, len(references.faces), seed), config["sheet_guidance"])

    with Swapped(model, run.average):
        return answers, {"samples": stint.done, "val_loss": round(validation_loss(config, shop, run), 4)}


def fixed_noise(shop: Workshop, count: int, seed: int) -> Tensor:
    return torch.randn((count, *shop.latents.plain.shape[1:]), generator=torch.Generator().manual_seed(seed))


@torch.inference_mode()
def validation_loss(config: Config, shop: Workshop, run: Denoising) -> float:
    """The error of the prediction (MSE) on validation photos at TIMES timesteps spread evenly, captions and noise the same each time."""
    rows, references = val_references(shop.arrays, shop.latents, config["people"], config["references"])
    clean, noise = torch.from_numpy(shop.latents.plain[rows]).float(), fixed_noise(shop, len(rows), 0)
    says = random.Random(0)
    ids = torch.tensor([encode(run.tokenizer, caption(shop.arrays.rows[row], says, False, {}, True), run.length) for row in rows])
    identity, beta, errors = run.model.identity(references), torch.ones(len(rows)), []
    for index in range(TIMES):
        t = torch.full((len(rows),), round((index + 0.5) / TIMES * run.schedule.count))
        a, s = run.schedule.parts(t)
        errors.append(F.mse_loss(run.model(a * clean + s * noise, t, ids, identity, beta), run.schedule.target(clean, noise, a, s)))
    return float(torch.stack(errors).mean())


def checkpoint_of(config: Config) -> Path:
    """Raises ConfigError where it is not there."""
    path = config.work / config["checkpoint"]
    if not path.is_file():
        raise ConfigError(f"{path}: not trained yet; see weights.py")
    return path


CUTS = ("draft", "vector", "adapters", "text embedding")
"""Ways of the person into the U-Net: the draft beside the noise, the face embedding in the time embedding, E_r in the gated adapters, E_c."""


class Cut(IdAdapter):
    """A model that the person reaches by some of its ways only."""

    cuts: frozenset[str] = frozenset()

    def forward(self, latents: Tensor, timesteps: Tensor, ids: Tensor, identity: Identity, beta: Tensor) -> Tensor:
        open_to = lambda way: 0.0 if way in self.cuts else 1.0  # noqa: E731
        hidden, pooled = self.text(ids, None if "text embedding" in self.cuts else identity.sks)
        draft, vector = self.draft(identity.state, ids) * open_to("draft"), identity.vector * open_to("vector")
        gates = beta[:, None, None]
        self.adapters_open(open_to("adapters"))
        return self.denoise(latents, timesteps, Context(tokens=hidden), pooled, Context(tokens=identity.tokens, beta=gates), draft, vector)

    def adapters_open(self, gate: float) -> None:
        for name, module in self.unet.named_modules():
            if name.endswith("fuser"):
                module.alpha_attn.data = self.kept_gates[name][0] * gate
                module.alpha_dense.data = self.kept_gates[name][1] * gate


def sized(side: int) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """A face of so many pixels, enlarged again."""

    def change(crop: np.ndarray, landmarks: np.ndarray) -> np.ndarray:
        small = round(len(crop) * side / FACE_BOX[3])
        return cv2.resize(cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA), crop.shape[1::-1], interpolation=cv2.INTER_LINEAR)

    return change


CHANGES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "as it is": lambda crop, landmarks: crop,
    "face of 48 pixels": sized(48),
    "face of 32 pixels": sized(32),
    "face of 20 pixels": sized(20),
    "black and white": lambda crop, landmarks: cv2.cvtColor(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB),
    "sunglasses": lambda crop, landmarks: put_on(crop, "sunglasses", landmarks, np.random.default_rng(0)),
    "pencil sketch": lambda crop, landmarks: stylise(crop, "pencil sketch", 0),
    "cartoon": lambda crop, landmarks: stylise(crop, "cartoon", 0),
}
"""What a member may send: an aligned crop and its 68 landmarks -> the crop as it would be."""


@torch.inference_mode()
def changed_references(config: Config, shop: Workshop, change: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> References:
    """`val_references` of the same people with their photo changed."""
    rows, _ = val_references(shop.arrays, shop.latents, config["people"], config["references"])
    crops = [change(crop, shop.faces.landmarks(crop, FACE_BOX)) for crop in (np.array(shop.arrays.images[row]) for row in rows)]
    inputs = torch.from_numpy(np.stack([arcface_from_crop(crop) for crop in crops])).permute(0, 3, 1, 2).float()
    embedding, patch_map, _ = shop.judge.recogniser.features(inputs)
    tokens = torch.from_numpy(pooled_patches(patch_map.flatten(2).transpose(1, 2).numpy())).float().repeat(1, config["references"], 1)
    return References(tokens, tokens.mean(1), F.normalize(embedding, dim=1))


def asked_student(config: Config, shop: Workshop, name: str) -> tuple[Answers, dict]:
    """The trained student of `checkpoint` without the ways in `cuts`, shown the `photo`. Raises ConfigError where there is no such checkpoint, way or
    change."""
    path = checkpoint_of(config)
    unknown = set(config["cuts"]) - set(CUTS)
    if unknown:
        raise ConfigError(f"{config.path}: `cuts` may be {', '.join(CUTS)}, not {', '.join(sorted(unknown))}")
    if config["photo"] not in CHANGES:
        raise ConfigError(f"{config.path}: `photo` may be {', '.join(CHANGES)}, not {config['photo']}")
    model, drafts = shop.model()
    model.load_state_dict(torch.load(path, weights_only=True))
    model.__class__ = Cut
    model.cuts = frozenset(config["cuts"])
    model.kept_gates = {name: (m.alpha_attn.data.clone(), m.alpha_dense.data.clone()) for name, m in model.unet.named_modules() if name.endswith("fuser")}
    schedule, timesteps = Schedule(config["diffusion"]), torch.tensor(config["timesteps"])
    changed = None if config["photo"] == "as it is" else changed_references(config, shop, CHANGES[config["photo"]])
    shown = lambda references: references if changed is None else changed  # noqa: E731

    def answers(prompt: str, references: References, seed: int) -> Tensor:
        count, identity = len(references.faces), model.identity(shown(references))
        noise = fixed_noise(shop, count, seed)
        ids = torch.tensor([encode(drafts.tokenizer, prompt, drafts.length)] * count)
        return few_steps(schedule, lambda z, t: model(z, t, ids, identity, torch.ones(count)), noise, timesteps, seed)

    return answers, {}


@torch.inference_mode()
def by_person(config: Config, shop: Workshop, answers: Answers, folder: Path) -> dict[str, list]:
    """Each metric's values, one for each person; None where a person has none."""
    judge = shop.judge
    rows, references = val_references(shop.arrays, shop.latents, config["people"], config["references"])
    others = other_photos(shop.arrays, rows)
    found: list[dict[str, list]] = [{} for _ in rows]
    seen, lines = [], [judge.pictures(torch.from_numpy(shop.latents.plain[rows[:12]]).float())]
    for number, prompt in enumerate(config["prompts"]):
        pictures = torch.cat([judge.pictures(part) for part in answers(prompt, references, number).split(16)])
        embedded = torch.cat([judge.recogniser(judge.warp(part.clamp(-1, 1))) for part in pictures.split(16)])
        seen.append(embedded)
        lines.append(pictures[:12])
        cosines = embedded @ references.faces.T
        for person, (picture, row) in enumerate(zip(to_pixels(pictures), rows)):
            values = judge_prompt(prompt, [shop.faces.measure(picture)], [shop.arrays.rows[row]])
            values["id_sim"] = [float(cosines[person, person])]
            values["id_sim_others"] = [float((cosines[person].sum() - cosines[person, person]) / max(1, len(rows) - 1))]
            if others[person] is not None:
                values["id_sim_other_photo"] = [float(embedded[person] @ others[person])]
            for key, each in values.items():
                found[person].setdefault(key.split("_")[0] if key.startswith(("expression_", "side_")) else key, []).extend(each)
    together = torch.stack(seen, 1)
    for person, values in enumerate(found):
        apart = 1 - together[person] @ together[person].T
        values["spread"] = [float(apart.sum() / max(1, apart.numel() - len(apart)))]
    folder.mkdir(parents=True, exist_ok=True)
    sheet(folder / "sheet.png", lines)
    names = sorted({name for values in found for name in values})
    return {name: [round(float(np.mean(values[name])), 4) if values.get(name) else None for values in found] for name in names}


def other_photos(arrays: Arrays, rows: np.ndarray) -> list[Tensor | None]:
    """The embedding of another photo of each person."""
    groups: dict[str, list[int]] = {}
    for index in arrays.indices("val", upright=True):
        groups.setdefault(arrays.rows[index]["person"], []).append(int(index))
    picked = [[other for other in groups[arrays.rows[row]["person"]] if other != row] for row in rows]
    return [F.normalize(torch.from_numpy(arrays.embeddings[other[0]].astype(np.float32)), dim=0) if other else None for other in picked]


def interval(values: list[float | None]) -> tuple[float, float, float]:
    """(mean, low, high) over people; all NaN where nobody has a value."""
    known = np.array([value for value in values if value is not None], np.float64)
    if len(known) == 0:
        return (float("nan"),) * 3
    draws = np.random.default_rng(0).integers(len(known), size=(RESAMPLES, len(known)))
    low, high = np.percentile(known[draws].mean(1), [2.5, 97.5])
    return float(known.mean()), float(low), float(high)


def merged(values: dict, changes: dict) -> dict:
    """Settings with a variant's: blocks are changed key by key."""
    return {**values, **{key: {**values.get(key, {}), **change} if isinstance(change, dict) else change for key, change in changes.items()}}


def cell(metric: str, result: dict) -> str:
    if metric not in result["people"]:
        return f"{result[metric]:,}" if metric in result else ""
    mean, low, high = interval(result["people"][metric])
    if np.isnan(mean):
        return "none"
    if metric.startswith("pose_div"):
        return f"{mean:.1f} ({low:.1f} to {high:.1f})"
    if metric.startswith(("id_sim", "spread")):
        return f"{mean:.3f} ({low:.3f} to {high:.3f})"
    return f"{100 * mean:.0f} % ({100 * low:.0f} to {100 * high:.0f})"


def table(config: Config, results: dict[str, dict]) -> str:
    columns = config["columns"]
    lines = ["| variant | " + " | ".join(columns.values()) + " |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name} | " + " | ".join(cell(metric, results[name]) for metric in columns) + " |" for name in config["variants"] if name in results]
    return "\n".join(lines)


def write_table(path: Path, key: str, text: str) -> None:
    """Between `<!-- key -->` and `<!-- /key -->`. Raises ConfigError where the marks are missing."""
    begin, end = f"<!-- {key} -->", f"<!-- /{key} -->"
    old = path.read_text() if path.is_file() else ""
    if begin not in old or end not in old:
        raise ConfigError(f"{path}: the marks {begin} and {end} are missing")
    path.write_text(old[: old.index(begin) + len(begin)] + f"\n\n{text}\n\n" + old[old.index(end) :])


KINDS = {"draft": ("path", trained_drafts), "denoiser": ("adapters", trained_denoiser), "student": ("path", asked_student)}
"""`kind` (config) -> the phase whose settings it shares, and what makes a variant."""


def run(config: Config) -> None:
    prepare_torch(config)
    out, shop = config.resolve(config["out"]), Workshop(config)
    results = json.loads(out.read_text()) if out.is_file() else {}
    for name, changes in config["variants"].items():
        if name in results:
            print(f"trials: {name}: done before")
            continue
        part, make = KINDS[config["kind"]]
        variant = Config(config.path, merged(merged({**config.values, **config[part]}, config["trial"]), changes))
        answers, known = make(variant, shop, name)
        folder = config.work / "trials" / f"{out.stem}-{'-'.join(name.replace(',', '').split())}"
        results[name] = {**known, "people": by_person(variant, shop, answers, folder)}
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text("{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in results.items()) + "\n}\n")
        print(f"trials: {name}: " + ", ".join(f"{metric} {cell(metric, results[name])}" for metric in config["columns"]), flush=True)
    write_table(config.resolve(config["table"]), out.stem, table(config, results))
