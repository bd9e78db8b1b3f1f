"""The first phases of stage `identity`: readers of latents, then MFF taught to draft what is asked for.

Identity is learned fast where it is trained directly: MFF's tokens and the words are decoded by a light head into the
mean of the pictures they may mean, against the photo's latents (MSE), its embedding, its yaw and its expression.
"""

from __future__ import annotations

import copy
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from ..config import Config
from ..data.arrays import Arrays
from ..data.latents import Latents, load_autoencoder
from ..data.people import People, Sample, expression_index
from ..data.tokenizer import encode
from ..models.idadapter import IdAdapter, References
from ..models.latent_recogniser import YAW_UNIT, LatentAttributes, LatentRecogniser
from ..models.recogniser import AlignedWarp, Recogniser
from .kernel_distance import features
from .loop import Average, Run, Swapped, go_on_from, sheet


def phase(config: Config, name: str) -> Config:
    """The part `name` of a stage file, with what all phases share."""
    return Config(config.path, {**config.values, **config[name], "name": f"{config.get('name', 'identity')}-{name}"})


def ready(model: nn.Module, path: Path) -> bool:
    """Whether `path` holds the finished weights of `model`, which are then loaded and frozen."""
    if not path.is_file():
        return False
    model.load_state_dict(torch.load(path, weights_only=True))
    model.requires_grad_(False).eval()
    return True


def finished(model: nn.Module, average: Average, path: Path) -> nn.Module:
    """The averaged weights, frozen and kept at `path`."""
    model.load_state_dict(average.values)
    torch.save(model.state_dict(), path)
    return model.requires_grad_(False).eval()


def train_teacher(config: Config, arrays: Arrays, latents: Latents, generator: torch.Generator) -> LatentRecogniser:
    """Phase `teacher`: cosine regression of the embedding from latents with a little noise, mirror images included."""
    model = LatentRecogniser(latents.plain.shape[1], tuple(config["widths"])).to(memory_format=torch.channels_last)
    if ready(model, config.work / "teacher.pt"):
        return model
    go_on_from(model, config.work / "teacher-start.pt")
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average = Average(model, config["ema"])
    state = Run(config, "identity: teacher", {"model": model, "optimizer": optimizer, "average": average, "generator": generator})
    train, val = arrays.indices("train", upright=True), arrays.indices("val", upright=True)[:512]
    target = torch.from_numpy(arrays.embeddings.astype(np.float32))
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        rows = train[torch.randint(len(train), (config["batch"],), generator=generator).numpy()]
        source = latents.mirrored if torch.rand(1, generator=generator) < 0.5 else latents.plain
        x = torch.from_numpy(source[rows]).float().contiguous(memory_format=torch.channels_last)
        x = x + torch.rand(len(x), 1, 1, 1, generator=generator) * config["noise"] * torch.randn(x.shape, generator=generator)
        loss = 1 - (model(x) * target[rows]).sum(1).mean()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(model)
        state.step(len(rows), loss=float(loss.detach()))
        if state.crossed(config["evaluate_every"], len(rows)) or state.done >= config["samples"]:
            with Swapped(model, average), torch.inference_mode():
                state.log(val_cosine=float((model(torch.from_numpy(latents.plain[val]).float()) * target[val]).sum(1).mean()))
    state.save()
    return finished(model, average, config.work / "teacher.pt")


def attribute_losses(model: nn.Module, x: Tensor, yaw: Tensor, expression: Tensor) -> dict[str, Tensor]:
    """Yaw (degrees) by smooth L1 in units of 20 degrees, expression by cross-entropy; -100 is passed over."""
    read_yaw, logits = model(x)
    known = expression >= 0
    told = F.cross_entropy(logits[known], expression[known]) if known.any() else logits.sum() * 0
    return {"yaw": F.smooth_l1_loss(read_yaw, yaw / YAW_UNIT), "expression": told}


