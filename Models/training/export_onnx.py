"""Write a trained generator as ONNX (half-precision weights) with its manifest.

    python export_onnx.py --checkpoint RUN/last.pt --out ../cel.onnx

The name of the file is the style's: cel, soft or luminous (painter/look.py).
"""
from __future__ import annotations

import argparse
import copy
import hashlib
import inspect
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnx
import torch
import torch.nn as nn
from onnx import TensorProto, helper, numpy_helper

from deploy import Deployed
from network import CelGenerator, one_style
from painter.look import LOOKS
from titles import DESCRIPTIONS, TITLES

OPSET = 17


class Finish(NamedTuple):
    """What is set by eye, not learnt: the values of ToneShapes and the width of Flattening.

    Training leaves the network shy: where it doubts, there is no shade.
    """

    sharpness: float
    readiness: float
    strength: tuple[float, float]
    flatness: float


FINISH = {
    "cel": Finish(8.0, 0.75, (1.25, 1.1), 0.055),
    "soft": Finish(1.5, 0.6, (1.3, 1.1), 0.035),
    "luminous": Finish(4.0, 0.7, (1.4, 1.2), 0.045),
}
# Coverages below the first are noise, from the second on the line is whole.
LINE_RANGE = (0.15, 0.65)


def fold_batch_norm(model: nn.Module) -> nn.Module:
    """A copy in evaluation mode whose batch norms are folded into the convolutions before them."""
    model = copy.deepcopy(model).eval()
    for module in model.modules():
        if not isinstance(module, nn.Sequential):
            continue
        for i in range(len(module) - 1):
            if isinstance(module[i], nn.Conv2d) and isinstance(module[i + 1], nn.BatchNorm2d):
                module[i] = nn.utils.fuse_conv_bn_eval(module[i], module[i + 1])
                module[i + 1] = nn.Identity()
    return model


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
    """Trace ``model`` on ``example`` and write it with half-precision weights; ``dynamic`` names the axes that may differ."""
    # The older exporter's graph is the smaller one; PyTorch 1.13 (Debian 12) has no other.
    older = {"dynamo": False} if "dynamo" in inspect.signature(torch.onnx.export).parameters else {}
    torch.onnx.export(model.eval(), example, str(path), opset_version=OPSET, input_names=inputs, output_names=outputs,
                      dynamic_axes=dynamic, **older)
    graph = halve_weights(onnx.load(str(path)))
    onnx.checker.check_model(graph)
    onnx.save(graph, str(path))


def export(net: CelGenerator, path: Path) -> None:
    """Write ``net`` with dynamic height and width."""
    example = (torch.zeros(1, 3, 64, 96), torch.zeros(1, net.gate_count), torch.zeros(1))
    size = {2: "height", 3: "width"}
    write_onnx(Deployed(fold_batch_norm(net)), example, path, ["image", "gates", "gate_mix"], ["colour", "lines", "gates_out"],
               {"image": size, "colour": size, "lines": size})


def manifest(path: Path, gate_count: int, version: str) -> dict:
    """The style's manifest; Sources/Models/ModelManifest.swift explains each field."""
    return {
        "schema": 1,
        "id": path.stem,
        "title": TITLES[path.stem],
        "description": DESCRIPTIONS[path.stem],
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "licence": "Apache-2.0",
        "version": version,
        "input": {"name": "image", "layout": "NCHW", "channels": "RGB", "range": [-1, 1], "multiple": 8},
        "outputs": {"colour": "colour", "lines": "lines"},
        "gates": {"input": "gates", "mix": "gate_mix", "output": "gates_out", "count": gate_count},
        "lineTint": list(LOOKS[path.stem].line_tint),
        "lineRange": list(LINE_RANGE),
        "face": {"size": 512, "maximumSize": 768, "template": "ffhq512", "templateScale": 0.6667},
        "tiling": {"allowed": True, "tile": 512, "overlap": 64},
        "workingSize": 1024,
        "defaults": {"strength": 1.0, "lines": 1.0, "keepColors": 0.0},
    }


def load_generator(checkpoint: Path, style: str) -> CelGenerator:
    """One style of the averaged (EMA) weights of a training checkpoint; the styles are in the order of LOOKS."""
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    net = CelGenerator()
    net.load_state_dict(one_style(state["ema"], list(LOOKS).index(style)))
    finish = FINISH[style]
    net.tones.sharpness, net.tones.readiness, net.tones.strength = finish.sharpness, finish.readiness, finish.strength
    net.flattening.width = finish.flatness
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, help="without it: untrained weights, for interface tests only")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--version", default="0.1")
    args = parser.parse_args()
    torch.manual_seed(0)
    net = load_generator(args.checkpoint, args.out.stem) if args.checkpoint else CelGenerator().eval()
    export(net, args.out)
    text = json.dumps(manifest(args.out, net.gate_count, args.version), ensure_ascii=False, indent=2)
    args.out.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
