"""Tests of data, losses and training.  No photographs and no trained weights needed.

    python -m pytest test_training.py
"""
from __future__ import annotations

import itertools
import json
import random
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

sys.path.insert(0, str(Path(__file__).parent))
import spectacles  # noqa: E402
import whiskers  # noqa: E402
from alignment import FFHQ_512, similarity  # noqa: E402
from composition import set_lines  # noqa: E402
from crude_faces import POINTS, drawn_face, drawn_sample  # noqa: E402
from dataset import (  # noqa: E402
    Crops,
    FeaturePatches,
    cut_marks,
    cut_sample,
    draw,
    load_cache,
    make_guides,
    make_item,
    random_view,
    seen_mesh,
    synthetic_samples,
    warp,
    whole_view,
)
from drawn import art_patch, synthetic_art  # noqa: E402
from guides import MAPS, OVAL, guide_maps, synthetic_mesh  # noqa: E402
from losses import WEIGHTS, painting_terms  # noqa: E402
from network import CelGenerator  # noqa: E402
from paint import paint_sample, plan, write  # noqa: E402
from painter import LOOKS  # noqa: E402
from painter.mesh import BEARD_BORDER, JAW, LIPS, LOWER_LID, UPPER_LID  # noqa: E402
from rare import BEARD, CHIN, GLASSES, shown_weight  # noqa: E402
from torch.utils.data import DataLoader  # noqa: E402
from train import arguments, load_matching, run, weight_table  # noqa: E402
from vgg import VGG, art_grams, content_loss, gram, load_vgg, style_loss  # noqa: E402


def test_items_and_perfect_loss():
    rng = random.Random(0)
    item = make_item(synthetic_samples(1)[0], 64, rng)
    assert item["photo"].shape == (3, 64, 64) and item["lines"].shape == (1, 64, 64)
    assert item["guides"].shape == (len(MAPS), 64, 64)
    batch = {k: v[None] for k, v in item.items()}
    # Colours under highlights and pupils are not compared, so nothing there would be perfect.
    batch["marks"], batch["tones"] = torch.zeros_like(batch["marks"]), batch["tones"].round()
    tint = torch.tensor(LOOKS["cel"].line_tint)
    half = torch.nn.functional.avg_pool2d(batch["tones"], 2)
    perfect = {"base": batch["colour"] * 2 - 1, "lines": torch.logit(batch["lines"], eps=1e-6),
               "tones": 30 * (2 * half - 1), "effects": torch.zeros(1, 6, 32, 32),
               "marks": 30 * (2 * batch["marks"] - 1)}
    terms, picture, wanted = painting_terms(perfect, batch, tint)
    assert set(terms) <= set(WEIGHTS)
    assert all(float(v) < 1e-2 for k, v in terms.items() if k not in ("shapes", "marks"))
    assert torch.allclose(picture, wanted, atol=1e-4)
    assert torch.allclose(wanted, set_lines(batch["colour"], batch["lines"], tint))
    for name, part in (("tones", "shapes"), ("marks", "marks")):
        wrong = {**perfect, name: -perfect[name]}
        assert painting_terms(wrong, batch, tint)[0][part] > 10 * terms[part]


def test_guides_lie_on_what_a_crop_shows():
    """Wherever a crop puts the face, the map of its outline lies on the picture that the same polygon filled."""
    mesh = synthetic_mesh(256).astype(np.float32)
    oval = (guide_maps((256, 256), mesh)[..., OVAL] * 255).astype(np.uint8)
    picture = np.repeat(oval[..., None], 3, 2)
    sample = {**drawn_sample(), "photo": picture, "paints": [np.dstack([picture, oval])], "mesh": mesh,
              "tones": [np.zeros((256, 256, 2), np.uint8)], "points": None}
    rng, off = random.Random(3), []
    for _ in range(12):
        matrix = random_view(sample, 96, rng)
        guides = make_guides(seen_mesh(mesh, matrix), 96, rng)
        if guides[..., OVAL].any():
            photo = cut_sample(sample, 0, matrix, 96)[0][..., 0] / 255
            off.append(np.abs(photo - guides[..., OVAL]).mean())
    assert len(off) >= 5 and max(off) < 0.04, "the mesh is moved by about a pixel"


