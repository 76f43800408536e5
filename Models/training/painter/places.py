"""Places on a face that several parts of the painter ask for: features, heights, sides, and what is like skin."""
from __future__ import annotations

import cv2
import numpy as np

from . import regions
from .mesh import BROW, FACE_OVAL, LIPS, LOWER_LID, MIDLINE_ROWS, SIDE_ROWS, UPPER_LID, closed_curve, fill
from .regions import Face


def features(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Places [H,W] of brows, eyes, nostrils and mouth: the painter draws them, skin lies below."""
    u = face.unit
    place = np.zeros(shape, np.float32)
    size = lambda k: np.ones((2 * int(k * u) + 1,) * 2, np.uint8)
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        place = np.maximum(place, cv2.dilate(fill(shape, mesh[list(upper + lower[::-1])]), size(0.10)))
    for ring in BROW:
        place = np.maximum(place, cv2.dilate(fill(shape, closed_curve(mesh[list(ring)])), size(0.035)))
    place = np.maximum(place, cv2.dilate(fill(shape, closed_curve(mesh[list(LIPS)])), size(0.025)))
    return np.maximum(place, face.ellipse(shape, mesh[2] - 0.05 * u * face.axes[1], 0.26, 0.12, 0.1))


def heights(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """How far below the nose's base a pixel lies [H,W], in units."""
    _, down = face.axes
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    return ((x - mesh[2, 0]) * down[0] + (y - mesh[2, 1]) * down[1]) / face.unit


def across(mesh: np.ndarray, shape) -> np.ndarray:
    """Place between the sides of the face [H,W]: -1 on the viewer's left edge, 0 in the middle, 1 on the right."""
    middle = mesh[list(MIDLINE_ROWS)]
    known, values = [], []
    for sign, rows in zip((-1, 1), SIDE_ROWS):
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            known.append(middle + part * (mesh[list(rows)] - middle))
            values.append(np.full(len(middle), sign * part))
    points, values = np.concatenate(known), np.concatenate(values)
    # Distance-weighted interpolation at an eighth of the size is smooth enough for a measure.
    step = 8
    y, x = np.mgrid[step // 2:shape[0]:step, step // 2:shape[1]:step].astype(np.float32)
    near = 1 / ((x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2 + 4.0) ** 2
    coarse = ((near * values).sum(-1) / near.sum(-1)).astype(np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR)


def like_skin(lab: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """How far a colour is from the skin's (1: as far as skin goes), and its lightness over the skin's, both [H,W]."""
    l0, a0, b0 = regions.skin_statistics(lab, face)
    soft = cv2.GaussianBlur(lab, (0, 0), 1.5)
    away = np.hypot(soft[..., 1] - a0, soft[..., 2] - b0) / (14 + 0.4 * np.hypot(a0, b0))
    return away, soft[..., 0] / max(float(l0), 8.0)


def local_lightness(lab: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """The cheeks' lightness [H,W] at each place between the sides of the face: what skin has there in this light."""
    shape = lab.shape[:2]
    height = heights(shape, face, mesh)
    place = (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5)
    place &= (height > -0.75) & (height < 0.0)
    side = across(mesh, shape)
    edges = np.linspace(-1, 1, 9)
    known = []
    for low, high in zip(edges[:-1], edges[1:]):
        found = lab[..., 0][place & (side >= low) & (side < high)]
        known.append(np.median(found) if len(found) > 25 else np.nan)
    known, centres = np.array(known), 0.5 * (edges[1:] + edges[:-1])
    if np.isnan(known).all():
        return np.full(shape, regions.skin_statistics(lab, face)[0], np.float32)
    good = ~np.isnan(known)
    return np.interp(side, centres[good], known[good]).astype(np.float32)
