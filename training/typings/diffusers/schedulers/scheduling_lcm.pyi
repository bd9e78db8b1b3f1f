from collections.abc import Callable

from torch import Tensor

randn_tensor: Callable[..., Tensor]
