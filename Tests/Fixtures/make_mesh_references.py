#!/usr/bin/env python3
"""Writes mesh-astronaut.json: the 478 points that MediaPipe itself finds on the test portrait, with its attention
network.

    python3 -m venv venv && venv/bin/pip install mediapipe==0.10.14 opencv-python-headless
    venv/bin/python Tests/Fixtures/make_mesh_references.py

The product runs the plain network and the one for irises from the same package. install.sh puts the photograph into
.third-party/photos.
"""
import json
import pathlib

import cv2
import mediapipe

ROOT = pathlib.Path(__file__).resolve().parents[2]


def main():
    photo = cv2.imread(str(ROOT / ".third-party/photos/astronaut.png"))[..., ::-1]
    height, width = photo.shape[:2]
    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as finder:
        found = finder.process(photo).multi_face_landmarks
    points = [[round(p.x * width, 2), round(p.y * height, 2)] for p in found[0].landmark]
    reference = {"photo": "astronaut.png", "package": "mediapipe", "version": mediapipe.__version__,
                 "script": "Tests/Fixtures/make_mesh_references.py", "points": points}
    (ROOT / "Tests/Fixtures/mesh-astronaut.json").write_text(json.dumps(reference) + "\n")


if __name__ == "__main__":
    main()
