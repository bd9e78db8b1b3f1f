"""Stage `finisher`: trains the finisher on pairs, resumable.

Losses: L1 (more where it is looked at), gradients, the coarse picture, a patch critic with matched features, and the paper's
identity loss F * 0.1 * (1 - cos(R(x0_hat), f_a)), R in BGR order.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from ..data.align import ARCFACE_POINTS, similarity
from ..data.tokenizer import END, SKS, encode, load_tokenizer
from ..models.idadapter import References
from ..models.recogniser import Recogniser
from .finisher import PICTURE, Critic, Finisher
from .head import LEFT_EYE, RIGHT_EYE
from .pairs import PairStream

SAYS = {"happy": "smiling", "neutral": "neutral", "surprised": "surprised", "sad": "sad"}
PLACES = 4
"""N, the places of the reference set."""


class People:
    """Reference tokens, embeddings and captions of the prepared portraits."""

    def __init__(self, work: Path, recogniser: Recogniser, text_length: int, tokenizer) -> None:
        self.rows = json.loads((work / "rows.json").read_text())
        self.meshes = np.load(work / "meshes.npy", mmap_mode="r")
        path = work / "references.npz"
        if not path.is_file():
            self.read(work, path, recogniser)
        stored = np.load(path)
        self.tokens, self.embeddings = stored["tokens"], stored["embeddings"]
        self.others: dict[tuple[str, int], list[int]] = {}
        for index, row in enumerate(self.rows):
            self.others.setdefault((row["set"], row["person"]), []).append(index)
        self.tokenizer, self.length = tokenizer, text_length

    def read(self, work: Path, path: Path, recogniser: Recogniser) -> None:
        """The recogniser's 4 x 4 tokens and embedding of every portrait."""
        frames = np.load(work / "frames.npy", mmap_mode="r")
        tokens = np.zeros((len(self.rows), 16, 512), np.float16)
        embeddings = np.zeros((len(self.rows), 512), np.float32)
        for start in range(0, len(self.rows), 32):
            index = range(start, min(start + 32, len(self.rows)))
            faces = [cv2.warpAffine(frames[k], similarity(five_of(self.meshes[k]), ARCFACE_POINTS), (112, 112), flags=cv2.INTER_LINEAR) if self.meshes[k].any() else np.zeros((112, 112, 3), np.uint8) for k in index]
            images = torch.from_numpy(np.stack(faces)).permute(0, 3, 1, 2).float()
            with torch.no_grad():
                embedding, patch_map, _ = recogniser.features(images.flip(1))
                tokens[start : start + 32] = F.avg_pool2d(patch_map, 2, 2, ceil_mode=True).flatten(2).transpose(1, 2).numpy()
                embeddings[start : start + 32] = F.normalize(embedding, dim=1).numpy()
        np.savez(path, tokens=tokens, embeddings=embeddings)

    def references(self, pairs: np.ndarray, source: np.random.Generator) -> References:
        """N places for each pair: the photo that was drawn from, and others of the person that are not the target."""
        places = []
        for target, drawn in pairs:
            row = self.rows[drawn]
            more = [index for index in self.others[(row["set"], row["person"])] if index not in (target, drawn)]
            count = int(source.integers(0, PLACES))
            chosen = [drawn, *source.permutation(more)[:count]] if more else [drawn]
            places.append([chosen[place % len(chosen)] for place in range(PLACES)])
        index = np.array(places)
        tokens = torch.from_numpy(self.tokens[index].astype(np.float32))
        faces = F.normalize(torch.from_numpy(self.embeddings[index]).mean(1), dim=1)
        return References(tokens.flatten(1, 2), tokens.mean((1, 2)), faces)

    def captions(self, pairs: np.ndarray, source: np.random.Generator) -> Tensor:
        texts = []
        for target, _ in pairs:
            row = self.rows[target]
            words = [SAYS[row["expression"]]] if row["expression"] in SAYS and row["expression_p"] > 0.6 else []
            kind = {"male": "man", "female": "woman"}.get(str(row["labels"].get("sex")), "person")
            texts.append(", ".join([*words, f"{kind} is sks"]) if source.random() > 0.1 else "")
        return torch.tensor([encode(self.tokenizer, text, self.length) for text in texts])


