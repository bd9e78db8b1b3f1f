"""The diffusion loop shared by the stages `base` (words alone) and `identity` (words and a person)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from ..config import Config
from ..data.arrays import Arrays
from ..data.latents import Latents
from ..data.people import People, Sample
from ..data.tokenizer import END, SKS, encode, load_tokenizer, train_tokenizer
from ..diffusion import Schedule, sample
from ..models.idadapter import IdAdapter, Identity
from .alignment import Alignment
from .face_gate import FaceGate
from .identity_path import Judge, attribute_losses, mean_over, val_references
from .loop import Average, Run, Swapped, sheet

TABLES = ("text.clip.embeddings.token_embedding.embedding.weight", "text.words.weight", "mean_face.words.weight")
"""Tables of words by the names of their parameters."""

SHEET_PROMPTS = (
    "smiling, looking at the camera, person is sks",
    "neutral, looking left, person is sks",
    "surprised, looking right, person is sks",
    "smiling, pencil sketch, person is sks",
    "neutral, cartoon, person is sks",
)


def open_tokenizer(config: Config, arrays: Arrays) -> Tokenizer:
    """The work folder's tokenizer, trained on the captions of the training people the first time."""
    path = config.work / "tokenizer.json"
    if not path.is_file():
        rows = [row for row in arrays.rows if row["split"] == "train"]
        train_tokenizer(rows, config["text"]["vocabulary"], config.get("seed", 0)).save(str(path))
    return load_tokenizer(path)


def build(config: Config, tokenizer: Tokenizer) -> IdAdapter:
    """The model of a `model.yaml`, for this tokenizer."""
    text = {key: value for key, value in config["text"].items() if key != "vocabulary"}
    text |= {"vocab_size": tokenizer.get_vocab_size(), "bos_token_id": 1}
    model = IdAdapter(text, config["identity"], config["unet"], tokenizer.token_to_id(SKS), tokenizer.token_to_id(END))
    return model.to(memory_format=torch.channels_last)


@dataclass
class Teachers:
    """Who judges x0_hat: readers of latents (person; yaw and expression), and the real recogniser through the decoder."""

    latent: nn.Module
    attributes: nn.Module
    judge: Judge
    gate: FaceGate


