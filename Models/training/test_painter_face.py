"""Tests of how the painter draws eyes, brows, glasses, nose and mouth on a crude drawn face.

    python -m pytest test_painter_face.py
"""
from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from crude_faces import POINTS, arc, drawn_face, drawn_mesh, picture_of  # noqa: E402
from painter import LOOKS, analyse, paint  # noqa: E402
from painter.analysis import to_lab  # noqa: E402
from painter.eyes import find_eye  # noqa: E402
from painter.glasses import dark_lenses, find_frames, frame_tone  # noqa: E402
from painter.mesh import (  # noqa: E402
    LIPS,
    LOWER_LID,
    MOUTH_LOWER,
    MOUTH_UPPER,
    NOSE_RIDGE,
    NOSE_SIDE,
    UPPER_LID,
    brow_curve,
    fill,
    mouth_curves,
)
from painter.mouth import around_lips, closed_line, draw_inside, lip_colour, traced  # noqa: E402
from painter.nose import nose_shade  # noqa: E402
from painter.regions import Face  # noqa: E402
from painter.widen import LIFTED, WIDER, widened, widening  # noqa: E402


def laughing() -> tuple[np.ndarray, np.ndarray]:
    """The crude face with an open mouth whose teeth have gaps and shade, and its mesh."""
    photo, mesh = drawn_face(), drawn_mesh()
    mouth = POINTS[3:].mean(0)
    mesh[list(MOUTH_UPPER)] = arc(mouth - [0, 2], 30, 4, 180, 360, 11)
    mesh[list(MOUTH_LOWER)] = arc(mouth - [0, 2], 30, 12, 180, 0, 11)
    mesh[list(LIPS)] = arc(mouth, 36, 16, 180, 522, 20)
    x, y = mouth.astype(int)
    cv2.ellipse(photo, (int(x), int(y) - 2), (30, 11), 0, 0, 360, (215, 205, 190), -1, cv2.LINE_AA)
    for gap in range(-24, 25, 8):
        cv2.line(photo, (int(x) + gap, int(y) - 8), (int(x) + gap, int(y) + 7), (120, 90, 80), 1, cv2.LINE_AA)
    return photo, mesh


def test_eyes_grow_about_their_centre():
    mesh, face = drawn_mesh(), Face(POINTS)
    for index in (0, 1):
        eye = find_eye(mesh, face, index)
        before, after = eye.original, eye.outline
        assert np.allclose(before.mean(0), after.mean(0), atol=0.02 * face.unit)
        assert np.ptp(after[:, 1]) > 1.05 * np.ptp(before[:, 1])


def test_eyes_get_a_highlight_and_dark_lashes(analysed):
    photo, analysis = analysed
    painting = paint(analysis, LOOKS["cel"])
    for x, y in POINTS[:2].astype(int):
        window = np.s_[y - 12:y + 13, x - 14:x + 15]
        assert painting.colour[window].min(2).max() > 0.9, "highlight"
        assert painting.lines[window].max() > 0.9, "lashes"
        assert painting.marks[window].max((0, 1)).min() > 0.9, "a highlight and a pupil"
    assert painting.marks.mean() < 0.01, "nowhere else"


def test_dark_glasses_are_left_alone():
    photo = drawn_face()
    for x, y in POINTS[:2].astype(int):
        cv2.circle(photo, (int(x), int(y)), 34, (25, 25, 28), -1, cv2.LINE_AA)
    lines = paint(analyse(photo, POINTS, drawn_mesh()), LOOKS["cel"]).lines
    for x, y in POINTS[:2].astype(int):
        assert lines[y - 10:y + 11, x - 14:x + 15].max() < 0.5


def sunglasses(tone: tuple[int, int, int], cheeks: tuple[int, int, int] | None = None) -> np.ndarray:
    """The crude face behind round lenses, through whose lower parts cheeks may be seen."""
    photo, unit = drawn_face(), Face(POINTS).unit
    for x, y in POINTS[:2].astype(int):
        centre, size = (int(x), int(y + 0.05 * unit)), int(0.36 * unit)
        cv2.circle(photo, centre, size, tone, -1, cv2.LINE_AA)
        if cheeks is not None:
            cv2.ellipse(photo, centre, (size - 5, size - 5), 0, 0, 180, cheeks, -1, cv2.LINE_AA)
    return photo


