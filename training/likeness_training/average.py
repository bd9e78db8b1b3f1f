"""The exponential moving average of weights (EMA), and running a network with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Average:
    """Follows the weights it is shown, by name: closely at first, as its decay is n / (n + lag) after n steps, and
    `decay` at most."""

    def __init__(self, weights: Mapping[str, Tensor], decay: float, lag: int = 9) -> None:
        self.values = {name: value.detach().clone() for name, value in weights.items()}
        self.decay, self.lag = decay, lag

    @torch.no_grad()
    def update(self, weights: Mapping[str, Tensor], steps: int) -> None:
        """After step number `steps`. What is not of floating point is copied."""
        decay = min(self.decay, steps / (steps + self.lag))
        moving = [name for name, value in weights.items() if value.is_floating_point()]
        torch._foreach_lerp_([self.values[name] for name in moving], [weights[name] for name in moving], 1 - decay)
        for name in weights.keys() - moving:
            self.values[name].copy_(weights[name])


@contextmanager
def averaged(module: nn.Module, average: Average) -> Iterator[None]:
    """The module has its averaged weights inside, its own again after."""
    kept = {name: value.clone() for name, value in module.state_dict().items()}
    module.load_state_dict(average.values, strict=False)
    try:
        yield
    finally:
        module.load_state_dict(kept)
