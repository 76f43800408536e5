"""Free drawings: art as a sample of what drawings look like, and photo-to-drawing pairs.

Their colours belong to other styles, so the generator only ever sees them in grayscale, as patches of art beside the
painter's pictures; K learns landmarks on the pairs.
"""
from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
from alignment import largest_face, similarity, template


def read_rgb(path: Path) -> np.ndarray:
    """A picture as RGB uint8 [H,W,3]."""
    return np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])


def canonical(image: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Face on the canonical 512 px square, and its landmarks there; pre-filtered when shrinking."""
    matrix = similarity(points.astype(np.float64), template(2 / 3))
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if zoom < 0.8:
        h, w = image.shape[:2]
        size = (max(1, round(w * zoom)), max(1, round(h * zoom)))
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        # Pixel centres: (x + 0.5) scales, not x.
        points = (points + 0.5) * np.array([size[0] / w, size[1] / h]) - 0.5
        matrix = similarity(points.astype(np.float64), template(2 / 3))
    face = cv2.warpAffine(image, matrix, (512, 512), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return face, (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)


def load_pairs(data: Path) -> list[dict]:
    """Aligned pairs {name, photo, drawn [512,512,3] uint8, points [5,2]}; those whose face MTCNN misses are left
    out."""
    pairs = []
    for path in sorted((data / "pairs").glob("*/*_photo.webp")):
        photo, drawn = read_rgb(path), read_rgb(path.with_name(path.name.replace("_photo", "_drawn")))
        points = largest_face(photo)
        if points is None:
            continue
        face, at = canonical(photo, points)
        pairs.append({"name": f"{path.parent.name}/{path.name[:3]}", "photo": face,
                      "drawn": canonical(drawn, points)[0], "points": at})
    return pairs


def load_art(data: Path, side: int = 512) -> list[np.ndarray]:
    """Grayscale pictures uint8 [H,W]: art and the drawn halves of the pairs, small enough that lines are a few px
    wide."""
    pictures = []
    for path in sorted((data / "art").glob("*/*.webp")) + sorted((data / "pairs").glob("*/*_drawn.webp")):
        gray = cv2.cvtColor(read_rgb(path), cv2.COLOR_RGB2GRAY)
        scale = side / max(gray.shape)
        # Comic pages keep their size: shrunk to 512 px their faces would be specks.
        if scale < 1 and path.parent.name != "peppercarrot":
            gray = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        if min(gray.shape) >= 128:
            pictures.append(gray)
    return pictures


def synthetic_art(count: int = 4, side: int = 160) -> list[np.ndarray]:
    """Flat ellipses with outlines in grayscale, for self-tests."""
    rng = np.random.default_rng(5)
    pictures = []
    for _ in range(count):
        image = np.full((side, side), 200, np.uint8)
        for _ in range(10):
            centre, axes = rng.integers(0, side, 2).tolist(), rng.integers(10, 50, 2).tolist()
            cv2.ellipse(image, centre, axes, 0, 0, 360, int(rng.integers(60, 250)), -1, cv2.LINE_AA)
            cv2.ellipse(image, centre, axes, 0, 0, 360, 30, 2, cv2.LINE_AA)
        pictures.append(image)
    return pictures


def art_patch(pictures: list[np.ndarray], size: int, rng: random.Random) -> np.ndarray:
    """A random patch uint8 [size,size], mirrored at will; empty paper is passed over when there is anything else."""
    patch = np.zeros((size, size), np.uint8)
    for _ in range(8):
        picture = rng.choice(pictures)
        h, w = picture.shape
        if min(h, w) < size:
            picture = cv2.resize(picture, None, fx=size / min(h, w) + 1e-3, fy=size / min(h, w) + 1e-3)
            h, w = picture.shape
        x, y = rng.randint(0, w - size), rng.randint(0, h - size)
        patch = picture[y:y + size, x:x + size]
        if rng.random() < 0.5:
            patch = patch[:, ::-1]
        if patch.std() > 25:
            break
    return np.ascontiguousarray(patch)
