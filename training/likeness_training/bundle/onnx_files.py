"""A graph on disk: traced, its weights in the wanted precision and place, and compared with PyTorch.

`precision` of an export config:

- `fp32`: weights and arithmetic in fp32.
- `fp16-weights`: weights stored as fp16, each followed by a Cast that onnxruntime folds when it loads the file: half
  the file, the arithmetic of fp32. Made for CPUs, where fp16 arithmetic gains nothing.
- `fp16`: weights and arithmetic in fp16, made for GPUs. Inputs and outputs stay fp32.

With `external_data` the weights lie beside the graph in `NAME.onnx.data`: a file of ONNX itself cannot pass 2 GB.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, external_data_helper, helper, numpy_helper
from torch import Tensor, nn

from ..config import ConfigError
from ..models.attention import EXPORTS, exported_as

OPSET = 17
SMALL = 64
"""Tensors of fewer values stay fp32, in the graph."""
PAGE, LARGE = 4096, 2**20
"""External weights of LARGE bytes or more begin at multiples of PAGE, so that a runtime can map them."""
TOLERANCES = {"fp32": 2e-3, "fp16-weights": 2e-3, "fp16": 5e-2}
"""By precision: how far onnxruntime may be from PyTorch, of the largest value. The key is also the list of
precisions."""


@dataclass
class Graph:
    """One graph: the module, example inputs by name, output names."""

    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]


@dataclass(frozen=True)
class Form:
    """How graphs are stored; see the module."""

    precision: str = "fp16-weights"
    external: bool = False
    attention: str = "matmul"

    def __post_init__(self) -> None:
        if self.attention not in EXPORTS:
            raise ConfigError(f"`attention` is {self.attention!r}, expected one of {', '.join(EXPORTS)}")
        if self.precision not in TOLERANCES:
            raise ConfigError(f"`precision` is {self.precision!r}, expected one of {', '.join(TOLERANCES)}")


class HalfCompute(nn.Module):
    """A module in fp16 that takes and gives fp32; timesteps are whole numbers that fp16 holds exactly."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module.half()

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        made = self.module(*(value.half() if value.is_floating_point() else value for value in inputs))
        return tuple(value.float() for value in ([made] if isinstance(made, Tensor) else made))


def lift_constants(graph: onnx.GraphProto) -> None:
    """Weights that tracing left as Constant nodes become initializers."""
    for node in [node for node in graph.node if node.op_type == "Constant"]:
        tensor = node.attribute[0].t
        if (
            node.attribute[0].name == "value"
            and tensor.data_type in (TensorProto.FLOAT, TensorProto.FLOAT16)
            and np.prod(tensor.dims) >= SMALL
        ):
            tensor.name = node.output[0]
            graph.initializer.append(tensor)
            graph.node.remove(node)


def halve(graph: onnx.GraphProto, folder: Path) -> None:
    """fp16 initializers, each followed by a Cast."""
    casts = []
    for item in graph.initializer:
        if item.data_type != TensorProto.FLOAT or np.prod(item.dims) < SMALL:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(item, str(folder)).astype(np.float16), f"{item.name}_half")
        casts.append(helper.make_node("Cast", [half.name], [item.name], to=TensorProto.FLOAT))
        item.CopyFrom(half)
    for cast in reversed(casts):
        graph.node.insert(0, cast)


def move_weights(graph: onnx.GraphProto, folder: Path, out: Path) -> None:
    """Write every large initializer to `out`, one after the other, so that one at a time is in memory."""
    with out.open("wb") as file:
        for item in graph.initializer:
            if np.prod(item.dims) < SMALL:
                continue
            data = numpy_helper.to_array(item, str(folder)).tobytes()
            if len(data) >= LARGE:
                file.write(b"\0" * (-file.tell() % PAGE))
            item.raw_data = data
            external_data_helper.set_external_data(item, out.name, file.tell(), len(data))
            item.ClearField("raw_data")
            item.data_location = TensorProto.EXTERNAL
            file.write(data)


