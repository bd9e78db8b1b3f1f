"""The checks that take too long for every run: the full size with random weights, from a base folder to an album.

    npm run check:full                      # 25 GiB of disk, 18 GiB of memory, about half an hour on two cores
    npm run check:full -- --size sd21-smoke # the same steps shrunk, in a minute

Every step is the command that an operator runs. Time and peak memory of each are printed as a table, and written to
`--out` (docs/check-full.md holds the last run).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..data.random_base import ADAPTER, LORA

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = ROOT.parent
SIZES = ("sd21", "sd21-smoke", "sd15-face", "sd15-face-smoke")
MEMORY_MIB = 20 * 1024
"""What an album may take."""


@dataclass
class Step:
    """A command and what it took."""

    name: str
    command: list[str]
    seconds: float = 0.0
    peak: float = 0.0


def steps(size: str, folder: Path) -> list[Step]:
    python = [sys.executable, "-W", "ignore", "-m"]
    configs, photo = f"configs/{size}", REPOSITORY / "test/fixtures/astronaut.jpg"
    cli = ["node", str(REPOSITORY / "dist/src/cli.js")]
    asked = [
        "--prompt",
        "an astronaut, oil painting",
        "--count",
        "1",
        "--candidates",
        "1",
        "--steps",
        "2",
        "--seed",
        "7",
    ]
    files = (("--adapter", ADAPTER), ("--lora", LORA)) if "sd15-face" in size else ()
    adapter = [part for option, file in files for part in (option, str(folder / "base" / file))]
    return [
        Step(
            "random base folder",
            [*python, "likeness_training.data.random_base", f"{configs}/model.yaml", str(folder / "base")],
        ),
        Step(
            "export, each graph compared",
            [
                *python,
                "likeness_training",
                "export",
                f"{configs}/export-cpu.yaml",
                "--base",
                str(folder / "base"),
                "--out",
                str(folder / "exported"),
                *adapter,
            ],
        ),
        Step("import", [*cli, "models", "import", str(folder / "exported"), "--out", str(folder / "bundle")]),
        Step(
            "album, one graph loaded at a time",
            [*cli, "portrait", "--photo", str(photo), *asked, "--out", str(folder / "album")],
        ),
    ]


def run(step: Step, environment: dict[str, str]) -> None:
    """Exits with the command's own message where it fails."""
    begun = time.monotonic()
    child = subprocess.Popen(step.command, cwd=ROOT, env={**os.environ, **environment})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.exit(f"check:full: {step.name} failed with exit code {child.returncode}")
    step.seconds, step.peak = time.monotonic() - begun, usage.ru_maxrss / 2**20


def report(size: str, done: list[Step]) -> str:
    rows = [f"| {step.name} | {step.seconds:.0f} | {step.peak:.1f} |" for step in done]
    return "\n".join(
        [
            f"`{size}`, {os.cpu_count()} cores",
            "",
            "| step | seconds | peak memory, GiB |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", default="sd21", choices=SIZES)
    parser.add_argument("--out", type=Path, help="a file for the table")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        environment = {
            "LIKENESS_BUNDLE": str(folder / "bundle"),
            "LIKENESS_DATA": str(folder / "data"),
            "LIKENESS_ENGINE_MEMORY": "one",
            "LIKENESS_ENGINE_MEMORY_MIB": str(MEMORY_MIB),
            "LIKENESS_ENGINE_TIME_SECONDS": "7200",
        }
        done = steps(arguments.size, folder)
        for step in done:
            run(step, environment)
        if not (folder / "album/01.png").is_file() or done[-1].peak * 1024 > MEMORY_MIB:
            sys.exit("check:full: no album, or more memory than it may take")
    table = report(arguments.size, done)
    print(table)
    if arguments.out:
        arguments.out.write_text(table)


if __name__ == "__main__":
    main()
