"""The appearance model: how faces move, how light changes with it, and what open mouths show. Means and components alone.

`appearance.safetensors`, for `pipeline/draft/appearance.ts`: `reference` (468, 3), `triangles` (T, 3) of the face without the
mouth's inside, `mirror` (468,), `shapes` and `readers` (M, 468, 3), `lights` (M, H, W, 3), and of each movement that opens the
mouth `mouth_mean.*` (h, w, 3), `mouth_components.*` (K, h, w, 3), `mouth_deviations.*` (K,). Movements in the order of MOVEMENTS.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from safetensors.numpy import save_file
from scipy.spatial import Delaunay

from .head import LEFT_EYE, LIPS_INNER, LIPS_OUTER, OVAL, RIGHT_EYE, best_mirror, pose_of
from .prepare import Opener

MOVEMENTS = ("smile", "grin", "surprise", "sadness")
CHART = (96, 80)
"""Height and width of the charts of light: x from -1 to 1, y from -0.9 to 1.5 on the canonical head."""
FEW = ("surprise", "sadness")
"""Movements that few portraits show."""
MOUTH = (48, 96)
COMPONENTS = 24
PHOTOGRAPHS = ("synthetic", "real", "id", "mixed")
DETAILED = ("gen512_hmdghoul", "gan512_basemax", "gan1024_dina", "gan1024_noah", "gan512_f2c", "ffhq1024_dina", "celebahq512", "sd1024_faker")
MIDDLE = np.array([0.0, 0.3, 0.9])
"""A place in the middle of the head from which every point of the face is seen; canonical."""
BROWS = (70, 63, 105, 66, 107, 336, 296, 334, 293, 300)
INNER_BROWS, OUTER_BROWS = (107, 336), (70, 300)
UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)


@dataclass
class Portraits:
    """What `prepare` wrote. `canonical` (N, 468, 3)."""

    folder: Path
    rows: list[dict]
    frames: np.ndarray
    meshes: np.ndarray
    file_meshes: np.ndarray
    reference: np.ndarray
    canonical: np.ndarray
    good: np.ndarray

    @property
    def gap(self) -> np.ndarray:
        return np.linalg.norm(self.canonical[:, 13] - self.canonical[:, 14], axis=1)

    @property
    def width(self) -> np.ndarray:
        return np.linalg.norm(self.canonical[:, 61] - self.canonical[:, 291], axis=1)

    def shows(self, expression: str, chance: float) -> np.ndarray:
        return np.array([row["expression"] == expression and row["expression_p"] > chance for row in self.rows]) & self.good


def load_portraits(folder: Path) -> Portraits:
    rows = json.loads((folder / "rows.json").read_text())
    reference, meshes = np.load(folder / "reference.npy"), np.load(folder / "meshes.npy")
    canonical = np.stack([pose_of(mesh, reference).undo(mesh.astype(float)) if mesh.any() else reference for mesh in meshes])
    good = np.array([row["presence"] > 5 and row["kind"] in PHOTOGRAPHS and abs(row.get("yaw", 90)) < 20 and abs(row.get("pitch", 90)) < 20 for row in rows])
    return Portraits(folder, rows, np.load(folder / "frames.npy", mmap_mode="r"), meshes, np.load(folder / "meshes_file.npy"), reference, canonical, good)


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
    """Brows one unit higher (`raised`), their inner ends one unit higher than the outer (`slanted`); (468, 3) each, with what moves along.

    No set shows enough surprise: both are the difference of the tenth of people whose brows are so by nature to all others.
    """
    canonical = portraits.canonical[portraits.good]
    height = -canonical[:, list(BROWS), 1].mean(1)
    slant = -(canonical[:, list(INNER_BROWS), 1].mean(1) - canonical[:, list(OUTER_BROWS), 1].mean(1))
    moves = {}
    for name, measure in (("raised", height), ("slanted", slant)):
        most = measure > np.quantile(measure, 0.9)
        field = canonical[most].mean(0) - canonical[~most].mean(0)
        # Eyes stay where they are: of the face below them nothing moves.
        place = portraits.reference[:, 1]
        field = field * np.clip((-0.02 - place) / 0.08, 0, 1)[:, None] * np.array([0.3, 1.0, 0.3])
        moves[name] = field / (measure[most].mean() - measure[~most].mean())
    return moves


def closed(shape: np.ndarray) -> np.ndarray:
    """A shape that does not open the mouth: the lips move as one where they meet."""
    shape = shape.copy()
    for upper, lower in zip(UPPER[1:-1], LOWER[1:-1]):
        shape[[upper, lower], 1] = shape[[upper, lower], 1].mean()
    return shape


def posed_mean(portraits: Portraits, label: str) -> np.ndarray | None:
    """The mean canonical mesh (468, 3) of those who pose an expression, by the set's own label; None where no set has it."""
    members = np.array([row["labels"].get("expr") == label and row["presence"] > 5 for row in portraits.rows])
    return portraits.canonical[members].mean(0) if members.any() else None


