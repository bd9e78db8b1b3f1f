"""Stage `data`: decode, align, measure and caption once; everything after reads memory-mapped arrays.

Writes to `work/data`: `images.npy` (n, 128, 128, 3) uint8, upright crops and, of tilted heads, a second crop left
tilted; `embeddings.npy` (n, 512) fp16, L2-normalised; `maps.npy` (n, 49, 512) fp16, the recogniser's last map;
`rows.jsonl`, one row a crop; `cutouts.npy`, the crops before a plain backdrop; `styled.npy` and `styled.jsonl`, training crops passed
through a style filter each; `dressed.npy` and `dressed.jsonl`, training crops with an accessory, before a backdrop or in a light.
"""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import torch

from ..config import Config
from ..models.recogniser import Recogniser
from ..progress import Progress
from .accessories import put_on
from .align import CROP_POINTS, CROP_SIZE, FACE_BOX, arcface_from_crop, similarity, warp
from .arrays import open_arrays
from .background import Segmenter, cut_out
from .backdrops import behind, lit
from .captions import ADDED
from .face_models import FaceModels
from .mediapipe_wheel import SEGMENTATION, fetch_model
from .source import Photo, photos
from .styles import STYLES, stylise

TILT_DEGREES = 8.0
"""From this angle between the eyes a head is shown tilted as well, and captioned so."""

BATCH = 64

ADDED_SHARES = {"accessory": 0.6, "backdrop": 0.45, "light": 0.2}
"""How often a dressed crop has one of a kind; it has one at least."""
DRAWN_TOO = 0.2
"""How often a dressed crop passes through a style filter as well."""


def eye_angle(points: np.ndarray) -> float:
    """Degrees the line between the eyes leans; positive = clockwise, towards the right side of the picture."""
    dx, dy = points[1] - points[0]
    return float(np.degrees(np.arctan2(dy, dx)))


def upright_crop(photo: Photo) -> np.ndarray:
    """The 128x128 crop with the five points on their template."""
    return warp(photo.image, photo.points, CROP_POINTS, CROP_SIZE, cv2.BORDER_REFLECT_101)


