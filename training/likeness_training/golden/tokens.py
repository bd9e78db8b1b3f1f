"""Write what transformers' CLIPTokenizer makes of 1,000 odd strings: the TypeScript side must agree.

    python -m likeness_training.golden.tokens FOLDER/tokenizer OUT.json

`OUT.json`: `length`, `tokenizer` (the sha256 of the tokenizer.json beside it), and `cases`, each a text and its ids
less the padding. The tokenizer is written beside it as `OUT.tokenizer.json`, in the form that a bundle ships.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from transformers import CLIPTokenizer

from ..weight_files import sha256

LENGTH, COUNT = 77, 1000
WORDS = (
    "smiling",
    "portrait",
    "of",
    "a",
    "WOMAN",
    "sks",
    "masks",
    "Sks",
    "pencil-sketch",
    "8-bit",
    "don't",
    "I'M",
    "we'll",
    "naïve",
    "Zoë's",
    "x",
    "photo",
    "looking",
    "left",
)
PIECES = (
    "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u200b", "\u200d", "\ufeff", ",",
    ".", "...", "!?", "--", "—", "…", "“quoted”", "'s", "''", "`", "~", "#1", "@you",
    "50%",
    "½", "²", "①", "ﬁ", "ß", "İ", "ı", "Å", "A\u030a", "e\u0301\u0302", "ё", "жук",
    "Ωμέγα", "你好", "日本語", "안녕", "שלום", "مرحبا", "ไทย", "हिन्दी", "😀", "👩‍👩‍👧", "🏳️‍🌈",
    "🇩🇪", "👍🏽",
    "𝔊𝔬𝔱𝔥", "\U000e0001", "\x00", "\x07", "\x7f", "<|startoftext|>", "<|endoftext|>",
    "<pad>", "</w>", "0123456789", "3.14", "1,000", "http://x.y/z?a=b&c", "C++", "a_b",
    "$", "€", "∑", "→", "\\n",
)  # fmt: skip


def odd_string(source: random.Random) -> str:
    """Words, marks, scripts and bytes in any order, mostly short, now and then longer than the encoder reads."""
    count = source.choice((0, 1, 1, 2, 3, 5, 8, 13, 120))
    parts = []
    for _ in range(count):
        kind = source.random()
        part = (
            source.choice(WORDS)
            if kind < 0.5
            else source.choice(PIECES)
            if kind < 0.9
            else chr(source.choice((source.randrange(32, 0xD800), source.randrange(0xE000, 0x2FFFF))))
        )
        parts.append(part + (" " if source.random() < 0.6 else ""))
    return "".join(parts)


def odd_strings(count: int = COUNT, seed: int = 0) -> list[str]:
    """All different, the empty one among them."""
    source, found = random.Random(seed), {"": None}
    while len(found) < count:
        found[odd_string(source)] = None
    return list(found)


def padded(tokenizer: CLIPTokenizer, text: str) -> list[int]:
    """As diffusers' pipelines call it."""
    return tokenizer(text, padding="max_length", max_length=LENGTH, truncation=True).input_ids


def trimmed(ids: list[int], pad: int) -> list[int]:
    """Without the padding; the last id is the end token's."""
    while ids[-1] == pad:
        ids = ids[:-1]
    return ids


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tokenizer", type=Path, help="the tokenizer/ of a base folder")
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    tokenizer = CLIPTokenizer.from_pretrained(str(arguments.tokenizer))
    beside = arguments.out.with_suffix(".tokenizer.json")
    tokenizer.backend_tokenizer.save(str(beside))
    cases = [{"text": text, "ids": trimmed(padded(tokenizer, text), tokenizer.pad_token_id)} for text in odd_strings()]
    arguments.out.write_text(
        json.dumps({"length": LENGTH, "pad": tokenizer.pad_token_id, "tokenizer": sha256(beside), "cases": cases})
        + "\n"
    )
    print(f"{arguments.out}: {len(cases)} strings")


if __name__ == "__main__":
    main()
