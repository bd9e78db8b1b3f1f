"""Curves of a log as one SVG: `python -m likeness_training.measure.plot LOG.jsonl OUT.svg --value id_sim --by prompt`.

A log is what every stage writes, one JSON object a line; rows without the value are passed over. `--by` draws one
curve for each value of another key, or of several (`people,beta`). Of what `likeness evaluate --candidates 4,8 --json`
printed (a `.json` file) the means of a metric, or of several (`idSim,expressionAccuracy`), are drawn against the
candidates for each portrait.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from dataclasses import dataclass
from html import escape
from pathlib import Path

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 16, 40
COLOURS = ("#3366cc", "#dc3912", "#109618", "#ff9900", "#990099", "#0099c6", "#8b5e3c", "#444444")
LINES = 4
"""Of the grid, across."""

Curves = dict[str, list[tuple[float, float]]]


def read_curves(path: Path, value: str, by: str | None) -> Curves:
    """(samples, value) of each curve, in the log's order."""
    curves: Curves = defaultdict(list)
    keys = by.split(",") if by else []
    for line in path.read_text().splitlines():
        row = json.loads(line)
        if value in row and all(key in row for key in keys):
            named = [str(row[key]) if len(keys) == 1 else f"{key} {row[key]}" for key in keys]
            curves[", ".join(named) or value].append((row["samples"], row[value]))
    return dict(curves)


def read_evaluation(path: Path, metrics: str) -> Curves:
    """(candidates, mean) of each metric."""
    parts = json.loads(path.read_text())["byCandidates"]
    at = sorted((int(count), part["metrics"]) for count, part in parts.items())
    return {name: [(count, found[name]["mean"]) for count, found in at] for name in metrics.split(",")}


@dataclass(frozen=True)
class Axes:
    """What the corners of the plot stand for."""

    right: float
    low: float
    high: float

    def place(self, samples: float, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * samples / self.right
        return f"{x:.1f},{self.height(value):.1f}"

    def height(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - self.low) / (self.high - self.low)


def axes_of(curves: Curves) -> Axes:
    points = [point for curve in curves.values() for point in curve]
    if not points:
        raise SystemExit("nothing to draw: no row of the log has this value")
    low, high = min(value for _, value in points), max(value for _, value in points)
    return Axes(max(samples for samples, _ in points), min(0.0, low), high if high > min(0.0, low) else low + 1)


def grid(axes: Axes) -> list[str]:
    parts = []
    for step in range(LINES + 1):
        value = axes.low + (axes.high - axes.low) * step / LINES
        y = axes.height(value)
        parts.append(
            f'<path d="M{LEFT},{y:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/><text x="{LEFT - 6}" '
            f'y="{y + 4:.1f}" text-anchor="end">{value:.2f}</text>'
        )
        x = LEFT + (WIDTH - LEFT - RIGHT) * step / LINES
        anchor = "end" if step == LINES else "middle"
        parts.append(
            f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" '
            f'text-anchor="{anchor}">{axes.right * step / LINES:,.0f}</text>'
        )
    return parts


def draw(curves: Curves, value: str, across: str = "samples seen") -> str:
    axes, parts = axes_of(curves), []
    for number, (name, points) in enumerate(curves.items()):
        colour, y = COLOURS[number % len(COLOURS)], HEIGHT + 16 * number
        path = " ".join(axes.place(*point) for point in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts.append(
            f'<path d="M{LEFT},{y - 4}h24" stroke="{colour}" stroke-width="2"/><text '
            f'x="{LEFT + 30}" y="{y}">{escape(name)}</text>'
        )
    total = HEIGHT + 16 * len(curves)
    title = f'<text x="{LEFT}" y="11">{escape(value)} against {across}</text>'
    style = "<style>text{font:11px sans-serif;fill:#333}</style>"
    body = "\n".join([style, f'<rect width="{WIDTH}" height="{total}" fill="#fff"/>', title, *grid(axes), *parts])
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {total}" width="{WIDTH}">\n{body}\n</svg>\n'


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("log", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--value", required=True, help="the key to draw, or metrics of an evaluation")
    parser.add_argument("--by", help="one curve for each value of this key")
    given = parser.parse_args()
    given.out.parent.mkdir(parents=True, exist_ok=True)
    if given.log.suffix == ".json":
        given.out.write_text(draw(read_evaluation(given.log, given.value), given.value, "candidates for each portrait"))
    else:
        given.out.write_text(draw(read_curves(given.log, given.value, given.by), given.value))


if __name__ == "__main__":
    main()
