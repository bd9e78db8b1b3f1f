"""The shrunk twin of the full size, from a trained checkpoint to a bundle: every form of it, and what is refused."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from conftest import ROOT
from served import portrait

from likeness_training.bundle.export import graphs, run
from likeness_training.bundle.onnx_files import Form, Graph, data_file, write_graph
from likeness_training.bundle.parts import open_parts
from likeness_training.config import Config, ConfigError, load_config
from likeness_training.data.base_folder import base_folder
from likeness_training.models.paper_checkpoint import save_trained
from likeness_training.models.size import build_model, trained

SMALL = load_config(ROOT / "configs/sd21-smoke/export.yaml")


@pytest.fixture(scope="module")
def settings(sd21_base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """A checkpoint whose gates are open."""
    folder = tmp_path_factory.mktemp("export")
    values = {**SMALL.values, "base": str(sd21_base), "work": str(folder), "out": str(folder / "bundle")}
    config = Config(SMALL.path, values)
    prompts = base_folder(config).prompts(config)
    torch.manual_seed(3)
    state = {
        name: value + 0.5 if "alpha" in name else value
        for name, value in trained(build_model(config, prompts.sks_id, prompts.end_id))
    }
    save_trained(folder / "identity.safetensors", state, config)
    return values


@pytest.fixture(scope="module")
def bundle(settings: dict) -> Path:
    run(Config(SMALL.path, settings))
    return Path(settings["out"])


def test_every_file_is_as_the_manifest_says_with_static_shapes_and_provenance(bundle: Path, settings: dict) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text())
    named = {"manifest.json", "tokenizer.json"}
    for entry in manifest["graphs"].values():
        for file in (entry, entry["data"]):
            data = (bundle / file["file"]).read_bytes()
            assert (hashlib.sha256(data).hexdigest(), len(data)) == (file["sha256"], file["bytes"])
            named.add(file["file"])
        assert all(size > 0 for port in entry["inputs"] + entry["outputs"] for size in port["shape"])
    assert {path.name for path in bundle.iterdir()} == named
    trained_file = (Path(settings["work"]) / "identity.safetensors").read_bytes()
    assert manifest["provenance"]["sources"]["identity"] == hashlib.sha256(trained_file).hexdigest()
    config = Config(SMALL.path, settings)
    assert manifest["text"]["sksTokenId"] == base_folder(config).prompts(config).sks_id
    assert manifest["vocabulary"]["open"] is True


def test_the_vision_encoder_sees_one_photo_at_a_time(bundle: Path) -> None:
    """So that a photo that fills all four places is encoded once."""
    manifest = json.loads((bundle / "manifest.json").read_text())
    (images,) = manifest["graphs"]["vision_encoder"]["inputs"]
    photos = {port["name"]: port["shape"] for port in manifest["graphs"]["identity"]["inputs"]}
    assert (manifest["references"]["count"], images["shape"]) == (4, [1, 3, 56, 56])
    assert photos["patch_tokens"] == [1, 4 * 16, 32]


def test_keys_and_values_of_all_16_blocks_come_from_outside(bundle: Path) -> None:
    graphs = json.loads((bundle / "manifest.json").read_text())["graphs"]
    names = lambda graph, side: {entry["name"] for entry in graphs[graph][side]}  # noqa: E731
    given = names("identity", "outputs") | names("text_encoder", "outputs")
    asked = names("unet", "inputs") - {"latents", "timestep", "beta"}
    assert len(asked) == 64 and asked <= given


@pytest.fixture(scope="module")
def gpu_bundle(settings: dict, bundle: Path) -> Path:
    """As a GPU is served: keys and values inside the U-Net, attention as one operator; of the same weights."""
    out = Path(settings["work"]) / "gpu"
    run(Config(SMALL.path, {**settings, "out": str(out), "attention": "fused", "cached": False}))
    return out


def test_a_gpu_is_handed_the_tokens_alone_and_every_attention_is_one_operator(gpu_bundle: Path) -> None:
    graphs = json.loads((gpu_bundle / "manifest.json").read_text())["graphs"]
    asked = {entry["name"]: entry["shape"] for entry in graphs["unet"]["inputs"]}
    assert asked["identity_tokens"] == [1, 65, 32] and asked["text_tokens"] == [1, 77, 32] and len(asked) == 5
    assert [entry["name"] for entry in graphs["text_encoder"]["outputs"]] == ["text_tokens"]
    nodes = [node.op_type for node in onnx.load(str(gpu_bundle / "unet.onnx"), load_external_data=False).graph.node]
    assert nodes.count("MultiHeadAttention") == 3 * 16 and "Softmax" not in nodes


def test_both_forms_of_a_bundle_give_the_same_prediction(bundle: Path, gpu_bundle: Path) -> None:
    source = np.random.default_rng(0)
    faces = source.integers(0, 256, (4, 1, 3, 56, 56)).astype(np.float32)
    given = {
        "face_embedding": source.standard_normal((1, 512)).astype(np.float32),
        "input_ids": source.integers(4, 600, (1, 77)),
        "latents": source.standard_normal((2, 4, 8, 8)).astype(np.float32),
        "timestep": np.array([500], np.float32),
        "beta": np.array([0.8], np.float32),
    }
    predictions = []
    for folder in (bundle, gpu_bundle):
        values = dict(given)
        vision = onnxruntime.InferenceSession(str(folder / "vision_encoder.onnx"))
        seen = [vision.run(["patch_tokens", "class_embedding"], {"images": face}) for face in faces]
        values["patch_tokens"] = np.concatenate([patches for patches, _ in seen], 1)
        values["class_embedding"] = np.mean([classes for _, classes in seen], 0)
        for name in ("identity", "text_encoder", "unet"):
            session = onnxruntime.InferenceSession(str(folder / f"{name}.onnx"))
            outputs = session.run(None, {port.name: values[port.name] for port in session.get_inputs()})
            values |= dict(zip((port.name for port in session.get_outputs()), outputs, strict=True))
        predictions.append(values["prediction"])
    assert np.abs(predictions[0] - predictions[1]).max() < 1e-4 * np.abs(predictions[0]).max()


def test_both_forms_are_served(bundle: Path, gpu_bundle: Path, tmp_path: Path) -> None:
    assert portrait(bundle, tmp_path / "cpu") == (64, 64, 3)
    assert portrait(gpu_bundle, tmp_path / "gpu") == (64, 64, 3)


def test_portraits_may_begin_as_drafts(settings: dict, tmp_path: Path) -> None:
    draft = {"bundle": str(ROOT.parent / "models/tiny"), "strength": 0.7}
    out = tmp_path / "bundle"
    config = Config(SMALL.path, {**settings, "draft": draft, "out": str(out)})
    run(config)
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["draft"]["strength"] == 0.7
    for entry in (manifest["draft"]["appearance"], *(manifest["graphs"][name] for name in ("face_mesh", "matte"))):
        assert hashlib.sha256((out / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]
    vae, image = base_folder(config).load_vae(), torch.rand(2, 3, 64, 64) * 2 - 1
    session = onnxruntime.InferenceSession(str(out / "encoder.onnx"))
    (latents,) = session.run(None, {"image": image.numpy()})
    with torch.no_grad():
        expected = vae.encode(image).latent_dist.mean * vae.config.scaling_factor
    assert np.abs(latents - expected.numpy()).max() < 1e-4
    assert portrait(out, tmp_path) == (64, 64, 3)


def test_the_trained_weights_are_in_it(settings: dict) -> None:
    config = Config(SMALL.path, settings)
    with_them, without = open_parts(config), open_parts(Config(SMALL.path, {**settings, "checkpoint": None}))
    assert all(value.item() == 0.5 for name, value in with_them.model.named_parameters() if "alpha" in name)
    assert all(value.item() == 0.0 for name, value in without.model.named_parameters() if "alpha" in name)
    assert without.sources["identity"] is None


@pytest.mark.parametrize("precision", ["fp16-weights", "fp16"])
def test_half_precision_takes_and_gives_fp32_in_half_the_bytes(
    settings: dict, bundle: Path, tmp_path: Path, precision: str
) -> None:
    config = Config(SMALL.path, {**settings, "precision": precision})
    write_graph(
        graphs(config, open_parts(config))["decoder"], tmp_path / "decoder.onnx", Form(precision, external=True)
    )
    assert data_file(tmp_path / "decoder.onnx").stat().st_size < 0.55 * (bundle / "decoder.onnx.data").stat().st_size
    graph = onnx.load(str(tmp_path / "decoder.onnx"), load_external_data=False).graph
    assert {value.type.tensor_type.elem_type for value in (*graph.input, *graph.output)} == {onnx.TensorProto.FLOAT}
    multiplied = {name for node in graph.node if node.op_type in ("Conv", "MatMul", "Gemm") for name in node.input}
    halves = {item.name for item in graph.initializer if item.data_type == onnx.TensorProto.FLOAT16}
    assert bool(multiplied & halves) == (precision == "fp16"), "who computes in fp16"


def test_at_beta_zero_a_graph_is_bit_for_bit_the_one_without_adapters(
    settings: dict, bundle: Path, tmp_path: Path
) -> None:
    """The base alone exported in the same way: its gates are shut, so that its adapters add nothing."""
    config = Config(SMALL.path, {**settings, "checkpoint": None})
    write_graph(graphs(config, open_parts(config))["unet"], tmp_path / "unet.onnx", Form("fp32"))
    session = onnxruntime.InferenceSession(str(bundle / "unet.onnx"))
    other = onnxruntime.InferenceSession(str(tmp_path / "unet.onnx"))
    source = np.random.default_rng(0)
    inputs = {item.name: source.standard_normal(item.shape).astype(np.float32) for item in session.get_inputs()}
    inputs["timestep"] = np.array([500], np.float32)
    at = lambda beta, of: of.run(None, inputs | {"beta": np.array([beta], np.float32)})[0]  # noqa: E731
    assert np.array_equal(at(0, session), at(1, other))
    assert not np.array_equal(at(1, session), at(0, session))


def test_a_graph_that_differs_from_pytorch_is_not_kept(tmp_path: Path) -> None:
    class Drifting(torch.nn.Module):
        """Other numbers at each call."""

        calls = 0.0

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            self.calls += 1
            return x * self.calls

    with pytest.raises(ConfigError, match="differs from PyTorch"):
        write_graph(Graph(Drifting(), {"x": torch.ones(4)}, ["y"]), tmp_path / "x.onnx", Form("fp32"))


def test_large_weights_lie_on_pages_beside_the_graph(tmp_path: Path) -> None:
    layer = torch.nn.Sequential(torch.nn.Linear(3, 700), torch.nn.Linear(700, 700))
    write_graph(Graph(layer, {"x": torch.rand(1, 3)}, ["y"]), tmp_path / "x.onnx", Form("fp32", external=True))
    graph = onnx.load(str(tmp_path / "x.onnx"), load_external_data=False).graph
    places = {item.name: {entry.key: entry.value for entry in item.external_data} for item in graph.initializer}
    assert sorted(int(place["offset"]) % 4096 for place in places.values() if int(place.get("length", 0)) >= 2**20) == [
        0
    ]
    assert data_file(tmp_path / "x.onnx").stat().st_size > 700 * 700 * 4


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"precision": "int4"}, "expected one of fp32, fp16-weights, fp16"),
        ({"draft": {"bundle": "configs", "strength": 0.5}}, "no bundle whose portraits begin as drafts"),
        ({"draft": {"bundle": "../models/tiny", "strength": 1.5}}, "expected more than 0, and 1 at most"),
        ({"attention": "flash"}, "`attention` is 'flash', expected one of matmul, fused"),
        ({"base": None}, "no base model: give a local diffusers folder with --base"),
        ({"checkpoint": "nowhere.safetensors"}, "not trained yet"),
        ({"references": 3}, "a checkpoint of another config: `references`"),
    ],
)
def test_what_cannot_be_exported_is_said(settings: dict, tmp_path: Path, change: dict, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        run(Config(SMALL.path, {**settings, "out": str(tmp_path / "bundle"), **change}))
    assert not (tmp_path / "bundle").exists()
