"""One call of the filter in GIMP on a portrait of 1024×1024: where the time goes, and the plug-in's peak memory.

    python gimp_call.py [--calls 7] [--region both] [--threads 2]

GIMP runs without a window, with a profile of its own that holds only the plug-in under test, and calls the registered
procedure several times on a fresh copy of the picture. The clock around the call is GIMP's own, so the start of the
plug-in process counts. The plug-in's stages come from its log (GIMP_ANIME_STYLE_TIMINGS); its peak memory is VmHWM,
watched from outside.
"""
from __future__ import annotations

import argparse
import os
import re
import statistics
import sys
import tempfile
import threading
from collections import defaultdict
from pathlib import Path

from common import PORTRAIT, machine, table, use_threads
from gimp_host import PROGRAM, REGIONS, Host, find_host

INFERENCE = ("detect", "stylize")
LIMITS = {"rest": 0.7, "memory": 500}


class PeakMemory(threading.Thread):
    """Watches every process of a program that this one has started, itself or through others, until stopped; `peak` is
    the largest VmHWM seen, in MB."""

    def __init__(self, program: str = PROGRAM) -> None:
        super().__init__(daemon=True)
        self.program = program
        self.peak = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            for status in self.processes():
                match = re.search(r"VmHWM:\s+(\d+) kB", status)
                if match:
                    self.peak = max(self.peak, int(match[1]) * 1024 / 1e6)

    def processes(self) -> list[str]:
        found = []
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                if (folder / "comm").read_text().strip() == self.program[:15] and is_started_here(int(folder.name)):
                    found.append((folder / "status").read_text())
            except OSError:  # It ended while we looked.
                pass
        return found


def is_started_here(process: int) -> bool:
    while process > 1:
        if process == os.getpid():
            return True
        parent = re.search(r"PPid:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
        process = int(parent[1]) if parent else 0
    return False


def script(host: Host, picture: Path, style: str, region: int, calls: int) -> str:
    """Script-Fu that calls the filter `calls` times and prints GIMP's clock around each call."""
    stamp = ('(let ((t (gettimeofday))) (gimp-message '
             '(string-append "bench {} " (number->string (car t)) " " (number->string (cadr t)))))')
    return f"""(let ((n 0))
      (while (< n {calls})
        (let* ((image {host.load(picture)}) (layer {host.layer}))
          {stamp.format('start')}
          {host.draw(style, region)}
          {stamp.format('end')}
          (gimp-image-delete image))
        (set! n (+ n 1))))"""


def portrait(path: Path) -> None:
    from PIL import Image
    Image.open(PORTRAIT).convert("RGB").resize((1024, 1024), Image.BICUBIC).save(path)


def call_seconds(output: str, calls: int) -> list[float]:
    """Seconds of each call by GIMP's clock, from what the script printed."""
    stamps = re.findall(r"bench (start|end) (\d+) (\d+)", output)
    if len(stamps) != 2 * calls:
        sys.exit(f"GIMP did not finish the {calls} calls:\n{output}")
    times = [int(seconds) + int(micro) / 1e6 for _, seconds, micro in stamps]
    return [end - start for start, end in zip(times[::2], times[1::2])]


def stage_seconds(log: Path, calls: int) -> list[dict[str, float]]:
    """Seconds of each stage in each call, from the plug-in's log."""
    result: list[dict[str, float]] = [defaultdict(float)]
    for line in log.read_text().splitlines():
        stage, seconds = line.split()
        result[-1][stage] += float(seconds)
        if stage == "total":
            result.append(defaultdict(float))
    if len(result) != calls + 1:
        sys.exit(f"The plug-in's log has {len(result) - 1} calls instead of {calls}.")
    return result[:calls]


def measure(host: Host, style: str, region: int, calls: int) -> tuple[list[float], list[dict[str, float]], float]:
    """Seconds of each call, its stages, and the plug-in's peak memory in MB. The first call, which fills caches, is
    left out."""
    with tempfile.TemporaryDirectory() as scratch:
        picture, log = Path(scratch) / "portrait.png", Path(scratch) / "timings"
        portrait(picture)
        environment = host.profile(Path(scratch) / "gimp")
        host.run(environment)  # A new profile's first start takes about ten seconds.
        environment["GIMP_ANIME_STYLE_TIMINGS"] = str(log)
        memory = PeakMemory()
        memory.start()
        output = host.run(environment, script(host, picture, style, region, calls + 1))
        memory.stopped.set()
        memory.join()
        return call_seconds(output, calls + 1)[1:], stage_seconds(log, calls + 1)[1:], memory.peak


def report(calls: list[float], stages: list[dict[str, float]], peak: float) -> None:
    def median(values) -> str:
        return f"{statistics.median(values):.3f}"

    rows = [[stage, median(call[stage] for call in stages)] for stage in stages[0] if stage != "total"]
    rows.append(["**whole call, by GIMP's clock**", median(calls)])
    rest = [seconds - sum(call[stage] for stage in INFERENCE) for seconds, call in zip(calls, stages)]
    rows.append([f"**whole call less {' and '.join(INFERENCE)}** (wanted: ≤ {LIMITS['rest']})", f"**{median(rest)}**"])
    print(table(f"GIMP call on 1024×1024, median of {len(calls)} calls, half precision where the CPU has it",
                ["stage", "seconds"], rows))
    print(f"Peak memory of the plug-in's process: **{peak:.0f} MB** (wanted: ≤ {LIMITS['memory']} MB)\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=7)
    parser.add_argument("--region", default="both", choices=REGIONS)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--style", default="cel")
    parser.add_argument("--plug-in", help="folder of the plug-in")
    args = parser.parse_args()
    threads = use_threads(args.threads)
    name = machine(threads)
    host = find_host(args.plug_in)
    print(f"{name}; GIMP {host.version}\n")
    report(*measure(host, args.style, REGIONS.index(args.region), args.calls))


if __name__ == "__main__":
    main()
