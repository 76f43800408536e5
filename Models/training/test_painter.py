"""Tests of the painter on a crude drawn face: whole paintings, hair and lines.  No photographs needed.

    python -m pytest test_painter.py
"""
from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from crude_faces import POINTS, drawn_face, drawn_mesh, picture_of  # noqa: E402
from painter import LOOKS, analyse, compose, paint  # noqa: E402
from painter.analysis import to_lab  # noqa: E402
from painter.glasses import hollow, without_dents  # noqa: E402
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
    MOUTH_LOWER,
    MOUTH_UPPER,
    NOSE_BASE,
    NOSE_WINGS,
    SIDE_ROWS,
    UPPER_LID,
    fill,
    seen_in_front,
)
from painter.regions import Face  # noqa: E402
from painter.shapes import DAB, dabs, flatten  # noqa: E402


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


def test_painting_without_a_face():
    photo = np.random.default_rng(1).integers(0, 255, (120, 168, 3), np.uint8)
    painting = paint(analyse(photo, None, None), LOOKS["soft"])
    assert painting.colour.shape == photo.shape
    assert np.isfinite(painting.colour).all() and np.isfinite(painting.lines).all()


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


def test_a_hull_has_no_dents():
    turn = np.linspace(0, 2 * np.pi, 96, endpoint=False)
    rim = 100 + np.stack([40 * np.cos(turn), 30 * np.sin(turn)], 1)
    dented = rim.copy()
    dented[20:28, 1] -= 14
    assert hollow(dented) > 0.02 > hollow(rim)
    assert hollow(without_dents(dented)) < 0.01
    assert np.abs(without_dents(rim) - rim).max() < 1
