"""Every stage, run as its command on drawn faces."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from conftest import ROOT, run_stage


def test_bundle_is_complete_and_its_hashes_hold(smoke: Path) -> None:
    manifest = json.loads((smoke / "bundle" / "manifest.json").read_text())
    assert set(manifest["graphs"]) == {"vision_encoder", "identity", "text_encoder", "unet", "decoder", "upscaler"}
    for entry in manifest["graphs"].values():
        data = (smoke / "bundle" / entry["file"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert len(data) == entry["bytes"]


def test_every_other_input_of_the_unet_is_an_output_of_identity_or_text(smoke: Path) -> None:
    graphs = json.loads((smoke / "bundle" / "manifest.json").read_text())["graphs"]
    names = lambda graph, side: {entry["name"] for entry in graphs[graph][side]}  # noqa: E731
    given = names("identity", "outputs") | names("text_encoder", "outputs")
    assert names("unet", "inputs") - {"latents", "timestep", "beta"} <= given


def test_beta_zero_is_the_base_model_whoever_the_person_is(smoke: Path) -> None:
    session = onnxruntime.InferenceSession(str(smoke / "bundle" / "unet.onnx"), providers=["CPUExecutionProvider"])

    def inputs(person: int) -> dict[str, np.ndarray]:
        values = {}
        for item in session.get_inputs():
            source = np.random.default_rng(person) if item.name.startswith(("identity", "draft")) else np.random.default_rng(9)
            values[item.name] = source.standard_normal(item.shape).astype(np.float32)
        return values | {"timestep": np.array([500], np.float32), "beta": np.array([0], np.float32)}

    one, other = (session.run(None, inputs(person))[0] for person in (1, 2))
    assert np.array_equal(one, other)
    told = session.run(None, inputs(1) | {"beta": np.array([1], np.float32)})[0]
    assert np.abs(told - one).max() > 0


def test_a_stage_resumes_from_its_checkpoint(smoke: Path, tmp_path: Path) -> None:
    for part in ("data", "autoencoder"):
        shutil.copytree(smoke / "work" / part, tmp_path / part)
    config = tmp_path / "autoencoder.yaml"
    text = (smoke / "configs" / "autoencoder.yaml").read_text()
    config.write_text(text.replace(str(smoke / "work"), str(tmp_path)).replace("samples: 24", "samples: 32"))
    done = run_stage("autoencoder", config)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "resumed at 24 samples" in done.stdout
    assert torch.load(tmp_path / "autoencoder" / "checkpoint.pt", weights_only=False)["done"] == 32


def test_the_decoder_learns_on_while_latents_stay_as_they_are(smoke: Path) -> None:
    before = torch.load(smoke / "work" / "autoencoder" / "checkpoint.pt", weights_only=False)["average"]["values"]
    after = torch.load(smoke / "work" / "autoencoder.pt", weights_only=True)
    moved = {name for name, value in after.items() if not torch.equal(value, before[name])} - {"shift", "scale"}
    assert moved and all(name.startswith("decoder.") for name in moved)


def test_the_student_answers_in_its_few_steps(smoke: Path) -> None:
    log = [json.loads(line) for line in (smoke / "work" / "identity-student" / "log.jsonl").read_text().splitlines()]
    asked = [row for row in log if "prompt" in row]
    assert asked and all(-1 <= row["id_sim"] <= 1 and 0 <= row["found"] <= 1 for row in asked)
    student, teacher = (torch.load(smoke / "work" / f"{name}.pt", weights_only=True) for name in ("student", "identity"))
    moved = {name for name, value in student.items() if not torch.equal(value, teacher[name])}
    assert moved and not any(name.startswith(("mff.", "mean_face.start", "mean_face.fine")) for name in moved)


def test_evaluation_writes_the_metrics(smoke: Path) -> None:
    found = json.loads((smoke / "work" / "evaluation.json").read_text())
    assert found["people"] == 2
    assert 0 <= found["face_found"] <= 1
    assert -1 <= found["id_sim"] <= 1


def test_a_missing_stage_is_one_clear_sentence(smoke: Path, tmp_path: Path) -> None:
    config = tmp_path / "base.yaml"
    config.write_text((smoke / "configs" / "base.yaml").read_text().replace(str(smoke / "work"), str(tmp_path / "empty")))
    done = run_stage("base", config)
    assert done.returncode == 2
    assert done.stderr.strip().splitlines()[-1].endswith("run the stage `data` first")
    assert "Traceback" not in done.stderr


def test_a_fresh_machine_gets_every_weight_back(smoke: Path, tmp_path: Path) -> None:
    config = tmp_path / "export.yaml"
    config.write_text((smoke / "configs" / "export.yaml").read_text().replace(str(smoke / "work"), str(tmp_path / "work")))
    subprocess.run([sys.executable, "-m", "likeness_training.weights", str(config)], cwd=ROOT, check=True)
    for made, trained in (("start.pt", "identity.pt"), ("autoencoder.pt", "autoencoder.pt"), ("teacher.pt", "teacher.pt")):
        restored = torch.load(tmp_path / "work" / made, weights_only=True)
        expected = torch.load(smoke / "work" / trained, weights_only=True)
        assert restored.keys() == expected.keys()
        for name, value in expected.items():
            assert torch.equal(restored[name], value.half().float() if value.is_floating_point() else value), name
