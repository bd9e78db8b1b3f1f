"""The appearance model of drawn people, whose movements are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_heads import drawn_head
from safetensors.numpy import load_file

from likeness_training.draft import appearance
from likeness_training.draft.config import TinyConfig
from likeness_training.draft.head import LIPS_INNER, OVAL
from likeness_training.draft.lights import CHART
from likeness_training.draft.measured import MOVEMENTS
from likeness_training.draft.mouths import MOUTH, Mouths, components_of, with_gaps
from likeness_training.draft.shapes import BROWS, INNER_BROWS, OUTER_BROWS, SLANTED


@pytest.fixture(scope="module")
def model(toy: TinyConfig) -> dict[str, np.ndarray]:
    appearance.run(toy)
    return load_file(toy.paths.appearance)


def test_it_holds_means_and_components_alone(model: dict[str, np.ndarray]) -> None:
    count = len(MOVEMENTS)
    shapes = {name: value.shape for name, value in model.items()}
    assert shapes["reference"] == (468, 3) and shapes["mirror"] == (468,)
    assert shapes["shapes"] == shapes["readers"] == (count, 468, 3)
    assert shapes["lights"] == (count, *CHART, 3)
    for name in ("grin", "surprise"):
        kept = shapes[f"mouth_deviations.{name}"][0]
        assert shapes[f"mouth_mean.{name}"] == (*MOUTH, 3)
        assert shapes[f"mouth_components.{name}"] == (kept, *MOUTH, 3)
    assert len(shapes) == 6 + 2 * 3
    assert all(np.isfinite(value).all() for value in model.values())


def test_a_grin_opens_the_lips_as_the_drawn_one_does(model: dict[str, np.ndarray]) -> None:
    grin = model["shapes"][MOVEMENTS.index("grin")]
    drawn = drawn_head(2) - drawn_head(0)
    gap = lambda shape: shape[14, 1] - shape[13, 1]  # noqa: E731
    assert gap(grin) == pytest.approx(gap(drawn), rel=0.15)
    mirror = model["mirror"].astype(int)
    assert np.allclose(grin[mirror] * [-1, 1, 1], grin, atol=1e-5)


def test_surprise_raises_the_brows_and_sadness_slants_them(model: dict[str, np.ndarray]) -> None:
    up = lambda name, ends: -model["shapes"][MOVEMENTS.index(name)][list(ends), 1].mean()  # noqa: E731
    assert up("surprise", BROWS) > 0.04
    assert up("sadness", INNER_BROWS) - up("sadness", OUTER_BROWS) == pytest.approx(SLANTED, rel=0.2)
    assert abs(up("grin", BROWS)) < 0.01


def test_surprise_opens_the_eyes(model: dict[str, np.ndarray]) -> None:
    shape = model["shapes"][MOVEMENTS.index("surprise")]
    for upper, lower in ((159, 145), (386, 374)):
        assert shape[lower, 1] - shape[upper, 1] > 0.005
    grin = model["shapes"][MOVEMENTS.index("grin")]
    assert abs(grin[145, 1] - grin[159, 1]) < 0.005


def test_a_mouth_of_surprise_has_upper_teeth_a_throat_and_a_tongue(model: dict[str, np.ndarray]) -> None:
    grey = model["mouth_mean.surprise"].mean(2)
    teeth, throat, tongue = (grey[int(part * MOUTH[0]), MOUTH[1] // 2] for part in (0.2, 0.45, 0.95))
    assert teeth > tongue > throat


def test_readers_tell_how_much_of_a_movement_a_mesh_shows(model: dict[str, np.ndarray]) -> None:
    read = lambda kind: (model["readers"] * (drawn_head(kind) - model["reference"])).sum((1, 2))  # noqa: E731
    grin = MOVEMENTS.index("grin")
    assert read(2)[grin] > 0.6 and abs(read(0)[grin]) < 0.3


def test_triangles_cover_the_face_face_the_camera_and_leave_the_mouth_open(model: dict[str, np.ndarray]) -> None:
    triangles, reference = model["triangles"].astype(int), model["reference"]
    inside = set(LIPS_INNER)
    assert not any(set(triangle) <= inside for triangle in triangles.tolist())
    edges = {tuple(sorted((t[i], t[(i + 1) % 3]))) for t in triangles.tolist() for i in range(3)}
    around = {tuple(sorted((OVAL[i], OVAL[(i + 1) % len(OVAL)]))) for i in range(len(OVAL))}
    assert around <= edges
    lips = {tuple(sorted((LIPS_INNER[i - 1], LIPS_INNER[i]))) for i in range(len(LIPS_INNER))}
    assert lips <= edges, "triangles from lip to lip would hide what is in the corners of the mouth"
    surprised = reference + model["shapes"][MOVEMENTS.index("surprise")]
    a, b, c = (surprised[triangles[:, k], :2] for k in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    assert (area > -1e-6).mean() > 0.95


def test_gaps_between_teeth_are_deepened_and_their_light_is_kept() -> None:
    teeth = np.full((48, 96, 3), 180.0)
    teeth[:, 10::10] -= 8
    mouths = with_gaps(Mouths(teeth, teeth[None] * 0, np.ones(1)))
    inner = mouths.mean[:, 15:85]
    assert abs(inner.mean() - teeth[:, 15:85].mean()) < 0.5
    assert np.ptp(inner[24, :, 0]) > 2 * 8
    assert np.allclose(mouths.components, 0, atol=1e-4)


def test_components_give_the_charts_back() -> None:
    charts = np.random.default_rng(0).random((3, 4, 6, 3)).astype(np.float32)
    learnt = components_of(charts)
    mean, components, deviations = learnt.mean, learnt.components, learnt.deviations
    flat = components.reshape(len(components), -1)
    assert np.allclose(flat @ flat.T, np.eye(len(flat)), atol=1e-4)
    for chart in (*charts, *charts[:, :, ::-1]):
        gone = (chart - mean).ravel()
        assert np.allclose(flat.T @ (flat @ gone), gone, atol=1e-4)
    assert (np.diff(deviations) <= 1e-6).all()


def test_only_the_file_is_written(toy: TinyConfig, model: dict[str, np.ndarray]) -> None:
    assert [path.name for path in Path(toy.paths.work).glob("*.safetensors")] == ["appearance.safetensors"]
    assert not list(toy.paths.work.glob("charts*"))
