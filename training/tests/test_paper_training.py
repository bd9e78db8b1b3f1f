"""The paper's training, shrunk in width: what it moves, what it drops, and that a resumed run is the run that never
stopped."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from accelerate import Accelerator
from conftest import ROOT
from drawn_portraits import encoders, write_celeba
from safetensors.torch import load_file

from likeness_training.config import Config, ConfigError, load_config
from likeness_training.data.base_folder import base_folder
from likeness_training.data.prepare_portraits import prepare
from likeness_training.models.idadapter import IdAdapter
from likeness_training.models.paper_checkpoint import load_trained, save_trained
from likeness_training.models.size import build_model, build_vision, freeze_base, trained
from likeness_training.train.paper import PaperTraining, check_settings, open_base, run
from likeness_training.train.paper_step import Batch, IdentityLoss, Trainee, Window, aligned, face_window, seen
from likeness_training.train.prepared import Prepared

DATA = load_config(ROOT / "configs/sd21-smoke/data.yaml")
SMALL = load_config(ROOT / "configs/sd21-smoke/identity.yaml")


@pytest.fixture(scope="module")
def settings(sd21_base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Two steps on drawn people, a checkpoint after each."""
    folder = tmp_path_factory.mktemp("paper")
    known = write_celeba(folder / "photos")
    shared = {"base": str(sd21_base), "work": str(folder / "work")}
    data = Config(DATA.path, {**DATA.values, **shared, "photos": str(folder / "photos")})
    prepare(data, encoders(data, known))
    return {**SMALL.values, **shared, "steps": 2, "save_every": 1, "sheet_every": 2, "measure_every": 2}


@pytest.fixture(scope="module")
def finished(settings: dict) -> Path:
    run(Config(SMALL.path, settings))
    return Path(settings["work"])


