"""One small YAML file a stage. A file may name `extends:` another and then sets only what differs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


class ConfigError(ValueError):
    """A configuration file is missing, or holds a key or value no stage knows."""


@dataclass(frozen=True)
class Config:
    """A parsed stage file. Paths in it are relative to the `training/` folder."""

    path: Path
    values: dict[str, Any]

    @property
    def root(self) -> Path:
        """The `training/` folder."""
        return Path(__file__).resolve().parent.parent

    @property
    def work(self) -> Path:
        """The ignored folder that takes arrays, checkpoints, logs and sample sheets."""
        folder = self.resolve(self["work"])
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def resolve(self, value: str) -> Path:
        """A path of the file, made absolute."""
        path = Path(value).expanduser()
        return path if path.is_absolute() else (self.root / path).resolve()

    def __getitem__(self, key: str) -> Any:
        if key not in self.values:
            raise ConfigError(f"{self.path}: the key `{key}` is missing")
        return self.values[key]

    def get(self, key: str, default: Any) -> Any:
        return self.values.get(key, default)


KEYS = {
    "a model": "family work face_models recogniser base vision_folder adapter_file lora_file image references framing "
    "text vision identity adapter unet vae diffusion template negative_prompt",
    "prepare": "layout photos identities shard encode_batch tokens workers val_every seed train_people",
    "train": "lr clip batch micro steps weights judge_below dropout own precision checkpointing ema seed log_every "
    "save_every sheet_every sheet_steps sheet_guidance measure_every measure_people prompts tensorboard threads",
    "small_base": "name prepared pictures autoencoder vision_encoder words",
    "export": "bundle version checkpoint draft attention cached external_data open_vocabulary sampling upscale out",
}
"""The keys of a stage file, by who reads them first. A file may hold those of other stages: it extends a model's."""


def load_config(path: str | Path) -> Config:
    """Read a stage file of the full size. Raises ConfigError with the path, and for a key that no stage knows."""
    config, known = read_file(path), set(" ".join(KEYS.values()).split())
    for key in config.values:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean `{near[0]}`?" if near else ""
            raise ConfigError(f"{path}: no stage knows the key `{key}`{hint}")
    return config


def read_file(path: str | Path) -> Config:
    """A stage file as it stands, following `extends`. Raises ConfigError with the path."""
    file = Path(path)
    if not file.is_file():
        raise ConfigError(f"{file}: no such configuration file")
    try:
        values = yaml.safe_load(file.read_text()) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not valid YAML: {error}") from error
    base = values.pop("extends", None)
    if base is not None:
        values = {**read_file(file.parent / base).values, **values}
    return Config(file, values)
