"""The mouth refiner: it begins as the draft, learns by every term, and sees mouths where the bot shows them to it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from likeness_training.draft import mouth_plates
from likeness_training.draft.config import TinyConfig
from likeness_training.draft.head import pose_of
from likeness_training.draft.mouth_plates import LIP_CORNERS, LIP_MIDDLES, SIDE, UNIT
from likeness_training.draft.mouth_refiner import CONDITION, HEIGHT, LIPS, MOUTH, PICTURE, WIDTH, MouthRefiner
from likeness_training.draft.train_mouth import MouthTrainer, looked_at

TOP, LEFT = (SIDE - HEIGHT) // 2, (SIDE - WIDTH) // 2


class DrawnMouths:
    """Pairs of the toy portraits: the draft is the target seen through a blur."""

    drawn = 0

    def __init__(self, work: Path) -> None:
        plates, meshes = np.load(work / "mouths.npy"), np.load(work / "mouth_meshes.npy")
        self.pixels = np.zeros((len(plates), CONDITION + PICTURE, HEIGHT, WIDTH), np.uint8)
        for pixels, plate, mesh in zip(self.pixels, plates, meshes, strict=True):
            window = plate[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH].transpose(2, 0, 1)
            pixels[:3] = cv2.GaussianBlur(plate, (0, 0), 2)[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH].transpose(2, 0, 1)
            x, y = mesh[[*LIP_CORNERS, *LIP_MIDDLES], :2].mean(0) - (LEFT, TOP)
            cv2.ellipse(pixels[LIPS], (round(x), round(y)), (40, 16), 0, 0, 360, 255, -1)
            cv2.ellipse(pixels[MOUTH], (round(x), round(y)), (30, 8), 0, 0, 360, 255, -1)
            pixels[5:8] = pixels[8:] = window

    def take(self, source: np.random.Generator, batch: int) -> tuple[np.ndarray, np.ndarray]:
        chosen = source.integers(0, len(self.pixels), batch)
        return self.pixels[chosen], np.stack([chosen, chosen], 1)

    def close(self) -> None:
        pass


@pytest.fixture(scope="module")
def pairs(toy: TinyConfig) -> DrawnMouths:
    mouth_plates.run(toy)
    return DrawnMouths(toy.paths.work)


def trainer(toy: TinyConfig, pairs: DrawnMouths, folder: Path, **settings: object) -> MouthTrainer:
    paths = replace(toy.paths, work=folder, mouth_weights=folder / "weights.safetensors")
    config = replace(toy, paths=paths, mouth=replace(toy.mouth, **settings))
    return MouthTrainer(config, lambda seed: pairs)


def test_plates_show_every_mouth_upright_in_the_middle_at_one_scale(toy: TinyConfig, pairs: DrawnMouths) -> None:
    work = toy.paths.work
    reference, meshes = np.load(work / "reference.npy"), np.load(work / "mouth_meshes.npy")
    for mesh in meshes:
        assert np.allclose(mesh[[*LIP_CORNERS, *LIP_MIDDLES], :2].mean(0), SIDE / 2, atol=0.01)
        pose = pose_of(mesh, reference)
        assert pose.scale == pytest.approx(UNIT, rel=1e-3)
        assert pose.rotation[1, 0] == pytest.approx(0, abs=1e-3)
    found = json.loads((work / "mouths.json").read_text())
    assert len(found) == len(meshes) and all(row["inside"] == pytest.approx(1, abs=0.02) for row in found)


def test_it_begins_as_the_draft(toy: TinyConfig) -> None:
    told = torch.rand(2, CONDITION, HEIGHT, WIDTH)
    assert torch.equal(MouthRefiner(toy.mouth.widths, toy.mouth.blocks)(told), told[:, :PICTURE])


def test_every_term_is_there_and_every_weight_learns(toy: TinyConfig, pairs: DrawnMouths, tmp_path: Path) -> None:
    run = trainer(toy, pairs, tmp_path)
    seen: dict[str, list[float]] = {}
    for _ in range(6):
        for name, value in run.step().items():
            seen.setdefault(name, []).append(float(value))
    assert set(seen) == {"l1", "gradient", "coarse", "deceive", "match", "critic"}
    assert len(seen["l1"]) == 6 and len(seen["critic"]) == 4, "the critic sets in after 4 samples"
    assert all(np.isfinite(values).all() for values in seen.values())
    state = trainer(toy, pairs, tmp_path).network.state_dict()
    assert not {name for name, value in run.network.named_parameters() if torch.equal(value, state[name])}


def test_a_resumed_run_is_bit_for_bit_the_one_that_never_stopped(
    toy: TinyConfig, pairs: DrawnMouths, tmp_path: Path
) -> None:
    for name in ("whole", "halves"):
        (tmp_path / name).mkdir()
    whole = trainer(toy, pairs, tmp_path / "whole")
    for _ in range(4):
        whole.step()
    trainer(toy, pairs, tmp_path / "halves", samples=6).run()
    assert (tmp_path / "halves/mouths.png").is_file()
    second = trainer(toy, pairs, tmp_path / "halves")
    assert second.samples == 6
    second.step()
    for one, other in ((whole.network, second.network), (whole.critic, second.critic)):
        assert all(torch.equal(value, other.state_dict()[key]) for key, value in one.state_dict().items())


def test_it_learns_what_a_blur_takes_away(toy: TinyConfig, pairs: DrawnMouths, tmp_path: Path) -> None:
    run = trainer(toy, pairs, tmp_path, critic_from=10**6, rate=3e-3)
    losses = [float(run.step()["gradient"]) for _ in range(60)]
    assert np.mean(losses[-10:]) < 0.8 * np.mean(losses[:10])


def test_the_critic_looks_at_the_mouth(toy: TinyConfig) -> None:
    condition = torch.zeros(1, CONDITION, HEIGHT, WIDTH)
    condition[:, MOUTH, 40:56, 40:88] = 1
    counts = looked_at(condition, torch.zeros(1, 1, 12, 16))
    assert counts.mean() == pytest.approx(1, abs=1e-5)
    assert counts[0, 0, 6, 8] > 5 * counts[0, 0, 0, 0]
