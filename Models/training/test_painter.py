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
from painter.eyes import find_eye  # noqa: E402
from painter.mesh import BROW, CHEEK, FACE_OVAL, IRIS, LIPS, LOWER_LID, MOUTH_LOWER, MOUTH_UPPER, UPPER_LID  # noqa: E402
from painter.regions import Face  # noqa: E402
from painter.shapes import FEW_BORDERS, few_areas  # noqa: E402
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
    mesh[[181, 84, 17, 314, 405]] = arc(mouth, 20, 9, 150, 30, 5)
    mesh[list(FACE_OVAL)] = arc((256, 270), 90, 122, -90, 260, len(FACE_OVAL))
    return mesh


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
    assert hair.strands[mask == 0].max() < 0.2


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


def test_few_areas_keep_their_colours():
    """Noise and gradients go, two areas stay what they are and where they are."""
    rng = np.random.default_rng(4)
    picture = np.full((96, 128, 3), 0.25, np.float32)
    picture[:, 64:] = (0.7, 0.5, 0.3)
    flat = few_areas(np.clip(picture + rng.normal(0, 0.02, picture.shape), 0, 1), np.full((96, 128), FEW_BORDERS))
    for part in (np.s_[10:-10, 10:58], np.s_[10:-10, 70:-10]):
        assert flat[part].std((0, 1)).max() < 0.012
        assert np.abs(flat[part].mean((0, 1)) - picture[part].mean((0, 1))).max() < 0.015


@pytest.mark.parametrize("style", sorted(LOOKS))
def test_painting_moves_no_edge(analysed, style):
    photo, analysis = analysed
    painting = paint(analysis, LOOKS[style])
    picture = compose(painting.colour, painting.lines, LOOKS[style].tint)
    gray = lambda image: cv2.cvtColor(image.astype(np.float32), cv2.COLOR_RGB2GRAY)
    edges = [cv2.GaussianBlur(np.hypot(cv2.Sobel(g, cv2.CV_32F, 1, 0), cv2.Sobel(g, cv2.CV_32F, 0, 1)), (0, 0), 3)
             for g in (gray(photo / 255), gray(picture))]
    (dx, dy), _ = cv2.phaseCorrelate(*(e.astype(np.float64) for e in edges))
    assert abs(dx) < 0.5 and abs(dy) < 0.5


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


def test_painting_without_a_face():
    photo = np.random.default_rng(1).integers(0, 255, (120, 168, 3), np.uint8)
    painting = paint(analyse(photo, None, None), LOOKS["soft"])
    assert painting.colour.shape == photo.shape and np.isfinite(painting.colour).all() and np.isfinite(painting.lines).all()
