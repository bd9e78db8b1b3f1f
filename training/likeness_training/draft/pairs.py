"""Pairs of draft and target, drawn by the code that serves (`scripts/draft-pairs.ts`) while training goes on."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import numpy as np

CHANNELS = 13
"""Of a pair: nine of the draft, four of the target."""


class PairStream:
    """A reservoir of the latest pairs, filled by a process of its own. `size` is the side of a picture."""

    def __init__(self, root: Path, work: Path, size: int, seed: int, capacity: int = 2000) -> None:
        self.pixels = np.zeros((capacity, CHANNELS, size, size), np.uint8)
        self.rows = np.zeros((capacity, 2), np.int32)
        self.count = self.drawn = 0
        command = ["node", "--import", "tsx", "scripts/draft-pairs.ts", str(work), str(seed)]
        self.process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE)
        self.changed = threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        length = 8 + self.pixels[0].size
        while True:
            data = self.process.stdout.read(length)
            if len(data) < length:
                return
            place = self.drawn % len(self.pixels)
            self.rows[place] = np.frombuffer(data[:8], np.int32)
            self.pixels[place] = np.frombuffer(data[8:], np.uint8).reshape(self.pixels.shape[1:])
            with self.changed:
                self.drawn += 1
                self.count = min(self.drawn, len(self.pixels))
                self.changed.notify()

    def take(self, source: np.random.Generator, batch: int, at_least: int = 64) -> tuple[np.ndarray, np.ndarray]:
        """Pairs (B, 13, S, S) uint8 and their rows (B, 2), each mirrored by chance; waits for the first `at_least`."""
        with self.changed:
            while self.count < at_least:
                if self.process.poll() is not None:
                    raise RuntimeError("the process that draws pairs has ended")
                self.changed.wait(5)
        chosen = source.integers(0, self.count, batch)
        pixels = self.pixels[chosen]
        for k in np.flatnonzero(source.random(batch) < 0.5):
            pixels[k] = pixels[k, :, :, ::-1]
        return pixels, self.rows[chosen]

    def close(self) -> None:
        self.process.kill()
