"""Stage `distil`: a student that needs a few steps and no guidance (adversarial diffusion distillation, Sauer et al. 2023, arXiv 2311.17042).

The student is the U-Net itself, trained on at the few timesteps it will be asked at. Its x0_hat is decoded and judged there:
by critics that tell it from photographs, by the tones of a photograph of the same person, by the recogniser (identity loss of the paper, on every sample and without its
haze of one-step estimates), by the readers of yaw, expression and what else was asked for; where the noise leaves something of the photo, by that photo
too. Sampling is that of consistency models: x0_hat, fresh noise, the next timestep. In part of a batch the student
therefore starts from its own first x0_hat instead of a photo.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from ..config import Config, ConfigError
from ..data.arrays import Arrays, open_arrays
from ..data.face_models import FaceModels
from ..data.latents import Latents, open_latents
from ..data.people import Sample
from ..data.styles import STYLES
from ..models.expression_reader import NUMBERS, ExpressionReader
from ..models.idadapter import Identity
from .answers import asked_kinds
from .denoising import SHEET_PROMPTS, Denoising, Teachers, build, open_tokenizer
from .discriminator import TAPS, Critics, deceit, hinge, load_critics
from .face_gate import FaceGate
from .identity import load_start
from .identity_path import Judge, attribute_losses, mean_over, phase, train_attributes, train_words, val_references
from .kernel_distance import kernel_distance
from .loop import Run, Swapped, prepare_torch, sheet, to_pixels
from .students import few_steps, renoise
from .made_reader import Known, MadeReader, asked, train_made_reader


RAREST = torch.tensor([1.0, 1.0, 4.0, 3.0])
"""Of READ_EXPRESSIONS: the higher, the sooner it is judged."""


@dataclass
class Seen:
    """Pictures (B, 3, 128, 128) of latents, the recogniser's input, its maps of TAPS and its embedding, L2-normalised (B, 512)."""

    pictures: Tensor
    faces: Tensor
    maps: list[Tensor]
    embedding: Tensor

    def detached(self) -> Seen:
        return Seen(self.pictures.detach(), self.faces.detach(), [x.detach() for x in self.maps], self.embedding.detach())

    def first(self, count: int) -> Seen:
        return Seen(self.pictures[:count], self.faces[:count], [x[:count] for x in self.maps], self.embedding[:count])


def tones(latents: Tensor) -> Tensor:
    """Light and colours of the sixteen parts of a picture (B, 3, 4, 4): what the recogniser is blind to. Of the thumbnail that latents begin with."""
    return F.adaptive_avg_pool2d(latents[:, :3], 4)


