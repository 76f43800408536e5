"""Shade on skin as closed shapes that follow the form; the photograph says on which side, and how far it reaches."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import BELOW_LIP, FACE_OVAL, curve, fill
from .places import across, features, heights
from .regions import Face
from .tones import smooth_edges

# By how much of the lit skin's lightness skin is darker where it is shaded: no face's threshold lies outside of this.
LEAST_SHADE, MOST_SHADE = 0.16, 0.24
# The largest share of a face that shade covers.
MOST_SHADED = 0.36
# By how much more light it is where it shines.
LEAST_LIGHT = 0.13


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


def lit_form(lab: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray, stubble: np.ndarray,
             base: np.ndarray) -> np.ndarray:
    """Lab [H,W,3] of the skin as its form and the light have it, borders of shade kept: pores, stubble and small
    blotches are smoothed away, and where features or something else covers it, it is filled from around.

    ``stubble`` [H,W]: by how much that darkens, 0...1; ``base``: the lit skin's tone (Lab [3]).
    """
    shape, u = lab.shape[:2], face.unit
    seen = cv2.erode((mask > 0.7).astype(np.uint8), np.ones((5, 5))) * (features(shape, face, mesh) < 0.5)
    seen = seen.astype(np.float32)
    spread = lambda value, sigma: cv2.GaussianBlur(value, (0, 0), sigma)
    clean = lab / np.dstack([1 - stubble, np.ones((*shape, 2), np.float32)])
    wide = spread(seen, 0.09 * u)[..., None]
    # Far from all skin there is nothing to fill from but the base.
    around = (spread(clean * seen[..., None], 0.09 * u) + 0.02 * base) / (wide + 0.02)
    whole = around + (clean - around) * spread(seen, 1.5)[..., None]
    for strength, sigma in ((60, 5.0), (150, 4.0)):
        whole[..., 0] = 100 * smooth_edges(np.clip(whole[..., 0] / 100, 0, 1), strength, sigma)
    return np.dstack([spread(whole[..., 0], 0.025 * u), spread(around[..., 1:], 0.06 * u)]).astype(np.float32)


def otsu(values: np.ndarray) -> float:
    """The threshold that parts values (0...1) into two groups best (Otsu 1979)."""
    levels = np.clip(values * 255, 0, 255).astype(np.uint8).reshape(-1, 1)
    return float(cv2.threshold(levels, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]) / 255


def form_shade(form: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray, lit: float) -> np.ndarray:
    """The photograph's own shade as few closed shapes [H,W]: at the sides of face and nose, in the eyes' hollows, below
    brow, cheek and chin.  ``form``: see lit_form; ``lit``: the lit skin's lightness there.
    """
    shape, u = mask.shape, face.unit
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.5
    face_skin = oval & (mask > 0.7)
    if face_skin.sum() < 0.1 * u * u:
        return np.zeros(shape, np.float32)
    depth = 1 - form[..., 0] / max(lit, 8.0)
    # A threshold of this face's own: where its light and its shade part, within what passes for shade.
    least = float(np.clip(otsu(np.clip(depth[face_skin], 0, 1)), LEAST_SHADE, MOST_SHADE))
    # What most of a face has is its colour, not its shade.
    least = max(least, float(np.quantile(depth[face_skin], 1 - MOST_SHADED)))
    # Around the mouth a border of shade would be read as a beard or a mask: there it takes more.
    height = heights(shape, face, mesh)
    near_mouth = ramp(-0.15, 0.1, height) * ramp(0.70, 0.35, np.abs(across(mesh, shape)))
    field = np.where(mask > 0.5, np.clip((depth - least - 0.16 * near_mouth) / 0.06, -1, 1), 0).astype(np.float32)
    covered = (mask > 0.5).astype(np.float32)
    # The border as a brush would draw it: no curve tighter than a twentieth of the eyes' distance.
    field = cv2.GaussianBlur(field, (0, 0), 0.05 * u) / (cv2.GaussianBlur(covered, (0, 0), 0.05 * u) + 0.05)
    hard = largest((field > 0) & (mask > 0.5), 0.09 * u * u)
    # Shade hangs on something: the side of the face, the nose, an eye's hollow; else it is a stain.
    size = 2 * int(0.10 * u) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    inner = cv2.erode(face_skin.astype(np.uint8), disc) > 0
    anchors = ~inner | (features(shape, face, mesh) > 0.5) & (heights(shape, face, mesh) < 0.1)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(hard.astype(np.uint8), connectivity=4)
    held = np.bincount(labels[anchors], minlength=len(stats)) > 0.12 * stats[:, cv2.CC_STAT_AREA]
    held[0] = False
    return held[labels].astype(np.float32)


def form_light(form: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray, lit: float) -> np.ndarray:
    """Where skin shines, as few closed shapes [H,W] on forehead, nose and cheeks; ``form`` and ``lit`` as in
    form_shade."""
    shape, u = mask.shape, face.unit
    covered = ((mask > 0.7) & (fill(shape, mesh[list(FACE_OVAL)]) > 0.5)).astype(np.float32)
    covered *= heights(shape, face, mesh) < 0.05
    field = covered * np.clip((form[..., 0] / max(lit, 8.0) - 1 - LEAST_LIGHT) / 0.05, -1, 1).astype(np.float32)
    field = cv2.GaussianBlur(field, (0, 0), 0.04 * u) / (cv2.GaussianBlur(covered, (0, 0), 0.04 * u) + 0.05)
    hard = largest((field > 0) & (covered > 0.5), 0.14 * u * u).astype(np.float32)
    # At the face's border what is light is the background or a rim of light, which is not the form's.
    inner = cv2.erode(covered, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(0.06 * u) + 1,) * 2))
    return ramp(0.2, 0.8, cv2.GaussianBlur(hard * inner, (0, 0), 0.04 * u)) * mask


def largest(mask: np.ndarray, area: float) -> np.ndarray:
    """Boolean mask without connected parts and holes smaller than ``area`` px."""
    hard = mask.astype(np.uint8)
    for value in (1, 0):
        _, labels, stats, _ = cv2.connectedComponentsWithStats((hard == value).astype(np.uint8), connectivity=4)
        small = stats[:, cv2.CC_STAT_AREA] < area
        small[0] = False
        hard[small[labels]] = 1 - value
    return hard > 0


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


def shade(mask: np.ndarray, form: np.ndarray, lit: float, face: Face, mesh: np.ndarray, jaw: np.ndarray,
          hair: np.ndarray | None) -> np.ndarray:
    """Where skin lies in shade [H,W] in 0...1; ``form`` and ``lit`` as in form_shade."""
    shape, u = mask.shape, face.unit
    above = fill(shape, np.vstack([jaw, jaw[-1:] - [[0, 9 * u]], jaw[:1] - [[0, 9 * u]]]))
    out = np.maximum(neck_shade(shape, face, jaw) * (1 - above), small_shades(shape, face, mesh))
    if hair is not None:
        out = np.maximum(out, fringe_shade(hair, face, mesh))
    out = np.maximum(out, form_shade(form, mask, face, mesh, lit))
    out = cv2.GaussianBlur(out, (0, 0), 0.02 * u)
    return (ramp(0.3, 0.7, out) * mask).astype(np.float32)
