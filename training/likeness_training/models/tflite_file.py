"""What a TFLite file holds, read by the `tflite` package: operators with their settings, and constants as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import tflite

TYPES = {
    tflite.TensorType.FLOAT32: np.float32,
    tflite.TensorType.FLOAT16: np.float16,
    tflite.TensorType.INT32: np.int32,
}
SETTINGS = {
    "CONV_2D": tflite.Conv2DOptions,
    "DEPTHWISE_CONV_2D": tflite.DepthwiseConv2DOptions,
    "MAX_POOL_2D": tflite.Pool2DOptions,
    "AVERAGE_POOL_2D": tflite.Pool2DOptions,
    "RESIZE_BILINEAR": tflite.ResizeBilinearOptions,
    "ADD": tflite.AddOptions,
    "MUL": tflite.MulOptions,
}


class TfliteFile:
    """The first graph of a TFLite file."""

    def __init__(self, data: bytes) -> None:
        self.model = tflite.Model.GetRootAs(data)
        self.graph = self.model.Subgraphs(0)

    def shape(self, number: int) -> tuple[int, ...]:
        tensor = self.graph.Tensors(number)
        return tuple(tensor.Shape(i) for i in range(tensor.ShapeLength()))

    def constant(self, number: int) -> np.ndarray | None:
        """A tensor's values where the file holds them."""
        tensor = self.graph.Tensors(number)
        buffer = self.model.Buffers(tensor.Buffer())
        if not buffer.DataLength():
            return None
        if tensor.Type() not in TYPES:
            raise ValueError(f"values of type {tensor.Type()} are not supported")
        return np.frombuffer(buffer.DataAsNumpy().tobytes(), TYPES[tensor.Type()]).reshape(self.shape(number))

    def kind(self, operator: tflite.Operator) -> str:
        """A custom operator goes by the name that the file gives it."""
        code = self.model.OperatorCodes(operator.OpcodeIndex())
        number = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        return code.CustomCode().decode() if number == tflite.BuiltinOperator.CUSTOM else tflite.opcode2name(number)

    def settings(self, operator: tflite.Operator, kind: str) -> Any:
        if kind not in SETTINGS:
            return None
        settings, table = SETTINGS[kind](), operator.BuiltinOptions()
        settings.Init(table.Bytes, table.Pos)
        return settings

    def operators(self) -> list[Operator]:
        """In the order in which they run."""
        found = []
        for operator in map(self.graph.Operators, range(self.graph.OperatorsLength())):
            kind, reads = self.kind(operator), [number for number in operator.InputsAsNumpy().tolist() if number >= 0]
            custom = operator.CustomOptionsAsNumpy().tobytes() if operator.CustomOptionsLength() else b""
            found.append(Operator(self, kind, reads, operator.Outputs(0), self.settings(operator, kind), custom))
        return found


@dataclass(frozen=True)
class Operator:
    """One operator as the file has it: what it reads and writes by number, and how. Shapes are in TFLite's order."""

    file: TfliteFile
    kind: str
    reads: list[int]
    writes: int
    settings: Any
    custom: bytes

    def refuse(self, what: str) -> ValueError:
        return ValueError(f"the operator {self.kind} with {what} is not supported")

    def shape(self, index: int) -> tuple[int, ...]:
        """Of what it reads as the `index`th."""
        return self.file.shape(self.reads[index])

    def made(self) -> tuple[int, ...]:
        """The result's shape."""
        return self.file.shape(self.writes)

    def numbers(self, index: int) -> list[int]:
        """Of a constant of whole numbers."""
        value = self.file.constant(self.reads[index])
        if value is None:
            raise self.refuse("settings that another operator computes")
        return value.reshape(-1).tolist()

    def stride(self) -> tuple[int, int]:
        return self.settings.StrideH(), self.settings.StrideW()

    def padding(self, kernel: Sequence[int], dilation: tuple[int, int] = (1, 1)) -> list[int]:
        """Left, right, top, bottom, as F.pad takes them. SAME may be uneven: the odd one goes right and below."""
        if self.settings.Padding() == tflite.Padding.VALID:
            return [0, 0, 0, 0]
        sides, lengths = [], zip(self.shape(0)[1:3], self.made()[1:3], strict=True)
        for (side, made), stride, size, step in zip(lengths, self.stride(), kernel, dilation, strict=True):
            total = max((made - 1) * stride + (size - 1) * step + 1 - side, 0)
            sides.append((total // 2, total - total // 2))
        return [*sides[1], *sides[0]]
