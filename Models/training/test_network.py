"""Tests of the network, its export and import, composition, irises and flattening.  No trained weights needed.

    python -m pytest test_network.py
"""
from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

sys.path.insert(0, str(Path(__file__).parent))
import engine  # noqa: E402
from composition import FINISH, compose, decide, enlarged, golden, manifest_fields, set_marks, shaded  # noqa: E402
from deploy import Deployed  # noqa: E402
from export_onnx import export, manifest  # noqa: E402
from fidelity import REGIONS, changed, edge_correlation, measure, regions, table  # noqa: E402
from flatten import Flattening  # noqa: E402
from groups import bilinear_kernels, enlarge  # noqa: E402
from guides import MAPS, synthetic_mesh  # noqa: E402
from import_onnx import from_files, output_scales  # noqa: E402
from irises import Irises, covered, rim, seen_irises, tint_irises  # noqa: E402
from network import LOGITS, MULTIPLE, CelGenerator, multiply_accumulates, one_style, parameter_count  # noqa: E402
from painter.look import LOOKS  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"
TINT = torch.tensor(LOOKS["cel"].line_tint)


def random_net(styles: int = 1) -> CelGenerator:
    """Random weights with lively outputs and a level at 1/16 that has a say, so that differences show."""
    torch.manual_seed(3)
    net = CelGenerator(styles)
    with torch.no_grad():
        net.join.weight.normal_(0, 0.05)
        for head in net.heads:
            head.weight.normal_(0, 0.05)
    return net.eval()


def inputs(height: int, width: int, net: CelGenerator, mix: float = 0.0) -> tuple[torch.Tensor, ...]:
    """image, guides, gates, gate_mix."""
    torch.manual_seed(1)
    image, guides = torch.rand(1, 3, height, width) * 2 - 1, torch.rand(1, len(MAPS), height, width)
    return image, guides, torch.rand(1, net.gate_count), torch.full((1,), mix)


def test_network_fits_its_budget():
    net = CelGenerator()
    assert parameter_count(net) <= 1_600_000
    assert multiply_accumulates(net) <= 12e9


def test_given_gates_reproduce_the_output():
    net = Deployed(random_net())
    image, guides, gates, _ = inputs(96, 64, net.net)
    with torch.no_grad():
        first = net(image, guides, gates, torch.zeros(1))
        again = net(image, guides, first[3], torch.ones(1))
        other = net(image, guides, 0.5 * first[3], torch.ones(1))
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(first, again))
    assert (other[0] - first[0]).abs().max() > 1e-3, "gates must matter"


def test_guides_and_the_deep_level_have_a_say():
    net = random_net()
    image, guides, *_ = inputs(64, 64, net)
    with torch.no_grad():
        with_guides, without = net(image, guides)[2], net(image, 0 * guides)[2]
        net.join.weight.zero_()
        shallow = net(image, guides)[2]
    assert (with_guides - without).abs().mean() > 1e-3 and (with_guides - shallow).abs().mean() > 1e-3


def test_tiles_equal_the_whole_beyond_the_overlap():
    net = Deployed(random_net())
    image, guides, gates, _ = inputs(512, 640, net.net)
    with torch.no_grad():
        whole = net(image, guides, gates, torch.zeros(1))
        tile = net(image[..., 128:, 128:], guides[..., 128:, 128:], whole[3], torch.ones(1))
    for a, b, spread in ((whole[0], tile[0], 1.0), (whole[2], tile[2], float(whole[2].std()))):
        off = (a[..., 128:, 128:] - b)[..., 64:, 64:].abs()
        assert off.mean() < 4e-3 * spread


def test_deployment_changes_nothing():
    net = random_net()
    given = inputs(80, 112, net, 0.5)
    with torch.no_grad():
        for a, b in zip(Deployed(net)(*given), net(*given)):
            assert a.shape == b.shape and torch.allclose(a, b, atol=2e-5)


@pytest.mark.parametrize("factor", (2, 4))
def test_bilinear_kernels_upsample(factor):
    x = torch.rand(1, 1, 6, 9)
    got = F.pixel_shuffle(enlarge(x, bilinear_kernels(factor)[:, None]), factor)
    assert torch.allclose(got, enlarged(x, (6 * factor, 9 * factor)), atol=1e-6)


