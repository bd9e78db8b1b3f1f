"""People cut out and set before a plain studio backdrop: targets of the generator; references stay plain photographs.

What stands behind a face is most of what photos vary in and nothing a member asks for. Without it the pictures to be
learned are narrower, and portraits come out clean. The mask is that of MediaPipe's selfie segmentation (Apache-2.0), a
file inside the wheel `mediapipe==0.10.14`, run by `ai-edge-litert`.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import cv2
import numpy as np

from ..config import ConfigError

WHEEL = "mediapipe==0.10.14"
MEMBER = "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite"
SHA256 = "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c"
SIDE = 256
"""Pictures enter the network at 256x256, its mask comes at the same size."""

LIGHT, SHADE = 226.0, 26.0
"""Grey of the backdrop behind the head, and how much darker its corners are."""


def fetch_model(path: Path) -> Path:
    """The network's file at `path`, taken out of the wheel the first time. Raises ConfigError where that fails."""
    if not path.is_file():
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--python-version=3.11"]
            command += ["--platform=manylinux2014_x86_64", "-d", folder, WHEEL]
            if subprocess.run(command, check=False).returncode != 0:
                raise ConfigError(f"{path}: {WHEEL} could not be downloaded")
            with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
                data = wheel.read(MEMBER)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    if hashlib.sha256(path.read_bytes()).hexdigest() != SHA256:
        raise ConfigError(f"{path}: is not the selfie segmentation of {WHEEL}; remove it and run again")
    return path


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
