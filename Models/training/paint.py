"""Paint the training set: photographs in, aligned flat colour and line coverage out.

    python paint.py --data DIR --mesh mesh.npz --hair HAIR --person PERSON --out CACHE [--faces 1300] [--jobs 2]

DIR holds faces/, faces.csv and scenes/, HAIR and PERSON the masks of hair_masks.py and person_masks.py.  CACHE gets
index.json with the landmarks, meshes.npz (sample -> [478,2] in pixels of the sample), photo/NAME.png and a folder for
each style with NAME.paint.png (RGB colour, alpha = line coverage), NAME.tones.png (shade, light, skin) and
NAME.marks.png (highlights, pupils, irises).  Samples that exist are skipped, so an interrupted run goes on where it
stopped, and training may begin on what is there.
"""
from __future__ import annotations

import argparse
import csv
import json
import os
import random
from multiprocessing import Pool
from pathlib import Path

import cv2
import numpy as np
from painter import LOOKS, analyse, paint

POINTS = ("le", "re", "nose", "ml", "mr")
# How many faces of each source to take at most, per 1300: no source may dominate the look of "a face".
SHARES = {"sfhq_t2i": 640, "civilservices": 330, "faker_cc0": 150, "london_neutral": 55, "london_smiling": 55,
          "canada": 40, "sfhq_v1": 49}
HELD_BACK = 60


def read_faces(data: Path) -> list[dict]:
    """Rows of faces.csv as {file, source, sharp, points [5][2] px}."""
    with open(data / "faces.csv", newline="") as f:
        return [
            {"file": r["file"], "source": r["source"].split("/")[0], "sharp": float(r["source_px_per_px"]),
             "points": [[float(r[p + "_x"]), float(r[p + "_y"])] for p in POINTS]}
            for r in csv.DictReader(f)
        ]


def held_back(faces: list[dict]) -> set[str]:
    """Files that no training run may see: kept for judging."""
    order = sorted(faces, key=lambda f: f["file"])
    return {f["file"] for f in random.Random(60).sample(order, min(HELD_BACK, len(order)))}


def plan(data: Path, meshes: dict[str, np.ndarray], count: int, scene_count: int) -> list[dict]:
    """The list of samples: sharp faces of every source, some of them again at half size, and scenes."""
    faces = [f for f in read_faces(data) if f["file"] in meshes]
    hidden = held_back(read_faces(data))
    rng = random.Random(1)
    chosen = []
    for source, share in SHARES.items():
        pool = [f for f in faces if f["source"] == source and f["file"] not in hidden and f["sharp"] > 0.8]
        rng.shuffle(pool)
        # Sharper ones first, but coarsely, so that the choice stays diverse.
        pool.sort(key=lambda f: f["sharp"] < 1.0)
        chosen += pool[:round(share * count / 1300)]
    rng.shuffle(chosen)
    samples = []
    for i, f in enumerate(chosen):
        name = "f" + Path(f["file"]).stem
        samples.append({"name": name, "photo": "faces/" + f["file"], "scale": 1.0, "points": f["points"]})
        if i % 4 == 0:
            # Small faces, as in photographs of whole people; painted small, so that lines keep their width in pixels.
            scale = (0.5, 0.6, 0.75)[i // 4 % 3]
            points = (np.array(f["points"]) * scale).round(2).tolist()
            samples.append({"name": f"{name}_s", "photo": "faces/" + f["file"], "scale": scale, "points": points})
    scenes = sorted((data / "scenes").glob("*.webp"))
    rng.shuffle(scenes)
    del scenes[scene_count:]
    step = max(1, len(samples) // max(1, len(scenes)))
    for i, path in enumerate(scenes):
        scene = {"name": "s" + path.stem, "photo": f"scenes/{path.name}", "scale": 1.0, "points": None}
        samples.insert(i * (step + 1), scene)
    return samples


def write(path: Path, image: np.ndarray) -> None:
    """Write a PNG so that a reader sees whole files only."""
    temporary = path.with_name("." + path.name)
    cv2.imwrite(str(temporary), image, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    os.replace(temporary, path)


def levels(*channels: np.ndarray) -> np.ndarray:
    """Float 0...1 to uint8, stacked."""
    return (np.clip(np.dstack(channels), 0, 1) * 255 + 0.5).astype(np.uint8)


def read_mask(path: Path, shape: tuple[int, int]) -> np.ndarray:
    """Mask of hair or of the person [H,W] in 0...1 in the size of the sample."""
    mask = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if mask is None:
        raise SystemExit(f"{path} cannot be read; make the masks by hair_masks.py and person_masks.py first")
    return cv2.resize(mask, shape[::-1], interpolation=cv2.INTER_AREA).astype(np.float32) / 255


def paint_sample(job: tuple[Path, Path, dict, np.ndarray | None, tuple[Path, Path]]) -> str:
    """Paint one sample in all styles unless it is there already; ``mesh`` in pixels of the sample."""
    data, out, sample, mesh, folders = job
    name, scale = sample["name"], sample["scale"]
    if (out / "photo" / f"{name}.png").exists():
        return name
    cv2.setNumThreads(1)
    photo = cv2.imread(str(data / sample["photo"]))
    if scale != 1.0:
        photo = cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    points = None if sample["points"] is None else np.array(sample["points"], np.float32)
    mask_name = f"{Path(sample['photo']).stem}.png"
    masks = (None, None) if points is None else [read_mask(folder / mask_name, photo.shape[:2]) for folder in folders]
    analysis = analyse(np.ascontiguousarray(photo[..., ::-1]), points, mesh, *masks)
    for style, look in LOOKS.items():
        painting = paint(analysis, look)
        write(out / style / f"{name}.tones.png", levels(painting.dark, painting.light, analysis.skin)[..., ::-1])
        write(out / style / f"{name}.marks.png", levels(painting.marks)[..., ::-1])
        paint_with_lines = levels(painting.colour, painting.lines)
        write(out / style / f"{name}.paint.png", cv2.cvtColor(paint_with_lines, cv2.COLOR_RGBA2BGRA))
    # Last, as the sign that all else is there.
    write(out / "photo" / f"{name}.png", photo)
    return name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--mesh", type=Path, required=True, help="from mesh.py")
    parser.add_argument("--hair", type=Path, required=True, help="folder from hair_masks.py")
    parser.add_argument("--person", type=Path, required=True, help="folder from person_masks.py")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--faces", type=int, default=1300)
    parser.add_argument("--scenes", type=int, default=150)
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()
    found = dict(np.load(args.mesh))
    samples = plan(args.data, found, args.faces, args.scenes)
    for folder in ("photo", *LOOKS):
        (args.out / folder).mkdir(parents=True, exist_ok=True)
    faces = [s for s in samples if s["points"] is not None]
    meshes = {s["name"]: found[Path(s["photo"]).name] * np.float32(s["scale"]) for s in faces}
    np.savez(args.out / "meshes.npz", **meshes)
    (args.out / "index.json").write_text(json.dumps(samples))
    jobs = [(args.data, args.out, s, meshes.get(s["name"]), (args.hair, args.person)) for s in samples]
    with Pool(args.jobs) as pool:
        for i, _ in enumerate(pool.imap(paint_sample, jobs), 1):
            if i % 50 == 0 or i == len(samples):
                print(f"{i}/{len(samples)}", flush=True)


if __name__ == "__main__":
    main()