def shorten_names(graph: onnx.GraphProto) -> None:
    """Values inside a graph are numbered: the names that tracing gives them would be a third of a small file."""
    fixed = {value.name for value in (*graph.input, *graph.output, *graph.initializer)}
    values = [name for node in graph.node for name in node.output if name not in fixed]
    short = {name: str(index) for index, name in enumerate(values)}
    for node in graph.node:
        node.name, node.doc_string = "", ""
        for names in (node.input, node.output):
            names[:] = [short.get(name, name) for name in names]
    graph.ClearField("value_info")


def store(traced: Path, path: Path, form: Form) -> None:
    """A traced file, whose weights may lie in files around it, to its place and form."""
    model = onnx.load(str(traced), load_external_data=not form.external)
    lift_constants(model.graph)
    if form.precision == "fp16-weights":
        halve(model.graph, traced.parent)
    shorten_names(model.graph)
    if form.external:
        move_weights(model.graph, traced.parent, data_file(path))
    onnx.save(model, str(path))
    onnx.checker.check_model(str(path))


def data_file(path: Path) -> Path:
    """Where a graph's weights are, if they are not in it."""
    return path.with_name(f"{path.name}.data")


def expected_outputs(graph: Graph) -> list[np.ndarray]:
    with torch.no_grad():
        made = graph.module(*graph.inputs.values())
    return [value.float().numpy() for value in ([made] if isinstance(made, Tensor) else made)]


def compare(path: Path, graph: Graph, expected: Iterable[np.ndarray], tolerance: float) -> None:
    """Raises ConfigError where onnxruntime and PyTorch differ."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.disable_prepacking", "1")
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    made = session.run(None, {name: value.numpy() for name, value in graph.inputs.items()})
    for name, a, b in zip(graph.outputs, made, expected, strict=True):
        gap = float(np.abs(a - b).max())
        if not gap <= tolerance * max(1.0, float(np.abs(b).max())):
            raise ConfigError(f"{path.name}: output {name} differs from PyTorch by {gap:.2g}")


def write_graph(graph: Graph, path: Path, form: Form = Form()) -> None:
    """Trace, store, and compare with PyTorch. Raises ConfigError where the two differ."""
    graph.module.eval()
    expected = expected_outputs(graph)
    module = HalfCompute(graph.module) if form.precision == "fp16" else graph.module
    with TemporaryDirectory(dir=path.parent) as name:
        traced = Path(name) / "traced.onnx"
        inputs = tuple(graph.inputs.values())
        former = exported_as.set(form.attention)
        torch.onnx.export(
            module,
            inputs,
            str(traced),
            input_names=list(graph.inputs),
            output_names=graph.outputs,
            opset_version=OPSET,
            dynamo=False,
        )
        exported_as.reset(former)
        store(traced, path, form)
    compare(path, graph, expected, TOLERANCES[form.precision])
    if form.precision == "fp16":
        graph.module.float()


TYPES: dict[int, str] = {TensorProto.FLOAT: "float32", TensorProto.INT64: "int64"}


def describe(values: Iterable[onnx.ValueInfoProto]) -> list[dict]:
    """Name, type and shape of graph inputs or outputs."""
    found = []
    for value in values:
        tensor = value.type.tensor_type
        found.append(
            {"name": value.name, "type": TYPES[tensor.elem_type], "shape": [dim.dim_value for dim in tensor.shape.dim]}
        )
    return found


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def file_entry(path: Path) -> dict:
    return {"file": path.name, "sha256": digest(path), "bytes": path.stat().st_size}


def graph_entry(path: Path) -> dict:
    """What the manifest says about a graph; `data` where its weights lie beside it."""
    graph = onnx.load(str(path), load_external_data=False).graph
    beside = {"data": file_entry(data_file(path))} if data_file(path).exists() else {}
    return {**file_entry(path), **beside, "inputs": describe(graph.input), "outputs": describe(graph.output)}
