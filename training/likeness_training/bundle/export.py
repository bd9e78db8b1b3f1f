"""Stage `export`: the trained parts to a bundle: ONNX graphs of static shapes, tokenizer, manifest.

Every graph is run once more by onnxruntime and compared with PyTorch before the manifest is written.
"""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import torch
from torch import Tensor, nn

from ..config import Config, ConfigError
from ..data.base_folder import BaseFolder, base_folder
from ..data.captions import CLASS_WORDS, vocabulary
from ..data.tokenizer import SKS
from ..models.size import count_trained, shapes_only
from ..room import require_disk, require_memory
from ..weight_files import check_safetensors
from .graphs import DecoderGraph, UnetGraph
from .onnx_files import Form, Graph, digest, graph_entry, write_graph
from .parts import Parts, open_parts

FACE_WIDTH = 512
"""Numbers of the recogniser's embedding."""
PIXELS = 8
"""Of a picture's side for each of its latents'."""


def graphs(config: Config, parts: Parts) -> dict[str, Graph]:
    """The five graphs, and the encoder of drafts where there is one, with example inputs of the bundle's static shapes;
    the largest is the last. The vision encoder takes one face at a time: one photo in N places is seen once."""
    torch.manual_seed(0)
    model, vision = parts.model, parts.vision
    count, batch, length = config["references"], config["batch"], config["text"]["max_position_embeddings"]
    channels, size = config["unet"]["out_channels"], config["unet"]["sample_size"]
    faces = torch.randint(0, 256, (count, 3, parts.references, parts.references)).float()
    with torch.no_grad():
        seen: dict[str, Tensor] = dict(zip(vision.names, vision(faces), strict=True))
        identity, text, unet = parts.identity, parts.text, UnetGraph(model, config["cached"])
        mixed = mix(seen)
        photos = {name: mixed[name] for name in identity.inputs}
        person = dict(zip(identity.names, identity(*photos.values()), strict=True))
        ids = torch.randint(4, config["text"]["vocab_size"], (1, length))
        ids[0, -1] = parts.words.ids["endTokenId"]
        words = {name: {"input_ids": ids, **person}[name] for name in text.inputs}
        given = {**person, **dict(zip(text.names, text(*words.values()), strict=True))}
    latents = torch.randn(batch, channels, size, size)
    pictures = torch.rand(batch, 3, size * PIXELS, size * PIXELS) * 2 - 1
    given |= {"latents": latents, "timestep": torch.tensor([500.0]), "beta": torch.tensor([1.0])}
    return {
        "vision_encoder": Graph(vision, {"images": faces[:1]}, list(vision.names)),
        "identity": Graph(identity, photos, identity.names),
        "text_encoder": Graph(text, words, text.names),
        "decoder": Graph(DecoderGraph(parts.autoencoder), {"latents": latents}, ["image"]),
        **({"encoder": Graph(parts.encoder, {"image": pictures}, ["latents"])} if parts.encoder else {}),
        "unet": Graph(unet, {name: given[name] for name in unet.names}, ["prediction"]),
    }


def mix(seen: dict[str, Tensor]) -> dict[str, Tensor]:
    """What the graph `identity` may ask for, of what the vision encoder says of N faces."""
    tokens = seen["patch_tokens"]
    faces = seen.get("face_embedding", torch.randn(len(tokens), FACE_WIDTH))
    mixed = {
        "patch_tokens": tokens.reshape(1, -1, tokens.shape[-1]),
        "face_embedding": nn.functional.normalize(faces.mean(0, keepdim=True), dim=1),
        "conditioned": torch.ones(1),
    }
    if "class_embedding" in seen:
        mixed["class_embedding"] = seen["class_embedding"].mean(0, keepdim=True)
    return mixed


def commit() -> str:
    """The commit of the training code, or `unknown` outside a checkout."""
    try:
        return subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def last_log(config: Config) -> dict:
    """Samples seen and the last measured figures of each stage, from the logs in the work folder."""
    found = {}
    for path in sorted(config.work.glob("*/log.jsonl")):
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        measured = [row for row in rows if "rate" not in row]
        figures = {
            key: value
            for key, value in (measured[-1] if measured else {}).items()
            if key not in ("stage", "seconds", "samples")
        }
        found[path.parent.name] = {"samples": max((row["samples"] for row in rows), default=0), **figures}
    return found


