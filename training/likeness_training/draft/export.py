"""Stage `draft_export`: the finisher, the face networks, the appearance model and the renderers to a bundle."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import datetime, timezone
from pathlib import Path

import torch
import torch.nn.functional as F

from ..data.captions import CLASS_WORDS, EXPRESSIONS, HEIGHTS, SIDES, STYLE_FORMS, STYLE_WORDS, SUBJECTS, TILTS, listed
from ..data.tokenizer import END, PAD, SKS, START, load_tokenizer
from ..export import commit
from ..graphs import round_to_half
from ..mediapipe_graphs import mediapipe_graphs
from ..models.recogniser import Recogniser
from ..onnx_files import Graph, digest, file_entry, graph_entry, write_graph
from .finisher import Finisher
from .graphs import BgrVisionEncoder, FinisherIdentity, FinisherText, FinisherUnetGraph, example_inputs

PLACES = 4
FRAMINGS: dict[str, tuple[str, ...]] = {
    "close-up": ("close-up", "close up", "closeup", "from close by", "only the face"),
    "head and shoulders": ("head and shoulders", "shoulders", "from farther away", "bust"),
}


def vocabulary(styles: list[str]) -> dict:
    """What a draft can show: each phrase of it is obeyed. `styles`: labels that have a renderer."""
    expressions = {label: words for label, words in EXPRESSIONS.items() if label != "disgusted"}
    drawn = {label: STYLE_WORDS[label] for label in ("photo", *styles) if label in STYLE_WORDS}
    tables = (expressions, SIDES, HEIGHTS, TILTS, drawn, FRAMINGS)
    phrases = [phrase for table in tables for words in table.values() for phrase in words]
    phrases += [form.replace("{style}", "").replace("{class}", "") for form in (*SUBJECTS, *STYLE_FORMS)]
    words = {word for phrase in phrases for word in phrase.replace(",", " ").split()} | set(CLASS_WORDS) | {"is", "sks", "and", "the", "with", "of"}
    return {
        "words": sorted(words),
        "expressions": listed(expressions),
        "sides": listed(SIDES),
        "heights": listed(HEIGHTS),
        "tilts": listed(TILTS),
        "styles": listed(drawn),
        "framings": listed(FRAMINGS),
    }


def graphs(finisher: Finisher, recogniser: Recogniser, size: int, length: int, end_id: int) -> dict[str, Graph]:
    torch.manual_seed(0)
    vision, identity, text, unet = BgrVisionEncoder(recogniser), FinisherIdentity(finisher), FinisherText(finisher), FinisherUnetGraph(finisher)
    images = {"images": torch.randint(0, 256, (PLACES, 3, 112, 112)).float()}
    with torch.no_grad():
        tokens, classes, faces = vision(images["images"])
        photos = {"patch_tokens": tokens.reshape(1, -1, 512), "class_embedding": classes.mean(0, keepdim=True), "face_embedding": F.normalize(faces.mean(0, keepdim=True), dim=1)}
        person = dict(zip(identity.names, identity(*photos.values())))
        ids = torch.randint(4, 400, (1, length))
        ids[0, -1] = end_id
        words = {"input_ids": ids, "sks_embedding": person["sks_embedding"]}
        given = {**example_inputs(size), **person, **dict(zip(text.names, text(*words.values())))}
    return {
        "vision_encoder": Graph(vision, images, list(vision.names)),
        "identity": Graph(identity, photos, identity.names),
        "text_encoder": Graph(text, words, text.names),
        "unet": Graph(unet, {name: given[name] for name in unet.names}, ["prediction"]),
    }


def run_export(config: dict, work: Path, faces: Path, mediapipe: Path, styles: Path, tokenizer_file: Path, out: Path) -> None:
    tokenizer = load_tokenizer(tokenizer_file)
    length = config["text"]["max_position_embeddings"]
    finisher = Finisher(config, tokenizer.token_to_id(SKS), tokenizer.token_to_id(END))
    state = torch.load(work / "finisher.pt", weights_only=False)
    finisher.load_state_dict(state["average"])
    recogniser = Recogniser(faces / "fr_feature.onnx")
    for part in (finisher, recogniser):
        part.eval().to(memory_format=torch.contiguous_format)
        round_to_half(part)
    made = graphs(finisher, recogniser, config["size"], length, tokenizer.token_to_id(END)) | mediapipe_graphs(mediapipe)
    with tempfile.TemporaryDirectory(dir=out.parent) as name:
        folder = Path(name)
        for key, graph in made.items():
            write_graph(graph, folder / f"{key}.onnx")
        for file, source in (("tokenizer.json", tokenizer_file), ("appearance.safetensors", work / "appearance.safetensors")):
            shutil.copy(source, folder / file)
        renderers = {}
        for entry in json.loads((styles / "styles.json").read_text()):
            if entry["label"] in STYLE_WORDS:
                shutil.copy(styles / entry["file"], folder / entry["file"])
                renderers[entry["label"]] = graph_entry(folder / entry["file"])
        manifest = {
            "format": 1,
            "name": config["bundle"],
            "version": config["version"],
            "image": {"size": 512},
            "latents": {"channels": 4, "size": config["size"]},
            "diffusion": {
                **{"schedule": "scaled_linear", "betaStart": 0.00085, "betaEnd": 0.0225, "trainTimesteps": 1000, "prediction": "sample", "sampler": "lcm"},
                **{"timesteps": config["timesteps"], "steps": config["steps"], "guidanceScale": 1, "candidatesPerPortrait": 2, "timestepSpacing": "trailing", "batch": 1},
            },
            "references": {"count": PLACES, "size": 112},
            "recogniser": {"order": "bgr"},
            "text": {
                "tokenizer": "tokenizer.json",
                "length": length,
                "sksToken": SKS,
                **{key: tokenizer.token_to_id(token) for key, token in {"sksTokenId": SKS, "padTokenId": PAD, "startTokenId": START, "endTokenId": END}.items()},
                "template": "{prompt}, {class} is sks",
                "classWords": list(CLASS_WORDS),
            },
            "upscale": {"factor": 1, "filter": "lanczos3"},
            "graphs": {key: graph_entry(folder / f"{key}.onnx") for key in made},
            "draft": {"appearance": file_entry(folder / "appearance.safetensors")},
            "renderers": renderers,
            "tokenizerSha256": digest(folder / "tokenizer.json"),
            "vocabulary": vocabulary(list(renderers)),
            "provenance": {"commit": commit(), "trainedAt": datetime.now(timezone.utc).strftime("%Y-%m-%d"), "samples": state["samples"], "precision": "fp16-weights"},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
        out.mkdir(parents=True, exist_ok=True)
        for file in folder.iterdir():
            file.chmod(0o644)
            file.replace(out / file.name)
    print(f"export: {out}, {sum(file.stat().st_size for file in out.iterdir() if file.is_file()) / 1e6:.1f} MB, {state['samples']} samples")


if __name__ == "__main__":
    import argparse

    import yaml

    parser = argparse.ArgumentParser(description=__doc__)
    for each in ("config", "work", "faces", "mediapipe", "styles", "tokenizer", "out"):
        parser.add_argument(each)
    arguments = parser.parse_args()
    settings = yaml.safe_load(Path(arguments.config).read_text())
    run_export(settings, *(Path(getattr(arguments, each)) for each in ("work", "faces", "mediapipe", "styles", "tokenizer", "out")))
