"""The expression network as a differentiable judge of pictures.

The file is `fr_expression.onnx` of the npm package `faceplugin-face-recognition-js` (MIT): a DenseNet-121, 224x224 RGB in, seven
logits out.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from ..data.align import FACE_BOX
from ..data.face_models import EXPRESSIONS
from .frozen_graph import FrozenGraph
from .latent_recogniser import READ_EXPRESSIONS

SIDE = 224
NUMBERS = torch.tensor([EXPRESSIONS.index(name) for name in READ_EXPRESSIONS])
"""Of READ_EXPRESSIONS among the network's outputs."""


class ExpressionReader(FrozenGraph):
    """Pictures (B, 3, 128, 128), -1..1, aligned -> logits (B, 7) of EXPRESSIONS."""

    def forward(self, pictures: Tensor) -> Tensor:
        left, top, width, height = (round(float(value)) for value in FACE_BOX)
        face = (pictures.clamp(-1, 1)[:, :, top : top + height, left : left + width] + 1) / 2
        face = F.pad(face, (0, max(0, width - face.shape[3]), 0, max(0, height - face.shape[2])), mode="replicate")
        return self.values(F.interpolate(face, (SIDE, SIDE), mode="bilinear"))[0]
