"""The gate of the identity loss: UltraFace in PyTorch is UltraFace."""

from __future__ import annotations

import cv2
import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from conftest import ROOT

from likeness_training.config import load_config
from likeness_training.data.drawn import draw_face
from likeness_training.train.face_gate import FaceGate

CONFIG = load_config(ROOT / "configs/sd21-smoke/model.yaml")
MODELS = CONFIG.resolve(CONFIG["face_models"])


def pictures(side: int) -> torch.Tensor:
    """A drawn face and noise (2, 3, side, side), -1..1."""
    face, _ = draw_face(np.random.default_rng(5), np.random.default_rng(6), "neutral", 0.0)
    noise = np.random.default_rng(0).integers(0, 256, (side, side, 3), np.uint8)
    both = np.stack([cv2.resize(face, (side, side)), noise])
    return torch.from_numpy(both).permute(0, 3, 1, 2).float() / 127.5 - 1


def test_it_answers_as_onnxruntime() -> None:
    gate, both = FaceGate(MODELS), pictures(512)
    session = onnxruntime.InferenceSession(str(MODELS / "fr_detect.onnx"))
    small = F.interpolate((both + 1) * 127.5, size=(160, 160), mode="bilinear", align_corners=False)
    views = (F.pad(small, (80, 80, 40, 40), value=127.0) - 127) / 128
    expected = []
    for view in views:
        outputs = session.run(None, {session.get_inputs()[0].name: view[None].numpy()})
        (scores,) = (output for output in outputs if output.shape[-1] == 2)
        expected.append(scores[0, :, 1].max())
    assert np.abs(gate.score(both).numpy() - np.array(expected)).max() < 1e-4
    assert gate(both).tolist() == [1, 0]


def test_a_part_of_a_picture_is_seen_as_large_as_in_the_whole() -> None:
    gate, whole = FaceGate(MODELS), torch.zeros(1, 3, 512, 512)
    whole[:, :, 64:448, 64:448] = pictures(384)[:1]
    part = whole[:, :, 64:448, 64:448]
    assert abs(gate.score(whole) - gate.score(part, 0.75)).max() < 0.05