def manifest(config: Config, parts: Parts, folder: Path, names: list[str]) -> dict:
    stages = last_log(config)
    return {
        "format": 1,
        "name": config["bundle"],
        "version": config["version"],
        "image": {"size": config["unet"]["sample_size"] * PIXELS},
        "latents": {"channels": config["unet"]["out_channels"], "size": config["unet"]["sample_size"]},
        "diffusion": {
            **config["diffusion"],
            **config["sampling"],
            "timestepSpacing": "trailing",
            "batch": config["batch"],
        },
        "references": {"count": config["references"], "size": parts.references, "framing": config.get("framing", 1)},
        "text": {
            "tokenizer": "tokenizer.json",
            "length": config["text"]["max_position_embeddings"],
            **({"sksToken": SKS} if "sksTokenId" in parts.words.ids else {}),
            **parts.words.ids,
            "template": config.get("template", "{prompt}, {class} is sks"),
            "classWords": list(CLASS_WORDS),
            **({"negativePrompt": config["negative_prompt"]} if config.get("negative_prompt", None) else {}),
        },
        "recogniser": {"order": config.get("recogniser", "rgb")},
        "upscale": config["upscale"],
        "graphs": {name: graph_entry(folder / f"{name}.onnx") for name in names},
        "tokenizerSha256": digest(folder / "tokenizer.json"),
        "vocabulary": {**vocabulary(), "open": config.get("open_vocabulary", False)},
        "provenance": {
            "commit": commit(),
            "trainedAt": datetime.now(UTC).strftime("%Y-%m-%d"),
            "samples": stages.get("identity", {}).get("samples", 0),
            "stages": stages,
            "precision": config.get("precision", Form.precision),
            **({"sources": parts.sources} if parts.sources else {}),
        },
    }


class DraftParts:
    """What drafts are made with, from a bundle whose portraits begin as such (`bundle` of the config's `draft`)."""

    graphs = ("face_mesh", "matte")

    def __init__(self, config: Config) -> None:
        """Raises ConfigError where the folder is no such bundle, or the strength is none."""
        settings = config["draft"]
        self.folder, self.strength = config.resolve(settings["bundle"]), settings["strength"]
        if not 0 < self.strength <= 1:
            raise ConfigError(
                f"{config.path}: `draft.strength` is {self.strength}, expected more than 0, and 1 at most"
            )
        path = self.folder / "manifest.json"
        self.manifest = json.loads(path.read_text()) if path.is_file() else {}
        if "draft" not in self.manifest:
            raise ConfigError(
                f"{self.folder}: no bundle whose portraits begin as drafts, as `draft.bundle` must name one"
            )

    def copy(self, folder: Path) -> None:
        entries = [self.manifest["draft"]["appearance"], *(self.manifest["graphs"][name] for name in self.graphs)]
        for entry in entries:
            shutil.copy(self.folder / entry["file"], folder / entry["file"])

    def add_to(self, manifest: dict) -> None:
        manifest["graphs"] |= {name: self.manifest["graphs"][name] for name in self.graphs}
        manifest["draft"] = {"appearance": self.manifest["draft"]["appearance"], "strength": self.strength}


def write_bundle(config: Config, parts: Parts, folder: Path) -> None:
    """Graphs, tokenizer and, last, the manifest."""
    made, form = graphs(config, parts), form_of(config)
    for key, graph in made.items():
        write_graph(graph, folder / f"{key}.onnx", form)
        size = sum(file.stat().st_size for file in folder.glob(f"{key}.onnx*"))
        print(f"export: {key} {size / 1e6:.1f} MB, equal to PyTorch", flush=True)
    shutil.copy(parts.words.file, folder / "tokenizer.json")
    said = manifest(config, parts, folder, list(made))
    if parts.encoder is not None:
        draft = DraftParts(config)
        draft.copy(folder)
        draft.add_to(said)
    (folder / "manifest.json").write_text(json.dumps(said, indent=2) + "\n")


def form_of(config: Config) -> Form:
    """How the graphs are stored. Raises ConfigError for a form there is not."""
    external = config.get("external_data", False)
    return Form(config.get("precision", Form.precision), external, config["attention"])


def room_needed(parts: Parts) -> int:
    """Bytes of disk while the bundle is written: the graphs, and the largest of them once more as it was traced."""
    count = lambda module: sum(value.numel() for value in module.parameters()) * 4  # noqa: E731
    model = count(parts.model)
    return 2 * model + count(parts.vision) + count(parts.autoencoder)


def memory_needed(config: Config, folder: BaseFolder) -> int:
    """Bytes of memory, by the headers of the weight files: everything in fp32, and the U-Net with its adapters twice
    more while it is traced and compared (16.0 GiB were measured for sd21, where this says 15.3)."""
    values = [
        sum(math.prod(entry["shape"]) for entry in check_safetensors(folder.weights(place)).values())
        for place in (folder.base / "unet", folder.base / "vae", folder.base / "text_encoder", folder.vision)
    ]
    adapted = config.get("family", "idadapter") == "idadapter"
    adapters = sum(count_trained(shapes_only(config)[0]).values()) if adapted else 0
    return 4 * (sum(values) + adapters + 2 * (values[0] + adapters))


def run(config: Config) -> None:
    """Write the bundle into `out`, complete or not at all."""
    out = config.resolve(config["out"])
    form_of(config)
    if config.get("draft", None):
        DraftParts(config)
    folder = base_folder(config)
    folder.check(config)
    require_memory(torch.device("cpu"), memory_needed(config, folder), "the export")
    parts = open_parts(config)
    require_disk(out, room_needed(parts), "the bundle")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as name:
        beside = Path(name)
        write_bundle(config, parts, beside)
        out.mkdir(parents=True, exist_ok=True)
        for file in beside.iterdir():
            file.chmod(0o644)
            file.replace(out / file.name)
    print(f"export: {out}, {sum(file.stat().st_size for file in out.iterdir()) / 1e6:.1f} MB")