def test_sunglasses_stay_whole_and_dark():
    mesh, photo = drawn_mesh(), sunglasses((22, 22, 26))
    analysis = analyse(photo, POINTS, mesh)
    painting = paint(analysis, LOOKS["cel"])
    assert analysis.dark_glasses and not painting.marks.any()
    for x, y in POINTS[:2].astype(int):
        assert painting.colour[y - 15:y + 25, x - 15:x + 16].mean() < 0.2
    face = Face(POINTS)
    clear_ones = to_lab(sunglasses((22, 22, 26), cheeks=(205, 160, 135)).astype(np.float32) / 255)
    assert dark_lenses(clear_ones, face, mesh).max() == 0
    assert dark_lenses(to_lab(drawn_face().astype(np.float32) / 255), face, mesh).max() == 0


def test_teeth_have_one_tone_and_are_white():
    photo, mesh = laughing()
    painting = paint(analyse(photo, POINTS, mesh), LOOKS["cel"])
    x, y = POINTS[3:].mean(0).astype(int)
    teeth = to_lab(painting.colour)[y - 2:y + 4, x - 18:x + 19]
    assert teeth[..., 0].std() < 0.5 and teeth[..., 0].mean() > 85
    assert np.abs(teeth[..., 1:]).max() < 6


def test_faint_brows_are_whole_strokes():
    photo, mesh = drawn_face(), drawn_mesh()
    for x, y in POINTS[:2].astype(int):
        cv2.ellipse(photo, (int(x), int(y) - 24), (24, 6), 0, 0, 360, (214, 170, 142), -1, cv2.LINE_AA)
    analysis = analyse(photo, POINTS, mesh)
    lightness = to_lab(paint(analysis, LOOKS["cel"]).colour)[..., 0]
    face = Face(POINTS)
    for index in (0, 1):
        spine, _ = brow_curve(mesh, index)
        for x, y in spine[8:-4]:
            column = lightness[int(y - 0.1 * face.unit):int(y + 0.08 * face.unit), int(x)]
            assert column.min() < analysis.painted.base[0] - 9


def test_each_eye_has_one_catchlight(analysed):
    marks = paint(analysed[1], LOOKS["cel"]).marks
    for x, y in POINTS[:2].astype(int):
        window = (marks[y - 20:y + 21, x - 25:x + 26, 0] > 0.5).astype(np.uint8)
        assert cv2.connectedComponents(window)[0] == 2


def iris_tones(colours: tuple[tuple[int, int, int], tuple[int, int, int]], glare: bool) -> list[np.ndarray]:
    """Painted irises' Lab medians of the crude face with irises of two RGB colours; ``glare`` covers half of the
    first."""
    photo = drawn_face()
    for (x, y), colour in zip(POINTS[:2].astype(int), colours):
        cv2.circle(photo, (int(x), int(y)), 7, colour, -1, cv2.LINE_AA)
    if glare:
        x, y = POINTS[0].astype(int)
        cv2.circle(photo, (int(x) + 3, int(y) - 2), 3, (250, 250, 255), -1, cv2.LINE_AA)
    painting = paint(analyse(photo, POINTS, drawn_mesh()), LOOKS["cel"])
    lab, tones = to_lab(painting.colour), []
    for x, y in POINTS[:2].astype(int):
        near = np.s_[y - 12:y + 13, x - 12:x + 13]
        marks = painting.marks[near]
        tones.append(np.median(lab[near][(marks[..., 2] > 0.9) & (marks[..., :2].max(-1) < 0.05)], 0))
    return tones


def test_irises_are_a_pair():
    first, second = iris_tones(((70, 50, 40), (82, 58, 44)), glare=True)
    assert np.abs(first - second).max() < 3
    assert first[2] > 5, "brown"


def test_eyes_of_two_colours_stay_so():
    first, second = iris_tones(((80, 120, 175), (90, 55, 35)), glare=False)
    assert first[2] < -5 < 5 < second[2]


def test_dark_irises_without_hue_are_brown():
    for tone in iris_tones(((36, 34, 38), (36, 34, 38)), glare=False):
        assert tone[1] > 3 and tone[2] > 5


def test_no_slab_of_shade_around_the_mouth():
    """A lower face that is darker as a whole has a shaved beard or light from above, no shade with a border across
    it."""
    photo = drawn_face().astype(np.float32)
    cv2.ellipse(photo, (256, 270), (92, 125), 0, 0, 360, (222, 178, 150), -1, cv2.LINE_AA)
    photo[285:] *= 0.80
    analysis = analyse(photo.astype(np.uint8), POINTS, drawn_mesh())
    assert analysis.dark[300:325, 225:287].mean() < 0.1


