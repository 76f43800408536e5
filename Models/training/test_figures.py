"""Tests of the figures on made pictures.  No photographs needed.

    python -m pytest test_figures.py
"""
from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
import figures  # noqa: E402
from squash import ASPECTS, CORNERS, LEFT_EYE, RIGHT_EYE, crop, excess, offsets  # noqa: E402


def picture(lightness: np.ndarray, a: float = 10, b: float = 20) -> np.ndarray:
    """Lab [H,W,3] of one hue."""
    return np.dstack([lightness, np.full_like(lightness, a), np.full_like(lightness, b)]).astype(np.float32)


def test_known_changes_are_measured():
    """Half the chroma, 5 lighter, noise to one tone: the figures say so."""
    noise = np.random.default_rng(3).normal(60, 8, (80, 80)).astype(np.float32)
    everywhere = np.ones((80, 80), bool)
    at = {name: everywhere for name in ("whole", "background", "skin", "lips", "hair", "white")}
    found = figures.measure(picture(noise), picture(np.full((80, 80), 65.0), 5, 10), at, 60.0)
    assert found["chroma whole"] == pytest.approx(0.5, abs=0.01)
    assert found["skin lightness"] == pytest.approx(5, abs=1)
    assert found["white of the eye"] == pytest.approx(5, abs=1)
    assert found["main tone, drawn"] == 1 and found["main tone, photo"] < 0.3


def test_a_line_has_its_width():
    light = np.full((90, 90), 80, np.float32)
    light[5:85, 43:47] = 20
    lines = figures.lines_of(picture(light), 90.0)
    assert figures.line_width(lines) == pytest.approx(4, abs=0.5)
    assert np.isnan(figures.line_width(np.zeros((9, 9), bool)))


def test_eyes_twice_as_open_are_twice_as_open():
    mesh = np.random.default_rng(1).uniform(0, 100, (478, 2))
    mesh[468], mesh[473] = (100, 100), (200, 100)
    for upper, lower in zip(figures.UPPER_LID, figures.LOWER_LID):
        mesh[upper[4]], mesh[lower[4]] = (150, 95), (150, 105)
    before = figures.geometry(mesh)
    for lower in figures.LOWER_LID:
        mesh[lower[4]] = (150, 115)
    assert figures.geometry(mesh)["eye opening"] == pytest.approx(2 * before["eye opening"])


def test_table_has_medians_and_ignores_what_is_missing():
    text = figures.table({"cel": [{"x": 1.0}, {"x": 3.0, "y": 2.0}, {"x": 9.0}], "soft": [{"x": 0.5, "y": 4.0}]})
    assert "| x | 3 | 0.5 |" in text and "| y | 2 | 4 |" in text


def test_crops_keep_the_face_and_their_aspect():
    photo = np.zeros((400, 500, 3), np.uint8)
    for face in ((30, 390), (250, 200), (495, 5)):
        photo[:] = 0
        photo[face[1] - 4:face[1] + 5, face[0] - 4:face[0] + 5] = 255
        for aspect in ASPECTS.values():
            part = crop(photo, face, aspect)
            assert abs(part.shape[1] / part.shape[0] - aspect) < 0.01 and part.any()
            assert part.shape[1] == 500 or part.shape[0] == 400


def test_offsets_are_of_the_face_and_not_of_the_picture():
    """Turning, scaling and moving a whole face changes no asymmetry; a mouth pulled to one side does."""
    rng = np.random.default_rng(0)
    points = rng.uniform(0, 100, (68, 2))
    points[list(LEFT_EYE)] = (30, 40)
    points[list(RIGHT_EYE)] = (70, 40)
    points[list(CORNERS)] = (35, 80), (65, 80)
    assert offsets(points, points) == (0, 0, 0)
    turn = np.array([[np.cos(0.3), -np.sin(0.3)], [np.sin(0.3), np.cos(0.3)]])
    assert offsets(points, 1.7 * points @ turn.T + 5)[2] < 1e-9
    pulled = points.copy()
    pulled[list(CORNERS)] += (4, 0)
    eyes, corners, asymmetry = offsets(points, pulled)
    assert eyes == 0 and abs(corners - 0.1) < 0.02 and abs(asymmetry - 0.2) < 0.05
    assert excess(0.05, 0.03) == pytest.approx(0.04) and excess(0.01, 0.02) == 0