def test_onnx_on_the_shipped_engine_gives_the_reference_picture(tmp_path):
    net, path = random_net(), tmp_path / "cel.onnx"
    export(net, path, 0.05)
    assert path.stat().st_size <= 3.5e6
    fields = manifest(path, net.gate_count, "0")
    assert fields["gates"]["count"] == net.gate_count and len(fields["sha256"]) == 64
    for size in ((64, 64), (80, 112)):
        given = inputs(*size, net)
        feed = dict(zip(("image", "guides", "gates", "gate_mix"), (x.numpy() for x in given)))
        got = [torch.from_numpy(x) for x in engine.run(path, feed, [*fields["outputs"].values(), "gates_out"])]
        with torch.no_grad():
            want = Deployed(net, 0.05)(*given)
        for g, w in zip(got, want):
            assert (g - w).abs().max() < 0.02 * max(1.0, float(w.abs().max()))  # half-precision weights
        photo = given[0] * 0.5 + 0.5
        pictures = []
        for flat, effects, logits, _ in (got, want):
            irises = seen_irises(photo, decide(logits, FINISH["cel"])[:, 5:])
            pictures.append(compose(flat, enlarged(effects, size), logits, irises, FINISH["cel"], TINT))
        assert (pictures[0] - pictures[1]).abs().mean() < 2e-3


def test_manifest_says_how_to_compose(tmp_path):
    path = tmp_path / "soft.onnx"
    export(random_net(), path)
    fields = json.loads(json.dumps(manifest(path, 896, "0")))
    assert fields["logits"] == list(LOGITS) and fields["guides"]["maps"] == list(MAPS)
    assert fields["input"]["multiple"] == MULTIPLE
    for name in LOGITS:
        decision = getattr(FINISH["soft"], name)
        assert fields["decisions"][name]["sharpness"] == decision.sharpness
        assert fields["decisions"][name]["crispness"] == decision.crispness


def old_file(net: CelGenerator, style: str, number: int, path: Path) -> None:
    """The weights of one style of ``net`` as an ONNX file of version 0.4, without guides and deep level."""
    gain, offset = output_scales(style, False)
    own = one_style(net.state_dict(), number)
    values = {f"net.{k}": v for k, v in own.items() if not k.startswith(("heads", "down4", "deep", "join"))}
    values["net.stem.0.weight"] = values["net.stem.0.weight"][:, :12]
    values["net.up1.0.weight"] = values["net.up1.0.weight"][:, :44]
    values["last.weight"] = own["heads.0.weight"] * gain.view(-1, 1, 1, 1)
    values["last.bias"] = own["heads.0.bias"] * gain + offset
    tensors = [numpy_helper.from_array(v.numpy().astype(np.float16), f"{k}_f16") for k, v in values.items()]
    onnx.save(helper.make_model(helper.make_graph([], style, [], [], tensors)), str(path))


@pytest.mark.parametrize("guided", (False, True))
def test_import_gives_back_what_was_exported(tmp_path, guided):
    net = random_net(len(LOOKS))
    with torch.no_grad():
        if not guided:
            net.join.weight.zero_(), net.join.bias.zero_()
            net.stem[0].weight[:, 12:] = 0
            net.up1[0].weight[:, 44:] = 0
    for number, style in enumerate(LOOKS):
        path = tmp_path / f"{style}.onnx"
        if guided:
            alone = CelGenerator()
            alone.load_state_dict(one_style(net.state_dict(), number))
            export(alone, path)
        else:
            old_file(net, style, number, path)
    read = from_files(tmp_path)
    image, guides, *_ = inputs(64, 64, net)
    for number in range(len(LOOKS)):
        style = torch.tensor([number])
        with torch.no_grad():
            a, b = read.parts(image, guides, style), net.parts(image, guides, style)
        # Gates of a level without a say may be any.
        for name in a.keys() - {"gates"}:
            assert (a[name] - b[name]).abs().max() < 0.02 * max(1.0, float(b[name].abs().max())), name
    onnx.save(helper.make_model(helper.make_graph([], "other", [], [], [])), str(tmp_path / "cel.onnx"))
    with pytest.raises(SystemExit, match="cel.onnx"):
        from_files(tmp_path)


