"""Command `prepare`: every picture once: face found, target encoded, references enriched and embedded. Resumable by
shard.

A shard `prepared/00012/` holds, row by row of its `rows.jsonl`: `latents.npy` (n, 2, C, h, w) fp16, as it is and
mirrored; `references.npy` (n, V, S, S, 3) uint8, one for each of VARIANTS; `embeddings.npy` (n, V, 512) fp16,
normalised; with `tokens`, what CLIP sees in the references: `patches.npy` (n, V, P, width) and `classes.npy` (n, V,
width), fp16. A shard is written beside and moved into place, so that a run ended in the middle goes on with the next
one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np
import torch
from diffusers import AutoencoderKL
from torch import Tensor

from ..config import Config, ConfigError
from ..models import vae
from ..models.align import ARCFACE_POINTS, ARCFACE_SIZE, arcface_from_crop, move, similarity
from ..models.recogniser import Recogniser
from ..models.size import build_vision
from ..models.vision import ClipVision
from ..progress import Progress
from ..room import require_disk
from .base_folder import base_folder
from .enrich import VARIANTS, Face, coloured, donor_of, enrich, turned
from .face_models import SECOND_FACE, FaceModels
from .images import read_image
from .portraits import Portrait, portraits

FRAME = 0.5
"""In a picture cut for a folder of photos, the recogniser's view is this part of its width."""
RECOGNISED = 32
"""Faces embedded at a time: the recogniser's maps of a whole shard are gigabytes."""
SAME_PERSON = 0.3
"""A swapped face less alike than this (cosine) is not shown as the person."""

FindFace = Callable[[np.ndarray], Face | None]


@dataclass
class Encoders:
    """What a picture passes through. `find` is asked for each picture on its own; `spread` is `map`, or that of a pool
    of processes."""

    find: FindFace
    vae: AutoencoderKL
    recogniser: Recogniser
    device: torch.device
    vision: ClipVision | None = None
    spread: Callable[..., Iterable] = map


@lru_cache(1)
def opened(models: Path) -> FaceModels:
    """The face models, once in each process."""
    return FaceModels(models)


@dataclass(frozen=True)
class FaceFinder:
    """A picture's only face, None where there is none or a second one nearly as large."""

    models: Path

    def __call__(self, image: np.ndarray) -> Face | None:
        faces = opened(self.models)
        boxes = sorted(faces.detect(image), key=lambda box: -box[2] * box[3])
        if not boxes or (len(boxes) > 1 and boxes[1][2] * boxes[1][3] > SECOND_FACE * boxes[0][2] * boxes[0][3]):
            return None
        return Face(image, faces.landmarks(image, boxes[0]), faces.pose(image, boxes[0])[0])


def read_face(find: FindFace, file: Path) -> Face | None:
    """The only face of a file; None where it is no picture."""
    image = read_image(file.read_bytes())
    return None if image is None else find(image)


