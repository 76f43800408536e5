"""Find the face mesh of every training portrait: 478 points that guide the painter's eyes, brows and lips.

    python mesh.py --data DIR --out mesh.npz

Needs MediaPipe 0.10.14 (Apache-2.0, network weights inside the wheel), best in an environment of its own, since it
asks for an old protobuf.  Used while painting only: neither the network nor the product knows a mesh.
mesh.npz: file names -> float32 [478,2], pixels.  Faces that MediaPipe does not find are left out.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import mediapipe
import numpy as np


def find_mesh(finder, photo: np.ndarray) -> np.ndarray | None:
    """Points [478,2] in pixels of an RGB picture [H,W,3] uint8, or None."""
    found = finder.process(photo).multi_face_landmarks
    if not found:
        return None
    h, w = photo.shape[:2]
    return np.array([[p.x * w, p.y * h] for p in found[0].landmark], np.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    meshes = {}
    files = sorted((args.data / "faces").iterdir())
    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as finder:
        for path in files:
            mesh = find_mesh(finder, cv2.imread(str(path))[..., ::-1])
            if mesh is not None:
                meshes[path.name] = mesh
    np.savez_compressed(args.out, **meshes)
    print(f"{len(meshes)} of {len(files)} faces")


if __name__ == "__main__":
    main()
