"""Tests of painter, network, losses and export.  No photographs and no trained weights needed.

    python -m pytest test_training.py
"""
from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))
from apply import FFHQ_512, similarity, template  # noqa: E402
from dataset import make_item, synthetic_samples  # noqa: E402
from export_onnx import LINE_TINT, Deployed, export, fold_batch_norm, manifest  # noqa: E402
from losses import painting_loss  # noqa: E402
from network import CelGenerator, compose, multiply_accumulates, parameter_count  # noqa: E402
import painter  # noqa: E402

POINTS = template(2 / 3).astype(np.float32)


def drawn_face(size: int = 512) -> np.ndarray:
    """A crude face on the template: skin ellipse, hair, eyes, brows, mouth.  uint8 RGB."""
    image = np.full((size, size, 3), (120, 140, 170), np.uint8)
    centre = (256, 270)
    cv2.ellipse(image, (256, 235), (120, 135), 0, 0, 360, (60, 40, 30), -1, cv2.LINE_AA)
    cv2.ellipse(image, centre, (92, 125), 0, 0, 360, (222, 178, 150), -1, cv2.LINE_AA)
    cv2.ellipse(image, (225, 300), (60, 90), 0, 90, 270, (190, 140, 115), -1, cv2.LINE_AA)
    for x, y in POINTS[:2]:
        cv2.ellipse(image, (int(x), int(y)), (17, 8), 0, 0, 360, (235, 230, 228), -1, cv2.LINE_AA)
        cv2.circle(image, (int(x), int(y)), 7, (70, 50, 40), -1, cv2.LINE_AA)
        cv2.ellipse(image, (int(x), int(y) - 8), (18, 3), 0, 180, 360, (40, 25, 20), 2, cv2.LINE_AA)
        cv2.line(image, (int(x) - 18, int(y) - 24), (int(x) + 18, int(y) - 24), (70, 50, 40), 5, cv2.LINE_AA)
    mouth = POINTS[3:].mean(0).astype(int)
    cv2.ellipse(image, tuple(mouth.tolist()), (34, 9), 0, 0, 360, (190, 90, 90), -1, cv2.LINE_AA)
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 1) + noise, 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def painted():
    photo = drawn_face()
    return photo, *painter.paint(photo, POINTS)


def test_painting_has_the_photos_shape_and_range(painted):
    photo, colour, alpha = painted
    assert colour.shape == photo.shape and colour.dtype == np.float32
    assert alpha.shape == photo.shape[:2]
    for values in (colour, alpha):
        assert np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1
    assert 0.002 < alpha.mean() < 0.3, "lines, but not everywhere"


def test_painting_is_flatter_than_the_photo(painted):
    photo, colour, _ = painted
    flat = lambda image: (np.abs(np.diff(image.mean(2), axis=1)) < 1 / 255).mean()
    assert flat(colour) > flat(photo.astype(np.float32) / 255) + 0.2


def test_painting_commutes_with_mirroring(painted):
    photo, colour, alpha = painted
    mirrored_points = POINTS[[1, 0, 2, 4, 3]] * [-1, 1] + [511, 0]
    other, other_alpha = painter.paint(np.ascontiguousarray(photo[:, ::-1]), mirrored_points)
    # The image pyramid of mean shift is not exactly symmetric, so compare on average.
    assert np.abs(other[:, ::-1] - colour).mean() < 0.012
    assert np.abs(other_alpha[:, ::-1] - alpha).mean() < 0.012


def test_painting_moves_no_edge(painted):
    photo, colour, alpha = painted
    picture = cv2.cvtColor(painter.compose(colour, alpha).astype(np.float32), cv2.COLOR_RGB2GRAY)
    gray = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    edges = [cv2.GaussianBlur(np.hypot(cv2.Sobel(g, cv2.CV_32F, 1, 0), cv2.Sobel(g, cv2.CV_32F, 0, 1)), (0, 0), 3) for g in (gray, picture)]
    (dx, dy), _ = cv2.phaseCorrelate(*(e.astype(np.float64) for e in edges))
    assert abs(dx) < 0.5 and abs(dy) < 0.5


def test_painting_without_a_face():
    photo = np.random.default_rng(1).integers(0, 255, (120, 168, 3), np.uint8)
    colour, alpha = painter.paint(photo)
    assert colour.shape == photo.shape and np.isfinite(colour).all() and np.isfinite(alpha).all()


