"""Who is shown in the prepared portraits: the recogniser's reading of each, reference sets, captions."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from ..data.tokenizer import encode
from ..models.align import ARCFACE_POINTS, ARCFACE_SIZE, similarity
from ..models.idadapter import References
from ..models.recogniser import Recogniser
from .view import five_of

SAYS = {"happy": "smiling", "neutral": "neutral", "surprised": "surprised", "sad": "sad"}
"""Expressions that a caption names."""
SURE = 0.6
"""An expression is named from this probability on."""
SILENT = 0.1
"""Share of empty captions."""
PLACES = 4
"""N, the places of the reference set."""
TOKENS, WIDTH = 16, 512
"""Of the recogniser's map, averaged 2 x 2 to 4 x 4."""
READ_AT_ONCE = 32


def faces_of(frames: np.ndarray, meshes: np.ndarray) -> Tensor:
    """The recogniser's input (n, 3, 112, 112), 0..255, RGB; black where no face was found."""
    faces = np.zeros((len(frames), ARCFACE_SIZE, ARCFACE_SIZE, 3), np.uint8)
    for k in np.flatnonzero(meshes.any((1, 2))):
        matrix = similarity(five_of(meshes[k]), ARCFACE_POINTS)
        faces[k] = cv2.warpAffine(frames[k], matrix, (ARCFACE_SIZE, ARCFACE_SIZE), flags=cv2.INTER_LINEAR)
    return torch.from_numpy(faces).permute(0, 3, 1, 2).float()


@torch.no_grad()
def read_references(work: Path, recogniser: Recogniser) -> tuple[np.ndarray, np.ndarray]:
    """Tokens (N, 16, 512) fp16 and embeddings (N, 512) of all portraits, read in BGR the first time and kept."""
    path = work / "references.npz"
    if not path.is_file():
        frames = np.load(work / "frames.npy", mmap_mode="r")
        meshes = np.load(work / "meshes.npy")
        device = next(recogniser.buffers()).device
        tokens = np.zeros((len(frames), TOKENS, WIDTH), np.float16)
        embeddings = np.zeros((len(frames), WIDTH), np.float32)
        for start in range(0, len(frames), READ_AT_ONCE):
            part = slice(start, start + READ_AT_ONCE)
            embedding, patch_map, _ = recogniser.features(faces_of(frames[part], meshes[part]).flip(1).to(device))
            pooled = F.avg_pool2d(patch_map, 2, 2, ceil_mode=True).flatten(2).transpose(1, 2)
            tokens[part] = pooled.cpu().numpy()
            embeddings[part] = F.normalize(embedding, dim=1).cpu().numpy()
        beside = path.with_suffix(".part.npz")
        np.savez(beside, tokens=tokens, embeddings=embeddings)
        beside.replace(path)
    stored = np.load(path)
    return stored["tokens"], stored["embeddings"]


class People:
    """Reference sets and captions of the prepared portraits, on the CPU."""

    def __init__(self, work: Path, recogniser: Recogniser, tokenizer: Tokenizer, text_length: int) -> None:
        self.rows = json.loads((work / "rows.json").read_text())
        self.tokens, self.embeddings = read_references(work, recogniser)
        self.others: dict[tuple[str, int], list[int]] = {}
        for index, row in enumerate(self.rows):
            self.others.setdefault((row["set"], row["person"]), []).append(index)
        self.tokenizer, self.length = tokenizer, text_length

    def references(self, pairs: np.ndarray, source: np.random.Generator) -> References:
        """N places for each pair (target, drawn from): the photo that was drawn from, and others of the person that
        are not the target.
        """
        places = []
        for target, drawn in pairs:
            row = self.rows[drawn]
            more = [index for index in self.others[(row["set"], row["person"])] if index not in (target, drawn)]
            count = int(source.integers(0, PLACES))
            chosen = [drawn, *source.permutation(more)[:count]] if more else [drawn]
            places.append([chosen[place % len(chosen)] for place in range(PLACES)])
        index = np.array(places)
        tokens = torch.from_numpy(self.tokens[index].astype(np.float32))
        faces = F.normalize(torch.from_numpy(self.embeddings[index]).mean(1), dim=1)
        return References(tokens.flatten(1, 2), tokens.mean((1, 2)), faces)

    def captions(self, pairs: np.ndarray, source: np.random.Generator) -> Tensor:
        """Ids (B, L) of what the targets show; a part of them says nothing."""
        texts = []
        for target, _ in pairs:
            row = self.rows[target]
            sure = row["expression"] in SAYS and row["expression_p"] > SURE
            kind = {"male": "man", "female": "woman"}.get(str(row["labels"].get("sex")), "person")
            words = [SAYS[row["expression"]]] if sure else []
            texts.append(", ".join([*words, f"{kind} is sks"]) if source.random() > SILENT else "")
        return torch.tensor([encode(self.tokenizer, text, self.length) for text in texts])
