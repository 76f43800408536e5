"""Where things are in an aligned portrait: masks from five landmarks and the picture's own colours."""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .flow import ramp


@dataclass
class Face:
    """Five landmarks in pixels (x, y): viewer's left eye, right eye, nose tip, left and right mouth corner."""

    points: np.ndarray  # [5,2]

    @property
    def unit(self) -> float:
        """Inter-ocular distance, guarded against turned heads, where it shrinks to nothing."""
        eyes, mouth = self.points[:2].mean(0), self.points[3:].mean(0)
        return float(max(np.linalg.norm(self.points[1] - self.points[0]), 0.9 * np.linalg.norm(mouth - eyes)))

    @property
    def axes(self) -> tuple[np.ndarray, np.ndarray]:
        """Unit vectors of the face: rightwards along the eyes, and downwards."""
        down = self.points[3:].mean(0) - self.points[:2].mean(0)
        right = self.points[1] - self.points[0]
        # A profile's eye line is unreliable; the midline is not.
        right = right / (np.linalg.norm(right) + 1e-6) + np.array([down[1], -down[0]]) / (np.linalg.norm(down) + 1e-6)
        right = right / (np.linalg.norm(right) + 1e-6)
        return right, np.array([-right[1], right[0]])

    def ellipse(self, shape, centre, rx: float, ry: float, soft: float = 0.35) -> np.ndarray:
        """Mask [H,W]: 1 inside an ellipse of radii rx, ry (in units), falling to 0 at (1 + soft) times them."""
        right, down = self.axes
        y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
        x, y = x - centre[0], y - centre[1]
        u = (x * right[0] + y * right[1]) / (rx * self.unit)
        v = (x * down[0] + y * down[1]) / (ry * self.unit)
        return ramp(1 + soft, 1.0, np.sqrt(u * u + v * v)).astype(np.float32)


def skin_statistics(lab: np.ndarray, face: Face) -> np.ndarray:
    """Median Lab colour of cheeks, nose bridge and chin."""
    p, u = face.points, face.unit
    _, down = face.axes
    spots = [0.5 * (p[0] + p[3]), 0.5 * (p[1] + p[4]), 0.5 * (p[:2].mean(0) + p[2]), p[:2].mean(0) - 0.35 * u * down,
             p[2]]
    h, w = lab.shape[:2]
    r = max(2, int(0.09 * u))
    pixels = []
    for x, y in spots:
        x, y = int(np.clip(x, r, w - r - 1)), int(np.clip(y, r, h - r - 1))
        pixels.append(lab[y - r:y + r, x - r:x + r].reshape(-1, 3))
    return np.median(np.concatenate(pixels), 0)


def skin_colour(lab: np.ndarray, face: Face) -> np.ndarray:
    """How much a colour is that of the face's own skin, [H,W] in 0...1."""
    l0, a0, b0 = skin_statistics(lab, face)
    # Dark skin has less chroma, so the same tolerance there would admit everything grey.
    tolerance = 5.0 + 0.16 * np.hypot(a0, b0)
    da, db = lab[..., 1] - a0, lab[..., 2] - b0
    colour = np.exp(-(da * da + db * db) / (2 * tolerance**2))
    dl = lab[..., 0] - l0
    return ramp(0.25, 0.7, colour) * ramp(-0.62 * l0 - 4, -0.42 * l0 - 2, dl) * ramp(60, 45, dl)


def skin_mask(lab: np.ndarray, face: Face) -> np.ndarray:
    """Likelihood of skin [H,W] in 0...1 from colour near the face's own skin; eyes and lips left out."""
    shape, p = lab.shape[:2], face.points
    _, down = face.axes
    centre = p[2] + 0.05 * face.unit * down
    place = np.maximum(face.ellipse(shape, centre, 1.25, 1.6, 0.6),
                       0.9 * face.ellipse(shape, centre + 1.5 * face.unit * down, 1.3, 1.1, 0.6))
    mask = skin_colour(lab, face) * place
    mask = cv2.ximgproc.guidedFilter((lab[..., :1] / 100).astype(np.float32), mask.astype(np.float32), 4, 1e-4)
    for eye in p[:2]:
        mask *= 1 - face.ellipse(shape, eye, 0.24, 0.13, 0.4)
    return np.clip(mask, 0, 1)


def mouth_width(face: Face) -> float:
    """Half the mouth's width in units, with a little margin."""
    return float(0.5 * np.linalg.norm(face.points[4] - face.points[3]) / face.unit + 0.1)


def focus_mask(shape, face: Face) -> np.ndarray:
    """1 on the head, falling to 0 in the background: how much detail a place deserves."""
    _, down = face.axes
    head = face.ellipse(shape, face.points[2] - 0.2 * face.unit * down, 1.7, 2.2, 0.8)
    body = face.ellipse(shape, face.points[2] + 2.6 * face.unit * down, 2.6, 1.3, 0.6)
    return np.maximum(head, 0.7 * body)


def feature_mask(shape, face: Face) -> np.ndarray:
    """1 on eyes, brows, nostrils and mouth, where the finest detail is kept."""
    right, down = face.axes
    p, u = face.points, face.unit
    mask = np.zeros(shape, np.float32)
    for eye in p[:2]:
        mask = np.maximum(mask, face.ellipse(shape, eye - 0.03 * u * down, 0.3, 0.19, 0.5))
        mask = np.maximum(mask, 0.7 * face.ellipse(shape, eye - 0.25 * u * down, 0.36, 0.13, 0.5))
    mask = np.maximum(mask, face.ellipse(shape, p[3:].mean(0), mouth_width(face), 0.18, 0.5))
    return np.maximum(mask, 0.7 * face.ellipse(shape, p[2] + 0.02 * u * down, 0.26, 0.13, 0.5))