def test_glasses_stay_before_the_eyes():
    photo = drawn_face()
    for x, y in POINTS[:2].astype(int):
        cv2.circle(photo, (int(x), int(y)), 30, (30, 30, 35), 3, cv2.LINE_AA)
    x, y = POINTS[:2].mean(0).astype(int)
    cv2.line(photo, (int(x) - 13, int(y)), (int(x) + 13, int(y)), (30, 30, 35), 3, cv2.LINE_AA)
    analysis = analyse(photo, POINTS, drawn_mesh())
    lightness = to_lab(picture_of(analysis, "cel"))[..., 0]
    for x, y in POINTS[:2].astype(int):
        ring = arc((x, y), 30, 30, 20, 160, 30).round().astype(int)
        assert (lightness[ring[:, 1], ring[:, 0]] < 45).mean() > 0.9
    assert analyse(drawn_face(), POINTS, drawn_mesh()).frames.max() == 0


def smiling(lift: float) -> tuple[np.ndarray, np.ndarray]:
    """The crude face with a closed mouth whose corners run on upwards by ``lift`` px, and its mesh, which does not know
    it."""
    photo, mesh = drawn_face(), drawn_mesh()
    x, y = POINTS[3:].mean(0).astype(int)
    cv2.rectangle(photo, (x - 60, y - 20), (x + 60, y + 20), (222, 178, 150), -1)
    t = np.linspace(-1, 1, 81)
    line = np.stack([x + 44 * t, y - lift * np.clip((np.abs(t) - 0.6) / 0.4, 0, 1)], 1).round().astype(np.int32)
    cv2.polylines(photo, [line], False, (110, 60, 55), 2, cv2.LINE_AA)
    return photo, mesh


