"""The smoke run: every stage once, on drawn faces, in a folder of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import likeness_training  # noqa: F401 (before a test imports onnxruntime)
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("data", "autoencoder", "decoder", "upscaler", "base", "identity", "distil", "export", "evaluate")


def write_configs(folder: Path) -> Path:
    """The smoke configs, flattened, with every path inside `folder`."""
    from likeness_training.config import load_config

    configs = folder / "configs"
    configs.mkdir()
    for stage in STAGES:
        values = load_config(ROOT / "configs" / "smoke" / f"{stage}.yaml").values
        values |= {"work": str(folder / "work"), "face_models": str(ROOT.parent / "node_modules/faceplugin-face-recognition-js/model")}
        if stage == "data":
            values["shards"] = str(folder / "faces")
        if stage == "export":
            values |= {"out": str(folder / "bundle"), "weights": str(folder / "weights")}
        (configs / f"{stage}.yaml").write_text(yaml.safe_dump(values))
    return configs


def run_stage(stage: str, config: Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "likeness_training", stage, str(config)], cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="session")
def smoke(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with faces/, configs/, work/ and bundle/ after all stages."""
    from likeness_training.data.drawn import write_shards

    folder = tmp_path_factory.mktemp("smoke")
    write_shards(folder / "faces", people=10, photos=4)
    configs = write_configs(folder)
    for stage in STAGES:
        done = run_stage(stage, configs / f"{stage}.yaml")
        assert done.returncode == 0, f"{stage}: {done.stderr[-3000:]}"
    return folder


@pytest.fixture(scope="session")
def sd21_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base folder of random weights in the shapes of configs/sd21-smoke."""
    from likeness_training.config import load_config
    from likeness_training.random_base import write_base

    folder = tmp_path_factory.mktemp("base")
    write_base(load_config(ROOT / "configs/sd21-smoke/model.yaml"), folder)
    return folder