def test_one_line_tint_everywhere():
    assert np.allclose(painter.LINE_TINT, LINE_TINT)


def random_net() -> CelGenerator:
    """Random weights with lively batch norms and outputs, so that differences show."""
    torch.manual_seed(3)
    net = CelGenerator()
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(2, 3, 64, 64) * 2 - 1)
        net.out.weight.normal_(0, 0.1)
    return net.eval()


def test_network_fits_its_budget():
    net = CelGenerator()
    assert parameter_count(net) <= 1_600_000
    assert multiply_accumulates(net) <= 12e9


def test_given_gates_reproduce_the_output():
    net = Deployed(random_net())
    image, one = torch.rand(1, 3, 96, 64) * 2 - 1, torch.ones(1)
    with torch.no_grad():
        colour, lines, gates = net(image, torch.zeros(1, net.net.gate_count), 0 * one)
        again = net(image, gates, one)
        other = net(image, 0.5 * gates, one)
    assert torch.allclose(colour, again[0], atol=1e-5) and torch.allclose(lines, again[1], atol=1e-5)
    assert (other[0] - colour).abs().max() > 1e-3, "gates must matter"


def test_tiles_equal_the_whole_beyond_the_overlap():
    net = Deployed(random_net())
    image = torch.rand(1, 3, 512, 640) * 2 - 1
    with torch.no_grad():
        whole, lines, gates = net(image, torch.zeros(1, net.net.gate_count), torch.zeros(1))
        tile, tile_lines, _ = net(image[..., 128:, 128:], gates, torch.ones(1))
    inner = np.s_[..., 64:, 64:]
    a, b = whole[..., 128:, 128:][inner], tile[inner]
    assert (a - b).abs().mean() < 2e-3
    assert (lines[..., 128:, 128:][inner] - tile_lines[inner]).abs().mean() < 2e-3


def test_onnx_matches_torch(tmp_path):
    ort = pytest.importorskip("onnxruntime")
    net, path = random_net(), tmp_path / "cel.onnx"
    export(net, path)
    assert path.stat().st_size <= 3.5e6
    session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    for size in ((64, 64), (72, 104)):
        image = torch.rand(1, 3, *size) * 2 - 1
        feed = {"image": image.numpy(), "gates": np.zeros((1, net.gate_count), np.float32), "gate_mix": np.zeros(1, np.float32)}
        got = session.run(["colour", "lines", "gates_out"], feed)
        with torch.no_grad():
            want = Deployed(net)(image, torch.zeros(1, net.gate_count), torch.zeros(1))
        for g, w in zip(got, want):
            assert np.abs(g - w.numpy()).max() < 0.02  # half-precision weights
    fields = manifest(path, net.gate_count, "0")
    assert fields["gates"]["count"] == net.gate_count and len(fields["sha256"]) == 64


def test_folding_keeps_the_function():
    net = random_net()
    image = torch.rand(1, 3, 64, 64) * 2 - 1
    with torch.no_grad():
        a, b = net(image), fold_batch_norm(net)(image)
    assert max((x - y).abs().max() for x, y in zip(a, b)) < 1e-4


def test_items_and_perfect_loss():
    rng = random.Random(0)
    item = make_item(synthetic_samples(1)[0], 64, rng)
    assert item["photo"].shape == (3, 64, 64) and item["lines"].shape == (1, 64, 64)
    batch = {k: v[None] for k, v in item.items()}
    logits = torch.logit(batch["lines"], eps=1e-6)
    loss, parts, picture = painting_loss((batch["colour"] * 2 - 1, logits), batch, torch.tensor(LINE_TINT))
    assert float(loss) < 1e-2
    assert torch.allclose(picture, compose(batch["colour"], batch["lines"], torch.tensor(LINE_TINT)), atol=1e-4)


def test_alignment_is_exact_on_similar_points():
    turn = np.array([[0.8, -0.6], [0.6, 0.8]]) * 1.7
    matrix = similarity(FFHQ_512, FFHQ_512 @ turn.T + [5, -3])
    assert np.allclose(matrix[:, :2], turn) and np.allclose(matrix[:, 2], [5, -3])


def test_smoke_training_runs():
    script = Path(__file__).parent / "train.py"
    result = subprocess.run([sys.executable, str(script), "--smoke", "--threads", "1"], capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    assert "wrote" in result.stdout
