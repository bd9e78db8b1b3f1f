"""How far made pictures are, as a set, from photographs: the kernel distance (KID, Binkowski et al. 2018, arXiv 1801.01401) in the recogniser's features.

A Fréchet distance needs more pictures than features (512) to mean anything; this one is unbiased from a few dozen on.
"""

from __future__ import annotations

from torch import Tensor

from ..models.recogniser import Recogniser


def features(recogniser: Recogniser, faces: Tensor) -> Tensor:
    """(B, 512): the mean of the recogniser's last map of aligned faces (B, 3, 112, 112), 0..255."""
    _, patch_map, _ = recogniser.features(faces)
    return patch_map.mean((2, 3))


def kernel_distance(made: Tensor, real: Tensor) -> float:
    """The unbiased squared maximum mean discrepancy of features (n, d) and (m, d), by the kernel (x y / d + 1)^3, times 1,000; `real` sets their unit."""
    unit = real.square().mean().sqrt()
    made, real = made / unit, real / unit

    def kernel(a: Tensor, b: Tensor) -> Tensor:
        return (a @ b.T / a.shape[1] + 1) ** 3

    def within(a: Tensor) -> Tensor:
        values = kernel(a, a)
        return (values.sum() - values.diagonal().sum()) / (len(a) * (len(a) - 1))

    return float(1000 * (within(made) + within(real) - 2 * kernel(made, real).mean()))
