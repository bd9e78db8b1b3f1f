"""configs/tiny.yaml is read whole or refused in one sentence, and only stages that are not done run."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

from likeness_training.__main__ import TINY_STAGES
from likeness_training.config import ConfigError
from likeness_training.draft import stages
from likeness_training.draft.config import TinyConfig, load_tiny
from likeness_training.draft.stages import STAGES, Stage
from likeness_training.draft.weights import save_committed

FILE = ROOT / "configs/tiny.yaml"


def changed(folder: Path, change) -> Path:
    values = yaml.safe_load(FILE.read_text())
    change(values)
    path = folder / "tiny.yaml"
    path.write_text(yaml.safe_dump(values))
    return path


def test_the_shipped_file_is_read_and_its_paths_are_absolute() -> None:
    config = load_tiny(FILE)
    assert config.paths.portraits == (ROOT / "../../shared/portraits").resolve()
    assert config.paths.checkpoint == ROOT / "work/tiny/finisher.pt"
    assert config.device_settings(config.training) is config.training.devices["cpu"]
    assert replace(config, device="cuda:1").device_settings(config.mouth) is config.mouth.devices["cuda"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda values: values.update(epochs=3), "no stage knows the key `epochs`"),
        (lambda values: values["training"].update(momentum=0.9), "no stage knows the key `training.momentum`"),
        (lambda values: values["model"]["text"].update(bag=True), "no stage knows the key `model.text.bag`"),
        (lambda values: values["training"].pop("rate"), "the key `training.rate` is missing"),
        (lambda values: values["training"].update(rate="fast"), "`training.rate` is 'fast', expected float"),
        (lambda values: values["model"].update(widths=[64, 9.5]), r"`model.widths\[1\]` is 9.5, expected int"),
        (lambda values: values.update(paths="here"), "`paths` is 'here', expected keys and values"),
    ],
)
def test_what_no_stage_knows_is_refused_by_name(tmp_path: Path, change, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load_tiny(changed(tmp_path, change))


def test_a_device_without_settings_is_refused() -> None:
    with pytest.raises(ConfigError, match="`device` is 'mps', expected one of cpu, cuda"):
        config = load_tiny(FILE)
        replace(config, device="mps").device_settings(config.training)


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    path = changed(tmp_path, lambda values: values.update(epochs=3))
    command = [sys.executable, "-m", "likeness_training", "tiny", str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == f"likeness_training: {path}: no stage knows the key `epochs`\n"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float | None]]:
    """Which stages ran, and for how long; the first two have been done before."""
    calls: list[tuple[str, float | None]] = []
    monkeypatch.setattr(
        stages,
        "STAGES",
        {
            name: Stage(
                lambda config, place=place: place < 2, lambda config, minutes, name=name: calls.append((name, minutes))
            )
            for place, name in enumerate(STAGES)
        },
    )
    return calls


def test_stages_that_are_done_are_passed_over(toy: TinyConfig, ran: list) -> None:
    stages.run(toy)
    assert ran == [(name, None) for name in ("finisher", "mouths", "mouth_refiner", "styles", "export")]


def test_a_stage_asked_for_by_name_runs_alone(toy: TinyConfig, ran: list) -> None:
    stages.run(toy, ["appearance"])
    assert ran == [("appearance", None)]


def test_minutes_train_on_where_enough_was_seen(toy: TinyConfig, ran: list, monkeypatch: pytest.MonkeyPatch) -> None:
    finisher = stages.STAGES["finisher"]
    monkeypatch.setitem(stages.STAGES, "finisher", Stage(lambda config: True, finisher.run))
    stages.run(toy, minutes=5.0)
    assert ran[0] == ("finisher", 5.0)


@pytest.mark.parametrize(
    ("stage", "need"),
    [("appearance", "prepare"), ("finisher", "prepare"), ("mouth_refiner", "mouths"), ("export", "appearance")],
)
def test_a_stage_says_which_one_has_to_run_before_it(toy: TinyConfig, tmp_path: Path, stage: str, need: str) -> None:
    config = replace(toy, paths=replace(toy.paths, work=tmp_path))
    with pytest.raises(ConfigError, match=f"{stage}: run the stage `{need}` first"):
        stages.run(config, [stage])


def test_the_command_knows_every_stage() -> None:
    assert tuple(STAGES) == TINY_STAGES


def test_trained_is_by_the_samples_that_were_seen(toy: TinyConfig, tmp_path: Path) -> None:
    config = replace(toy, paths=replace(toy.paths, work=tmp_path, weights=tmp_path / "weights.safetensors"))
    assert not STAGES["finisher"].is_done(config)
    save_committed(config.paths.weights, "finisher", {}, {}, config.training.samples - 1)
    assert not STAGES["finisher"].is_done(config)
    save_committed(config.paths.weights, "finisher", {}, {}, config.training.samples)
    assert STAGES["finisher"].is_done(config)
