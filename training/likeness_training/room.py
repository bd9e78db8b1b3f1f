"""Is there room? Disk and memory, asked before hours are spent."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil
import torch

from .config import ConfigError

GIB = 2**30


def require_disk(folder: Path, needed: int, what: str) -> None:
    """Raises ConfigError unless `needed` bytes are free where `folder` is or will be."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise ConfigError(f"{folder}: {what} needs {needed / GIB:.1f} GiB of disk, {free / GIB:.1f} GiB are free")


def free_memory(device: torch.device) -> int:
    """Bytes that a program can have on a device; on the CPU with what its caches would give back."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return psutil.virtual_memory().available


def require_memory(device: torch.device, needed: int, what: str, advice: str = "") -> None:
    """Raises ConfigError unless `needed` bytes are free on the device; `advice` says what makes it less."""
    free = free_memory(device)
    if free < needed:
        hint = f"; {advice}" if advice else ""
        raise ConfigError(
            f"{what} needs {needed / GIB:.1f} GiB of memory on {device}, {free / GIB:.1f} GiB are free{hint}"
        )
