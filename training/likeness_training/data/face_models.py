"""The face models (npm package `faceplugin-face-recognition-js`, MIT) run by onnxruntime: where a face is, and how it
looks.

Used where there are no labels: for folders of photos, and to judge generated pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

from ..models.align import move

EXPRESSIONS = ("surprised", "afraid", "disgusted", "happy", "sad", "angry", "neutral")
VIEW = (320, 240)
BORDERS = (0.25, 0.9, 1.8)
"""The picture is seen with such borders, one after the other, until a face is found: one that fills it is missed
else."""
MIN_SCORE = 0.7
SECOND_FACE = 0.25
"""A second face of at least this part of the first one's area makes a photo one of several people."""


@dataclass
class Measured:
    """One face: its box (x, y, width, height), five points, expression and head pose (yaw > 0: to the right of the
    picture)."""

    box: np.ndarray
    points: np.ndarray
    expression: str
    expression_p: float
    yaw: float
    pitch: float


def softmax(values: np.ndarray) -> np.ndarray:
    raised = np.exp(values - values.max())
    return raised / raised.sum()


def five_points(landmarks: np.ndarray) -> np.ndarray:
    """Eyes, nose, mouth corners (5, 2) of 68 landmarks."""
    return np.stack([landmarks[36:42].mean(0), landmarks[42:48].mean(0), landmarks[30], landmarks[48], landmarks[54]])


def overlap(a: np.ndarray, b: np.ndarray) -> float:
    """Shared area as a part of the smaller box."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0.0, width) * max(0.0, height) / min(a[2] * a[3], b[2] * b[3])


class FaceModels:
    """Opens each model once. All pictures are RGB uint8."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.sessions = {
            name: onnxruntime.InferenceSession(
                str(folder / f"fr_{name}.onnx"), options, providers=["CPUExecutionProvider"]
            )
            for name in ("detect", "landmark", "expression", "pose")
        }

    def run(self, name: str, x: np.ndarray) -> list[np.ndarray]:
        session = self.sessions[name]
        return session.run(None, {session.get_inputs()[0].name: x.astype(np.float32)})

    def detect(self, image: np.ndarray) -> list[np.ndarray]:
        """Boxes (x, y, width, height), most confident first."""
        for border in BORDERS:
            found = self.look(image, border)
            if found:
                return found
        return []

    def look(self, image: np.ndarray, border: float) -> list[np.ndarray]:
        height, width = image.shape[:2]
        scale = min(VIEW[0] / width, VIEW[1] / height) / (1 + 2 * border)
        shift = (VIEW[0] - width * scale) / 2, (VIEW[1] - height * scale) / 2
        matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
        view = move(image, matrix, VIEW, cv2.BORDER_CONSTANT, 127).astype(np.float32)
        outputs = self.run("detect", ((view - 127) / 128).transpose(2, 0, 1)[None])
        scores, boxes = sorted(outputs, key=lambda output: output.shape[-1])
        kept: list[np.ndarray] = []
        for index in np.argsort(-scores[0, :, 1]):
            if scores[0, index, 1] < MIN_SCORE:
                break
            left, top, right, bottom = boxes[0, index] * np.array([*VIEW, *VIEW])
            box = np.array(
                [(left - shift[0]) / scale, (top - shift[1]) / scale, (right - left) / scale, (bottom - top) / scale]
            )
            if all(overlap(box, other) < 0.5 for other in kept):
                kept.append(box)
        return kept

    def points(self, image: np.ndarray, box: np.ndarray) -> np.ndarray:
        """Eyes, nose, mouth corners (5, 2)."""
        return five_points(self.landmarks(image, box))

    def landmarks(self, image: np.ndarray, box: np.ndarray) -> np.ndarray:
        """The 68 points of a face (iBUG order): jaw, brows, nose, eyes, mouth."""
        grey, matrix = self.square(image, box, 64)
        landmarks = (
            self.run("landmark", cv2.cvtColor(grey, cv2.COLOR_RGB2GRAY)[None, None] / 256)[0].reshape(-1, 2) * 64
        )
        back = cv2.invertAffineTransform(matrix)
        return landmarks @ back[:, :2].T + back[:, 2]

    def square(self, image: np.ndarray, box: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
        """The square around a box at size x size, and the map that made it."""
        side = max(box[2], box[3])
        corner = box[:2] + box[2:] / 2 - side / 2
        scale = size / side
        matrix = np.array([[scale, 0, -corner[0] * scale], [0, scale, -corner[1] * scale]])
        return cv2.warpAffine(
            image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ), matrix

    def expression(self, image: np.ndarray, box: np.ndarray) -> tuple[str, float]:
        crop, _ = self.square(image, box, 224)
        chances = softmax(self.run("expression", crop.transpose(2, 0, 1)[None] / 255)[0].ravel())
        return EXPRESSIONS[int(chances.argmax())], float(chances.max())

    def pose(self, image: np.ndarray, box: np.ndarray) -> tuple[float, float]:
        """(yaw, pitch) in degrees: the means over 66 bins of 3 degrees from -99."""
        crop, _ = self.square(image, box, 224)
        x = (crop / 255 - np.array([0.485, 0.456, 0.406])) / np.array([0.229, 0.224, 0.225])
        yaw, pitch = (
            float((softmax(out.ravel()) * np.arange(66)).sum() * 3 - 99)
            for out in self.run("pose", x.transpose(2, 0, 1)[None])[:2]
        )
        return -yaw, pitch

    def measure(self, image: np.ndarray) -> Measured | None:
        """The only face of a picture; None where there is none, or a second one nearly as large."""
        boxes = sorted(self.detect(image), key=lambda box: -box[2] * box[3])
        if not boxes or (len(boxes) > 1 and boxes[1][2] * boxes[1][3] > SECOND_FACE * boxes[0][2] * boxes[0][3]):
            return None
        expression, certainty = self.expression(image, boxes[0])
        yaw, pitch = self.pose(image, boxes[0])
        return Measured(boxes[0], self.points(image, boxes[0]), expression, certainty, yaw, pitch)
