"""One small YAML file a stage. A file may name `extends:` another and then sets only what differs."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

import yaml

from .stage_files import STAGE_FILES


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
    """Read a stage file of the full size. Raises ConfigError with the path, for a key or value that no stage knows."""
    config = read_file(path)
    known = {key: kind for file in STAGE_FILES for key, kind in get_type_hints(file).items()}
    try:
        check_settings(known, config.values)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    return config


def check_settings(known: dict[str, Any], values: Any, prefix: str = "") -> None:
    """Raises ConfigError that names the first key that is not known, or whose value is not of its type."""
    if not isinstance(values, dict):
        raise ConfigError(f"`{prefix.rstrip('.')}` is {values!r}, expected keys and values")
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            hint = f"; did you mean `{prefix}{near[0]}`?" if near else ""
            raise ConfigError(f"no stage knows the key `{prefix}{key}`{hint}")
        check_value(known[key], value, f"{prefix}{key}")


def check_value(kind: Any, value: Any, name: str) -> None:
    """Raises ConfigError where a value is not of the type: a number, word, mapping, list, or one of several."""
    if is_typeddict(kind):
        return check_settings(get_type_hints(kind), value, f"{name}.")
    origin, inner = get_origin(kind), get_args(kind)
    if origin is UnionType and value is None and NoneType in inner:
        return None
    if origin is UnionType:
        return check_value(next(each for each in inner if each is not NoneType), value, name)
    if origin is dict and isinstance(value, dict):
        for key, each in value.items():
            check_value(inner[1], each, f"{name}.{key}")
        return None
    if origin is list and isinstance(value, list):
        for index, each in enumerate(value):
            check_value(inner[0], each, f"{name}[{index}]")
        return None
    if kind is Any or (origin is Literal and value in inner):
        return None
    if type(value) is kind or (kind is float and type(value) is int):
        return None
    expected = " or ".join(map(str, inner)) if origin is Literal else getattr(origin or kind, "__name__", str(kind))
    raise ConfigError(f"`{name}` is {value!r}, expected {expected}")


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
