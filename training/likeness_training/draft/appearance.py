"""Stage `appearance`: how faces move, how light changes with it, and what open mouths show. Means and components alone.

Writes `appearance.safetensors`, for `pipeline/draft/appearance.ts`: `reference` (468, 3), `triangles` (T, 3) of the
face without the mouth's inside, `mirror` (468,), `shapes` and `readers` (M, 468, 3), `lights` (M, H, W, 3), and of each
movement that opens the mouth `mouth_mean.*` (h, w, 3), `mouth_components.*` (K, h, w, 3), `mouth_deviations.*` (K,).
Movements in the order of MOVEMENTS.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from .config import TinyConfig
from .head import best_mirror
from .lights import chart_map, lights_of
from .measured import DETAILED, MOVEMENTS, Portraits, groups_of, load_portraits
from .mouths import components_of, mouth_charts, wide_open, with_gaps
from .shapes import readers_of, shapes_of, triangles_of

FRONTAL = 14.0
"""Degrees of yaw within which a mouth is looked into."""
HALF = ("mouth_components", "lights")
"""What is stored as fp16; the rest is fp32."""


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


def run(config: TinyConfig) -> None:
    tensors = appearance_of(load_portraits(config.paths.work), config.paths.portraits)
    kinds = {name: np.float16 if name.startswith(HALF) else np.float32 for name in tensors}
    stored = {name: np.ascontiguousarray(value, kinds[name]) for name, value in tensors.items()}
    beside = config.paths.appearance.with_suffix(".part")
    save_file(stored, str(beside))
    beside.replace(config.paths.appearance)
