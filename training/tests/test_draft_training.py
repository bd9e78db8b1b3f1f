"""The finisher's training: every term teaches, a resumed run is the run that never stopped, a GPU's path holds."""

from __future__ import annotations

import io
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import pytest
import torch
from torch import nn
from torch._subclasses.fake_tensor import FakeTensorMode

from likeness_training.data.tokenizer import load_tokenizer
from likeness_training.draft.config import DeviceSettings, TinyConfig
from likeness_training.draft.finisher import CONDITION, PICTURE, Critic, Finisher
from likeness_training.draft.head import LEFT_EYE, LIPS_OUTER, OVAL, RIGHT_EYE
from likeness_training.draft.pairs import PairStream
from likeness_training.draft.train import Trainer, build_finisher, identity_loss, looked_at, picture_losses
from likeness_training.draft.weights import load_committed, save_committed
from likeness_training.models.idadapter import References
from likeness_training.models.recogniser import Recogniser

CHANNELS = {5: (OVAL,), 6: (LIPS_OUTER,), 8: (LEFT_EYE, RIGHT_EYE)}
"""Of what is condition: face, lips, eyes."""


class DrawnPairs:
    """Pairs of the toy portraits: the draft is the target seen through a blur."""

    drawn = 0

    def __init__(self, work: Path) -> None:
        frames, mattes, meshes = (np.load(work / f"{name}.npy") for name in ("frames", "mattes", "meshes"))
        count, size = len(frames), frames.shape[1]
        self.pixels = np.zeros((count, CONDITION + PICTURE, size, size), np.uint8)
        for k, (frame, matte, mesh) in enumerate(zip(frames, mattes, meshes, strict=True)):
            pixels = self.pixels[k]
            pixels[:3] = cv2.GaussianBlur(frame, (0, 0), 2).transpose(2, 0, 1)
            pixels[3], pixels[4] = matte, 255
            pixels[4, :, : size // 2] = 0
            for channel, parts in CHANNELS.items():
                for ids in parts:
                    cv2.fillPoly(pixels[channel], [np.round(mesh[list(ids), :2]).astype(np.int32)], 255)
            pixels[9:12], pixels[12] = frame.transpose(2, 0, 1), matte

    def take(self, source: np.random.Generator, batch: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = source.integers(0, len(self.pixels), batch)
        return self.pixels[chosen], np.stack([chosen, chosen], 1)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def pairs(toy: TinyConfig) -> DrawnPairs:
    return DrawnPairs(toy.paths.work)


def trainer(toy: TinyConfig, pairs: DrawnPairs, folder: Path, **training: object) -> Trainer:
    """In a work folder of its own that has what was prepared."""
    for file in toy.paths.work.glob("*.*"):
        if not (folder / file.name).exists() and file.name != "finisher.pt":
            (folder / file.name).symlink_to(file)
    paths = replace(toy.paths, work=folder, weights=folder / "weights.safetensors")
    config = replace(toy, paths=paths, training=replace(toy.training, **training))
    return Trainer(config, lambda seed: pairs)


def test_every_term_is_there_and_every_weight_learns(toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path) -> None:
    run = trainer(toy, pairs, tmp_path)
    seen: dict[str, list[float]] = {}
    for _ in range(6):
        for name, value in run.step().items():
            seen.setdefault(name, []).append(float(value))
    assert set(seen) == {"l1", "matte", "gradient", "coarse", "deceive", "match", "identity", "critic"}
    assert len(seen["l1"]) == 6 and len(seen["identity"]) == 3, "the identity loss is part of every second step"
    assert len(seen["critic"]) == 4, "the critic sets in after 4 samples"
    assert all(np.isfinite(values).all() for values in seen.values())
    first = trainer(toy, pairs, tmp_path)
    state = first.finisher.state_dict()
    still = {name for name, value in run.finisher.named_parameters() if torch.equal(value, state[name])}
    assert not {
        name for name in still if "alpha" not in name and "position" not in name and "token_embedding" not in name
    }


def test_a_resumed_run_is_bit_for_bit_the_one_that_never_stopped(
    toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path
) -> None:
    for name in ("whole", "halves"):
        (tmp_path / name).mkdir()
    whole = trainer(toy, pairs, tmp_path / "whole")
    for _ in range(4):
        whole.step()
    first = trainer(toy, pairs, tmp_path / "halves")
    for _ in range(3):
        first.step()
    first.save()
    second = trainer(toy, pairs, tmp_path / "halves")
    assert second.samples == 6
    second.step()
    for name in ("finisher", "critic"):
        one, other = getattr(whole, name).state_dict(), getattr(second, name).state_dict()
        assert all(torch.equal(value, other[key]) for key, value in one.items()), name
    assert all(torch.equal(value, second.average.values[key]) for key, value in whole.average.values.items())


def test_a_fresh_checkout_goes_on_from_the_committed_weights(
    toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path
) -> None:
    run = trainer(toy, pairs, tmp_path)
    for _ in range(3):
        run.step()
    save_committed(run.weights, "finisher", run.average.values, run.critic.state_dict(), run.samples)
    assert load_committed(run.weights, "finisher")[2] == 6
    again = trainer(toy, pairs, tmp_path)
    assert again.samples == 6
    for name, value in again.finisher.state_dict().items():
        expected = run.average.values[name]
        assert torch.equal(value, expected.half().float() if expected.is_floating_point() else expected), name
    again.step()


def test_it_ends_at_the_samples_asked_for_and_goes_on_from_there(
    toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    trainer(toy, pairs, tmp_path, samples=4).run()
    assert (tmp_path / "finisher.pt").is_file()
    sheet = cv2.imread(str(tmp_path / "sheet.png"))
    assert sheet is not None and sheet.shape == (6 * 64, 2 * 4 * 64, 3), "draft, two answers and target of twelve pairs"
    run = trainer(toy, pairs, tmp_path, samples=8)
    assert "goes on at 4 samples" in capsys.readouterr().out
    run.run()
    assert run.samples == 8


def test_sigterm_saves_before_it_ends(toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path) -> None:
    run = trainer(toy, pairs, tmp_path, samples=10**9)
    step = run.step

    def interrupted() -> dict[str, torch.Tensor]:
        os.kill(os.getpid(), signal.SIGTERM)
        return step()

    run.step = interrupted
    former = signal.getsignal(signal.SIGTERM)
    run.run(minutes=60)
    assert signal.getsignal(signal.SIGTERM) is former
    assert torch.load(tmp_path / "finisher.pt", weights_only=False)["samples"] == 2


def test_in_bf16_losses_and_weights_stay_fp32(
    toy: TinyConfig, pairs: DrawnPairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The arithmetic of a GPU's path, on the CPU."""
    monkeypatch.setattr(Trainer, "autocast", lambda self: torch.autocast("cpu", torch.bfloat16))
    run = trainer(toy, pairs, tmp_path)
    losses = [run.step() for _ in range(4)]
    assert all(value.dtype == torch.float32 and value.isfinite() for each in losses for value in each.values())
    assert all(
        value.dtype != torch.bfloat16 for value in (*run.finisher.state_dict().values(), *run.average.values.values())
    )


Network = TypeVar("Network", bound=nn.Module)


def emptied(module: Network, device: str) -> Network:
    """The module with tensors without data on a device that need not be there."""
    for owner in module.modules():
        for values, kind in ((owner._parameters, nn.Parameter), (owner._buffers, lambda value: value)):
            for name, value in values.items():
                if value is not None:
                    values[name] = kind(torch.empty(value.shape, dtype=value.dtype, device=device))
    return module


def terms_of(toy: TinyConfig, device: str, size: int = 160, batch: int = 3) -> tuple[Finisher, list[torch.Tensor]]:
    """A finisher at the config's shapes, and every term of its loss, on a device without data."""
    recogniser = emptied(Recogniser(toy.paths.face_models / "fr_feature.onnx"), device)
    finisher = emptied(build_finisher(toy, load_tokenizer(toy.paths.tokenizer)), device)
    critic = emptied(Critic(), device)
    condition, target, patches = (
        torch.rand(batch, *shape, device=device)
        for shape in ((CONDITION, size, size), (PICTURE, size, size), (64, 512))
    )
    references = References(patches, patches.mean(1), patches[:, 0])
    ids = torch.ones(batch, toy.model.text.max_position_embeddings, dtype=torch.long, device=device)
    times, beta = torch.full((batch,), 999, device=device), torch.ones(batch, device=device)
    made = finisher(target, condition, times, ids, references, beta)
    assert made.shape == target.shape
    scores, maps = critic(made, condition)
    five = np.array([[60, 70], [100, 70], [80, 90], [65, 115], [95, 115]], np.float32)
    identity = identity_loss(recogniser, made, target, np.stack([five] * batch))
    judged = (looked_at(condition, scores) * scores).mean()
    return finisher, [
        *picture_losses(made, target, condition).values(),
        judged,
        *(each.mean() for each in maps),
        identity,
    ]


def test_every_term_is_computed_on_a_gpu_that_is_not_there(toy: TinyConfig) -> None:
    """A tensor left on the CPU would be refused."""
    with FakeTensorMode(allow_non_fake_inputs=True), torch.no_grad():
        _, terms = terms_of(toy, "cuda")
        assert len(terms) == 9
        assert all(term.device.type == "cuda" for term in terms)


def test_every_term_reaches_the_finisher_backward(toy: TinyConfig) -> None:
    finisher, terms = terms_of(toy, "meta")
    for term in terms:
        finisher.zero_grad()
        term.backward(retain_graph=True)
        assert finisher.unet.leave.weight.grad is not None
    assert all(value.grad is not None for value in finisher.unet.parameters())


def test_what_the_drawing_process_writes_is_kept_mirrored_by_chance() -> None:
    settings = DeviceSettings(batch=2, threads=1, drawers=0, reservoir=3)
    stream = PairStream(Path("."), "draft-pairs", (13, 4, 4), 1, settings)
    with pytest.raises(RuntimeError, match="the processes that draw pairs have ended"):
        stream.take(np.random.default_rng(0), 2)
    source = np.random.default_rng(0)
    pixels = source.integers(0, 256, (5, 13, 4, 4), np.uint8)
    data = b"".join(np.array([k, k + 10], np.int32).tobytes() + each.tobytes() for k, each in enumerate(pixels))
    stream.read(io.BytesIO(data + b"the rest of a pair"))
    assert (stream.drawn, stream.count) == (5, 3)
    taken, rows = stream.take(np.random.default_rng(3), 40, at_least=1)
    assert set(rows[:, 0]) == {2, 3, 4} and (rows[:, 1] - rows[:, 0] == 10).all(), "the latest are kept"
    plain = [np.array_equal(each, pixels[row]) for each, (row, _) in zip(taken, rows, strict=True)]
    mirrored = [np.array_equal(each, pixels[row][..., ::-1]) for each, (row, _) in zip(taken, rows, strict=True)]
    assert all(a != b for a, b in zip(plain, mirrored, strict=True)) and 0 < sum(plain) < 40
