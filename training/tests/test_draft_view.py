"""Where the recogniser looks: five points from masks, faces cut out of pictures."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import torch
from drawn_heads import draw, drawn_head, pose_at

from likeness_training.draft.head import LEFT_EYE, LIPS_OUTER, RIGHT_EYE
from likeness_training.draft.view import EYES_CHANNEL, LIPS_CHANNEL, five_of, five_of_masks, recogniser_view
from likeness_training.models.align import ARCFACE_POINTS, similarity

SIDE = 256


def told(mesh: np.ndarray) -> torch.Tensor:
    """(9, S, S) with the masks of eyes and lips."""
    made = np.zeros((9, SIDE, SIDE), np.float32)
    for channel, parts in ((EYES_CHANNEL, (LEFT_EYE, RIGHT_EYE)), (LIPS_CHANNEL, (LIPS_OUTER,))):
        for ids in parts:
            cv2.fillPoly(made[channel], [np.round(mesh[list(ids), :2]).astype(np.int32)], 1.0)
    return torch.from_numpy(made)


def test_five_points_of_masks_are_those_of_the_mesh() -> None:
    meshes = [pose_at(SIDE, yaw).apply(drawn_head(kind)) for yaw, kind in ((0, 0), (12, 2), (-12, 3))]
    found = five_of_masks(torch.stack([told(mesh) for mesh in meshes])).numpy()
    for points, mesh in zip(found, meshes, strict=True):
        expected = five_of(mesh)
        assert np.abs(points[[0, 1, 3, 4]] - expected[[0, 1, 3, 4]]).max() < 2, "eyes and corners of the mouth"
        eyes, lips = expected[:2].mean(0), expected[3:].mean(0)
        assert points[2] == pytest.approx(eyes * 0.42 + lips * 0.58, abs=2), "the nose between them"


def test_without_lips_there_are_still_five_points() -> None:
    masks = told(pose_at(SIDE, 0).apply(drawn_head(0)))
    bare = masks.clone()
    bare[LIPS_CHANNEL] = 0
    found = five_of_masks(torch.stack([masks, bare]))
    assert torch.isfinite(found).all()
    assert torch.equal(found[0], five_of_masks(masks[None])[0]), "each picture on its own"


def test_the_view_is_the_aligned_face_in_bgr_and_gradients_reach_the_picture() -> None:
    mesh = pose_at(SIDE, 8).apply(drawn_head(2))
    image = cv2.GaussianBlur(draw(mesh, SIDE, np.array([200, 150, 120])), (0, 0), 2)
    five = five_of(mesh)
    picture = (torch.from_numpy(image).permute(2, 0, 1)[None].float() / 127.5 - 1).requires_grad_()
    seen = recogniser_view(picture, five[None])
    aligned = cv2.warpAffine(image, similarity(five, ARCFACE_POINTS), (112, 112), flags=cv2.INTER_LINEAR)
    expected = aligned[..., ::-1].transpose(2, 0, 1)
    assert np.abs(seen[0].detach().numpy() - expected).mean() < 0.5
    seen.mean().backward()
    assert picture.grad is not None and picture.grad.abs().sum() > 0
