"""The canonical head: poses come back exactly, the mean head stands as it should."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_heads import drawn_head

from likeness_training.draft.head import (
    LEFT_EYE_OUTER,
    RIGHT_EYE_OUTER,
    Pose,
    best_mirror,
    mean_head,
    pose_of,
    procrustes,
)


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """By degrees, as `Pose.degrees` reads them."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return about_z @ about_x @ about_y


@pytest.mark.parametrize("angles", [(0, 0, 0), (30, 0, 0), (0, -20, 0), (0, 0, 45), (-25, 12, 8)])
def test_procrustes_gives_back_the_pose_exactly(angles: tuple[float, float, float]) -> None:
    head = drawn_head(0)
    pose = Pose(83.5, rotation(*angles), np.array([120.0, 95.0, -4.0]))
    found = procrustes(head, pose.apply(head))
    assert found.scale == pytest.approx(83.5, rel=1e-12)
    assert np.allclose(found.rotation, pose.rotation, atol=1e-12)
    assert np.allclose(found.shift, pose.shift, atol=1e-9)
    assert np.allclose(found.undo(pose.apply(head)), head, atol=1e-12)


def test_procrustes_never_mirrors() -> None:
    head = drawn_head(0)
    mirrored = head * np.array([-1.0, 1.0, 1.0])
    assert np.linalg.det(procrustes(head, mirrored).rotation) == pytest.approx(1)


@pytest.mark.parametrize(("angles", "place"), [((20, 0, 0), 0), ((0, 15, 0), 1), ((0, 0, 10), 2)])
def test_degrees_are_those_of_a_viewer(angles: tuple[float, float, float], place: int) -> None:
    degrees = Pose(1.0, rotation(*angles), np.zeros(3)).degrees
    assert degrees == pytest.approx(angles, abs=1e-9)
    nose = np.array([0.0, 0.0, -1.0])
    turned = rotation(*angles) @ nose
    if place < 2:
        assert (turned[0] > 0, turned[1] < 0) == (place == 0, place == 1), "the nose goes right, and up"
    else:
        assert (rotation(*angles) @ np.array([1.0, 0, 0]))[1] > 0, "clockwise: what is right goes down"


def test_an_open_mouth_does_not_move_the_pose() -> None:
    pose = Pose(70.0, rotation(10, 5, -3), np.array([100.0, 90.0, 0.0]))
    shut, opened = drawn_head(0), drawn_head(3)
    assert np.allclose(pose_of(pose.apply(opened), shut).rotation, pose.rotation, atol=1e-9)


def test_the_mean_head_is_symmetric_with_eyes_one_unit_apart() -> None:
    source = np.random.default_rng(0)
    noise = source.normal(0, 0.001, (6, 468, 3))
    meshes = [
        Pose(60 + 5 * k, rotation(*source.uniform(-8, 8, 3)), source.uniform(50, 90, 3)).apply(drawn_head(0) + noise[k])
        for k in range(6)
    ]
    mean = mean_head(np.stack(meshes))
    mirror = best_mirror(mean)
    assert np.array_equal(mirror[mirror], np.arange(468))
    assert mirror[LEFT_EYE_OUTER] == RIGHT_EYE_OUTER
    assert np.allclose(mean[mirror] * [-1, 1, 1], mean, atol=1e-9)
    assert np.allclose(mean[[LEFT_EYE_OUTER, RIGHT_EYE_OUTER], 0], [-0.5, 0.5])
    assert np.abs(mean - drawn_head(0)).max() < 0.02