def target(face: Face, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(picture size x size, five points in it). Square pictures are taken whole, others are cut around the upright
    face."""
    height, width = face.image.shape[:2]
    if height == width:
        scale = size / width
        picture = cv2.resize(face.image, (size, size), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
        return picture, (face.points + 0.5) * scale - 0.5
    template = (ARCFACE_POINTS / ARCFACE_SIZE - 0.5) * FRAME * size + size / 2
    matrix = similarity(face.points, template)
    picture = move(face.image, matrix, (size, size), cv2.BORDER_REFLECT_101)
    return picture, face.points @ matrix[:, :2].T + matrix[:, 2]


def recogniser_matrix(points: np.ndarray) -> list[list[float]]:
    """2x3 from the recogniser's pixels to the picture's."""
    return similarity(ARCFACE_POINTS, points).tolist()


def mirrored(points: np.ndarray, size: int) -> np.ndarray:
    """The five points in the mirrored picture, left and right changed."""
    return np.stack([size - 1 - points[:, 0], points[:, 1]], 1)[[1, 0, 2, 4, 3]]


def embed(encoders: Encoders, pictures: np.ndarray) -> np.ndarray:
    """(n, 512) of reference pictures (n, S, S, 3), framed as `enrich` frames them."""
    small = np.stack(
        [arcface_from_crop(cv2.resize(picture, (128, 128), interpolation=cv2.INTER_AREA)) for picture in pictures]
    )
    faces = torch.from_numpy(small).permute(0, 3, 1, 2)
    with torch.inference_mode():
        return torch.cat(
            [encoders.recogniser(part.float().to(encoders.device)).cpu() for part in faces.split(RECOGNISED)]
        ).numpy()


def encode(encoders: Encoders, pictures: list[np.ndarray], batch: int) -> Tensor:
    """Scaled mean latents (n, C, h, w), fp16."""
    x = torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2)
    with torch.inference_mode():
        parts = [vae.encode(encoders.vae, part.to(encoders.device).float() / 127.5 - 1) for part in x.split(batch)]
        return torch.cat([part.half().cpu() for part in parts])


def look(vision: ClipVision, pictures: np.ndarray, device: torch.device) -> tuple[np.ndarray, np.ndarray]:
    """(patches (n, P, width), classes (n, width)), fp16, of pictures (n, S, S, 3)."""
    x = torch.from_numpy(pictures).permute(0, 3, 1, 2)
    with torch.inference_mode():
        parts = [vision(part.to(device)) for part in x.split(RECOGNISED)]
    patches, classes = (torch.cat([part[place].half().cpu() for part in parts]).numpy() for place in range(2))
    return patches, classes


def references(
    encoders: Encoders, faces: list[Face], people: list[str], size: int, seed: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    """(pictures (n, V, S, S, 3), embeddings (n, V, 512)); a swap that is not like the person is replaced. Every face
    has random numbers of its own, whichever process draws them."""
    sources = [np.random.default_rng([*seed, i]) for i in range(len(faces))]
    donors = [donor_of(i, faces, people, source) for i, source in enumerate(sources)]
    shown = np.stack(list(encoders.spread(enrich, faces, donors, [size] * len(faces), sources)))
    seen = embed(encoders, shown.reshape(-1, size, size, 3)).reshape(len(faces), len(VARIANTS), 512)
    swap = VARIANTS.index("swapped")
    poor = np.flatnonzero((seen[:, swap] * seen[:, 0]).sum(1) < SAME_PERSON)
    for i in poor:
        random = np.random.default_rng([*seed, int(i), swap])
        shown[i, swap] = coloured(turned(shown[i, 0], random), random)
    if len(poor):
        seen[poor, swap] = embed(encoders, shown[poor, swap])
    return shown, seen


def write_shard(config: Config, encoders: Encoders, listed: list[Portrait], folder: Path, number: int) -> int:
    """Prepare one shard's pictures; how many had exactly one face."""
    seen = encoders.spread(partial(read_face, encoders.find), [portrait.file for portrait in listed])
    found = [(portrait, face) for portrait, face in zip(listed, seen, strict=True) if face is not None]
    beside = folder.with_suffix(".new")
    shutil.rmtree(beside, ignore_errors=True)
    beside.mkdir(parents=True)
    rows = []
    if found:
        faces, people = [face for _, face in found], [portrait.person for portrait, _ in found]
        targets = [target(face, config["image"]) for face in faces]
        pictures = [picture for picture, _ in targets]
        latents = [
            encode(encoders, side, config["encode_batch"])
            for side in (pictures, [picture[:, ::-1].copy() for picture in pictures])
        ]
        size = config["vision"]["image_size"]
        shown, embeddings = references(encoders, faces, people, size, [config["seed"], number])
        np.save(beside / "latents.npy", torch.stack(latents, 1).numpy())
        np.save(beside / "references.npy", shown)
        np.save(beside / "embeddings.npy", embeddings.astype(np.float16))
        if encoders.vision is not None:
            flat = shown.reshape(-1, *shown.shape[2:])
            for name, tokens in zip(("patches", "classes"), look(encoders.vision, flat, encoders.device), strict=True):
                np.save(beside / f"{name}.npy", tokens.reshape(*shown.shape[:2], *tokens.shape[1:]))
        for (portrait, _), (_, points) in zip(found, targets, strict=True):
            matrices = [recogniser_matrix(points), recogniser_matrix(mirrored(points, config["image"]))]
            rows.append(
                {
                    "file": portrait.file.name,
                    "person": portrait.person,
                    "split": portrait.split,
                    "word": portrait.word,
                    "captions": portrait.captions,
                    "matrices": matrices,
                }
            )
    (beside / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    beside.replace(folder)
    return len(rows)


def agree(folder: Path, settings: dict) -> None:
    """The folder was begun with these settings, or is begun now. Raises ConfigError where they differ."""
    path = folder / "settings.json"
    if path.is_file():
        former = json.loads(path.read_text())
        changed = sorted(key for key in settings if former.get(key) != settings[key])
        if changed:
            raise ConfigError(
                f"{folder}: was prepared with another {', '.join(changed)}; give another `work` folder or delete it"
            )
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(settings, indent=1) + "\n")


def shard_bytes(config: Config) -> int:
    """Of one picture in a shard."""
    side, channels, seen = config["unet"]["sample_size"], config["unet"]["out_channels"], config["vision"]["image_size"]
    patches = (seen // config["vision"]["patch_size"]) ** 2
    tokens = (patches + 1) * config["vision"]["hidden_size"] * 2 if config["tokens"] else 0
    return 2 * channels * side**2 * 2 + len(VARIANTS) * (seen**2 * 3 + 1024 + tokens)


def prepare(config: Config, encoders: Encoders) -> None:
    """Write the shards that are not there yet."""
    listed, folder, each = portraits(config), config.work / "prepared", config["shard"]
    settings = {key: config[key] for key in ("layout", "image", "shard", "seed", "vae", "tokens")} | {
        "pictures": len(listed),
        "vision": config["vision"]["image_size"],
    }
    agree(folder, settings)
    shards = [
        (number, folder / f"{number:05d}", listed[start : start + each])
        for number, start in enumerate(range(0, len(listed), each))
    ]
    missing = [shard for shard in shards if not (shard[1] / "rows.jsonl").is_file()]
    require_disk(
        folder, sum(len(part) for _, _, part in missing) * shard_bytes(config), f"preparing {len(listed)} pictures"
    )
    left = sum(len(part) for _, _, part in missing)
    progress, kept = Progress("prepare", len(listed), folder / "log.jsonl", done=len(listed) - left), 0
    for number, path, part in missing:
        kept += write_shard(config, encoders, part, path, number)
        progress.add(len(part))
    print(
        f"{folder}: {left} pictures prepared now, {kept} of them with exactly one face; "
        f"{len(listed) - left} were there already"
    )


def run(config: Config) -> None:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    folder = base_folder(config)
    folder.check(config)
    autoencoder = folder.load_vae().to(device, torch.bfloat16 if device.type == "cuda" else torch.float32)
    models = config.resolve(config["face_models"])
    if not (models / "fr_feature.onnx").is_file():
        raise ConfigError(f"{models}: the face models are missing; run `npm ci` in the repository first")
    recogniser = Recogniser(models / "fr_feature.onnx", config["recogniser"]).to(device)
    vision = None
    if config["tokens"]:
        vision = build_vision(config)
        folder.load_vision(vision)
        vision.to(device)
    encoders = Encoders(FaceFinder(models), autoencoder, recogniser, device, vision)
    # Started anew, not forked: a fork of a process that uses CUDA cannot be relied on.
    with ProcessPoolExecutor(
        config["workers"], get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,)
    ) as pool:
        encoders.spread = partial(pool.map, chunksize=4)
        prepare(config, encoders)
