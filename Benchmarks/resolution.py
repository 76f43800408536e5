"""Seconds against megapixels and against faces, for the command line, as a table and as a plot.

    python resolution.py [--megapixels 3 6 12 24 50 100] [--faces 0 1 5 12 24] [--rounds 3] [--other PATH]
                         [--plot resolution.svg] [--style cel] [--threads 2] [--no-reference]

Photographs are the test portrait, several times beside and under each other, saved as JPEG; drawings are PNG. Each
drawing is a process of its own, as a user starts it, and seconds are those of its life. Sizes are drawn with five
faces, numbers of faces at 24 megapixels. `--other` names the program of another version, which draws the photograph of
24 megapixels with five faces in turns with this one; its own installation is used. The reference is the face_paint
architecture on one 512×512 face in ONNX Runtime.
"""
from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from common import PORTRAIT, alternate, find_command, machine, run, table, use_threads

FACES, MEGAPIXELS = 5, 24
"""What one axis holds still while the other one moves."""
HEAD = (128, 0, 384, 256)
"""The portrait's square about the head, in its pixels."""


def make_photo(path: Path, megapixels: float, faces: int) -> None:
    """Heads in a row of at most six, each in a square of its own, on the portrait's background."""
    from PIL import Image
    Image.MAX_IMAGE_PIXELS = None
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    width = round(height * 1.5)
    portrait = Image.open(PORTRAIT).convert("RGB")
    photo = portrait.crop((0, 0, 96, 64)).resize((width, height), Image.BICUBIC)
    columns = min(6, max(faces, 1))
    rows = -(-max(faces, 1) // columns)
    side = min(width // max(columns, 5), height // rows)
    head = portrait.crop(HEAD).resize((side, side), Image.LANCZOS)
    for number in range(faces):
        row, column = divmod(number, columns)
        photo.paste(head, (column * width // columns, row * height // rows))
    photo.save(path, quality=92)


class Drawing:
    """One photograph drawn by one program; calling it draws once."""

    def __init__(self, command: str, photo: Path, out: Path, style: str, environment: dict[str, str] | None = None):
        self.arguments = [command, "stylize", str(photo), str(out), "--style", style, "--overwrite", "--timings"]
        self.environment = environment
        self.detect: list[float] = []
        self.whole: list[float] = []
        self.faces = 0

    def __call__(self) -> list[float]:
        start = time.perf_counter()
        result = run(self.arguments, env=self.environment)
        seconds = time.perf_counter() - start
        text = result.stdout + result.stderr
        stages = dict(re.findall(r"^(.+?) (\d+\.\d+) s$", text, re.MULTILINE))
        self.detect.append(float(stages.get("find faces", "nan")))
        self.whole.append(float(stages.get("all", "nan")))
        count = re.search(r"(\d+) faces? drawn apart", text)
        self.faces = int(count[1]) if count else 0
        return [seconds]

    @property
    def detection_share(self) -> float:
        return statistics.median(self.detect) / statistics.median(self.whole)


def reference(scratch: Path, threads: int) -> Callable[[], list[float]]:
    import face_paint
    from generator import contestant
    model = scratch / "face_paint.onnx"
    model.write_bytes(face_paint.onnx_model(512).SerializeToString())
    return contestant(["onnxruntime", str(model), "--size", "512", "--runs", "3", "--threads", str(threads)])


def plain_environment(cache: Path) -> dict[str, str]:
    """Without what points at the installation under test, and with a cache of its own: in one that they share, each
    version throws away the networks that the other one has compiled, and compiles its own in every turn."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIMP_ANIME_STYLE")}
    return {**kept, "XDG_CACHE_HOME": str(cache)}


def line(points: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Seconds at zero, seconds for one more, and the largest distance of a point from that line as a share of it."""
    import numpy as np
    x, y = np.array(points).T
    slope, start = np.polyfit(x, y, 1)
    return float(start), float(slope), float(np.max(np.abs(y - (start + slope * x)) / y))


def plot(path: Path, series: dict[str, list[tuple[float, float]]]) -> None:
    import matplotlib
    matplotlib.use("svg")
    from matplotlib import pyplot
    figure, axes = pyplot.subplots(1, len(series), figsize=(9, 3.4), constrained_layout=True)
    for axis, (label, points) in zip(axes, series.items()):
        start, slope, _ = line(points)
        axis.plot(*zip(*points), "o", color="tab:blue")
        end = max(x for x, _ in points)
        axis.plot([0, end], [start, start + slope * end], color="tab:gray", linewidth=1)
        axis.set_xlabel(label)
        axis.set_ylabel("seconds")
        axis.set_xlim(left=0)
        axis.set_ylim(bottom=0)
    figure.savefig(path, metadata={"Date": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megapixels", type=float, nargs="+", default=[3, 6, 12, 24, 50, 100])
    parser.add_argument("--faces", type=int, nargs="+", default=[0, 1, 5, 12, 24])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--other", help="path of another version's anime-style")
    parser.add_argument("--no-reference", action="store_true")
    parser.add_argument("--plot", type=Path, help="where to save the plot, as SVG")
    parser.add_argument("--style", default="cel")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--product", help="path of anime-style")
    args = parser.parse_args()
    threads = use_threads(args.threads)
    name = machine(threads)
    command = find_command("anime-style", args.product)
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        wanted = {(float(size), FACES) for size in [*args.megapixels, MEGAPIXELS]}
        wanted |= {(float(MEGAPIXELS), count) for count in args.faces}
        drawings = {}
        for size, count in sorted(wanted):
            photo = scratch / f"{size:g}-{count}.jpg"
            make_photo(photo, size, count)
            drawings[size, count] = Drawing(command, photo, scratch / "out.png", args.style)
        usual = drawings[float(MEGAPIXELS), FACES]
        contestants: dict[str, Callable[[], list[float]]] = {f"{key}": drawing for key, drawing in drawings.items()}
        other = None
        if args.other:
            other = Drawing(
                args.other, scratch / f"{MEGAPIXELS}-{FACES}.jpg", scratch / "other.png", args.style,
                plain_environment(scratch / "other-cache"))
            contestants["other"] = other
        if not args.no_reference:
            contestants["reference"] = reference(scratch, threads)
        for drawing in [usual, *([other] if other else [])]:
            # Compiled networks are kept from the first call on.
            subprocess.run(drawing.arguments, capture_output=True, check=True, env=drawing.environment)
        seconds = alternate(contestants, args.rounds)
    report(args, name, drawings, other, seconds)


def report(args: argparse.Namespace, name: str, drawings: dict[tuple[float, int], Drawing], other: Drawing | None,
           seconds: dict[str, float]) -> None:
    print(f"{name}\n")
    base = seconds.get("reference")
    rows = [[f"{size:g}", str(count), str(drawing.faces), f"{seconds[str((size, count))]:.2f}",
             f"{seconds[str((size, count))] / base:.2f}×" if base else "–", f"{100 * drawing.detection_share:.0f} %"]
            for (size, count), drawing in drawings.items()]
    head = ["megapixels", "heads", "faces drawn apart", "seconds", "times the reference", "share of finding faces"]
    print(table(f"anime-style stylize, median of {args.rounds} in turns", head, rows))
    usual = seconds[str((float(MEGAPIXELS), FACES))]
    facts = []
    if base:
        facts.append(["face_paint architecture, one 512×512 face, ONNX Runtime", f"{base:.2f} s", ""])
    if other:
        ratio = usual / seconds["other"]
        facts.append([f"{MEGAPIXELS} megapixels, {FACES} faces, against the other version",
                      f"{usual:.2f} s to {seconds['other']:.2f} s", f"{ratio:.2f}× (wanted: ≤ 1)"])
    largest = seconds.get(str((100.0, FACES)))
    if largest:
        facts.append([f"100 megapixels against {MEGAPIXELS}", f"{largest:.2f} s to {usual:.2f} s",
                      f"{largest / usual:.2f}× (wanted: ≤ 4)"])
    by_size = [(size, seconds[str((size, count))]) for size, count in drawings if count == FACES]
    by_faces = [(float(count), seconds[str((size, count))]) for size, count in drawings if size == MEGAPIXELS]
    for what, points in (("megapixel", by_size), ("face", by_faces)):
        if len(points) < 3:
            continue
        start, slope, off = line(points)
        facts.append([f"each {what} more", f"{slope:.3f} s, from {start:.2f} s on",
                      f"no point farther than {100 * off:.0f} % from that line"])
    print(table("Ratios", ["what", "seconds", "ratio"], facts))
    if args.plot and min(len(by_size), len(by_faces)) > 1:
        plot(args.plot, {"megapixels, with five faces": by_size, "faces, at 24 megapixels": by_faces})


if __name__ == "__main__":
    main()
