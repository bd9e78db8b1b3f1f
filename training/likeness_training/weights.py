"""Training goes on from what is committed: the bundle's graphs hold most weights, one small file the rest.

`save` (part of stage `export`) finds each weight in the graphs by its fp16 bytes, as it is or transposed, and writes
`index.json` (weight -> graph and initializer) and `rest.safetensors` (what no graph holds: the encoder, the readers of
latents, small tensors). On a fresh machine

    python -m likeness_training.weights configs/tiny/export.yaml

puts them back into the work folder; `data` has to run again, every other stage goes on from there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, numpy_helper
from safetensors.torch import load_file, save_file
from torch import Tensor

from .config import Config, ConfigError, load_config

RESULTS = {"autoencoder": "autoencoder.pt", "model": "start.pt", "teacher": "teacher.pt", "attributes": "attributes.pt", "critics": "critics.pt", "upscaler": "upscaler.pt"}
"""Part -> its file in the work folder. `start.pt` is what `identity` and `distil` begin with, instead of `base.pt`."""


def digest(array: np.ndarray) -> str:
    data = np.ascontiguousarray(array)
    return f"{data.shape}:{hashlib.sha256(data.tobytes()).hexdigest()}"


def half_initializers(path: Path) -> dict[str, np.ndarray]:
    """The fp16 weights of a graph by name."""
    graph = onnx.load(str(path)).graph
    return {item.name: numpy_helper.to_array(item) for item in graph.initializer if item.data_type == TensorProto.FLOAT16}


def save(parts: dict[str, dict[str, Tensor]], bundle: Path, out: Path) -> None:
    """`parts`: state dicts by the names of RESULTS, rounded to fp16 already."""
    places: dict[str, tuple[str, str]] = {}
    for path in sorted(bundle.glob("*.onnx")):
        for name, array in half_initializers(path).items():
            places.setdefault(digest(array), (path.name, name))
    index, rest = {}, {}
    for part, state in parts.items():
        for name, tensor in state.items():
            key, half = f"{part}.{name}", tensor.half().numpy() if tensor.is_floating_point() else None
            found = None if half is None else places.get(digest(half))
            turned = None if found or half is None or half.ndim != 2 else places.get(digest(half.T))
            if found or turned:
                index[key] = {"file": (found or turned)[0], "name": (found or turned)[1], "transposed": bool(turned)}
            else:
                rest[key] = tensor.contiguous().half() if tensor.is_floating_point() else tensor.contiguous()
    out.mkdir(parents=True, exist_ok=True)
    (out / "index.json").write_text(json.dumps(index, indent=0) + "\n")
    save_file(rest, str(out / "rest.safetensors"))


def load(bundle: Path, folder: Path) -> dict[str, dict[str, Tensor]]:
    """The state dicts that `save` was given. Raises ConfigError where a file is missing."""
    if not (folder / "index.json").is_file():
        raise ConfigError(f"{folder}: holds no saved weights")
    index = json.loads((folder / "index.json").read_text())
    graphs = {name: half_initializers(bundle / name) for name in {entry["file"] for entry in index.values()}}
    flat = {key: value.float() if value.is_floating_point() else value for key, value in load_file(str(folder / "rest.safetensors")).items()}
    for key, entry in index.items():
        array = graphs[entry["file"]][entry["name"]].astype(np.float32)
        flat[key] = torch.from_numpy(np.ascontiguousarray(array.T if entry["transposed"] else array))
    parts: dict[str, dict[str, Tensor]] = {}
    for key, value in flat.items():
        part, name = key.split(".", 1)
        parts.setdefault(part, {})[name] = value
    return parts


def restore(config: Config) -> None:
    """Write the parts and the tokenizer into the work folder; what is there already is kept."""
    bundle = config.resolve(config["out"])
    for part, state in load(bundle, config.resolve(config["weights"])).items():
        path = config.work / RESULTS[part]
        if path.exists():
            print(f"weights: {path} is there already, kept")
            continue
        torch.save(state, path)
        print(f"weights: {path}, {sum(value.numel() for value in state.values()) / 1e6:.1f} M values")
    if not (config.work / "tokenizer.json").exists():
        shutil.copy(bundle / "tokenizer.json", config.work / "tokenizer.json")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("config", help="the export config of the bundle")
    restore(load_config(parser.parse_args().config))


if __name__ == "__main__":
    main()
