"""Stage `trials`: variants for an equal CPU time, kept once they are measured."""

from __future__ import annotations

import json
from pathlib import Path

import yaml
from conftest import ROOT, run_stage

from likeness_training.config import load_config
from likeness_training.trials import interval


def write_config(smoke: Path, folder: Path, **changes: object) -> Path:
    values = load_config(ROOT / "configs" / "smoke" / "trials.yaml").values
    values |= {"work": str(smoke / "work"), "face_models": str(ROOT.parent / "node_modules/faceplugin-face-recognition-js/model")}
    values |= {"out": str(folder / "trials.json"), "table": str(folder / "trials.md"), **changes}
    path = folder / "trials.yaml"
    path.write_text(yaml.safe_dump(values, sort_keys=False))
    return path


def test_variants_are_trained_once_and_set_in_a_table(smoke: Path, tmp_path: Path) -> None:
    (tmp_path / "trials.md").write_text("before\n<!-- trials -->\n<!-- /trials -->\nafter\n")
    config = write_config(smoke, tmp_path)
    done = run_stage("trials", config)
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads((tmp_path / "trials.json").read_text())
    assert set(results) == {"full", "no MFF", "of the autoencoder", "of the expression network"}
    assert all(each["samples"] > 0 and len(each["people"]["id_sim"]) == 2 for each in results.values())
    text = (tmp_path / "trials.md").read_text()
    assert text.startswith("before") and text.endswith("after\n")
    assert [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")] == ["| variant", *(f"| {name}" for name in results)]
    again = run_stage("trials", config)
    assert again.stdout.count("done before") == 4
    assert json.loads((tmp_path / "trials.json").read_text()) == results


def test_a_diffusion_is_trained_on_with_changed_settings(smoke: Path, tmp_path: Path) -> None:
    (tmp_path / "trials.md").write_text("<!-- trials -->\n<!-- /trials -->\n")
    variants = {"as configured": {}, "no identity loss": {"weights": {"latent_identity": 0.0, "identity": 0.0}, "judge_count": 0}}
    more = {"kind": "denoiser", "checkpoint": "identity.pt", "columns": {"val_loss": "validation loss"}, "variants": variants}
    more |= {"trial": {"cpu_minutes": 0.02, "sheet_steps": 2}, "sheet_guidance": 2.0}
    done = run_stage("trials", write_config(smoke, tmp_path, **more))
    assert done.returncode == 0, done.stderr[-2000:]
    results = json.loads((tmp_path / "trials.json").read_text())
    assert all(each["samples"] > 0 and 0 < each["val_loss"] < 5 for each in results.values())
    assert results["as configured"]["val_loss"] != results["no identity loss"]["val_loss"]


def test_the_student_is_asked_with_ways_of_the_person_cut(smoke: Path, tmp_path: Path) -> None:
    (tmp_path / "trials.md").write_text("<!-- trials -->\n<!-- /trials -->\n")
    every = ["draft", "vector", "adapters", "text embedding"]
    variants = {"whole": {}, "adapters cut": {"cuts": ["adapters"]}, "nothing left": {"cuts": every}, "small photo": {"photo": "face of 20 pixels"}}
    more = {"kind": "student", "checkpoint": "student.pt", "timesteps": [999, 400], "trial": {"cuts": [], "photo": "as it is"}, "variants": variants}
    done = run_stage("trials", write_config(smoke, tmp_path, **more))
    assert done.returncode == 0, done.stderr[-2000:]
    results = {name: each["people"] for name, each in json.loads((tmp_path / "trials.json").read_text()).items()}
    assert len({str(values) for values in results.values()}) == 4


def test_a_way_that_is_none_is_one_clear_sentence(smoke: Path, tmp_path: Path) -> None:
    (tmp_path / "trials.md").write_text("<!-- trials -->\n<!-- /trials -->\n")
    more = {"kind": "student", "checkpoint": "student.pt", "timesteps": [999], "trial": {"cuts": ["nose"], "photo": "as it is"}, "variants": {"x": {}}}
    done = run_stage("trials", write_config(smoke, tmp_path, **more))
    assert done.returncode == 2
    assert done.stderr.strip().endswith("not nose")


def test_an_encoder_that_is_none_is_one_clear_sentence(smoke: Path, tmp_path: Path) -> None:
    done = run_stage("trials", write_config(smoke, tmp_path, variants={"x": {"encoder": "eyes"}}))
    assert done.returncode == 2
    assert done.stderr.strip().endswith("not eyes")


def test_an_interval_is_that_of_people_who_have_a_value() -> None:
    mean, low, high = interval([0.0, 1.0, None, 1.0, 0.0])
    assert mean == 0.5 and 0 <= low < mean < high <= 1
    assert interval([0.25] * 9) == (0.25, 0.25, 0.25)