def test_one_style_is_that_style_alone():
    together, alone = random_net(3), CelGenerator().eval()
    alone.load_state_dict(one_style(together.state_dict(), 2))
    image, guides = torch.rand(2, 3, 32, 32) * 2 - 1, torch.rand(2, len(MAPS), 32, 32)
    with torch.no_grad():
        parts, wanted = alone.parts(image, guides), together.parts(image, guides, torch.tensor([2, 2]))
        other = together.parts(image, guides, torch.tensor([2, 0]))
    assert all(torch.allclose(parts[k], wanted[k], atol=1e-5) for k in parts)
    assert torch.allclose(other["base"][0], parts["base"][0], atol=1e-5)
    assert not torch.allclose(other["base"][1], parts["base"][1], atol=1e-3)


def test_composition_equals_the_golden_one():
    kept, now = json.loads((FIXTURES / "composition.json").read_text()), golden()
    assert kept.keys() == now.keys()
    shape = 1, -1, kept["height"], kept["width"]
    tensor = lambda name: torch.tensor(kept[name]).view(shape)
    irises = Irises(torch.tensor(kept["irisColour"]).view(1, 3, 1, 1), tensor("irisRim"))
    for case in kept["cases"]:
        assert case["decisions"] == json.loads(json.dumps(manifest_fields(FINISH[case["style"]])))
        picture = compose(tensor("flat"), tensor("effects"), tensor("logits"), irises, FINISH[case["style"]],
                          torch.tensor(kept["lineTint"]), case["factor"], case["lineStrength"])
        off = (picture - torch.tensor(case["picture"]).view(shape)).abs().max()
        assert off < 1e-4, "changed: write the golden file anew and follow in the product"
    drawn = compose(tensor("flat"), tensor("effects"), tensor("logits"), irises._replace(drawable=True), FINISH["cel"],
                    torch.tensor(kept["lineTint"]))
    assert (drawn - torch.tensor(kept["drawnIrises"]).view(shape)).abs().max() < 1e-4
    for name in ("trueIrises", "lipColours"):
        assert len(kept[name]) == len(now[name])
        for a, b in zip(kept[name], now[name]):
            # NumPy's versions differ in the last place.
            assert a.keys() == b.keys() and all(np.allclose(a[key], b[key], atol=2e-4) for key in a), name


def test_decisions_made_after_enlarging_have_borders_of_one_pixel():
    """A disc of logits at 1/6 of the size: the decided border lies on the circle, a pixel or two wide, not six."""
    y, x = torch.meshgrid(torch.arange(32.0), torch.arange(32.0), indexing="ij")
    logits = torch.zeros(1, len(LOGITS), 32, 32) - 9
    logits[:, 1] = 1.5 * (9 - (x - 15.5).hypot(y - 15.5))
    finish = FINISH["cel"]
    large = enlarged(logits, (192, 192)) - finish.shade.readiness
    mask = decide(large, finish, 6.0)[0, 1]
    yy, xx = torch.meshgrid(torch.arange(192.0) + 0.5, torch.arange(192.0) + 0.5, indexing="ij")
    off = (xx - 96).hypot(yy - 96) - 54
    assert mask[off < -1.5].min() > 0.9 and mask[off > 1.5].max() < 0.1
    border = off[(mask > 0.1) & (mask < 0.9)]
    assert border.abs().mean() < 0.75
    assert decide(large, finish, 1.0)[0, 1].sub(0.5).abs().lt(0.4).sum() > 2 * len(border), "steeper when enlarged"


def test_shade_only_darkens_and_light_only_lightens():
    effects = torch.tensor([0.5, 0.5, -0.5, -0.4, 0.4, 0.4]).view(1, 6, 1, 1)
    logits = torch.full((1, len(LOGITS), 1, 1), -9.0)
    plain = Irises(torch.zeros(1, 3, 1, 1), torch.zeros(1, 1, 1, 1))
    finish, light = replace(FINISH["cel"], strength=(1.25, 1.1)), 0.5 + 0.5 * 0.4 * 1.1
    for tone, wanted in ((1, (0.5, 0.5, 0.5 * (1 - 0.5 * 1.25))), (2, (0.5, light, light))):
        given = logits.clone()
        given[:, tone] = 9
        picture = compose(torch.full((1, 3, 1, 1), 0.5), effects, given, plain, finish, TINT)
        assert torch.allclose(picture.flatten(), torch.tensor(wanted), atol=1e-3)