def train_attributes(config: Config, arrays: Arrays, latents: Latents) -> LatentAttributes:
    """Phase `attributes`: yaw and expression from latents, styled ones included, with a little noise."""
    model = LatentAttributes(latents.plain.shape[1], tuple(config["widths"])).to(memory_format=torch.channels_last)
    if ready(model, config.work / "attributes.pt"):
        return model
    go_on_from(model, config.work / "attributes-start.pt")
    optimizer = torch.optim.AdamW(model.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average, people = Average(model, config["ema"]), People(arrays, latents, config.values, config.get("seed", 0) + 4)
    state = Run(config, "identity: attributes", {"model": model, "optimizer": optimizer, "average": average, "people": people})
    val = arrays.indices("val", upright=True)[:512]
    val_yaw = torch.tensor([arrays.rows[i]["yaw"] for i in val])
    val_expression = torch.tensor([expression_index(arrays.rows[i]) for i in val])
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        batch = people.draw(config["batch"])
        x = batch.latents + torch.rand(len(batch.latents), 1, 1, 1) * config["noise"] * torch.randn(batch.latents.shape)
        terms = attribute_losses(model, x, batch.yaw, batch.expression)
        optimizer.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        optimizer.step()
        average.update(model)
        state.step(len(x), **{name: float(value.detach()) for name, value in terms.items()})
        if state.crossed(config["evaluate_every"], len(x)) or state.done >= config["samples"]:
            with Swapped(model, average), torch.inference_mode():
                yaw, logits = model(torch.from_numpy(latents.plain[val]).float())
                known = val_expression >= 0
                right = (logits.argmax(1) == val_expression)[known].float().mean()
                state.log(val_yaw_error=float((yaw * YAW_UNIT - val_yaw).abs().mean()), val_expression=float(right))
    state.save()
    return finished(model, average, config.work / "attributes.pt")


class Judge:
    """The real recogniser on decoded latents: nothing is believed that it does not see."""

    def __init__(self, config: Config) -> None:
        self.autoencoder = load_autoencoder(config)
        self.recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx").to(memory_format=torch.channels_last)
        self.warp = AlignedWarp()

    def pictures(self, latents: Tensor) -> Tensor:
        return self.autoencoder.decode(latents)

    def embed(self, latents: Tensor) -> Tensor:
        return self.recogniser(self.warp(self.pictures(latents).clamp(-1, 1)))

    def features(self, pictures: Tensor) -> Tensor:
        """(B, 512), for `kernel_distance`."""
        return features(self.recogniser, self.warp(pictures.clamp(-1, 1)))

    @torch.inference_mode()
    def similarity(self, latents: Tensor, embeddings: Tensor) -> dict[str, float]:
        """ID-Sim to each one's own embedding and to the other people's."""
        cosines = torch.cat([self.embed(batch) for batch in latents.split(16)]) @ embeddings.T
        own = cosines.diagonal().mean()
        others = (cosines.sum() - cosines.diagonal().sum()) / (cosines.numel() - len(cosines))
        return {"id_sim": float(own), "id_sim_others": float(others)}


def val_references(arrays: Arrays, latents: Latents, count: int, references: int) -> tuple[np.ndarray, References]:
    """One upright photo of each of `count` validation people, repeated as at inference."""
    seen: set[str] = set()
    rows = [i for i in arrays.indices("val", upright=True) if not (arrays.rows[i]["person"] in seen or seen.add(arrays.rows[i]["person"]))][:count]
    tokens = torch.from_numpy(latents.patches[rows]).float().repeat(1, references, 1)
    faces = F.normalize(torch.from_numpy(arrays.embeddings[rows].astype(np.float32)), dim=1)
    return np.array(rows), References(tokens, tokens.mean(1), faces)


class Drafts:
    """What phase `path` trains, MFF and the drafting head, and how a batch is drafted."""

    def __init__(self, config: Config, model: IdAdapter, tokenizer: Tokenizer) -> None:
        self.model, self.tokenizer = model, tokenizer
        self.parts = nn.ModuleDict({"mff": model.mff, "head": model.mean_face}).to(memory_format=torch.channels_last)
        self.length, self.no_text = config["text"]["max_position_embeddings"], config["dropout"]["text"] + config["dropout"]["both"]

    def ids(self, captions: list[str]) -> Tensor:
        return torch.tensor([encode(self.tokenizer, text, self.length) for text in captions])

    def of(self, batch: Sample) -> Tensor:
        """Drafts of a training batch, its words dropped as in the diffusion."""
        silent = torch.rand(len(batch.captions)) < self.no_text
        captions = ["" if gone else text for text, gone in zip(batch.captions, silent)]
        return self.model.draft(self.model.mean_face.state(self.model.mff(batch.patches, batch.faces, batch.keep_patches)), self.ids(captions))

    def asked(self, references: References, prompt: str) -> Tensor:
        """Drafts of many people for one prompt."""
        state = self.model.mean_face.state(self.model.mff(references.patches, references.faces))
        return self.model.draft(state, self.ids([prompt] * len(state)))


DRAFT_PROMPTS = ("", "smiling, looking left", "neutral, looking right", "surprised, looking at the camera", "smiling, cartoon")


@torch.inference_mode()
def evaluate_drafts(state: Run, drafts: Drafts, judge: Judge, references: References, photos: Tensor) -> None:
    """ID-Sim of validation people's drafts without words and with, and a sample sheet."""
    made = {prompt: drafts.asked(references, prompt) for prompt in DRAFT_PROMPTS}
    state.log(**judge.similarity(made[""], references.faces))
    state.log(asked=judge.similarity(made[DRAFT_PROMPTS[1]], references.faces)["id_sim"])
    sheet(state.folder / "sheet.png", [judge.pictures(photos[:16]), *(judge.pictures(latents[:16]) for latents in made.values())])


def draft_step(config: Config, drafts: Drafts, batch: Sample, readers: tuple[nn.Module, nn.Module], judge: Judge, optimizer: torch.optim.Optimizer) -> dict[str, float]:
    """Teaches the drafts one batch; the losses by name. `readers` as `train_path` has them; where identity weighs nothing, nobody is recognised."""
    judged, made = max(1, round(config["batch"] * config["judge_share"])), drafts.of(batch)
    terms = {"mse": F.mse_loss(made, batch.latents)}
    if config["weights"]["identity"]:
        terms["latent_identity"] = mean_over(1 - (readers[0](made) * batch.faces).sum(1), batch.plain)
        terms["identity"] = mean_over(1 - (judge.embed(made[:judged]) * batch.faces[:judged]).sum(1), batch.plain[:judged])
    terms |= attribute_losses(readers[1], made, batch.yaw, batch.expression)
    optimizer.zero_grad(set_to_none=True)
    sum(config["weights"][name] * value for name, value in terms.items()).backward()
    nn.utils.clip_grad_norm_(drafts.parts.parameters(), 1.0)
    optimizer.step()
    return {name: float(value.detach()) for name, value in terms.items()}


def train_path(config: Config, arrays: Arrays, latents: Latents, model: IdAdapter, tokenizer: Tokenizer, readers: tuple[nn.Module, nn.Module]) -> None:
    """Phase `path`: MFF and the drafting head of `model`, in place. `readers`: of the person, of yaw and expression."""
    drafts, judge = Drafts(config, model, tokenizer), Judge(config)
    optimizer = torch.optim.AdamW(drafts.parts.parameters(), lr=config["lr"], weight_decay=config["weight_decay"], fused=True)
    average, people = Average(drafts.parts, config["ema"]), People(arrays, latents, config.values, config.get("seed", 0) + 1)
    state = Run(config, "identity: path", {"model": drafts.parts, "optimizer": optimizer, "average": average, "people": people})
    rows, references = val_references(arrays, latents, config["val"], config["references"])
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        batch = people.draw(config["batch"], sks=True)
        losses = draft_step(config, drafts, batch, readers, judge, optimizer)
        average.update(drafts.parts)
        state.step(len(batch.latents), **losses)
        if state.crossed(config["evaluate_every"], config["batch"]) or state.done >= config["samples"]:
            with Swapped(drafts.parts, average):
                evaluate_drafts(state, drafts, judge, references, torch.from_numpy(latents.plain[rows]).float())
    state.save()
    drafts.parts.load_state_dict(copy.deepcopy(average.values))


def train_words(config: Config, arrays: Arrays, latents: Latents, model: IdAdapter, tokenizer: Tokenizer) -> None:
    """Phase `words`: what the words mean in a draft, where a trained model has new ones (vocabulary.py); who is drafted stays as it is.

    The table of words alone learns at `lr`, what turns their sum into a picture `said_factor` times as fast.
    """
    path = config.work / "words.pt"
    drafts, head = Drafts(config, model, tokenizer), model.mean_face
    parts = nn.ModuleDict({"words": head.words, "said": head.said})
    if path.is_file():
        parts.load_state_dict(torch.load(path, weights_only=True))
        return
    groups = [{"params": list(head.words.parameters())}, {"params": list(head.said.parameters()), "factor": config["said_factor"]}]
    optimizer = torch.optim.AdamW(groups, lr=config["lr"], weight_decay=0.0, fused=True)
    average, people = Average(parts, config["ema"]), People(arrays, latents, config.values, config.get("seed", 0) + 6)
    state = Run(config, "distil: words", {"parts": parts, "optimizer": optimizer, "average": average, "people": people})
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        batch = people.draw(config["batch"])
        with torch.no_grad():
            person = head.state(model.mff(batch.patches, batch.faces, batch.keep_patches))
        loss = F.mse_loss(model.draft(person, drafts.ids(batch.captions)), batch.latents)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        average.update(parts)
        state.step(len(batch.latents), mse=float(loss.detach()))
    state.save()
    parts.load_state_dict(copy.deepcopy(average.values))
    torch.save(parts.state_dict(), path)


def mean_over(values: Tensor, chosen: Tensor) -> Tensor:
    """The mean of the chosen values; 0 where none is."""
    return (values * chosen).sum() / chosen.sum().clamp(min=1)
