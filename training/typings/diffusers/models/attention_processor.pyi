from collections.abc import Callable

from torch import Tensor, nn

class Attention(nn.Module):
    to_q: nn.Linear
    to_k: nn.Linear
    to_v: nn.Linear
    to_out: nn.ModuleList
    heads: int
    inner_dim: int
    query_dim: int
    def __init__(self, query_dim: int, *, heads: int, dim_head: int) -> None: ...
    def set_processor(self, processor: Callable[..., Tensor]) -> None: ...
