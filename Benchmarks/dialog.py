"""The filter's window on a photograph of 12 megapixels: seconds until it is on the screen, until the first drawing and
until the last; and from OK, once the preview is finished, until the drawing is a layer.

    python dialog.py [--rounds 5] [--threads 2]

GIMP runs on a screen of Xvfb with a profile of its own that holds only the plug-in under test. The seconds come from
the plug-in's log (GIMP_ANIME_STYLE_TIMINGS) and count from the call for the window, when the photograph is open in
GIMP. Each round is a new window, accepted with the Return key, since a cancelled call leaves no log; the first, which
fills caches, is left out. What follows OK is also told as a share of the time from the window to the layer. Needs Xvfb
and xdotool.
"""
from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import PORTRAIT, machine, table, use_threads
from gimp_host import Host, find_host

SIZE = (4000, 3000)
EVENTS = {"dialog-shown": ("window on the screen", 0.3), "preview-read": ("photograph read", None),
          "preview-first": ("first drawing", 1.0), "preview-done": ("last drawing", None),
          "ok": ("from OK to the layer", 2.0)}
PATIENCE = 120


def photograph(path: Path) -> None:
    """The test portrait enlarged to the width and cut to the height."""
    from PIL import Image
    side = SIZE[0]
    Image.open(PORTRAIT).convert("RGB").resize((side, side), Image.BICUBIC).crop((0, 0, *SIZE)).save(path, quality=92)


def windows(environment: dict[str, str]) -> list[str]:
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Anime Style$"], env=environment,
                           capture_output=True, text=True)
    return found.stdout.split()


def until(condition, what: str, every: float = 0.1) -> None:
    """Waits for `condition`, for at most PATIENCE seconds, and looks after it `every` so many."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            sys.exit(f"{what} within {PATIENCE} seconds did not happen.")
        time.sleep(every)


def is_idle(environment: dict[str, str]) -> bool:
    """Whether the plug-in has come to rest: no more than 0.05 s of processor time in half a second."""
    ids = subprocess.run(["pgrep", "-f", "gimp-anime-style -gimp"], capture_output=True, text=True,
                         env=environment).stdout.split()

    def ticks() -> int:
        total = 0
        for process in ids:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
            total += int(fields[11]) + int(fields[12])
        return total

    before = ticks()
    time.sleep(0.5)
    return ticks() - before <= 5


def rounds_of(
    host: Host, environment: dict[str, str], picture: Path, log: Path, rounds: int
) -> list[dict[str, float]]:
    """Seconds of each event in each round."""
    result = []
    script = f"(let* ((image {host.load(picture)}) (layer {host.layer})) {host.ask()})"
    for number in range(rounds + 1):
        print(f"round {number} of {rounds}", file=sys.stderr, flush=True)
        log.unlink(missing_ok=True)
        process = subprocess.Popen(host.window(script), env=environment, stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            until(lambda: windows(environment), "The window")
            time.sleep(2)
            until(lambda: is_idle(environment), "The last drawing")
            # Without a window manager nothing has the focus; the last window found is the outermost.
            subprocess.run(["xdotool", "windowfocus", windows(environment)[-1], "sleep", "0.3"], env=environment,
                           check=True, capture_output=True)
            pressed = time.monotonic()
            subprocess.run(["xdotool", "key", "Return"], env=environment, check=True, capture_output=True)
            until(log.exists, "The end of the window", every=0.01)
            accepted = time.monotonic() - pressed
        finally:
            process.kill()
            process.wait()
        lines = (line.split() for line in log.read_text().splitlines())
        result.append({**{name: float(seconds) for name, seconds in lines}, "ok": accepted})
    return result[1:]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--plug-in", help="folder of the plug-in")
    args = parser.parse_args()
    name = machine(use_threads(args.threads))
    host = find_host(args.plug_in)
    with tempfile.TemporaryDirectory() as scratch:
        picture, log = Path(scratch) / "photograph.jpg", Path(scratch) / "timings"
        photograph(picture)
        display = f":{random.randrange(100, 500)}"
        environment = {**host.profile(Path(scratch) / "gimp"), "DISPLAY": display, "GIMP_ANIME_STYLE_TIMINGS": str(log)}
        screen = subprocess.Popen(["Xvfb", display, "-screen", "0", "1280x900x24"], stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL)
        try:
            # A new profile's first start takes about ten seconds.
            host.run({**environment, "GIMP_ANIME_STYLE_TIMINGS": os.devnull})
            seconds = rounds_of(host, environment, picture, log, args.rounds)
        finally:
            screen.kill()
            screen.wait()
    rows = []
    for event, (text, limit) in EVENTS.items():
        median = statistics.median(r[event] for r in seconds)
        worst = max(r[event] for r in seconds)
        rows.append([text + (f" (wanted: ≤ {limit})" if limit else ""), f"{median:.2f}", f"{worst:.2f}"])
    shares = [r["ok"] / (r["preview-done"] + r["ok"]) for r in seconds]
    rows.append(["share of what follows OK in the time from the window to the layer",
                 f"{statistics.median(shares):.2f}", f"{max(shares):.2f}"])
    print(f"{name}; GIMP {host.version}\n")
    print(table(f"Window on a photograph of {SIZE[0]}×{SIZE[1]}, {args.rounds} rounds",
                ["until", "seconds, median", "longest"], rows))


if __name__ == "__main__":
    main()
