"""Frames of glasses: thin dark shapes around the eyes that also cross the bridge of the nose."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .lines import keep_long
from .mesh import BROW, LOWER_LID, UPPER_LID, closed_curve, curve, fill
from .regions import Face

# Lightness by which a frame is darker than what lies on both sides of it.
LEAST, SURE = 5.0, 9.0


def thin_darks(lightness: np.ndarray, unit: float) -> np.ndarray:
    """How much darker than both sides thin shapes are, in units of lightness [H,W]."""
    size = 2 * int(0.075 * unit) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, kernel)


def crosses_nose(darks: np.ndarray, face: Face, mesh: np.ndarray) -> bool:
    """Whether a thin dark shape joins both sides over the bridge of the nose."""
    right, down = face.axes
    middle = mesh[[168, 6]].mean(0)
    # From one side of the nose to the other, for each of some heights: the darkest path must be dark all along.
    columns = np.linspace(-0.13, 0.13, 13) * face.unit
    rows = np.linspace(-0.16, 0.22, 25) * face.unit
    at = middle + columns[None, :, None] * right + rows[:, None, None] * down
    values = cv2.remap(darks, at[..., 0].astype(np.float32), at[..., 1].astype(np.float32), cv2.INTER_LINEAR)
    best = values[:, 0]
    for column in range(1, values.shape[1]):
        near = np.maximum(best, np.maximum(np.append(best[1:], 0), np.append(0, best[:-1])))
        best = np.minimum(near, values[:, column])
    return bool(best.max() > LEAST)


def find_frames(lab: np.ndarray, face: Face, mesh: np.ndarray, skin_light: float) -> np.ndarray:
    """Coverage [H,W] of frames of glasses; all 0 where there are none."""
    shape, u = lab.shape[:2], face.unit
    # Relative to the skin, so that frames are found in the dark too.
    scale = float(np.clip(60 / max(skin_light, 1.0), 1.0, 2.5))
    darks = thin_darks(scale * cv2.GaussianBlur(lab[..., 0], (0, 0), 0.8), u)
    none = np.zeros(shape, np.float32)
    if not crosses_nose(darks, face, mesh):
        return none
    right, down = face.axes
    place = face.ellipse(shape, mesh[[168, 6]].mean(0) + 0.06 * u * down, 1.15, 0.2, 0.2)
    below = []
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        middle = mesh[list(upper + lower)].mean(0)
        place = np.maximum(place, face.ellipse(shape, middle + 0.02 * u * down, 0.52, 0.42, 0.1))
        low = middle + 0.22 * u * down
        window = face.ellipse(shape, low, 0.3, 0.14, 0.2) > 0.5
        below.append(float(np.percentile(darks[window], 95)) if window.any() else 0.0)
    # Brows that meet cross the nose too, but have nothing below the eyes.
    if max(below) < LEAST:
        return none
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        lids = np.vstack([curve(mesh[list(upper)]), curve(mesh[list(lower)])[::-1]])
        size = 2 * int(0.045 * u) + 1
        place = place * (1 - cv2.dilate(fill(shape, lids), np.ones((size, size))))
    found = darks * (place > 0.3)
    # A frame is joined to the bridge or nearly as wide as a lens; lids and bags are shorter.
    bridge = face.ellipse(shape, mesh[[168, 6]].mean(0) + 0.03 * u * down, 0.16, 0.2, 0.1) > 0.5
    weak = found > 0.6 * LEAST
    keep = keep_long((found > SURE) & bridge, weak, int(0.30 * u)) | keep_long(found > SURE, weak, int(0.45 * u))
    return clean_frames(darks * cv2.dilate(keep.astype(np.uint8), np.ones((3, 3))), bridge, mesh, u)


def clean_frames(darks: np.ndarray, bridge: np.ndarray, mesh: np.ndarray, unit: float) -> np.ndarray:
    """Coverage [H,W] of frames with clean borders, from how much darker than its sides what was found is [H,W].

    Brows and bags that touch a frame are less dark than it is at the ``bridge``, or lie where the mesh has brows.
    """
    usual = float(np.percentile(darks[(darks > LEAST) & bridge], 75)) if (bridge & (darks > LEAST)).any() else SURE
    brows = np.maximum(*(fill(darks.shape, closed_curve(mesh[list(brow)])) for brow in BROW))
    size = 2 * int(0.035 * unit) + 1
    brows = cv2.dilate(brows, np.ones((size, size)))
    share = darks / max(usual, SURE)
    share[(brows > 0.5) & ((share < 0.8) | (usual < 22))] = 0
    weak = cv2.GaussianBlur(share, (0, 0), 0.6)
    hard = keep_long(weak > 0.5, weak > 0.40, int(0.24 * unit))
    whole = cv2.morphologyEx(hard.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((3, 3))).astype(np.float32)
    clean = ramp(0.25, 0.75, cv2.GaussianBlur(whole, (0, 0), 1.2))
    # What is hardly darker than the skin is no black frame: it is drawn as faint as it is.
    return (clean * (0.45 + 0.55 * float(ramp(9, 20, np.float32(usual))))).astype(np.float32)


def frame_tone(lab: np.ndarray, frames: np.ndarray, skin_light: float) -> np.ndarray:
    """The frames' own colour (Lab [3]), dark enough to be seen on the skin; ``lab``: the photograph."""
    inside = lab[frames > 0.85 * frames.max()]
    if len(inside) < 8:
        return np.array([12.0, 0.0, 0.0], np.float32)
    # Thin frames are mixed with the skin beside them: the darker part is their own colour.
    tone = np.median(inside[inside[:, 0] <= np.percentile(inside[:, 0], 45)], 0)
    tone[0] = min(0.85 * tone[0], 0.62 * skin_light)
    return tone.astype(np.float32)
