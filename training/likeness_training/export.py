"""Stage `export`: the trained parts to a bundle: ONNX graphs (static shapes, fp16 weights), tokenizer, manifest, card.

Every graph is run once more by onnxruntime and compared with PyTorch before the manifest is written.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .config import Config, ConfigError
from .data.align import ARCFACE_SIZE
from .data.captions import CLASS_WORDS, vocabulary
from .data.latents import load_autoencoder
from .data.tokenizer import END, PAD, SKS, START, load_tokenizer
from .graphs import DecoderGraph, IdentityGraph, TextGraph, UnetGraph, VisionEncoder, round_to_half
from .models.idadapter import IdAdapter
from .models.recogniser import Recogniser
from .train.denoising import build
from .train.loop import load_weights
from .weights import RESULTS, save

OPSET = 17
SMALL = 64
"""Tensors of fewer values stay fp32."""
TOLERANCE = 2e-3


@dataclass
class Graph:
    """One graph: the module, example inputs by name, output names."""

    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]


def lift_constants(graph: onnx.GraphProto) -> None:
    """Weights that tracing left as Constant nodes become initializers."""
    for node in [node for node in graph.node if node.op_type == "Constant"]:
        tensor = node.attribute[0].t
        if node.attribute[0].name == "value" and tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= SMALL:
            tensor.name = node.output[0]
            graph.initializer.append(tensor)
            graph.node.remove(node)


def store_half(path: Path) -> None:
    """fp16 initializers, each followed by a Cast, which onnxruntime folds when it loads the file."""
    model = onnx.load(str(path))
    lift_constants(model.graph)
    casts = []
    for item in model.graph.initializer:
        if item.data_type != TensorProto.FLOAT or np.prod(item.dims) < SMALL:
            continue
        half = numpy_helper.from_array(numpy_helper.to_array(item).astype(np.float16), f"{item.name}_half")
        casts.append(helper.make_node("Cast", [half.name], [item.name], to=TensorProto.FLOAT))
        item.CopyFrom(half)
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def write_graph(graph: Graph, path: Path) -> None:
    """Trace, store as fp16, and compare with PyTorch. Raises ConfigError where the two differ."""
    graph.module.eval()
    with torch.no_grad():
        expected = graph.module(*graph.inputs.values())
    torch.onnx.export(
        graph.module,
        tuple(graph.inputs.values()),
        str(path),
        input_names=list(graph.inputs),
        output_names=graph.outputs,
        opset_version=OPSET,
        dynamo=False,
    )
    store_half(path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    made = session.run(None, {name: value.numpy() for name, value in graph.inputs.items()})
    expected = [expected] if isinstance(expected, Tensor) else expected
    for name, a, b in zip(graph.outputs, made, expected):
        gap = float(np.abs(a - b.numpy()).max())
        if not gap <= TOLERANCE * max(1.0, float(b.abs().max())):
            raise ConfigError(f"{path.name}: output {name} differs from PyTorch by {gap:.2g}")


def load_parts(config: Config) -> tuple[IdAdapter, nn.Module, Recogniser]:
    """Model, autoencoder and recogniser with weights rounded to fp16."""
    tokenizer = load_tokenizer(config.work / "tokenizer.json")
    model = build(config, tokenizer)
    checkpoint = config.work / config["checkpoint"]
    if not checkpoint.is_file():
        raise ConfigError(f"{checkpoint}: not trained yet; run the stage that writes it first")
    load_weights(model, checkpoint)
    parts = (model.eval(), load_autoencoder(config), Recogniser(config.resolve(config["face_models"]) / "fr_feature.onnx"))
    for part in parts:
        round_to_half(part.to(memory_format=torch.contiguous_format))
    return parts


def graphs(config: Config, model: IdAdapter, autoencoder: nn.Module, recogniser: Recogniser) -> dict[str, Graph]:
    """The five graphs with example inputs of the bundle's static shapes."""
    torch.manual_seed(0)
    count, batch, length = config["references"], config["batch"], config["text"]["max_position_embeddings"]
    settings = config["identity"]
    channels, size = config["unet"]["out_channels"], config["unet"]["sample_size"]
    images = {"images": torch.rand(count, 3, ARCFACE_SIZE, ARCFACE_SIZE) * 255}
    vision = VisionEncoder(recogniser)
    with torch.no_grad():
        tokens, classes, faces = vision(images["images"])
        photos = {
            "patch_tokens": tokens.reshape(1, -1, settings["patch_width"]),
            "class_embedding": classes.mean(0, keepdim=True),
            "face_embedding": nn.functional.normalize(faces.mean(0, keepdim=True), dim=1),
        }
        identity, text, unet = IdentityGraph(model), TextGraph(model), UnetGraph(model)
        person = dict(zip(identity.names, identity(*photos.values())))
        ids = torch.randint(4, model.text.clip.config.vocab_size, (1, length))
        ids[0, -1] = model.text.end_id
        words = {name: {"input_ids": ids, **person}[name] for name in text.inputs}
        given = {**person, **dict(zip(text.names, text(*words.values())))}
    latents = torch.randn(batch, channels, size, size)
    given |= {"latents": latents, "timestep": torch.tensor([500.0]), "beta": torch.tensor([1.0])}
    return {
        "vision_encoder": Graph(vision, images, ["patch_tokens", "class_embedding", "face_embedding"]),
        "identity": Graph(identity, photos, identity.names),
        "text_encoder": Graph(text, words, text.names),
        "unet": Graph(unet, {name: given[name] for name in unet.names}, ["prediction"]),
        "decoder": Graph(DecoderGraph(autoencoder), {"latents": latents}, ["image"]),
    }


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


