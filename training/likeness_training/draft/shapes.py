"""How the points of a face move: the mean of each movement, what reads it off a mesh, and the triangles between."""

from __future__ import annotations

import numpy as np
from scipy.spatial import Delaunay

from .head import INNER_LOWER_LIP, INNER_UPPER_LIP, LEFT_EYE, LIPS_INNER, LIPS_OUTER, OVAL, RIGHT_EYE
from .measured import MOVEMENTS, SURE, Portraits

MIDDLE = np.array([0.0, 0.3, 0.9])
"""A place in the middle of the head from which every point of the face is seen; canonical."""
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
INNER_BROWS, OUTER_BROWS = (107, 336), (70, 300)
CHEEKS = (50, 280, 205, 425)
RAISED, SLANTED, WIDENED = 0.085, 0.035, 0.008
"""How far brows move in surprise and in sadness, and how much further eyes open in surprise, in units of the head."""
UPPER_LIDS = ((33, 246, 161, 160, 159, 158, 157, 173, 133), (263, 466, 388, 387, 386, 385, 384, 398, 362))
"""From corner to corner."""
LIFTED, REACHING = 0.8, 0.09
"""The part of widening that the upper lid does; how far from the lids skin goes with them, in units of the head."""
EYES_TOP, BROWS_FROM = -0.02, 0.08
"""Above the first (y of the head) a brow's move sets in, and is whole so much higher."""
IDENTITY, NOISE = 24, 0.006
"""Principal components of faces at rest that a mesh's difference to the reference may be, beside movements, and what
else is in it; units of the head.
"""


def brow_moves(portraits: Portraits) -> dict[str, np.ndarray]:
    """Brows one unit higher (`raised`), their inner ends one unit higher than the outer (`slanted`); (468, 3) each,
    with what moves along.

    No set shows enough surprise: both are the difference of the tenth of people whose brows are so by nature to all
    others.
    """
    canonical = portraits.canonical[portraits.good]
    height = -canonical[:, list(BROWS), 1].mean(1)
    slant = -(canonical[:, list(INNER_BROWS), 1].mean(1) - canonical[:, list(OUTER_BROWS), 1].mean(1))
    moves = {}
    for name, measure in (("raised", height), ("slanted", slant)):
        most = measure >= np.quantile(measure, 0.9)
        if most.all():
            # All are alike: there is nothing to learn.
            moves[name] = np.zeros_like(portraits.reference)
            continue
        field = canonical[most].mean(0) - canonical[~most].mean(0)
        # Eyes stay where they are: of the face below them nothing moves.
        place = portraits.reference[:, 1]
        field = field * np.clip((EYES_TOP - place) / BROWS_FROM, 0, 1)[:, None] * np.array([0.3, 1.0, 0.3])
        moves[name] = field / (measure[most].mean() - measure[~most].mean())
    return moves


def widened_eyes(reference: np.ndarray) -> np.ndarray:
    """Eyes one unit further open (468, 3): the upper lid goes up and the lower down, most in their middles, and what is
    near goes along, less the further it is.
    """
    move = np.zeros_like(reference)
    for eye, lid in zip((LEFT_EYE, RIGHT_EYE), UPPER_LIDS, strict=True):
        corners, places = reference[[lid[0], lid[-1]], :2], reference[:, :2]
        along = corners[1] - corners[0]
        part = np.clip((places - corners[0]) @ along / (along @ along), 0, 1)
        beside = places - corners[0] - part[:, None] * along
        away = np.abs(places[:, None] - reference[list(eye), :2]).max(2).min(1)
        weight = np.sin(np.pi * part) * np.clip(1 - away / REACHING, 0, 1)
        lift = np.where(beside[:, 1] < 0, -LIFTED, 1 - LIFTED)
        lift[list(lid)] = -LIFTED
        move[:, 1] += weight * lift
    return move


def closed(shape: np.ndarray) -> np.ndarray:
    """A shape that does not open the mouth: the lips move as one where they meet."""
    shape = shape.copy()
    for upper, lower in zip(INNER_UPPER_LIP[1:-1], INNER_LOWER_LIP[1:-1], strict=True):
        shape[[upper, lower], 1] = shape[[upper, lower], 1].mean()
    return shape


