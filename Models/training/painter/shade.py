"""Shade on skin as closed shapes that follow the form; the photograph says on which side, and how far it reaches."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import BELOW_LIP, FACE_OVAL, MIDLINE_ROWS, SIDE_ROWS, curve, fill
from .places import across, features, heights
from .regions import Face

# How far from the side of the face to its midline the shade reaches at most, row by row from the temple down:
# out on the cheekbone, in below it.
BORDER = np.array([0.24, 0.36, 0.32, 0.38, 0.50, 0.56, 0.58, 0.60, 0.62, 0.64, 0.66])


def side_light(lab: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[int, float]:
    """Which side of the face lies in shade (0 the viewer's left, 1 right), and how surely and far, 0...1."""
    shape, u = lab.shape[:2], face.unit
    _, down = face.axes
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    height = ((x - mesh[2, 0]) * down[0] + (y - mesh[2, 1]) * down[1]) / u
    # Above the beard and below the fringe.
    place = (mask > 0.8) & (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5)
    place &= (height < 0.25) & (height > -1.1)
    side = across(mesh, shape)
    light = cv2.GaussianBlur(lab[..., 0], (0, 0), 0.02 * u)
    bands = ((0.12, 0.4), (0.4, 0.68), (0.68, 0.92))
    parts = [[light[place & (side * sign > low) & (side * sign <= high)] for low, high in bands] for sign in (-1, 1)]
    if min(len(p) for sides in parts for p in sides[:2]) < 0.004 * u * u:
        return 0, 0.0
    means = np.array([[np.median(p) if len(p) > 20 else np.nan for p in sides] for sides in parts])
    means[:, 2] = np.where(np.isnan(means[:, 2]), means[:, 1], means[:, 2])
    level = float(np.max(means[:, :2]))
    # Outer parts of both sides compared; what is the same on both is the form, not the light.
    drop = (means[:, 1:].mean(1) - means[::-1, 1:].mean(1)) / max(level, 10.0)
    index = int(drop[1] < drop[0])
    return index, float(ramp(0.13, 0.40, np.float32(-drop[index])))


def side_shade(shape, face: Face, mesh: np.ndarray, index: int, amount: float) -> np.ndarray:
    """The shaded side of the face [H,W], one closed shape with a curved border; ``amount`` 0...1 moves it inwards."""
    u = face.unit
    right, down = face.axes
    outwards = right * (-1, 1)[index]
    side, middle = mesh[list(SIDE_ROWS[index][2:])], mesh[list(MIDLINE_ROWS[2:])]
    border = side + ((0.5 + 0.5 * amount) * BORDER)[:, None] * (middle - side)
    # Above the temple the border runs out of the head, also out of a bald one.
    top = border[0] + np.outer([1.4, 0.7, 0.3], -u * down) + np.outer([1.2, 0.45, 0.12], u * outwards)
    line = curve(np.vstack([top, border]), 120)
    far = line[::-1] + 2.2 * u * outwards
    return fill(shape, np.vstack([line, far]))


def neck_shade(shape, face: Face, jaw: np.ndarray) -> np.ndarray:
    """The neck below the jaw [H,W]: darker as far down as the chin is long."""
    u = face.unit
    _, down = face.axes
    t = np.linspace(-1, 1, len(jaw))
    reach = 0.20 + 0.20 * (1 - t ** 2)
    lower = jaw + (reach * u)[:, None] * down
    return fill(shape, np.vstack([jaw, lower[::-1]]))


def small_shades(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Under the lower lip [H,W]."""
    u = face.unit
    _, down = face.axes
    lip = curve(mesh[list(BELOW_LIP)], 30)[5:-5] + 0.03 * u * down
    bulge = np.sin(np.pi * np.linspace(0, 1, len(lip)))[:, None] * down
    return fill(shape, np.vstack([lip, (lip + 0.045 * u * bulge)[::-1]]))


def fringe_shade(hair: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """What hair throws on the forehead [H,W]: its border once more, a little further down."""
    shape, u = hair.shape, face.unit
    size = 2 * int(0.05 * u) + 1
    whole = cv2.morphologyEx(hair, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    dx, dy = 0.085 * u * face.axes[1]
    moved = cv2.warpAffine(cv2.GaussianBlur(whole, (0, 0), 0.03 * u), np.array([[1, 0, dx], [0, 1, dy]]), shape[::-1])
    forehead = ramp(-0.55, -0.75, heights(shape, face, mesh)) * fill(shape, mesh[list(FACE_OVAL)], 0.03 * u)
    return ramp(0.35, 0.65, moved) * forehead


def shade(mask: np.ndarray, face: Face, mesh: np.ndarray, jaw: np.ndarray, light: tuple[int, float],
          hair: np.ndarray | None) -> np.ndarray:
    """Where skin lies in shade [H,W] in 0...1; ``light`` as side_light finds it."""
    shape, u = mask.shape, face.unit
    above = fill(shape, np.vstack([jaw, jaw[-1:] - [[0, 9 * u]], jaw[:1] - [[0, 9 * u]]]))
    below = neck_shade(shape, face, jaw) * (1 - above)
    index, amount = light
    out = np.maximum(below, small_shades(shape, face, mesh))
    if hair is not None:
        out = np.maximum(out, fringe_shade(hair, face, mesh))
    if amount > 0.05:
        out = np.maximum(out, side_shade(shape, face, mesh, index, amount) * above)
    out = cv2.GaussianBlur(out, (0, 0), 0.008 * u)
    return (ramp(0.25, 0.75, out) * mask).astype(np.float32)