def five_of(mesh: np.ndarray) -> np.ndarray:
    """Eyes, nose tip, mouth corners (5, 2) of a mesh."""
    flat = mesh[:, :2]
    return np.stack([flat[list(LEFT_EYE)].mean(0), flat[list(RIGHT_EYE)].mean(0), flat[4], flat[61], flat[291]]).astype(np.float32)


def recogniser_view(pictures: Tensor, fives: list[np.ndarray]) -> Tensor:
    """Faces (B, 3, 112, 112), 0..255 BGR, cut out of pictures (B, 3, S, S) in -1..1; gradients flow."""
    size = pictures.shape[-1]
    grids = []
    for five in fives:
        back = cv2.invertAffineTransform(similarity(five, ARCFACE_POINTS))
        scale = np.array([[2 / size], [2 / size]])
        centre = np.array([1 / size - 1, 1 / size - 1])
        x, y = np.meshgrid(np.arange(112), np.arange(112))
        at = np.stack([x, y, np.ones_like(x)], -1) @ back.T
        grids.append(at * scale.T + centre)
    grid = torch.from_numpy(np.stack(grids)).float()
    return (F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False) + 1).mul(127.5).flip(1)


def levels(timesteps: Tensor) -> tuple[Tensor, Tensor]:
    """alpha and sigma (B, 1, 1, 1) of a scaled-linear schedule, as the manifest has it."""
    betas = torch.linspace(0.00085**0.5, 0.0225**0.5, 1000) ** 2
    cumulative = (1 - betas).cumprod(0)[timesteps]
    return cumulative.sqrt()[:, None, None, None], (1 - cumulative).sqrt()[:, None, None, None]


def differences(x: Tensor) -> tuple[Tensor, Tensor]:
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


