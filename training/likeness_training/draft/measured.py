"""The portraits that the appearance model is learnt from, and which of them show each movement of the face."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .head import pose_of

MOVEMENTS = ("smile", "grin", "surprise", "sadness")
PHOTOGRAPHS = ("synthetic", "real", "id", "mixed")
"""Kinds of pictures that are learnt from; drawings are not."""
DETAILED = ("gen512_hmdghoul", "gan512_basemax", "gan1024_dina", "gan1024_noah", "gan512_f2c")
DETAILED += ("ffhq1024_dina", "celebahq512", "sd1024_faker")
STUDIO = ("kdef350", "talk_frames")
"""Sets whose pictures are sharp; whose pictures show expressions."""
SURE, TURNED = 5.0, 20.0
"""Portraits that are learnt from: presence (a logit), and degrees of yaw and pitch."""
UPPER_LIP, LOWER_LIP, LEFT_CORNER, RIGHT_CORNER = 13, 14, 61, 291
"""The lips' inner middles and the corners of the mouth."""


@dataclass
class Portraits:
    """What `prepare` wrote: frames (N, S, S, 3), meshes (N, 468, 3) in pixels of the frames and `file_meshes` in those
    of the files. `canonical` (N, 468, 3): heads in the frame of `reference`; `good` (N,): which are learnt from.
    """

    rows: list[dict]
    frames: np.ndarray
    meshes: np.ndarray
    file_meshes: np.ndarray
    reference: np.ndarray
    canonical: np.ndarray
    good: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        """Between the lips, in units of the head (N,)."""
        return np.linalg.norm(self.canonical[:, UPPER_LIP] - self.canonical[:, LOWER_LIP], axis=1)

    @property
    def width(self) -> np.ndarray:
        """Of the mouth, in units of the head (N,)."""
        return np.linalg.norm(self.canonical[:, LEFT_CORNER] - self.canonical[:, RIGHT_CORNER], axis=1)

    def shows(self, expression: str, chance: float) -> np.ndarray:
        """Which of the good ones are read as an expression with more than this probability (N,)."""
        shown = [row["expression"] == expression and row["expression_p"] > chance for row in self.rows]
        return np.array(shown) & self.good

    def of_sets(self, names: tuple[str, ...]) -> np.ndarray:
        return np.array([row["set"] in names for row in self.rows])


def is_good(row: dict) -> bool:
    """A photograph, synthetic or not, of a face that looks about ahead."""
    ahead = all(abs(row.get(name, np.inf)) < TURNED for name in ("yaw", "pitch"))
    return row["presence"] > SURE and row["kind"] in PHOTOGRAPHS and ahead


def canonical_of(mesh: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """A mesh (468, 3) in the frame of the mean head; the mean head where no face was found."""
    return pose_of(mesh, reference).undo(mesh.astype(float)) if mesh.any() else reference


def load_portraits(folder: Path) -> Portraits:
    rows = json.loads((folder / "rows.json").read_text())
    reference, meshes = np.load(folder / "reference.npy"), np.load(folder / "meshes.npy")
    return Portraits(
        rows=rows,
        frames=np.load(folder / "frames.npy", mmap_mode="r"),
        meshes=meshes,
        file_meshes=np.load(folder / "meshes_file.npy"),
        reference=reference,
        canonical=np.stack([canonical_of(mesh, reference) for mesh in meshes]),
        good=np.array([is_good(row) for row in rows]),
    )


def groups_of(portraits: Portraits) -> dict[str, np.ndarray]:
    """Which portraits show each movement, and which show a face at rest."""
    gap, width = portraits.gap, portraits.width
    rest = portraits.shows("neutral", 0.6) & (gap < 0.03)
    usual = np.median(width[rest])
    happy = portraits.shows("happy", 0.8)
    return {
        "rest": rest,
        "smile": happy & (gap < 0.03) & (width > usual * 1.06),
        "grin": happy & (gap > 0.1) & (gap < 0.24) & (width > usual * 1.08),
        "surprise": portraits.shows("surprised", 0.6) & (gap > 0.12) & (width < usual * 1.15),
        "sadness": portraits.shows("sad", 0.6) & (gap < 0.05),
    }