def test_guides_are_dropped_whole_and_one_by_one():
    rng, mesh = random.Random(0), synthetic_mesh(96)
    shown = np.array([make_guides(mesh, 96, rng).any((0, 1)) for _ in range(150)])
    none = ~shown.any(1)
    assert 0.03 < none.mean() < 0.2
    assert 0.01 < 1 - shown[~none].mean() < 0.1 and 0.5 < shown[~none].all(1).mean() < 0.9
    assert not make_guides(None, 96, rng).any()


def test_glasses_are_put_on_photograph_and_painting_alike():
    """Frames lie at the same place in both, darker than the skin, without an outline; the pupils are not covered."""
    mesh = synthetic_mesh(256)
    eyes = [mesh[list(up + low)].mean(0).astype(int) for up, low in zip(UPPER_LID, LOWER_LID)]
    for seed in range(8):
        skin = np.full((256, 256, 3), (205, 165, 140), np.uint8)
        photo, colour, lines, marks = skin.copy(), skin.copy(), np.full((256, 256), 255, np.uint8), skin.copy()
        spectacles.put_on(photo, colour, lines, marks, mesh, random.Random(seed))
        frames = (colour != skin).any(2)
        assert 0.002 < frames.mean() < 0.12
        assert lines[frames].mean() < 120 and (lines[~frames] > 250).all()
        strong = lines < 20
        assert colour[strong].mean() < 0.75 * skin.mean() and photo[strong].mean() < photo[~strong].mean() - 20
        assert not any(frames[y, x] for x, y in eyes)


def bearded_mesh() -> np.ndarray:
    """The made-up face with the points that beards grow between."""
    mesh = synthetic_mesh(256)
    mesh[list(JAW)] = (128, 130) + 80 * np.array([(-np.cos(t), np.sin(t)) for t in np.linspace(0, np.pi, len(JAW))])
    x = np.linspace(-75, 75, len(BEARD_BORDER))
    mesh[list(BEARD_BORDER)] = np.stack([128 + x, 158 - 4 * np.cos(x / 10)], 1)
    mesh[whiskers.CHIN] = (128, 200)
    return mesh


def test_beards_grow_on_photograph_and_painting_alike():
    """Where hair grows in the photograph the painting has its tone, inside the lower face, and never on the lips."""
    mesh, skin = bearded_mesh(), np.full((256, 256, 3), (205, 165, 140), np.uint8)
    lips = np.zeros((256, 256), np.uint8)
    cv2.fillPoly(lips, [mesh[list(LIPS)].round().astype(np.int32)], 1)
    lips = cv2.erode(lips, np.ones((7, 7))) > 0
    seen = set()
    for seed in range(16):
        photo, colour, lines = skin.copy(), skin.copy(), np.full((256, 256), 255, np.uint8)
        tones = np.full((256, 256, 2), 255, np.uint8)
        whiskers.put_on(photo, colour, lines, tones, mesh, random.Random(seed))
        grown = np.abs(colour.astype(int) - skin).max(2) > 12
        assert not grown[:120].any() and not grown[lips].any() and grown.mean() < 0.35
        sure = cv2.erode(grown.astype(np.uint8), np.ones((5, 5))) > 0
        if not sure.any():
            continue
        near = cv2.GaussianBlur(photo, (0, 0), 4).astype(int) - cv2.GaussianBlur(colour, (0, 0), 4)
        assert np.abs(near[sure]).mean() < 45
        seen.add("shape" if lines[sure].mean() < 30 else "tint")
        assert (lines[:120] == 255).all() and (tones[:120] == 255).all()
    assert seen == {"shape", "tint"}


