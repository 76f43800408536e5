"""Tests of the guide maps.

    python -m pytest test_guides.py
"""
from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))
from guides import (  # noqa: E402
    BROWS,
    CONTOURS,
    EYES,
    HIGHLIGHTS,
    IRISES,
    LASHES,
    LIP_SKIN,
    MAPS,
    MOUTH,
    OVAL,
    find_eye,
    guide_maps,
    mesh_face,
    polygon_coverage,
    stroke_coverage,
    synthetic_mesh,
)
from painter import contour as painter_contour  # noqa: E402
from painter import eyes as painter_eyes  # noqa: E402
from painter import nose as painter_nose  # noqa: E402
from painter.mesh import LOWER_LID, UPPER_LID, jaw_curve  # noqa: E402

FIXTURES = Path(__file__).resolve().parents[2] / "Tests" / "Fixtures"


def test_maps_equal_the_golden_ones():
    about = json.loads((FIXTURES / "guides.json").read_text())
    shape = about["height"], about["width"]
    golden = np.fromfile(FIXTURES / "guides.u16", "<u2").reshape(len(MAPS), *shape) / 65535
    assert about["maps"] == list(MAPS)
    drawn = guide_maps(shape, np.array(about["mesh"])).transpose(2, 0, 1)
    assert np.abs(drawn - golden).max() < 1 / 255, "changed: write the golden files anew and follow in the product"
    assert (golden.max((1, 2)) > 0.25).all(), "every map shows something"


def test_polygon_coverage_of_a_rectangle_is_its_area_near_straight_borders():
    drawn = polygon_coverage((12, 16), np.array([[3.25, 2.5], [10.0, 2.5], [10.0, 9.0], [3.25, 9.0]]))
    assert np.allclose(drawn[5, 2:11], [0, 0.75, 1, 1, 1, 1, 1, 1, 0])
    assert np.allclose(drawn[1:10, 6], [0, 0.5, 1, 1, 1, 1, 1, 1, 0])
    outside = polygon_coverage((12, 16), np.array([[-9.0, -9.0], [40.0, -9.0], [40.0, 40.0], [-9.0, 40.0]]))
    assert (outside == 1).all(), "borders beyond the picture count too"


def test_strokes_have_their_width_and_thin_ones_are_faint():
    line = np.array([[2.0, 6.0], [14.0, 6.0]])
    assert np.allclose(stroke_coverage((12, 16), line, np.array([3.0, 3.0]))[:, 8].sum(), 3.0)
    thin = stroke_coverage((12, 16), line + [0, 0.5], np.array([0.25, 0.25]))
    assert np.allclose(thin[:, 8].sum(), 0.25) and np.allclose(thin.max(), 0.25)


def test_maps_follow_the_mesh_to_any_place_and_size():
    small, large = guide_maps((128, 128), synthetic_mesh(128)), guide_maps((512, 512), synthetic_mesh(512))
    shrunk = large.reshape(128, 4, 128, 4, len(MAPS)).mean((1, 3))
    assert np.abs(shrunk - small).mean((0, 1)).max() < 0.004
    moved = guide_maps((128, 128), synthetic_mesh(128) + [7, -5])
    assert np.abs(moved[:-5, 7:] - small[5:, :-7]).max() < 1e-5


def test_features_lie_where_they_belong():
    mesh = synthetic_mesh(256)
    maps, face = guide_maps((256, 256), mesh), mesh_face(mesh)
    for number in (IRISES, HIGHLIGHTS):
        assert (maps[..., number] <= maps[..., EYES] + 1e-6).all()
    y, x = np.mgrid[0:256, 0:256] + 0.5

    def middle(number, side):
        weight = maps[..., number] * side
        return np.array([(c * weight).sum() / weight.sum() for c in (x, y)])

    for side, point in ((x < 128, face.points[0]), (x >= 128, face.points[1])):
        assert np.abs(middle(EYES, side) - point).max() < 0.06 * face.unit
        assert middle(BROWS, side)[1] < middle(LASHES, side)[1] < middle(EYES, side)[1]
    assert abs(middle(MOUTH, 1)[1] - mesh[[13, 14], 1].mean()) < 0.05 * face.unit
    assert maps[..., LIP_SKIN][int(mesh[13, 1]) + 4, int(mesh[13, 0])] < 0.5 < maps[..., MOUTH].max()
    assert maps[..., OVAL][128, 128] == 1 and maps[..., OVAL][2, 2] == 0


@pytest.mark.parametrize("number, shows", ((EYES, False), (IRISES, False), (LASHES, True)))
def test_closed_eyes_are_a_lash_line(number, shows):
    mesh = synthetic_mesh(256)
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        mesh[list(lower)] = mesh[list(upper)]
    assert (guide_maps((256, 256), mesh)[..., number].max() > 0.5) == shows


def test_the_painter_draws_the_same_eyes():
    mesh = synthetic_mesh(256)
    face = mesh_face(mesh)
    for index in (0, 1):
        guide, painted = find_eye(mesh, face, index), painter_eyes.find_eye(mesh, face, index)
        assert np.allclose(guide.upper, painted.upper) and np.allclose(guide.lower, painted.lower)
        assert np.allclose(guide.radii, painter_eyes.iris_radii(painted, face))


def test_contours_are_the_lines_that_the_painter_draws():
    mesh = synthetic_mesh(256)
    face, painted = mesh_face(mesh), np.zeros((256, 256), np.float32)
    painter_nose.draw_nose(painted, face, mesh)
    painter_contour.draw_jaw(painted, jaw_curve(mesh), np.ones_like(painted), face.unit)
    guide = guide_maps((256, 256), mesh)[..., CONTOURS]
    # The painter's fill rounds its borders outwards by an eighth of a pixel.
    assert painted.max() > 0.7 and np.corrcoef(painted.ravel(), guide.ravel())[0, 1] > 0.95
    assert 0.7 < guide.sum() / painted.sum() < 1


def test_no_mesh_and_faces_outside_give_nothing():
    assert not guide_maps((32, 48), None).any()
    for shift in (-5000, 5000):
        assert not guide_maps((32, 48), synthetic_mesh(64) + shift).any()
