"""Tests of how the painter finds and shades skin and beards on a crude drawn face.

    python -m pytest test_painter_skin.py
"""
from __future__ import annotations

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crude_faces import POINTS, arc, drawn_face, drawn_mesh  # noqa: E402
from facial_hair import golden  # noqa: E402
from painter import LOOKS, analyse, paint  # noqa: E402
from painter.analysis import to_lab  # noqa: E402
from painter.beard import LEAST_DROP, Beard, find_stubble, in_clean_light, two_depths  # noqa: E402
from painter.contour import draw_folds  # noqa: E402
from painter.mesh import (  # noqa: E402
    EYE_BAG,
    FACE_OVAL,
    SMILE_FOLD,
    fill,
    jaw_curve,
)
from painter.places import heights  # noqa: E402
from painter.regions import Face  # noqa: E402
from painter.skin import as_smooth, clean_tone, deep_shade, joined, own_colour  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"


def test_even_skin_does_not_shine(analysed):
    _, analysis = analysed
    assert (analysis.skin > 0.9).mean() > 0.05
    assert paint(analysis, LOOKS["cel"]).light[analysis.skin > 0.9].max() < 0.01


def test_shine_is_a_closed_shape_where_the_photo_has_it():
    photo = drawn_face()
    cv2.ellipse(photo, (256, 270), (92, 125), 0, 0, 360, (120, 78, 58), -1, cv2.LINE_AA)
    cv2.ellipse(photo, (256, 190), (40, 22), 0, 0, 360, (175, 130, 105), -1, cv2.LINE_AA)
    analysis = analyse(photo, POINTS, drawn_mesh())
    assert analysis.light[185:195, 235:277].min() > 0.9
    assert analysis.light[280:340, 190:230].max() < 0.1
    colour = to_lab(paint(analysis, LOOKS["cel"]).colour)[..., 0]
    assert colour[190, 256] > colour[310, 205] + 3


def lit_from_the_right() -> np.ndarray:
    """The crude face in hard side light."""
    return np.clip(drawn_face() * np.linspace(0.45, 1.1, 512, dtype=np.float32)[None, :, None], 0, 255).astype(np.uint8)


def test_skin_has_a_base_and_a_shade():
    """Away from features and blush, two tones hold nearly all of the skin, but for the soft turn of its form."""
    analysis = analyse(lit_from_the_right(), POINTS, drawn_mesh())
    lab = to_lab(paint(analysis, LOOKS["cel"]).colour)
    place = (cv2.erode(analysis.skin, np.ones((9, 9))) > 0.99) & (analysis.detail < 0.05)
    lightness = lab[..., 0][place]
    dark = analysis.dark[place]
    for part in (lightness[dark < 0.02], lightness[dark > 0.98]):
        assert len(part) > 100 and (np.abs(part - np.median(part)) < 4.0).mean() > 0.9
    assert np.median(lightness[dark < 0.02]) > np.median(lightness[dark > 0.98]) + 6


def test_flat_light_gives_no_side_shade():
    photo = drawn_face()
    # Cover the crude face's own shade, and add blotches that are none.
    cv2.ellipse(photo, (256, 270), (92, 125), 0, 0, 360, (222, 178, 150), -1, cv2.LINE_AA)
    for x, y in ((200, 290), (300, 320), (256, 190)):
        cv2.circle(photo, (x, y), 14, (200, 150, 125), -1, cv2.LINE_AA)
    analysis = analyse(photo, POINTS, drawn_mesh())
    cheeks = fill(photo.shape[:2], arc((256, 270), 84, 60, 0, 350, 40)) > 0.9
    cheeks &= analysis.detail < 0.05
    assert analysis.dark[cheeks & (analysis.skin > 0.9)].mean() < 0.05


def test_side_light_gives_one_closed_shade():
    analysis = analyse(lit_from_the_right(), POINTS, drawn_mesh())
    shade = ((analysis.dark > 0.5) & (analysis.skin > 0.5)).astype(np.uint8)
    left, right = shade[220:330, 170:250].mean(), shade[220:330, 262:342].mean()
    assert left > 0.15 and right < 0.05
    _, _, stats, _ = cv2.connectedComponentsWithStats(shade[200:360, 160:256])
    assert np.sort(stats[1:, cv2.CC_STAT_AREA])[::-1][1:].sum() < 0.1 * stats[1:, cv2.CC_STAT_AREA].sum(), "no islands"


