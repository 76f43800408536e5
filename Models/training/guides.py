"""Guide maps: where a face's features lie, drawn from a dense mesh for the generator.

    python guides.py --golden ../../Tests/Fixtures

The product draws the same maps (GUIDES.md has all formulas), and a test on each side compares with the files that
``--golden`` writes.  So everything here is plain geometry: polygons and strokes, whose coverage is a clamped distance.
Points are (x, y) in pixels whose centres lie at (x + 0.5, y + 0.5); nothing depends on the photograph.
"""
from __future__ import annotations

import argparse
import json
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from painter.contour import jaw_stroke
from painter.eyes import LOWER_SLIM, UPPER_SLIM, slimmed, wing
from painter.flow import ramp
from painter.mesh import (
    BROW,
    FACE_OVAL,
    IRIS,
    LIPS,
    LOWER_LID,
    MOUTH_LOWER,
    MOUTH_UPPER,
    NOSE_WINGS,
    NOSTRILS,
    UPPER_LID,
    curve,
    jaw_curve,
)
from painter.mouth import closed_curve
from painter.nose import nose_strokes
from painter.regions import Face

MAPS = ("eyes", "irises", "lashes", "highlights", "brows", "lips", "mouth", "oval", "contours")
EYES, IRISES, LASHES, HIGHLIGHTS, BROWS, LIP_SKIN, MOUTH, OVAL, CONTOURS = range(len(MAPS))
# A drawn eye is this much wider than the photograph's, and from the first to the second of these, for openings from the
# first to the second in units, taller: a squint or a smile stays one.
EYE_WIDTH, EYE_HEIGHT, EYE_OPENING = 1.14, (0.88, 1.08), (0.075, 0.155)
# Half width of a drawn iris in radii of the photograph's; its half height reaches the lids but stays within these.
IRIS_WIDTH, IRIS_HEIGHT = 1.2, (1.2, 1.5)
# Highlight: centre along and across, and radius, in half widths of the drawn iris; it keeps that far from the lid.
GLINT, GLINT_RADIUS, GLINT_ROOM = (-0.36, -0.36), 0.28, 0.36
# Mesh points of the nose's tip and of the mouth's corners.
NOSE_TIP, MOUTH_CORNERS = 1, (61, 291)


def mesh_face(mesh: np.ndarray) -> Face:
    """The five landmarks that the mesh [478,2] itself shows: means of both lids, nose tip, mouth corners."""
    eyes = [mesh[list(upper + lower)].mean(0) for upper, lower in zip(UPPER_LID, LOWER_LID)]
    return Face(np.array([*eyes, mesh[NOSE_TIP], *mesh[list(MOUTH_CORNERS)]], np.float64))


@dataclass(frozen=True)
class Eye:
    """One drawn eye in pixels; lids [40,2] run from the corner near the nose to the outer one."""

    upper: np.ndarray
    lower: np.ndarray
    iris: np.ndarray               # centre (x, y)
    radii: tuple[float, float]     # half width and half height of the iris
    glint: float                   # the highlight's centre along down from the iris's
    opening: float                 # height of the photograph's eye, in units
    width: float                   # corner to corner in the photograph, in units


