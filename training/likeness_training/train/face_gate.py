"""F, the gate of the identity loss: 1 where a detector finds a face in a picture (paper)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor


class FaceGate:
    """UltraFace (`fr_detect.onnx`): 320x240 RGB, (x - 127) / 128; scores (1, boxes, 2)."""

    def __init__(self, models: Path, threshold: float = 0.7) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(models / "fr_detect.onnx"), options, providers=["CPUExecutionProvider"]
        )
        self.input = self.session.get_inputs()[0].name
        self.threshold = threshold

    @torch.no_grad()
    def __call__(self, pictures: Tensor) -> Tensor:
        """(B,) of 0 or 1 for pictures (B, 3, H, W) in -1..1. The face fills a crop, so it is set in a margin first."""
        small = F.interpolate((pictures + 1) * 127.5, size=(160, 160), mode="bilinear", align_corners=False)
        framed = F.pad(small, (80, 80, 40, 40), value=127.0)
        found = [
            self.session.run(None, {self.input: ((frame[None] - 127) / 128).numpy().astype(np.float32)})
            for frame in framed
        ]
        scores = [next(output for output in outputs if output.shape[-1] == 2)[0, :, 1].max() for outputs in found]
        return torch.tensor([float(score > self.threshold) for score in scores])