class Trainer:
    def __init__(self, config: dict, root: Path, work: Path, faces: Path, tokenizer_file: Path) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(config.get("threads", 2))
        self.config, self.work = config, work
        tokenizer = load_tokenizer(tokenizer_file)
        self.finisher = Finisher(config, tokenizer.token_to_id(SKS), tokenizer.token_to_id(END)).to(memory_format=torch.channels_last)
        self.critic = Critic().to(memory_format=torch.channels_last)
        self.average = {name: value.clone() for name, value in self.finisher.state_dict().items()}
        self.optimiser = torch.optim.Adam(self.finisher.parameters(), config["rate"], betas=(0.5, 0.99))
        self.critics_optimiser = torch.optim.Adam(self.critic.parameters(), config["critic_rate"], betas=(0.5, 0.99))
        self.recogniser = Recogniser(faces / "fr_feature.onnx")
        self.people = People(work, self.recogniser, config["text"]["max_position_embeddings"], tokenizer)
        self.samples = 0
        self.checkpoint = work / "finisher.pt"
        if self.checkpoint.is_file():
            self.load()
        self.source = np.random.default_rng(self.samples)
        self.stream = PairStream(root, work, config["size"], seed=self.samples + 1)

    def load(self) -> None:
        state = torch.load(self.checkpoint, weights_only=False)
        self.finisher.load_state_dict(state["finisher"])
        self.critic.load_state_dict(state["critic"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.critics_optimiser.load_state_dict(state["critics_optimiser"])
        for group in self.critics_optimiser.param_groups:
            group["lr"] = self.config["critic_rate"]
        self.average, self.samples = state["average"], state["samples"]

    def save(self) -> None:
        state = {name: getattr(self, name).state_dict() for name in ("finisher", "critic", "optimiser", "critics_optimiser")}
        part = self.checkpoint.with_suffix(".part")
        torch.save({**state, "average": self.average, "samples": self.samples}, part)
        part.replace(self.checkpoint)

    def step(self) -> dict[str, float]:
        config, batch = self.config, self.config["batch"]
        pixels, rows = self.stream.take(self.source, batch)
        whole = (self.samples // batch) % config["whole_every"] == 0
        if not whole:
            pixels = self.window(pixels)
        told = torch.from_numpy(pixels[:, :9]).float().div_(255).contiguous(memory_format=torch.channels_last)
        target = torch.from_numpy(pixels[:, 9:]).float().div_(127.5).sub_(1)
        timesteps = torch.from_numpy(self.source.choice(config["timesteps"], batch))
        alpha, sigma = levels(timesteps)
        latents = alpha * target + sigma * torch.randn_like(target)
        ids = self.people.captions(rows, self.source)
        references = self.people.references(rows, self.source)
        beta = torch.from_numpy((self.source.random(batch) > 0.1).astype(np.float32))
        made = self.finisher(latents, told, timesteps, ids, references, beta)
        losses = self.losses(made, target, told, whole)
        loss = sum(config["weights"][name] * value for name, value in losses.items())
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.finisher.parameters(), 1.0)
        self.optimiser.step()
        if self.samples >= config["critic_from"]:
            real, _ = self.critic(target, told)
            fake, _ = self.critic(made.detach(), told)
            where = self.looked_at(told, real)
            hinge = (where * (F.relu(1 - real) + F.relu(1 + fake))).mean()
            self.critics_optimiser.zero_grad()
            hinge.backward()
            self.critics_optimiser.step()
            losses["critic"] = hinge
        self.samples += batch
        decay = min(config["average"], self.samples / (self.samples + 20 * batch))
        with torch.no_grad():
            for name, value in self.finisher.state_dict().items():
                if value.is_floating_point():
                    self.average[name].lerp_(value, 1 - decay)
        return {name: float(value.detach()) for name, value in losses.items()}

    @staticmethod
    def looked_at(told: Tensor, scores: Tensor) -> Tensor:
        """How much each score counts (B, 1, h, w), 1 on average: most where the photo did not show what is painted, and in the mouth."""
        painted = F.adaptive_avg_pool2d(0.1 + (1 - told[:, 4:5]) + told[:, 7:8], scores.shape[2:])
        return painted / painted.mean()

    def window(self, pixels: np.ndarray) -> np.ndarray:
        """The same square of every picture, around the face: most of what there is to paint, at a part of the cost."""
        side, size = self.config["window"], pixels.shape[-1]
        top, left = self.source.integers(0, size - side + 1, 2)
        top = int(np.clip(top, 24, size - side))
        return np.ascontiguousarray(pixels[:, :, top : top + side, left : left + side])

    def losses(self, made: Tensor, target: Tensor, told: Tensor, whole: bool) -> dict[str, Tensor]:
        seen, face, lips, mouth, eyes = (told[:, k : k + 1] for k in range(4, 9))
        weight = 1 + 2 * face + 4 * lips + 8 * mouth + 5 * eyes + 16 * (1 - seen) ** 2
        gap = (made - target).abs()
        across, down = differences(made - target)
        losses = {
            "l1": (weight * gap[:, :3]).mean() / weight.mean(),
            "matte": gap[:, 3:].mean(),
            "gradient": (weight[..., 1:] * across.abs()).mean() / weight.mean() + (weight[..., 1:, :] * down.abs()).mean() / weight.mean(),
            "coarse": (F.avg_pool2d(made, 4) - F.avg_pool2d(target, 4)).abs().mean(),
        }
        if self.samples >= self.config["critic_from"]:
            scores, maps = self.critic(made, told)
            with torch.no_grad():
                _, real = self.critic(target, told)
            rising = min(1.0, (self.samples - self.config["critic_from"]) / 4000)
            losses["deceive"] = -(self.looked_at(told, scores) * scores).mean() * rising
            losses["match"] = sum((a - b).abs().mean() for a, b in zip(maps, real)) * rising
        if whole:
            losses["identity"] = self.identity_loss(made, target, told)
        return losses

    def identity_loss(self, made: Tensor, target: Tensor, told: Tensor) -> Tensor:
        """Aligned by where the draft's face is; gated by whether the target itself is read as a face there."""
        fives = [five_of_masks(each) for each in told]
        with torch.no_grad():
            wanted = self.recogniser(recogniser_view(target[:, :3], fives))
        read = self.recogniser(recogniser_view(made[:, :3], fives))
        return (1 - F.cosine_similarity(read, wanted)).mean()

    def run(self, minutes: float) -> None:
        start = saved = shown = time.time()
        history: list[dict[str, float]] = []
        while time.time() - start < minutes * 60:
            history.append(self.step())
            if len(history) % 50 == 0:
                means = {name: round(float(np.mean([each[name] for each in history[-50:] if name in each])), 4) for name in sorted({key for each in history[-50:] for key in each})}
                print(json.dumps({"samples": self.samples, "seconds": round(time.time() - start), "drawn": self.stream.drawn, **means}), flush=True)
            if time.time() - saved > 150:
                self.save()
                saved = time.time()
            if time.time() - shown > 240:
                self.sheet()
                shown = time.time()
        self.save()
        self.sheet()
        self.stream.close()

    @torch.no_grad()
    def sheet(self, count: int = 12) -> None:
        """Draft, answer in one and in two steps, target."""
        kept = {name: value.clone() for name, value in self.finisher.state_dict().items()}
        self.finisher.load_state_dict(self.average)
        if not hasattr(self, "fixed"):
            generator = np.random.default_rng(1)
            self.fixed = self.stream.take(generator, count), generator
        (pixels, rows), generator = self.fixed
        told = torch.from_numpy(pixels[:, :9]).float() / 255
        target = torch.from_numpy(pixels[:, 9:]).float() / 127.5 - 1
        ids, references = self.people.captions(rows, generator), self.people.references(rows, generator)
        beta = torch.ones(count)
        steps = []
        noise = torch.randn(count, PICTURE, *told.shape[2:], generator=torch.Generator().manual_seed(0))
        latents = noise
        for timestep in self.config["timesteps"]:
            made = self.finisher(latents, told, torch.full((count,), timestep), ids, references, beta)
            steps.append(made[:, :3])
            following = [t for t in self.config["timesteps"] if t < timestep]
            if following:
                alpha, sigma = levels(torch.full((count,), following[0]))
                latents = alpha * made + sigma * noise
        columns = [told[:, :3] * 2 - 1, *steps, target[:, :3]]
        rows_ = [torch.cat([column[k] for column in columns], 2) for k in range(count)]
        half = count // 2
        picture = torch.cat([torch.cat(rows_[:half], 1), torch.cat(rows_[half:], 1)], 2)
        cv2.imwrite(str(self.work / "sheet.png"), ((picture.permute(1, 2, 0).clamp(-1, 1) + 1) * 127.5).numpy().astype(np.uint8)[..., ::-1])
        self.finisher.load_state_dict(kept)


def five_of_masks(told: Tensor) -> np.ndarray:
    """Eyes, nose, mouth corners (5, 2) from the channels of eyes and lips (9, S, S)."""
    lips, eyes = told[6], told[8]
    size = told.shape[-1]
    x = torch.arange(size, dtype=torch.float32)
    across = eyes.sum(0) * (eyes.sum(0) > 0)
    middle = float((across * x).sum() / across.sum().clamp(min=1e-3))
    points = []
    for side in (eyes * (x < middle), eyes * (x >= middle)):
        total = side.sum().clamp(min=1e-3)
        points.append([float((side.sum(0) * x).sum() / total), float((side.sum(1) * x).sum() / total)])
    full = lips > 0.9
    columns, rows = torch.nonzero(full.any(0)).flatten(), torch.nonzero(full.any(1)).flatten()
    if len(columns) == 0:
        columns = rows = torch.tensor([size // 2, size // 2 + 1])
    left, right = float(columns[0]), float(columns[-1])
    height = lambda column: float(torch.nonzero(full[:, int(column)]).float().mean())  # noqa: E731
    corners = [[left, height(left)], [right, height(right)]] if bool(full.any()) else [[left, left], [right, right]]
    eyes_middle, lips_middle = np.mean(points, 0), np.mean(corners, 0)
    nose = eyes_middle * 0.42 + lips_middle * 0.58
    return np.array([*points, nose, *corners], np.float32)


if __name__ == "__main__":
    import argparse

    import yaml

    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("config", "work", "faces", "tokenizer"):
        parser.add_argument(name)
    parser.add_argument("--minutes", type=float, default=60)
    arguments = parser.parse_args()
    settings = yaml.safe_load(Path(arguments.config).read_text())
    root = Path(__file__).resolve().parents[3]
    Trainer(settings, root, Path(arguments.work), Path(arguments.faces), Path(arguments.tokenizer)).run(arguments.minutes)