def test_shapes_darken_and_lighten_only_where_they_lie():
    tones, flat = torch.zeros(1, 2, 8, 8), torch.full((1, 3, 8, 8), 0.5)
    effects = torch.tensor([-0.5, -0.5, -0.5, 0.4, 0.4, 0.4]).view(1, 6, 1, 1)
    tones[:, 0, :, :4], tones[:, 1, :, 6:] = 1, 1
    result = shaded(flat, effects, tones)
    assert torch.allclose(result[..., 0], torch.tensor(0.25)) and torch.allclose(result[..., 7], torch.tensor(0.7))
    assert torch.equal(result[..., 4:6], flat[..., 4:6])


def test_highlights_are_white_and_pupils_dark():
    highlights, pupils = torch.tensor([1.0, 0.0, 0.0]).view(1, 1, 1, 3), torch.tensor([0.0, 1.0, 0.0]).view(1, 1, 1, 3)
    set_to = set_marks(torch.full((1, 3, 1, 3), 0.6), highlights, pupils)
    assert torch.allclose(set_to[0, 0, 0], torch.tensor([0.97, 0.06, 0.6]))


def eye(iris: tuple[float, float, float]) -> tuple[torch.Tensor, torch.Tensor]:
    """A photograph of one iris among skin [1,3,64,64], and where the iris lies [1,1,64,64]."""
    y, x = torch.meshgrid(torch.arange(64), torch.arange(64), indexing="ij")
    disc = ((x - 31.5).hypot(y - 31.5) < 10).float()[None, None]
    skin = torch.tensor([0.8, 0.6, 0.5]).view(1, 3, 1, 1).expand(1, 3, 64, 64)
    return torch.lerp(skin, torch.tensor(iris).view(1, 3, 1, 1), disc), disc


HUES = (((0.45, 0.30, 0.20), 0, 2), ((0.35, 0.40, 0.45), 2, 0), ((0.40, 0.45, 0.33), 1, 2))


@pytest.mark.parametrize("seen, warmest, coolest", HUES)
@pytest.mark.parametrize("measured", (False, True))
def test_irises_take_the_hue_of_the_photograph(seen, warmest, coolest, measured):
    photo, mask = eye(seen)
    irises = Irises(torch.tensor(seen).view(1, 3, 1, 1), rim(mask)) if measured else seen_irises(photo, mask)
    grey = torch.full((1, 3, 64, 64), 0.5)
    drawn = tint_irises(grey, mask, irises)
    middle = drawn[0, :, 28:36, 28:36].mean((1, 2))
    assert int(middle.argmax()) == warmest and int(middle.argmin()) == coolest
    share = lambda colour: float(colour.max() - colour.min()) / float(colour.mean())
    assert share(middle) > 1.2 * share(torch.tensor(seen)), "clearer than seen"
    assert float(drawn[0, :, 30:34, 22].mean()) < 0.8 * float(middle.mean()), "a dark rim"
    assert torch.equal(drawn[..., :18], grey[..., :18]), "nothing beside the iris"


def test_irises_of_a_grey_photograph_stay_grey():
    photo, mask = eye((0.4, 0.4, 0.4))
    drawn = tint_irises(torch.full((1, 3, 64, 64), 0.5), mask, seen_irises(photo * 0 + 0.4, mask))
    assert float((drawn.amax(1) - drawn.amin(1)).max()) < 1e-4


def test_irises_are_never_red():
    photo, mask = eye((0.5, 0.3, 0.3))
    drawn = tint_irises(torch.full((1, 3, 64, 64), 0.5), mask, seen_irises(photo, mask))
    red, green, blue = drawn[0, :, 28:36, 28:36].mean((1, 2))
    assert float(red - green) < 0.7 * float((red + green) / 2 - blue) + 0.08


def test_cover_is_a_half_at_a_straight_border():
    mask = (torch.arange(16) < 8).float().view(1, 1, 1, 16).expand(1, 1, 16, 16)
    assert float(covered(mask)[0, 0, 8, 7:9].mean()) == pytest.approx(0.5)
    assert float(rim(mask)[0, 0, 8, 2]) == 0 and float(rim(mask)[0, 0, 8, 9]) == 1


