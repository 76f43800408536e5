"""Write a trained generator as ONNX (half-precision weights) with its manifest.

    python export_onnx.py --checkpoint RUN/last.pt --out ../cel.onnx

The name of the file is the style's: cel, soft or luminous (painter/look.py).
"""
from __future__ import annotations

import argparse
import hashlib
import inspect
import json
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
from composition import FINISH, manifest_fields
from deploy import Deployed
from guides import MAPS
from network import LOGITS, MULTIPLE, CelGenerator, one_style
from onnx import TensorProto, helper, numpy_helper
from painter.look import LOOKS
from titles import DESCRIPTIONS, TITLES

OPSET = 17


# Gradients of flat colour below about this are flattened (flatten.py).
FLATNESS = {"cel": 0.055, "soft": 0.035, "luminous": 0.045}


def halve_weights(graph_model: onnx.ModelProto) -> onnx.ModelProto:
    """Store every large f32 constant as f16 followed by a Cast, which engines fold back at load time."""
    graph = graph_model.graph
    casts, kept = [], []
    for tensor in graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 16:
            kept.append(tensor)
            continue
        values = numpy_helper.to_array(tensor).astype(np.float16)
        assert np.isfinite(values).all(), tensor.name
        kept.append(numpy_helper.from_array(values, tensor.name + "_f16"))
        casts.append(helper.make_node("Cast", [tensor.name + "_f16"], [tensor.name], to=TensorProto.FLOAT))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = list(graph.node)
    del graph.node[:]
    graph.node.extend(casts + nodes)
    return graph_model


def write_onnx(model: nn.Module, example: tuple[torch.Tensor, ...], path: Path, inputs: list[str], outputs: list[str],
               dynamic: dict[str, dict[int, str]] | None = None) -> None:
    """Trace ``model`` on ``example`` and write it with half-precision weights; ``dynamic``: axes that may differ."""
    # The older exporter's graph is the smaller one; PyTorch 1.13 (Debian 12) has no other.
    older = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model.eval(), example, str(path), opset_version=OPSET, input_names=inputs, output_names=outputs,
                      dynamic_axes=dynamic, **older)
    graph = halve_weights(onnx.load(str(path)))
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))


def export(net: CelGenerator, path: Path, flatness: float = 0.0) -> None:
    """Write ``net`` with dynamic height and width."""
    size, half = {2: "height", 3: "width"}, {2: "half_height", 3: "half_width"}
    example = tuple(torch.zeros(shape) for shape in ((1, 3, 64, 96), (1, len(MAPS), 64, 96), (1, net.gate_count), (1,)))
    write_onnx(Deployed(net, flatness).eval(), example, path, ["image", "guides", "gates", "gate_mix"],
               ["flat", "effects", "logits", "gates_out"],
               {"image": size, "guides": size, "flat": size, "effects": half, "logits": size})


def manifest(path: Path, gate_count: int, version: str) -> dict:
    """The style's manifest; README.md ("What the network promises") and COMPOSITION.md explain the fields."""
    style = path.stem
    finish = FINISH[style]
    return {
        "schema": 2,
        "id": style,
        "title": TITLES[style],
        "description": DESCRIPTIONS[style],
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "version": version,
        "input": {"name": "image", "layout": "NCHW", "channels": "RGB", "range": [-1, 1], "multiple": MULTIPLE},
        "guides": {"input": "guides", "maps": list(MAPS)},
        "outputs": {"flat": "flat", "effects": "effects", "logits": "logits"},
        "logits": list(LOGITS),
        "decisions": manifest_fields(finish),
        "gates": {"input": "gates", "mix": "gate_mix", "output": "gates_out", "count": gate_count},
        "lineTint": list(LOOKS[style].line_tint),
        "lineRange": list(finish.line_range),
        "face": {"size": 512, "minimumSize": 256, "maximumSize": 768, "template": "ffhq512", "templateScale": 0.6667},
        "tiling": {"allowed": True, "tile": 512, "overlap": 64},
        "workingSize": 1448,
        "defaults": {"strength": 1.0, "lines": 1.0, "keepColors": 0.0},
    }


def load_generator(checkpoint: Path, style: str) -> CelGenerator:
    """One style of the averaged (EMA) weights of a training checkpoint; the styles are in the order of LOOKS."""
    state = torch.load(checkpoint, map_location="cpu")
    net = CelGenerator()
    net.load_state_dict(one_style(state["ema"], list(LOOKS).index(style)))
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, help="without it: untrained weights, for interface tests only")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.1")
    args = parser.parse_args()
    torch.manual_seed(0)
    net = load_generator(args.checkpoint, args.out.stem) if args.checkpoint else CelGenerator().eval()
    export(net, args.out, FLATNESS[args.out.stem])
    text = json.dumps(manifest(args.out, net.gate_count, args.version), ensure_ascii=False, indent=2)
    args.out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
