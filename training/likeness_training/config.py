"""One small YAML file a stage. A file may name `extends:` another and then sets only what differs."""

from __future__ import annotations

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


def load_config(path: str | Path) -> Config:
    """Read a stage file, following `extends`. Raises ConfigError with the path."""
    file = Path(path)
    if not file.is_file():
        raise ConfigError(f"{file}: no such configuration file")
    try:
        values = yaml.safe_load(file.read_text()) or {}
    except yaml.YAMLError as error:
        raise ConfigError(f"{file}: not valid YAML: {error}") from error
    base = values.pop("extends", None)
    if base is not None:
        values = {**load_config(file.parent / base).values, **values}
    return Config(file, values)
