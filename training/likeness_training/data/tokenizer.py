"""The tiny bundle's tokenizer: lower case, BPE, `sks` always one token. Its file is kept as the bundle ships it."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

PAD, START, END, SKS = "<pad>", "<start>", "<end>", "sks"


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def id_of(tokenizer: Tokenizer, token: str) -> int:
    """Of a token that every tokenizer of the bundle has."""
    number = tokenizer.token_to_id(token)
    assert number is not None, f"the tokenizer has no {token}"
    return number


def encode(tokenizer: Tokenizer, text: str, length: int) -> list[int]:
    """[start] + ids + [end], cut and padded to `length`."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[: length - 2]
    pad, start, end = (id_of(tokenizer, token) for token in (PAD, START, END))
    ids = [start, *ids, end]
    return ids + [pad] * (length - len(ids))
