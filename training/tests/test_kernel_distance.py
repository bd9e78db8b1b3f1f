"""The distance between sets of pictures."""

from __future__ import annotations

import torch

from likeness_training.train.kernel_distance import kernel_distance


def test_it_is_nothing_between_samples_of_one_set_and_grows_with_the_shift() -> None:
    random = torch.Generator().manual_seed(0)
    draw = lambda shift: torch.randn(200, 32, generator=random) + shift  # noqa: E731
    real = draw(0.0)
    same, near, far = (kernel_distance(draw(shift), real) for shift in (0.0, 0.3, 1.0))
    assert abs(same) < 50 < near < far


def test_it_does_not_depend_on_the_unit() -> None:
    random = torch.Generator().manual_seed(1)
    made, real = torch.randn(40, 16, generator=random), torch.randn(50, 16, generator=random) + 0.5
    assert abs(kernel_distance(made, real) - kernel_distance(made * 10, real * 10)) < 1e-2
