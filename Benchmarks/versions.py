"""This version against an earlier one, in turns on the same photographs: the command line, and a call in GIMP 2.10.

    python versions.py --before BIN/anime-style [--before-plug-in FOLDER] [--megapixels 1 12 24] [--rounds 5]
                       [--threads 2]

Both are asked for the same: the style cel, usual settings. What counts are the ratios of medians; at most 1 is wanted.
Photographs are the test portrait, enlarged to 3:2. The command line's clock runs from the program's start to its end,
decoding a JPEG and encoding a PNG included; that in GIMP is GIMP's own around the call. A first run of each fills the
caches and is left out.
"""
from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from common import alternate, find_command, machine, repeat, run, table, use_threads
from gimp_call import call_seconds, script
from gimp_host import Host, find_host
from memory import make_photo


def drawing(program: str, style: str, photo: Path, out: Path) -> Callable[[], list[float]]:
    command = [program, "stylize", str(photo), str(out), "--style", style, "--overwrite", "--quiet"]
    run(command)
    return lambda: repeat(lambda: run(command), 1, warm_up=0)


def call_in_gimp(host: Host, environment: dict[str, str], style: str, photo: Path) -> list[float]:
    return call_seconds(host.run(environment, script(host, photo, style, 2, 2), timeout=3600), 2)[1:]


def rows(photos: dict[str, Path], contestants: Callable[[Path], dict[str, Callable[[], list[float]]]],
         rounds: int) -> list[list[str]]:
    found = []
    for name, photo in photos.items():
        seconds = alternate(contestants(photo), rounds)
        found.append([name, f"{seconds['before']:.2f}", f"{seconds['now']:.2f}",
                      f"**{seconds['now'] / seconds['before']:.2f}**"])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", required=True, help="path of the earlier anime-style")
    parser.add_argument("--before-plug-in", help="folder of the earlier plug-in, version 0.4 or older")
    parser.add_argument("--product", help="path of anime-style")
    parser.add_argument("--plug-in", help="folder of the plug-in")
    parser.add_argument("--megapixels", type=int, nargs="+", default=[1, 12, 24])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--style", default="cel")
    parser.add_argument("--threads", type=int)
    args = parser.parse_args()
    print(f"{machine(use_threads(args.threads))}\n", flush=True)
    head = ["megapixels", "before, s", "now, s", "now ÷ before (wanted: ≤ 1)"]
    with tempfile.TemporaryDirectory() as scratch_name:
        scratch = Path(scratch_name)
        photos = {str(size): scratch / f"photo-{size}.jpg" for size in args.megapixels}
        for size, photo in photos.items():
            make_photo(photo, int(size))
        programs = {"before": args.before, "now": find_command("anime-style", args.product)}
        print(table("anime-style stylize, the whole program", head, rows(photos, lambda photo: {
            name: drawing(program, args.style, photo, scratch / f"{name}.png") for name, program in programs.items()},
            args.rounds)), flush=True)
        if not args.before_plug_in:
            return
        hosts = {"before": replace(find_host(args.before_plug_in), takes_options=False), "now": find_host(args.plug_in)}
        environments = {name: host.profile(scratch / f"gimp-{name}") for name, host in hosts.items()}
        for name, host in hosts.items():
            host.run(environments[name])  # A new profile's first start takes about ten seconds.
        print(table("One call in GIMP, by its clock", head, rows(photos, lambda photo: {
            name: partial(call_in_gimp, host, environments[name], args.style, photo)
            for name, host in hosts.items()}, args.rounds)))


if __name__ == "__main__":
    main()