def test_a_closed_smile_stays_one():
    """Beyond the mesh's corners the mouth's line goes up where the photograph's does, and only there."""
    ends = []
    for lift in (0, 5):
        photo, mesh = smiling(lift)
        line = closed_line(to_lab(photo.astype(np.float32) / 255), drawn_middle(mesh), Face(POINTS), mesh)
        assert np.ptp(line[:, 0]) > 78, "runs on beyond the corners"
        ends.append(line[len(line) // 2, 1] - 0.5 * (line[0, 1] + line[-1, 1]))
    assert ends[0] < 1.5 and ends[1] > ends[0] + 2


def drawn_middle(mesh: np.ndarray) -> np.ndarray:
    """Middle line [60,2] of the mouth's opening."""
    upper, lower = mouth_curves(mesh)
    return 0.5 * (upper + lower)


def test_squints_stay_narrow():
    growth = []
    for half in (4, 10):
        mesh = drawn_mesh()
        start, end = 360, 180
        mesh[list(UPPER_LID[0])] = arc(POINTS[0], 17, half, start, end, 9)
        mesh[list(LOWER_LID[0])] = arc(POINTS[0], 17, half, 0, 180, 9)
        eye = find_eye(mesh, Face(POINTS), 0)
        growth.append(np.ptp(eye.outline[:, 1]) / np.ptp(eye.original[:, 1]))
    # A narrow eye is not opened, as the line of its lashes adds to it; a wide one is by up to a quarter.
    assert 0.86 < growth[0] < 0.98 < 1.06 < growth[1] < 1.34


def test_eyes_end_in_points():
    """Near the corners the drawn eye opens less than in its middle, for what the photograph's does."""
    eye = find_eye(drawn_mesh(), Face(POINTS), 1)

    def opening(upper, lower):
        x = (upper[:, 0] - upper[0, 0]) / (upper[-1, 0] - upper[0, 0])
        return np.interp([0.03, 0.5, 0.97], x, lower[:, 1] - upper[:, 1])

    grown = opening(eye.upper, eye.lower) / opening(eye.original[:40], eye.original[:39:-1])
    assert grown[[0, 2]].max() < 0.95 * grown[1]


def test_a_nose_is_shaded_on_its_darker_side():
    mesh = drawn_mesh()
    x, y = POINTS[2]
    for sign, ridge, side in zip((-1, 1), NOSE_RIDGE, NOSE_SIDE):
        rows = np.linspace(y - 40, y + 4, 5)
        mesh[list(ridge)] = np.stack([np.full(5, x + sign * 4), rows], 1)
        mesh[list(side)] = np.stack([x + sign * np.linspace(6, 16, 5), rows], 1)
    face = Face(POINTS)
    for dark, shaded in ((None, 0), (0, -1), (1, 1)):
        lab = np.full((512, 512, 3), (70, 12, 16), np.float32)
        if dark is not None:
            lab[:, int(x):] *= 1 - 0.25 * dark
            lab[:, :int(x)] *= 1 - 0.25 * (1 - dark)
        bridge = nose_shade(lab, face, mesh)[int(y) - 28:int(y) - 6]
        left, right = bridge[:, :int(x)].sum(), bridge[:, int(x):].sum()
        assert (right - left > 20, left - right > 20) == (shaded == 1, shaded == -1)


def fingers() -> np.ndarray:
    """The crude face with a fist before mouth and chin."""
    photo = drawn_face()
    x, y = POINTS[3:].mean(0).astype(int)
    for row in range(5):
        box = (int(x) - 60, int(y) - 12 + 22 * row), (int(x) + 60, int(y) + 10 + 22 * row)
        cv2.rectangle(photo, *box, (225, 178, 152), -1)
        cv2.rectangle(photo, *box, (70, 40, 35), 3, cv2.LINE_AA)
    return photo


def test_no_mouth_is_drawn_over_hands():
    photo, mesh = fingers(), drawn_mesh()
    analysis = analyse(photo, POINTS, mesh)
    painting = paint(analysis, LOOKS["cel"])
    x, y = POINTS[3:].mean(0).astype(int)
    hand = np.s_[y + 14:y + 60, x - 40:x + 41]
    assert analysis.covered[hand].min() > 0.9 and analysis.skin[hand].max() < 0.1
    dark = painting.lines > 0.4
    # The gaps between the fingers stay lines, and the lips lie behind them.
    assert dark[y + 27:y + 37, x - 30:x + 31].any(0).mean() > 0.8
    assert not analyse(drawn_face(), POINTS, mesh).covered.any()


def test_a_tongue_is_no_row_of_teeth():
    """A mouth wide open has teeth above and a tongue below, also where cold light makes that no redder than skin."""
    t = np.linspace(0, np.pi, 60)
    x = np.linspace(60, 140, 60)
    upper, lower = np.stack([x, 100 - 10 * np.sin(t)], 1), np.stack([x, 100 + 50 * np.sin(t)], 1)
    inside = fill((200, 200), np.vstack([upper, lower[::-1]]))
    skin = np.array([65.0, 16.0, 16.0], np.float32)
    for red in (38.0, 14.0):
        lab, photo = (np.full((200, 200, 3), skin, np.float32) for _ in range(2))
        photo[inside > 0] = (62, red, 12)
        draw_inside(lab, photo, upper, lower, inside, skin, skin)
        assert 40 <= lab[138, 100, 0] < 60 and lab[138, 100, 1] >= skin[1] + 7


def test_warm_light_is_no_lipstick():
    """Lips in shade and warm light are compared with the skin around them, painted ones stay red."""
    whole = np.zeros((200, 200), np.float32)
    whole[90:110, 60:140] = 1
    skin, tone = np.array([84.0, 11, 30], np.float32), np.array([80.0, 14, 20], np.float32)
    red = []
    for around in ((76, 16, 36), (84, 11, 30)):
        photo = np.full((200, 200, 3), around, np.float32)
        photo[whole > 0] = (52, 33, 37)
        red.append(lip_colour(photo, whole, around_lips(photo, whole, skin, 100), tone, 0.65)[1] - tone[1])
    assert red[0] < red[1] - 5


def test_teeth_are_traced():
    """The band of an open mouth ends where the photograph's teeth do, not where the mesh has the lip."""
    photo, mesh = laughing()
    mouth = POINTS[3:].mean(0)
    mesh[list(MOUTH_LOWER)] = arc(mouth - [0, 2], 30, 14, 180, 0, 11)
    upper, lower = mouth_curves(mesh)
    _, found = traced(to_lab(photo.astype(np.float32) / 255), upper, lower, Face(POINTS))
    assert found[30, 1] < lower[30, 1] - 1.0
    assert np.abs(found[[0, -1]] - lower[[0, -1]]).max() < 0.5


def test_rims_are_whole_and_brows_are_none():
    """Rims are drawn all around where the photograph has them, with gaps in it too; brows that meet are no glasses."""
    mesh, face = drawn_mesh(), Face(POINTS)
    turn = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    for rims in (False, True):
        light = np.full((512, 512), 70, np.float32)
        middle = POINTS[:2].mean(0)
        for x, y in POINTS[:2]:
            cv2.ellipse(light, (int(x), int(y) - 24), (19, 4), 0, 0, 360, 30, -1, cv2.LINE_AA)
            if rims:
                # A reflection has swallowed a part of each.
                cv2.ellipse(light, (int(x), int(y) + 4), (30, 24), 0, 40, 340, 20, 2, cv2.LINE_AA)
        height = 4 if rims else -22
        cv2.line(light, *(tuple(int(v) for v in middle + [dx, height]) for dx in (-20, 20)), 20, 2, cv2.LINE_AA)
        lab = np.dstack([light, np.full_like(light, 12), np.full_like(light, 16)])
        frames = find_frames(lab, face, mesh, 70.0)
        if not rims:
            assert not frames.any()
            continue
        wide = cv2.dilate(frames, np.ones((7, 7)))
        for x, y in POINTS[:2]:
            on_rim = wide[(y + 4 + 24 * np.sin(turn)).astype(int), (x + 30 * np.cos(turn)).astype(int)]
            assert (on_rim > 0.3).mean() > 0.9 and (on_rim > 0.8).mean() > 0.6
        assert frame_tone(lab, frames, 70.0)[0] < 35


def glasses_of(rim: np.ndarray) -> np.ndarray:
    """Lab picture of skin with a closed line about each eye ([n,2] px from the eye, x outwards), and a bridge."""
    light = np.full((512, 512), 70, np.float32)
    for eye, sign in zip(POINTS[:2], (-1, 1)):
        cv2.polylines(light, [(eye + rim * [sign, 1]).round().astype(np.int32)], True, 20, 2, cv2.LINE_AA)
    middle = POINTS[:2].mean(0)
    cv2.line(light, *(tuple(int(v) for v in middle + [dx, -10]) for dx in (-18, 18)), 20, 3, cv2.LINE_AA)
    return np.dstack([light, np.full_like(light, 12), np.full_like(light, 16)])


def test_a_rim_follows_its_own_shape():
    """Lenses pulled up at their outer ends are none of the shapes that are tried."""
    corners = np.array([[-26, -12], [12, -18], [38, -24], [34, 4], [18, 22], [-18, 22]], np.float64)
    t = np.linspace(0, 1, 20, endpoint=False)[:, None]
    rim = np.concatenate([a + t * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0))])
    frames = find_frames(glasses_of(rim), Face(POINTS), drawn_mesh(), 70.0)
    near = cv2.dilate(frames, np.ones((7, 7)))
    for eye, sign in zip(POINTS[:2], (-1, 1)):
        x, y = (eye + rim * [sign, 1]).round().astype(int).T
        assert (near[y, x] > 0.7).mean() > 0.85
    # Thick enough to be seen in a small picture.
    assert frames.sum() > 1.5 * 2 * len(rim)


