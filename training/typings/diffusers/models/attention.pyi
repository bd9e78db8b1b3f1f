from torch import Tensor, nn

from .attention_processor import Attention

class FeedForward(nn.Module):
    def __init__(self, dim: int, *, activation_fn: str = ...) -> None: ...
    def __call__(self, hidden_states: Tensor) -> Tensor: ...

class BasicTransformerBlock(nn.Module):
    attn1: Attention
    attn2: Attention
    fuser: nn.Module