class Denoising:
    """One run. `identity`: whether the person is given; `teachers` then add the identity loss."""

    def __init__(self, config: Config, model: IdAdapter, arrays: Arrays, latents: Latents, tokenizer: Tokenizer, teachers: Teachers | None) -> None:
        self.config, self.model, self.arrays, self.latents = config, model, arrays, latents
        self.tokenizer, self.teachers = tokenizer, teachers
        self.schedule = Schedule(config["diffusion"])
        self.length = config["text"]["max_position_embeddings"]
        self.empty = encode(tokenizer, "", self.length)
        self.random = torch.Generator().manual_seed(config.get("seed", 0) + 2)
        self.people = People(arrays, latents, config.values, config.get("seed", 0) + 3)
        self.parameters = self.choose_parameters(config["train"])
        self.alignment = Alignment(model.unet, latents.patches[:2048]) if config.get("weights", {}).get("alignment") else None
        self.optimizer = torch.optim.AdamW(self.groups(), lr=config["lr"], weight_decay=config["weight_decay"], betas=(0.9, 0.99), fused=True)
        self.average = Average(model, config["ema"])

    def choose_parameters(self, names: list[str]) -> list[nn.Parameter]:
        """The parameters whose name holds one of `names` ("" = all) train; the rest is frozen."""
        kept = self.config.get("freeze", [])
        chosen = []
        for name, parameter in self.model.named_parameters():
            parameter.requires_grad_(any(part in name for part in names) and not any(part in name for part in kept))
            if parameter.requires_grad:
                chosen.append(parameter)
        return chosen

    def groups(self) -> list[dict]:
        """Three groups: where words come in (text encoder, class embedding) learns `text_factor` times as fast, tables of words `words_factor` times."""
        within = lambda modules: {id(p) for module in modules if module is not None for p in module.parameters()}  # noqa: E731
        tables = {id(p) for name, p in self.model.named_parameters() if name in TABLES}
        words = within((self.model.text, self.model.unet.class_embedding)) - tables
        rest = [p for p in self.parameters if id(p) not in words | tables]
        if self.alignment is not None:
            rest += self.alignment.parameters()
        text_factor = self.config.get("text_factor", 1.0)
        factors = ((words, text_factor), (tables, self.config.get("words_factor", text_factor)))
        return [{"params": rest}, *({"params": [p for p in self.parameters if id(p) in chosen], "factor": factor} for chosen, factor in factors)]

    def identity(self, batch: Sample) -> Identity:
        """The batch's identities; what is frozen is computed without a graph."""
        trained = next(self.model.mff.parameters()).requires_grad
        with torch.set_grad_enabled(trained):
            tokens = self.model.mff(batch.patches, batch.faces, batch.keep_patches)
            state = self.model.mean_face.state(tokens) if self.model.has_draft else None
        return Identity(tokens, self.model.sks(batch.classes), state, batch.faces if self.model.has_vector else None)

    def conditions(self, batch: Sample) -> tuple[Tensor, Tensor]:
        """ids (B, L) and beta (B,) after dropout: text, identity, both."""
        draws = torch.rand(len(batch.captions), generator=self.random)
        drop = self.config["dropout"]
        no_text = draws < drop["text"] + drop["both"]
        no_person = (draws >= drop["text"]) & (draws < drop["text"] + drop["both"] + drop["identity"])
        ids = [self.empty if gone else encode(self.tokenizer, text, self.length) for text, gone in zip(batch.captions, no_text)]
        beta = torch.zeros(len(ids)) if self.teachers is None else 1.0 - no_person.float()
        return torch.tensor(ids), beta

    def losses(self, batch: Sample) -> dict[str, Tensor]:
        count = len(batch.latents)
        drawn = torch.rand(count, generator=self.random) ** self.config["timestep_power"]
        t = (drawn * self.schedule.count).long().clamp(max=self.schedule.count - 1)
        a, s = self.schedule.parts(t)
        noise = torch.randn(batch.latents.shape, generator=self.random).contiguous(memory_format=torch.channels_last)
        z = a * batch.latents + s * noise
        ids, beta = self.conditions(batch)
        prediction = self.model(z, t, ids, self.identity(batch), beta)
        terms = {"noise": F.mse_loss(prediction, self.schedule.target(batch.latents, noise, a, s))}
        if self.alignment is not None:
            terms["alignment"] = self.alignment(batch.shown)
        if self.teachers is not None:
            self.identity_losses(terms, batch, self.schedule.estimate(z, prediction, a, s), beta, t)
        return terms

    def identity_losses(self, terms: dict[str, Tensor], batch: Sample, estimate: Tensor, beta: Tensor, t: Tensor) -> None:
        """1 - cos(R(x0_hat), f_a): by the latent recogniser on photographs, and by R itself where a face is found.

        Beside it yaw and expression, as the reader of latents sees them in x0_hat.
        """
        told = (beta > 0) & batch.plain
        terms["latent_identity"] = mean_over(1 - (self.teachers.latent(estimate) * batch.faces).sum(1), told)
        terms |= attribute_losses(self.teachers.attributes, estimate, batch.yaw, batch.expression)
        chosen = torch.nonzero(told & (t < self.config["judge_below"])).flatten()[: self.config["judge_count"]]
        if len(chosen):
            pictures = self.teachers.judge.pictures(estimate[chosen]).clamp(-1, 1)
            found = self.teachers.gate(pictures)
            seen = self.teachers.judge.recogniser(self.teachers.judge.warp(pictures))
            terms["identity"] = ((1 - (seen * batch.faces[chosen]).sum(1)) * found).mean()

    def step(self, state: Run) -> None:
        batch = self.people.draw(self.config["batch"], sks=self.teachers is not None)
        terms = self.losses(batch)
        loss = sum(self.config["weights"][name] * value for name, value in terms.items())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.average.update(self.model)
        state.step(len(batch.latents), **{name: float(value.detach()) for name, value in terms.items()})

    def saved_parts(self) -> dict[str, object]:
        """What a checkpoint holds."""
        parts = {"model": self.model, "optimizer": self.optimizer, "average": self.average, "people": self.people, "random": self.random}
        return parts if self.alignment is None else {**parts, "alignment": self.alignment}

    def encoded(self, prompt: str, count: int) -> Tensor:
        """ids (count, L) of one prompt."""
        return torch.tensor([encode(self.tokenizer, prompt, self.length)] * count)

    def run(self, name: str) -> None:
        state = Run(self.config, name, self.saved_parts())
        while state.done < self.config["samples"]:
            state.set_rate(self.optimizer)
            self.step(state)
            if state.crossed(self.config["evaluate_every"], self.config["batch"]) or state.done >= self.config["samples"]:
                with Swapped(self.model, self.average):
                    self.evaluate(state)
        state.save()
        self.model.load_state_dict(self.average.values)

    @torch.inference_mode()
    def generate(self, prompt: str, identity: Identity, beta: float, noise: Tensor, guidance: float) -> Tensor:
        """Latents for one prompt and many people, with classifier-free guidance when above 1."""
        count = len(noise)
        ids, empty = self.encoded(prompt, count), self.encoded("", count)
        given, none = torch.full((count,), beta), torch.zeros(count)

        def model(z: Tensor, t: Tensor) -> Tensor:
            cond = self.model(z, t, ids, identity, given)
            if guidance == 1:
                return cond
            return torch.lerp(self.model(z, t, empty, identity, none), cond, guidance)

        return sample(self.schedule, model, noise, self.config["sheet_steps"])

    @torch.inference_mode()
    def evaluate(self, state: Run) -> None:
        """ID-Sim of validation people as the real recogniser sees it, and a sample sheet at fixed seeds."""
        judge = self.teachers.judge if self.teachers else Judge(self.config)
        rows, references = val_references(self.arrays, self.latents, self.config["val"], self.config["references"])
        identity = self.model.identity(references)
        beta = 1.0 if self.teachers else 0.0
        noise = torch.randn((len(rows), *self.latents.plain.shape[1:]), generator=torch.Generator().manual_seed(7))
        prompts = SHEET_PROMPTS if self.teachers else tuple(prompt.replace(", person is sks", "") for prompt in SHEET_PROMPTS)
        first = self.generate(prompts[0], identity, beta, noise, 1.0)
        state.log(**judge.similarity(first, references.faces))
        few = identity.first(12)
        lines = [judge.pictures(torch.from_numpy(self.latents.plain[rows[:12]]).float()), judge.pictures(first[:12])]
        lines += [judge.pictures(self.generate(prompt, few, beta, noise[:12], self.config["sheet_guidance"])) for prompt in prompts]
        sheet(state.folder / f"sheet-{state.done:07d}.png", lines)
