"""The decoder learns to finish what a student answered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
import yaml
from conftest import run_stage

ANSWERS = {"checkpoint": "student.pt", "timesteps": [999, 400], "count": 16, "batch": 2, "val": 4}
WEIGHTS = {"answer_deceit": 0.2, "likeness": 0.5, "colours": 2.0, "answer_lattice": 0.05}


def write_config(smoke: Path, folder: Path, **answers: object) -> Path:
    """The smoke's own work folder, copied without what the stage left in it."""
    shutil.copytree(smoke / "work", folder / "work", ignore=shutil.ignore_patterns("decoder"))
    values = yaml.safe_load((smoke / "configs" / "decoder.yaml").read_text())
    values |= {"work": str(folder / "work"), "answers": {**ANSWERS, **answers}, "weights": {**values["weights"], **WEIGHTS}}
    path = folder / "decoder.yaml"
    path.write_text(yaml.safe_dump(values))
    return path


def test_answers_are_drawn_once_measured_and_learnt_from(smoke: Path, tmp_path: Path) -> None:
    config = write_config(smoke, tmp_path)
    before = torch.load(tmp_path / "work" / "autoencoder.pt", weights_only=True)
    done = run_stage("decoder", config)
    assert done.returncode == 0, done.stderr[-2000:]
    rows = [json.loads(line) for line in (tmp_path / "work" / "decoder" / "log.jsonl").read_text().splitlines()]
    measured = [row for row in rows if "answers_id_sim" in row]
    assert [row["samples"] for row in measured] == [0, 8]
    after = torch.load(tmp_path / "work" / "autoencoder.pt", weights_only=True)
    changed = {name.split(".")[0] for name in before if not torch.equal(before[name], after[name])}
    assert changed == {"decoder"}
    assert (tmp_path / "work" / "answers.npz").is_file()


def test_without_the_student_it_is_one_clear_sentence(smoke: Path, tmp_path: Path) -> None:
    done = run_stage("decoder", write_config(smoke, tmp_path, checkpoint="nobody.pt"))
    assert done.returncode == 2
    assert "nobody.pt: not trained yet" in done.stderr
