"""`python -m likeness_training.bundle.styles_export OUT`: every style as a graph, and `styles.json` that lists them.

`styles.json` has a row a style, in the order they are offered: `label`, `file`, `sha256`, `bytes`.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnxruntime
import torch
from torch import Tensor

from ..config import ConfigError
from ..styles import STYLES, file_name, make
from ..styles.sample import sample
from ..styles.style import Style
from .onnx_files import OPSET, Form, file_entry, store
from .small_constants import fold

LIST = "styles.json"
LARGEST = 300_000
"""Bytes of a graph."""
GAP, SHARE = 1e-3, 0.005
"""How far a value may be from PyTorch's, and the share of values that may be farther: where a pixel lies exactly
between two cells, the two may choose differently."""


def run_graph(path: Path, inputs: dict[str, Tensor], times: int = 1) -> list[np.ndarray]:
    """What the graph answers, `times` times, on one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    given = {name: value.numpy() for name, value in inputs.items()}
    return [session.run(["styled"], given)[0] for _ in range(times)]


def differing(made: np.ndarray, expected: np.ndarray) -> float:
    """Share of values farther apart than `GAP`."""
    return float((np.abs(made - expected) > GAP).mean())


def write_style(style: Style, path: Path) -> None:
    """Trace, store, compare with PyTorch. Raises ConfigError where they differ or the file is too large."""
    inputs = sample()
    with torch.no_grad():
        expected = style(*inputs.values()).numpy()
    with TemporaryDirectory(dir=path.parent) as name:
        traced = Path(name) / "traced.onnx"
        torch.onnx.export(
            style,
            tuple(inputs.values()),
            str(traced),
            input_names=list(inputs),
            output_names=["styled"],
            opset_version=OPSET,
            do_constant_folding=False,  # planes of constants are made when the graph is loaded, not stored
            dynamo=False,
        )
        fold(traced)
        store(traced, path, Form("fp32"))
    if path.stat().st_size > LARGEST:
        raise ConfigError(f"{path.name}: {path.stat().st_size} bytes, more than {LARGEST}")
    share = differing(run_graph(path, inputs)[0], expected)
    if share > SHARE:
        raise ConfigError(f"{path.name}: {share:.2%} of values differ from PyTorch by more than {GAP}")


def write_label(label: str, folder: Path) -> dict:
    """One style by its label; answers its row of the list."""
    torch.set_num_threads(1)
    path = folder / file_name(label)
    write_style(make(label), path)
    return {"label": label, **file_entry(path)}


def export_styles(folder: Path, labels: Iterable[str] = STYLES, workers: int = 2) -> list[dict]:
    """Writes the graphs, `workers` at a time, and the list; answers the list. Raises ConfigError for the first that
    fails."""
    folder.mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        rows = list(pool.map(write_label, labels, repeat(folder)))
    (folder / LIST).write_text(json.dumps(rows, indent=1) + "\n")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(prog="styles_export", description=__doc__)
    parser.add_argument("out", type=Path, help="the folder of the graphs")
    parser.add_argument("--style", action="append", choices=list(STYLES), help="only this one; may be given again")
    arguments = parser.parse_args()
    try:
        rows = export_styles(arguments.out, arguments.style or STYLES)
    except ConfigError as error:
        print(f"styles_export: {error}", file=sys.stderr)
        return 2
    print(f"{len(rows)} styles, {sum(row['bytes'] for row in rows)} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
