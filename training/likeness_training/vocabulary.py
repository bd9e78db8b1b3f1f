"""New words for a model that is trained already: its tokenizer and its tables of words grow, everything else stays.

    python -m likeness_training.vocabulary configs/tiny/model.yaml start.pt

Reads and writes `tokenizer.json` and the named checkpoints of the work folder. A new word's token begins as the mean of
the pieces it was read in before; in the bags of words it says nothing yet. Run it again, and nothing changes.
"""

from __future__ import annotations

import argparse

import torch
from tokenizers import Tokenizer
from torch import Tensor

from .config import ConfigError, load_config
from .data.captions import CLASS_WORDS, vocabulary
from .data.tokenizer import grown, load_tokenizer
from .train.denoising import TABLES

TOKENS = TABLES[0]
"""The table whose new rows are the means of their pieces; those of the bags are zero."""


def grow(state: dict[str, Tensor], old: Tokenizer, new: Tokenizer) -> dict[str, Tensor]:
    """A checkpoint's weights with rows for the words that `new` has more than `old`."""
    before, after = old.get_vocab_size(), new.get_vocab_size()
    pieces = [old.encode(new.id_to_token(index), add_special_tokens=False).ids for index in range(before, after)]
    made = dict(state)
    for name in TABLES:
        if name in made and len(made[name]) == before:
            table = made[name]
            rows = [table[ids].mean(0) if name == TOKENS else torch.zeros_like(table[0]) for ids in pieces]
            made[name] = torch.cat([table, torch.stack(rows)])
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("config", help="the model's config")
    parser.add_argument("checkpoints", nargs="+", help="files of the work folder")
    arguments = parser.parse_args()
    config = load_config(arguments.config)
    path = config.work / "tokenizer.json"
    if not path.is_file():
        raise ConfigError(f"{path}: no tokenizer to grow")
    old = load_tokenizer(path)
    words = vocabulary()
    known = [phrase for group in ("expressions", "sides", "heights", "tilts", "ages", "styles") for phrases in words[group].values() for phrase in phrases]
    new = grown(old, [*known, *CLASS_WORDS])
    if new.get_vocab_size() == old.get_vocab_size():
        print(f"{path}: has every word already")
        return
    for name in arguments.checkpoints:
        file = config.work / name
        torch.save(grow(torch.load(file, weights_only=True), old, new), file)
    new.save(str(path))
    print(f"{path}: {old.get_vocab_size()} -> {new.get_vocab_size()} tokens")


if __name__ == "__main__":
    main()
