"""Command `tiny`: portraits to the bundle that the bot ships, stage by stage. A stage whose results are there is passed
over, but for those that are asked for by name.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..config import ConfigError
from .config import TinyConfig
from .weights import trained_weights


@dataclass(frozen=True)
class Stage:
    """`is_done` looks for its results; `run` makes them from those of the stages it `needs`."""

    is_done: Callable[[TinyConfig], bool]
    run: Callable[[TinyConfig, float | None], None]
    needs: tuple[str, ...] = ()


def is_prepared(config: TinyConfig) -> bool:
    return (config.paths.work / "rows.json").is_file()


def prepare(config: TinyConfig, _: float | None) -> None:
    from .prepare import run

    run(config)


def has_appearance(config: TinyConfig) -> bool:
    return config.paths.appearance.is_file()


def appearance(config: TinyConfig, _: float | None) -> None:
    from .appearance import run

    run(config)


def has_samples(name: str, files: tuple[Path, Path], wanted: int) -> bool:
    """Whether as many were seen as the config asks for. `files`: checkpoint and committed weights."""
    return any(file.is_file() for file in files) and trained_weights(name, *files)[2] >= wanted


def is_trained(config: TinyConfig) -> bool:
    paths = config.paths
    return has_samples("finisher", (paths.checkpoint, paths.weights), config.training.samples)


def finisher(config: TinyConfig, minutes: float | None) -> None:
    from .train import Trainer

    Trainer(config).run(minutes)


def has_mouths(config: TinyConfig) -> bool:
    return (config.paths.work / "mouths.json").is_file()


def mouths(config: TinyConfig, _: float | None) -> None:
    from .mouth_plates import run

    run(config)


def is_mouth_refiner_trained(config: TinyConfig) -> bool:
    paths = config.paths
    return has_samples("mouth_refiner", (paths.mouth_checkpoint, paths.mouth_weights), config.mouth.samples)


def mouth_refiner(config: TinyConfig, minutes: float | None) -> None:
    from .train_mouth import MouthTrainer

    MouthTrainer(config).run(minutes)


def has_styles(config: TinyConfig) -> bool:
    return (config.paths.styles / "styles.json").is_file()


def styles(config: TinyConfig, _: float | None) -> None:
    from ..bundle.styles_export import export_styles

    rows = export_styles(config.paths.styles)
    print(f"styles: {len(rows)} graphs, {sum(row['bytes'] for row in rows) / 1e6:.1f} MB")


def is_exported(config: TinyConfig) -> bool:
    """Whether `out` holds the bundle of the very weights that were trained."""
    path = config.paths.out / "manifest.json"
    found = json.loads(path.read_text()) if path.is_file() else None
    if found is None or (found["name"], found["version"]) != (config.bundle.name, config.bundle.version):
        return False
    paths, made = config.paths, found["provenance"]
    return (
        made["samples"] == trained_weights("finisher", paths.checkpoint, paths.weights)[2]
        and made["mouthSamples"] == trained_weights("mouth_refiner", paths.mouth_checkpoint, paths.mouth_weights)[2]
    )


def export(config: TinyConfig, _: float | None) -> None:
    from .export import run

    run(config)


STAGES: dict[str, Stage] = {
    "prepare": Stage(is_prepared, prepare),
    "appearance": Stage(has_appearance, appearance, needs=("prepare",)),
    "finisher": Stage(is_trained, finisher, needs=("prepare", "appearance")),
    "mouths": Stage(has_mouths, mouths, needs=("prepare",)),
    "mouth_refiner": Stage(is_mouth_refiner_trained, mouth_refiner, needs=("mouths", "appearance")),
    "styles": Stage(has_styles, styles),
    "export": Stage(is_exported, export, needs=("appearance", "styles")),
}
"""In their order. Modules are imported when a stage runs: each opens runtimes that the others do not need."""


def run(config: TinyConfig, chosen: Sequence[str] = (), minutes: float | None = None) -> None:
    """All stages, or those chosen. `minutes`: of training, on top of what was seen."""
    config.paths.work.mkdir(parents=True, exist_ok=True)
    for name, stage in STAGES.items():
        asked = name in chosen or (name == "finisher" and minutes is not None and not chosen)
        if not asked and (chosen or stage.is_done(config)):
            if not chosen:
                print(f"{name}: done before", flush=True)
            continue
        for need in stage.needs:
            if not STAGES[need].is_done(config):
                raise ConfigError(f"{name}: run the stage `{need}` first")
        stage.run(config, minutes)
