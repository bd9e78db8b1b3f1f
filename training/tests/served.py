"""A bundle in the hands of the program that serves it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import cv2
from conftest import ROOT

REPOSITORY = ROOT.parent
ASKED = ["--prompt", "smiling, looking left", "--count", "1", "--candidates", "2", "--steps", "2", "--seed", "7"]


def likeness(*arguments: str, data: Path, bundle: Path) -> str:
    """What the command says, from its sources. Fails with that where it fails."""
    done = subprocess.run(
        ["node", "--import", "tsx", "src/cli.ts", *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "LIKENESS_DATA": str(data), "LIKENESS_BUNDLE": str(bundle)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def portrait(bundle: Path, folder: Path) -> tuple[int, ...]:
    """The shape of a portrait (H, W, 3) that the bundle makes of a photo; it lacks nothing, says `models check`."""
    likeness("models", "check", str(bundle), data=folder / "data", bundle=bundle)
    photo = str(REPOSITORY / "test/fixtures/astronaut.jpg")
    likeness("portrait", "--photo", photo, *ASKED, "--out", str(folder / "album"), data=folder / "data", bundle=bundle)
    picture = cv2.imread(str(folder / "album/01.png"))
    assert picture is not None
    return picture.shape
