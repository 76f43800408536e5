"""Mouths as wide as they are read: a line that thins out, and lips that end at the mesh's corners, are seen shorter.

Read by dlib's 68 points on 59 portraits, corners of painted mouths lay 0.04 inter-ocular distances too far inside and
0.015 too low (medians); smiles looked small and flat.  Drawn as far out as this moves them, they lie where they were.
"""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .regions import Face

CORNERS = (61, 291)
# Of the face's outline on either side, at the mouth's height.
SIDES = ((58, 172, 136), (288, 397, 365))
# How much wider the mouth is drawn; how far its corners are lifted, in inter-ocular distances.
WIDER, LIFTED = 1.11, 0.02


def widening(shape: tuple[int, int], face: Face, mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each pixel of [H,W] comes from, x and y float32 [H,W], so that the mouth of ``mesh`` [478,2] px is wider.

    Smooth; nothing moves at the face's outline, below the chin or above the wings of the nose.
    """
    ends = mesh[list(CORNERS)].astype(np.float64)
    middle, across = ends.mean(0), ends[1] - ends[0]
    half = max(float(np.linalg.norm(across)) / 2, 1e-3)
    right = across / (2 * half)
    down = np.array([-right[1], right[0]])
    y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32)
    along = (x - middle[0]) * right[0] + (y - middle[1]) * right[1]
    below = (x - middle[0]) * down[0] + (y - middle[1]) * down[1]
    # A turned head's far corner is close to the outline, which stays.
    rooms = [float(np.clip(np.abs((mesh[list(side)] - middle) @ right).min() - 0.06 * face.unit, 1.05 * half,
                           1.75 * half)) for side in SIDES]
    room = np.where(along < 0, rooms[0], rooms[1])
    amount = ramp(0, 1, (room - np.abs(along)) / np.maximum(room - 0.95 * half, 1e-3))
    amount *= ramp(0.55, 0.25, np.abs(below) / face.unit)
    sideways = -along * (1 - 1 / WIDER) * amount
    lift = LIFTED * face.unit * np.clip(np.abs(along) / half, 0, 1.3) ** 2 * amount
    return (np.float32(x + sideways * right[0] + lift * down[0]), np.float32(y + sideways * right[1] + lift * down[1]))


def widened(image: np.ndarray, source: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """An image [H,W] or [H,W,C] with a wider mouth; ``source`` from `widening`."""
    return cv2.remap(image, *source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