def test_glasses_and_beards_are_shown_more_often():
    mesh = synthetic_mesh(256)
    mesh[[168, 197]] = (130, 85), (124, 135)
    for side, points in ((-1, (50, 205, 117)), (1, (280, 425, 346))):
        mesh[list(points)] = (124 + 50 * side, 160)
    mesh[list(CHIN)] = np.array((124, 205)) + np.random.default_rng(0).uniform(-15, 15, (len(CHIN), 2))
    plain = np.dstack([np.full((256, 256, 3), (205, 165, 140), np.uint8), np.zeros((256, 256), np.uint8)])
    worn, bearded = plain.copy(), plain.copy()
    colour, scratch = np.ascontiguousarray(plain[..., :3]), [np.zeros((256, 256, n), np.uint8) for n in (3, 1, 3)]
    spectacles.put_on(scratch[0], colour, scratch[1][..., 0], scratch[2], mesh, random.Random(1))
    worn[..., :3] = colour
    chin = cv2.convexHull(mesh[list(CHIN)].astype(np.int32))
    cv2.fillConvexPoly(beard := np.ascontiguousarray(bearded[..., :3]), chin, (60, 40, 30))
    bearded[..., :3] = beard
    assert [shown_weight(p, mesh) for p in (plain, worn, bearded)] == [1.0, GLASSES, BEARD]
    often, seldom = {"shown": 5.0}, {"shown": 1.0}
    rng = random.Random(0)
    assert 4 < sum(draw([often, seldom], rng) is often for _ in range(600)) / 100 < 6


def test_marks_survive_their_cutting():
    marks = np.zeros((64, 80, 3), np.uint8)
    marks[20:30, 40:60, 1] = 255
    sample = {**drawn_sample(), "marks": [cut_marks(marks)]}
    assert sample["marks"][0][0].shape == (10, 20, 3)
    assert np.array_equal(cut_sample(sample, 0, np.eye(3)[:2], 64)[4], marks[:64, :64])


def test_patches_show_eyes_and_mouths():
    """Eyes and mouths as single bright spots of a sample: every patch has one near its middle."""
    photo = np.zeros((512, 512, 3), np.uint8)
    for x, y in (*POINTS[:2], POINTS[3:].mean(0)):
        cv2.circle(photo, (round(float(x)), round(float(y))), 9, (255, 255, 255), -1)
    sample = {**drawn_sample(), "photo": photo, "paints": [np.dstack([photo, photo[..., 0]])]}
    patches = iter(FeaturePatches([sample], 80, 1))
    for item in (next(patches) for _ in range(10)):
        assert item["photo"].shape == (3, 80, 80) and float(item["weight"].max()) <= 4
        assert float(item["lines"].max()) > 0.8


@pytest.mark.parametrize("crops", [lambda s: Crops(s, 64, 1), lambda s: FeaturePatches(s, 64, 1)])
def test_workers_cut_different_crops(crops):
    """With several loader processes, each batch comes from another one: none may repeat what another has cut."""
    first, second = itertools.islice(DataLoader(crops([drawn_sample()]), 2, num_workers=2), 2)
    assert not torch.equal(first["photo"], second["photo"])


def test_whole_view_shows_all_of_the_sample():
    sample = drawn_sample()
    shown = warp(sample["photo"], whole_view(sample, 256), 256)
    want = cv2.resize(sample["photo"], (256, 256), interpolation=cv2.INTER_AREA)
    assert np.abs(shown.astype(int) - want).max() <= 1


def test_content_and_style_losses_vanish_on_their_targets():
    torch.manual_seed(0)
    judge, art, picture = load_vgg(None), torch.rand(3, 1, 32, 32), torch.rand(1, 3, 32, 32)
    assert [f.shape[1] for f in judge(picture)] == [64, 128, 256]
    assert float(content_loss(judge, picture, picture)) == 0
    assert float(content_loss(judge, picture, 1 - picture)) > 1e-4
    wanted = art_grams(judge, art[:1])
    assert float(style_loss(judge, art[:1].expand(-1, 3, -1, -1), wanted)) < 1e-6
    assert float(style_loss(judge, picture * 0, wanted)) > 1e-3
    features = torch.rand(2, 3, 4, 5)
    assert torch.allclose(gram(features)[0, 1], (features[:, 0] * features[:, 1]).mean())


