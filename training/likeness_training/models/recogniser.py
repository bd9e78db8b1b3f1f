"""The face recogniser R as a differentiable PyTorch module, read from its ONNX file.

The file is `fr_feature.onnx` of the npm package `faceplugin-face-recognition-js` (MIT): a MobileFaceNet of Conv, PRelu,
Add and one Reshape, 112x112 RGB in, 512-d embedding out.
"""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

from ..data.align import ARCFACE_SIZE, CROP_OFFSET, CROP_SCALE, CROP_SIZE

MAP_INPUT_KERNEL = 7
"""The convolution that pools the 7x7 map: its input is the 49 x 512 patch tokens."""


class Recogniser(nn.Module):
    """Runs the graph node by node. Frozen: gradients flow to the picture, never to the weights."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        graph = onnx.load(str(path)).graph
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.steps: list[tuple[str, list[str], str, dict]] = []
        self.names: dict[str, str] = {}
        for item in graph.initializer:
            value = torch.from_numpy(numpy_helper.to_array(item).copy())
            if value.is_floating_point():
                self.names[item.name] = f"w_{len(self.names)}"
                self.register_buffer(self.names[item.name], value, persistent=False)
        for node in graph.node:
            attributes = {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute}
            if node.op_type not in ("Conv", "PRelu", "Add", "Reshape"):
                raise ValueError(f"{path}: the operator {node.op_type} is not one of the recogniser's")
            self.steps.append((node.op_type, list(node.input), node.output[0], attributes))

    def features(self, images: Tensor, taps: tuple[int, ...] = ()) -> tuple[Tensor, Tensor, list[Tensor]]:
        """(embedding (B, 512) not normalised, map (B, 512, 7, 7), the maps after the steps in `taps`).

        `images`: (B, 3, 112, 112), RGB, 0..255.
        """
        values: dict[str, Tensor] = {self.input: (images - 127.0) / 128.0}
        tapped: list[Tensor] = []
        patch_map = images
        for index, (kind, inputs, output, attributes) in enumerate(self.steps):
            x = values[inputs[0]] if inputs[0] in values else getattr(self, self.names[inputs[0]])
            if kind == "Conv":
                if attributes["kernel_shape"] == [MAP_INPUT_KERNEL, MAP_INPUT_KERNEL]:
                    patch_map = x
                weight, bias = (getattr(self, self.names[name]) for name in inputs[1:3])
                x = F.conv2d(x, weight, bias, attributes["strides"], attributes["pads"][:2], attributes["dilations"], attributes["group"])
            elif kind == "PRelu":
                slope = getattr(self, self.names[inputs[1]])
                x = F.prelu(x, slope.reshape(-1))
            elif kind == "Add":
                x = x + values[inputs[1]]
            else:
                x = x.flatten(1)
            values[output] = x
            if index in taps:
                tapped.append(x)
        return values[self.output], patch_map, tapped

    def forward(self, images: Tensor) -> Tensor:
        """L2-normalised embeddings (B, 512) of aligned faces (B, 3, 112, 112) in 0..255."""
        return F.normalize(self.features(images)[0], dim=1)


class AlignedWarp(nn.Module):
    """The fixed differentiable warp from generator crops (B, 3, 128, 128), -1..1, to recogniser input (B, 3, 112, 112), 0..255."""

    def __init__(self) -> None:
        super().__init__()
        axis = [torch.arange(ARCFACE_SIZE) * CROP_SCALE + offset for offset in CROP_OFFSET]
        x, y = (2 * (a + 0.5) / CROP_SIZE - 1 for a in axis)
        grid = torch.stack([x[None, :].expand(ARCFACE_SIZE, -1), y[:, None].expand(-1, ARCFACE_SIZE)], -1)
        self.register_buffer("grid", grid[None], persistent=False)

    def forward(self, crops: Tensor) -> Tensor:
        grid = self.grid.expand(len(crops), -1, -1, -1)
        return (F.grid_sample(crops, grid, mode="bilinear", padding_mode="border", align_corners=False) + 1) * 127.5
