"""Paint the training set: photographs in, aligned flat colour and line coverage out.

    python paint.py --data DIR --out CACHE [--faces 1300] [--jobs 2]

DIR holds faces/, faces.csv and scenes/.  CACHE gets, for each sample,
NAME.photo.png (RGB) and NAME.paint.png (RGB colour, alpha = line coverage),
and index.json with the landmarks.  Samples that exist are skipped, so an
interrupted run goes on where it stopped.
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


def plan(data: Path, count: int) -> list[dict]:
    """The list of samples: sharp faces of every source, some of them again at half size, and the scenes."""
    faces = read_faces(data)
    hidden = held_back(faces)
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
    step = max(1, len(samples) // max(1, len(scenes)))
    for i, path in enumerate(scenes):
        samples.insert(i * (step + 1), {"name": "s" + path.stem, "photo": f"scenes/{path.name}", "scale": 1.0, "points": None})
    return samples


def paint_sample(job: tuple[Path, Path, dict]) -> str:
    """Paint one sample unless it is there already."""
    from painter import paint

    data, out, sample = job
    photo_path, paint_path = out / f"{sample['name']}.photo.png", out / f"{sample['name']}.paint.png"
    if paint_path.exists():
        return sample["name"]
    cv2.setNumThreads(1)
    photo = cv2.imread(str(data / sample["photo"]))
    if sample["scale"] != 1.0:
        photo = cv2.resize(photo, None, fx=sample["scale"], fy=sample["scale"], interpolation=cv2.INTER_AREA)
    points = None if sample["points"] is None else np.array(sample["points"], np.float32)
    colour, alpha = paint(np.ascontiguousarray(photo[..., ::-1]), points)
    rgba = np.dstack([colour, alpha])
    rgba = (rgba * 255 + 0.5).astype(np.uint8)
    cv2.imwrite(str(photo_path), photo, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    temporary = out / f".{sample['name']}.png"
    cv2.imwrite(str(temporary), cv2.cvtColor(rgba, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_PNG_COMPRESSION, 1])
    os.replace(temporary, paint_path)  # a reader sees whole files only
    return sample["name"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--faces", type=int, default=1300)
    parser.add_argument("--only", choices=("faces", "scenes"), help="paint only these of the plan")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    samples = plan(args.data, args.faces)
    (args.out / "index.json").write_text(json.dumps(samples))
    if args.only:
        samples = [s for s in samples if (s["points"] is None) == (args.only == "scenes")]
    with Pool(args.jobs) as pool:
        for i, _ in enumerate(pool.imap(paint_sample, [(args.data, args.out, s) for s in samples]), 1):
            if i % 50 == 0 or i == len(samples):
                print(f"{i}/{len(samples)}", flush=True)


if __name__ == "__main__":
    main()
