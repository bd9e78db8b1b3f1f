"""A network of a TFLite file as a PyTorch module.

TFLite keeps pictures as (1, height, width, channels), PyTorch as (1, channels, height, width): whatever has four
dimensions is turned when it is read, weights too, and values stay turned from the input to the outputs. Weights stored
as fp16 come with a DEQUANTIZE each, which is done when the file is read.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import tflite
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .tflite_file import Operator, TfliteFile

Run = Callable[[list[Tensor]], Tensor]

ACTIVATIONS: dict[int, Callable[[Tensor], Tensor]] = {
    tflite.ActivationFunctionType.NONE: lambda x: x,
    tflite.ActivationFunctionType.RELU: F.relu,
    tflite.ActivationFunctionType.RELU6: F.relu6,
}
SAME = 1
"""Padding of a custom operator's options, an int32: outputs are as many as inputs / stride, rounded up."""


def turned(value: np.ndarray) -> np.ndarray:
    """(N, height, width, channels) -> (N, channels, height, width); other ranks as they are."""
    return np.ascontiguousarray(value.transpose(0, 3, 1, 2)) if value.ndim == 4 else value


def activation_of(operator: Operator) -> Callable[[Tensor], Tensor]:
    """What is done to the operator's result before it is written."""
    code = operator.settings.FusedActivationFunction()
    if code not in ACTIVATIONS:
        raise operator.refuse(f"the activation {code}")
    return ACTIVATIONS[code]


class Padding(torch.autograd.Function):
    """Zeros around a value, `pads` as F.pad takes them for four dimensions: traced as one node, without the arithmetic
    on `pads` that a traced F.pad leaves in a graph.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, pads: list[int]) -> Tensor:
        ctx.pads = pads
        return F.pad(x, pads)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return F.pad(gradient, [-count for count in ctx.pads]), None

    @staticmethod
    def symbolic(graph: Any, x: object, pads: list[int]) -> object:
        counts = [*pads[-2::-2], *pads[::-2]]  # before, then after, first dimension first
        return graph.op("Pad", x, graph.op("Constant", value_t=torch.tensor(counts)))


def convolve(operator: Operator) -> Run:
    """Weights (out, height, width, in), turned."""
    settings, activation, stride = operator.settings, activation_of(operator), operator.stride()
    dilation = settings.DilationHFactor(), settings.DilationWFactor()
    depthwise = operator.kind == "DEPTHWISE_CONV_2D"
    channels = operator.shape(0)[3]
    groups = channels if depthwise else channels // operator.shape(1)[3]
    left, right, top, bottom = operator.padding(operator.shape(1)[1:3], dilation)
    even = left == right and top == bottom
    inside = (top, left) if even else 0

    def run(given: list[Tensor]) -> Tensor:
        x, weight, *bias = given
        if depthwise:  # (1, channels, height, width)
            weight = weight.transpose(0, 1)
        if not even:
            x = Padding.apply(x, [left, right, top, bottom, 0, 0, 0, 0])
        return activation(F.conv2d(x, weight, bias[0] if bias else None, stride, inside, dilation, groups))

    return run


def convolve_back(operator: Operator) -> Run:
    """MediaPipe's transposed convolution with a bias. Options: padding, stride's width and height, int32 each; weights
    (out, height, width, in), turned.
    """
    padding, width, height = np.frombuffer(operator.custom, np.int32)[:3].tolist()
    if padding != SAME or operator.shape(1)[1:3] != (height, width):
        raise operator.refuse("kernels that overlap or are padded")
    return lambda given: F.conv_transpose2d(given[0], given[1].transpose(0, 1), given[2], (height, width))


def pool(operator: Operator) -> Run:
    kernel, stride = (operator.settings.FilterHeight(), operator.settings.FilterWidth()), operator.stride()
    activation, average = activation_of(operator), operator.kind == "AVERAGE_POOL_2D"
    if any(operator.padding(kernel)):
        raise operator.refuse("padding")
    if average and kernel == operator.shape(0)[1:3]:
        return lambda given: activation(F.adaptive_avg_pool2d(given[0], 1))
    apply = F.avg_pool2d if average else F.max_pool2d
    return lambda given: activation(apply(given[0], kernel, stride))


def pad(operator: Operator) -> Run:
    """Its second input: before and after, for each dimension in TFLite's order."""
    batch, height, width, channels = (operator.numbers(1)[i : i + 2] for i in range(0, 8, 2))
    return lambda given: Padding.apply(given[0], [*width, *height, *channels, *batch])