def test_vgg_is_read_by_the_names_of_its_layers(tmp_path):
    import onnx
    from onnx import helper, numpy_helper
    net, tensors = VGG(), []
    for number, block in enumerate(net.blocks, 1):
        for position, convolution in enumerate(block, 1):
            for kind in ("weight", "bias"):
                name = f"functional_1/block{number}_conv{position}_1/{kind}:0"
                tensors.append(numpy_helper.from_array(getattr(convolution, kind).detach().numpy(), name))
    path = tmp_path / "vgg.onnx"
    onnx.save(helper.make_model(helper.make_graph([], "vgg", [], [], tensors)), str(path))
    read, picture = load_vgg(path), torch.rand(1, 3, 16, 16)
    assert all(torch.equal(a, b) for a, b in zip(read(picture), net(picture)))
    onnx.save(helper.make_model(helper.make_graph([], "vgg", [], [], tensors[:6])), str(path))
    with pytest.raises(SystemExit, match="block2_conv2"):
        load_vgg(path)


def test_art_patches_have_the_asked_size():
    patch = art_patch(synthetic_art(), 200, random.Random(0))
    assert patch.shape == (200, 200) and patch.dtype == np.uint8 and patch.std() > 0
    item = next(iter(Crops(synthetic_samples(2), 64, 1, art=synthetic_art())))
    assert item["art"].shape == (1, 64, 64)


def test_older_weights_are_taken_as_far_as_they_fit(tmp_path):
    old, new, path = CelGenerator(), CelGenerator(), tmp_path / "old.pt"
    weights = old.state_dict()
    del weights["join.weight"]
    weights["heads.0.bias"] = torch.zeros(3)
    for state in (weights, {"ema": weights}, {"net": weights}):
        torch.save(state, path)
        assert sorted(load_matching(new, path)) == ["heads.0.bias", "join.weight"]
        assert torch.equal(new.state_dict()["stem.0.weight"], weights["stem.0.weight"])
    # Fewer guides: what it was not trained with changes nothing.
    fewer = {**weights, "stem.0.weight": weights["stem.0.weight"][:, :-4]}
    torch.save(fewer, path)
    load_matching(new, path)
    assert torch.equal(new.state_dict()["stem.0.weight"][:, :-4], fewer["stem.0.weight"])
    assert not new.state_dict()["stem.0.weight"][:, -4:].any()
    torch.save({"ema": {"other": torch.zeros(1)}}, path)
    with pytest.raises(SystemExit):
        load_matching(new, path)


def test_alignment_is_exact_on_similar_points():
    turn = np.array([[0.8, -0.6], [0.6, 0.8]]) * 1.7
    matrix = similarity(FFHQ_512, FFHQ_512 @ turn.T + [5, -3])
    assert np.allclose(matrix[:, :2], turn) and np.allclose(matrix[:, 2], [5, -3])


