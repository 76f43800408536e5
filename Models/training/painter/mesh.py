"""Names for the points of MediaPipe's face mesh, and smooth curves through them.

Indices: MediaPipe's canonical face model (478 points with irises).  "Left" and "right" are the viewer's.
"""
from __future__ import annotations

import cv2
import numpy as np

# From the corner near the nose to the outer corner.
UPPER_LID = ((133, 173, 157, 158, 159, 160, 161, 246, 33), (362, 398, 384, 385, 386, 387, 388, 466, 263))
LOWER_LID = ((133, 155, 154, 153, 145, 144, 163, 7, 33), (362, 382, 381, 380, 374, 373, 390, 249, 263))
IRIS = ((468, 469, 470, 471, 472), (473, 474, 475, 476, 477))
BROW = ((70, 63, 105, 66, 107, 55, 65, 52, 53, 46), (300, 293, 334, 296, 336, 285, 295, 282, 283, 276))
LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
MOUTH_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
MOUTH_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
FACE_OVAL = (10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
             149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109)
CHEEK = ((50, 205), (280, 425))

FINE = 4  # shapes are drawn this much finer and averaged down


def curve(points: np.ndarray, count: int = 40) -> np.ndarray:
    """Open Catmull-Rom curve through points [n,2] -> [count,2]."""
    p = np.vstack([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, len(points) - 1 - 1e-6, count)
    i, f = t.astype(int), (t % 1)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)


def fill(shape, polygon: np.ndarray, soft: float = 0.0) -> np.ndarray:
    """Anti-aliased coverage [H,W] of a polygon [n,2] in pixels; ``soft`` px blurs its border."""
    h, w = shape
    canvas = np.zeros((h * FINE, w * FINE), np.uint8)
    cv2.fillPoly(canvas, [np.round(polygon * FINE).astype(np.int32)], 255)
    mask = cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.GaussianBlur(mask, (0, 0), soft) if soft > 0 else mask


def stroke(shape, line: np.ndarray, width: np.ndarray, towards: np.ndarray | None = None) -> np.ndarray:
    """Coverage [H,W] of a stroke along ``line`` [n,2] with ``width`` [n] px, centred or on the side ``towards`` (a direction)."""
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    shift = 0.0 if towards is None else 0.8 * float(np.sign(normal[len(normal) // 2] @ towards))
    offset = normal * 0.5 * np.asarray(width)[:, None]
    return fill(shape, np.vstack([line + offset * (shift + 1), (line + offset * (shift - 1))[::-1]]))
