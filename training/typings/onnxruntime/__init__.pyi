from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

class SessionOptions:
    intra_op_num_threads: int
    log_severity_level: int
    def add_session_config_entry(self, key: str, value: str) -> None: ...

class NodeArg:
    name: str
    shape: list[int]
    type: str

class InferenceSession:
    def __init__(
        self, path: str | Path | bytes, options: SessionOptions | None = None, *, providers: Sequence[str] = ...
    ) -> None: ...
    def get_inputs(self) -> list[NodeArg]: ...
    def get_outputs(self) -> list[NodeArg]: ...
    def run(self, names: Sequence[str] | None, inputs: Mapping[str, np.ndarray]) -> list[np.ndarray]: ...
