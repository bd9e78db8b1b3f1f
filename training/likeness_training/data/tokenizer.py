"""The tiny bundle's tokenizer: lower case, BPE trained on captions, `sks` always one token."""

from __future__ import annotations

import json
import random
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from .captions import KNOWN_LISTS, caption, vocabulary

PAD, START, END, UNKNOWN, SKS = "<pad>", "<start>", "<end>", "<unk>", "sks"
SPECIAL = (PAD, START, END, UNKNOWN)


def train_tokenizer(rows: list[dict], size: int, seed: int) -> Tokenizer:
    """BPE over captions of `rows`; every letter, digit and common mark is in the alphabet."""
    source = random.Random(seed)
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Punctuation()])
    tokenizer.decoder = decoders.BPEDecoder()
    texts = [caption(row, source) for row in rows[:20000]]
    texts += [phrase for table in KNOWN_LISTS for words in table.values() for phrase in words] * 50
    texts += vocabulary()["words"] * 50
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=20,
        special_tokens=list(SPECIAL),
        initial_alphabet=list("abcdefghijklmnopqrstuvwxyz0123456789,.-'!?"),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.add_tokens([AddedToken(SKS, single_word=True, normalized=True)])
    return tokenizer


def new_words(tokenizer: Tokenizer) -> list[str]:
    """The vocabulary's words that take more than one token."""
    parts = {part for word in vocabulary()["words"] for part, _ in tokenizer.pre_tokenizer.pre_tokenize_str(word)}
    return sorted(part for part in parts if len(tokenizer.encode(part, add_special_tokens=False).ids) > 1)


def grown(tokenizer: Tokenizer, kept: list[str]) -> Tokenizer:
    """A tokenizer that has a token for every word of the vocabulary and goes on reading the texts `kept` as before.

    New merges stand after all others, so they join only what the old ones leave in pieces; new ids follow the old. Raises
    ValueError where a kept text is read otherwise all the same.
    """
    state = json.loads(tokenizer.to_str())
    ids, merges = state["model"]["vocab"], state["model"]["merges"]
    for word in new_words(tokenizer):
        pieces = Tokenizer.from_str(json.dumps(state)).encode(word, add_special_tokens=False).tokens
        while len(pieces) > 1:
            pair, joined = pieces[:2], "".join(pieces[:2])
            if pair not in merges:
                merges.append(pair)
                ids.setdefault(joined, len(ids))
            pieces = [joined, *pieces[2:]]
    made = Tokenizer.from_str(json.dumps(state))
    for text in kept:
        if made.encode(text).ids != tokenizer.encode(text).ids:
            raise ValueError(f"{text!r} would be read as {made.encode(text).tokens}, not {tokenizer.encode(text).tokens}")
    return made


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def encode(tokenizer: Tokenizer, text: str, length: int) -> list[int]:
    """[start] + ids + [end], cut and padded to `length`."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[: length - 2]
    pad, start, end = (tokenizer.token_to_id(token) for token in (PAD, START, END))
    ids = [start, *ids, end]
    return ids + [pad] * (length - len(ids))
