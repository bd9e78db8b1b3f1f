"""Drawing the next steps' data while a step runs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Prefetch(Generic[Item]):
    """Hands out `draw(first)`, `draw(first + 1)` and so on, drawn on a thread of its own, `ahead` of them at most."""

    def __init__(self, draw: Callable[[int], Item], first: int, ahead: int = 2) -> None:
        self.draw, self.following = draw, first
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="prefetch")
        self.waiting: deque[Future[Item]] = deque()
        for _ in range(ahead):
            self.begin()

    def begin(self) -> None:
        self.waiting.append(self.pool.submit(self.draw, self.following))
        self.following += 1

    def take(self) -> Item:
        """The next one. Raises what drawing it raised."""
        item = self.waiting.popleft().result()
        self.begin()
        return item

    def close(self) -> None:
        self.pool.shutdown(cancel_futures=True)
