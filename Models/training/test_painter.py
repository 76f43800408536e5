"""Tests of the painter on a crude drawn face.  No photographs needed.

    python -m pytest test_painter.py
"""
from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from alignment import template  # noqa: E402
from painter import LOOKS, analyse, compose, paint  # noqa: E402
from painter.analysis import to_lab  # noqa: E402
from painter.beard import find_stubble, two_depths  # noqa: E402
from painter.contour import draw_folds  # noqa: E402
from painter.eyes import find_eye  # noqa: E402
from painter.glasses import dark_lenses, find_frames, frame_tone  # noqa: E402
from painter.hair import clear, without_bald, without_border  # noqa: E402
from painter.mesh import (  # noqa: E402
    BEARD_BORDER,
    BELOW_LIP,
    BROW,
    CHEEK,
    FACE_OVAL,
    IRIS,
    LIPS,
    LOWER_LID,
    MIDLINE_ROWS,
    MOUTH_LOWER,
    MOUTH_UPPER,
    NOSE_BASE,
    NOSE_RIDGE,
    NOSE_SIDE,
    NOSE_WINGS,
    SIDE_ROWS,
    SMILE_FOLD,
    UPPER_LID,
    brow_curve,
    fill,
    jaw_curve,
    mouth_curves,
    seen_in_front,
)
from painter.mouth import around_lips, closed_line, draw_inside, lip_colour, traced  # noqa: E402
from painter.nose import nose_shade  # noqa: E402
from painter.places import heights  # noqa: E402
from painter.regions import Face  # noqa: E402
from painter.shapes import DAB, dabs, flatten  # noqa: E402
from painter.skin import as_smooth, clean_tone, deep_shade, joined, own_colour  # noqa: E402
from test_training import drawn_face  # noqa: E402

POINTS = template(2 / 3).astype(np.float32)


def arc(centre, rx: float, ry: float, start: float, end: float, count: int) -> np.ndarray:
    """Points on an ellipse, angles in degrees, 0 = right, 90 = down."""
    t = np.radians(np.linspace(start, end, count))
    return np.stack([centre[0] + rx * np.cos(t), centre[1] + ry * np.sin(t)], 1)


def drawn_mesh() -> np.ndarray:
    """The mesh of the crude face: only the points that the painter uses are meaningful."""
    mesh = np.tile(POINTS[2], (478, 1)).astype(np.float32)
    for index, eye in enumerate(POINTS[:2]):
        # From the corner near the nose to the outer one.
        start, end = ((360, 180), (180, 360))[index]
        mesh[list(UPPER_LID[index])] = arc(eye, 17, 8, start, end, 9)
        mesh[list(LOWER_LID[index])] = arc(eye, 17, 8, (0, 180)[index], (180, 0)[index], 9)
        mesh[list(IRIS[index])] = np.vstack([eye, arc(eye, 7, 7, 0, 270, 4)])
        mesh[list(BROW[index])] = arc(eye - [0, 24], 19, 4, 180, 500, 10)
        mesh[list(CHEEK[index])] = eye + [0, 45]
    mouth = POINTS[3:].mean(0)
    mesh[list(LIPS)] = arc(mouth, 34, 9, 180, 522, 20)
    mesh[list(MOUTH_UPPER)] = mesh[list(MOUTH_LOWER)] = arc(mouth, 30, 1, 180, 360, 11)
    mesh[list(FACE_OVAL)] = arc((256, 270), 90, 122, -90, 260, len(FACE_OVAL))
    # Right and left of the nose the same, however the eyes lie.
    mesh[list(MIDLINE_ROWS[1:-1]), 0] = 256
    mesh[list(MIDLINE_ROWS[1:-1]), 1] = 0.5 * (mesh[list(SIDE_ROWS[0][1:-1]), 1] + mesh[list(SIDE_ROWS[1][1:-1]), 1])
    mesh[list(BELOW_LIP)] = arc(mouth, 20, 9, 150, 30, 5)
    nose = POINTS[2] + [0, 8]
    mesh[list(NOSE_BASE)] = nose + np.stack([[-13, -6, 0, 6, 13], [-2, 1, 2, 1, -2]], 1)
    for index, sign in enumerate((-1, 1)):
        mesh[list(NOSE_WINGS[index])] = nose + np.stack([[sign * 12, sign * 15, sign * 14], [-14, -8, -4]], 1)
    mesh[[4, 168, 6]] = [POINTS[2], (256, POINTS[0, 1] - 4), (256, POINTS[0, 1] + 6)]
    border = [p for p in BEARD_BORDER[1:-1] if p not in (97, 2, 326)]
    mesh[border] = arc((256, 320), 80, 20, 180, 360, len(border))
    return mesh


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