def test_a_pale_head_before_a_pale_wall_has_an_outline():
    photo = np.full((512, 512, 3), (236, 226, 220), np.uint8)
    face = drawn_face()
    oval = fill(photo.shape[:2], arc((256, 270), 92, 125, 0, 350, 60))[..., None]
    pale = np.clip(face.astype(np.float32) + (12, 30, 40), 0, 255)
    photo = (photo * (1 - oval) + pale * oval).astype(np.uint8)
    analysis = analyse(photo, POINTS, drawn_mesh())
    border = arc((256, 270), 90, 122, -60, -10, 60).round().astype(int)
    near = cv2.dilate(analysis.lines, np.ones((9, 9)))[border[:, 1], border[:, 0]]
    assert (near > 0.2).mean() > 0.9


def test_jaw_and_chin_are_lines(analysed):
    lines = paint(analysed[1], LOOKS["cel"]).lines
    for x, y in arc((256, 270), 92, 125, 60, 120, 13).round().astype(int):
        assert lines[y - 8:y + 9, x].max() > 0.5


def bearded(tone: tuple[int, int, int]) -> np.ndarray:
    """The crude face with a beard around its mouth."""
    photo = drawn_face()
    x, y = POINTS[3:].mean(0).astype(int)
    cv2.ellipse(photo, (int(x), int(y) + 22), (78, 52), 0, 0, 360, tone, -1, cv2.LINE_AA)
    # Hair is rougher than skin.
    grain = np.random.default_rng(3).normal(0, 14, photo.shape[:2])[..., None] * of_beard(photo, tone)[..., None]
    photo = np.clip(photo + grain, 0, 255).astype(np.uint8)
    # Skin that shines through is no hole in the shape.
    cv2.circle(photo, (int(x) + 8, int(y) + 30), 4, (214, 170, 142), -1, cv2.LINE_AA)
    return photo


def of_beard(photo: np.ndarray, tone: tuple[int, int, int], grain: int = 0) -> np.ndarray:
    """Where a photo has a beard's tone, boolean [H,W], give or take ``grain``."""
    return np.abs(photo.astype(int) - tone).max(2) <= grain


def test_a_mask_is_no_beard():
    """Cloth is smooth, and covers the nose too."""
    for tone, rough in (((40, 40, 44), 14), ((235, 236, 238), 1)):
        photo = bearded(tone)
        place = np.zeros(photo.shape[:2], np.uint8)
        x, y = (int(v) for v in POINTS[2])
        cv2.ellipse(place, (x, y + 45), (84, 58), 0, 0, 360, 1, -1)
        grain = np.random.default_rng(4).normal(0, rough, (*place.shape, 1))
        photo = np.where(place[..., None] > 0, np.clip(tone + grain, 0, 255), photo).astype(np.uint8)
        assert analyse(photo, POINTS, drawn_mesh()).beard is None


def test_a_beard_is_one_closed_shape_of_its_own_colour():
    mesh = drawn_mesh()
    analysis = analyse(bearded((60, 40, 30)), POINTS, mesh)
    assert analysis.beard is not None
    inside = (analysis.beard.mask > 0.5).astype(np.uint8)
    around = cv2.connectedComponents(1 - inside)[0] - 1
    assert cv2.connectedComponents(inside)[0] - 1 == 1
    # Outside, and the mouth.
    assert around <= 2
    assert analyse(drawn_face(), POINTS, mesh).beard is None


def test_a_beard_has_tones_near_its_own():
    """Strands within a beard are none of skin's colour that shines through it."""
    photo = bearded((60, 40, 30))
    photo[::7][of_beard(photo, (60, 40, 30), 40)[::7]] = (90, 62, 48)
    beard = analyse(photo, POINTS, drawn_mesh()).beard
    assert beard.hair is not None
    assert np.ptp(beard.hair.colours[:, 0]) < 20
    assert (beard.hair.colours[:, 1:] == beard.tone[1:]).all()


def test_thick_stubble_is_of_nearly_one_tone():
    """Dense spots in it would look like a muzzle; thin stubble is dark enough to be seen."""
    light = np.full((200, 200), 0.65, np.float32)
    light[80:150, 70:130] = 0.42
    depth = two_depths(light, np.ones(light.shape, bool), 0.36, 100)
    assert depth.min() > 0.3 and np.ptp(depth) < 0.15
    assert two_depths(np.full((200, 200), 0.98, np.float32), np.ones((200, 200), bool), 0.03, 100).min() >= LEAST_DROP


def test_a_white_beard_lets_skin_through_and_has_no_line_in_it():
    photo = bearded((225, 222, 215))
    analysis = analyse(photo, POINTS, drawn_mesh())
    beard = analysis.beard
    assert beard is not None and beard.tone[0] > 75 and np.hypot(*beard.tone[1:]) < 8
    inside = cv2.erode(beard.mask, np.ones((15, 15))) > 0.3
    assert inside.sum() > 500
    assert beard.mask[inside].max() < 0.95
    assert beard.hair is None or beard.hair.strands.max() == 0


