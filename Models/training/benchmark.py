"""Time the exported model in OpenVINO on this machine.

    python benchmark.py ../cel.onnx --size 512
"""
from __future__ import annotations

import argparse
import time

import numpy as np
import openvino as ov


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--runs", type=int, default=20)
    args = parser.parse_args()
    core = ov.Core()
    model = core.read_model(args.model)
    gates = model.input("gates").partial_shape[1].get_length()
    model.reshape({"image": [1, 3, args.size, args.size]})
    feed = {
        "image": np.random.default_rng(0).uniform(-1, 1, (1, 3, args.size, args.size)).astype(np.float32),
        "gates": np.zeros((1, gates), np.float32),
        "gate_mix": np.zeros(1, np.float32),
    }
    for precision in ("f32", "bf16"):
        compiled = core.compile_model(model, "CPU", {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": "LATENCY"})
        request = compiled.create_infer_request()
        times = []
        for _ in range(args.runs + 3):
            start = time.perf_counter()
            request.infer(feed)
            times.append(time.perf_counter() - start)
        times = sorted(times[3:])
        print(f"{precision}: median {1000 * times[len(times) // 2]:.0f} ms, best {1000 * times[0]:.0f} ms at {args.size}x{args.size}")


if __name__ == "__main__":
    main()
