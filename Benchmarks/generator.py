"""One 512×512 face: our generator through the product's own OpenVINO against the public face_paint architecture in ONNX
Runtime.

    python generator.py [--rounds 5] [--runs 5] [--size 512] [--threads 2]

Each contestant runs in a process of its own, in turns, on the same CPUs with as many threads. The product is timed by
`anime-style bench`: “network” is the engine alone, as ONNX Runtime is timed, and “paint” is the whole step from picture
to drawing with its tensor conversions. The same ONNX file run from Python by OpenVINO cross-checks the product's clock.
"""
from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import face_paint
from common import alternate, find_command, machine, repeat, run, table, use_threads

LIMITS = {"float32": 10.0, "half": 18.0}


def time_onnxruntime(model: str, size: int, runs: int, threads: int) -> list[float]:
    import numpy as np
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {"image": np.random.default_rng(0).uniform(-1, 1, (1, 3, size, size)).astype(np.float32)}
    return repeat(lambda: session.run(None, feed), runs)


def time_openvino(model: str, size: int, runs: int, threads: int, precision: str) -> list[float]:
    """Our model, straight from Python; gates are computed inside, as in the product's run of one face."""
    import numpy as np
    import openvino
    core = openvino.Core()
    network = core.read_model(model)
    manifest = json.loads(Path(model).with_suffix(".json").read_text())
    shapes = {manifest["input"]["name"]: [1, 3, size, size]}
    if "guides" in manifest:
        shapes[manifest["guides"]["input"]] = [1, len(manifest["guides"]["maps"]), size, size]
    network.reshape(shapes)
    hints = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads}
    if precision == "float32":
        hints["INFERENCE_PRECISION_HINT"] = "f32"
    request = core.compile_model(network, "CPU", hints).create_infer_request()
    random = np.random.default_rng(0)
    feed = {tensor.any_name: np.zeros([d.get_length() for d in tensor.partial_shape], np.float32)
            for tensor in network.inputs}
    feed[manifest["input"]["name"]] = random.uniform(-1, 1, (1, 3, size, size)).astype(np.float32)
    return repeat(lambda: request.infer(feed), runs, warm_up=3)


def contestant(arguments: list[str]) -> Callable[[], list[float]]:
    """This script again, in a process of its own, which prints its seconds as JSON."""
    return lambda: json.loads(run([sys.executable, __file__, "--contestant", *arguments]).stdout)


def product(command: str, options: argparse.Namespace, precision: str,
            paints: list[float]) -> Callable[[], list[float]]:
    def measure() -> list[float]:
        report = json.loads(run([command, "bench", "--style", options.style, "--size", str(options.size),
                                 "--runs", str(options.runs),
                                 "--precision", precision, "--json"]).stdout)
        paints.extend(report["paintSeconds"])
        return report["networkSeconds"]
    return measure


def compare(args: argparse.Namespace, threads: int) -> None:
    name = machine(threads)
    command = find_command("anime-style", args.product)
    counts = ["--size", str(args.size), "--runs", str(args.runs), "--threads", str(threads)]
    ours = json.loads(run([command, "models", "--json"]).stdout)
    model = next((entry["path"] for entry in ours if entry["id"] == args.style), None)
    if model is None:
        sys.exit(f"The style {args.style} is not installed.")
    paints: dict[str, list[float]] = {"float32": [], "half": []}
    with tempfile.TemporaryDirectory() as scratch:
        reference = Path(scratch) / "face_paint.onnx"
        reference.write_bytes(face_paint.onnx_model(args.size).SerializeToString())
        seconds = alternate({
            "reference": contestant(["onnxruntime", str(reference), *counts]),
            **{precision: product(command, args, precision, paints[precision]) for precision in paints},
            **{f"{precision} from Python": contestant([precision, model, *counts]) for precision in paints},
        }, args.rounds)
    report(args, seconds, {precision: statistics.median(values) for precision, values in paints.items()}, name)


def report(args: argparse.Namespace, seconds: dict[str, float], paints: dict[str, float], name: str) -> None:
    base = seconds["reference"]

    def row(what: str, value: float, wanted: str = "") -> list[str]:
        return [what, f"{1000 * value:.1f}", f"{base / value:.1f}×", wanted]

    reference = f"{face_paint.parameters():,} parameters, {face_paint.macs(args.size) / 1e9:.1f} GMAC"
    rows = [row(f"face_paint architecture ({reference}), ONNX Runtime", base)]
    for precision, limit in LIMITS.items():
        rows.append(row(f"our generator, {precision}: network", seconds[precision], f"≥ {limit:.0f}×"))
        rows.append(row(f"our generator, {precision}: paint, with conversions", paints[precision]))
        rows.append(row(f"our generator, {precision}: cross-check by OpenVINO from Python",
                        seconds[f"{precision} from Python"]))
    print(f"{name}\n")
    print(table(f"One {args.size}×{args.size} face, median of {args.rounds} × {args.runs} runs in turns",
                ["what", "ms", "faster than the reference", "wanted"], rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--style", default="cel")
    parser.add_argument("--product", help="path of anime-style")
    parser.add_argument("--contestant", nargs=2, metavar=("NAME", "MODEL"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    threads = use_threads(args.threads)
    if args.contestant:
        name, model = args.contestant
        seconds = (time_onnxruntime(model, args.size, args.runs, threads) if name == "onnxruntime"
                   else time_openvino(model, args.size, args.runs, threads, name))
        print(json.dumps(seconds))
        return
    compare(args, threads)


if __name__ == "__main__":
    main()