def posed_mean(portraits: Portraits, label: str) -> np.ndarray | None:
    """The mean canonical mesh (468, 3) of those who pose an expression, by the set's own label; None where no set has
    it.
    """
    members = np.array([row["labels"].get("expr") == label and row["presence"] > SURE for row in portraits.rows])
    return portraits.canonical[members].mean(0) if members.any() else None


def shapes_of(portraits: Portraits, groups: dict[str, np.ndarray], mirror: np.ndarray) -> np.ndarray:
    """(M, 468, 3): the mean of each group against the mean at rest, symmetric."""
    rest = portraits.canonical[groups["rest"]].mean(0)
    means = {name: portraits.canonical[groups[name]].mean(0) - rest for name in MOVEMENTS}
    sad, happy = (posed_mean(portraits, label) for label in ("sad", "happy"))
    if sad is not None and happy is not None:
        # The same people in a studio, sad and happy: what differs is the expression alone.
        means["sadness"] = sad - happy + means["grin"]
    brows = brow_moves(portraits)
    means["surprise"] = means["surprise"] + brows["raised"] * RAISED + widened_eyes(portraits.reference) * WIDENED
    means["sadness"] = closed(means["sadness"] + brows["slanted"] * SLANTED)
    moved = np.stack([means[name] for name in MOVEMENTS])
    return (moved + moved[:, mirror] * np.array([-1.0, 1.0, 1.0])) / 2


def readers_of(portraits: Portraits, groups: dict[str, np.ndarray], shapes: np.ndarray) -> np.ndarray:
    """(M, 468, 3): from a mesh's difference to the reference to how much of each movement it shows.

    The difference is taken as movements, who it is and noise, all Gaussian; a reader gives the movements' most likely
    amounts.
    """
    inner = sorted({*LIPS_INNER, *LIPS_OUTER, *LEFT_EYE, *RIGHT_EYE, *BROWS, *CHEEKS})
    rest = (portraits.canonical[groups["rest"]] - portraits.reference)[:, inner].reshape(int(groups["rest"].sum()), -1)
    _, deviations, components = np.linalg.svd(rest - rest.mean(0), full_matrices=False)
    deviations = deviations[:IDENTITY] / np.sqrt(len(rest))
    basis = np.concatenate([shapes[:, inner].reshape(len(shapes), -1), components[:IDENTITY]])
    spread = np.concatenate([np.ones(len(shapes)), deviations])[:, None]
    scaled = basis * spread / NOISE
    likely = spread * np.linalg.solve(scaled @ scaled.T + np.eye(len(scaled)), scaled) / NOISE
    full = np.zeros((len(shapes), 468, 3))
    full[:, inner] = likely[: len(shapes)].reshape(len(shapes), len(inner), 3)
    return full


def triangles_of(opened: np.ndarray) -> np.ndarray:
    """Delaunay triangles (T, 3) of the face with its mouth open, without the mouth's inside. Clockwise as seen: facing
    the camera.

    The head is unrolled around its middle, so that its sides do not hide themselves, and the oval made a circle, so
    that its edges are edges of triangles. A mouth that is not open enough has triangles from lip to lip across its
    corners, which would hide what is in it: ValueError.
    """
    ahead = (opened - MIDDLE) * np.array([1.0, 1.0, -1.0])
    away = np.arccos(ahead[:, 2] / np.linalg.norm(ahead, axis=1))
    flat = away[:, None] * ahead[:, :2] / np.linalg.norm(ahead[:, :2], axis=1)[:, None]
    flat -= flat[list(OVAL)].mean(0)
    angle, radius = np.arctan2(flat[:, 1], flat[:, 0]), np.linalg.norm(flat, axis=1)
    around = sorted(OVAL, key=lambda point: angle[point])
    reach = np.interp(angle, angle[around], radius[around], period=2 * np.pi)
    round_face = (radius / reach)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)
    inside = set(LIPS_INNER)
    out = []
    for a, b, c in Delaunay(round_face).simplices.tolist():
        if {a, b, c} <= inside:
            continue
        (ux, uy), (vx, vy) = round_face[b] - round_face[a], round_face[c] - round_face[a]
        out.append((a, b, c) if ux * vy - uy * vx > 0 else (a, c, b))
    triangles = np.array(out)
    sides = {frozenset(side) for side in triangles[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2).tolist()}
    if any(frozenset(side) not in sides for side in zip(LIPS_INNER, np.roll(LIPS_INNER, -1).tolist(), strict=True)):
        raise ValueError("triangles cross the mouth: it is not open enough")
    return triangles
