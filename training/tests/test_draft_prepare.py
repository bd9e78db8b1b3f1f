"""Portraits once over: upright frames in which the head lies where it should."""

from __future__ import annotations

import io
import json
import tarfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from drawn_heads import EXPRESSIONS, drawn_head, meshes_of, pose_at, rows_of, skin_of, write_part, write_portraits

from likeness_training.config import ConfigError
from likeness_training.draft import prepare
from likeness_training.draft.config import TinyConfig
from likeness_training.draft.head import Pose, pose_of
from likeness_training.draft.prepare import EYES_AT, FRAME_UNITS, Opener, Part, frame_map, move_mesh, stacked
from likeness_training.draft.val_folder import write_val_folder


def test_a_frame_is_upright_with_the_eyes_in_their_place_whatever_the_picture() -> None:
    head = drawn_head(0)
    upright = pose_at(300, 0.0)
    roll = np.radians(25)
    turn = np.array([[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    mesh = Pose(70.0, turn @ upright.rotation, np.array([211.0, 87.0, 0.0])).apply(head)
    moved = move_mesh(mesh, frame_map(mesh, head, 256))
    assert np.allclose(moved, Pose(256 / FRAME_UNITS, np.eye(3), np.array([*np.array(EYES_AT) * 256, 0])).apply(head))


def test_the_work_folder_holds_frames_mattes_meshes_and_rows(toy: TinyConfig) -> None:
    work, rows = toy.paths.work, rows_of(8)
    found = json.loads((work / "rows.json").read_text())
    frames, mattes = np.load(work / "frames.npy"), np.load(work / "mattes.npy")
    assert frames.shape == (len(rows), 64, 64, 3) and mattes.shape == frames.shape[:3]
    assert np.array_equal(np.load(work / "meshes_file.npy"), meshes_of(rows, 512))
    assert [row["expression"] for row in found] == [EXPRESSIONS[k % len(EXPRESSIONS)] for k in range(len(rows))]
    assert all(row["presence"] == 20 and row["inside"] == pytest.approx(1, abs=0.05) for row in found)
    cheeks = np.array([[int(value) for value in frame[40, 20]] for frame in frames])
    assert np.abs(cheeks - [skin_of(row) for row in rows]).max() < 12
    reference = np.load(work / "reference.npy")
    yaws = [pose_of(mesh, reference).degrees[0] for mesh in np.load(work / "meshes.npy")]
    assert np.allclose(yaws, [row["yaw"] for row in rows], atol=0.3)
    assert not (work / "parts").exists()


def test_what_was_read_before_is_not_read_again(
    toy: TinyConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither the networks nor the archive is opened for a part that lies in the folder."""
    config = replace(toy, paths=replace(toy.paths, work=tmp_path))
    rows = rows_of(2)
    write_part(tmp_path / "parts/0000.npz", rows)
    monkeypatch.setattr(prepare, "FaceMesh", None)
    (part,) = prepare.read_parts(config, rows)
    assert np.array_equal(stacked([part], "mesh"), meshes_of(rows, 512))


def test_a_part_is_read_by_the_networks(toy: TinyConfig, mediapipe_files: Path, tmp_path: Path) -> None:
    mediapipe = tmp_path / "mediapipe"
    mediapipe.symlink_to(mediapipe_files)
    config = replace(toy, paths=replace(toy.paths, work=tmp_path))
    rows = write_portraits(tmp_path / "portraits", people=1)[:2]
    config = replace(config, paths=replace(config.paths, portraits=tmp_path / "portraits"))
    known = {"points": [[205, 225], [307, 225], [256, 290], [215, 346], [297, 346]]}
    part = Part(config, [rows[0] | known, rows[1] | known], tmp_path / "part.npz")
    prepare.read_part(part)
    assert stacked([part], "mesh").shape == (2, 468, 3)
    assert np.isfinite(stacked([part], "presence")).all()
    assert stacked([part], "matte").shape == (2, 512, 512)


def test_missing_portraits_and_broken_pictures_are_one_clear_sentence(toy: TinyConfig, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="the index of the portraits is missing"):
        prepare.read_rows(tmp_path)
    opened = Opener(toy.paths.portraits)
    with tarfile.open(tmp_path / "broken.tar", "w") as archive:
        member = tarfile.TarInfo(rows_of(1)[0]["file"])
        member.size = len(b"no picture")
        archive.addfile(member, io.BytesIO(b"no picture"))
    opened.archives["portraits-00.tar"] = tarfile.open(tmp_path / "broken.tar")
    with pytest.raises(ConfigError, match="00000.png is not a picture"):
        opened(rows_of(1)[0])


def test_validation_people_become_a_folder_with_their_groups(toy: TinyConfig, tmp_path: Path) -> None:
    assert write_val_folder(toy.paths.portraits, tmp_path / "val") == (2, 10)
    assert len(list((tmp_path / "val/0000-gen512_hmdghoul-3").glob("*.jpg"))) == 5
    groups = json.loads((tmp_path / "val/groups.json").read_text())
    assert groups["0001-gen512_hmdghoul-7"] == {"gender": "female", "age": "old", "set": "gen512_hmdghoul"}
