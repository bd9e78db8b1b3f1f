"""Curves of a log, by the command."""

from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from conftest import ROOT

ROWS = [
    {"samples": n, "prompt": prompt, "id_sim": value}
    for n, prompt, value in ((0, "a & b", 0.1), (0, "c", 0.3), (10, "a & b", 0.2), (10, "c", 0.5))
]


def plot(folder: Path, rows: list[dict]) -> subprocess.CompletedProcess:
    (folder / "log.jsonl").write_text("\n".join(json.dumps(row) for row in [{"rate": 3}, *rows]))
    command = [
        sys.executable,
        "-m",
        "likeness_training.measure.plot",
        str(folder / "log.jsonl"),
        str(folder / "out.svg"),
        "--value",
        "id_sim",
        "--by",
        "prompt",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_each_value_of_a_key_is_a_curve_that_rises_to_the_right(tmp_path: Path) -> None:
    assert plot(tmp_path, ROWS).returncode == 0
    picture = ET.parse(tmp_path / "out.svg").getroot()
    curves = [line.get("points", "") for line in picture.iter() if line.tag.endswith("polyline")]
    assert len(curves) == 2
    for curve in curves:
        first, last = ([float(part) for part in point.split(",")] for point in curve.split())
        assert last[0] > first[0] and last[1] < first[1]
    assert "a & b" in "".join(picture.itertext())


def test_a_log_without_the_value_is_refused_in_one_sentence(tmp_path: Path) -> None:
    done = plot(tmp_path, [])
    assert done.returncode == 1 and "no row of the log" in done.stderr and "Traceback" not in done.stderr


def test_metrics_of_an_evaluation_rise_with_the_candidates(tmp_path: Path) -> None:
    parts = {str(count): {"metrics": {"idSim": {"mean": count / 40}, "spread": {"mean": 0.2}}} for count in (16, 4)}
    (tmp_path / "evaluation.json").write_text(json.dumps({"byCandidates": parts}))
    command = [
        sys.executable,
        "-m",
        "likeness_training.measure.plot",
        str(tmp_path / "evaluation.json"),
        str(tmp_path / "out.svg"),
        "--value",
        "idSim,spread",
    ]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
    picture = ET.parse(tmp_path / "out.svg").getroot()
    rising, flat = (
        [float(point.split(",")[1]) for point in line.get("points", "").split()]
        for line in picture.iter()
        if line.tag.endswith("polyline")
    )
    assert rising[1] < rising[0] and flat[0] == flat[1]
    assert "candidates for each portrait" in "".join(picture.itertext())
