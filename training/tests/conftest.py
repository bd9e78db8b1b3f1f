"""What several tests share: a base folder of random weights, MediaPipe's files, drawn people prepared for the draft."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import likeness_training  # noqa: F401 (before a test imports onnxruntime)

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def sd21_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base folder of random weights in the shapes of configs/sd21-smoke."""
    from likeness_training.config import load_config
    from likeness_training.data.random_base import write_base

    folder = tmp_path_factory.mktemp("base")
    write_base(load_config(ROOT / "configs/sd21-smoke/model.yaml"), folder)
    return folder


@pytest.fixture(scope="session")
def mediapipe_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with MediaPipe's networks, from one download."""
    from likeness_training.data.mediapipe_wheel import SEGMENTATION, fetch_model

    folder = tmp_path_factory.mktemp("mediapipe")
    fetch_model(folder / SEGMENTATION.name, SEGMENTATION)
    return folder


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory):
    """configs/tiny.yaml at toy size, its drawn portraits prepared, its paths in a folder of its own."""
    from drawn_heads import write_part, write_portraits

    from likeness_training.draft import prepare
    from likeness_training.draft.config import DeviceSettings, load_tiny

    folder = tmp_path_factory.mktemp("toy")
    config = load_tiny(ROOT / "configs/tiny.yaml")
    model, training = config.model, config.training
    devices = {"cpu": DeviceSettings(batch=2, threads=1, drawers=0, reservoir=8)}
    text = replace(model.text, hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2)
    config = replace(
        config,
        paths=replace(
            config.paths,
            portraits=folder / "portraits",
            work=folder / "work",
            weights=folder / "weights/finisher.safetensors",
            mouth_weights=folder / "weights/mouth_refiner.safetensors",
            out=folder / "bundle",
        ),
        prepare=replace(config.prepare, frame=64, workers=1),
        model=replace(
            model, size=64, widths=(8, 8, 16, 16), text=text, identity=replace(model.identity, width=32, heads=2)
        ),
        training=replace(
            training,
            critic_from=4,
            whole_every=2,
            window=32,
            devices=devices,
        ),
        mouth=replace(config.mouth, widths=(8, 8, 16), critic_from=4, devices=devices),
    )
    write_part(config.paths.work / "parts/0000.npz", write_portraits(config.paths.portraits))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(prepare, "fetch_model", lambda path, network: path)
        prepare.run(config)
    return config
