"""Pairs of draft and target, drawn by the code that serves (`scripts/*-pairs.ts`) while training goes on."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path
from typing import IO

import numpy as np

from .config import DeviceSettings

ROWS_BYTES = 8
"""Two int32 before the pixels: the rows of target and source."""
REPOSITORY = Path(__file__).resolve().parents[3]


class PairStream:
    """A reservoir of the latest pairs, filled by processes of its own."""

    def __init__(
        self, work: Path, script: str, shape: tuple[int, int, int], seed: int, settings: DeviceSettings
    ) -> None:
        """`script`: name of what draws, in `scripts/`. `shape`: of a pair, channels, height and width."""
        capacity = settings.reservoir
        self.pixels = np.zeros((capacity, *shape), np.uint8)
        self.rows = np.zeros((capacity, 2), np.int32)
        self.drawn = 0
        self.changed = threading.Condition()
        command = ["node", "--import", "tsx", f"scripts/{script}.ts", str(work)]
        self.processes = [
            subprocess.Popen([*command, str(seed + number)], cwd=REPOSITORY, stdout=subprocess.PIPE)
            for number in range(settings.drawers)
        ]
        for process in self.processes:
            threading.Thread(target=self.read, args=(process.stdout,), daemon=True).start()

    @property
    def count(self) -> int:
        """Pairs there are to choose from."""
        return min(self.drawn, len(self.pixels))

    def read(self, drawn: IO[bytes]) -> None:
        """Keep what a process draws, until it ends."""
        length = ROWS_BYTES + self.pixels[0].size
        while len(data := drawn.read(length)) == length:
            with self.changed:
                place = self.drawn % len(self.pixels)
                self.rows[place] = np.frombuffer(data[:ROWS_BYTES], np.int32)
                self.pixels[place] = np.frombuffer(data, np.uint8, offset=ROWS_BYTES).reshape(self.pixels.shape[1:])
                self.drawn += 1
                self.changed.notify()

    def take(self, source: np.random.Generator, batch: int, at_least: int = 64) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (B, C, H, W) uint8 and their rows (B, 2), each mirrored by chance; waits for the first `at_least`."""
        with self.changed:
            while self.count < at_least:
                if all(process.poll() is not None for process in self.processes):
                    raise RuntimeError("the processes that draw pairs have ended")
                self.changed.wait(5)
        chosen = source.integers(0, self.count, batch)
        pixels = self.pixels[chosen]
        for k in np.flatnonzero(source.random(batch) < 0.5):
            pixels[k] = pixels[k, :, :, ::-1]
        return pixels, self.rows[chosen]

    def close(self) -> None:
        for process in self.processes:
            process.kill()
            process.wait()