def test_beards_and_stubble_equal_the_golden_ones():
    """What the product's own measures are compared with."""
    stored = json.loads((FIXTURES / "facial-hair.json").read_text())
    for old, new in zip(stored["people"], golden()["people"], strict=True):
        changed = f"{old['name']} changed: write facial-hair.json anew and follow in the product"
        for kind, values in (("beard", ("tone", "deepTone")), ("stubble", ("coverage", "drop", "chroma"))):
            assert (old[kind] is None) == (new[kind] is None), changed
            for value in values if old[kind] else ():
                assert np.allclose(old[kind][value], new[kind][value], atol=0.02), changed
    found = {p["name"]: (p["beard"] is not None, p["stubble"] is not None) for p in stored["people"]}
    assert all(found[name][0] for name in ("beard", "goatee", "white beard", "moustache"))
    assert found["stubble"] == found["stubble on dark skin"] == (False, True)
    assert all(found[name] == (False, False) for name in ("shaven", "black mask", "white mask", "shade"))


def test_a_red_lamp_leaves_no_beard_crimson():
    beard = Beard(np.ones((4, 4), np.float32), np.zeros((4, 4), np.float32), np.float32([18, 24, 14]),
                  np.float32([15, 24, 14]))
    base, lit = np.float32([45, 18, 25]), np.float32([35, 34, 30])
    new = in_clean_light(beard, base, base - lit)
    assert np.hypot(*new.tone[1:]) < 0.8 * np.hypot(24, 14)
    assert new.tone[2] / new.tone[1] > 0.8 > 14 / 24 and new.tone[0] == 18
    same = in_clean_light(beard, base, np.zeros(3, np.float32))
    assert np.allclose(same.tone, beard.tone)


def test_a_goatee_is_denser_than_the_stubble_around_it():
    light = np.full((200, 200), 0.95, np.float32)
    light[80:150, 70:130] = 0.60
    depth = two_depths(light, np.ones(light.shape, bool), 0.15, 100)
    assert depth[110, 100] > 0.3 > 0.12 > depth[20, 20]
    assert np.isin(depth.round(2), [depth[110, 100].round(2), depth[20, 20].round(2)]).mean() > 0.9


def test_light_from_above_is_no_stubble():
    """A chin and a jaw much darker than the lip above lie in shade, however rough they are: babies have no beards."""
    noise = np.random.default_rng(5).normal(0, 1, (512, 512)).astype(np.float32)
    face, mesh = Face(POINTS), drawn_mesh()
    jaw, height = jaw_curve(mesh), heights((512, 512), face, mesh)
    found = []
    for lip in (50.0, 68.0):
        lab = np.full((512, 512, 3), (70, 12, 16), np.float32)
        lab[..., 0] += 0.5 * noise
        lab[height > 0.02] = (lip, 10, 12)
        lab[height > 0.42] = (45, 10, 12)
        lab[..., 0] += 4 * noise * (height > 0.02)
        found.append(find_stubble(lab, face, mesh, jaw, np.zeros((512, 512), np.float32)).mask.max())
    assert found[0] > 0.5 and found[1] < 0.1