def find_eye(mesh: np.ndarray, face: Face, index: int) -> Eye:
    """The viewer's left (0) or right (1) eye as it is drawn: grown about its own centre."""
    upper, lower = curve(mesh[list(UPPER_LID[index])]), curve(mesh[list(LOWER_LID[index])])
    right, down = face.axes
    centre = 0.25 * (upper[0] + upper[-1] + upper[20] + lower[20])
    opening = float((lower[12:28].mean(0) - upper[12:28].mean(0)) @ down) / face.unit
    width = float(np.linalg.norm(upper[-1] - upper[0])) / face.unit
    low, high = EYE_HEIGHT
    taller = low + (high - low) * float(ramp(*EYE_OPENING, np.float64(opening)))
    chord = upper[-1] - upper[0]
    slant = float(np.clip(chord @ down / (chord @ right), -1, 1)) if abs(chord @ right) > 1e-6 else 0.0

    def grown(lid):
        across, along = (lid - centre) @ right, (lid - centre) @ down
        # The line between the corners keeps its slant.
        along = slant * across * EYE_WIDTH + (along - slant * across) * taller
        return centre + np.outer(across, EYE_WIDTH * right) + np.outer(along, down)

    upper, lower = slimmed(grown(upper), UPPER_SLIM), slimmed(grown(lower), LOWER_SLIM)
    middle, ring = mesh[IRIS[index][0]], mesh[list(IRIS[index][1:])]
    radius = float(np.linalg.norm(ring - middle, axis=1).mean())
    above, below = (float((lid[np.abs(lid - middle).sum(1).argmin()] - middle) @ down) for lid in (upper, lower))
    low, high = (share * radius for share in IRIS_HEIGHT)
    height, half = min(max(-1.12 * above, below, low), high), max(IRIS_WIDTH * radius, 1e-3)
    glint = max(GLINT[1] * half, min(above + GLINT_ROOM * half, 0.0))
    return Eye(upper, lower, middle, (half, max(height, 1e-3)), glint, opening, width)


def near_segments(starts: np.ndarray, ends: np.ndarray, reach: float, shape: tuple[int, int]):
    """Pixels that may lie within ``reach`` px of each segment, starts and ends [n,2].

    Returns rows, columns [n,k,k] (clipped to the picture), distance to the segment and place along it, 0...1 [n,k,k].
    """
    low = np.floor(np.minimum(starts, ends) - reach - 0.5).astype(int)
    side = int(np.ceil(np.abs(ends - starts).max() + 2 * reach)) + 2
    steps = np.arange(side)
    columns, rows = np.broadcast_arrays((low[:, 0, None] + steps)[:, None, :], (low[:, 1, None] + steps)[:, :, None])
    inside = (columns >= 0) & (columns < shape[1]) & (rows >= 0) & (rows < shape[0])
    x, y = columns + 0.5 - starts[:, 0, None, None], rows + 0.5 - starts[:, 1, None, None]
    d = (ends - starts)[:, :, None, None]
    place = np.clip((x * d[:, 0] + y * d[:, 1]) / np.maximum((d * d).sum(1), 1e-12), 0, 1)
    distance = np.hypot(x - place * d[:, 0], y - place * d[:, 1])
    return rows[inside], columns[inside], distance[inside], place, inside


def polygon_coverage(shape: tuple[int, int], polygon: np.ndarray) -> np.ndarray:
    """clamp(0.5 - signed distance) [H,W] of a closed polygon [n,2]; even-odd rule, negative inside."""
    h, w = shape
    starts, ends = polygon, np.roll(polygon, -1, 0)
    # Along each row of pixel centres, every edge toggles what lies left of its crossing.
    centres = np.arange(h) + 0.5
    crosses = (starts[:, 1, None] <= centres) != (ends[:, 1, None] <= centres)
    edge, row = np.nonzero(crosses)
    a, b = starts[edge], ends[edge]
    x = a[:, 0] + (centres[row] - a[:, 1]) / (b[:, 1] - a[:, 1]) * (b[:, 0] - a[:, 0])
    toggled = np.zeros((h, w + 1), np.int32)
    np.add.at(toggled, (row, np.clip(np.ceil(x - 0.5), 0, w).astype(int)), 1)
    # A pixel counts the crossings to the right of its centre.
    inside = toggled[:, ::-1].cumsum(1)[:, ::-1][:, 1:] % 2 == 1
    border = np.full(shape, 0.5)
    rows, columns, distance, _, _ = near_segments(starts, ends, 0.5, shape)
    np.minimum.at(border, (rows, columns), distance)
    return np.where(inside, 0.5 + border, 0.5 - border).astype(np.float32)


