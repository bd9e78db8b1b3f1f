"""MediaPipe's networks as graphs of a bundle: equal to what `ai-edge-litert` makes of the original files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import pytest
import tflite
import torch
from ai_edge_litert.interpreter import Interpreter

from likeness_training.bundle.mediapipe_graphs import FaceMesh, Matte, mediapipe_graphs
from likeness_training.bundle.onnx_files import Graph, write_graph
from likeness_training.config import ConfigError
from likeness_training.data.drawn import draw_face
from likeness_training.data.mediapipe_wheel import FACE_MESH, SEGMENTATION, Network, fetch_model

SHAPES = {"face_mesh": [("points", [1, 468, 3]), ("presence", [1, 1])], "matte": [("matte", [1, 1, 256, 256])]}
SIDES = {"face_mesh": 192, "matte": 256}
TOLERANCES = {"points": 5e-3, "presence": 1e-3, "matte": 2e-3}
"""Pixels; of a logit; of 1."""


@pytest.fixture(scope="module")
def graphs(mediapipe_files: Path) -> dict[str, Graph]:
    return mediapipe_graphs(mediapipe_files)


def pictures(side: int) -> list[np.ndarray]:
    """RGB 0..1 (side, side, 3): drawn faces, noise, and a black picture."""
    random = np.random.default_rng(0)
    faces = [draw_face(random, random, expression, yaw)[0] for expression, yaw in (("happy", 0.0), ("surprised", 20.0))]
    large = [cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32) / 255 for face in faces]
    return [*large, random.random((side, side, 3), dtype=np.float32), np.zeros((side, side, 3), np.float32)]


def original(path: Path, picture: np.ndarray) -> list[np.ndarray]:
    """What the file answers, by the runtime it was made for."""
    interpreter = Interpreter(model_path=str(path), num_threads=1)
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
    interpreter.invoke()
    return [interpreter.get_tensor(output["index"]) for output in interpreter.get_output_details()]


@pytest.mark.parametrize(("name", "network"), [("face_mesh", FACE_MESH), ("matte", SEGMENTATION)])
def test_pytorch_and_the_graph_answer_as_the_original(
    graphs: dict[str, Graph], mediapipe_files: Path, tmp_path: Path, name: str, network: Network
) -> None:
    path = tmp_path / f"{name}.onnx"
    write_graph(graphs[name], path)
    assert path.stat().st_size < (mediapipe_files / network.name).stat().st_size, "weights are fp16, as they were"
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    assert [(port.name, port.shape) for port in session.get_inputs()] == [("image", [1, 3, SIDES[name], SIDES[name]])]
    assert [(port.name, port.shape) for port in session.get_outputs()] == SHAPES[name]
    answers = []
    for picture in pictures(SIDES[name]):
        image = np.ascontiguousarray(picture.transpose(2, 0, 1)[None])
        with torch.no_grad():
            module = graphs[name].module(torch.from_numpy(image))
        expected = original(mediapipe_files / network.name, picture)
        modules = module if isinstance(module, tuple) else [module]
        graph = session.run(None, {"image": image})
        for (output, shape), by_pytorch, by_graph, wanted in zip(SHAPES[name], modules, graph, expected, strict=True):
            for found in (by_pytorch.numpy(), by_graph):
                assert np.abs(found - wanted.reshape(shape)).max() < TOLERANCES[output], output
        answers.append(expected[0])
    assert np.ptp(np.stack(answers), 0).max() > 0.5, "pictures are told apart"


def test_gradients_reach_the_picture(mediapipe_files: Path) -> None:
    mesh = FaceMesh(mediapipe_files / FACE_MESH.name).double()
    image = torch.from_numpy(pictures(SIDES["face_mesh"])[0]).permute(2, 0, 1)[None].double().requires_grad_()
    way = torch.rand(image.shape, generator=torch.Generator().manual_seed(0), dtype=image.dtype) - 0.5
    (gradient,) = torch.autograd.grad(mesh(image)[0].mean(), image)
    with torch.no_grad():
        step = (mesh(image + 1e-7 * way)[0].mean() - mesh(image - 1e-7 * way)[0].mean()) / 2e-7
    assert float((gradient * way).sum()) == pytest.approx(float(step), rel=1e-3)


def test_an_unknown_operator_is_refused_by_its_name(mediapipe_files: Path, tmp_path: Path) -> None:
    data = (mediapipe_files / SEGMENTATION.name).read_bytes()
    custom = tmp_path / "custom.tflite"
    custom.write_bytes(data.replace(b"Convolution2DTransposeBias", b"Convolution9DTransposeBias"))
    with pytest.raises(ValueError, match="custom.tflite: the operator Convolution9DTransposeBias is not supported"):
        Matte(custom)
    changed = bytearray(data)
    model = tflite.Model.GetRootAs(changed)
    codes = [model.OperatorCodes(index) for index in range(model.OperatorCodesLength())]
    code = next(code for code in codes if code.DeprecatedBuiltinCode() == tflite.BuiltinOperator.HARD_SWISH)
    for field in (4, 10):  # the code is there twice, as a byte and, in newer files, as a whole number
        place = code._tab.Offset(field)
        if place:
            changed[code._tab.Pos + place] = tflite.BuiltinOperator.TANH
    built_in = tmp_path / "built_in.tflite"
    built_in.write_bytes(changed)
    with pytest.raises(ValueError, match="built_in.tflite: the operator TANH is not supported"):
        Matte(built_in)


def test_the_wheel_is_downloaded_once_and_a_changed_file_refused(
    mediapipe_files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.executable", "false")
    assert fetch_model(mediapipe_files / FACE_MESH.name, FACE_MESH).stat().st_size > 1_000_000
    changed = tmp_path / FACE_MESH.name
    changed.write_bytes((mediapipe_files / FACE_MESH.name).read_bytes()[:-1])
    with pytest.raises(ConfigError, match="is not the face mesh of mediapipe"):
        fetch_model(changed, FACE_MESH)
    with pytest.raises(ConfigError, match="could not be downloaded"):
        fetch_model(tmp_path / SEGMENTATION.name, SEGMENTATION)