@pytest.fixture(scope="module")
def analysed():
    photo = drawn_face()
    return photo, analyse(photo, POINTS, drawn_mesh())


@pytest.mark.parametrize("style", sorted(LOOKS))
def test_painting_has_the_photos_shape_and_range(analysed, style):
    photo, analysis = analysed
    painting = paint(analysis, LOOKS[style])
    assert painting.colour.shape == photo.shape
    for values in (painting.colour, painting.lines, painting.dark, painting.light):
        assert values.shape[:2] == photo.shape[:2]
        assert np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1
    assert 0.002 < painting.lines.mean() < 0.3, "lines, but not everywhere"


def test_painting_is_flatter_than_the_photo(analysed):
    photo, analysis = analysed
    flat = lambda image: (np.abs(np.diff(image.mean(2), axis=1)) < 1 / 255).mean()
    assert flat(paint(analysis, LOOKS["cel"]).colour) > flat(photo.astype(np.float32) / 255) + 0.2


def test_painting_does_not_change_its_analysis(analysed):
    _, analysis = analysed
    first = paint(analysis, LOOKS["cel"])
    paint(analysis, LOOKS["luminous"])
    again = paint(analysis, LOOKS["cel"])
    assert np.array_equal(first.colour, again.colour) and np.array_equal(first.lines, again.lines)


def picture_of(analysis, style: str) -> np.ndarray:
    """The finished picture, sRGB 0...1."""
    painting = paint(analysis, LOOKS[style])
    return compose(painting.colour, painting.lines, LOOKS[style].tint)


