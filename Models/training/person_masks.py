"""Find where the person is in every portrait of a folder: skin of the painter ends where the background begins.

    python person_masks.py --photos DIR/faces --out person

Needs MediaPipe, as mesh.py does (its selfie segmentation network is inside the wheel, Apache-2.0).  Used while painting
only.  OUT gets STEM.png, 8-bit coverage of the photograph's size; what exists is kept.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import mediapipe
import numpy as np

SUFFIXES = (".png", ".jpg", ".webp")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    files = sorted(p for p in args.photos.iterdir() if p.suffix in SUFFIXES)
    # Model 0 sees 256x256 px; the other one is for wide pictures.
    with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as finder:
        for path in files:
            target = args.out / f"{path.stem}.png"
            if not target.exists():
                photo = np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
                mask = finder.process(photo).segmentation_mask
                cv2.imwrite(str(target), (np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8))
    print(f"{len(files)} portraits")


if __name__ == "__main__":
    main()
