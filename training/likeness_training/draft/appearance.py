"""Stage `appearance`: how faces move, how light changes with it, and what open mouths show. Means and components alone.

Writes `appearance.safetensors`, for `pipeline/draft/appearance.ts`: `reference` (468, 3), `triangles` (T, 3) of the
face without the mouth's inside, `mirror` (468,), `shapes` and `readers` (M, 468, 3), `lights` (M, H, W, 3), and of each
movement that opens the mouth `mouth_mean.*` (h, w, 3), `mouth_components.*` (K, h, w, 3), `mouth_deviations.*` (K,).
Movements in the order of MOVEMENTS.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from safetensors.numpy import save_file
from scipy.spatial import Delaunay

from .config import TinyConfig
from .head import LEFT_EYE, LIPS_INNER, LIPS_OUTER, OVAL, RIGHT_EYE, best_mirror, pose_of
from .prepare import Opener

MOVEMENTS = ("smile", "grin", "surprise", "sadness")
CHART = (96, 80)
"""Height and width of the charts of light: x from -1 to 1, y from -0.9 to 1.5 on the canonical head."""
FEW = ("surprise", "sadness")
"""Movements that few portraits show."""
MOUTH = (48, 96)
"""Height and width of the charts of mouths."""
COMPONENTS = 24
PHOTOGRAPHS = ("synthetic", "real", "id", "mixed")
"""Kinds of pictures that are learnt from; drawings are not."""
DETAILED = ("gen512_hmdghoul", "gan512_basemax", "gan1024_dina", "gan1024_noah", "gan512_f2c")
DETAILED += ("ffhq1024_dina", "celebahq512", "sd1024_faker")
STUDIO = ("kdef350", "talk_frames")
"""Sets whose pictures are sharp; whose pictures show expressions."""
SURE, TURNED = 5.0, 20.0
"""Portraits that are learnt from: presence (a logit), and degrees of yaw and pitch."""
FRONTAL = 14.0
"""Degrees of yaw within which a mouth is looked into."""
UPPER_LIP, LOWER_LIP, LEFT_CORNER, RIGHT_CORNER = 13, 14, 61, 291
"""The lips' inner middles and the corners of the mouth."""
LIT_FROM = 700
"""Portraits of each group that the charts of light are the mean of."""
MOUTH_LEAST = (48, 9)
"""Pixels of a mouth's width and opening, from which it is looked into."""
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
UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""The inner lips from corner to corner."""


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
    for upper, lower in zip(UPPER[1:-1], LOWER[1:-1], strict=True):
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


IDENTITY, NOISE = 24, 0.006
"""Principal components of faces at rest that a mesh's difference to the reference may be, beside movements, and what
else is in it; units of the head.
"""


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


@dataclass
class ChartMap:
    """For each pixel of a chart of light its triangle and weights."""

    pixels: np.ndarray
    corners: np.ndarray
    weights: np.ndarray

    def unwrap(self, frame: np.ndarray, mesh: np.ndarray) -> np.ndarray:
        """A frame's colours by place on the head, float32 (n, 3)."""
        places = (mesh[self.corners][..., :2] * self.weights[..., None]).sum(1).astype(np.float32)
        return cv2.remap(frame, places[:, 0][None], places[:, 1][None], cv2.INTER_LINEAR)[0].astype(np.float32)


