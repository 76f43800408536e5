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
# From the outer end to the inner one: upper and lower edge.
BROW_EDGES = (((70, 63, 105, 66, 107), (46, 53, 52, 65, 55)), ((300, 293, 334, 296, 336), (276, 283, 282, 295, 285)))
# From ear to ear by way of the chin.
JAW = (234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454)
# Places of one height on the side of the face and on its midline, from the forehead to the chin.
SIDE_ROWS = ((67, 54, 162, 127, 234, 93, 132, 58, 172, 136, 150, 149, 176),
             (297, 284, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400))
MIDLINE_ROWS = (10, 151, 9, 168, 197, 5, 164, 17, 18, 200, 199, 175, 152)
NOSE_BASE = (98, 97, 2, 326, 327)
NOSTRILS = ((98, 97), (327, 326))
NOSE_WINGS = ((49, 129, 64), (279, 358, 294))
# From the bridge down: beside the ridge, and on the nose's side; and along the edge of its base from wing to wing.
NOSE_RIDGE = ((196, 3, 51, 45, 44), (419, 248, 281, 275, 274))
NOSE_SIDE = ((174, 236, 134, 220, 79), (399, 456, 363, 440, 309))
NOSE_UNDER = (98, 219, 79, 44, 1, 274, 309, 439, 327)
UPPER_LIP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
# Upper border of where beards grow, from ear to ear.
BEARD_BORDER = (93, 177, 213, 192, 214, 212, 186, 165, 97, 2, 326, 391, 410, 432, 434, 416, 433, 401, 323)
# From the wing of the nose down past the corner of the mouth; and below the eye, from the nose outwards.
SMILE_FOLD = ((203, 206, 216), (423, 426, 436))
EYE_BAG = ((232, 231, 230, 229), (452, 451, 450, 449))
BELOW_LIP = (181, 84, 17, 314, 405)

FINE = 4  # shapes are drawn this much finer and averaged down


def curve(points: np.ndarray, count: int = 40) -> np.ndarray:
    """Open Catmull-Rom curve through points [n,2] -> [count,2]."""
    p = np.vstack([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    t = np.linspace(0, len(points) - 1 - 1e-6, count)
    i, f = t.astype(int), (t % 1)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3)


def closed_curve(points: np.ndarray) -> np.ndarray:
    """Smooth polygon through ring points [n,2]."""
    return curve(np.vstack([points, points[:1]]), 6 * len(points))


def aside(mesh: np.ndarray) -> float:
    """How far the nose's tip lies from the middle between the sides of the face, in the face's width."""
    across = mesh[454] - mesh[234]
    return float(abs((mesh[1] - mesh[234]) @ across / max(float(across @ across), 1e-6) - 0.5))


def seen_in_front(mesh: np.ndarray) -> bool:
    """Whether a face is seen from far enough in front: from far below or above, and in profile, meshes lie beside the
    features.

    Measured by how far from the eyes' height to the mouth's the nose's tip lies (0.44 to 0.87 in 59 upright portraits);
    by how far it lies from the middle between the sides of the face, in the face's width (at most 0.46 there,
    more than 0.7 in profile); and by how much narrower one eye is than the other (at least 0.63 there).
    """
    eyes, mouth = mesh[[133, 33, 362, 263]].mean(0), mesh[[61, 291]].mean(0)
    line, far = mouth - eyes, aside(mesh)
    low = (mesh[1] - eyes) @ line / max(float(line @ line), 1e-6)
    widths = sorted(float(np.linalg.norm(mesh[lid[0]] - mesh[lid[-1]])) for lid in UPPER_LID)
    narrow = widths[0] / max(widths[1], 1e-6)
    return bool(0.42 < low < 0.95 and far < 0.85 and (far < 0.71 or narrow > 0.45) and narrow > 0.33)


def jaw_curve(mesh: np.ndarray) -> np.ndarray:
    """Jaw and chin from the viewer's left ear to the right one, [80,2]."""
    return curve(mesh[list(JAW)], 80)


def brow_curve(mesh: np.ndarray, index: int) -> tuple[np.ndarray, np.ndarray]:
    """Middle line [40,2] of a brow from its outer to its inner end, and its height there [40] in pixels."""
    upper, lower = (curve(mesh[list(edge)]) for edge in BROW_EDGES[index])
    return 0.5 * (upper + lower), np.linalg.norm(upper - lower, axis=1)


def mouth_curves(mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Inner edges [60,2] of the upper and the lower lip, from the viewer's left corner to the right one."""
    return curve(mesh[list(MOUTH_UPPER)], 60), curve(mesh[list(MOUTH_LOWER)], 60)


def fill(shape, polygon: np.ndarray, soft: float = 0.0) -> np.ndarray:
    """Anti-aliased coverage [H,W] of a polygon [n,2] in pixels; ``soft`` px blurs its border."""
    h, w = shape
    canvas = np.zeros((h * FINE, w * FINE), np.uint8)
    cv2.fillPoly(canvas, [np.round(polygon * FINE).astype(np.int32)], 255)
    mask = cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    return cv2.GaussianBlur(mask, (0, 0), soft) if soft > 0 else mask


def stroke(shape, line: np.ndarray, width: np.ndarray, towards: np.ndarray | None = None) -> np.ndarray:
    """Coverage [H,W] of a stroke along ``line`` [n,2] with ``width`` [n] px, centred or on the side ``towards`` (a
    direction)."""
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    shift = 0.0 if towards is None else 0.8 * float(np.sign(normal[len(normal) // 2] @ towards))
    offset = normal * 0.5 * np.asarray(width)[:, None]
    return fill(shape, np.vstack([line + offset * (shift + 1), (line + offset * (shift - 1))[::-1]]))
