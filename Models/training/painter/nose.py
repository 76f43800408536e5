"""The nose: the shade of its side and of its base as closed shapes, nostrils and wings as short strokes.

All of it follows the mesh, so that a broad nose stays broad and a long one long; the photograph says which side lies in
shade, and whether one does.
"""
from __future__ import annotations

import cv2
import numpy as np

from .contour import Stroke
from .flow import ramp
from .mesh import NOSE_BASE, NOSE_RIDGE, NOSE_SIDE, NOSE_UNDER, NOSE_WINGS, NOSTRILS, curve, fill, stroke
from .regions import Face

# Share by which one side of the nose must be darker than the other to be shaded, and from which on it is in full.
UNEVEN = (0.05, 0.18)


def shaded_side(lab: np.ndarray, mesh: np.ndarray) -> tuple[int, float]:
    """Which side of the nose is the darker one (0 the viewer's left, 1 right), and how surely, 0...1."""
    shape = lab.shape[:2]
    light = []
    for ridge, side in zip(NOSE_RIDGE, NOSE_SIDE):
        place = fill(shape, np.vstack([mesh[list(ridge)], mesh[list(side)][::-1]])) > 0.5
        light.append(float(np.median(lab[..., 0][place])) if place.sum() > 8 else 0.0)
    # Of a turned nose one side is hidden.
    if min(light) <= 0:
        return 0, 0.0
    uneven = (light[0] - light[1]) / max(*light, 10.0)
    return int(uneven > 0), float(ramp(*UNEVEN, np.float32(abs(uneven))))


def side_plane(mesh: np.ndarray, index: int, amount: float) -> np.ndarray:
    """Polygon [n,2] of the lower half of the nose's side, from a point beside the ridge to the wing.

    Up to the bridge it would split the nose in two.

    ``amount`` 0...1: how far it reaches outwards from the ridge.
    """
    ridge, side = curve(mesh[list(NOSE_RIDGE[index])], 40), curve(mesh[list(NOSE_SIDE[index])], 40)
    reach = (0.35 + 0.65 * amount) * np.clip(np.linspace(-0.45, 1, 40), 0, 1)[:, None] ** 0.8
    return np.vstack([ridge, (ridge + reach * (side - ridge))[::-1]])


def nose_shade(lab: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Where the nose lies in shade [H,W] 0...1: its base, and the darker one of its sides.  ``lab``: the photograph."""
    shape, u = lab.shape[:2], face.unit
    _, down = face.axes
    base = curve(mesh[list(NOSE_BASE)], 30)
    bulge = np.sin(np.pi * np.linspace(0, 1, len(base)))[:, None] * down
    under = curve(mesh[list(NOSE_UNDER)], 30)
    shade = fill(shape, np.vstack([under, (base + 0.035 * u * bulge)[::-1]]))
    index, sure = shaded_side(lab, mesh)
    if sure > 0.05:
        shade = np.maximum(shade, fill(shape, side_plane(mesh, index, sure)))
    return ramp(0.25, 0.75, cv2.GaussianBlur(shade, (0, 0), 0.010 * u)).astype(np.float32)


def nose_strokes(face: Face, mesh: np.ndarray) -> list[Stroke]:
    """Nostrils as two short strokes, the wings as fine curves; of the face's guides too."""
    u, down, strokes = face.unit, face.axes[1], []
    t = np.linspace(0, 1, 16)
    whole = float(np.linalg.norm(mesh[98] - mesh[327]))
    for index, (outer, inner) in enumerate(NOSTRILS):
        reach = float(np.linalg.norm(mesh[outer] - mesh[2]))
        # Of a turned nose the far nostril is hidden.
        seen = float(ramp(0.16, 0.3, reach / max(whole, 1e-3)))
        a, b = mesh[outer] * 0.62 + mesh[inner] * 0.38, mesh[inner] * 0.75 + mesh[2] * 0.25
        hole = a + np.outer(t, b - a) - np.outer(np.sin(np.pi * t), down) * 0.020 * u - 0.014 * u * down
        # Thick towards the middle, fading outwards into the wing.
        strokes.append(Stroke(hole, u * (0.005 + 0.032 * np.sin(np.pi * (0.08 + 0.84 * t ** 0.8))), 0.85 * seen))
        wing = curve(mesh[[*NOSE_WINGS[index], outer]], 24)[5:-2]
        width = u * (0.003 + 0.016 * np.sin(np.pi * np.linspace(0.03, 0.97, len(wing))))
        strokes.append(Stroke(wing, width, 0.55 * seen))
    return strokes


def draw_nose(lines: np.ndarray, face: Face, mesh: np.ndarray) -> None:
    """The nose's strokes into ``lines`` [H,W], in place."""
    for line, width, strength in nose_strokes(face, mesh):
        np.maximum(lines, strength * stroke(lines.shape, line, width), out=lines)