def flattened(colour: torch.Tensor, width: float) -> torch.Tensor:
    """colour [N,3,H,W] in 0...1 through Flattening, which takes groups of pixels."""
    return F.pixel_shuffle(Flattening(width)(F.pixel_unshuffle(colour, 2)), 2)


def test_flattening_levels_soft_gradients_and_keeps_edges():
    ramp = torch.linspace(0.2, 0.3, 64).view(1, 1, 1, 64).expand(1, 3, 64, 64).clone()
    ramp[:, :, 32:] += 0.5
    flat = flattened(ramp, 0.06)
    assert flat[0, 0, 16].max() - flat[0, 0, 16].min() < 0.6 * 0.1
    step = (flat[0, 0, 33] - flat[0, 0, 30]).mean()
    assert abs(float(step) - 0.5) < 0.04
    assert torch.equal(flattened(ramp, 0.0), ramp)


def test_flattening_keeps_lips_apart_from_skin():
    face = torch.tensor([0.80, 0.62, 0.52]).view(1, 3, 1, 1).expand(1, 3, 64, 64).clone()
    # As light as the skin, only redder.
    lips = torch.tensor([0.92, 0.53, 0.54]).view(3, 1, 1)
    face[:, :, 28:36, 16:48] = lips
    flat = flattened(face, 0.055)
    assert float((flat[0, :, 30:34, 24:40] - lips).abs().max()) < 0.02


def test_flattening_leaves_no_borders_along_the_grid():
    """Soft round shading: what borders flattening makes must not prefer the pixel grid's directions (even: 0.09)."""
    y, x = torch.meshgrid(torch.arange(256.0), torch.arange(256.0), indexing="ij")
    hill = 0.45 + 0.12 * torch.cos((x - 90).hypot(y - 140) / 40) + 0.05 * torch.cos((x - 200).hypot(y - 40) / 25)
    flat = flattened(hill.expand(1, 3, 256, 256), 0.055)[0, 0, 16:-16, 16:-16].numpy()
    gy, gx = np.gradient(flat)
    strength = np.hypot(gx, gy)
    angle = np.degrees(np.arctan2(gy, gx)) % 90
    strong = strength > np.percentile(strength, 90)
    along = (np.minimum(angle, 90 - angle) < 4)[strong].mean()
    assert along < 0.2


def test_fidelity_is_a_share_of_the_way():
    mesh, hair = synthetic_mesh(128), np.zeros((128, 128), np.float32)
    hair[:20] = 1
    parts = regions(mesh, hair)
    assert np.allclose(sum(parts.values()), 1, atol=0.02)
    rng = np.random.default_rng(0)
    photo = rng.integers(0, 256, (128, 128, 3)).astype(np.uint8)
    painting = 255 - photo // 2
    half = ((photo.astype(int) + painting) // 2).astype(np.uint8)
    for drawing, low, high in ((painting, 99.9, 100.1), (photo, -0.1, 0.1), (half, 40, 60)):
        shares = table([measure(photo, drawing, painting, parts)])
        assert all(low <= shares[name] <= high for name in REGIONS)


def test_edges_of_like_pictures_correlate():
    rng = np.random.default_rng(1)
    a, b, everywhere = rng.normal(50, 10, (64, 64, 3)), rng.normal(50, 10, (64, 64, 3)), np.ones((64, 64))
    assert edge_correlation(a, a + 5, everywhere) > 0.999 and abs(edge_correlation(a, b, everywhere)) < 0.1


def test_a_finish_can_be_tried_out():
    finish, flatness = changed(FINISH["cel"], 0.05, ("flatness=0.01", "strength=1", "shade.readiness=-0.5"))
    assert (flatness, finish.strength, finish.shade.readiness) == (0.01, (1.0, 1.0), -0.5)
    assert finish.light == FINISH["cel"].light and FINISH["cel"].shade.readiness != -0.5
    for wrong in ("flat=1", "shade.hue=1", "hue.readiness=1", "strength", "shade.readiness=much"):
        with pytest.raises(SystemExit, match="--set"):
            changed(FINISH["cel"], 0.05, (wrong,))