def shapes_of(portraits: Portraits, groups: dict[str, np.ndarray], mirror: np.ndarray) -> np.ndarray:
    """(M, 468, 3): the mean of each group against the mean at rest, symmetric."""
    rest = portraits.canonical[groups["rest"]].mean(0)
    means = {name: portraits.canonical[groups[name]].mean(0) - rest for name in MOVEMENTS}
    posed = {label: posed_mean(portraits, label) for label in ("sad", "happy")}
    if all(mean is not None for mean in posed.values()):
        # The same people in a studio, sad and happy: what differs is the expression alone.
        means["sadness"] = posed["sad"] - posed["happy"] + means["grin"]
    brows = brow_moves(portraits)
    means["surprise"] = means["surprise"] + brows["raised"] * 0.085
    means["sadness"] = closed(means["sadness"] + brows["slanted"] * 0.035)
    moved = np.stack([means[name] for name in MOVEMENTS])
    return (moved + moved[:, mirror] * np.array([-1.0, 1.0, 1.0])) / 2


def readers_of(portraits: Portraits, groups: dict[str, np.ndarray], weight: float = 3.0) -> np.ndarray:
    """(M, 468, 3): ridge regression from a mesh's difference to the reference to how much of each movement it shows."""
    inner = sorted({*LIPS_INNER, *LIPS_OUTER, *LEFT_EYE, *RIGHT_EYE, 70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 50, 280, 205, 425})
    chosen, wanted = [], []
    gap = portraits.gap
    for name in ("rest", *MOVEMENTS):
        members = np.flatnonzero(groups[name])[:1500]
        target = np.zeros((len(members), len(MOVEMENTS)))
        if name in MOVEMENTS:
            amount = gap[members] / gap[members].mean() if name in ("grin", "surprise") else np.ones(len(members))
            target[:, MOVEMENTS.index(name)] = amount
        chosen.append(members)
        wanted.append(target)
    index, y = np.concatenate(chosen), np.concatenate(wanted)
    balance = np.concatenate([np.full(len(each), 1 / np.sqrt(max(1, len(each)))) for each in chosen])[:, None]
    x = (portraits.canonical[index] - portraits.reference)[:, inner].reshape(len(index), -1)
    xw, yw = x * balance, y * balance
    solved = np.linalg.solve(xw.T @ xw + weight * 1e-3 * np.eye(x.shape[1]), xw.T @ yw)
    full = np.zeros((len(MOVEMENTS), 468, 3))
    full[:, inner] = solved.T.reshape(len(MOVEMENTS), len(inner), 3)
    return full


