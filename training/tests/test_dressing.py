"""What is drawn on photographs, and the words for it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from conftest import ROOT, run_stage

from likeness_training.data.accessories import THINGS, put_on
from likeness_training.data.backdrops import LAMPS, behind, lit
from likeness_training.data.captions import ADDED, vocabulary
from likeness_training.data.tokenizer import grown, load_tokenizer, new_words
from likeness_training.vocabulary import grow

SHIPPED = ROOT.parent / "models" / "tiny" / "tokenizer.json"


def face() -> tuple[np.ndarray, np.ndarray]:
    """A grey picture and 68 landmarks of a face that looks straight ahead: jaw, brows, nose, eyes, mouth."""
    arc = lambda x, y, rx, ry, start, end, count: [(x + rx * np.cos(a), y + ry * np.sin(a)) for a in np.radians(np.linspace(start, end, count))]  # noqa: E731
    points = arc(64, 60, 44, 54, 180, 0, 17)
    points = [(x, 120 - y) if y < 60 else (x, y) for x, y in points]
    points += arc(44, 50, 13, 5, 180, 360, 5) + arc(84, 50, 13, 5, 180, 360, 5)
    points += [(64, 58), (64, 65), (64, 72), (64, 80)] + arc(64, 84, 8, 2, 180, 0, 5)
    points += arc(44, 60, 7, 3, 180, 540, 7)[:6] + arc(84, 60, 7, 3, 180, 540, 7)[:6]
    points += arc(64, 100, 15, 6, 180, 540, 13)[:12] + arc(64, 100, 10, 2, 180, 540, 9)[:8]
    return np.full((128, 128, 3), 128, np.uint8), np.array(points)


def test_every_accessory_that_can_be_said_is_drawn_where_it_belongs() -> None:
    assert list(THINGS) == list(ADDED["accessory"])
    image, landmarks = face()
    for thing in THINGS:
        made = put_on(image, thing, landmarks, np.random.default_rng(1))
        changed = np.argwhere(np.abs(made.astype(int) - image).sum(2) > 30)
        assert len(changed) > 60, thing
        assert changed[:, 0].mean() < 64 or thing in ("moustache", "red nose", "headphones"), thing
        assert np.array_equal(made, put_on(image, thing, landmarks, np.random.default_rng(1))), thing


def test_every_backdrop_and_light_that_can_be_said_differs_from_every_other() -> None:
    walls = {name: behind(name, 64, np.random.default_rng(2)) for name in ADDED["backdrop"]}
    image = np.random.default_rng(3).integers(60, 200, (64, 64, 3), dtype=np.uint8)
    lights = {name: lit(image, name, np.random.default_rng(2)).astype(np.float32) for name in ADDED["light"]}
    assert list(lights) == list(LAMPS)
    for pictures in (walls, lights):
        for name, picture in pictures.items():
            assert picture.shape == (64, 64, 3) and picture.min() >= 0 and picture.max() <= 255
            assert all(np.abs(picture - other).mean() > 4 for other_name, other in pictures.items() if other_name != name), name


def test_dressed_rows_name_what_the_data_stage_drew(smoke: Path) -> None:
    rows = [json.loads(line) for line in (smoke / "work" / "data" / "dressed.jsonl").read_text().splitlines()]
    pictures = np.load(smoke / "work" / "data" / "dressed.npy")
    assert len(rows) == len(pictures)
    assert all(set(row) & {"accessory", "light"} and "backdrop" not in row for row in rows)
    plain = np.load(smoke / "work" / "data" / "images.npy")
    assert all(np.abs(picture.astype(int) - plain[row["crop"]]).max() > 30 for picture, row in zip(pictures, rows))


def test_the_classifier_of_what_was_drawn_is_exported_with_its_labels(smoke: Path, tmp_path: Path) -> None:
    config = tmp_path / "added.yaml"
    config.write_text(f"work: {smoke / 'work'}\nsamples: 64\nlr: 0.004\n")
    done = run_stage("added", config)
    assert done.returncode == 0, done.stderr[-2000:]
    import onnxruntime

    session = onnxruntime.InferenceSession(str(smoke / "work" / "added.onnx"), providers=["CPUExecutionProvider"])
    labels = json.loads((smoke / "work" / "added.json").read_text())
    scores = session.run(None, {"image": np.zeros((1, 3, 128, 128), np.float32)})
    assert [output.name for output in session.get_outputs()] == list(ADDED)
    assert [each.shape[1] for each in scores] == [len(labels[kind]) for kind in ADDED]


def test_a_grown_tokenizer_reads_what_it_knew_as_before() -> None:
    old = load_tokenizer(SHIPPED)
    state = json.loads(old.to_str())
    kept = {token: index for token, index in state["model"]["vocab"].items() if token not in ("crown", "pastel") and index < 470}
    state["model"]["vocab"] = kept
    state["model"]["merges"] = [pair for pair in state["model"]["merges"] if all(part in kept for part in (*pair, "".join(pair)))]
    from tokenizers import Tokenizer

    small = Tokenizer.from_str(json.dumps({**state, "model": {**state["model"], "vocab": {token: number for number, token in enumerate(kept)}}}))
    said = ["smiling", "looking left", "pencil sketch"]
    made = grown(small, said)
    assert new_words(small) and not new_words(made)
    assert made.get_vocab_size() > small.get_vocab_size()
    assert all(made.encode(text).ids == small.encode(text).ids for text in said)
    assert grown(made, said).get_vocab_size() == made.get_vocab_size()


def test_new_words_begin_as_the_mean_of_their_pieces_and_say_nothing_in_bags() -> None:
    old = load_tokenizer(SHIPPED)
    state = json.loads(old.to_str())
    word = "zq"
    state["model"]["merges"].append(["z", "q"])
    state["model"]["vocab"][word] = len(state["model"]["vocab"])
    from tokenizers import Tokenizer

    new = Tokenizer.from_str(json.dumps(state))
    size = old.get_vocab_size()
    tables = {"text.clip.embeddings.token_embedding.embedding.weight": torch.randn(size, 4), "mean_face.words.weight": torch.randn(size, 4), "unet.x": torch.ones(2)}
    made = grow(tables, old, new)
    pieces = [old.token_to_id("z"), old.token_to_id("q")]
    table = tables["text.clip.embeddings.token_embedding.embedding.weight"]
    assert torch.equal(made["text.clip.embeddings.token_embedding.embedding.weight"][size], table[pieces].mean(0))
    assert made["mean_face.words.weight"][size].abs().sum() == 0
    assert torch.equal(made["mean_face.words.weight"][:size], tables["mean_face.words.weight"])


@pytest.mark.parametrize("kind", sorted(ADDED))
def test_every_phrase_is_in_the_vocabulary(kind: str) -> None:
    words = set(vocabulary()["words"])
    assert all(set(phrase.split()) <= words for phrases in ADDED[kind].values() for phrase in phrases)
