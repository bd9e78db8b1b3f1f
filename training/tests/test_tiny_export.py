"""A toy finisher's bundle: the graphs together are the finisher, the manifest says what lies beside it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn

from likeness_training.bundle.graphs import round_to_half
from likeness_training.bundle.onnx_files import Graph, write_graph
from likeness_training.config import ConfigError
from likeness_training.data.tokenizer import SKS, id_of, load_tokenizer
from likeness_training.draft import export
from likeness_training.draft.config import TinyConfig
from likeness_training.draft.finisher import CONDITION, PICTURE, Critic, Finisher
from likeness_training.draft.mouth_refiner import HEIGHT, WIDTH, MouthCritic, MouthRefiner
from likeness_training.draft.stages import STAGES
from likeness_training.draft.train import build_finisher
from likeness_training.draft.weights import load_committed
from likeness_training.models.idadapter import References
from likeness_training.models.recogniser import Recogniser

WORDS = {"pencil sketch", "watercolour"}


Network = TypeVar("Network", bound=nn.Module)


def without_zeros(network: Network) -> Network:
    """No weight of it is 0, and all fit fp16."""
    for value in network.parameters():
        if value.ndim and not value.any():
            nn.init.normal_(value, std=0.05)
    round_to_half(network)
    return network.eval()


def toy_finisher(config: TinyConfig) -> Finisher:
    torch.manual_seed(5)
    return without_zeros(build_finisher(config, load_tokenizer(config.paths.tokenizer)))


def toy_refiner(config: TinyConfig) -> MouthRefiner:
    torch.manual_seed(6)
    return without_zeros(MouthRefiner(config.mouth.widths, config.mouth.blocks))


@pytest.fixture(scope="module")
def trained(toy: TinyConfig, tmp_path_factory: pytest.TempPathFactory) -> TinyConfig:
    """A work folder with a checkpoint, an appearance model and two renderers; nothing of MediaPipe in the bundle."""
    folder = tmp_path_factory.mktemp("export")
    weights, mouth_weights = folder / "finisher.safetensors", folder / "mouth_refiner.safetensors"
    work, out = folder / "work", folder / "bundle"
    paths = replace(toy.paths, work=work, out=out, weights=weights, mouth_weights=mouth_weights)
    config = replace(toy, paths=paths)
    paths.styles.mkdir(parents=True)
    torch.save(
        {"average": toy_finisher(config).state_dict(), "critic": Critic().state_dict(), "samples": 77}, paths.checkpoint
    )
    torch.save(
        {"average": toy_refiner(config).state_dict(), "critic": MouthCritic().state_dict(), "samples": 55},
        paths.mouth_checkpoint,
    )
    paths.appearance.write_bytes(b"means and components")
    rows = []
    for label in (*sorted(WORDS), "no word asks for it"):
        file = paths.styles / f"{label.replace(' ', '-')}.onnx"
        write_graph(Graph(torch.nn.Identity(), {"image": torch.rand(1, 3, 4, 4)}, ["styled"]), file)
        rows.append({"label": label, "file": file.name})
    (paths.styles / "styles.json").write_text(json.dumps(rows))
    paths.out.mkdir()
    (paths.out / "former.onnx").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "mediapipe_graphs", lambda folder: {})
        export.run(config)
    return config


def test_the_graphs_together_are_the_finisher(trained: TinyConfig) -> None:
    out, model = trained.paths.out, trained.model
    opened = {
        name: onnxruntime.InferenceSession(str(out / f"{name}.onnx"))
        for name in ("vision_encoder", "identity", "text_encoder", "unet")
    }

    def run(name: str, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        session = opened[name]
        inputs = {port.name: given[port.name] for port in session.get_inputs()}
        return dict(zip((port.name for port in session.get_outputs()), session.run(None, inputs), strict=True))

    source = np.random.default_rng(0)
    images = source.integers(0, 256, (4, 3, 112, 112)).astype(np.float32)
    seen = run("vision_encoder", {"images": images})
    recogniser = Recogniser(trained.paths.face_models / "fr_feature.onnx")
    round_to_half(recogniser)
    with torch.no_grad():
        expected = recogniser(torch.from_numpy(images).flip(1)).numpy()
    assert np.abs(seen["face_embedding"] - expected).max() < 2e-3, "read in BGR"
    face = seen["face_embedding"].mean(0, keepdims=True)
    photos = {
        "patch_tokens": seen["patch_tokens"].reshape(1, -1, 512),
        "class_embedding": seen["class_embedding"].mean(0, keepdims=True),
        "face_embedding": face / np.linalg.norm(face),
    }
    person = run("identity", photos)
    ids = np.zeros((1, model.text.max_position_embeddings), np.int64)
    ids[0, :4] = 1, id_of(load_tokenizer(trained.paths.tokenizer), SKS), 40, 2
    given = {
        "input_ids": ids,
        "latents": source.standard_normal((1, PICTURE, model.size, model.size)).astype(np.float32),
        "draft": source.random((1, CONDITION, model.size, model.size)).astype(np.float32),
        "timestep": np.array([400], np.float32),
        "beta": np.array([0.6], np.float32),
        **person,
    }
    found = run("unet", {**given, **run("text_encoder", given)})["prediction"]
    tensors = {name: torch.from_numpy(value) for name, value in {**given, **photos}.items()}
    references = References(tensors["patch_tokens"], tensors["class_embedding"], tensors["face_embedding"])
    with torch.no_grad():
        expected = toy_finisher(trained)(
            tensors["latents"], tensors["draft"], tensors["timestep"], tensors["input_ids"], references, tensors["beta"]
        ).numpy()
    assert np.abs(found - expected).max() < 2e-3 * max(1, np.abs(expected).max())


def test_the_graph_of_the_mouth_refiner_is_the_refiner(trained: TinyConfig) -> None:
    told = np.random.default_rng(1).random((1, 8, HEIGHT, WIDTH), np.float32)
    session = onnxruntime.InferenceSession(str(trained.paths.out / "mouth_refiner.onnx"))
    (found,) = session.run(["painted"], {"mouth": told})
    with torch.no_grad():
        expected = toy_refiner(trained)(torch.from_numpy(told)).numpy()
    assert np.abs(found - expected).max() < 2e-3


def test_the_manifest_says_what_lies_beside_it(trained: TinyConfig) -> None:
    out = trained.paths.out
    manifest = json.loads((out / "manifest.json").read_text())
    entries = [*manifest["graphs"].values(), *manifest["renderers"].values(), manifest["draft"]["appearance"]]
    for entry in entries:
        data = (out / entry["file"]).read_bytes()
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (entry["sha256"], entry["bytes"])
    assert {path.name for path in out.iterdir()} == {entry["file"] for entry in entries} | {
        "manifest.json",
        "tokenizer.json",
    }
    assert set(manifest["renderers"]) == WORDS
    assert set(manifest["vocabulary"]["styles"]) == {"photo", *WORDS}
    assert (manifest["provenance"]["samples"], manifest["provenance"]["mouthSamples"]) == (77, 55)
    assert manifest["diffusion"]["timesteps"] == [999, 400] and manifest["recogniser"] == {"order": "bgr"}
    phrases = [phrase for words in manifest["vocabulary"]["expressions"].values() for phrase in words]
    assert {word for phrase in phrases for word in phrase.split()} <= set(manifest["vocabulary"]["words"])


def test_the_committed_weights_are_the_checkpoints_and_give_the_same_bundle(
    trained: TinyConfig, tmp_path: Path
) -> None:
    state, critic, samples = load_committed(trained.paths.weights, "finisher")
    assert samples == 77 and critic.keys() == Critic().state_dict().keys()
    expected = toy_finisher(trained).state_dict()
    assert all(torch.equal(value, expected[name]) for name, value in state.items()) and state.keys() == expected.keys()
    assert STAGES["export"].is_done(trained)
    assert not STAGES["export"].is_done(replace(trained, paths=replace(trained.paths, out=tmp_path)))


def test_what_is_missing_is_named(trained: TinyConfig, tmp_path: Path) -> None:
    paths = replace(trained.paths, work=tmp_path, weights=tmp_path / "weights.safetensors", out=tmp_path / "bundle")
    with pytest.raises(ConfigError, match="finisher.pt: not trained yet; run the stage `finisher` first"):
        export.run(replace(trained, paths=paths))
    with pytest.raises(ConfigError, match="styles.json: run the stage `styles` first"):
        export.copy_styles(tmp_path, tmp_path)
    assert not (tmp_path / "bundle").exists()
