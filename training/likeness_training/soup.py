"""One checkpoint out of several (model soup, Wortsman et al. 2022, arXiv 2203.05482): the mean of their weights, by shares.

    python -m likeness_training.soup OUT.pt ONE.pt=0.35 OTHER.pt=0.65

The checkpoints come from trainings that began with the same weights. What one was best at is kept in part: decision 018.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import torch
from torch import Tensor

State = dict[str, Tensor]


class SoupError(Exception):
    """What was asked cannot be mixed; the message says why."""


def mix(states: list[State], shares: list[float]) -> State:
    """Weights by name -> their mean by `shares`, which sum to 1; what is not a float is the first one's."""
    if abs(sum(shares) - 1) > 1e-6:
        raise SoupError(f"the shares sum to {sum(shares):g}, not to 1")
    first = states[0]
    for other in states[1:]:
        unlike = [name for name in first.keys() | other.keys() if name not in first or name not in other or first[name].shape != other[name].shape]
        if unlike:
            raise SoupError(f"not checkpoints of one model: {min(unlike)} is not the same in each")
    return {name: sum(share * state[name] for share, state in zip(shares, states)) if weight.is_floating_point() else weight for name, weight in first.items()}


def ingredient(text: str) -> tuple[Path, float]:
    path, _, share = text.rpartition("=")
    try:
        return Path(path), float(share)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is not FILE=SHARE") from None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m likeness_training.soup", description="mix checkpoints of one model")
    parser.add_argument("out", type=Path)
    parser.add_argument("ingredients", type=ingredient, nargs="+", metavar="FILE=SHARE")
    args = parser.parse_args()
    try:
        states = [torch.load(path, map_location="cpu", weights_only=True) for path, _ in args.ingredients]
        torch.save(mix(states, [share for _, share in args.ingredients]), args.out)
    except (SoupError, OSError) as error:
        print(f"soup: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