def enlarge(operator: Operator) -> Run:
    """By whole numbers, between the centres of pixels. Its second input: height, width."""
    settings, sides = operator.settings, operator.shape(0)[1:3]
    if settings.AlignCorners() or not settings.HalfPixelCenters():
        raise operator.refuse("pixels placed by their corners")
    if any(size % side for size, side in zip(operator.made()[1:3], sides, strict=True)):
        raise operator.refuse(f"{sides} to {operator.made()[1:3]}")
    scale = [size / side for size, side in zip(operator.made()[1:3], sides, strict=True)]
    return lambda given: F.interpolate(given[0], scale_factor=scale, mode="bilinear")


def add(operator: Operator) -> Run:
    activation = activation_of(operator)
    return lambda given: activation(given[0] + given[1])


def multiply(operator: Operator) -> Run:
    activation = activation_of(operator)
    return lambda given: activation(given[0] * given[1])


OPERATORS: dict[str, Callable[[Operator], Run]] = {
    "CONV_2D": convolve,
    "DEPTHWISE_CONV_2D": convolve,
    "Convolution2DTransposeBias": convolve_back,
    "MAX_POOL_2D": pool,
    "AVERAGE_POOL_2D": pool,
    "PAD": pad,
    "RESIZE_BILINEAR": enlarge,
    "ADD": add,
    "MUL": multiply,
    "PRELU": lambda _: lambda given: F.prelu(given[0], given[1].reshape(-1)),
    "RELU": lambda _: lambda given: F.relu(given[0]),
    "HARD_SWISH": lambda _: lambda given: F.hardswish(given[0]),
    "LOGISTIC": lambda _: lambda given: torch.sigmoid(given[0]),
}
"""What MediaPipe's face mesh and selfie segmentation are made of, beside DEQUANTIZE: an operator's settings are read
once, its result is a function of what it reads.
"""


class TfliteGraph(nn.Module):
    """Runs the graph operator by operator: a picture (1, channels, height, width) -> the graph's outputs, turned as the
    picture is. Gradients flow to the picture, never to the weights.

    Raises ValueError for an operator that is none of OPERATORS, or whose settings its function cannot do.
    """

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.weights: set[int] = set()
        self.steps: list[tuple[list[int], int, Run]] = []
        file = TfliteFile(Path(path).read_bytes())
        self.input, self.outputs = file.graph.Inputs(0), file.graph.OutputsAsNumpy().tolist()
        try:
            for operator in file.operators():
                self.take(file, operator)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error

    def take(self, file: TfliteFile, operator: Operator) -> None:
        """The operator as a step, and the constants it reads as buffers."""
        if operator.kind == "DEQUANTIZE":
            value = file.constant(operator.reads[0])
            if value is None or value.dtype != np.float16:
                raise operator.refuse("anything but fp16 weights")
            self.keep(operator.writes, value)
            return
        if operator.kind not in OPERATORS:
            raise ValueError(f"the operator {operator.kind} is not supported")
        for number in operator.reads:
            value = file.constant(number)
            if value is not None and value.dtype != np.int32:
                self.keep(number, value)
        self.steps.append((operator.reads, operator.writes, OPERATORS[operator.kind](operator)))

    def keep(self, number: int, value: np.ndarray) -> None:
        if number not in self.weights:
            self.weights.add(number)
            self.register_buffer(f"w_{number}", torch.from_numpy(turned(value.astype(np.float32))))

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        values = {self.input: image} | {number: getattr(self, f"w_{number}") for number in self.weights}
        for reads, writes, run in self.steps:
            values[writes] = run([values[number] for number in reads if number in values])
        return tuple(values[number] for number in self.outputs)