def triangles_of(opened: np.ndarray) -> np.ndarray:
    """Delaunay triangles (T, 3) of the face with its mouth open, without the mouth's inside. Clockwise as seen: facing the camera.

    The head is unrolled around its middle, so that its sides do not hide themselves, and the oval made a circle, so that
    its edges are edges of triangles.
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
    return np.array(out)


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


def chart_map(reference: np.ndarray, triangles: np.ndarray) -> ChartMap:
    height, width = CHART
    pixels, corners, weights = [], [], []
    for v in range(height):
        for u in range(width):
            x, y = (u + 0.5) / width * 2 - 1, (v + 0.5) / height * 2.4 - 0.9
            a, b, c = reference[triangles[:, 0], :2], reference[triangles[:, 1], :2], reference[triangles[:, 2], :2]
            area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
            wa = ((b - [x, y])[:, 0] * (c - [x, y])[:, 1] - (b - [x, y])[:, 1] * (c - [x, y])[:, 0]) / (area + 1e-12)
            wb = ((c - [x, y])[:, 0] * (a - [x, y])[:, 1] - (c - [x, y])[:, 1] * (a - [x, y])[:, 0]) / (area + 1e-12)
            wc = 1 - wa - wb
            hit = np.flatnonzero((wa >= 0) & (wb >= 0) & (wc >= 0) & (area > 1e-9))
            if len(hit):
                pixels.append(v * width + u)
                corners.append(triangles[hit[0]])
                weights.append((wa[hit[0]], wb[hit[0]], wc[hit[0]]))
    return ChartMap(np.array(pixels), np.array(corners), np.array(weights))


def lights_of(portraits: Portraits, groups: dict[str, np.ndarray], places: ChartMap, most: int = 700) -> np.ndarray:
    """(M, H, W, 3): the mean logarithm of each group's colours against that at rest, symmetric, smooth, fading out at the oval."""

    def mean_log(members: np.ndarray) -> np.ndarray:
        total = 0
        for k in members[:most]:
            log = np.log(places.unwrap(portraits.frames[k], portraits.meshes[k]) + 8)
            total = total + log - log.mean()
        return total / min(most, len(members))

    detailed = np.array([row["set"] in DETAILED or row["set"] in ("kdef350", "talk_frames") for row in portraits.rows])
    rest = mean_log(np.flatnonzero(groups["rest"] & detailed))
    fade = fading(portraits.reference)
    charts = []
    for name in MOVEMENTS:
        chart = np.zeros((CHART[0] * CHART[1], 3), np.float32)
        chart[places.pixels] = mean_log(np.flatnonzero(groups[name] & detailed)) - rest
        chart = chart.reshape(*CHART, 3)
        if name in FEW:
            # Who is shown differs more than how: what remains is brightness, and of that no more than folds.
            chart = np.repeat(chart.mean(2, keepdims=True), 3, 2)
            inside = np.zeros(CHART[0] * CHART[1], np.float32)
            inside[places.pixels] = 1
            inside = inside.reshape(*CHART)
            wide = cv2.GaussianBlur(chart, (0, 0), 7) / (cv2.GaussianBlur(inside, (0, 0), 7) + 1e-3)[..., None]
            chart = np.clip((chart - wide) * 0.8, -0.25, 0.2) * inside[..., None]
        chart = (chart + chart[:, ::-1]) / 2
        charts.append(cv2.GaussianBlur(chart, (0, 0), 0.8) * fade[..., None])
    return np.stack(charts)


def fading(reference: np.ndarray) -> np.ndarray:
    """1 on the face, 0 towards its oval, in the eyes and between the lips; (H, W)."""
    place = lambda ids: np.round(((reference[list(ids), :2] + [1, 0.9]) / [2, 2.4] * [CHART[1], CHART[0]] - 0.5) * 16).astype(np.int32)  # noqa: E731
    mask = np.zeros(CHART, np.uint8)
    cv2.fillPoly(mask, [place(OVAL)], 255, shift=4)
    mask = cv2.erode(mask, np.ones((9, 9), np.uint8))
    for ids in (LEFT_EYE, RIGHT_EYE, LIPS_OUTER):
        hole = np.zeros(CHART, np.uint8)
        cv2.fillPoly(hole, [place(ids)], 255, shift=4)
        mask[cv2.dilate(hole, np.ones((3, 3), np.uint8)) > 0] = 0
    return cv2.GaussianBlur(mask.astype(np.float32) / 255, (0, 0), 2.2)


