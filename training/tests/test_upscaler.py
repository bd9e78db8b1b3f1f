"""The network that enlarges portraits: a filter until it is trained, a graph of the bundle afterwards."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch

from likeness_training.models.upscaler import Upscaler
from likeness_training.train.upscaler import blurred


def test_untrained_it_is_lanczos() -> None:
    noise = torch.rand(1, 3, 24, 24, generator=torch.Generator().manual_seed(0)) * 2 - 1
    small = blurred(noise, torch.tensor([1.0]))
    made = Upscaler(8, 1)(small)
    expected = cv2.resize(small[0].permute(1, 2, 0).numpy(), (48, 48), interpolation=cv2.INTER_LANCZOS4)
    assert made.shape == (1, 3, 48, 48)
    inside = np.abs(made[0].permute(1, 2, 0).detach().numpy() - expected)[8:-8, 8:-8]
    assert inside.mean() < 0.02  # OpenCV's has four lobes
    flat = Upscaler(8, 1)(torch.full((1, 3, 16, 16), 0.3), 2)
    assert torch.allclose(flat, torch.full((1, 3, 64, 64), 0.3), atol=1e-5)


def test_each_picture_is_softened_by_its_own_sigma() -> None:
    picture = torch.zeros(1, 3, 9, 9)
    picture[..., 4, 4] = 1.0
    sharp, soft = blurred(picture.repeat(2, 1, 1, 1), torch.tensor([0.05, 1.0]))
    assert float(sharp[0, 4, 4]) > 0.99 > 0.3 > float(soft[0, 4, 4])
    assert torch.allclose(soft.sum(), picture.sum(), atol=1e-5)


def test_the_bundle_has_it_as_a_graph(smoke: Path) -> None:
    entry = json.loads((smoke / "bundle" / "manifest.json").read_text())["graphs"]["upscaler"]
    assert [(port["name"], port["shape"]) for port in entry["inputs"] + entry["outputs"]] == [("image", [1, 3, 128, 128]), ("upscaled", [1, 3, 512, 512])]
    image = np.random.default_rng(0).uniform(-1, 1, (1, 3, 128, 128)).astype(np.float32)
    (upscaled,) = onnxruntime.InferenceSession(str(smoke / "bundle" / entry["file"])).run(None, {"image": image})
    assert upscaled.min() >= -1 and upscaled.max() <= 1
    assert np.abs(upscaled.reshape(3, 128, 4, 128, 4).mean((2, 4)) - image[0]).mean() < 0.2


def test_it_is_measured_beside_its_filter(smoke: Path) -> None:
    rows = [json.loads(line) for line in (smoke / "work" / "upscaler" / "log.jsonl").read_text().splitlines()]
    measured = [row for row in rows if "four_times" in row]
    assert measured and all(row["four_times_lanczos"] > 10 for row in measured)
