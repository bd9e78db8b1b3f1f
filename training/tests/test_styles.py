"""Styles: each exports, runs in onnxruntime as in PyTorch, is a picture of its own, and keeps dark skin darker than
pale."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch

from likeness_training.bundle.styles_export import GAP, LARGEST, SHARE, differing, export_styles, run_graph
from likeness_training.styles import STYLES, file_name, make
from likeness_training.styles.operations import gaussian, guided, shifted
from likeness_training.styles.sample import DEEP, PALE, sample

OF_ONE_MATERIAL = {"bronze statue", "marble", "stencil"}
"""Styles that give every skin the tone of their material."""
FORBIDDEN = {"If", "Loop", "Scan", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}


@pytest.fixture(scope="module")
def graphs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("styles")
    export_styles(folder)
    return folder


@cache
def painted(label: str, skin: tuple[int, int, int]) -> np.ndarray:
    torch.set_num_threads(1)
    with torch.no_grad():
        return make(label)(*sample(skin).values()).numpy()


def test_list_names_every_style(graphs: Path) -> None:
    rows = json.loads((graphs / "styles.json").read_text())
    assert [row["label"] for row in rows] == list(STYLES)
    for row in rows:
        data = (graphs / row["file"]).read_bytes()
        assert (row["file"], row["bytes"]) == (file_name(row["label"]), len(data))
        assert row["sha256"] == hashlib.sha256(data).hexdigest()
        assert len(data) <= LARGEST


@pytest.mark.parametrize("label", STYLES)
def test_graph_paints_what_the_module_paints(label: str, graphs: Path) -> None:
    path = graphs / file_name(label)
    graph = onnx.load(str(path)).graph
    assert {node.op_type for node in graph.node}.isdisjoint(FORBIDDEN)
    assert [(value.name, [dim.dim_value for dim in value.type.tensor_type.shape.dim]) for value in graph.input] == [
        ("image", [1, 3, 512, 512]),
        ("matte", [1, 1, 512, 512]),
        ("face", [1, 4, 512, 512]),
    ]
    inputs = sample(DEEP)
    made, again = run_graph(path, inputs, 2)
    assert made.shape == (1, 3, 512, 512) and made.dtype == np.float32
    assert made.min() >= 0 and made.max() <= 1
    assert differing(made, painted(label, DEEP)) <= SHARE, f"farther than {GAP}"
    assert np.array_equal(made, again), "not the same when run again"
    assert made.std() > 0.05, "nearly one colour"


def test_every_style_is_its_own() -> None:
    small = {
        label: torch.nn.functional.avg_pool2d(torch.from_numpy(painted(label, DEEP)), 2).numpy() for label in STYLES
    }
    labels = list(STYLES)
    for at, first in enumerate(labels):
        for second in labels[at + 1 :]:
            assert np.abs(small[first] - small[second]).mean() > 0.02, f"{first} looks like {second}"


@pytest.mark.parametrize("label", [label for label in STYLES if label not in OF_ONE_MATERIAL])
def test_dark_skin_stays_darker_and_is_not_lost(label: str) -> None:
    cheek = np.s_[:, :, 240:300, 180:230]
    deep, pale = (float(painted(label, skin)[cheek].mean()) for skin in (DEEP, PALE))
    assert deep < pale - 0.01
    assert deep > 0.06, "blackened"


def test_works_without_face_and_person() -> None:
    inputs = sample()
    inputs["matte"], inputs["face"] = torch.zeros_like(inputs["matte"]), torch.zeros_like(inputs["face"])
    for label in ("oil painting", "comic", "film noir", "bronze statue"):
        with torch.no_grad():
            made = make(label)(*inputs.values())
        assert torch.isfinite(made).all()


def test_operations() -> None:
    plane = torch.zeros(1, 1, 32, 32)
    plane[0, 0, 10, 12] = 1
    assert shifted(plane, 3, -2)[0, 0, 13, 10] == 1
    assert abs(float(gaussian(plane, 1.5).sum()) - 1) < 1e-4
    step = (torch.arange(32) > 15).float().reshape(1, 1, 1, 32).expand(1, 1, 32, 32)
    assert float((guided(step, step, 3, 0.05) - step).abs().max()) < 0.05