TYPES = {TensorProto.FLOAT: "float32", TensorProto.INT64: "int64"}


def describe(values: list) -> list[dict]:
    """Name, type and shape of graph inputs or outputs."""
    found = []
    for value in values:
        tensor = value.type.tensor_type
        found.append({"name": value.name, "type": TYPES[tensor.elem_type], "shape": [dim.dim_value for dim in tensor.shape.dim]})
    return found


def graph_entry(path: Path) -> dict:
    graph = onnx.load(str(path), load_external_data=False).graph
    return {
        "file": path.name,
        "sha256": digest(path),
        "bytes": path.stat().st_size,
        "inputs": describe(graph.input),
        "outputs": describe(graph.output),
    }


def commit() -> str:
    """The commit of the training code, or `unknown` outside a checkout."""
    try:
        return subprocess.run(["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def last_log(config: Config) -> dict:
    """Samples seen and the last measured figures of each stage, from the stages' logs; of those that ran on another
    machine, from the bundle that is replaced.
    """
    former = config.resolve(config["out"]) / "manifest.json"
    found: dict = json.loads(former.read_text())["provenance"]["stages"] if former.is_file() else {}
    for path in sorted(config.work.glob("*/log.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        measured = [row for row in rows if "rate" not in row]
        last = measured[-1] if measured else {}
        figures = {key: value for key, value in last.items() if key not in ("stage", "seconds", "samples")}
        found[path.parent.name] = {"samples": max((row["samples"] for row in rows), default=0), **figures}
    return found


def manifest(config: Config, folder: Path, names: list[str]) -> dict:
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    ids = {key: tokenizer.token_to_id(token) for key, token in (("sksTokenId", SKS), ("padTokenId", PAD), ("startTokenId", START), ("endTokenId", END))}
    stages = last_log(config)
    return {
        "format": 1,
        "name": config["bundle"],
        "version": config["version"],
        "image": {"size": config["unet"]["sample_size"] * 8},
        "latents": {"channels": config["unet"]["out_channels"], "size": config["unet"]["sample_size"]},
        "diffusion": {**config["diffusion"], **config["sampling"], "timestepSpacing": "trailing", "batch": config["batch"]},
        "references": {"count": config["references"], "size": ARCFACE_SIZE},
        "text": {
            "tokenizer": "tokenizer.json",
            "length": config["text"]["max_position_embeddings"],
            "sksToken": SKS,
            **ids,
            "template": "{prompt}, {class} is sks",
            "classWords": list(CLASS_WORDS),
        },
        "upscale": config["upscale"],
        "graphs": {name: graph_entry(folder / f"{name}.onnx") for name in names},
        "tokenizerSha256": digest(folder / "tokenizer.json"),
        "vocabulary": vocabulary(),
        "provenance": {
            "commit": commit(),
            "trainedAt": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
            "samples": sum(stages.get(name, {}).get("samples", 0) for name in ("identity-adapters", "identity-student")),
            "stages": stages,
        },
    }


def run(config: Config) -> None:
    """Write the bundle into `out`, complete or not at all."""
    out = config.resolve(config["out"])
    parts = load_parts(config)
    judges = {name: config.work / RESULTS[name] for name in ("teacher", "attributes", "critics")}
    readers = {name: torch.load(path, weights_only=True) for name, path in judges.items() if path.is_file()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = graphs(config, *parts)
        for key, graph in made.items():
            write_graph(graph, folder / f"{key}.onnx")
            print(f"export: {key} {(folder / f'{key}.onnx').stat().st_size / 1e6:.1f} MB, equal to PyTorch", flush=True)
        shutil.copy(config.work / "tokenizer.json", folder / "tokenizer.json")
        (folder / "manifest.json").write_text(json.dumps(manifest(config, folder, list(made)), indent=2) + "\n")
        out.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            shutil.copy(file, out / file.name)
        save({"model": parts[0].state_dict(), "autoencoder": parts[1].state_dict(), **readers}, folder, config.resolve(config["weights"]))
    print(f"export: {out}, {sum(file.stat().st_size for file in out.iterdir()) / 1e6:.1f} MB")
