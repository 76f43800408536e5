"""Photos a second in GIMP: one call of plug-in-anime-style-batch against one start of GIMP for each file.

    python gimp_batch.py [--photos 10] [--size 1024] [--region both] [--rounds 1] [--threads 2]

Both draw the same photos with the same options and save PNG files. The second way is what a shell loop around the
README's example for one file does. Both clocks run from the start of GIMP to its end, in a profile that holds only the
plug-in under test.
"""
from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from batch import make_photos
from common import alternate, machine, table, use_threads
from gimp_host import REGIONS, Host, find_host

WANTED = 3


def one_by_one(host: Host, photos: list[Path], out: Path, environment: dict[str, str], style: str, region: int) -> None:
    for photo in photos:
        host.run(environment, f"""(let* ((image {host.load(photo)}) (layer {host.layer}))
            {host.draw(style, region)}
            {host.save(out / f"{photo.stem}.png")}
            (gimp-image-delete image))""")


def in_one_call(host: Host, photos: list[Path], out: Path, environment: dict[str, str], style: str,
                region: int) -> None:
    host.run(environment, host.draw_folder(photos[0].parent, out, style, region))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10)
    parser.add_argument("--size", type=int, default=1024)
    parser.add_argument("--region", default="both", choices=REGIONS)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--style", default="cel")
    parser.add_argument("--plug-in", help="folder of the plug-in")
    args = parser.parse_args()
    name = machine(use_threads(args.threads))
    host = find_host(args.plug_in)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "photos").mkdir()
        photos = make_photos(folder / "photos", args.photos, args.size)
        environment = host.profile(folder / "gimp")
        host.run(environment)  # A new profile's first start takes about ten seconds.

        def timed(draw) -> list[float]:
            out = folder / "drawings"
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir()
            start = time.perf_counter()
            draw(host, photos, out, environment, args.style, REGIONS.index(args.region))
            seconds = time.perf_counter() - start
            if len(list(out.glob("*.png"))) != args.photos:
                sys.exit(f"{draw.__name__} did not draw all photos.")
            return [seconds]

        seconds = alternate({"batch": lambda: timed(in_one_call), "one": lambda: timed(one_by_one)}, args.rounds)
    ratio = seconds["one"] / seconds["batch"]
    rows = [["plug-in-anime-style-batch", f"{args.photos / seconds['batch']:.2f}",
             f"**{ratio:.1f}×** (wanted: ≥ {WANTED}×)"],
            ["one start of GIMP for each file", f"{args.photos / seconds['one']:.2f}", "1.0×"]]
    print(f"{name}; GIMP {host.version}\n")
    print(table(f"{args.photos} photos of {args.size}×{args.size}, region {args.region}", ["what", "photos/s", "ratio"],
                rows))


if __name__ == "__main__":
    main()
