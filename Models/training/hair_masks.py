"""Find where hair is in every portrait of a folder: it guides the painter's strands and tones of hair.

    python hair_masks.py --photos DIR/faces --model hair_segmentation.tflite --out hair

Needs MediaPipe, as mesh.py does, and its hair segmentation network (Apache-2.0, 512 px, RGB and a previous mask of
nothing; SOURCES.md of the training data).  Used while painting only.  OUT gets STEM.png, 8-bit coverage of the
photograph's size; what exists is kept.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import mediapipe
import numpy as np
from mediapipe.tasks.python import BaseOptions, vision

SUFFIXES = (".png", ".jpg", ".webp")


def hair_segmenter(model: Path) -> vision.ImageSegmenter:
    """The network as a finder of hair; close it after use."""
    options = vision.ImageSegmenterOptions(base_options=BaseOptions(model_asset_path=str(model)),
                                           output_confidence_masks=True, output_category_mask=False)
    return vision.ImageSegmenter.create_from_options(options)


def find_hair(segmenter: vision.ImageSegmenter, photo: np.ndarray) -> np.ndarray:
    """Likelihood of hair [H,W] in 0...1 in an RGB picture [H,W,3] uint8."""
    # The fourth channel is the mask of the frame before: there is none.
    rgba = np.dstack([photo, np.zeros(photo.shape[:2], np.uint8)])
    image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGBA, data=np.ascontiguousarray(rgba))
    return segmenter.segment(image).confidence_masks[-1].numpy_view().astype(np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    files = sorted(p for p in args.photos.iterdir() if p.suffix in SUFFIXES)
    with hair_segmenter(args.model) as segmenter:
        for path in files:
            target = args.out / f"{path.stem}.png"
            if not target.exists():
                mask = find_hair(segmenter, np.ascontiguousarray(cv2.imread(str(path))[..., ::-1]))
                cv2.imwrite(str(target), (np.clip(mask, 0, 1) * 255 + 0.5).astype(np.uint8))
    print(f"{len(files)} portraits")


if __name__ == "__main__":
    main()
