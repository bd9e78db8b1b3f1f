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
