"""A stage file says nothing that no stage reads."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from likeness_training.config import ConfigError, load_config

FILES = sorted(path for path in (ROOT / "configs").glob("*/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_file_that_is_shipped_is_read(path: Path) -> None:
    assert load_config(path)["work"].startswith("work/")


def test_a_misspelt_key_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    file = tmp_path / "identity.yaml"
    file.write_text(f"extends: {ROOT / 'configs/sd21/identity.yaml'}\nchekpointing: false\n")
    with pytest.raises(ConfigError, match="no stage knows the key `chekpointing`; did you mean `checkpointing`"):
        load_config(file)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("lr: 3e-5", "`lr` is '3e-5', expected float"),
        ("batch: four", "`batch` is 'four', expected int"),
        ("checkpointing: 1", "`checkpointing` is 1, expected bool"),
        ("recogniser: grb", "`recogniser` is 'grb', expected rgb or bgr"),
        ("prompts: a pencil sketch", "`prompts` is 'a pencil sketch', expected list"),
        ("prompts: [1]", r"`prompts\[0\]` is 1, expected str"),
        ("dropout: { txt: 0.05 }", "no stage knows the key `dropout.txt`; did you mean `dropout.text`"),
        ("weights: 1", "`weights` is 1, expected keys and values"),
    ],
)
def test_a_value_that_is_none_is_named_before_anything_is_read(tmp_path: Path, line: str, problem: str) -> None:
    file = tmp_path / "identity.yaml"
    file.write_text(f"extends: {ROOT / 'configs/sd21/identity.yaml'}\n{line}\n")
    with pytest.raises(ConfigError, match=problem):
        load_config(file)