def test_a_resumed_run_is_bit_for_bit_the_one_that_never_stopped(
    settings: dict, finished: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    shutil.copytree(finished / "prepared", tmp_path / "prepared")
    shutil.copytree(finished / "identity/checkpoint-0000001", tmp_path / "identity/checkpoint-0000001")
    run(Config(SMALL.path, {**settings, "work": str(tmp_path)}))
    assert "resumed at step 1" in capsys.readouterr().out
    for name in ("identity.safetensors", "identity/checkpoint-0000002/trained.safetensors"):
        one, other = load_file(finished / name), load_file(tmp_path / name)
        assert one.keys() == other.keys()
        assert all(torch.equal(value, other[key]) for key, value in one.items()), name
    states = [
        torch.load(place / "identity/checkpoint-0000002/state.pt", weights_only=True)["optimizer"]["state"]
        for place in (finished, tmp_path)
    ]
    assert all(torch.equal(value["exp_avg_sq"], states[1][index]["exp_avg_sq"]) for index, value in states[0].items())


def test_gates_open_and_every_trained_part_is_kept_in_fp32(finished: Path) -> None:
    before, after = (load_file(finished / f"identity/checkpoint-000000{step}/trained.safetensors") for step in (1, 2))
    gates = [value for name, value in after.items() if "alpha" in name]
    assert len(gates) == 32 and all(value != 0 for value in gates)
    assert all(value.dtype == torch.float32 for value in after.values())
    moved = {name for name, value in after.items() if not torch.equal(value, before[name])}
    for mark in (".fuser.attn.to_q", ".attn2.to_k", ".attn2.to_v", "mff.", "sks."):
        assert any(mark in name for name in moved), mark
    assert (finished / "identity/sheet-0000002.png").stat().st_size > 0
    logged = [json.loads(line) for line in (finished / "identity/log.jsonl").read_text().splitlines()]
    assert logged[-1]["gates"] > 0
    average = load_file(finished / "identity.safetensors")
    assert any(not torch.equal(value, after[name]) for name, value in average.items()), (
        "what is handed on is the average"
    )


def test_people_are_measured_with_and_without_the_person(finished: Path) -> None:
    logged = [json.loads(line) for line in (finished / "identity/log.jsonl").read_text().splitlines()]
    measured = {(row["people"], row["beta"]): row for row in logged if "beta" in row}
    assert sorted(measured) == [("train", 0.0), ("train", 1.0), ("val", 0.0), ("val", 1.0)]
    assert all(row["samples"] == 2 * SMALL["batch"] and 0 <= row["found"] <= 1 for row in measured.values())


def test_a_checkpoint_of_another_config_names_the_setting(settings: dict, finished: Path) -> None:
    path = finished / "identity.safetensors"
    assert load_trained(path, Config(SMALL.path, {**settings, "lr": 1.0, "steps": 9}))
    with pytest.raises(ConfigError, match="a checkpoint of another config: `references` is 4, this config's is 3"):
        load_trained(path, Config(SMALL.path, {**settings, "references": 3}))


def test_a_damaged_checkpoint_is_said(settings: dict, tmp_path: Path) -> None:
    save_trained(tmp_path / "x.safetensors", {"mff.x": torch.zeros(4)}, Config(SMALL.path, settings))
    (tmp_path / "x.safetensors").write_bytes((tmp_path / "x.safetensors").read_bytes()[:-1])
    with pytest.raises(ConfigError, match="not whole"):
        load_trained(tmp_path / "x.safetensors", Config(SMALL.path, settings))


@pytest.mark.parametrize(
    ("dropped", "words", "person"),
    [("text", False, True), ("identity", True, False), ("both", False, False), (None, True, True)],
)
def test_what_is_dropped(settings: dict, dropped: str | None, words: bool, person: bool) -> None:
    drop = {"text": 0.0, "identity": 0.0, "both": 0.0} | ({dropped: 1.0} if dropped else {})
    config = Config(SMALL.path, {**settings, "dropout": drop})
    prompts = base_folder(config).prompts(config)
    batch = Prepared(config).draw(prompts, 0, 0, 8)
    empty = torch.tensor(prompts.encode(""))
    assert [(ids != empty).any().item() for ids in batch.ids] == [words] * 8
    assert (batch.beta == float(person)).all()
    assert [(ids == prompts.sks_id).any().item() for ids in batch.ids] == [words and person] * 8


def test_training_may_be_kept_to_a_few_people(settings: dict) -> None:
    few = Prepared(Config(SMALL.path, {**settings, "train_people": 1}))
    assert (
        len({few.rows[i]["person"] for i in few.train})
        == 1
        < len({row["person"] for row in few.rows if row["split"] == "train"})
    )


def test_a_step_draws_the_same_again_and_other_steps_and_processes_draw_others(settings: dict) -> None:
    config = Config(SMALL.path, settings)
    prepared, prompts = Prepared(config), base_folder(config).prompts(config)
    first, again, later, other = (prepared.draw(prompts, *place, 2) for place in ((3, 0), (3, 0), (4, 0), (3, 1)))
    assert torch.equal(first.noise, again.noise)
    assert first.patches is not None and again.patches is not None and torch.equal(first.patches, again.patches)
    assert not torch.equal(first.noise, later.noise) and not torch.equal(first.noise, other.noise)
    parts = first.split(1)
    assert len(parts) == 2 and torch.equal(torch.cat([part.latents for part in parts]), first.latents)
    assert parts[0].references is None and parts[0].patches is not None


def test_what_clip_saw_may_be_kept_or_seen_again(settings: dict) -> None:
    config = Config(SMALL.path, settings)
    prepared, folder = Prepared(config), base_folder(config)
    kept = prepared.draw(folder.prompts(config), 0, 0, 2)
    prepared.has_tokens = False
    pictures = prepared.draw(folder.prompts(config), 0, 0, 2)
    assert pictures.references is not None and pictures.references.shape == (2, 4, 3, 56, 56)
    vision = build_vision(config)
    folder.load_vision(vision)
    for cached, again in zip(seen(vision, kept), seen(vision, pictures), strict=True):
        assert torch.allclose(cached, again, atol=4e-3), "fp16 on the disk"


def test_the_target_of_the_identity_loss_is_the_photo_as_it_is(settings: dict) -> None:
    prepared = Prepared(Config(SMALL.path, settings))
    chosen = [[(3, 0), (3, 2), (5, 1), (5, 0)]]
    mean = prepared.mean_faces(chosen)
    batch = prepared.mean_faces([[(picture, 0) for picture in dict(each)] for each in chosen])
    plain = [torch.from_numpy(prepared.array(picture, "embeddings")[0].copy()).float() for picture in (3, 5)]
    assert torch.allclose(batch[0], torch.nn.functional.normalize((plain[0] + plain[1]) / 2, dim=0), atol=1e-6)
    assert not torch.allclose(batch, mean, atol=1e-4)


@pytest.mark.parametrize(("own", "shares"), [(0.0, (0, 0)), (1.0, (1, 1)), (0.5, (0.3, 0.7))])
def test_the_target_is_among_its_references_in_the_share_asked_for(
    settings: dict, own: float, shares: tuple[float, float]
) -> None:
    prepared = Prepared(Config(SMALL.path, {**settings, "own": own}))
    source = random.Random(7)
    index = next(i for i in prepared.train if len(prepared.people[prepared.rows[i]["person"]]) > 1)
    among = [(index, 0) in prepared.references(index, 2, source) for _ in range(200)]
    assert shares[0] <= sum(among) / 200 <= shares[1]


def read_all(embedding: torch.Tensor) -> Callable[[torch.Tensor], torch.Tensor]:
    """A recogniser that sees the same in every picture, and says a gradient of 0."""
    return lambda pictures: embedding.expand(len(pictures), -1) + 0 * pictures.mean()


def test_the_identity_loss_counts_only_where_a_face_is_found(settings: dict) -> None:
    config = Config(SMALL.path, settings)
    batch = Prepared(config).draw(base_folder(config).prompts(config), 0, 0, 2)
    vae = base_folder(config).load_vae()
    embedding = torch.nn.functional.normalize(torch.ones(1, 512), dim=1)
    read, whole = read_all(embedding), Window(0, 0, 8)
    expected = 1 - (embedding * batch.targets).sum(1)
    for found in ([1.0, 0.0], [0.0, 0.0]):
        answers = iter(found)
        gate = lambda pictures, share, answers=answers: torch.tensor([next(answers)])  # noqa: E731
        loss, share = IdentityLoss(vae, read, gate)(batch.latents, batch, {0: whole, 1: whole})
        assert torch.allclose(loss, expected[0] * found[0] / 2)
        assert share == found[0] / 2
    loss, _ = IdentityLoss(vae, read, lambda pictures, share: torch.ones(1))(batch.latents, batch, {1: whole})
    assert torch.allclose(loss, expected[1] / 2), "a dropped person is not judged"


class EnlargingVae:
    """A decoder that sees nothing beyond the latent: what a window shows is what the whole shows there."""

    dtype = torch.float32
    config = SimpleNamespace(scaling_factor=1.0)

    def decode(self, latents: torch.Tensor) -> SimpleNamespace:
        return SimpleNamespace(sample=torch.nn.functional.interpolate(latents[:, :3] * 0.2, scale_factor=8))


def test_a_window_around_the_face_gives_the_loss_and_the_gradient_of_the_whole_picture(settings: dict) -> None:
    draw = torch.Generator().manual_seed(3)
    config = Config(SMALL.path, settings)
    batch = Prepared(config).draw(base_folder(config).prompts(config), 0, 0, 2)
    # A face of 200 px in a picture of 512, a little turned; the recogniser's view is within 32 of the 64 latents.
    batch.matrices = torch.tensor([[[1.7, 0.3, 120.0], [-0.3, 1.7, 180.0]]]).repeat(2, 1, 1)
    latents, weights = torch.randn(2, 4, 64, 64, generator=draw), torch.randn(3 * 112 * 112, 512, generator=draw)
    recogniser = lambda pictures: torch.nn.functional.normalize(pictures.flatten(1) @ weights, dim=1)  # noqa: E731
    vae: Any = EnlargingVae()
    identity = IdentityLoss(vae, recogniser, lambda pictures, share: torch.ones(1))
    window = face_window(batch.matrices[0], 64, 8)
    assert window.side == 32 and 0 < window.left < 32 and 0 < window.top < 32
    found = []
    for each in (window, Window(0, 0, 64)):
        estimate = latents.clone().requires_grad_()
        loss, share = identity(estimate, batch, {0: each, 1: each})
        (0.1 * loss).backward()
        assert share == 1 and estimate.grad is not None
        found.append((loss.detach(), estimate.grad))
    assert torch.allclose(found[0][0], found[1][0], atol=1e-6)
    assert torch.allclose(found[0][1], found[1][1], atol=1e-8) and found[0][1].abs().max() > 0


def test_a_face_that_fills_the_picture_is_decoded_whole() -> None:
    near = torch.tensor([[4.5, 0.0, 6.0], [0.0, 4.5, 6.0]])
    assert face_window(near, 64, 8) == Window(0, 0, 64)
    celeba_hq = torch.tensor([[3.4, 0.0, 66.0], [0.0, 3.4, 110.0]])
    assert face_window(celeba_hq, 64, 8) == Window(13, 8, 48)


def test_the_recognisers_view_is_the_face_at_its_matrix() -> None:
    """A picture whose value grows to the right, seen through a matrix that enlarges by 2 and moves by 10."""
    ramp = (torch.arange(300.0) / 300 - 0.5).expand(1, 3, 300, 300)
    seen = aligned(ramp, torch.tensor([[[2.0, 0, 10], [0, 2, 10]]]))
    assert seen.shape == (1, 3, 112, 112)
    assert torch.allclose(seen[0, 0, 50], ((torch.arange(112) * 2 + 10) / 300 + 0.5) * 127.5, atol=0.5)


def gradients(model: IdAdapter, batch: Batch, precision: torch.dtype) -> dict[str, torch.Tensor]:
    draw = torch.Generator().manual_seed(5)
    patches, classes = torch.randn(1, 64, 32, generator=draw), torch.randn(1, 32, generator=draw)
    with torch.autocast("cpu", precision, enabled=precision != torch.float32):
        made = Trainee(model)(
            batch.latents[:1], batch.timesteps[:1], batch.ids[:1], patches, classes, batch.faces[:1], torch.ones(1)
        )
    model.zero_grad(set_to_none=True)
    (made.float() - batch.noise[:1]).square().mean().backward()
    return {name: value.grad.clone() for name, value in trained(model) if value.grad is not None}


def test_checkpointing_changes_no_gradient_and_bf16_keeps_trained_weights_in_fp32(settings: dict) -> None:
    config = Config(SMALL.path, settings)
    prompts = base_folder(config).prompts(config)
    batch = Prepared(config).draw(prompts, 0, 0, 1)
    torch.manual_seed(0)
    model = build_model(config, prompts.sks_id, prompts.end_id)
    freeze_base(model)
    for name, value in trained(model):
        if "alpha" in name:
            value.data.fill_(0.5)
    plain = gradients(model, batch, torch.float32)
    model.unet.enable_gradient_checkpointing()
    assert all(
        torch.allclose(value, plain[name], atol=1e-7) for name, value in gradients(model, batch, torch.float32).items()
    )
    for value in model.parameters():
        if not value.requires_grad:
            value.data = value.data.to(torch.bfloat16)
    rough = gradients(model, batch, torch.bfloat16)
    assert all(value.dtype == torch.float32 and value.isfinite().all() for value in rough.values())
    # In which direction 8 bits of mantissa lead differs by processor; every weight that learns must learn.
    assert all(rough[name].abs().max() > 0 for name, value in plain.items() if value.abs().max() > 1e-6)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"precision": "fp8"}, "expected one of no, bf16, fp16"),
        ({"batch": 4, "micro": 3}, "a batch of 4 cannot be cut into 1 processes and parts of 3"),
    ],
)
def test_settings_that_cannot_be_are_said_first(settings: dict, change: dict, sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        check_settings(Config(SMALL.path, {**settings, **change}), Accelerator())


def test_weights_and_losses_that_are_no_numbers_are_said_and_not_saved(
    settings: dict, finished: Path, tmp_path: Path
) -> None:
    shutil.copytree(finished / "prepared", tmp_path / "prepared")
    shutil.copytree(finished / "identity/checkpoint-0000001", tmp_path / "identity/checkpoint-0000001")
    training = PaperTraining(Config(SMALL.path, {**settings, "work": str(tmp_path)}), Accelerator())
    training.batches.close()
    with pytest.raises(ConfigError, match="`noise` is nan at step 1; go on from the last checkpoint"):
        training.look_at({"noise": torch.tensor(float("nan"))})
    next(iter(training.weights.values())).data.fill_(float("inf"))
    training.steps = 2
    with pytest.raises(ConfigError, match="is no number any more at step 2"):
        training.save()
    assert [path.name for path in (tmp_path / "identity").iterdir()] == ["checkpoint-0000001"]


def test_random_weights_are_never_trained_by_mistake_nor_unprepared_pictures(settings: dict, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no base model"):
        open_base(Config(SMALL.path, {**settings, "base": None}))
    with pytest.raises(ConfigError, match="run `prepare` first"):
        Prepared(Config(SMALL.path, {**settings, "work": str(tmp_path)}))


ABLATIONS: dict[str, dict] = {
    "no mixed facial features": {"identity": {**SMALL["identity"], "blocks": 0}},
    "no sks": {"identity": {**SMALL["identity"], "sks": False}},
    "no identity loss": {"weights": {"noise": 1.0, "identity": 0.0}},
    "one reference": {"references": 1},
}


@pytest.mark.parametrize("name", ABLATIONS)
def test_the_papers_ablations_train(settings: dict, finished: Path, tmp_path: Path, name: str) -> None:
    shutil.copytree(finished / "prepared", tmp_path / "prepared")
    changed = {**settings, **ABLATIONS[name], "work": str(tmp_path), "steps": 1, "measure_people": 0}
    config = Config(SMALL.path, changed)
    prompts = base_folder(config).prompts(config)
    told = (Prepared(config).draw(prompts, 0, 0, 8).ids == prompts.sks_id).any().item()
    assert told == (name != "no sks")
    run(config)
    (logged,) = [json.loads(line) for line in (tmp_path / "identity/log.jsonl").read_text().splitlines()]
    assert (logged["identity"] == 0) == (name == "no identity loss") or logged["found"] == 0
    weights = load_file(tmp_path / "identity/checkpoint-0000001/trained.safetensors")
    assert any(key.startswith("mff.blocks.") for key in weights) == (name != "no mixed facial features")
