"""A drawn folder in MM-CelebA-HQ's layout, and a face finder that knows where the drawn faces are."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import torch

from likeness_training.config import Config
from likeness_training.data.base_folder import base_folder
from likeness_training.data.drawn import EXPRESSIONS, draw_face
from likeness_training.data.enrich import Face
from likeness_training.data.prepare_portraits import Encoders
from likeness_training.models.recogniser import Recogniser
from likeness_training.models.size import build_vae, build_vision

LAYOUT = {"people": 4, "photos": 3}


def landmarks_of(points: np.ndarray) -> np.ndarray:
    """68 landmarks in iBUG order around five points: ellipses for jaw, brows, eyes and mouth."""
    left, right, nose, mouth_left, mouth_right = points
    centre, gap = (left + right) / 2, right[0] - left[0]
    ring = lambda middle, width, height, angles: middle + np.stack([width * np.cos(angles), height * np.sin(angles)], 1)  # noqa: E731
    jaw = ring(centre, gap * 0.92, gap * 1.5, np.linspace(np.pi, 0, 17))
    brows = [
        np.stack(
            [np.linspace(-0.35, 0.35, 5) * gap + eye[0], np.full(5, eye[1] - gap * 0.3) - np.array([0, 2, 3, 2, 0])], 1
        )
        for eye in (left, right)
    ]
    bridge = np.linspace(centre, nose, 4)
    base = nose + np.stack([np.linspace(-0.2, 0.2, 5) * gap, np.full(5, gap * 0.12)], 1)
    eyes = [ring(eye, gap * 0.18, gap * 0.08, np.pi - np.arange(6) * np.pi / 3) for eye in (left, right)]
    mouth = (mouth_left + mouth_right) / 2
    half = (mouth_right[0] - mouth_left[0]) / 2
    lips = ring(mouth, half, gap * 0.18, np.pi - np.arange(12) * np.pi / 6)
    inner = ring(mouth, half * 0.8, gap * 0.08, np.pi - np.arange(8) * np.pi / 4)
    return np.concatenate([jaw, *brows, bridge, base, *eyes, lips, inner])


def drawn(person: int, number: int) -> tuple[np.ndarray, np.ndarray, float]:
    """(picture, five points, yaw), equal for equal arguments."""
    photo = np.random.default_rng([7, person, number])
    yaw = float(photo.uniform(-15, 15))
    image, points = draw_face(np.random.default_rng([8, person]), photo, EXPRESSIONS[number % 4], yaw)
    return image, np.array(points), yaw


def drawn_face(person: int, number: int) -> Face:
    image, points, yaw = drawn(person, number)
    return Face(image, landmarks_of(points), yaw)


def write_celeba(folder: Path) -> dict[bytes, Face]:
    """images/, text/celeba-caption/ and the identity file; what `find` knows: pixels -> face."""
    (folder / "images").mkdir(parents=True)
    (folder / "text/celeba-caption").mkdir(parents=True)
    known, lines = {}, []
    for index in range(LAYOUT["people"] * LAYOUT["photos"]):
        person = index % LAYOUT["people"]
        face = drawn_face(person, index)
        cv2.imwrite(str(folder / f"images/{index}.png"), cv2.cvtColor(face.image, cv2.COLOR_RGB2BGR))
        (folder / f"text/celeba-caption/{index}.txt").write_text(
            f"{'She' if person % 2 else 'He'} is smiling.\n\nThe person has drawn hair.\n"
        )
        lines.append(f"{index}.png {1000 + person}\n")
        known[face.image.tobytes()] = face
    (folder / "CelebA-HQ-identity.txt").write_text("".join(lines))
    return known


def encoders(config: Config, known: dict[bytes, Face]) -> Encoders:
    """The real recogniser and a random autoencoder; faces are found by their pixels."""
    torch.manual_seed(0)
    recogniser = Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx", config["recogniser"])
    vae, vision = build_vae(config), build_vision(config)
    if config.get("base", None) is not None:
        base_folder(config).load_vision(vision)
    return Encoders(lambda image: known.get(image.tobytes()), vae, recogniser, torch.device("cpu"), vision)