def test_cache_holds_what_was_painted(tmp_path):
    """Faces and scenes through paint.py and back, once each; what is painted is not painted again."""
    data, cache = tmp_path / "data", tmp_path / "cache"
    for folder in ("faces", "scenes"):
        (data / folder).mkdir(parents=True)
    photo, mesh = drawn_face(), synthetic_mesh(512).astype(np.float32)
    write(data / "scenes" / "hill.webp", photo[:256, :320, ::-1])
    points = ",".join(f"{point}_{axis}" for point in ("le", "re", "nose", "ml", "mr") for axis in "xy")
    head = f"file,source,source_px_per_px,{points}"
    row = ",".join(str(v) for v in POINTS.ravel().round(2))
    (data / "faces.csv").write_text("\n".join([head, *(f"{i:05}.webp,canada/x,1.2,{row}" for i in range(70))]))
    meshes = {f"{i:05}.webp": mesh for i in range(70)}
    samples = plan(data, meshes, 100, 1)
    assert {s["scale"] for s in samples} > {1.0} and sum(s["points"] is None for s in samples) == 1
    chosen = [next(s for s in samples if s["scale"] < 1), next(s for s in samples if s["points"] is None)]
    for folder in ("photo", *LOOKS):
        (cache / folder).mkdir(parents=True)
    write(data / chosen[0]["photo"], photo[..., ::-1])
    own = {chosen[0]["name"]: mesh * np.float32(chosen[0]["scale"])}
    np.savez(cache / "meshes.npz", **own)
    (cache / "index.json").write_text(json.dumps(samples))
    masks = tmp_path / "masks"
    masks.mkdir()
    write(masks / f"{Path(chosen[0]['photo']).stem}.png", np.zeros((512, 512), np.uint8))
    for sample in chosen:
        paint_sample((data, cache, sample, own.get(sample["name"]), (masks, masks)))
    first, second = sorted(load_cache(cache, tuple(LOOKS)), key=lambda s: s["points"] is None)
    assert first["photo"].shape[0] == round(512 * chosen[0]["scale"]) and second["mesh"] is None
    assert np.allclose(first["mesh"], own[chosen[0]["name"]])
    (cache / "judged.txt").write_text(f"{chosen[1]['name']} 2.5\n\n{chosen[0]['name'].removesuffix('_s')} 0\n")
    assert [sample["shown"] for sample in load_cache(cache, tuple(LOOKS))] == [2.5]
    assert [p.shape for p in first["paints"]] == [(*first["photo"].shape[:2], 4)] * len(LOOKS)
    before = (cache / "cel" / f"{chosen[0]['name']}.paint.png").stat().st_mtime_ns
    paint_sample((data, cache, chosen[0], own[chosen[0]["name"]], (masks, masks)))
    assert (cache / "cel" / f"{chosen[0]['name']}.paint.png").stat().st_mtime_ns == before


def test_weights_of_terms_are_named():
    assert weight_table([]) == WEIGHTS
    assert weight_table(["style=0", "edges=2.5"]) == {**WEIGHTS, "style": 0.0, "edges": 2.5}
    for wrong in ("style", "hue=1", "edges=-1", "edges=much"):
        with pytest.raises(SystemExit, match="--weight"):
            weight_table([wrong])


def test_training_runs_and_goes_on_where_it_stopped(tmp_path):
    args = ["--smoke", "--run", str(tmp_path), "--threads", "1", "--steps"]
    start = run(arguments([*args, "4"]))
    rows = (tmp_path / "curve.csv").read_text().splitlines()
    again = run(arguments([*args, "10"]))
    assert (start.step, again.step) == (4, 10) and again.spent > start.spent
    state = torch.load(tmp_path / "last.pt", map_location="cpu")
    assert int(state["step"]) == 10
    assert any(not torch.equal(a, b) for a, b in zip(start.net.parameters(), again.net.parameters()))
    written = (tmp_path / "curve.csv").read_text().splitlines()
    assert len(rows) == 3 and written[:3] == rows
    names, values = written[0].split(","), written[-1].split(",")
    row = dict(zip(names, values))
    assert row["step"] == "10"
    for term in ("geometry", "content", "style", "adversarial", "patches", *("colour", "lines", "marks")):
        assert row[term] or any(line.split(",")[names.index(term)] for line in written[1:]), term


def test_terms_left_out_change_nothing(tmp_path):
    off = [f"{name}=0" for name in ("geometry", "content", "style", "adversarial", "edges")]
    trainer = run(arguments(["--smoke", "--run", str(tmp_path), "--threads", "1", "--steps", "4", "--weight", *off]))
    assert trainer.judge is None and trainer.vgg is None
