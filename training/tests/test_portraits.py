"""Pictures of people: readers, enriched references, and a preparation that goes on where it stopped."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import ROOT
from drawn_portraits import drawn_face, encoders, write_celeba

from likeness_training.config import Config, ConfigError, load_config
from likeness_training.data.enrich import VARIANTS, Face, coloured, crop, donor_of, enrich, shrunk, turned
from likeness_training.data.portraits import mm_celeba_hq, people_folder, portraits
from likeness_training.data.prepare_portraits import embed, mirrored, prepare, references, target
from likeness_training.data.swap import swap_face
from likeness_training.train.prepared import Prepared

SMALL = load_config(ROOT / "configs/sd21-smoke/data.yaml")
TRAIN = load_config(ROOT / "configs/sd21-smoke/identity.yaml")


def test_mm_celeba_hq_is_read_with_people_and_captions(tmp_path: Path) -> None:
    write_celeba(tmp_path)
    found = mm_celeba_hq(tmp_path, "CelebA-HQ-identity.txt")
    assert [portrait.file.name for portrait in found] == [f"{i}.png" for i in range(12)], (
        "in the order of their numbers"
    )
    assert {portrait.person for portrait in found} == {"1000", "1001", "1002", "1003"}
    assert found[0].captions == ("He is smiling.", "The person has drawn hair.")
    assert [portrait.word for portrait in found[:2]] == ["man", "woman"]
    assert {portrait.split for portrait in found} == {"train"}


def test_a_plain_folder_takes_captions_from_beside_the_photo(tmp_path: Path) -> None:
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann/1.jpg").write_bytes(b"")
    (tmp_path / "ann/1.txt").write_text("a portrait of her\n")
    (tmp_path / "ann/2.png").write_bytes(b"")
    assert [(p.person, p.captions, p.word) for p in people_folder(tmp_path)] == [
        ("ann", ("a portrait of her",), "woman"),
        ("ann", (), "person"),
    ]


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (
            lambda folder: [path.unlink() for path in (folder / "images").iterdir()],
            "no pictures; expected the layout of MM-CelebA-HQ",
        ),
        (lambda folder: (folder / "CelebA-HQ-identity.txt").unlink(), "the identity file is missing"),
        (
            lambda folder: (folder / "CelebA-HQ-identity.txt").write_text("0.png 1\n"),
            "names no person for 11 pictures, the first of them 1.png",
        ),
        (lambda folder: (folder / "CelebA-HQ-identity.txt").write_text("0.png\n"), "expected a picture and a person"),
    ],
)
def test_a_folder_that_is_not_whole_is_one_sentence(
    tmp_path: Path, harm: Callable[[Path], object], sentence: str
) -> None:
    write_celeba(tmp_path)
    harm(tmp_path)
    with pytest.raises(ConfigError, match=sentence):
        mm_celeba_hq(tmp_path, "CelebA-HQ-identity.txt")


def test_no_photos_folder_and_an_unknown_layout_are_said() -> None:
    with pytest.raises(ConfigError, match="set `photos`"):
        portraits(SMALL)
    with pytest.raises(ConfigError, match="expected mm-celeba-hq or people"):
        portraits(Config(SMALL.path, {**SMALL.values, "photos": ".", "layout": "lfw"}))


def test_a_swap_puts_the_face_into_the_other_picture_and_nothing_else() -> None:
    source, donor = drawn_face(0, 0), drawn_face(3, 1)
    made = swap_face(source.image, source.landmarks, donor.image, donor.landmarks)
    assert made is not None
    assert np.array_equal(made[:3], donor.image[:3]), "the background stays"
    inside = cv2.fillConvexPoly(np.zeros((128, 128), np.uint8), cv2.convexHull(donor.landmarks.astype(np.int32)), 1) > 0
    assert np.abs(made[inside].astype(int) - donor.image[inside]).mean() > 2, "the face changes"
    cheek = made[85:90, 40:46].reshape(-1, 3).mean(0)
    assert np.abs(cheek - donor.image[85:90, 40:46].reshape(-1, 3).mean(0)).max() < 40, "in the other picture's colours"


def test_a_face_that_leaves_its_picture_is_not_swapped() -> None:
    source, donor = drawn_face(0, 0), drawn_face(3, 1)
    assert swap_face(source.image, source.landmarks, donor.image, donor.landmarks + np.array([60, 0])) is None


def test_a_picture_swapped_onto_itself_stays_nearly_as_it_is() -> None:
    face = drawn_face(1, 1)
    made = swap_face(face.image, face.landmarks, face.image, face.landmarks)
    assert made is not None
    assert np.abs(made.astype(int) - face.image).mean() < 1.5


def test_every_photo_gives_each_variant_and_a_donor_looks_the_same_way() -> None:
    faces, people = [drawn_face(0, 0), drawn_face(0, 4), drawn_face(1, 1)], ["a", "a", "b"]
    faces[2].yaw = 60.0
    assert donor_of(0, faces, people, np.random.default_rng(0)) is None
    made = enrich(faces[0], faces[2], 56, np.random.default_rng(0))
    assert len(made) == len(VARIANTS)
    assert all(picture.shape == (56, 56, 3) and picture.dtype == np.uint8 for picture in made)
    plain = crop(faces[0].image, faces[0].points, 56)
    assert not np.array_equal(turned(plain, np.random.default_rng(0)), plain)
    assert not np.array_equal(coloured(plain, np.random.default_rng(0)), plain)


def test_a_large_photo_is_shrunk_before_its_face_is_swapped() -> None:
    face = drawn_face(0, 0)
    large = Face(cv2.resize(face.image, None, fx=8, fy=8), (face.landmarks + 0.5) * 8 - 0.5, face.yaw)
    small = shrunk(large, 56)
    assert shrunk(small, 56) is small, "small enough"
    assert np.allclose(crop(small.image, small.points, 56), crop(large.image, large.points, 56), atol=24)
    view = crop(small.image, small.points, 84)
    assert np.abs(view.astype(int) - crop(large.image, large.points, 84)).mean() < 4, "1.5 times finer than it is seen"
    assert small.image.shape[0] < large.image.shape[0] / 2


def test_references_do_not_depend_on_which_process_makes_them(tmp_path: Path) -> None:
    parts = encoders(SMALL, write_celeba(tmp_path))
    faces, people = [drawn_face(person, person) for person in range(4)], list("abcd")
    one, _ = references(parts, faces, people, 56, [0, 1])
    parts.spread = lambda work, *lists: [work(*each) for each in list(zip(*lists, strict=True))[::-1]][::-1]
    other, _ = references(parts, faces, people, 56, [0, 1])
    assert np.array_equal(one, other)


def test_a_photo_that_is_not_square_is_cut_around_the_upright_face() -> None:
    face = drawn_face(0, 0)
    face.image = np.hstack([face.image, face.image[:, :40]])
    picture, points = target(face, 64)
    assert picture.shape == (64, 64, 3)
    assert np.abs(points.mean(0) - [32, 34]).max() < 6
    swapped = mirrored(points, 64)
    assert swapped[0, 0] < swapped[1, 0] and np.allclose(swapped[0, 0], 63 - points[1, 0])


def test_preparing_goes_on_with_the_shard_that_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    known = write_celeba(tmp_path / "photos")
    config = Config(SMALL.path, {**SMALL.values, "photos": str(tmp_path / "photos"), "work": str(tmp_path / "work")})
    parts = encoders(config, known)
    prepare(config, parts)
    folder = tmp_path / "work/prepared"
    first, second = folder / "00000", folder / "00001"
    kept = {path: path.read_bytes() for path in second.iterdir()}
    stamp = first.stat().st_mtime_ns
    for path in second.iterdir():
        path.unlink()
    second.rmdir()
    prepare(config, parts)
    assert first.stat().st_mtime_ns == stamp, "what is there stays"
    assert {path: path.read_bytes() for path in second.iterdir()} == kept, "and what is made again is equal"
    assert "4 pictures prepared now, 4 of them with exactly one face; 8 were there already" in capsys.readouterr().out
    rows = [json.loads(line) for line in (first / "rows.jsonl").read_text().splitlines()]
    assert len(rows) == 8 and rows[1]["word"] == "woman"
    assert np.load(first / "latents.npy").shape == (8, 2, 4, 8, 8)
    assert np.load(first / "references.npy").shape == (8, 4, 56, 56, 3)
    seen = np.load(first / "embeddings.npy").astype(np.float32)
    assert np.allclose(np.linalg.norm(seen, axis=-1), 1, atol=2e-3)
    alone = embed(parts, np.load(first / "references.npy")[2:3, 1])
    assert np.allclose(alone, seen[2, 1], atol=2e-3), "each embedding is of the reference beside it"
    with pytest.raises(ConfigError, match="prepared with another seed"):
        prepare(Config(config.path, {**config.values, "seed": 1}), parts)
    prepared = Prepared(Config(TRAIN.path, {**TRAIN.values, "own": 1.0, "work": str(tmp_path / "work")}))

    for index in range(4):
        chosen = prepared.references(index, 4, random.Random(index))
        assert chosen[0] == (index, 0) and len(chosen) == 4
        assert {prepared.rows[picture]["person"] for picture, _ in chosen} == {prepared.rows[index]["person"]}
