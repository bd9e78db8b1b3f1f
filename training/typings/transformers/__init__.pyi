from pathlib import Path
from typing import Any, Self

from tokenizers import Tokenizer
from torch import Tensor, nn

class _Config:
    def __init__(self, **settings: Any) -> None: ...
    def to_dict(self) -> dict[str, Any]: ...
    def to_json_file(self, path: str | Path, *, use_diff: bool = ...) -> None: ...

class CLIPTextConfig(_Config): ...
class CLIPVisionConfig(_Config): ...

class _Encoded:
    last_hidden_state: Tensor
    pooler_output: Tensor
    hidden_states: tuple[Tensor, ...]

class _Embeddings(nn.Module):
    token_embedding: Any

class _Saved:
    @classmethod
    def from_pretrained(cls, folder: str | Path, **settings: object) -> Self: ...
    def save_pretrained(self, folder: str | Path) -> None: ...

class CLIPTextModel(_Saved, nn.Module):
    config: _Config
    embeddings: _Embeddings
    def __init__(self, config: _Config) -> None: ...
    def __call__(self, input_ids: Tensor, *, output_hidden_states: bool = ...) -> _Encoded: ...

class CLIPVisionModel(_Saved, nn.Module):
    config: _Config
    post_layernorm: nn.LayerNorm
    def __init__(self, config: _Config) -> None: ...
    def __call__(self, *, pixel_values: Tensor, output_hidden_states: bool = ...) -> _Encoded: ...

class _Tokens:
    input_ids: Any

class CLIPTokenizer(_Saved):
    backend_tokenizer: Tokenizer
    pad_token_id: int
    bos_token_id: int
    eos_token_id: int
    def __call__(self, text: str | list[str], **settings: Any) -> _Tokens: ...
    def convert_ids_to_tokens(self, ids: list[int]) -> list[str]: ...
