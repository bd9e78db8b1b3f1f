"""MediaPipe's face mesh and selfie segmentation as graphs of a bundle.

`python -m likeness_training.bundle.mediapipe_graphs FOLDER OUT` writes `face_mesh.onnx` and `matte.onnx` into OUT. The
TFLite files they are converted from lie in FOLDER, taken out of MediaPipe's wheel the first time. Weights are fp16 in
both.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor, nn

from ..data.mediapipe_wheel import FACE_MESH, SEGMENTATION, fetch_model
from ..models.tflite_graph import TfliteGraph
from .onnx_files import Graph, write_graph

FACE_SIDE, PERSON_SIDE = 192, 256
"""Of the pictures that face mesh and segmentation take."""
POINTS = 468


class FaceMesh(nn.Module):
    """image (1, 3, 192, 192), RGB 0..1 -> points (1, 468, 3), presence (1, 1).

    Points are x, y and depth in pixels of the image, depth smaller towards the camera; presence is the logit of a face
    being there.
    """

    names = ("points", "presence")

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.network = TfliteGraph(path)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor]:
        points, presence = self.network(image)
        return points.reshape(1, POINTS, 3), presence.reshape(1, 1)


class Matte(nn.Module):
    """image (1, 3, 256, 256), RGB 0..1 -> matte (1, 1, 256, 256), 1 where a person is."""

    names = ("matte",)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.network = TfliteGraph(path)

    def forward(self, image: Tensor) -> Tensor:
        return self.network(image)[0]


def mediapipe_graphs(folder: Path) -> dict[str, Graph]:
    """Both graphs by name; `folder` has the TFLite files or takes them."""
    image = torch.rand(1, 3, PERSON_SIDE, PERSON_SIDE, generator=torch.Generator().manual_seed(0))
    mesh = FaceMesh(fetch_model(folder / FACE_MESH.name, FACE_MESH))
    matte = Matte(fetch_model(folder / SEGMENTATION.name, SEGMENTATION))
    return {
        "face_mesh": Graph(mesh, {"image": image[..., :FACE_SIDE, :FACE_SIDE]}, list(mesh.names)),
        "matte": Graph(matte, {"image": image}, list(matte.names)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="of the TFLite files; made if it is missing")
    parser.add_argument("out", type=Path, help="the bundle's folder")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, graph in mediapipe_graphs(arguments.folder).items():
        path = arguments.out / f"{name}.onnx"
        write_graph(graph, path)
        print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, equal to PyTorch")


if __name__ == "__main__":
    main()
