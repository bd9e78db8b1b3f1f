"""int8 beside fp32 on the CPU: what dynamic quantisation of a bundle's U-Net gains and costs.

    python bench/int8.py models/tiny THREADS

Weights of MatMul and Gemm become int8, their inputs are quantised at each call (onnxruntime's dynamic quantisation).
Both graphs run in turn, one call each, and the median of the calls' ratios is printed with the error of the prediction
and the share of each operator in the time of the fp32 graph. The graphs' own shapes, noise as input.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before onnxruntime is imported (decision 026)
import onnx
import onnxruntime
from onnx import TensorProto, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

ROUNDS = 60
QUANTISED = ["MatMul", "Gemm"]


def with_float_weights(source: Path, out: Path) -> None:
    """fp16 weights and the Casts behind them to fp32 weights: what onnxruntime makes of them when it loads the file."""
    model = onnx.load(str(source))
    halves = {item.name: item for item in model.graph.initializer if item.data_type == TensorProto.FLOAT16}
    kept, renamed = [], {}
    for node in model.graph.node:
        if node.op_type == "Cast" and node.input[0] in halves:
            renamed[node.output[0]] = node.input[0]
        else:
            kept.append(node)
    for node in kept:
        node.input[:] = [renamed.get(name, name) for name in node.input]
    for name, item in halves.items():
        item.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(item).astype(np.float32), name))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    onnx.save(model, str(out))


def session(path: Path, threads: int, profile: str = "") -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    if profile:
        options.enable_profiling, options.profile_file_prefix = True, profile
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def inputs_of(run: onnxruntime.InferenceSession) -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    given = {port.name: random.standard_normal(port.shape).astype(np.float32) for port in run.get_inputs()}
    return {
        **given,
        "timestep": np.full(given["timestep"].shape, 500, np.float32),
        "beta": np.full(given["beta"].shape, 0.8, np.float32),
    }


def seconds(run: onnxruntime.InferenceSession, given: dict[str, np.ndarray]) -> float:
    start = time.perf_counter()
    run.run(None, given)
    return time.perf_counter() - start


def operator_shares(path: Path, threads: int, folder: Path) -> dict[str, float]:
    """The part of a call's time that each operator takes, the largest first."""
    profiled = session(path, threads, str(folder / "profile"))
    given = inputs_of(profiled)
    for _ in range(10):
        profiled.run(None, given)
    spent: dict[str, float] = defaultdict(float)
    for event in json.loads(Path(profiled.end_profiling()).read_text()):
        if event.get("cat") == "Node" and event["name"].endswith("_kernel_time"):
            spent[event["args"]["op_name"]] += event["dur"]
    whole = sum(spent.values())
    return {name: round(value / whole, 3) for name, value in sorted(spent.items(), key=lambda item: -item[1])[:8]}


def main() -> None:
    bundle, threads = Path(sys.argv[1]), int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with_float_weights(bundle / "unet.onnx", folder / "fp32.onnx")
        quantize_dynamic(
            folder / "fp32.onnx", folder / "int8.onnx", op_types_to_quantize=QUANTISED, weight_type=QuantType.QInt8
        )
        plain, small = session(folder / "fp32.onnx", threads), session(folder / "int8.onnx", threads)
        given = inputs_of(plain)
        expected, got = plain.run(None, given)[0], small.run(None, given)[0]
        pairs = [(seconds(plain, given), seconds(small, given)) for _ in range(ROUNDS)]
        result = {
            "threads": threads,
            "milliseconds": round(1000 * statistics.median(a for a, _ in pairs), 1),
            "speedup": round(statistics.median(a / b for a, b in pairs), 3),
            "error": round(float(np.linalg.norm(got - expected) / np.linalg.norm(expected)), 4),
            "megabytes": [round((folder / f"{kind}.onnx").stat().st_size / 1e6, 1) for kind in ("fp32", "int8")],
            "shares": operator_shares(folder / "fp32.onnx", threads, folder),
        }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
