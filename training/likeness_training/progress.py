"""The progress line of every stage: how far, how fast, how good, how long still; and a log of the same as JSON
lines."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from torch import Tensor


def duration(seconds: float) -> str:
    """`1:02:03`, `2:03`."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


class Progress:
    """Prints at most one line every `interval` seconds and keeps running means of the losses."""

    def __init__(self, name: str, total: int, log: Path | None = None, interval: float = 10.0, done: int = 0) -> None:
        self.name, self.total, self.interval, self.done = name, total, interval, done
        self.log = log.open("a") if log else None
        self.start = self.last = time.monotonic()
        self.first = self.marked = done
        self.sums: dict[str, float | Tensor] = {}
        self.counts: dict[str, int] = {}

    def add(self, count: int, **values: float | Tensor) -> None:
        """`count` more samples are done; `values` are this step's losses, which are read when a line is due: a GPU need
        not be waited for in each step."""
        self.done += count
        for key, value in values.items():
            self.sums[key] = self.sums.get(key, 0.0) + value
            self.counts[key] = self.counts.get(key, 0) + 1
        if time.monotonic() - self.last >= self.interval or self.done >= self.total:
            self.flush()

    def flush(self) -> None:
        now = time.monotonic()
        rate = (self.done - self.marked) / max(now - self.last, 1e-9)
        means = {key: float(total) / self.counts[key] for key, total in self.sums.items()}
        left = (self.total - self.done) / rate if rate > 0 else 0.0
        losses = " ".join(f"{key} {value:.4g}" for key, value in means.items())
        print(
            f"{self.name} {self.done}/{self.total} {rate:.1f}/s {losses} ETA {duration(left)}",
            file=sys.stderr,
            flush=True,
        )
        self.write(samples=self.done, rate=round(rate, 2), **{key: round(value, 6) for key, value in means.items()})
        self.sums, self.counts, self.marked, self.last = {}, {}, self.done, now

    def write(self, **values: object) -> None:
        """One JSON line into the stage's log."""
        if self.log:
            print(
                json.dumps({"stage": self.name, "seconds": round(time.monotonic() - self.start, 1), **values}),
                file=self.log,
                flush=True,
            )