def crossed(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Twice the area that two directions in the plane (..., 2) span, with its sign."""
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]


def chart_map(reference: np.ndarray, triangles: np.ndarray) -> ChartMap:
    """Where the places of a chart lie in the triangles of the mean head, as seen from the front."""
    height, width = CHART
    a, b, c = (reference[triangles[:, corner], :2] for corner in range(3))
    area = crossed(b - a, c - a)
    pixels, corners, weights = [], [], []
    for v in range(height):
        for u in range(width):
            place = np.array([(u + 0.5) / width * 2 - 1, (v + 0.5) / height * 2.4 - 0.9])
            of_a, of_b = crossed(b - place, c - place) / (area + 1e-12), crossed(c - place, a - place) / (area + 1e-12)
            of_c = 1 - of_a - of_b
            hit = np.flatnonzero((of_a >= 0) & (of_b >= 0) & (of_c >= 0) & (area > 1e-9))
            if len(hit):
                pixels.append(v * width + u)
                corners.append(triangles[hit[0]])
                weights.append((of_a[hit[0]], of_b[hit[0]], of_c[hit[0]]))
    return ChartMap(np.array(pixels), np.array(corners), np.array(weights))


def mean_log(portraits: Portraits, members: np.ndarray, places: ChartMap) -> np.ndarray:
    """The mean logarithm of colours (n, 3), each portrait's brightness taken out."""
    total = np.zeros((len(places.pixels), 3))
    for k in members[:LIT_FROM]:
        log = np.log(places.unwrap(portraits.frames[k], portraits.meshes[k]) + 8)
        total += log - log.mean()
    return total / max(1, min(LIT_FROM, len(members)))


def folds_of(chart: np.ndarray, places: ChartMap) -> np.ndarray:
    """Of a chart that few portraits show: who is shown differs more than how, so what remains is brightness, and of
    that no more than folds.
    """
    grey = np.repeat(chart.mean(2, keepdims=True), 3, 2)
    inside = np.zeros(CHART[0] * CHART[1], np.float32)
    inside[places.pixels] = 1
    inside = inside.reshape(*CHART)
    wide = cv2.GaussianBlur(grey, (0, 0), 7) / (cv2.GaussianBlur(inside, (0, 0), 7) + 1e-3)[..., None]
    return np.clip((grey - wide) * 0.8, -0.25, 0.2) * inside[..., None]


def lights_of(portraits: Portraits, groups: dict[str, np.ndarray], places: ChartMap) -> np.ndarray:
    """(M, H, W, 3): the mean logarithm of each group's colours against that at rest, symmetric, smooth, fading out at
    the oval.
    """
    chosen = portraits.of_sets((*DETAILED, *STUDIO))
    rest = mean_log(portraits, np.flatnonzero(groups["rest"] & chosen), places)
    fade = fading(portraits.reference)
    charts = []
    for name in MOVEMENTS:
        chart = np.zeros((CHART[0] * CHART[1], 3), np.float32)
        chart[places.pixels] = mean_log(portraits, np.flatnonzero(groups[name] & chosen), places) - rest
        chart = chart.reshape(*CHART, 3)
        if name in FEW:
            chart = folds_of(chart, places)
        chart = (chart + chart[:, ::-1]) / 2
        charts.append(cv2.GaussianBlur(chart, (0, 0), 0.8) * fade[..., None])
    return np.stack(charts)


def fading(reference: np.ndarray) -> np.ndarray:
    """1 on the face, 0 towards its oval, in the eyes and between the lips; (H, W)."""

    def place(ids: tuple[int, ...]) -> np.ndarray:
        """In sixteenths of a chart's pixel."""
        pixels = (reference[list(ids), :2] + [1, 0.9]) / [2, 2.4] * [CHART[1], CHART[0]] - 0.5
        return np.round(pixels * 16).astype(np.int32)

    mask = np.zeros(CHART, np.uint8)
    cv2.fillPoly(mask, [place(OVAL)], 255, shift=4)
    mask = cv2.erode(mask, np.ones((9, 9), np.uint8))
    for ids in (LEFT_EYE, RIGHT_EYE, LIPS_OUTER):
        hole = np.zeros(CHART, np.uint8)
        cv2.fillPoly(hole, [place(ids)], 255, shift=4)
        mask[cv2.dilate(hole, np.ones((3, 3), np.uint8)) > 0] = 0
    return cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 2.2)


def mouth_places(upper: np.ndarray, lower: np.ndarray) -> np.ndarray:
    """Where the places of a mouth's chart lie in a picture (h, w, 2), between the inner lips (11, 2)."""
    height, width = MOUTH
    along = (np.arange(width) + 0.5) / width * (len(UPPER) - 1)
    down = ((np.arange(height) + 0.5) / height)[:, None, None]
    first, part = np.floor(along).astype(int), (along - np.floor(along))[:, None]
    top, bottom = (line[first] * (1 - part) + line[first + 1] * part for line in (upper, lower))
    return (top[None] * (1 - down) + bottom[None] * down).astype(np.float32)


def mouth_charts(portraits: Portraits, members: np.ndarray, pictures: Path) -> np.ndarray:
    """(n, h, w, 3) of what lies between the lips, from the pictures at full size."""
    opened, middle = Opener(pictures), len(UPPER) // 2
    out = []
    for k in members:
        mesh = portraits.file_meshes[k][:, :2]
        upper, lower = mesh[list(UPPER)], mesh[list(LOWER)]
        width, opening = np.linalg.norm(upper[0] - upper[-1]), np.linalg.norm(upper[middle] - lower[middle])
        if width < MOUTH_LEAST[0] or opening < MOUTH_LEAST[1]:
            continue
        places = mouth_places(upper, lower)
        out.append(cv2.remap(opened(portraits.rows[k]), places[..., 0], places[..., 1], cv2.INTER_CUBIC))
    return np.stack(out).astype(np.float32)


@dataclass
class Mouths:
    """What lies between the lips: `mean` (h, w, 3), principal `components` (K, h, w, 3) and `deviations` (K,)."""

    mean: np.ndarray
    components: np.ndarray
    deviations: np.ndarray


def components_of(charts: np.ndarray) -> Mouths:
    """Mean, principal components and standard deviations, mirror images taken along."""
    both = np.concatenate([charts, charts[:, :, ::-1]]).reshape(2 * len(charts), -1)
    mean = both.mean(0)
    u, s, vt = np.linalg.svd(both - mean, full_matrices=False)
    kept = min(COMPONENTS, len(s))
    shape = charts.shape[1:]
    return Mouths(mean.reshape(shape), vt[:kept].reshape(kept, *shape), s[:kept] / np.sqrt(len(both)))


