"""F, the gate of the identity loss: 1 where a detector finds a face in a picture (paper)."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..models.frozen_graph import FrozenGraph

VIEW = (240, 320)
"""Rows and columns that UltraFace sees."""
SIDE = 160
"""Of a whole picture in that view: faces that fill a picture are missed without a margin."""
GREY = 127.0


def score_maps(path: Path) -> list[str]:
    """The values (B, 2 A, h, w), not yet a softmax, that UltraFace's scores are put together from."""
    graph = onnx.load(str(path)).graph
    maker = {output: node for node in graph.node for output in node.output}
    (softmax,) = (node for node in graph.node if node.op_type == "Softmax")
    return [maker[maker[rows].input[0]].input[0] for rows in maker[softmax.input[0]].input]


class FaceGate(nn.Module):
    """UltraFace (`fr_detect.onnx`): RGB, (x - 127) / 128; scores of background and face. It says nothing of boxes."""

    def __init__(self, models: Path, threshold: float = 0.7) -> None:
        super().__init__()
        self.network = FrozenGraph(models / "fr_detect.onnx", score_maps(models / "fr_detect.onnx"))
        self.threshold = threshold

    @torch.no_grad()
    def score(self, pictures: Tensor, share: float = 1.0) -> Tensor:
        """(B,) 0..1, of the most certain face in square pictures (B, 3, H, H) in -1..1, each `share` as wide as the
        picture it was cut from."""
        side = round(SIDE * share)
        small = F.interpolate((pictures + 1) * 127.5, size=(side, side), mode="bilinear", align_corners=False)
        rows, columns = (size - side for size in VIEW)
        margins = (columns // 2, columns - columns // 2, rows // 2, rows - rows // 2)
        maps, _ = self.network.values((F.pad(small, margins, value=GREY) - GREY) / 128)
        best = [part.unflatten(1, (-1, 2)).softmax(2)[:, :, 1].flatten(1).amax(1) for part in maps]
        return torch.stack(best, 1).amax(1)

    def forward(self, pictures: Tensor, share: float = 1.0) -> Tensor:
        """(B,) of 0 or 1."""
        return (self.score(pictures, share) > self.threshold).float()
