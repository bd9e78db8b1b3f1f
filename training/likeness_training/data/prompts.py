"""Prompts of the full size: CLIP's tokenizer, and the clause that carries the person kept whole."""

from __future__ import annotations

import torch
from torch import Tensor
from transformers import CLIPTokenizer

from ..config import ConfigError

SKS = "sks"


class Prompts:
    """Captions -> ids (B, length): start, words, end, padding, as CLIPTokenizer itself pads and cuts.

    Raises ConfigError where `sks` is more than one token: E_c could not take its place.
    """

    def __init__(self, tokenizer: CLIPTokenizer, length: int, name: str) -> None:
        self.tokenizer, self.length = tokenizer, length
        pieces = self.words(SKS)
        if len(pieces) != 1:
            raise ConfigError(
                f"{name}: `{SKS}` is {len(pieces)} tokens, {tokenizer.convert_ids_to_tokens(pieces)}, and must be one"
            )
        self.sks_id, self.end_id = pieces[0], tokenizer.eos_token_id

    def word_id(self, word: str) -> int:
        """Of the first token of a word."""
        return self.words(word)[0]

    def words(self, text: str) -> list[int]:
        return self.tokenizer(text, add_special_tokens=False).input_ids

    def encode(self, text: str, word: str | None = None) -> list[int]:
        """Ids of `text`, followed by the clause `, {word} is sks` where a word is given; a text too long loses its end,
        never the clause."""
        clause = self.words(f", {word} is {SKS}" if text else f"{word} is {SKS}") if word else []
        said = self.words(text.rstrip(" .,;:!") if word else text)[: self.length - 2 - len(clause)]
        ids = [self.tokenizer.bos_token_id, *said, *clause, self.end_id]
        return ids + [self.tokenizer.pad_token_id] * (self.length - len(ids))

    def batch(self, texts: list[tuple[str, str | None]]) -> Tensor:
        return torch.tensor([self.encode(text, word) for text, word in texts])
