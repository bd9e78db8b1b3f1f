"""More references of a person than there are photos: flip and rotation, colour, and the face in another picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ..models.align import CROP_POINTS, CROP_SIZE, similarity, warp
from .face_models import five_points
from .swap import swap_face

VARIANTS = ("photo", "turned", "coloured", "swapped")
"""The references that are made of every photo, in this order."""
SWAP_DETAIL = 1.5


@dataclass
class Face:
    """A photo with exactly one face: RGB pixels, 68 landmarks, degrees it looks to the right."""

    image: np.ndarray
    landmarks: np.ndarray
    yaw: float

    @property
    def points(self) -> np.ndarray:
        return five_points(self.landmarks)


def crop(image: np.ndarray, points: np.ndarray, size: int) -> np.ndarray:
    """The upright face, framed as the pipeline frames a reference, size x size."""
    return warp(image, points, (CROP_POINTS + 0.5) * size / CROP_SIZE - 0.5, size, cv2.BORDER_REFLECT_101)


def turned(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Mirrored, rotated by up to 15 degrees, a little larger or smaller."""
    size = picture.shape[0]
    matrix = cv2.getRotationMatrix2D(
        ((size - 1) / 2, (size - 1) / 2), random.uniform(-15, 15), random.uniform(0.95, 1.1)
    )
    return cv2.warpAffine(
        picture[:, ::-1].copy(), matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101
    )


def coloured(picture: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Other light: brightness, contrast, saturation and warmth."""
    x = picture.astype(np.float32)
    grey = x.mean(-1, keepdims=True)
    x = grey + (x - grey) * random.uniform(0.5, 1.4)
    x = (x - 127) * random.uniform(0.75, 1.2) + 127 + random.uniform(-20, 20)
    warmth = random.uniform(-12, 12)
    return np.clip(x + np.array([warmth, 0, -warmth], np.float32), 0, 255).astype(np.uint8)


def shrunk(face: Face, size: int) -> Face:
    """The photo at most SWAP_DETAIL times as fine as a reference of `size` shows it: all that a swap can be seen in."""
    template = (CROP_POINTS + 0.5) * size / CROP_SIZE - 0.5
    scale = SWAP_DETAIL * np.sqrt(np.linalg.det(similarity(face.points, template)[:, :2]))
    height, width = (max(1, round(side * scale)) for side in face.image.shape[:2])
    if scale >= 1:
        return face
    ratio = np.array([width / face.image.shape[1], height / face.image.shape[0]])
    image = cv2.resize(face.image, (width, height), interpolation=cv2.INTER_AREA)
    return Face(image, (face.landmarks + 0.5) * ratio - 0.5, face.yaw)


def swapped(face: Face, donor: Face | None, size: int) -> np.ndarray | None:
    """The donor's picture with this face, cropped; None where there is no donor or its face leaves its picture."""
    if donor is None:
        return None
    face, donor = shrunk(face, size), shrunk(donor, size)
    made = swap_face(face.image, face.landmarks, donor.image, donor.landmarks)
    return None if made is None else crop(made, donor.points, size)


def enrich(face: Face, donor: Face | None, size: int, random: np.random.Generator) -> list[np.ndarray]:
    """A picture for each of VARIANTS; where no swap can be made, a turned and coloured one takes its place."""
    plain = crop(face.image, face.points, size)
    other = swapped(face, donor, size)
    return [
        plain,
        turned(plain, random),
        coloured(plain, random),
        coloured(turned(plain, random), random) if other is None else other,
    ]


def donor_of(
    index: int, faces: list[Face], people: list[str], random: np.random.Generator, apart: float = 25.0
) -> Face | None:
    """Somebody else of the list who looks about the same way."""
    fitting = [
        i for i, face in enumerate(faces) if people[i] != people[index] and abs(face.yaw - faces[index].yaw) < apart
    ]
    return faces[int(random.choice(fitting))] if fitting else None
