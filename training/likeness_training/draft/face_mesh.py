"""The face mesh and the matte of MediaPipe (Apache-2.0), run by ai-edge-litert."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from ai_edge_litert.interpreter import Interpreter

from ..data.mediapipe_wheel import FACE_MESH, SEGMENTATION
from .head import LEFT_EYE_OUTER, POINTS, RIGHT_EYE_OUTER

MESH_SIDE, MATTE_SIDE = 192, 256
BOX_SCALE = 1.5
"""Side of the square that the mesh is read in, against the longer side of its points' box."""


class Network:
    """A TFLite file. Takes RGB uint8 (S, S, 3) of its own side S, answers its outputs."""

    def __init__(self, path: Path) -> None:
        self.interpreter = Interpreter(model_path=str(path), num_threads=1)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]["index"]
        self.outputs = [each["index"] for each in self.interpreter.get_output_details()]

    def __call__(self, picture: np.ndarray) -> list[np.ndarray]:
        self.interpreter.set_tensor(self.input, picture.astype(np.float32)[None] / 255)
        self.interpreter.invoke()
        return [self.interpreter.get_tensor(index) for index in self.outputs]


class FaceMesh:
    """468 points of a face."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder / FACE_MESH.name)

    def read(self, image: np.ndarray, centre: np.ndarray, side: float, angle: float) -> tuple[np.ndarray, float]:
        """One look at a square turned by `angle` radians: mesh (468, 3) in pixels of the image, logit of a face being
        there.
        """
        scale = MESH_SIDE / side
        turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        matrix = np.concatenate([turn, (np.full(2, (MESH_SIDE - 1) / 2) - turn @ centre)[:, None]], 1)
        shown = cv2.GaussianBlur(image, (0, 0), 0.4 / scale) if scale < 0.6 else image
        outputs = self.network(
            cv2.warpAffine(
                shown, matrix, (MESH_SIDE, MESH_SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
            )
        )
        points = next(each for each in outputs if each.size == POINTS * 3).reshape(POINTS, 3)
        presence = float(next(each for each in outputs if each.size == 1).ravel()[0])
        back = cv2.invertAffineTransform(matrix)
        mesh = points.copy()
        mesh[:, :2] = points[:, :2] @ back[:, :2].T + back[:, 2]
        mesh[:, 2] = points[:, 2] / scale
        return mesh, presence

    def __call__(self, image: np.ndarray, five: np.ndarray, passes: int = 2) -> tuple[np.ndarray, float]:
        """Mesh (468, 3) and presence. `five`: eyes, nose, mouth corners (5, 2). The square of the first look comes from
        them, that of each further one from the mesh.
        """
        eyes = five[1] - five[0]
        angle = float(np.arctan2(eyes[1], eyes[0]))
        centre, side = five.mean(0), 3.4 * float(np.linalg.norm(eyes))
        side = max(side, 2.6 * float(np.linalg.norm(five[3:].mean(0) - five[:2].mean(0))))
        for _ in range(passes):
            mesh, presence = self.read(image, centre, side, angle)
            eyes = mesh[RIGHT_EYE_OUTER, :2] - mesh[LEFT_EYE_OUTER, :2]
            angle = float(np.arctan2(eyes[1], eyes[0]))
            turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
            upright = mesh[:, :2] @ turn.T
            low, high = upright.min(0), upright.max(0)
            centre, side = turn.T @ ((low + high) / 2), float((high - low).max()) * BOX_SCALE
        return mesh, presence


class Matte:
    """Where a person is."""

    def __init__(self, folder: Path) -> None:
        self.network = Network(folder / SEGMENTATION.name)

    def __call__(self, image: np.ndarray) -> np.ndarray:
        """RGB uint8 (H, W, 3) -> (H, W) 0..1."""
        (found,) = self.network(cv2.resize(image, (MATTE_SIDE, MATTE_SIDE), interpolation=cv2.INTER_AREA))
        return np.clip(cv2.resize(found[0, ..., 0], image.shape[1::-1], interpolation=cv2.INTER_CUBIC), 0, 1)
