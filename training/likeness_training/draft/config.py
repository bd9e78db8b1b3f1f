"""What `configs/tiny.yaml` says, typed. A key that no stage knows is refused, and so is one that is missing."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from ..config import ConfigError, check_value, read_file


@dataclass(frozen=True)
class Paths:
    """Files and folders, relative to `training/` in the file, absolute once read."""

    portraits: Path
    """`portraits.jsonl` and the archives it names."""
    work: Path
    """Takes everything that the stages make; ignored by git."""
    face_models: Path
    """The npm package's models: detector, landmarks, expression, recogniser."""
    tokenizer: Path
    weights: Path
    """The finisher's trained weights as they are committed: written by `export`, read where there is no checkpoint."""
    mouth_weights: Path
    """The mouth refiner's."""
    out: Path
    """The folder of the bundle."""

    @property
    def mediapipe(self) -> Path:
        """The TFLite files of MediaPipe, taken out of its wheel the first time."""
        return self.work / "mediapipe"

    @property
    def styles(self) -> Path:
        """The graphs of the styles and `styles.json`."""
        return self.work / "styles"

    @property
    def appearance(self) -> Path:
        return self.work / "appearance.safetensors"

    @property
    def checkpoint(self) -> Path:
        """Of the finisher."""
        return self.work / "finisher.pt"

    @property
    def mouth_checkpoint(self) -> Path:
        return self.work / "mouth_refiner.pt"


@dataclass(frozen=True)
class PrepareSettings:
    """`frame`: side of a frame in pixels. `workers`: processes."""

    frame: int
    workers: int


@dataclass(frozen=True)
class TextSettings:
    """Of transformers' CLIPTextConfig."""

    vocab_size: int
    hidden_size: int
    intermediate_size: int
    num_hidden_layers: int
    num_attention_heads: int
    max_position_embeddings: int


@dataclass(frozen=True)
class IdentitySettings:
    """Widths of what the recogniser gives, of the identity tokens, heads of attention, and where the gates begin."""

    patch_width: int
    class_width: int
    width: int
    heads: int
    gate: float


@dataclass(frozen=True)
class ModelSettings:
    """The finisher's shapes. `size`: side of its picture; `widths` and `blocks` of the U-Net's levels."""

    size: int
    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    text: TextSettings
    identity: IdentitySettings


@dataclass(frozen=True)
class LossWeights:
    """Factors of the terms of the loss."""

    l1: float
    matte: float
    gradient: float
    coarse: float
    deceive: float
    match: float
    identity: float


@dataclass(frozen=True)
class DeviceSettings:
    """`batch`: pairs a step. `threads`: of torch on the CPU. `drawers`: processes that draw pairs. `reservoir`: pairs
    kept in memory, .85 MB each for the finisher, .14 MB for the mouth refiner.
    """

    batch: int
    threads: int
    drawers: int
    reservoir: int


@dataclass(frozen=True)
class AdversarialSettings:
    """How a network is trained against a critic; counts are samples."""

    samples: int
    """Where the stage ends if it is given no minutes."""
    rate: float
    critic_rate: float
    average: float
    """Decay of the averaged weights."""
    critic_from: int
    """Samples before the critic sets in."""
    critic_rise: int
    """Samples in which its terms rise to their full weight."""
    save_seconds: float
    sheet_seconds: float
    devices: dict[str, DeviceSettings]
    """By the kind of device: cpu, cuda."""


@dataclass(frozen=True)
class TrainingSettings(AdversarialSettings):
    """Of the finisher."""

    timesteps: tuple[int, ...]
    """Those of the few steps that it answers in, the noisiest first."""
    whole_every: int
    """One step in so many sees whole pictures, and the identity loss is part of it; the others see a window."""
    window: int
    """Its side in pixels, a multiple of 32."""
    weights: LossWeights


@dataclass(frozen=True)
class MouthWeights:
    """Factors of the terms of the mouth refiner's loss."""

    l1: float
    gradient: float
    coarse: float
    deceive: float
    match: float


@dataclass(frozen=True)
class MouthSettings(AdversarialSettings):
    """The mouth refiner: `widths` and `blocks` of the U-Net's levels, and how it is trained."""

    widths: tuple[int, ...]
    blocks: tuple[int, ...]
    weights: MouthWeights


@dataclass(frozen=True)
class BundleSettings:
    """What the manifest says. `steps`: of a member's portrait."""

    name: str
    version: str
    steps: int


@dataclass(frozen=True)
class TinyConfig:
    """Everything that the stages of tiny need. `device`: as torch names it, cpu, cuda or cuda:1."""

    device: str
    paths: Paths
    prepare: PrepareSettings
    model: ModelSettings
    training: TrainingSettings
    mouth: MouthSettings
    bundle: BundleSettings

    def device_settings(self, settings: AdversarialSettings) -> DeviceSettings:
        """Raises ConfigError for a kind of device the file says nothing of."""
        kind = self.device.split(":")[0]
        if kind not in settings.devices:
            raise ConfigError(f"`device` is {self.device!r}, expected one of {', '.join(settings.devices)}")
        return settings.devices[kind]


def read_value(kind: Any, value: Any, name: str) -> Any:
    """A value of the file as `kind`. Raises ConfigError that names the key."""
    if isinstance(kind, type) and is_dataclass(kind):
        return read_settings(kind, value, f"{name}.")
    if get_origin(kind) is dict and isinstance(value, dict):
        return {str(key): read_value(get_args(kind)[1], each, f"{name}.{key}") for key, each in value.items()}
    if get_origin(kind) is tuple and isinstance(value, list):
        return tuple(read_value(get_args(kind)[0], each, f"{name}[{index}]") for index, each in enumerate(value))
    if kind is Path and isinstance(value, str):
        return Path(value)
    if kind is float and type(value) is int:
        return float(value)
    check_value(kind, value, name)
    return value


def read_settings(kind: type, values: Any, prefix: str = "") -> Any:
    """A dataclass from a mapping with exactly its keys."""
    if not isinstance(values, dict):
        raise ConfigError(f"`{prefix.rstrip('.')}` is {values!r}, expected keys and values")
    known = {field.name for field in fields(kind)}
    for key in values:
        if key not in known:
            raise ConfigError(f"no stage knows the key `{prefix}{key}`")
    for key in known:
        if key not in values:
            raise ConfigError(f"the key `{prefix}{key}` is missing")
    hints = get_type_hints(kind)
    return kind(**{key: read_value(hints[key], value, f"{prefix}{key}") for key, value in values.items()})


def load_tiny(path: str | Path) -> TinyConfig:
    """Read the file. Raises ConfigError with its path."""
    file = read_file(path)
    try:
        config = read_settings(TinyConfig, file.values)
    except ConfigError as error:
        raise ConfigError(f"{file.path}: {error}") from error
    found = {field.name: file.resolve(str(getattr(config.paths, field.name))) for field in fields(Paths)}
    return replace(config, paths=Paths(**found))
