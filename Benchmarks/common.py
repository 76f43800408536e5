"""What the benchmarks share: the machine, alternating repeats, medians and tables."""
from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORTRAIT = ROOT / ".third-party/photos/astronaut.png"


def use_threads(count: int | None) -> int:
    """Restrict this process and all that it starts to `count` CPUs, so that every contestant has the same; 0 or None
    means all.

    Must come before an engine is imported, since engines size their thread pools from the affinity mask.
    """
    available = sorted(os.sched_getaffinity(0))
    count = min(count or len(available), len(available))
    os.sched_setaffinity(0, available[:count])
    os.environ["OMP_NUM_THREADS"] = str(count)
    return count


def cpu_flags() -> set[str]:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("flags"):
            return set(line.split(":", 1)[1].split())
    return set()


def machine(threads: int) -> str:
    """One line that names the machine, for the top of each table."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    fields = {k.strip(): v.strip() for k, _, v in (line.partition(":") for line in lines) if v}
    half = [("" if flag in cpu_flags() else "no ") + name
            for flag, name in (("avx512_bf16", "AVX512-BF16"), ("amx_bf16", "AMX"))]
    load = os.getloadavg()[0]
    return (f"{fields.get('model name', platform.processor())} "
            f"(family {fields.get('cpu family')}, model {fields.get('model')}), "
            f"{threads} threads, {', '.join(half)}; load before the run {load:.1f}")


def alternate(contestants: dict[str, Callable[[], list[float]]], rounds: int) -> dict[str, float]:
    """Median seconds of each contestant, taken in turns so that a change of the machine's speed meets all of them.

    Each callable returns the seconds of one or more repeats.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        for name, measure in contestants.items():
            seconds[name] += measure()
    return {name: statistics.median(values) for name, values in seconds.items()}


def repeat(call: Callable[[], object], count: int, warm_up: int = 1) -> list[float]:
    """Seconds of `count` calls after `warm_up` calls that are not counted."""
    for _ in range(warm_up):
        call()
    result = []
    for _ in range(count):
        start = time.perf_counter()
        call()
        result.append(time.perf_counter() - start)
    return result


def table(title: str, head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [f"### {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def find_command(name: str, given: str | None) -> str:
    """Path of a program of the product: as given, from PATH, from the installation, or from a release build."""
    candidates = [given] if given else [
        *(f"{folder}/{name}" for folder in os.environ.get("PATH", "").split(":")),
        str(Path.home() / ".local/bin" / name), str(ROOT / ".build/install/release" / name),
        str(ROOT / ".build/release" / name)]
    for path in candidates:
        if path and os.access(path, os.X_OK):
            return path
    sys.exit(f"{name} was not found; run ./install.sh first or name it with --product.")


def run(command: list[str], **options) -> subprocess.CompletedProcess:
    """Run a program and stop with its own words when it fails."""
    result = subprocess.run(command, capture_output=True, text=True, **options)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)} failed with status {result.returncode}:\n{result.stdout}{result.stderr}")
    return result
