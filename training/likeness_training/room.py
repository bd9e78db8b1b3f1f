"""Is there room? Disk and memory, asked before hours are spent."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

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
    """Bytes that are free on a device."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def require_memory(device: torch.device, needed: int, what: str) -> None:
    """Raises ConfigError unless `needed` bytes are free on the device, naming what makes it less."""
    free = free_memory(device)
    if free < needed:
        raise ConfigError(
            f"{what} needs {needed / GIB:.1f} GiB of memory on {device}, {free / GIB:.1f} GiB are free;"
            " switch `checkpointing` on, or make `micro` smaller (see `likeness_training plan`)"
        )
