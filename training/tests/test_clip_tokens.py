"""CLIP's tokenizer as the full size uses it, against transformers' own way of padding and cutting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from tokenizers import Tokenizer
from transformers import CLIPTokenizer

from likeness_training.data.prompts import Prompts
from likeness_training.golden.tokens import odd_strings, padded


def opened(base: Path) -> tuple[CLIPTokenizer, Prompts]:
    tokenizer = CLIPTokenizer.from_pretrained(str(base / "tokenizer"))
    return tokenizer, Prompts(tokenizer, 77, "test")


def test_a_thousand_odd_strings_are_as_transformers_has_them(sd21_base: Path) -> None:
    tokenizer, prompts = opened(sd21_base)
    texts = odd_strings()
    assert len(set(texts)) == 1000
    assert max(len(prompts.words(text)) for text in texts) > 77, "some are cut"
    differ = [text for text in texts if prompts.encode(text) != padded(tokenizer, text)]
    assert differ == []


def test_the_clause_is_kept_whole_and_joins_as_if_written_together(sd21_base: Path) -> None:
    tokenizer, prompts = opened(sd21_base)
    assert prompts.encode("smiling, pencil sketch.", "woman") == padded(
        tokenizer, "smiling, pencil sketch, woman is sks"
    )
    assert prompts.encode("", "man") == padded(tokenizer, "man is sks")
    long = prompts.encode("smiling " * 100, "woman")
    clause = prompts.words(", woman is sks")
    assert len(long) == 77 and long[76] == prompts.end_id and long[76 - len(clause) : 76] == clause


def test_the_script_writes_cases_that_its_tokenizer_json_gives_back(sd21_base: Path, tmp_path: Path) -> None:
    out = tmp_path / "tokens.json"
    subprocess.run(
        [sys.executable, "-m", "likeness_training.golden.tokens", str(sd21_base / "tokenizer"), str(out)],
        cwd=ROOT,
        check=True,
    )
    golden, plain = json.loads(out.read_text()), Tokenizer.from_file(str(tmp_path / "tokens.tokenizer.json"))
    assert len(golden["cases"]) == 1000
    for case in golden["cases"][:200]:
        ids = plain.encode(case["text"]).ids[: golden["length"]]
        kept = [*ids[:-1], case["ids"][-1]] if len(ids) == golden["length"] else ids
        assert kept == case["ids"]
