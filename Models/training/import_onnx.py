"""Weights out of ONNX files, back into networks that can be trained.

    python import_onnx.py --models .. --out start.pt

Takes the style networks (cel.onnx, soft.onnx, luminous.onnx in --models) and writes a checkpoint for `train.py
--start-from`: the drawings of what ships are where training begins.  Files of version 0.4 know neither guides nor the
level at 1/16: weights of the guides become zero, and so does the output of that level.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import onnx
import torch
from network import HEAD, CelGenerator, with_inputs
from onnx import numpy_helper
from painter.look import LOOKS

# Version 0.4 multiplied and shifted its outputs at export.  Lines and marks: gain and offset of the logits; for each
# style: sharpness and readiness of shade and light, and the strength of their effects.
LINES_04, MARK_SHARPNESS_04, MARK_READINESS_04 = (1.35, 0.5), 3.0, (-1.0, 0.4, 0.0)
TONES_04 = {"cel": (8.0, 0.75, (1.25, 1.1)), "soft": (1.5, 0.6, (1.3, 1.1)), "luminous": (4.0, 0.7, (1.4, 1.2))}


def weights_of(model: onnx.ModelProto) -> dict[str, torch.Tensor]:
    """All initialisers by name as float32; weights stored in half precision lose their suffix."""
    tensors = model.graph.initializer
    return {t.name.removesuffix("_f16"): torch.from_numpy(numpy_helper.to_array(t).copy()).float() for t in tensors}


def output_scales(style: str, guided: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """Gain and offset [36] that an export gave to the channels of HEAD; today's (deploy.py) halves colour alone."""
    gains = {name: torch.ones(count) for name, count in HEAD.items()}
    offsets = {name: torch.zeros(count) for name, count in HEAD.items()}
    gains["base"] = torch.full((12,), 0.5)
    if not guided:
        offsets["base"] = torch.full((12,), 0.5)
        repeated = lambda values, count: torch.tensor(values).repeat_interleave(count)
        sharpness, readiness, strength = TONES_04[style]
        gains.update(lines=torch.full((4,), LINES_04[0]), marks=torch.full((12,), MARK_SHARPNESS_04),
                     tones=torch.full((2,), sharpness), effects=repeated(strength, 3))
        offsets.update(lines=torch.full((4,), LINES_04[1]), marks=MARK_SHARPNESS_04 * repeated(MARK_READINESS_04, 4),
                       tones=torch.full((2,), sharpness * readiness))
    return torch.cat(list(gains.values())), torch.cat(list(offsets.values()))


def from_files(models: Path) -> CelGenerator:
    """A generator of all styles that draws what the networks in ``models`` draw."""
    net = CelGenerator(len(LOOKS))
    state = net.state_dict()
    for number, style in enumerate(LOOKS):
        path = models / f"{style}.onnx"
        weights = weights_of(onnx.load(str(path)))
        if "last.weight" not in weights or "net.stem.0.weight" not in weights:
            raise SystemExit(f"{path} is not one of this project's style networks; take those of a release.")
        guided = weights["net.stem.0.weight"].shape == state["stem.0.weight"].shape
        gain, offset = output_scales(style, guided)
        state[f"heads.{number}.weight"] = weights["last.weight"] / gain.view(-1, 1, 1, 1)
        state[f"heads.{number}.bias"] = (weights["last.bias"] - offset) / gain
        if number == 0:
            # The trunk is the same in all files.
            trunk = {k[4:]: v for k, v in weights.items() if k.startswith("net.") and k[4:] in state}
            for name in ("stem.0.weight", "up1.0.weight"):
                trunk[name] = with_inputs(trunk[name], state[name])
            state.update(trunk)
    net.load_state_dict(state)
    return net.eval()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True, help="folder with cel.onnx, soft.onnx and luminous.onnx")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.save({"ema": from_files(args.models).state_dict()}, args.out)
    print(f"wrote {args.out}")


if __name__ == "__main__":
    main()
