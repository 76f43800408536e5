"""Contact sheets: photo above, result below, of every portrait in a folder (or whole photographs).

    python contact_sheet.py --model ../cel.onnx --photos DIR --out SHEETS [--whole]
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

from apply import Model, align, largest_face

PER_ROW, ROWS = 6, 2


def crop_whole(photo: np.ndarray, longest: int = 768) -> np.ndarray:
    """The photo scaled to ``longest`` px at most and trimmed to multiples of 8."""
    scale = min(1.0, longest / max(photo.shape[:2]))
    photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    h, w = (side // 8 * 8 for side in photo.shape[:2])
    return np.ascontiguousarray(photo[:h, :w])


def square(image: np.ndarray, size: int) -> np.ndarray:
    """Fit into a square, grey around it."""
    scale = size / max(image.shape[:2])
    image = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    canvas = np.full((size, size, 3), 0.5, np.float32)
    h, w = image.shape[:2]
    canvas[(size - h) // 2:(size - h) // 2 + h, (size - w) // 2:(size - w) // 2 + w] = image
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--whole", action="store_true", help="no face alignment")
    parser.add_argument("--cell", type=int, default=262, help="side of a cell, px")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    model = Model(args.model)
    cells, names = [], []
    for path in sorted(p for p in args.photos.iterdir() if p.suffix in {".jpg", ".png", ".webp"}):
        photo = cv2.imread(str(path))[..., ::-1]
        if not args.whole:
            points = largest_face(np.ascontiguousarray(photo))
            if points is None:
                print(f"no face found: {path.name}")
                continue
            photo = align(photo, points, model.manifest["face"]["templateScale"])
        photo = crop_whole(photo)
        result = model.picture(photo)
        cells.append(np.vstack([square(photo.astype(np.float32) / 255, args.cell), square(result, args.cell)]))
        names.append(path.name)
    page = PER_ROW * ROWS
    for start in range(0, len(cells), page):
        part = cells[start:start + page]
        part += [np.full_like(cells[0], 0.5)] * (-len(part) % PER_ROW)
        sheet = np.vstack([np.hstack(part[i:i + PER_ROW]) for i in range(0, len(part), PER_ROW)])
        name = f"{args.model.stem}_{'whole' if args.whole else 'faces'}_{start // page}.png"
        cv2.imwrite(str(args.out / name), (np.clip(sheet, 0, 1)[..., ::-1] * 255).astype(np.uint8))
        print(name, *names[start:start + page])


if __name__ == "__main__":
    main()
