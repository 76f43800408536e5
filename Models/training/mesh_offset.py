"""How far drawings move eyes and mouth corners, read by an independent face mesh.

    python mesh_offset.py PHOTOS DRAWINGS [DRAWINGS …]

DRAWINGS are folders with pictures of the same names and sizes as in PHOTOS, such as `anime-style batch` writes.  Needs
what mesh.py needs.  The mesh has no part in the product; the painter, which made the training pictures, follows it.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import mediapipe
import numpy as np
from mesh import find_mesh
from painter.mesh import LOWER_LID, UPPER_LID
from squash import jittered

MOUTH_CORNERS = (61, 291)


def read(finder, picture: np.ndarray) -> np.ndarray | None:
    """Centres of both eyes' lids and the mouth's corners [4,2] in pixels, or None."""
    mesh = find_mesh(finder, np.ascontiguousarray(picture[..., ::-1]))
    if mesh is None:
        return None
    eyes = [mesh[list(UPPER_LID[i] + LOWER_LID[i])].mean(0) for i in range(2)]
    return np.array([*eyes, *mesh[list(MOUTH_CORNERS)]])


def offsets(before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Mean distance of the eyes and of the mouth corners, in inter-ocular distances."""
    far = np.linalg.norm(after - before, axis=1) / np.linalg.norm(before[1] - before[0])
    return float(far[:2].mean()), float(far[2:].mean())


def report(name: str, rows: list[tuple[float, float]], lost: int) -> None:
    """One line of the table: median and 95 % interval of the median by 2000 resamplings."""
    rng, cells = np.random.default_rng(1), []
    for values in np.array(rows).T:
        medians = np.median(rng.choice(values, (2000, len(values))), axis=1)
        low, high = np.percentile(medians, (2.5, 97.5))
        cells.append(f"{np.median(values):.4f} ({low:.4f} to {high:.4f})")
    print(f"| {name} | {len(rows)} | {lost} | {cells[0]} | {cells[1]} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("drawings", type=Path, nargs="+")
    args = parser.parse_args()
    rng = np.random.default_rng(0)
    print("| pictures | N | not found again | eyes | mouth corners |\n| --- | --- | --- | --- | --- |")
    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as finder:
        faces = {}
        for path in sorted(args.photos.iterdir()):
            photo = cv2.imread(str(path))
            if photo is not None and (points := read(finder, photo)) is not None:
                faces[path.name] = photo, points
        rows = []
        for photo, points in faces.values():
            moved, matrix = jittered(photo, rng)
            if (again := read(finder, moved)) is not None:
                rows.append(offsets(points @ matrix[:, :2].T + matrix[:, 2], again))
        report("jittered photographs (floor)", rows, len(faces) - len(rows))
        for folder in args.drawings:
            rows = []
            for name, (photo, points) in faces.items():
                drawing = cv2.imread(str(folder / name))
                if drawing is None or drawing.shape != photo.shape:
                    raise SystemExit(
                        f"{folder / name} is missing or has another size than the photograph; draw it again.")
                if (after := read(finder, drawing)) is not None:
                    rows.append(offsets(points, after))
            report(folder.name, rows, len(faces) - len(rows))


if __name__ == "__main__":
    main()
