"""Crude drawn faces, their meshes and samples, for tests.  No photographs needed."""
from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from alignment import template  # noqa: E402
from dataset import cut_marks  # noqa: E402
from painter import LOOKS, compose, paint  # noqa: E402
from painter.mesh import (  # noqa: E402
    BEARD_BORDER,
    BELOW_LIP,
    BROW,
    CHEEK,
    FACE_OVAL,
    IRIS,
    LIPS,
    LOWER_LID,
    MIDLINE_ROWS,
    MOUTH_LOWER,
    MOUTH_UPPER,
    NOSE_BASE,
    NOSE_WINGS,
    SIDE_ROWS,
    UPPER_LID,
)

POINTS = template(2 / 3).astype(np.float32)


def drawn_face(size: int = 512) -> np.ndarray:
    """A crude face on the template: skin ellipse, hair, eyes, brows, mouth.  uint8 RGB."""
    image = np.full((size, size, 3), (120, 140, 170), np.uint8)
    centre = (256, 270)
    cv2.ellipse(image, (256, 235), (120, 135), 0, 0, 360, (60, 40, 30), -1, cv2.LINE_AA)
    cv2.ellipse(image, centre, (92, 125), 0, 0, 360, (222, 178, 150), -1, cv2.LINE_AA)
    cv2.ellipse(image, (225, 300), (60, 90), 0, 90, 270, (190, 140, 115), -1, cv2.LINE_AA)
    for x, y in POINTS[:2]:
        cv2.ellipse(image, (int(x), int(y)), (17, 8), 0, 0, 360, (235, 230, 228), -1, cv2.LINE_AA)
        cv2.circle(image, (int(x), int(y)), 7, (70, 50, 40), -1, cv2.LINE_AA)
        cv2.ellipse(image, (int(x), int(y) - 8), (18, 3), 0, 180, 360, (40, 25, 20), 2, cv2.LINE_AA)
        cv2.line(image, (int(x) - 18, int(y) - 24), (int(x) + 18, int(y) - 24), (70, 50, 40), 5, cv2.LINE_AA)
    mouth = POINTS[3:].mean(0).astype(int)
    cv2.ellipse(image, tuple(mouth.tolist()), (34, 9), 0, 0, 360, (190, 90, 90), -1, cv2.LINE_AA)
    noise = np.random.default_rng(0).normal(0, 3, image.shape)
    return np.clip(cv2.GaussianBlur(image, (0, 0), 1) + noise, 0, 255).astype(np.uint8)


def arc(centre, rx: float, ry: float, start: float, end: float, count: int) -> np.ndarray:
    """Points on an ellipse, angles in degrees, 0 = right, 90 = down."""
    t = np.radians(np.linspace(start, end, count))
    return np.stack([centre[0] + rx * np.cos(t), centre[1] + ry * np.sin(t)], 1)


def drawn_mesh() -> np.ndarray:
    """The mesh of the crude face: only the points that the painter uses are meaningful."""
    mesh = np.tile(POINTS[2], (478, 1)).astype(np.float32)
    for index, eye in enumerate(POINTS[:2]):
        # From the corner near the nose to the outer one.
        start, end = ((360, 180), (180, 360))[index]
        mesh[list(UPPER_LID[index])] = arc(eye, 17, 8, start, end, 9)
        mesh[list(LOWER_LID[index])] = arc(eye, 17, 8, (0, 180)[index], (180, 0)[index], 9)
        mesh[list(IRIS[index])] = np.vstack([eye, arc(eye, 7, 7, 0, 270, 4)])
        mesh[list(BROW[index])] = arc(eye - [0, 24], 19, 4, 180, 500, 10)
        mesh[list(CHEEK[index])] = eye + [0, 45]
    mouth = POINTS[3:].mean(0)
    mesh[list(LIPS)] = arc(mouth, 34, 9, 180, 522, 20)
    mesh[list(MOUTH_UPPER)] = mesh[list(MOUTH_LOWER)] = arc(mouth, 30, 1, 180, 360, 11)
    mesh[list(FACE_OVAL)] = arc((256, 270), 90, 122, -90, 260, len(FACE_OVAL))
    # Right and left of the nose the same, however the eyes lie.
    mesh[list(MIDLINE_ROWS[1:-1]), 0] = 256
    mesh[list(MIDLINE_ROWS[1:-1]), 1] = 0.5 * (mesh[list(SIDE_ROWS[0][1:-1]), 1] + mesh[list(SIDE_ROWS[1][1:-1]), 1])
    mesh[list(BELOW_LIP)] = arc(mouth, 20, 9, 150, 30, 5)
    nose = POINTS[2] + [0, 8]
    mesh[list(NOSE_BASE)] = nose + np.stack([[-13, -6, 0, 6, 13], [-2, 1, 2, 1, -2]], 1)
    for index, sign in enumerate((-1, 1)):
        mesh[list(NOSE_WINGS[index])] = nose + np.stack([[sign * 12, sign * 15, sign * 14], [-14, -8, -4]], 1)
    mesh[[4, 168, 6]] = [POINTS[2], (256, POINTS[0, 1] - 4), (256, POINTS[0, 1] + 6)]
    border = [p for p in BEARD_BORDER[1:-1] if p not in (97, 2, 326)]
    mesh[border] = arc((256, 320), 80, 20, 180, 360, len(border))
    return mesh


def picture_of(analysis, style: str) -> np.ndarray:
    """The finished picture, sRGB 0...1."""
    painting = paint(analysis, LOOKS[style])
    return compose(painting.colour, painting.lines, LOOKS[style].tint)


def drawn_sample() -> dict:
    """The crude face as a painted sample whose painting is the photo itself."""
    photo = drawn_face()
    return {"photo": photo, "paints": [np.dstack([photo, np.zeros(photo.shape[:2], np.uint8)])],
            "tones": [np.zeros((*photo.shape[:2], 2), np.uint8)],
            "marks": [cut_marks(np.zeros((*photo.shape[:2], 3), np.uint8))], "points": POINTS, "mesh": None,
            "shown": 1.0}
