"""Size of a photograph against seconds and peak memory, for the command line and for a call in GIMP.

    python memory.py [--megapixels 1 12 24 100 500] [--only command-line plug-in] [--style cel] [--threads 2]

Photographs are the test portrait, enlarged to 3:2 and saved as JPEG; drawings are PNG. Peak memory is VmHWM of the
process that draws, watched from outside; that of the process that decodes and encodes files is told apart. Of the
plug-in it is the process of one call, GIMP's own not counted. Sizes above 24 megapixels take minutes.
"""
from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from common import PORTRAIT, find_command, machine, run, table, use_threads
from gimp_call import PeakMemory, script
from gimp_host import PROGRAM, Host, find_host

LIMITS = {24: 700, 100: 1000}
"""Most MB that a photograph of so many megapixels may take."""


def make_photo(path: Path, megapixels: int) -> tuple[int, int]:
    """Writes a photograph of that size and gives its width and height."""
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    portrait = Image.open(PORTRAIT).convert("RGB").crop((0, 0, 512, 341))
    portrait.resize((width, height), Image.BILINEAR).save(path, quality=92)
    return width, height


def watched(programs: list[str], body) -> tuple[float, list[float]]:
    """Seconds that `body` takes, and the peak of each program in MB."""
    watchers = [PeakMemory(program) for program in programs]
    for watcher in watchers:
        watcher.start()
    start = time.perf_counter()
    body()
    seconds = time.perf_counter() - start
    for watcher in watchers:
        watcher.stopped.set()
        watcher.join()
    return seconds, [watcher.peak for watcher in watchers]


def row(megapixels: int, size: tuple[int, int], seconds: float, peaks: list[float]) -> list[str]:
    limit = LIMITS.get(megapixels)
    return [f"{megapixels} ({size[0]}×{size[1]})", f"{seconds:.1f}",
            f"**{peaks[0]:.0f}**" + (f" (wanted: ≤ {limit})" if limit else ""),
            *(f"{peak:.0f}" for peak in peaks[1:])]


def command_line(product: str, style: str, photos: dict[int, tuple[Path, tuple[int, int]]], out: Path) -> str:
    rows = []
    for megapixels, (photo, size) in photos.items():
        seconds, peaks = watched(["anime-style", "anime-style-codec"], lambda: run(
            [product, "stylize", str(photo), str(out), "--style", style, "--overwrite"]))
        rows.append(row(megapixels, size, seconds, peaks))
    return table("anime-style stylize, the whole program",
                 ["megapixels", "seconds", "peak, MB", "peak of the codec's process, MB"], rows)


def plug_in(host: Host, style: str, photos: dict[int, tuple[Path, tuple[int, int]]], scratch: Path) -> str:
    environment = host.profile(scratch / "gimp")
    host.run(environment)  # A new profile's first start takes about ten seconds.
    rows = []
    for megapixels, (photo, size) in photos.items():
        log = scratch / f"timings-{megapixels}"
        environment["GIMP_ANIME_STYLE_TIMINGS"] = str(log)
        _, peaks = watched([PROGRAM], lambda: host.run(environment, script(host, photo, style, 2, 1), timeout=3600))
        if not log.exists():
            raise SystemExit(f"the call in GIMP on {megapixels} megapixels did not end well")
        total = sum(float(line.split()[1]) for line in log.read_text().splitlines() if line.startswith("total"))
        rows.append(row(megapixels, size, total, peaks))
    return table(f"One call in GIMP {host.version}, the plug-in's process", ["megapixels", "seconds", "peak, MB"], rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=int, nargs="+", default=[1, 12, 24, 100])
    parser.add_argument("--only", nargs="+", default=["command-line", "plug-in"], choices=["command-line", "plug-in"])
    parser.add_argument("--style", default="cel")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--product", help="path of anime-style")
    parser.add_argument("--plug-in", help="folder of the plug-in")
    args = parser.parse_args()
    print(f"{machine(use_threads(args.threads))}\n")
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        photos = {}
        for megapixels in args.megapixels:
            photo = scratch / f"photo-{megapixels}.jpg"
            photos[megapixels] = (photo, make_photo(photo, megapixels))
        if "command-line" in args.only:
            print(command_line(find_command("anime-style", args.product), args.style, photos, scratch / "drawing.png"),
                  flush=True)
        if "plug-in" in args.only:
            print(plug_in(find_host(args.plug_in), args.style, photos, scratch))


if __name__ == "__main__":
    main()
