"""Photos a second: `anime-style batch` against the Python way with facenet-pytorch's MTCNN and PyTorch.

    python batch.py [--photos 200] [--reference-photos 6] [--repeats 3] [--threads 2]

The 200 photos of 1024×1024 are crops, flips and exposures of the public-domain test portrait. The reference is slow and
its time per photo does not change along the way, so it draws only the first few photos in each repeat; the ratio is of
seconds per photo. Our time is that of the whole program from start to end, models loaded included; the reference's
models are loaded before its clock starts.
"""
from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from pathlib import Path

from common import PORTRAIT, alternate, find_command, machine, run, table, use_threads


def make_photos(folder: Path, count: int, size: int = 1024) -> list[Path]:
    """Writes `count` JPEG files, the same ones each time; the face is 150 to 250 pixels wide in each."""
    import numpy as np
    from PIL import Image, ImageEnhance, ImageOps
    portrait = Image.open(PORTRAIT).convert("RGB")
    random = np.random.default_rng(1)
    paths = []
    for number in range(count):
        side = int(random.integers(360, 512))
        left = int(random.integers(0, min(120, 512 - side) + 1))
        top = int(random.integers(0, min(20, 512 - side) + 1))
        photo = portrait.crop((left, top, left + side, top + side)).resize((size, size), Image.BICUBIC)
        photo = ImageOps.mirror(photo) if random.random() < 0.5 else photo
        photo = ImageEnhance.Brightness(photo).enhance(float(random.uniform(0.75, 1.2)))
        paths.append(folder / f"photo-{number:03}.jpg")
        photo.save(paths[-1], quality=92)
    return paths


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=200)
    parser.add_argument("--reference-photos", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--regions", nargs="+", default=["faces", "both"], choices=["faces", "both"])
    parser.add_argument("--style", default="cel")
    parser.add_argument("--product", help="path of anime-style")
    args = parser.parse_args()
    threads = use_threads(args.threads)
    name = machine(threads)
    product = find_command("anime-style", args.product)

    from python_reference import Reference
    reference = Reference(threads)
    with tempfile.TemporaryDirectory() as scratch:
        photos_folder, out = Path(scratch) / "photos", Path(scratch) / "out"
        photos_folder.mkdir()
        photos = make_photos(photos_folder, args.photos)
        slow_out = Path(scratch) / "reference"
        slow_out.mkdir()
        rows = []
        for region in args.regions:
            # Whole photos take the reference four more runs of its network each.
            chosen = photos[:args.reference_photos if region == "faces" else max(1, args.reference_photos // 3)]

            def ours() -> list[float]:
                shutil.rmtree(out, ignore_errors=True)
                start = time.perf_counter()
                run([product, "batch", str(photos_folder), str(out), "--style", args.style, "--region", region])
                seconds = time.perf_counter() - start
                made = sum(1 for path in out.rglob("*") if path.is_file() and path.suffix in {".jpg", ".jpeg", ".png"})
                if made != len(photos):
                    raise SystemExit(f"batch wrote {made} pictures of {len(photos)}")
                return [seconds / len(photos)]

            def theirs() -> list[float]:
                start = time.perf_counter()
                faces = [reference.draw(path, slow_out / path.name, region == "both") for path in chosen]
                if min(faces) < 1:
                    raise SystemExit("the reference found no face in a photo")
                return [(time.perf_counter() - start) / len(chosen)]

            reference.draw(photos[0], slow_out / "warm-up.jpg", region == "both")
            seconds = alternate({"ours": ours, "reference": theirs}, args.repeats)
            rows.append([f"`--region {region}`", f"{1 / seconds['ours']:.2f}",
                         f"{1 / seconds['reference']:.2f} ({len(chosen)} a repeat)",
                         f"**{seconds['reference'] / seconds['ours']:.1f}×**"])
    print(f"{name}\n")
    print(table(f"Batch: {args.photos} photos of 1024×1024, half precision where the CPU has it",
                ["what", "anime-style batch, photos/s", "Python, photos/s", "ratio"], rows))


if __name__ == "__main__":
    main()
