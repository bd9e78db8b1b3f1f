"""Folds the small constants of a traced graph: sizes, paddings, numbers. Planes stay computed, so that files stay
small."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnx.reference import ReferenceEvaluator

FOLDED = {
    "Add", "Cast", "Concat", "ConstantOfShape", "Div", "Expand", "Gather", "Identity", "Mul", "Neg", "Range",
    "Reshape", "Shape", "Slice", "Squeeze",
    "Sub", "Transpose", "Unsqueeze",
}  # fmt: skip
LARGEST = 64
"""Values of a folded constant."""


def computed(node: onnx.NodeProto, inputs: dict[str, np.ndarray]) -> np.ndarray:
    given = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(value.dtype), value.shape)
        for name, value in inputs.items()
    ]
    graph = helper.make_graph([node], "one", given, [onnx.ValueInfoProto(name=node.output[0])])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    (value,) = ReferenceEvaluator(model).run(None, inputs)
    return np.asarray(value)


def shape_of(name: str, shapes: dict[str, list[int]]) -> np.ndarray | None:
    return np.array(shapes[name], np.int64) if name in shapes and all(shapes[name]) else None


def fold(path: Path) -> None:
    """Rewrites the file at `path`."""
    model = onnx.shape_inference.infer_shapes(onnx.load(str(path)), data_prop=True)
    graph = model.graph
    values = (*graph.value_info, *graph.input)
    shapes = {value.name: [dim.dim_value for dim in value.type.tensor_type.shape.dim] for value in values}
    shapes |= {item.name: list(item.dims) for item in graph.initializer}
    known = {item.name: numpy_helper.to_array(item) for item in graph.initializer if np.prod(item.dims) <= LARGEST}
    kept = []
    for node in graph.node:
        made = None
        if node.op_type == "Constant":
            made = numpy_helper.to_array(node.attribute[0].t)
        elif node.op_type == "Shape":
            made = shape_of(node.input[0], shapes)
        elif node.op_type in FOLDED and all(name in known for name in node.input if name):
            value = computed(node, {name: known[name] for name in node.input if name})
            made = value if value.size <= LARGEST else None
        if made is None:
            kept.append(node)
        else:
            known[node.output[0]] = made
    share_constants(graph, kept, known)
    halve_exact(graph)
    onnx.save(model, str(path))


def share_constants(graph: onnx.GraphProto, nodes: list[onnx.NodeProto], known: dict[str, np.ndarray]) -> None:
    """The graph with `nodes`, and with one initializer for all equal constants that they use."""
    large = [item for item in graph.initializer if item.name not in known]
    shared: dict[tuple, str] = {}
    small = []
    for node in nodes:
        for at, name in enumerate(node.input):
            if name not in known:
                continue
            value = known[name]
            key = (value.dtype.str, value.shape, value.tobytes())
            if key not in shared:
                shared[key] = f"c{len(shared)}"
                small.append(numpy_helper.from_array(np.ascontiguousarray(value).reshape(value.shape), shared[key]))
            node.input[at] = shared[key]
    graph.ClearField("node")
    graph.node.extend(nodes)
    graph.ClearField("initializer")
    graph.initializer.extend([*large, *small])


def halve_exact(graph: onnx.GraphProto) -> None:
    """Large constants that fp16 holds exactly are stored so, and cast when the graph is loaded."""
    casts = []
    for item in graph.initializer:
        if item.data_type != onnx.TensorProto.FLOAT or np.prod(item.dims) <= LARGEST:
            continue
        value = numpy_helper.to_array(item)
        half = value.astype(np.float16)
        if np.array_equal(half.astype(np.float32), value):
            casts.append(helper.make_node("Cast", [f"{item.name}_half"], [item.name], to=onnx.TensorProto.FLOAT))
            item.CopyFrom(numpy_helper.from_array(half, f"{item.name}_half"))
    for cast in casts:
        graph.node.insert(0, cast)
