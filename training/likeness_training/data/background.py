"""People cut out and set before a plain studio backdrop: targets of the generator; references stay plain photographs.

What stands behind a face is most of what photos vary in and nothing a member asks for. Without it the pictures to be
learned are narrower, and portraits come out clean. The mask is that of MediaPipe's selfie segmentation
(`mediapipe_wheel.py`), run by `ai-edge-litert`.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

SIDE = 256
"""Pictures enter the network at 256x256, its mask comes at the same size."""

LIGHT, SHADE = 226.0, 26.0
"""Grey of the backdrop behind the head, and how much darker its corners are."""


class Segmenter:
    """Who is in a picture, by pixel."""

    def __init__(self, model: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self.interpreter = Interpreter(model_path=str(model), num_threads=1)
        self.interpreter.allocate_tensors()
        self.input = self.interpreter.get_input_details()[0]["index"]
        self.output = self.interpreter.get_output_details()[0]["index"]

    def mask(self, image: np.ndarray) -> np.ndarray:
        """RGB uint8 (H, W, 3) -> (H, W) 0..1, 1 where a person is."""
        large = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
        self.interpreter.set_tensor(self.input, large.astype(np.float32)[None] / 255)
        self.interpreter.invoke()
        found = self.interpreter.get_tensor(self.output)[0, ..., 0]
        return cv2.resize(found, image.shape[1::-1], interpolation=cv2.INTER_AREA)


def backdrop(size: int) -> np.ndarray:
    """A plain grey wall (size, size, 1), lit from the front: a little darker towards the corners."""
    axis = (np.arange(size) + 0.5) / size - 0.5
    return (LIGHT - SHADE * 2 * (axis[None, :] ** 2 + axis[:, None] ** 2)).astype(np.float32)[..., None]


def cut_out(image: np.ndarray, mask: np.ndarray, behind: np.ndarray | None = None) -> np.ndarray:
    """The person of an RGB image before the plain backdrop, or what else is `behind`; half-certain parts of the mask are decided softly."""
    sure = np.clip((cv2.GaussianBlur(mask, (0, 0), 0.8) - 0.35) / 0.4, 0, 1)[..., None]
    return np.clip(image * sure + (backdrop(len(image)) if behind is None else behind) * (1 - sure), 0, 255).astype(np.uint8)