def test_styles_are_three_hands(analysed):
    """Any two styles differ by a mean CIE76 difference of at least 9, on a face and on a scene without one."""
    y, x = np.mgrid[0:160, 0:200]
    scene = np.dstack([90 + 60 * (x > 90), 120 + 50 * (y > 70), 210 - y // 2]).astype(np.uint8)
    for analysis in (analysed[1], analyse(scene, None, None)):
        pictures = [to_lab(picture_of(analysis, style)) for style in sorted(LOOKS)]
        for i, a in enumerate(pictures):
            for b in pictures[i + 1:]:
                assert np.linalg.norm(a - b, axis=2).mean() >= 9


def striped_hair() -> tuple[np.ndarray, np.ndarray]:
    """The crude face with strands in its hair, and the hair's mask."""
    photo = drawn_face()
    mask = np.zeros(photo.shape[:2], np.uint8)
    cv2.ellipse(mask, (256, 235), (120, 135), 0, 0, 360, 255, -1)
    cv2.ellipse(mask, (256, 270), (96, 129), 0, 0, 360, 0, -1)
    x = np.arange(512)
    strands = 14 * np.sin(x / 5) + 8 * np.sin(x / 23) - 25 * (x % 17 < 2)
    bright = photo.astype(np.float32) + np.where(mask[..., None] > 0, strands[None, :, None], 0)
    return np.clip(bright, 0, 255).astype(np.uint8), mask.astype(np.float32) / 255


@pytest.mark.parametrize("style", sorted(LOOKS))
def test_hair_has_few_opaque_tones(style):
    photo, mask = striped_hair()
    analysis = analyse(photo, POINTS, drawn_mesh(), mask)
    inside = (cv2.erode(analysis.hair.mask, np.ones((9, 9))) > 0.99) & (analysis.hair.rim < 0.02)
    rest = to_lab(paint(analysis, LOOKS[style]).colour)[inside]
    total, tones = len(rest), 0
    while len(rest) > 0.15 * total:
        colours, counts = np.unique(np.round(rest), axis=0, return_counts=True)
        rest = rest[np.linalg.norm(rest - colours[counts.argmax()], axis=1) > 3]
        tones += 1
    assert 2 <= tones <= 5


def test_strands_are_long_lines_inside_the_hair():
    photo, mask = striped_hair()
    hair = analyse(photo, POINTS, drawn_mesh(), mask).hair
    count, _, stats, _ = cv2.connectedComponentsWithStats((hair.strands > 0.3).astype(np.uint8))
    assert count > 3
    longest = np.sort(stats[1:, cv2.CC_STAT_HEIGHT])[::-1]
    assert longest[2] > 0.4 * Face(POINTS).unit
    assert hair.strands[cv2.dilate(mask, np.ones((9, 9))) == 0].max() < 0.2


def test_without_hair_there_is_none(analysed):
    photo, analysis = analysed
    assert analysis.hair is None
    assert analyse(photo, POINTS, drawn_mesh(), np.zeros(photo.shape[:2], np.float32)).hair is None


def test_soft_lines_break_and_thin():
    # An outline whose contrast comes and goes.
    x = np.arange(200)
    photo = np.full((120, 200, 3), 200, np.float32)
    photo[60:] -= (70 + 50 * np.sin(x / 8))[None, :, None]
    analysis = analyse(cv2.GaussianBlur(photo, (0, 0), 1).astype(np.uint8), None, None)
    cel, soft = (paint(analysis, LOOKS[style]).lines for style in ("cel", "soft"))
    drawn = analysis.lines > 0.3
    assert (soft[drawn] < 0.2).mean() > (cel[drawn] < 0.2).mean() + 0.1
    assert soft.mean() < 0.8 * cel.mean()


def test_flat_areas_keep_their_colours_to_their_border():
    """Bright areas that differ little, side by side, do not run into each other; noise and texture go."""
    rng = np.random.default_rng(3)
    picture = np.full((96, 128, 3), (0.92, 0.92, 0.93), np.float32)
    picture[:, 64:] = (0.62, 0.78, 0.92)
    flat = flatten(dabs(np.clip(picture + rng.normal(0, 0.03, picture.shape), 0, 1).astype(np.float32), DAB))
    for columns in (np.s_[6:60], np.s_[68:122]):
        assert np.abs(flat[6:-6, columns] - picture[6:-6, columns]).max() < 0.04
        assert flat[6:-6, columns].std((0, 1)).max() < 0.015


@pytest.mark.parametrize("style", sorted(LOOKS))
def test_painting_moves_no_edge(analysed, style):
    photo, analysis = analysed
    painting = paint(analysis, LOOKS[style])
    picture = compose(painting.colour, painting.lines, LOOKS[style].tint)
    gray = lambda image: cv2.cvtColor(image.astype(np.float32), cv2.COLOR_RGB2GRAY)
    edges = [cv2.GaussianBlur(np.hypot(cv2.Sobel(g, cv2.CV_32F, 1, 0), cv2.Sobel(g, cv2.CV_32F, 0, 1)), (0, 0), 3)
             for g in (gray(photo / 255), gray(picture))]
    (dx, dy), _ = cv2.phaseCorrelate(*(e.astype(np.float64) for e in edges))
    # Lids and brows alone are drawn a little higher.
    assert abs(dx) < 0.5 and abs(dy) < 0.8


def test_eyes_grow_about_their_centre():
    mesh, face = drawn_mesh(), Face(POINTS)
    for index in (0, 1):
        eye = find_eye(mesh, face, index)
        before, after = eye.original, eye.outline
        assert np.allclose(before.mean(0), after.mean(0), atol=0.02 * face.unit)
        assert np.ptp(after[:, 1]) > 1.1 * np.ptp(before[:, 1])


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


def test_painting_without_a_face():
    photo = np.random.default_rng(1).integers(0, 255, (120, 168, 3), np.uint8)
    painting = paint(analyse(photo, None, None), LOOKS["soft"])
    assert painting.colour.shape == photo.shape
    assert np.isfinite(painting.colour).all() and np.isfinite(painting.lines).all()


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


def test_no_slab_of_shade_around_the_mouth():
    """A lower face that is darker as a whole has a shaved beard or light from above, no shade with a border across
    it."""
    photo = drawn_face().astype(np.float32)
    cv2.ellipse(photo, (256, 270), (92, 125), 0, 0, 360, (222, 178, 150), -1, cv2.LINE_AA)
    photo[285:] *= 0.80
    analysis = analyse(photo.astype(np.uint8), POINTS, drawn_mesh())
    assert analysis.dark[300:325, 225:287].mean() < 0.1


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


def mirrored_mesh(mesh: np.ndarray, width: int) -> np.ndarray:
    """The same face seen in a mirror: every point at the place of its partner."""
    out = mesh.copy()
    pairs = [*zip(UPPER_LID[0], UPPER_LID[1]), *zip(LOWER_LID[0], LOWER_LID[1]), *zip(IRIS[0], IRIS[1]),
             *zip(BROW[0], BROW[1]),
             *zip(CHEEK[0], CHEEK[1]), *zip(NOSE_WINGS[0], NOSE_WINGS[1]), *zip(SIDE_ROWS[0], SIDE_ROWS[1])]
    for row in (MOUTH_UPPER, MOUTH_LOWER, NOSE_BASE, BELOW_LIP, BEARD_BORDER):
        pairs += zip(row, row[::-1])
    pairs += [(LIPS[i], LIPS[(10 - i) % 20]) for i in range(20)]
    pairs += [(FACE_OVAL[i], FACE_OVAL[-i % 36]) for i in range(36)]
    for a, b in pairs:
        out[a], out[b] = mesh[b], mesh[a]
    out[:, 0] = width - 1 - out[:, 0]
    return out


def test_a_mirrored_face_gives_a_mirrored_painting(analysed):
    photo, analysis = analysed
    mesh = mirrored_mesh(drawn_mesh(), 512)
    points = POINTS[[1, 0, 2, 4, 3]].copy()
    points[:, 0] = 511 - points[:, 0]
    again = paint(analyse(np.ascontiguousarray(photo[:, ::-1]), points, mesh), LOOKS["cel"])
    first = paint(analysis, LOOKS["cel"])
    # The catchlight is on the same side of every eye: irises differ by it.
    same = cv2.dilate(np.maximum(first.marks.max(2), again.marks[:, ::-1].max(2)), np.ones((5, 5))) < 0.05
    face = fill(photo.shape[:2], drawn_mesh()[list(FACE_OVAL)]) > 0.5
    difference = np.abs(first.colour - again.colour[:, ::-1]).max(2)
    assert difference[face & same].mean() < 0.012
    assert (difference[face & same] > 0.1).mean() < 0.03


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


def test_jaw_and_chin_are_lines(analysed):
    lines = paint(analysed[1], LOOKS["cel"]).lines
    for x, y in arc((256, 270), 92, 125, 60, 120, 13).round().astype(int):
        assert lines[y - 8:y + 9, x].max() > 0.5


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
    assert 1.1 < growth[0] < growth[1] < 1.36


def test_a_face_from_far_below_is_painted_as_the_photograph_has_it():
    mesh = drawn_mesh()
    assert seen_in_front(mesh)
    eyes, mouth = POINTS[:2].mean(0), POINTS[3:].mean(0)
    mesh[1] = eyes + 0.3 * (mouth - eyes)
    analysis = analyse(drawn_face(), POINTS, mesh)
    assert analysis.mesh is None
    assert not paint(analysis, LOOKS["cel"]).marks.any()


def test_a_profile_is_painted_as_the_photograph_has_it():
    turned = drawn_mesh()
    # The tip of the nose before the near side of the face.
    turned[1] = turned[454] + 0.4 * (turned[454] - turned[234])
    assert not seen_in_front(turned)
    narrow = drawn_mesh()
    for lid in (UPPER_LID[1], LOWER_LID[1]):
        corner = narrow[lid[0]].copy()
        narrow[list(lid)] = corner + 0.25 * (narrow[list(lid)] - corner)
    assert not seen_in_front(narrow)
    assert analyse(drawn_face(), POINTS, turned).mesh is None


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


def bearded(tone: tuple[int, int, int]) -> np.ndarray:
    """The crude face with a beard around its mouth."""
    photo = drawn_face()
    x, y = POINTS[3:].mean(0).astype(int)
    cv2.ellipse(photo, (int(x), int(y) + 22), (78, 52), 0, 0, 360, tone, -1, cv2.LINE_AA)
    # Skin that shines through is no hole in the shape.
    cv2.circle(photo, (int(x) + 8, int(y) + 30), 4, (214, 170, 142), -1, cv2.LINE_AA)
    return photo


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
    photo[::7][(photo[::7] == (60, 40, 30)).all(2)] = (90, 62, 48)
    beard = analyse(photo, POINTS, drawn_mesh()).beard
    assert beard.hair is not None
    assert np.ptp(beard.hair.colours[:, 0]) < 20
    assert (beard.hair.colours[:, 1:] == beard.tone[1:]).all()


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


def test_nothing_below_a_grey_face_is_skin():
    """Without colour hands and cloth look like a neck."""
    photo = np.repeat(cv2.cvtColor(drawn_face(), cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    analysis = analyse(photo, POINTS, drawn_mesh(), np.zeros(photo.shape[:2], np.float32))
    oval = fill(photo.shape[:2], drawn_mesh()[list(FACE_OVAL)]) > 0.5
    below = np.indices(oval.shape)[0] > POINTS[3:, 1].mean() + 50
    assert analysis.skin[oval & ~below].mean() > 0.5
    assert analysis.skin[~cv2.dilate(oval.astype(np.uint8), np.ones((9, 9))).astype(bool) & below].max() < 0.1


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


def test_woven_cloth_is_rougher_than_a_face():
    lab = np.full((200, 200, 3), (70, 12, 16), np.float32)
    lab[:80:4] = (50, 20, 14)
    face = np.zeros((200, 200), bool)
    face[120:] = True
    found = as_smooth(lab, face, 80)
    assert not found[20:60].any() and found[130:].all()


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
    for sides, old, least, most in (((-1,), 1, 0, 0), ((-1, 1), 1, 0.3, 0.65), ((-1, 1), 0, 0, 0.1)):
        light = np.full((512, 512), 70, np.float32)
        for sign in sides:
            cv2.line(light, (int(x + sign * 42), int(y - 30)), (int(x + sign * 52), int(y + 6)), 40, 2, cv2.LINE_AA)
        lines = np.zeros_like(light)
        draw_folds(lines, light, Face(POINTS), mesh, np.ones_like(light), old)
        assert least <= lines.max() <= most


def test_shade_on_a_shaven_head_is_no_hair():
    unit = Face(POINTS).unit
    mask = np.zeros((512, 512), np.float32)
    mask[140:140 + int(0.3 * unit), 300:300 + int(0.4 * unit)] = 1
    assert without_bald(mask, Face(POINTS)).max() == 0
    mask[60:150, 180:330] = 1
    assert (without_bald(mask, Face(POINTS)) == mask).all()


def test_red_hair_keeps_its_chroma_and_grey_hair_stays_grey():
    assert np.hypot(*clear(np.array([28.0, 14.0, 19.0]), 0)[1:]) > 1.1 * np.hypot(14, 19)
    assert np.hypot(*clear(np.array([60.0, 0.5, 1.5]), 0)[1:]) < 2


def test_what_shines_through_the_hairs_border_is_not_its_colour():
    mask = np.zeros((200, 200), np.float32)
    mask[40:160, 40:160] = 1
    photo = np.full((200, 200, 3), (95.0, 0.0, 0.0), np.float32)
    photo[40:160, 40:160] = (60, 5, 10)
    photo[43:157, 43:157] = (25, 5, 10)
    cleaned = without_border(photo, mask, 100)
    assert cleaned[42, 100, 0] < 35 and (cleaned[:30] == photo[:30]).all()
    thin = np.zeros_like(mask)
    thin[100:103] = 1
    assert np.allclose(without_border(photo, thin, 100), photo)
