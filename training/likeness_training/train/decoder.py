"""Stage `decoder`: the decoder learns what latents are too small to hold, eyes and the strokes of the styles.

A decoder that is told the mean error paints the mean of all pictures its latents may mean: no outline, no halftone, no
hatching, soft eyes. Latents stay as they are (the encoder is frozen, so nothing that was trained on them is lost), and the
decoder learns on with three more terms: the critics of stage `distil`, which see photographs, filtered and dressed pictures as they
are (VQGAN, Esser et al. 2021, arXiv 2012.09841), the responses to random small filters, sorted within each part of a picture
(sliced Wasserstein distance of textures, Heitz et al. 2021, arXiv 2006.07229), and what the recogniser sees.

With `answers` (config) a part of each batch are latents that a trained student answered (answers.py). They mean no photo, so nothing is there to
compare with: critics who see photographs, the recogniser, which has to find the person, the colours as they were, and how much of a lattice
pictures of that style show (lattice.py) say what to finish.
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
from ..data.people import made_of
from ..models.autoencoder import Autoencoder
from ..models.recogniser import AlignedWarp, Recogniser
from .answers import Answers, answers_of, colours
from .autoencoder import TAPS as COMPARED
from .autoencoder import edges, face_weight
from .discriminator import TAPS, Critics, deceit, hinge, load_critics
from .identity_path import mean_over
from .kernel_distance import features, kernel_distance
from .lattice import excess, lattice
from .loop import Average, Run, Swapped, prepare_torch, sheet, to_pictures
from .made_reader import Known

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
    """Latents, the pictures they were made of, and what was made of them as `Critics` has it; photographs come first.

    `changed`: the part of a batch that is styled or dressed, each row of either as often.
    """

    def __init__(self, arrays: Arrays, latents: Latents, batch: int, changed: float, generator: torch.Generator) -> None:
        self.arrays, self.latents, self.generator = arrays, latents, generator
        self.pictures = [np.load(arrays.folder / f"{name}.npy", mmap_mode="r") for name in ("styled", "dressed")]
        self.kinds = F.pad(Known(latents).numbers([made_of(row) for row in [*latents.styled_rows, *latents.dressed_rows]]), (0, 1))
        self.train, self.changed = arrays.indices("train"), round(batch * changed)
        self.plain = batch - self.changed

    def usual_lattices(self, each: int = 64) -> Tensor:
        """(styles, 4) of pictures in no style and in each."""
        rows = np.array([int(number) for number in self.kinds[: len(self.pictures[0]), 0]])
        plain = self.arrays.targets[self.train[:each]]
        styled = [self.pictures[0][np.flatnonzero(rows == number)[:each]] for number in range(1, int(self.kinds[:, 0].max()) + 1)]
        return torch.stack([lattice(to_pictures(pictures)).mean(0) for pictures in (plain, *styled)])

    def draw(self, count: int, high: int) -> np.ndarray:
        return torch.randint(high, (count,), generator=self.generator).numpy()

    def of(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """(latents, picture) of a styled row, or beyond those of a dressed one."""
        beyond = number - len(self.latents.styled)
        return (self.latents.styled[number], self.pictures[0][number]) if beyond < 0 else (self.latents.dressed[beyond], self.pictures[1][beyond])

    def next(self) -> tuple[Tensor, Tensor, Tensor]:
        rows = self.train[self.draw(self.plain, len(self.train))]
        mirrored = bool(torch.rand(1, generator=self.generator) < 0.5)
        photos = to_pictures(self.arrays.targets[rows])
        numbers = self.draw(self.changed, len(self.kinds))
        changed = [self.of(number) for number in numbers]
        latents = np.concatenate([(self.latents.mirrored if mirrored else self.latents.plain)[rows], np.stack([z for z, _ in changed])])
        pictures = torch.cat([photos.flip(3) if mirrored else photos, to_pictures(np.stack([picture for _, picture in changed]))])
        kinds = torch.cat([torch.zeros_like(self.kinds[: self.plain]), self.kinds[numbers]])
        return torch.from_numpy(latents).float(), pictures.contiguous(memory_format=torch.channels_last), kinds


class DecoderLoss:
    """What is asked of decoded pictures, and the critics who learn beside."""

    def __init__(self, config: Config, sizes: list[int], usual: Tensor, generator: torch.Generator) -> None:
        """`usual`: Pairs.usual_lattices."""
        self.config, self.usual, self.generator = config, usual, generator
        self.recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx").to(memory_format=torch.channels_last)
        self.warp, self.face = AlignedWarp(), face_weight()
        self.critics = Critics(sizes).to(memory_format=torch.channels_last)
        load_critics(self.critics, config)
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
            "lattice": excess(made, lattice(real)),
        }
        self.critics.requires_grad_(True)
        told = self.critics(real, faces, [maps[tap] for tap in TAPS], kinds)
        doubted = self.critics(made.detach(), made_faces.detach(), [made_maps[tap].detach() for tap in TAPS], kinds)
        return terms, hinge(told, doubted)

    def answer_terms(self, made: Tensor, answers: Answers) -> tuple[dict[str, Tensor], Tensor]:
        """The same of what a student answered; `likeness` is asked of photographs alone."""
        faces, embedding, maps = self.features(made)
        self.critics.requires_grad_(False)
        scores = self.critics(made, faces, [maps[tap] for tap in TAPS], answers.kinds)
        terms = {
            "answer_deceit": deceit(scores).mean(),
            "likeness": mean_over(1 - F.cosine_similarity(embedding, answers.faces), answers.plain),
            "colours": (colours(made) - answers.colours).abs().mean(),
            "answer_lattice": excess(made, self.usual[answers.kinds[:, 0]]),
        }
        self.critics.requires_grad_(True)
        doubted = self.critics(made.detach(), faces.detach(), [maps[tap].detach() for tap in TAPS], answers.kinds)
        return terms, torch.stack([F.relu(1 + scores).mean() for scores in doubted]).mean()

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


@torch.inference_mode()
def evaluate_answers(model: Autoencoder, loss: DecoderLoss, answers: Answers, photos: Tensor) -> dict[str, float]:
    """Mean cosine with the person, and how far the pictures are from photographs as a set."""
    faces = [loss.warp(part) for part in (model.decode(answers.latents).clamp(-1, 1), photos)]
    embedding = loss.recogniser(faces[0])
    cosine = F.cosine_similarity(embedding, answers.faces).mean()
    return {"answers_id_sim": float(cosine), "answers_lattice": float(excess(model.decode(answers.latents), loss.usual[answers.kinds[:, 0]])), "answers_distance": kernel_distance(*(features(loss.recogniser, part) for part in faces))}


@torch.inference_mode()
def decoded(model: Autoencoder, latents: Tensor) -> Tensor:
    return model.decode(latents)


class Finishing:
    """The answers of a student: the last `val` photographs among them are kept to measure with."""

    def __init__(self, config: Config, answers: Answers, generator: torch.Generator) -> None:
        self.count, self.generator = config["answers"]["batch"], generator
        kept = torch.nonzero(answers.plain).flatten()[-config["answers"]["val"] :]
        self.val = answers.rows(kept)
        self.train = answers.rows(torch.tensor(sorted({*range(len(answers))} - {*kept.tolist()})))

    def next(self) -> Answers:
        return self.train.rows(torch.randint(len(self.train), (self.count,), generator=self.generator))


def run(config: Config) -> None:
    generator = prepare_torch(config)
    arrays, latents = open_arrays(config), open_latents(config)
    model = load_autoencoder(config)
    finishing = Finishing(config, answers_of(config, arrays, latents, model), generator) if config.get("answers", None) else None
    parameters = list(model.decoder.requires_grad_(True).parameters())
    optimizer = torch.optim.Adam(parameters, lr=config["lr"], betas=(0.5, 0.99))
    average = Average(model, config["ema"])
    pairs = Pairs(arrays, latents, config["batch"], config["changed"], generator)
    loss = DecoderLoss(config, Known(latents).sizes, pairs.usual_lattices(), generator)
    state = Run(config, "decoder", {"model": model, "optimizer": optimizer, "average": average, "generator": generator, "critics": loss.critics, "critic_optimizer": loss.optimizer})
    rows = arrays.indices("val", upright=True)[: config["val"]]
    val = torch.from_numpy(latents.plain[rows]).float(), to_pictures(arrays.targets[rows])
    width = min(COLUMNS, len(rows), *([len(finishing.val.latents)] if finishing else []))
    shown = [(torch.from_numpy(z[:width]).float(), to_pictures(pictures[:width])) for z, pictures in zip((latents.styled, latents.dressed), pairs.pictures)]
    before = [decoded(model, finishing.val.latents[:width])] if finishing else []

    def measure() -> None:
        with Swapped(model, average), torch.inference_mode():
            state.log(**evaluate(model, loss, *val), **(evaluate_answers(model, loss, finishing.val, val[1]) if finishing else {}))
            lines = [row for z, real in (val, *shown) for row in (real[:width], model.decode(z[:width]))]
            sheet(state.folder / f"sheet-{state.done:07d}.png", lines + (before + [model.decode(finishing.val.latents[:width])] if finishing else []))

    if finishing and state.done == 0:
        measure()
    while state.done < config["samples"]:
        state.set_rate(optimizer)
        z, real, kinds = pairs.next()
        noise = config["noise"] * torch.rand(len(z), 1, 1, 1) * model.units[:, None, None]
        terms, critic = loss.terms(model.decode(z + noise * torch.randn_like(z)), real, kinds, pairs.plain)
        if finishing:
            answers = finishing.next()
            more, doubt = loss.answer_terms(model.decode(answers.latents), answers)
            terms, critic = terms | more, critic + doubt
        optimizer.zero_grad(set_to_none=True)
        sum(config["weights"][name] * value for name, value in terms.items()).backward()
        nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        loss.learn(critic)
        average.update(model)
        state.step(len(z), critic=float(critic.detach()), **{name: float(value.detach()) for name, value in terms.items()})
        if state.crossed(config["evaluate_every"], len(z)) or state.done >= config["samples"]:
            measure()
    state.save()
    model.load_state_dict(average.values)
    torch.save(model.state_dict(), config.work / "autoencoder.pt")
