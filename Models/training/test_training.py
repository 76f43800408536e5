"""Tests of network, data, losses and export.  No photographs and no trained weights needed.

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
import engine  # noqa: E402
from alignment import FFHQ_512, similarity, template  # noqa: E402
from dataset import Crops, make_item, synthetic_samples, warp, whole_view  # noqa: E402
from drawn import art_patch, canonical, synthetic_art  # noqa: E402
from deploy import LINE_GAIN, LINE_OFFSET, Deployed  # noqa: E402
from export_onnx import export, fold_batch_norm, manifest  # noqa: E402
from flatten import Flattening  # noqa: E402
from groups import bilinear_kernels, by_channel, enlarge  # noqa: E402
from irises import draw_irises  # noqa: E402
from keypoints import SPAN, WINDOW, Keypoints, cut_windows, inverse, load_keypoints, mean_of_maps, to_window  # noqa: E402
from keypoints import export as export_keypoints  # noqa: E402
from losses import content_loss, geometry_loss, gram, painting_loss, style_loss  # noqa: E402
from network import CelGenerator, ToneShapes, compose, multiply_accumulates, one_style, parameter_count, set_marks  # noqa: E402
from train import freeze_norms, load_matching  # noqa: E402
from train_keypoints import cut, keypoint_loss, make_view  # noqa: E402
from painter import LOOKS  # noqa: E402

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


def random_net() -> CelGenerator:
    """Random weights with lively batch norms and outputs, so that differences show."""
    torch.manual_seed(3)
    net = CelGenerator()
    with torch.no_grad():
        for _ in range(3):
            net(torch.rand(2, 3, 64, 64) * 2 - 1)
        net.out[0].weight.normal_(0, 0.1)
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


def test_deployment_changes_nothing_but_bounds():
    net = random_net()
    net.tones.sharpness, net.tones.readiness, net.tones.strength = 4.0, 0.5, (1.3, 1.1)
    net.flattening.width = 0.05
    image, gates, mix = torch.rand(1, 3, 72, 104) * 2 - 1, torch.rand(1, net.gate_count), torch.full((1,), 0.5)
    with torch.no_grad():
        colour, logits, computed = net(image, gates, mix)
        got = Deployed(net)(image, gates, mix)
    for a, b in zip(got, (colour.clamp(-1, 1), torch.sigmoid(LINE_GAIN * logits + LINE_OFFSET), computed)):
        assert a.shape == b.shape and torch.allclose(a, b, atol=2e-5)


@pytest.mark.parametrize("factor", (2, 4))
def test_bilinear_kernels_upsample(factor):
    x = torch.rand(1, 1, 6, 9)
    got = torch.nn.functional.pixel_shuffle(enlarge(x, bilinear_kernels(factor)[:, None]), factor)
    want = torch.nn.functional.interpolate(x, scale_factor=float(factor), mode="bilinear", align_corners=False)
    assert torch.allclose(got, want, atol=1e-6)


def test_onnx_matches_torch(tmp_path):
    net, path = random_net(), tmp_path / "cel.onnx"
    net.flattening.width = 0.05
    export(net, path)
    assert path.stat().st_size <= 3.5e6
    for size in ((64, 64), (72, 104)):
        image = torch.rand(1, 3, *size) * 2 - 1
        feed = {"image": image.numpy(), "gates": np.zeros((1, net.gate_count), np.float32), "gate_mix": np.zeros(1, np.float32)}
        got = engine.run(path, feed, ["colour", "lines", "gates_out"])
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
    # Colours under highlights and pupils are not compared, so nothing there would be perfect.
    batch["marks"] = torch.zeros_like(batch["marks"])
    tint = torch.tensor(LOOKS["cel"].line_tint)
    perfect = {"base": batch["colour"] * 2 - 1, "lines": torch.logit(batch["lines"], eps=1e-6),
               "tones": 30 * (2 * torch.nn.functional.avg_pool2d(batch["tones"], 2) - 1).round(), "effects": torch.zeros(1, 6, 32, 32),
               "marks": 30 * (2 * batch["marks"] - 1).round()}
    loss, parts, picture = painting_loss(ToneShapes(8), perfect, batch, tint)
    assert all(v < 1e-2 for k, v in parts.items() if k not in ("shapes", "marks"))
    assert torch.allclose(picture, compose(batch["colour"], batch["lines"], tint), atol=1e-4)
    for name, part in (("tones", "shapes"), ("marks", "marks")):
        wrong = {**perfect, name: -perfect[name]}
        assert painting_loss(ToneShapes(8), wrong, batch, tint)[1][part] > 10 * parts[part]


def test_one_style_is_that_style_alone():
    torch.manual_seed(5)
    together, alone = CelGenerator(3).eval(), CelGenerator().eval()
    alone.load_state_dict(one_style(together.state_dict(), 2))
    image = torch.rand(2, 3, 32, 32) * 2 - 1
    with torch.no_grad():
        parts, wanted = alone.parts(image), together.parts(image, torch.tensor([2, 2]))
        other = together.parts(image, torch.tensor([2, 0]))
    assert all(torch.allclose(parts[k], wanted[k], atol=1e-6) for k in parts)
    assert torch.allclose(other["base"][0], parts["base"][0], atol=1e-6)
    assert not torch.allclose(other["base"][1], parts["base"][1], atol=1e-3)


def test_highlights_are_white_and_pupils_dark():
    marks = torch.tensor([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]).T.reshape(1, 3, 1, 3)
    set_to = set_marks(torch.full((1, 3, 1, 3), 0.6), marks)
    assert torch.allclose(set_to[0, 0, 0], torch.tensor([0.97, 0.06, 0.6]))


def eye(iris: tuple[float, float, float]) -> tuple[torch.Tensor, torch.Tensor]:
    """A photograph of one iris among skin [1,3,32,32], and where the iris lies [1,1,4,32,32]."""
    y, x = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    disc = ((x - 31.5).hypot(y - 31.5) < 10).float()[None, None]
    photo = torch.lerp(torch.tensor([0.8, 0.6, 0.5]).view(1, 3, 1, 1).expand(1, 3, 64, 64), torch.tensor(iris).view(1, 3, 1, 1), disc)
    return torch.nn.functional.avg_pool2d(photo, 2), by_channel(torch.nn.functional.pixel_unshuffle(disc, 2))


@pytest.mark.parametrize("seen, warmest, coolest", (((0.45, 0.30, 0.20), 0, 2), ((0.35, 0.40, 0.45), 2, 0), ((0.40, 0.45, 0.33), 1, 2)))
def test_irises_take_the_hue_of_the_photograph(seen, warmest, coolest):
    photo, irises = eye(seen)
    grey = torch.full((1, 3, 4, 32, 32), 0.5)
    drawn = draw_irises(grey, irises, photo)
    middle = drawn[0, :, :, 14:18, 14:18].mean((1, 2, 3))
    assert int(middle.argmax()) == warmest and int(middle.argmin()) == coolest
    share = lambda colour: float(colour.max() - colour.min()) / float(colour.mean())
    assert share(middle) > 1.2 * share(torch.tensor(seen)), "clearer than seen"
    rim = drawn[0, :, :, 15:17, 11].mean()
    assert float(rim) < 0.8 * float(middle.mean()), "a dark rim"
    assert torch.equal(drawn[..., :9], grey[..., :9]), "nothing beside the iris"


def test_irises_of_a_grey_photograph_stay_grey():
    drawn = draw_irises(torch.full((1, 3, 4, 32, 32), 0.5), eye((0.4, 0.4, 0.4))[1], torch.full((1, 3, 32, 32), 0.4))
    assert float((drawn.amax(1) - drawn.amin(1)).max()) < 1e-4


def test_irises_are_never_red():
    photo, irises = eye((0.5, 0.3, 0.3))
    red, green, blue = draw_irises(torch.full((1, 3, 4, 32, 32), 0.5), irises, photo)[0, :, :, 14:18, 14:18].mean((1, 2, 3))
    assert float(red - green) < 0.7 * float((red + green) / 2 - blue) + 0.08


def test_shapes_darken_and_lighten_only_where_they_lie():
    tones, base = ToneShapes(8), torch.zeros(1, 3, 8, 8)
    masks, effects = torch.zeros(1, 2, 4, 4), torch.tensor([-0.5, -0.5, -0.5, 0.4, 0.4, 0.4]).view(1, 6, 1, 1).expand(1, 6, 4, 4)
    masks[:, 0, :, :2], masks[:, 1, :, 3:] = 1, 1
    shaded = tones.apply_to(base, masks, effects)
    assert torch.allclose(shaded[..., 0], torch.tensor(0.25)) and torch.allclose(shaded[..., 7], torch.tensor(0.7))


def flattened(colour: torch.Tensor, width: float) -> torch.Tensor:
    """colour [N,3,H,W] in 0...1 through Flattening, which takes groups of pixels."""
    return torch.nn.functional.pixel_shuffle(Flattening(width)(torch.nn.functional.pixel_unshuffle(colour, 2)), 2)


def test_flattening_levels_soft_gradients_and_keeps_edges():
    ramp = torch.linspace(0.2, 0.3, 64).view(1, 1, 1, 64).expand(1, 3, 64, 64).clone()
    ramp[:, :, 32:] += 0.5
    flat = flattened(ramp, 0.06)
    assert flat[0, 0, 16].max() - flat[0, 0, 16].min() < 0.6 * 0.1
    step = (flat[0, 0, 33] - flat[0, 0, 30]).mean()
    assert abs(float(step) - 0.5) < 0.025
    assert torch.equal(flattened(ramp, 0.0), ramp)


def test_flattening_keeps_lips_apart_from_skin():
    face = torch.tensor([0.80, 0.62, 0.52]).view(1, 3, 1, 1).expand(1, 3, 64, 64).clone()
    # As light as the skin, only redder.
    lips = torch.tensor([0.92, 0.53, 0.54]).view(3, 1, 1)
    face[:, :, 28:36, 16:48] = lips
    flat = flattened(face, 0.055)
    assert float((flat[0, :, 30:34, 24:40] - lips).abs().max()) < 0.02


def drawn_sample() -> dict:
    """The crude face as a painted sample whose painting is the photo itself."""
    photo = drawn_face()
    return {"photo": photo, "paints": [np.dstack([photo, np.zeros(photo.shape[:2], np.uint8)])],
            "tones": np.zeros((*photo.shape[:2], 2), np.uint8), "marks": np.zeros((*photo.shape[:2], 3), np.uint8), "points": POINTS}


def test_whole_view_shows_all_of_the_sample():
    sample = drawn_sample()
    shown = warp(sample["photo"], whole_view(sample, 256), 256)
    want = cv2.resize(sample["photo"], (256, 256), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - want).max() <= 1


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


def test_content_and_style_losses_vanish_on_their_targets():
    torch.manual_seed(0)
    judge = load_keypoints(None)
    art = torch.rand(2, 1, 64, 64)
    picture = torch.rand(2, 3, 64, 64)
    assert float(content_loss(judge, picture, picture)) == 0
    assert float(content_loss(judge, picture, 1 - picture)) > 0.01
    assert float(style_loss(judge, art.expand(-1, 3, -1, -1), art)) < 1e-8
    assert float(style_loss(judge, picture * 0, art)) > 0.01
    features = torch.rand(2, 3, 4, 5)
    assert torch.allclose(gram(features)[0, 1], (features[:, 0] * features[:, 1]).mean())


def test_art_patches_have_the_asked_size():
    patch = art_patch(synthetic_art(), 200, random.Random(0))
    assert patch.shape == (200, 200) and patch.dtype == np.uint8 and patch.std() > 0
    item = next(iter(Crops(synthetic_samples(2), 64, 1, art=synthetic_art())))
    assert item["art"].shape == (1, 64, 64)


def test_frozen_norms_do_not_move():
    net = CelGenerator()
    freeze_norms(net.train())
    before = {k: v.clone() for k, v in net.state_dict().items() if "running" in k}
    net(torch.rand(2, 3, 32, 32))
    assert before and all(torch.equal(v, net.state_dict()[k]) for k, v in before.items())


def test_older_weights_are_taken_as_far_as_they_fit(tmp_path):
    old, new, path = random_net(), CelGenerator(), tmp_path / "old.pt"
    weights = old.state_dict()
    del weights["tones.shapes.weight"]
    weights["out.0.bias"] = torch.zeros(3)
    for state in (weights, {"ema": weights}, {"net": weights}):
        torch.save(state, path)
        assert sorted(load_matching(new, path)) == ["out.0.bias", "tones.shapes.weight"]
        assert torch.equal(new.state_dict()["stem.0.weight"], weights["stem.0.weight"])
    torch.save({"ema": {"other": torch.zeros(1)}}, path)
    with pytest.raises(SystemExit):
        load_matching(new, path)


def test_alignment_is_exact_on_similar_points():
    turn = np.array([[0.8, -0.6], [0.6, 0.8]]) * 1.7
    matrix = similarity(FFHQ_512, FFHQ_512 @ turn.T + [5, -3])
    assert np.allclose(matrix[:, :2], turn) and np.allclose(matrix[:, 2], [5, -3])


def test_smoke_training_runs():
    script = Path(__file__).parent / "train.py"
    result = subprocess.run([sys.executable, str(script), "--smoke", "--threads", "1"], capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    assert "wrote" in result.stdout
    for term in ("geometry", "content", "style", "adversarial"):
        assert f" {term} " in result.stdout
