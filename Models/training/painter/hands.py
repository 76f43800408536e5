"""Hands before the lower face, which then stays as the photograph has it: mouth and chin cannot be drawn over them."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import FACE_OVAL, LIPS, closed_curve, fill
from .places import heights
from .regions import Face

# Mean coverage of lines around mouth and chin from which on fingers lie there: it was 0.074 in the one portrait with
# them
# and at most 0.047 in the others, of which that one is unshaven.
LEAST, SURE = 0.055, 0.070


def before_chin(lines: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Where a face is covered by hands from below [H,W] 0...1: from the nose down, or nowhere.

    ``lines`` [H,W] 0...1: the photograph's.  A chin without beard has none of its own, fingers have one on each
    side.
    """
    shape, u = lines.shape, face.unit
    square = lambda k: np.ones((2 * int(k * u) + 1,) * 2)
    height = heights(shape, face, mesh)
    inner = cv2.erode(fill(shape, mesh[list(FACE_OVAL)]), square(0.12)) > 0.9
    lips = cv2.dilate(fill(shape, closed_curve(mesh[list(LIPS)])), square(0.12)) > 0.1
    chin = inner & ~lips & (height > 0.25)
    if chin.sum() < 0.02 * u * u:
        return np.zeros(shape, np.float32)
    return (ramp(LEAST, SURE, np.float32(lines[chin].mean())) * ramp(0.02, 0.16, height)).astype(np.float32)
