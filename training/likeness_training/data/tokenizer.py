"""The tiny bundle's tokenizer: lower case, BPE trained on captions, `sks` always one token."""

from __future__ import annotations

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


def load_tokenizer(path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(path))


def encode(tokenizer: Tokenizer, text: str, length: int) -> list[int]:
    """[start] + ids + [end], cut and padded to `length`."""
    ids = tokenizer.encode(text, add_special_tokens=False).ids[: length - 2]
    pad, start, end = (tokenizer.token_to_id(token) for token in (PAD, START, END))
    ids = [start, *ids, end]
    return ids + [pad] * (length - len(ids))