def stroke_coverage(shape: tuple[int, int], line: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Coverage [H,W] of a stroke along ``line`` [n,2], ``width`` [n] px, round ends.

    The largest over its segments of min(clamp(r + 0.5 - distance), 2r), r being half the width at the nearest point:
    what is thinner than a pixel is fainter.
    """
    found = np.zeros(shape, np.float32)
    starts, ends, radius = line[:-1], line[1:], 0.5 * np.asarray(width, np.float64)
    rows, columns, distance, place, inside = near_segments(starts, ends, 0.5 + float(radius.max()), shape)
    r = (radius[:-1, None, None] + place * (radius[1:] - radius[:-1])[:, None, None])[inside]
    np.maximum.at(found, (rows, columns), np.minimum(np.clip(r + 0.5 - distance, 0, 1), 2 * r).astype(np.float32))
    return found


def draw_lashes(shape: tuple[int, int], eye: Eye, unit: float) -> np.ndarray:
    """Upper lash line with a short wing, outer part of the lower lash line, crease above the lid: [H,W]."""
    t = np.linspace(0, 1, len(eye.upper))
    up = eye.upper[20] - eye.lower[20]
    up = up / (np.linalg.norm(up) + 1e-6)
    width = unit * (0.008 + 0.046 * np.sin(np.pi * (0.05 + 0.75 * t))) * np.minimum(1, 0.3 + 4 * (1 - t))
    upper = stroke_coverage(shape, eye.upper + 0.4 * width[:, None] * up, width)
    line = wing(eye.upper, up, unit)
    out = stroke_coverage(shape, line, unit * np.linspace(0.038, 0.0, len(line)))
    half = eye.lower[16:39]
    width = np.linspace(0.004, 0.016, len(half)) * unit
    lower = stroke_coverage(shape, half - 0.4 * width[:, None] * up, width)
    crease = eye.upper[7:36] + 0.085 * unit * up
    fold = stroke_coverage(shape, crease, unit * (0.004 + 0.013 * np.sin(np.pi * np.linspace(0, 1, len(crease)))))
    fold *= 0.5 * float(ramp(0.07, 0.12, np.float64(eye.opening)))
    return np.maximum(np.maximum(upper, out), np.maximum(0.6 * lower, fold))


def draw_iris(shape: tuple[int, int], eye: Eye, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """The drawn iris's whole ellipse and its highlight, not yet clipped to the eye: two maps [H,W]."""
    right, down = face.axes
    rx, ry = eye.radii
    dx, dy = np.arange(shape[1]) + 0.5 - eye.iris[0], (np.arange(shape[0]) + 0.5 - eye.iris[1])[:, None]
    along, across = dx * right[0] + dy * right[1], dx * down[0] + dy * down[1]
    disc = np.clip(0.5 + rx * (1 - np.hypot(along / rx, across / ry)), 0, 1)
    off = np.hypot(along - GLINT[0] * rx, across - eye.glint)
    return disc, np.clip(0.5 + GLINT_RADIUS * rx - off, 0, 1)


def window(maps: np.ndarray, points: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """The part of ``maps`` (a view) within ``margin`` px of the points' bounding box, and its first pixel (x, y)."""
    limit = np.array(maps.shape[1::-1])
    low = np.clip(np.floor(points.min(0) - margin), 0, limit).astype(int)
    high = np.maximum(np.clip(np.ceil(points.max(0) + margin), 0, limit).astype(int), low)
    return maps[low[1]:high[1], low[0]:high[0]], low


def add(maps: np.ndarray, number: int, value: np.ndarray) -> None:
    """Where features overlap, the larger coverage counts."""
    np.maximum(maps[..., number], value, out=maps[..., number])


def draw_eye(maps: np.ndarray, mesh: np.ndarray, face: Face, index: int) -> None:
    """One eye (0: the viewer's left) with iris, lashes and highlight into ``maps`` [H,W,9], in place."""
    eye, other = find_eye(mesh, face, index), find_eye(mesh, face, 1 - index)
    outline = np.vstack([eye.upper, eye.lower[::-1]])
    part, first = window(maps, outline, 0.15 * face.unit + 2)
    if not part.size:
        return
    shape = part.shape[:2]
    eye = replace(eye, upper=eye.upper - first, lower=eye.lower - first, iris=eye.iris - first)
    # Of a head turned far away only the near eye is drawn, and closed eyes are a lash line.
    turned = float(ramp(0.35, 0.6, np.float64(eye.width / max(other.width, 1e-3))))
    opening = polygon_coverage(shape, outline - first) * turned * min(max((eye.opening - 0.045) / 0.02, 0.0), 1.0)
    disc, glints = draw_iris(shape, eye, face)
    add(part, EYES, opening)
    add(part, IRISES, opening * disc)
    add(part, LASHES, turned * draw_lashes(shape, eye, face.unit))
    add(part, HIGHLIGHTS, opening * glints)


def draw_mouth(maps: np.ndarray, mesh: np.ndarray, face: Face) -> None:
    """Lips without the inside of the mouth, and the mouth's line with its inside at half strength, in place."""
    part, first = window(maps, mesh[list(LIPS)], 0.05 * face.unit + 2)
    if not part.size:
        return
    shape = part.shape[:2]
    lips, upper, lower = (mesh[list(names)] - first for names in (LIPS, MOUTH_UPPER, MOUTH_LOWER))
    upper, lower = curve(upper, 60), curve(lower, 60)
    opening = float(np.dot(lower[20:40].mean(0) - upper[20:40].mean(0), face.axes[1])) / face.unit
    open_share = float(ramp(0.015, 0.04, np.float64(opening)))
    inside = polygon_coverage(shape, np.vstack([upper, lower[::-1]])) * open_share
    add(part, LIP_SKIN, polygon_coverage(shape, closed_curve(lips)) * (1 - inside))
    # From the middle of a closed mouth to the upper lip's border of an open one.
    line = upper + 0.5 * (1 - open_share) * (lower - upper)
    width = face.unit * (0.010 + 0.016 * np.sin(np.pi * np.linspace(0, 1, len(line))))
    add(part, MOUTH, np.maximum(0.5 * inside, stroke_coverage(shape, line, width)))


def draw_contours(maps: np.ndarray, mesh: np.ndarray, face: Face) -> None:
    """The strokes of the nose and the jaw's line, each as strong as the painter draws it, in place."""
    for stroke in (*nose_strokes(face, mesh), jaw_stroke(jaw_curve(mesh), face.unit)):
        part, first = window(maps, stroke.line, 0.03 * face.unit + 2)
        if part.size:
            add(part, CONTOURS, stroke.strength * stroke_coverage(part.shape[:2], stroke.line - first, stroke.width))


def draw_polygon(maps: np.ndarray, number: int, polygon: np.ndarray) -> None:
    """One polygon [n,2] into map ``number``, in place."""
    part, first = window(maps, polygon, 2)
    if part.size:
        add(part, number, polygon_coverage(part.shape[:2], polygon - first))


def guide_maps(shape: tuple[int, int], mesh: np.ndarray | None) -> np.ndarray:
    """The maps [H,W,9], float32 0...1, of one face's mesh [478,2] in pixels; zeros without a mesh."""
    maps = np.zeros((*shape, len(MAPS)), np.float32)
    if mesh is None:
        return maps
    mesh = np.asarray(mesh, np.float64)
    face = mesh_face(mesh)
    for index in (0, 1):
        draw_eye(maps, mesh, face, index)
        draw_polygon(maps, BROWS, closed_curve(mesh[list(BROW[index])]))
    draw_mouth(maps, mesh, face)
    draw_polygon(maps, OVAL, mesh[list(FACE_OVAL)])
    draw_contours(maps, mesh, face)
    return maps


def synthetic_mesh(size: float, open_mouth: float = 0.05) -> np.ndarray:
    """A made-up face [478,2] on a square of ``size`` px, tilted a little, one eye narrower and hardly open.

    The points that guides use; all others lie in the middle.
    """
    mesh = np.full((478, 2), 0.5)
    arc = lambda n, start, stop: np.linspace(start, stop, n) * np.pi

    def ellipse(points, centre, rx, ry, angles):
        mesh[list(points)] = np.array(centre) + np.stack([rx * np.cos(angles), ry * np.sin(angles)], 1)

    for i, (x, narrow) in enumerate(((0.36, 1.0), (0.63, 0.75))):
        inner, outer = (0.0, 1.0) if i == 0 else (1.0, 0.0)
        ellipse(UPPER_LID[i], (x, 0.44), 0.075 * narrow, 0.035 * narrow ** 2, -arc(9, inner, outer))
        ellipse(LOWER_LID[i], (x, 0.44), 0.075 * narrow, 0.025 * narrow ** 2, arc(9, inner, outer))
        ring = (468, 469, 470, 471, 472) if i == 0 else (473, 474, 475, 476, 477)
        mesh[ring[0]] = (x + 0.005, 0.437)
        ellipse(ring[1:], mesh[ring[0]], 0.028, 0.028, arc(4, 0.0, 1.5))
        side = arc(5, 1.15, 1.85)
        ellipse(BROW[i], (x, 0.40), 0.09, 0.06, np.concatenate([side, side[::-1]]))
        mesh[list(BROW[i][5:])] += (0.0, 0.018)
    ellipse(LIPS, (0.5, 0.70), 0.12, 0.05 + 0.5 * open_mouth, np.pi + np.linspace(0, 2 * np.pi, 20, endpoint=False))
    ellipse(MOUTH_UPPER, (0.5, 0.70), 0.10, 0.5 * open_mouth, arc(11, 1.0, 2.0))
    ellipse(MOUTH_LOWER, (0.5, 0.70), 0.10, 0.5 * open_mouth, arc(11, 1.0, 0.0))
    ellipse(FACE_OVAL, (0.5, 0.52), 0.32, 0.42, -0.5 * np.pi + np.linspace(0, 2 * np.pi, 36, endpoint=False))
    mesh[NOSE_TIP] = (0.505, 0.58)
    # The right wing is narrower, as of a head that turns.
    for side, reach, (top, middle, low), (outer, inner) in zip((-1, 1), (0.055, 0.04), NOSE_WINGS, NOSTRILS):
        for point, x, y in ((top, 0.8, 0.555), (middle, 1.0, 0.585), (low, 0.9, 0.6), (outer, 0.7, 0.612),
                            (inner, 0.35, 0.615)):
            mesh[point] = (0.505 + side * x * reach, y)
    mesh[2] = (0.505, 0.618)
    turn = np.array([[np.cos(0.1), -np.sin(0.1)], [np.sin(0.1), np.cos(0.1)]])
    return ((mesh - 0.5) @ turn.T + 0.5) * size


GOLDEN_SIZE = 96


def write_golden(folder: Path) -> None:
    """guides.json (size, names of the maps, mesh) and guides.u16.

    In the latter the maps lie one after the other, row by row, 65535 = 1, little endian.
    """
    mesh = synthetic_mesh(GOLDEN_SIZE).round(3)
    maps = guide_maps((GOLDEN_SIZE, GOLDEN_SIZE), mesh)
    about = {"width": GOLDEN_SIZE, "height": GOLDEN_SIZE, "maps": list(MAPS), "mesh": mesh.tolist()}
    (folder / "guides.json").write_text(json.dumps(about) + "\n")
    (maps.transpose(2, 0, 1) * 65535 + 0.5).astype("<u2").tofile(folder / "guides.u16")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True, help="folder for guides.json and guides.u16")
    write_golden(parser.parse_args().golden)


if __name__ == "__main__":
    main()