class Distillation(Denoising):
    """One run of the student. `timesteps` (config): those it is asked at, the noisiest first."""

    def __init__(self, config: Config, model: nn.Module, arrays: Arrays, latents: Latents, tokenizer: Tokenizer, teachers: Teachers, made_reader: MadeReader) -> None:
        super().__init__(config, model, arrays, latents, tokenizer, teachers)
        self.timesteps = torch.tensor(config["timesteps"])
        self.judge, self.made_reader, self.known = teachers.judge, made_reader, Known(latents)
        self.expressions = ExpressionReader(config.resolve(config["face_models"]) / "fr_expression.onnx").to(memory_format=torch.channels_last)
        self.critics = Critics(self.known.sizes).to(memory_format=torch.channels_last)
        self.critic_optimizer = torch.optim.AdamW(self.critics.parameters(), lr=config["critic_lr"], betas=(0.0, 0.99), weight_decay=0.0, fused=True)
        self.models = FaceModels(config.resolve(config["face_models"]), threads=torch.get_num_threads())

    def shown_expression(self, pictures: Tensor, batch: Sample) -> Tensor:
        """Cross-entropy of what the expression network sees in the `expression_judged` (config) photographs whose expression is rarest."""
        rank = (RAREST[batch.expression.clamp(min=0)] + torch.rand(len(pictures), generator=self.random)) * (batch.plain & (batch.expression >= 0))
        chosen = rank.topk(min(self.config["expression_judged"], len(rank))).indices
        chosen = chosen[rank[chosen] > 0]
        if len(chosen) == 0:
            return pictures.new_zeros(())
        return F.cross_entropy(self.expressions(pictures[chosen]), NUMBERS[batch.expression[chosen]])

    def see(self, latents: Tensor) -> Seen:
        pictures = self.judge.pictures(latents)
        warped = self.judge.warp(pictures.clamp(-1, 1))
        embedding, _, maps = self.judge.recogniser.features(warped, tuple(TAPS))
        return Seen(pictures, warped, maps, F.normalize(embedding, dim=1))

    def judged(self, seen: Seen, kinds: Tensor) -> list[Tensor]:
        return self.critics(seen.pictures, seen.faces, seen.maps, kinds)

    def starts(self, batch: Sample, predict) -> tuple[Tensor, Tensor, Tensor]:
        """(z, t, whether z shows the photo): noise alone, a noisy photo, or a noisy first answer of the student's own."""
        count, steps = len(batch.latents), len(self.timesteps)
        draws = torch.rand(count, generator=self.random)
        shares = self.config["starts"]
        index = torch.randint(1, steps, (count,), generator=self.random) if steps > 1 else torch.zeros(count, dtype=torch.long)
        index = torch.where(draws < shares["noise"], 0, index)
        own = draws >= shares["noise"] + shares["photo"]
        clean = batch.latents
        if own.any() and steps > 1:
            noise = torch.randn(clean.shape, generator=self.random)
            chosen = torch.nonzero(own).flatten()
            with torch.no_grad():
                answer = predict(renoise(self.schedule, clean[chosen], self.timesteps[:1].expand(len(chosen)), noise[chosen]), self.timesteps[:1].expand(len(chosen)), chosen)
            clean = clean.clone()
            clean[chosen] = answer
        t = self.timesteps[index]
        noise = torch.randn(clean.shape, generator=self.random)
        return renoise(self.schedule, clean, t, noise), t, ~own & (index > 0)

    def x0(self, z: Tensor, t: Tensor, ids: Tensor, identity: Identity, beta: Tensor) -> Tensor:
        return self.schedule.estimate(z, self.model(z, t, ids, identity, beta), *self.schedule.parts(t))

    def student_losses(self, batch: Sample) -> tuple[dict[str, Tensor], Seen]:
        ids, beta = self.conditions(batch)
        identity = self.identity(batch)
        z, t, photo = self.starts(batch, lambda z, t, rows: self.x0(z, t, ids[rows], identity.rows(rows), beta[rows]))
        made = self.x0(z.contiguous(memory_format=torch.channels_last), t, ids, identity, beta)
        seen = self.see(made)
        told = beta > 0
        worth = told * torch.where(batch.plain, 1.0, self.config["styled_identity"]) * batch.likeness
        cosine = (seen.embedding * batch.faces).sum(1)
        kept = self.schedule.alphas_cumprod[t]
        terms = {
            "deceit": deceit(self.judged(seen, asked_kinds(self.known, batch))).mean(),
            "identity": mean_over((1 - cosine) * worth, told),
            "photo": mean_over((made - batch.latents).square().mean((1, 2, 3)) * kept, photo),
            "made": self.made_reader.loss(made, asked(self.known.numbers(batch.made))),
            "shown_expression": self.shown_expression(seen.pictures, batch),
            "tones": (tones(made) - tones(batch.latents)).abs().mean(),
        }
        return terms | attribute_losses(self.teachers.attributes, made, batch.yaw, batch.expression), seen.detached()

    def step(self, state: Run) -> None:
        batch = self.people.draw(self.config["batch"])
        self.critics.requires_grad_(False)
        terms, made = self.student_losses(batch)
        weights = self.config["weights"]
        self.optimizer.zero_grad(set_to_none=True)
        sum(weights[name] * value for name, value in terms.items()).backward()
        nn.utils.clip_grad_norm_(self.parameters, 1.0)
        self.optimizer.step()
        self.average.update(self.model)
        critic = self.critic_step(batch, made)
        state.step(len(batch.latents), critic=critic, **{name: float(value.detach()) for name, value in terms.items()})

    def critic_step(self, batch: Sample, made: Seen) -> float:
        """Photos are shown as the decoder draws them: what it cannot draw must not give the student away.

        `critic_share` of the batch is enough.
        """
        self.critics.requires_grad_(True)
        count = max(1, round(len(batch.latents) * self.config["critic_share"]))
        with torch.no_grad():
            real = self.see(batch.latents[:count])
        made, kinds = made.first(count), asked_kinds(self.known, batch)[:count]
        loss = hinge(self.judged(real, kinds), self.judged(made, kinds))
        self.critic_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.critic_optimizer.step()
        return float(loss.detach())

    def saved_parts(self) -> dict[str, object]:
        return {**super().saved_parts(), "critics": self.critics, "critic_optimizer": self.critic_optimizer}

    @torch.inference_mode()
    def answer(self, prompt: str, identity: Identity, noise: Tensor, seed: int) -> Tensor:
        """Latents of one prompt and many people, as the bot makes them."""
        ids = self.encoded(prompt, len(noise))
        beta = torch.ones(len(noise))
        return few_steps(self.schedule, lambda z, t: self.model(z, t, ids, identity, beta), noise, self.timesteps, seed)

    @torch.inference_mode()
    def evaluate(self, state: Run) -> None:
        """ID-Sim, and what face models find, of validation people in each prompt of the sheet; how far the photographs among them are from the people's
        own, as a set; and the sheet.
        """
        rows, references = val_references(self.arrays, self.latents, self.config["val"], self.config["references"])
        identity = self.model.identity(references)
        noise = torch.randn((len(rows), *self.latents.plain.shape[1:]), generator=torch.Generator().manual_seed(7))
        photos = torch.cat([self.judge.pictures(part) for part in torch.from_numpy(self.latents.plain[rows]).float().split(16)])
        lines, photographs = [photos[:12]], []
        for number, prompt in enumerate(SHEET_PROMPTS):
            made = self.answer(prompt, identity, noise, number)
            pictures = torch.cat([self.judge.pictures(part) for part in made.split(16)])
            lines.append(pictures[:12])
            if not any(style in prompt for style in STYLES):
                photographs.append(self.judge.features(pictures))
            faces = [face for face in map(self.models.measure, to_pixels(pictures)) if face]
            shown = prompt.split(",")[0]
            state.log(
                prompt=prompt,
                **self.judge.similarity(made, references.faces),
                found=len(faces) / len(rows),
                expression=sum(face.expression == {"smiling": "happy"}.get(shown, shown) for face in faces) / len(rows),
                yaw=sum(face.yaw for face in faces) / max(1, len(faces)),
            )
        if photographs:
            state.log(kernel_distance=kernel_distance(torch.cat(photographs), self.judge.features(photos)))
        sheet(state.folder / f"sheet-{state.done:07d}.png", lines)


def run(config: Config) -> None:
    prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    tokenizer = open_tokenizer(config, arrays)
    attributes = train_attributes(phase(config, "attributes"), arrays, latents)
    model = build(config, tokenizer)
    taught = config.work / config["teacher_model"]
    if taught.is_file():
        model.load_state_dict(torch.load(taught, weights_only=True))
    elif not load_start(config, model):
        raise ConfigError(f"{taught}: not trained yet; run the stage `identity` first")
    if "words" in config.values:
        train_words(phase(config, "words"), arrays, latents, model, tokenizer)
    teachers = Teachers(nn.Identity(), attributes, Judge(config), FaceGate(config.resolve(config["face_models"])))
    made_reader = train_made_reader(phase(config, "made_reader"), arrays, latents, Known(latents))
    student = Distillation(phase(config, "student"), model, arrays, latents, tokenizer, teachers, made_reader)
    load_critics(student.critics, config)
    student.run("distil")
    torch.save(student.critics.state_dict(), config.work / "critics.pt")
    torch.save(model.state_dict(), config.work / "student.pt")
