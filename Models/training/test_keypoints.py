"""Tests of the landmark network, its windows and the loss that it judges by.  No photographs and no trained weights
needed.

    python -m pytest test_keypoints.py
"""
from __future__ import annotations

import random
import sys
from pathlib import Path

import cv2
import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).parent))
import engine  # noqa: E402
from alignment import template  # noqa: E402
from crude_faces import POINTS, drawn_face, drawn_sample  # noqa: E402
from dataset import make_item  # noqa: E402
from drawn import canonical  # noqa: E402
from keypoints import (  # noqa: E402
    SPAN,
    WINDOW,
    Keypoints,
    cut_windows,
    inverse,
    load_keypoints,
    mean_of_maps,
    to_window,
)
from keypoints import export as export_keypoints  # noqa: E402
from losses import geometry_loss  # noqa: E402
from network import parameter_count  # noqa: E402
from train_keypoints import cut, keypoint_loss, make_view  # noqa: E402


def test_windows_of_crops_show_the_face_upright_and_unmirrored():
    """Wherever a crop puts the face, however turned or mirrored, K sees it at the same place."""
    rng, sample, found = random.Random(4), drawn_sample(), 0
    want = (template(2 / 3) - (512 - SPAN) / 2 + 0.5) / SPAN
    for _ in range(60):
        item = make_item(sample, 256, rng, whole=0.3)
        if item["face"] == 0:
            continue
        found += 1
        back = item["back"].numpy().astype(np.float64)
        centre = inverse(back) @ np.array([127.5, 127.5, 1])
        assert np.isfinite(centre).all()
        # The window's landmarks, mapped into the crop, lie on eyes that are dark in the drawing.
        at = (want * SPAN - 0.5) @ back[:, :2].T + back[:, 2]
        assert at.min() > 0 and at.max() < 255
        unit = np.linalg.norm(want[1] - want[0])
        assert abs(float(item["unit"]) - unit) < 0.02 * unit
    assert found >= 15


def test_window_of_a_face_is_the_same_in_numpy_and_torch():
    photo, matrix = drawn_face(), to_window(POINTS)
    a = cut(photo, matrix) / 255
    picture = torch.from_numpy(photo.transpose(2, 0, 1)).float()[None] / 255
    b = cut_windows(picture, torch.from_numpy(inverse(matrix))[None])[0].numpy().transpose(1, 2, 0)
    assert a.shape == b.shape == (WINDOW, WINDOW, 3) and np.abs(a - b).max() < 0.02


def test_canonical_moves_landmarks_with_the_picture():
    photo = drawn_face()
    big = cv2.resize(photo, (1300, 1300), interpolation=cv2.INTER_CUBIC)
    face, points = canonical(big, (POINTS + 0.5) * (1300 / 512) - 0.5)
    assert np.abs(points - POINTS).max() < 0.3
    assert np.abs(face.astype(float) - photo).mean() < 3


def test_mean_of_maps_finds_a_point_between_cells():
    maps = torch.zeros(1, 1, 32, 32)
    maps[0, 0, 10, 4], maps[0, 0, 10, 5] = 0.25, 0.75
    assert torch.allclose(mean_of_maps(maps)[0, 0], torch.tensor([5.25 / 32, 10.5 / 32]))


def test_keypoint_views_agree_when_both_are_right():
    """Perfect maps of two views of one face cost nothing, moved ones do: the way back of every view is right."""
    rng, sample = random.Random(2), {"images": [drawn_face()], "points": POINTS + np.float32(3)}
    views = [make_view(sample, rng) for _ in range(16)]
    batch = {k: torch.stack([v[k] for v in views]) for k in views[0]}

    def maps_of(points: torch.Tensor) -> torch.Tensor:
        """Bilinear splats of points [N,5,2] in 0...1."""
        cells, maps = points * 32 - 0.5, torch.zeros(*points.shape[:2], 32, 32)
        low = cells.floor().long().clamp(0, 30)
        n, p = torch.meshgrid(torch.arange(len(points)), torch.arange(5), indexing="ij")
        f = cells - low
        for dx in (0, 1):
            for dy in (0, 1):
                wx, wy = (f[..., 0] if dx else 1 - f[..., 0]), (f[..., 1] if dy else 1 - f[..., 1])
                maps[n, p, low[..., 1] + dy, low[..., 0] + dx] = wx * wy
        return maps

    right, _ = keypoint_loss(maps_of(batch["points"]), batch)
    wrong, parts = keypoint_loss(maps_of(batch["points"] + torch.tensor([0.02, 0.0])), batch)
    assert float(right) < 1e-3
    assert parts["label"] > 0.01 and parts["agree"] > 0.01, "views are turned and mirrored, so a common shift disagrees"


def test_keypoints_export_matches_torch(tmp_path):
    torch.manual_seed(0)
    net, path = load_keypoints(None), tmp_path / "keypoints.onnx"
    export_keypoints(net, path)
    assert path.stat().st_size <= 1e6 and parameter_count(Keypoints()) <= 500_000
    image = torch.rand(1, 3, WINDOW, WINDOW) * 2 - 1
    got = engine.run(path, {"image": image.numpy()}, ["points"])[0]
    assert got.shape == (1, 5, 2) and np.abs(got - net(image).detach().numpy()).max() < 2e-3


def test_geometry_loss_sees_moved_features_only():
    torch.manual_seed(0)
    judge, sample, rng = load_keypoints(None), drawn_sample(), random.Random(1)
    items = [make_item(sample, 256, rng) for _ in range(12)]
    batch = {k: torch.stack([i[k] for i in items]) for k in items[0]}
    photo = batch["photo"]
    assert 0 < float(batch["face"].sum())
    assert float(geometry_loss(judge, photo, photo, batch)) < 1e-10
    moved = photo.roll(6, 3).requires_grad_()
    loss = geometry_loss(judge, photo, moved, batch)
    loss.backward()
    assert float(loss) > 1e-8
    with_face = moved.grad.flatten(1).abs().sum(1) > 0
    assert (with_face == (batch["face"] > 0.5)).all()
    nobody = dict(batch, face=torch.zeros_like(batch["face"]))
    assert float(geometry_loss(judge, photo, moved, nobody)) == 0