GAPS, TOOTH = 1.7, 2.2
"""How much gaps between teeth are deepened; standard deviation of what tells them from teeth, in pixels of a chart."""


def with_gaps(mouths: Mouths) -> Mouths:
    """Mouths whose teeth are told apart: people's teeth lie in nearly the same places, so that means over people keep
    only traces of the gaps; what changes from left to right within a tooth's width is brought out again.
    """

    def deepened(chart: np.ndarray) -> np.ndarray:
        chart = chart.astype(np.float32)
        return chart + GAPS * (chart - cv2.GaussianBlur(chart, (0, 0), sigmaX=TOOTH, sigmaY=0.01))

    components = np.stack([deepened(component) for component in mouths.components])
    return Mouths(deepened(mouths.mean), components, mouths.deviations)


TEETH, TEETH_OF_GRIN, ARCH = 0.3, 0.62, 0.4
"""Upper teeth take this part of a mouth's height that is wide open, and that of a grin; at the corners so much less."""
THROAT, TONGUE, SHADED = (44.0, 18.0, 17.0), (122.0, 60.0, 60.0), 0.86
"""Red, green, blue; and how much darker teeth are under the lip of a mouth that is wide open."""


def wide_open(grin: Mouths) -> Mouths:
    """Mouths of surprise: the upper teeth of grins, and below them the throat and the tongue. Too few portraits show
    one to learn what is in it, and what they show differs more by person than principal components can tell.
    """
    height, width = MOUTH
    v, u = (np.arange(height)[:, None] + 0.5) / height, (np.arange(width)[None] + 0.5) / width
    side = 2 * u - 1
    edge = TEETH * (1 - ARCH * side**2)
    teeth = np.clip((edge - v) / 0.06 + 0.5, 0, 1)[..., None] * SHADED
    places = np.stack(np.broadcast_arrays(u * width - 0.5, v / edge * TEETH_OF_GRIN * height - 0.5), 2).astype(
        np.float32
    )

    def raised(chart: np.ndarray) -> np.ndarray:
        chart = chart.astype(np.float32)
        return cv2.remap(chart, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    mound = np.clip(1.15 - ((side / 0.95) ** 2 + ((v - 1.08) / 0.6) ** 2), 0, 1)[..., None]
    below = np.array(THROAT) + (np.array(TONGUE) - THROAT) * mound**1.5
    below = below * (1 - 0.5 * side[..., None] ** 4)
    covered = teeth / SHADED
    return Mouths(
        raised(grin.mean) * teeth + below * (1 - covered),
        np.stack([raised(component) * teeth for component in grin.components]),
        grin.deviations,
    )


def appearance_of(portraits: Portraits, pictures: Path) -> dict[str, np.ndarray]:
    """The tensors of the model, by name."""
    groups = groups_of(portraits)
    print("appearance:", ", ".join(f"{name} {members.sum()}" for name, members in groups.items()), flush=True)
    mirror = best_mirror(portraits.reference)
    shapes = shapes_of(portraits, groups, mirror)
    triangles = triangles_of(portraits.reference + shapes[MOVEMENTS.index("surprise")])
    places = chart_map(portraits.reference, triangles)
    tensors = {
        "reference": portraits.reference,
        "triangles": triangles,
        "mirror": mirror,
        "shapes": shapes,
        "readers": readers_of(portraits, groups, shapes),
        "lights": lights_of(portraits, groups, places),
    }
    frontal = np.array([abs(row.get("yaw", np.inf)) < FRONTAL for row in portraits.rows])
    charts = mouth_charts(portraits, np.flatnonzero(groups["grin"] & frontal & portraits.of_sets(DETAILED)), pictures)
    print(f"appearance: {len(charts)} mouths", flush=True)
    grin = with_gaps(components_of(charts))
    for name, mouths in (("grin", grin), ("surprise", wide_open(grin))):
        tensors[f"mouth_mean.{name}"] = mouths.mean
        tensors[f"mouth_components.{name}"] = mouths.components
        tensors[f"mouth_deviations.{name}"] = mouths.deviations
    return tensors


HALF = ("mouth_components", "lights")
"""What is stored as fp16; the rest is fp32."""


def run(config: TinyConfig) -> None:
    tensors = appearance_of(load_portraits(config.paths.work), config.paths.portraits)
    kinds = {name: np.float16 if name.startswith(HALF) else np.float32 for name in tensors}
    stored = {name: np.ascontiguousarray(value, kinds[name]) for name, value in tensors.items()}
    beside = config.paths.appearance.with_suffix(".part")
    save_file(stored, str(beside))
    beside.replace(config.paths.appearance)
