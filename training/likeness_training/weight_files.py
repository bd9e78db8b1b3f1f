"""Weight files of others: whether a download is whole, and loading one into a module without a silent gap."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from safetensors.torch import load_file
from torch import nn

from .config import ConfigError

SUMS = "SHA256SUMS"
"""A file of `sha256sum`'s form beside the weights; where it is, `check --sums` compares every file it names."""


def check_safetensors(path: Path) -> dict[str, dict]:
    """The header of a safetensors file: name -> dtype, shape, data_offsets. Raises ConfigError unless the file is
    whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if size < 8 or length > size - 8:
            raise ConfigError(
                f"{path}: not a whole safetensors file: its header does not fit into {size} bytes; download it again"
            )
        try:
            header = json.loads(file.read(length))
        except ValueError as error:
            raise ConfigError(
                f"{path}: not a safetensors file, or a damaged one: its header is no JSON; download it again"
            ) from error
    tensors = {name: entry for name, entry in header.items() if name != "__metadata__"}
    end = 8 + length + max((entry["data_offsets"][1] for entry in tensors.values()), default=0)
    if end != size:
        raise ConfigError(
            f"{path}: {size} bytes where its header says {end}: the download is not whole; fetch it again"
        )
    return tensors


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_sums(folder: Path) -> int:
    """Compare every file that SHA256SUMS names; how many there were. Raises ConfigError at the first that differs."""
    listing = folder / SUMS
    if not listing.is_file():
        raise ConfigError(f"{listing}: there is no such file to compare the downloads with")
    entries = [line.split(maxsplit=1) for line in listing.read_text().splitlines() if line.strip()]
    for expected, name in entries:
        path = folder / name.strip().removeprefix("*")
        if not path.is_file():
            raise ConfigError(f"{path}: named in {SUMS}, but missing")
        found = sha256(path)
        if found != expected:
            raise ConfigError(f"{path}: sha256 is {found}, expected {expected}: a corrupt download; fetch it again")
    return len(entries)


def load_weights_file(
    module: nn.Module, path: Path, rename: Callable[[str], str | None], own: Callable[[str], bool] = lambda name: False
) -> None:
    """Load a safetensors file. `rename` gives the module's name of a tensor, None to pass over it; `own` says which
    parameters of the module such a file never holds. Raises ConfigError for a missing tensor or one of another
    shape."""
    header = check_safetensors(path)
    names = {made: name for name in header if (made := rename(name)) is not None}
    expected = {name: list(value.shape) for name, value in module.state_dict().items() if not own(name)}
    for name, shape in expected.items():
        if name not in names:
            raise ConfigError(f"{path}: lacks the tensor {name}: weights of another model, or a config of another size")
        if header[names[name]]["shape"] != shape:
            raise ConfigError(
                f"{path}: {name} has the shape {header[names[name]]['shape']}, this config's model has {shape}"
            )
    state = load_file(str(path))
    module.load_state_dict(
        {name: state[names[name]].to(module.get_parameter(name).dtype) for name in expected}, strict=False
    )
