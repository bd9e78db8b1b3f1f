"""Ink: lines from differences of Gaussians, halftone screens, hatching."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .flow import Flow, along
from .operations import Places, gaussian, ramp


def ink_lines(light: Tensor, flow: Flow, sigma: float, low: Tensor | float, high: float, reach: float = 4.0) -> Tensor:
    """How much ink, 0..1: differences of Gaussians (Winnemoeller 2011) smoothed along the form (Kang et al. 2007).

    The difference is taken relative to the surrounding light, so that dark skin draws like light skin. `low`: relative
    darkness where a line begins; `high` above it, it is full."""
    wide = gaussian(light, sigma * 1.8)
    relative = (wide - gaussian(light, sigma)) / (wide + 0.06)
    relative = along(relative, flow, reach, 3)
    return ((relative - low) * (1 / high)).clamp(0, 1)


def wave(places: Places, right: float, down: float, period: float, bend: Tensor | float = 0.0) -> Tensor:
    """A triangle wave 0..1 across the direction given, lines one `period` apart, moved by `bend` pixels."""
    length = math.hypot(right, down)
    phase = (places.column * (right / length) + places.row * (down / length) + bend) * (1 / period)
    return (phase - torch.floor(phase) - 0.5).abs() * 2


def screen(places: Places, period: float, angle: float) -> Tensor:
    """Halftone threshold 0..1, even in distribution enough for dots, [1, 1, 512, 512]; `angle` in degrees."""
    turn = math.radians(angle)
    u = (places.column * math.cos(turn) + places.row * math.sin(turn)) * (2 * math.pi / period)
    v = (places.row * math.cos(turn) - places.column * math.sin(turn)) * (2 * math.pi / period)
    return 0.5 + 0.25 * (torch.cos(u) + torch.cos(v))


def dots(places: Places, darkness: Tensor, period: float, angle: float, soft: float = 0.1) -> Tensor:
    """Ink 0..1 of a halftone screen; area grows with `darkness`."""
    return ramp(darkness + screen(places, period, angle) - 1, -soft, soft)
