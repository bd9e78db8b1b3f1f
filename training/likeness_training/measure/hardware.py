"""Named GPUs, and what a piece of PyTorch costs: FLOPs and peak memory counted on tensors without data."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode


@dataclass(frozen=True)
class Gpu:
    """`memory` in GiB; `tflops`, dense, of 16-bit matrix products summed in fp32; `bandwidth` in GB/s; from the makers'
    data sheets."""

    memory: int
    tflops: float
    bandwidth: float
    bf16: bool = True


GPUS = {
    "T4": Gpu(16, 65, 320, bf16=False),
    "A10": Gpu(24, 125, 600),
    "L4": Gpu(24, 121, 300),
    "RTX3090": Gpu(24, 71, 936),
    "RTX4090": Gpu(24, 165, 1008),
    "A6000": Gpu(48, 155, 768),
    "L40S": Gpu(48, 362, 864),
    "A100-40G": Gpu(40, 312, 1555),
    "A100-80G": Gpu(80, 312, 2039),
    "H100-80G": Gpu(80, 989, 3350),
}


class PeakMemory(TorchDispatchMode):
    """Bytes of every storage made while it is on, as long as something holds it: `now`, and the most there ever
    were."""

    def __init__(self) -> None:
        super().__init__()
        self.now = self.peak = 0
        self.known: set[int] = set()

    def __torch_dispatch__(self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None) -> object:
        made = func(*args, **(kwargs or {}))
        for value in tree_leaves(made):
            if isinstance(value, Tensor):
                self.hold(value)
        return made

    def hold(self, value: Tensor) -> None:
        storage = value.untyped_storage()
        key = storage._cdata
        if key in self.known:
            return
        size = storage.nbytes()
        self.known.add(key)
        self.now += size
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self.release, key, size)

    def release(self, key: int, size: int) -> None:
        self.known.discard(key)
        self.now -= size

    def know(self, tensors: list[Tensor]) -> None:
        """These were there before: parameters and inputs are not counted."""
        self.known.update(tensor.untyped_storage()._cdata for tensor in tensors)


def flops(work: Callable[[], object]) -> int:
    """Floating-point operations (a multiply and an add are two) of matrix products, convolutions and attention in
    `work`."""
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()