def test_nothing_below_a_grey_face_is_skin():
    """Without colour hands and cloth look like a neck."""
    photo = np.repeat(cv2.cvtColor(drawn_face(), cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    analysis = analyse(photo, POINTS, drawn_mesh(), np.zeros(photo.shape[:2], np.float32))
    oval = fill(photo.shape[:2], drawn_mesh()[list(FACE_OVAL)]) > 0.5
    below = np.indices(oval.shape)[0] > POINTS[3:, 1].mean() + 50
    assert analysis.skin[oval & ~below].mean() > 0.5
    assert analysis.skin[~cv2.dilate(oval.astype(np.uint8), np.ones((9, 9))).astype(bool) & below].max() < 0.1


def test_woven_cloth_is_rougher_than_a_face():
    lab = np.full((200, 200, 3), (70, 12, 16), np.float32)
    lab[:80:4] = (50, 20, 14)
    face = np.zeros((200, 200), bool)
    face[120:] = True
    found = as_smooth(lab, face, 80)
    assert not found[20:60].any() and found[130:].all()


@pytest.mark.parametrize("light, gloss, low, high", [(38.0, 15.0, 38, 41), (60.0, 4.0, 65, 72), (84.0, 4.0, 84, 89)])
def test_skin_is_lifted_where_light_is_missing(light, gloss, low, high):
    """Dark skin keeps its lightness, light skin in dim light is lifted, pale skin is not bleached."""
    tone = clean_tone(np.array([light, 12.0, 16.0], np.float32), gloss)
    assert low <= tone[0] <= high
    assert 18 < np.hypot(*tone[1:]) < 26


def test_brown_skin_is_not_lifted_like_pale_skin():
    """Of one lightness, yellow and rich skin keeps its depth; lamp light on any skin is taken for too little light."""
    lab = lambda l, chroma, hue: np.array([l, *(chroma * f(np.radians(hue)) for f in (np.cos, np.sin))], np.float32)
    pale, brown, lamp = (clean_tone(lab(*tone), 10.0) for tone in ((65, 18, 50), (65, 28, 62), (38, 44, 45)))
    assert pale[0] > brown[0] + 4 and brown[0] < 70
    assert lamp[0] > 46 and np.hypot(*lamp[1:]) < 40


def test_a_pale_collar_is_not_skin():
    lab = np.full((60, 60, 3), (65.0, 12.0, 15.0), np.float32)
    lab[:, 30:] = (68.0, 2.0, 3.0)
    inside = np.zeros((60, 60), bool)
    inside[:30, :25] = True
    own = own_colour(lab, inside, 30.0)
    assert own[40:, :25].all() and not own[:, 36:].any()


def test_what_does_not_touch_the_face_is_not_skin():
    oval, colour = np.zeros((120, 120), bool), np.zeros((120, 120), bool)
    oval[10:50, 30:90] = True
    colour[50:80, 45:75] = True
    colour[95:115, 40:80] = True
    kept = joined(colour, oval, np.zeros_like(oval), 40.0)
    assert kept[55:75, 50:70].all() and not kept[90:].any() and not kept[oval].any()


def test_a_scrap_beside_the_neck_is_not_skin():
    oval, colour = np.zeros((120, 120), bool), np.zeros((120, 120), bool)
    oval[10:50, 30:90] = True
    colour[50:80, 45:75] = True
    colour[60:66, 75:100] = True
    low = np.zeros_like(oval)
    low[45:] = True
    kept = joined(colour, oval, low, 40.0)
    assert kept[55:75, 50:70].all() and not kept[55:75, 82:].any()


def test_deep_shade_in_the_neck_is_skin_and_a_dark_shirt_is_not():
    face, mesh = Face(POINTS), drawn_mesh()
    lab = np.full((512, 512, 3), (70.0, 12.0, 17.0), np.float32)
    whole = fill((512, 512), mesh[list(FACE_OVAL)]) > 0.5
    whole |= fill((512, 512), np.array([(205, 340), (307, 340), (307, 470), (205, 470)], np.float32)) > 0.5
    gap, shirt = np.s_[405:425, 215:240], np.s_[440:512, 300:400]
    whole[gap] = whole[shirt] = False
    lab[gap] = lab[shirt] = (10.0, 3.0, 3.0)
    found = deep_shade(lab, whole, face, mesh)
    assert found[gap].all() and not found[shirt].any()


def test_folds_are_drawn_on_both_sides_or_not_at_all():
    mesh = drawn_mesh()
    x, y = POINTS[3:].mean(0)
    for row, sign in zip(SMILE_FOLD, (-1, 1)):
        mesh[list(row)] = [(x + sign * 42, y - 30), (x + sign * 50, y - 12), (x + sign * 52, y + 6)]
    # Of a wrinkled face; on a smooth one they are a hint.
    for sides, old, least, most in (((-1,), 1, 0, 0), ((-1, 1), 1, 0.3, 0.71), ((-1, 1), 0, 0, 0.1)):
        light = np.full((512, 512), 70, np.float32)
        for sign in sides:
            cv2.line(light, (int(x + sign * 42), int(y - 30)), (int(x + sign * 52), int(y + 6)), 40, 2, cv2.LINE_AA)
        lines = np.zeros_like(light)
        draw_folds(lines, light, Face(POINTS), mesh, np.ones_like(light), old)
        assert least <= lines.max() <= most


def test_deep_folds_and_bags_make_a_smooth_forehead_old():
    mesh = drawn_mesh()
    x, y = POINTS[3:].mean(0)
    for row, bag, eye, sign in zip(SMILE_FOLD, EYE_BAG, POINTS[:2], (-1, 1)):
        mesh[list(row)] = [(x + sign * 42, y - 30), (x + sign * 50, y - 12), (x + sign * 52, y + 6)]
        mesh[list(bag)] = eye + np.array([[-sign * 14, 14], [-sign * 5, 19], [sign * 5, 19], [sign * 14, 15]])
    for bags in (False, True):
        light = np.full((512, 512), 70, np.float32)
        for row, bag in zip(SMILE_FOLD, EYE_BAG):
            for points in (row, bag) if bags else (row,):
                cv2.polylines(light, [mesh[list(points)].round().astype(np.int32)], False, 40, 2, cv2.LINE_AA)
        lines = np.zeros_like(light)
        draw_folds(lines, light, Face(POINTS), mesh, np.ones_like(light), 0.0)
        assert lines.max() > 0.2 if bags else lines.max() < 0.1
