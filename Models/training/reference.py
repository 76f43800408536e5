"""The held-back portraits as files for `anime-style measure`: photographs, and what the painter makes of them.

    python reference.py --data DIR --mesh mesh.npz --hair HAIR --person PERSON --out OUT
    anime-style measure OUT/photos --style cel --painter OUT/cel --markdown figures.md

No training run sees these faces.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from paint import held_back, levels, read_faces, read_mask, write
from painter import LOOKS, analyse, compose, paint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--mesh", type=Path, required=True, help="from mesh.py")
    parser.add_argument("--hair", type=Path, required=True, help="folder from hair_masks.py")
    parser.add_argument("--person", type=Path, required=True, help="folder from person_masks.py")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    meshes, faces = np.load(args.mesh), read_faces(args.data)
    hidden = held_back(faces)
    for folder in ("photos", *LOOKS):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    for face in (f for f in faces if f["file"] in hidden):
        name = f"{Path(face['file']).stem}.png"
        photo = np.ascontiguousarray(cv2.imread(str(args.data / "faces" / face["file"]))[..., ::-1])
        write(args.out / "photos" / name, photo[..., ::-1])
        # Faces that the mesh finder misses are measured, but have no painter to be compared with.
        if face["file"] not in meshes.files:
            continue
        masks = [read_mask(folder / name, photo.shape[:2]) for folder in (args.hair, args.person)]
        analysis = analyse(photo, np.array(face["points"], np.float32), meshes[face["file"]], *masks)
        for style, look in LOOKS.items():
            painting = paint(analysis, look)
            write(args.out / style / name, levels(compose(painting.colour, painting.lines, look.tint))[..., ::-1])


if __name__ == "__main__":
    main()