def mouth_charts(portraits: Portraits, members: np.ndarray, pictures: Path) -> np.ndarray:
    """(n, h, w, 3) of what lies between the lips, from the pictures at full size."""
    opened = Opener(pictures)
    height, width = MOUTH
    u = (np.arange(width) + 0.5) / width * 10
    v = ((np.arange(height) + 0.5) / height)[:, None, None]
    first, part = np.floor(u).astype(int), (u - np.floor(u))[:, None]
    out = []
    for k in members:
        mesh = portraits.file_meshes[k][:, :2]
        upper, lower = mesh[list(UPPER)], mesh[list(LOWER)]
        if np.linalg.norm(upper[0] - upper[-1]) < 48 or np.linalg.norm(upper[5] - lower[5]) < 9:
            continue
        along = lambda line: line[first] * (1 - part) + line[first + 1] * part  # noqa: E731
        places = (along(upper)[None] * (1 - v) + along(lower)[None] * v).astype(np.float32)
        out.append(cv2.remap(opened(portraits.rows[k]), places[..., 0], places[..., 1], cv2.INTER_CUBIC))
    return np.stack(out).astype(np.float32)


def components_of(charts: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean, principal components and standard deviations, mirror images taken along."""
    both = np.concatenate([charts, charts[:, :, ::-1]]).reshape(2 * len(charts), -1)
    mean = both.mean(0)
    u, s, vt = np.linalg.svd(both - mean, full_matrices=False)
    kept = min(COMPONENTS, len(s))
    shape = charts.shape[1:]
    return mean.reshape(shape), vt[:kept].reshape(kept, *shape), s[:kept] / np.sqrt(len(both))


def run_appearance(work: Path, pictures: Path, out: Path) -> None:
    portraits = load_portraits(work)
    groups = groups_of(portraits)
    print({name: int(members.sum()) for name, members in groups.items()}, flush=True)
    mirror = best_mirror(portraits.reference)
    shapes = shapes_of(portraits, groups, mirror)
    triangles = triangles_of(portraits.reference + shapes[MOVEMENTS.index("grin")])
    places = chart_map(portraits.reference, triangles)
    tensors = {
        "reference": portraits.reference,
        "triangles": triangles,
        "mirror": mirror,
        "shapes": shapes,
        "readers": readers_of(portraits, groups),
        "lights": lights_of(portraits, groups, places),
    }
    sharp = np.array([row["set"] in DETAILED for row in portraits.rows])
    larger = np.array([row["set"] in DETAILED or row["set"] in ("kdef350", "talk_frames", "unsplash300_hard", "mebeauty") for row in portraits.rows])
    frontal = np.array([abs(row.get("yaw", 90)) < 14 for row in portraits.rows])
    for name in ("grin", "surprise"):
        wide_open = portraits.good & (portraits.gap > 0.26) & (portraits.gap > 0.4 * portraits.width)
        members = np.flatnonzero((groups[name] if name == "grin" else wide_open) & frontal & (sharp if name == "grin" else larger))
        charts = mouth_charts(portraits, members, pictures)
        print(name, charts.shape, flush=True)
        mean, components, deviations = components_of(charts)
        tensors |= {f"mouth_mean.{name}": mean, f"mouth_components.{name}": components, f"mouth_deviations.{name}": deviations}
        np.save(work / f"charts_{name}.npy", charts.astype(np.uint8))
    half = ("mouth_components", "lights")
    save_file({name: np.ascontiguousarray(value, np.float16 if name.startswith(half) else np.float32) for name, value in tensors.items()}, str(out))


if __name__ == "__main__":
    import sys

    run_appearance(*(Path(each) for each in sys.argv[1:4]))
