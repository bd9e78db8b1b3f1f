"""Stage `export`: finisher, face networks, appearance model and the styles' renderers to a bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

from ..bundle.export import commit
from ..bundle.graphs import round_to_half
from ..bundle.mediapipe_graphs import mediapipe_graphs
from ..bundle.onnx_files import Graph, digest, file_entry, graph_entry, write_graph
from ..config import ConfigError
from ..data.captions import CLASS_WORDS, EXPRESSIONS, HEIGHTS, SIDES, STYLE_WORDS, TILTS, listed, words_of
from ..data.tokenizer import END, PAD, SKS, START, load_tokenizer
from ..models.align import ARCFACE_SIZE
from ..models.recogniser import Recogniser
from .config import ModelSettings, TinyConfig
from .finisher import PICTURE, Finisher
from .graphs import BgrVisionEncoder, FinisherIdentity, FinisherText, FinisherUnetGraph, example_inputs
from .mouth_refiner import CONDITION, HEIGHT, WIDTH, MouthRefiner
from .people import PLACES
from .scene import ACCESSORIES, BACKDROPS, COLOURS, LIGHTS
from .train import BETAS, TRAIN_TIMESTEPS, build_finisher
from .weights import save_committed, trained_weights

DELIVERED = 512
"""Side of a portrait in pixels."""
MOUTHS: dict[str, tuple[str, ...]] = {
    "laughing": (
        "laughing",
        "laugh",
        "grinning",
        "grin",
        "big smile",
        "a big smile",
        "broad smile",
        "wide smile",
        "toothy smile",
        "smiling broadly",
        "smiling with teeth",
        "a smile with teeth",
        "with teeth",
        "showing teeth",
    ),
    "mouth closed": (
        "mouth closed",
        "closed mouth",
        "with a closed mouth",
        "lips closed",
        "closed lips",
        "lips together",
        "without teeth",
        "not showing teeth",
        "closed-mouth smile",
        "closed-lip smile",
        "tight-lipped",
    ),
}
FRAMINGS: dict[str, tuple[str, ...]] = {
    "close-up": ("close-up", "close up", "closeup", "from close by", "only the face"),
    "head and shoulders": ("head and shoulders", "shoulders", "from farther away", "bust"),
}


def expressions() -> dict[str, tuple[str, ...]]:
    """The expressions a draft can show, without the words that ask for a mouth."""
    mouths = {phrase for phrases in MOUTHS.values() for phrase in phrases}
    return {
        label: tuple(word for word in words if word not in mouths)
        for label, words in EXPRESSIONS.items()
        if label != "disgusted"
    }


def vocabulary(styles: list[str]) -> dict:
    """What a draft and what is drawn around it can show: each phrase is obeyed. `styles` are those with a renderer."""
    tables = {
        "expressions": expressions(),
        "mouths": MOUTHS,
        "sides": SIDES,
        "heights": HEIGHTS,
        "tilts": TILTS,
        "styles": {label: STYLE_WORDS[label] for label in ("photo", *styles)},
        "framings": FRAMINGS,
        "accessories": ACCESSORIES,
        "backdrops": BACKDROPS,
        "lights": LIGHTS,
        "colours": COLOURS,
    }
    return {"words": words_of(tables.values()), **{name: listed(table) for name, table in tables.items()}}


def graphs(model: ModelSettings, finisher: Finisher, recogniser: Recogniser) -> dict[str, Graph]:
    """The four graphs of IDAdapter with example inputs of their static shapes."""
    torch.manual_seed(0)
    vision, identity = BgrVisionEncoder(recogniser), FinisherIdentity(finisher)
    text, unet = FinisherText(finisher), FinisherUnetGraph(finisher)
    images = {"images": torch.randint(0, 256, (PLACES, 3, ARCFACE_SIZE, ARCFACE_SIZE)).float()}
    ids = torch.randint(4, model.text.vocab_size, (1, model.text.max_position_embeddings))
    ids[0, -1] = finisher.text.end_id
    with torch.no_grad():
        tokens, classes, faces = vision(images["images"])
        photos = {
            "patch_tokens": tokens.reshape(1, -1, tokens.shape[-1]),
            "class_embedding": classes.mean(0, keepdim=True),
            "face_embedding": F.normalize(faces.mean(0, keepdim=True), dim=1),
        }
        person = dict(zip(identity.names, identity(*photos.values()), strict=True))
        words = {"input_ids": ids, "sks_embedding": person["sks_embedding"]}
        given = {**example_inputs(model.size), **person, **dict(zip(text.names, text(*words.values()), strict=True))}
    return {
        "vision_encoder": Graph(vision, images, list(vision.names)),
        "identity": Graph(identity, photos, identity.names),
        "text_encoder": Graph(text, words, text.names),
        "unet": Graph(unet, {name: given[name] for name in unet.names}, ["prediction"]),
    }


def copy_styles(styles: Path, folder: Path) -> dict[str, dict]:
    """The graphs of the styles that words ask for; their entries of the manifest by label."""
    index = styles / "styles.json"
    if not index.is_file():
        raise ConfigError(f"{index}: run the stage `styles` first")
    renderers = {}
    for entry in json.loads(index.read_text()):
        if entry["label"] in STYLE_WORDS:
            shutil.copy(styles / entry["file"], folder / entry["file"])
            renderers[entry["label"]] = graph_entry(folder / entry["file"])
    return renderers


def diffusion(config: TinyConfig) -> dict:
    """How the finisher is sampled: few steps, its answer the clean picture."""
    first, last = BETAS
    return {
        "schedule": "scaled_linear",
        "betaStart": first,
        "betaEnd": last,
        "trainTimesteps": TRAIN_TIMESTEPS,
        "prediction": "sample",
        "sampler": "lcm",
        "timesteps": list(config.training.timesteps),
        "steps": config.bundle.steps,
        "guidanceScale": 1,
        "candidatesPerPortrait": 1.5,
        "timestepSpacing": "trailing",
        "batch": 1,
    }


def text_entry(tokenizer: Tokenizer, length: int) -> dict:
    tokens = {"sksTokenId": SKS, "padTokenId": PAD, "startTokenId": START, "endTokenId": END}
    return {
        "tokenizer": "tokenizer.json",
        "length": length,
        "sksToken": SKS,
        **{key: tokenizer.token_to_id(token) for key, token in tokens.items()},
        "template": "{prompt}, {class} is sks",
        "classWords": list(CLASS_WORDS),
    }


def manifest(
    config: TinyConfig, folder: Path, made: Iterable[str], renderers: dict[str, dict], samples: Samples
) -> dict:
    """Of the files that lie in `folder`."""
    tokenizer = load_tokenizer(folder / "tokenizer.json")
    return {
        "format": 1,
        "name": config.bundle.name,
        "version": config.bundle.version,
        "image": {"size": DELIVERED},
        "latents": {"channels": PICTURE, "size": config.model.size},
        "diffusion": diffusion(config),
        "references": {"count": PLACES, "size": ARCFACE_SIZE},
        "recogniser": {"order": "bgr"},
        "text": text_entry(tokenizer, config.model.text.max_position_embeddings),
        "upscale": {"factor": 1, "filter": "lanczos3"},
        "graphs": {key: graph_entry(folder / f"{key}.onnx") for key in made},
        "draft": {"appearance": file_entry(folder / "appearance.safetensors")},
        "renderers": renderers,
        "tokenizerSha256": digest(folder / "tokenizer.json"),
        "vocabulary": vocabulary(list(renderers)),
        "provenance": {
            "commit": commit(),
            "trainedAt": datetime.now(UTC).strftime("%Y-%m-%d"),
            "samples": samples.finisher,
            "mouthSamples": samples.mouth_refiner,
            "precision": "fp16-weights",
        },
    }


@dataclass(frozen=True)
class Samples:
    """How many each network was trained on."""

    finisher: int
    mouth_refiner: int


def write_bundle(config: TinyConfig, networks: tuple[Finisher, MouthRefiner], samples: Samples, folder: Path) -> None:
    """Graphs, tokenizer, appearance model, renderers and, last, the manifest."""
    paths, (finisher, refiner) = config.paths, networks
    recogniser = Recogniser(paths.face_models / "fr_feature.onnx")
    for part in (finisher, refiner, recogniser):
        part.eval().to(memory_format=torch.contiguous_format)
        round_to_half(part)
    made = graphs(config.model, finisher, recogniser) | mediapipe_graphs(paths.mediapipe)
    mouth = {"mouth": torch.rand(1, CONDITION, HEIGHT, WIDTH)}
    made["mouth_refiner"] = Graph(refiner, mouth, ["painted"])
    for key, graph in made.items():
        write_graph(graph, folder / f"{key}.onnx")
    shutil.copy(paths.tokenizer, folder / "tokenizer.json")
    shutil.copy(paths.appearance, folder / "appearance.safetensors")
    renderers = copy_styles(paths.styles, folder)
    text = json.dumps(manifest(config, folder, made, renderers, samples), indent=2)
    (folder / "manifest.json").write_text(f"{text}\n")


def run(config: TinyConfig) -> None:
    """Write the bundle into `out`, complete or not at all, and the weights that are committed."""
    paths = config.paths
    finisher = build_finisher(config, load_tokenizer(paths.tokenizer))
    refiner = MouthRefiner(config.mouth.widths, config.mouth.blocks)
    trained = [
        ("finisher", finisher, paths.checkpoint, paths.weights),
        ("mouth_refiner", refiner, paths.mouth_checkpoint, paths.mouth_weights),
    ]
    states = [trained_weights(name, checkpoint, weights) for name, _, checkpoint, weights in trained]
    for (_, network, _, _), (average, _, _) in zip(trained, states, strict=True):
        network.load_state_dict(average)
    samples = Samples(*(seen for _, _, seen in states))
    paths.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=paths.out.parent) as name:
        folder = Path(name)
        write_bundle(config, (finisher, refiner), samples, folder)
        paths.out.mkdir(parents=True, exist_ok=True)
        named = {file.name for file in folder.iterdir()}
        for file in folder.iterdir():
            file.chmod(0o644)
            file.replace(paths.out / file.name)
        for former in paths.out.glob("*.onnx"):
            if former.name not in named:
                former.unlink()
    for (name, _, checkpoint, weights), state in zip(trained, states, strict=True):
        if checkpoint.is_file():
            save_committed(weights, name, *state)
    size = sum(file.stat().st_size for file in paths.out.iterdir() if file.is_file())
    print(f"export: {paths.out}, {size / 1e6:.1f} MB, {samples.finisher} and {samples.mouth_refiner} samples")
