"""A network of an ONNX file as a differentiable PyTorch module: gradients flow to its input, never to its weights."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, numpy_helper
from torch import Tensor, nn

Attributes = dict[str, Any]


def convolve(given: list[Tensor], a: Attributes) -> Tensor:
    x, weight, *bias = given
    return F.conv2d(x, weight, bias[0] if bias else None, a["strides"], a["pads"][:2], a["dilations"], a["group"])


OPERATORS: dict[str, Callable[[list[Tensor], Attributes], Tensor]] = {
    "Conv": convolve,
    "PRelu": lambda given, a: F.prelu(given[0], given[1].reshape(-1)),
    "Relu": lambda given, a: F.relu(given[0]),
    "Add": lambda given, a: given[0] + given[1],
    "Concat": lambda given, a: torch.cat(given, a["axis"]),
    "BatchNormalization": lambda given, a: F.batch_norm(
        given[0], given[3], given[4], given[1], given[2], False, 0.0, a["epsilon"]
    ),
    "MaxPool": lambda given, a: F.max_pool2d(given[0], a["kernel_shape"], a["strides"], a["pads"][:2]),
    "AveragePool": lambda given, a: F.avg_pool2d(given[0], a["kernel_shape"], a["strides"], a["pads"][:2]),
    "GlobalAveragePool": lambda given, a: given[0].mean((2, 3), keepdim=True),
    "Gemm": lambda given, a: F.linear(given[0], given[1], given[2]),
    "Flatten": lambda given, a: given[0].flatten(1),
    "Reshape": lambda given, a: given[0].flatten(1),
    "Mul": lambda given, a: given[0] * given[1],
    "Pad": lambda given, a: F.pad(given[0], [a["pads"][i] for i in (3, 7, 2, 6)]),
}
"""What face models are made of, as they use it: one batch of pictures, Reshape and Gemm only at the end."""


def needed(graph: onnx.GraphProto, outputs: Sequence[str]) -> list[onnx.NodeProto]:
    """The nodes that `outputs` depend on, in the graph's order."""
    wanted, found = set(outputs), []
    for node in reversed(graph.node):
        if wanted & set(node.output):
            wanted |= set(node.input)
            found.append(node)
    return found[::-1]


class FrozenGraph(nn.Module):
    """Runs the graph node by node, as far as `outputs` (values inside it; its first output by itself) need it.

    Raises ValueError for an operator that is none of OPERATORS.
    """

    def __init__(self, path: str | Path, outputs: Sequence[str] = ()) -> None:
        super().__init__()
        graph = onnx.load(str(path)).graph
        self.input, self.outputs = graph.input[0].name, tuple(outputs) or (graph.output[0].name,)
        self.steps: list[tuple[str, list[str], str, Attributes]] = []
        constants = list(graph.initializer)
        for node in needed(graph, self.outputs):
            if node.op_type == "Constant":
                constants.append(TensorProto())
                constants[-1].CopyFrom(node.attribute[0].t)
                constants[-1].name = node.output[0]
                continue
            if node.op_type not in OPERATORS:
                raise ValueError(f"{path}: the operator {node.op_type} is not supported")
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            self.steps.append((node.op_type, list(node.input), node.output[0], attributes))
        self.names: dict[str, str] = {}
        used = {name for _, inputs, _, _ in self.steps for name in inputs}
        for item in constants:
            value = torch.from_numpy(numpy_helper.to_array(item).copy())
            if item.name in used and value.is_floating_point():
                self.names[item.name] = f"w_{len(self.names)}"
                self.register_buffer(self.names[item.name], value, persistent=False)

    def values(self, x: Tensor, kept: tuple[int, ...] = ()) -> tuple[list[Tensor], list[Tensor]]:
        """(the outputs, the results of the steps in `kept`)."""
        values, results = {self.input: x}, []
        for index, (kind, inputs, output, attributes) in enumerate(self.steps):
            given = [
                values[name] if name in values else getattr(self, self.names[name])
                for name in inputs
                if name in values or name in self.names
            ]
            values[output] = OPERATORS[kind](given, attributes)
            if index in kept:
                results.append(values[output])
        return [values[name] for name in self.outputs], results