def tilted_crop(photo: Photo) -> np.ndarray:
    """The same framing with the head's own tilt kept."""
    matrix = similarity(photo.points, CROP_POINTS)
    scale = np.sqrt(abs(np.linalg.det(matrix[:, :2])))
    centre = photo.points.mean(0)
    straight = np.hstack([scale * np.eye(2), (CROP_POINTS.mean(0) - scale * centre)[:, None]])
    return cv2.warpAffine(photo.image, straight, (CROP_SIZE, CROP_SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def crops(photo: Photo) -> list[tuple[np.ndarray, dict]]:
    """The crops of one photo with their rows. `tilt` is the lean in degrees that the crop shows."""
    angle = eye_angle(photo.points)
    made = [(upright_crop(photo), {**photo.row(), "tilt": 0.0})]
    if abs(angle) >= TILT_DEGREES:
        made.append((tilted_crop(photo), {**photo.row(), "tilt": round(angle, 1)}))
    return made


def measure(config: Config, images: np.ndarray, rows: list[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Embeddings and maps of every crop; a tilted crop has those of its upright twin, which stands before it."""
    recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx").to(memory_format=torch.channels_last)
    embeddings = np.zeros((len(images), 512), np.float16)
    maps = np.zeros((len(images), 49, 512), np.float16)
    progress = Progress("data: recognise", len(images))
    with torch.inference_mode():
        for start in range(0, len(images), BATCH):
            batch = np.stack([arcface_from_crop(image) for image in images[start : start + BATCH]])
            x = torch.from_numpy(batch).permute(0, 3, 1, 2).float()
            embedding, patch_map, _ = recogniser.features(x)
            embeddings[start : start + BATCH] = torch.nn.functional.normalize(embedding, dim=1).numpy()
            maps[start : start + BATCH] = patch_map.flatten(2).transpose(1, 2).numpy()
            progress.add(len(batch))
    for index, row in enumerate(rows):
        if row["tilt"]:
            embeddings[index], maps[index] = embeddings[index - 1], maps[index - 1]
    return embeddings, maps


def prepare_photos(config: Config, folder: Path) -> None:
    images, rows = [], []
    progress = Progress("data: align", config.get("limit", None) or config.get("expect", 0))
    for photo in photos(config):
        for image, row in crops(photo):
            images.append(image)
            rows.append(row)
        progress.add(1)
    pixels = np.stack(images)
    np.save(folder / "images.npy", pixels)
    embeddings, maps = measure(config, pixels, rows)
    np.save(folder / "embeddings.npy", embeddings)
    np.save(folder / "maps.npy", maps)
    write_rows(folder / "rows.jsonl", rows)
    print(f"{folder}: {len(rows)} crops of {len({row['person'] for row in rows})} people")


def prepare_cutouts(config: Config, folder: Path) -> None:
    """Every crop with its person before the backdrop."""
    segmenter = Segmenter(fetch_model(config.resolve(config["segmentation"]), SEGMENTATION))
    images = open_arrays(config).images
    out = np.zeros(images.shape, np.uint8)
    progress = Progress("data: cut out", len(images))
    for index, image in enumerate(images):
        out[index] = cut_out(image, segmenter.mask(image))
        progress.add(1)
    np.save(folder / "cutouts.new.npy", out)
    (folder / "cutouts.new.npy").replace(folder / "cutouts.npy")


def prepare_styles(config: Config, folder: Path) -> None:
    """Every training crop in `styles_each` styles drawn at random; equal for an equal seed."""
    arrays = open_arrays(config)
    random = np.random.default_rng(config.get("seed", 0))
    names = list(STYLES)
    rows, pictures = [], []
    train, pictures_of = arrays.indices("train"), arrays.targets
    progress = Progress("data: styles", len(train))
    for index in train:
        for style in random.choice(names, config.get("styles_each", 1), replace=False):
            rows.append({"crop": int(index), "style": str(style)})
            pictures.append(stylise(pictures_of[index], str(style), int(index)))
        progress.add(1)
    np.save(folder / "styled.npy", np.stack(pictures))
    write_rows(folder / "styled.jsonl", rows)


def costume(random: np.random.Generator, kinds: list[str]) -> dict[str, str]:
    """What a crop is given: `style` and some of `kinds` of captions.ADDED -> one of each."""
    style = {"style": str(random.choice(list(STYLES)))} if random.random() < DRAWN_TOO else {}
    while True:
        chosen = {kind: str(random.choice(list(ADDED[kind]))) for kind in kinds if random.random() < ADDED_SHARES[kind]}
        if chosen:
            return {**chosen, **style}


def dress(picture: np.ndarray, made: dict[str, str], landmarks: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A crop with what it has `made` of it: accessory, light, style, in this order. A backdrop stands behind it already."""
    if "accessory" in made:
        picture = put_on(picture, made["accessory"], landmarks, random)
    if "light" in made:
        picture = lit(picture, made["light"], random)
    return stylise(picture, made["style"], int(random.integers(1 << 31))) if "style" in made else picture


def prepare_dressed(config: Config, folder: Path) -> None:
    """Every training crop dressed once, at random, with the kinds in `added` (config); equal for an equal seed. Without `segmentation` nobody
    gets a backdrop."""
    arrays, network = open_arrays(config), config.get("segmentation", None)
    segmenter = Segmenter(fetch_model(config.resolve(network), SEGMENTATION)) if network else None
    kinds = [kind for kind in config.get("added", list(ADDED_SHARES)) if segmenter or kind != "backdrop"]
    faces = FaceModels(config.resolve(config["face_models"]))
    rows, pictures = [], []
    train = arrays.indices("train")
    progress = Progress("data: dress", len(train))
    for index in train:
        random = np.random.default_rng([config.get("seed", 0), int(index)])
        made, image, picture = costume(random, kinds), arrays.images[index], arrays.targets[index]
        if "backdrop" in made:
            picture = cut_out(image, segmenter.mask(image), behind(made["backdrop"], len(image), random))
        pictures.append(dress(picture, made, faces.landmarks(image, FACE_BOX), random))
        rows.append({"crop": int(index), **made})
        progress.add(1)
    np.save(folder / "dressed.npy", np.stack(pictures))
    write_rows(folder / "dressed.jsonl", rows)


def run(config: Config) -> None:
    """Write the arrays that are not there yet."""
    folder = config.work / "data"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "rows.jsonl").is_file():
        prepare_photos(config, folder)
    if config.get("segmentation", None) and not (folder / "cutouts.npy").is_file():
        prepare_cutouts(config, folder)
    if not (folder / "styled.jsonl").is_file():
        prepare_styles(config, folder)
    if not (folder / "dressed.jsonl").is_file():
        prepare_dressed(config, folder)


def write_rows(path: Path, rows: list[dict]) -> None:
    """One JSON object a line, written last: its presence says that the part is complete."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