def test_a_mouth_is_widened_and_all_around_it_stays():
    mesh, face, shape = drawn_mesh(), Face(POINTS), (512, 512)
    source = widening(shape, face, mesh)
    middle = mesh[[61, 291]].mean(0)
    for corner in (61, 291):
        dot = np.zeros(shape, np.float32)
        x, y = mesh[corner].round().astype(int)
        cv2.circle(dot, (int(x), int(y)), 3, 1.0, -1, cv2.LINE_AA)
        moved = widened(dot, source).clip(0, 1)
        ys, xs = np.mgrid[:512, :512]
        at = np.array([(xs * moved).sum(), (ys * moved).sum()]) / moved.sum()
        out, up = abs(at[0] - middle[0]) / abs(x - middle[0]), (y - at[1]) / face.unit
        assert abs(out - WIDER) < 0.02 and abs(up - LIFTED) < 0.012
    stays = (np.abs(source[0] - np.arange(512)[None]) < 1e-3) & (np.abs(source[1] - np.arange(512)[:, None]) < 1e-3)
    y = np.arange(512)[:, None].repeat(512, 1)
    ring = mesh[[58, 172, 136, 288, 397, 365]]
    assert all(stays[int(py), int(px)] for px, py in ring.round())
    assert stays[y < middle[1] - 0.56 * face.unit].all() and stays[y > middle[1] + 0.56 * face.unit].all()
