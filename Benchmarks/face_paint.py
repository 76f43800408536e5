"""The reference: the public face_paint_512_v2 architecture (the generator of animegan2-pytorch) with random weights.

Written from the published layer list, as ONNX and as PyTorch. Random weights cost exactly what trained ones cost.

    python face_paint.py OUT.onnx [--size 512]      writes the graph, prints parameters and multiply-accumulates
"""
from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

PARAMETERS = 2_143_552
"""Parameters of the published generator; the scripts refuse to run against anything else."""


@dataclass(frozen=True)
class Conv:
    """Reflection padding, convolution, GroupNorm with one group (if `norm`), LeakyReLU of 0.2 (if `act`)."""
    cin: int
    cout: int
    kernel: int = 3
    stride: int = 1
    groups: int = 1
    bias: bool = False
    norm: bool = True
    act: bool = True

    @property
    def padding(self) -> tuple[int, int, int, int]:
        """Left, right, top, bottom. The strided layers pad the far sides only."""
        half = self.kernel // 2
        return (0, half, 0, half) if self.stride == 2 else (half, half, half, half)


@dataclass(frozen=True)
class Inverted:
    """Inverted residual block: widen by `ratio`, depthwise 3×3, narrow; added to its input when the widths agree."""
    cin: int
    cout: int
    ratio: int = 2

    @property
    def layers(self) -> list[Conv]:
        wide = self.cin * self.ratio
        return [Conv(self.cin, wide, kernel=1), Conv(wide, wide, groups=wide, bias=True),
                Conv(wide, self.cout, kernel=1, act=False)]


@dataclass(frozen=True)
class Double:
    """Twice the size, bilinear, half-pixel centres."""


LAYERS: list[Conv | Inverted | Double] = [
    Conv(3, 32, kernel=7), Conv(32, 64, stride=2), Conv(64, 64),
    Conv(64, 128, stride=2), Conv(128, 128),
    Conv(128, 128), Inverted(128, 256), Inverted(256, 256), Inverted(256, 256), Inverted(256, 256), Conv(256, 128),
    Double(),
    Conv(128, 128), Conv(128, 128),
    Double(),
    Conv(128, 64), Conv(64, 64), Conv(64, 32, kernel=7),
    Conv(32, 3, kernel=1, norm=False, act=False),
]
"""The last layer is followed by tanh."""


def convolutions() -> list[tuple[Conv, int]]:
    """Every convolution with the factor by which its output's side is smaller than the picture's."""
    result: list[tuple[Conv, int]] = []
    shrink = 1
    for layer in LAYERS:
        if isinstance(layer, Double):
            shrink //= 2
            continue
        for conv in layer.layers if isinstance(layer, Inverted) else [layer]:
            shrink *= conv.stride
            result.append((conv, shrink))
    return result


def parameters() -> int:
    return sum(c.cin // c.groups * c.cout * c.kernel**2 + c.cout * c.bias + 2 * c.cout * c.norm
               for c, _ in convolutions())


def macs(size: int) -> int:
    """Multiply-accumulates of the convolutions on a picture of `size` × `size`."""
    return sum(c.cin // c.groups * c.cout * c.kernel**2 * (size // shrink)**2 for c, shrink in convolutions())


class _Graph:
    """Collects ONNX nodes and random weights."""

    def __init__(self, seed: int) -> None:
        self.nodes: list = []
        self.weights: list = []
        self.random = np.random.default_rng(seed)
        self.count = 0

    def constant(self, values: np.ndarray) -> str:
        from onnx import numpy_helper
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(values, name))
        return name

    def add(self, kind: str, inputs: list[str], **attributes) -> str:
        from onnx import helper
        self.count += 1
        name = f"t{self.count}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def convolution(self, x: str, c: Conv) -> str:
        left, right, top, bottom = c.padding
        if c.kernel > 1:
            pads = np.array([0, 0, top, left, 0, 0, bottom, right], np.int64)
            x = self.add("Pad", [x, self.constant(pads)], mode="reflect")
        shape = (c.cout, c.cin // c.groups, c.kernel, c.kernel)
        scale = (2 / (shape[1] * c.kernel**2))**0.5
        inputs = [x, self.constant((self.random.standard_normal(shape) * scale).astype(np.float32))]
        if c.bias:
            inputs.append(self.constant(np.zeros(c.cout, np.float32)))
        x = self.add("Conv", inputs, kernel_shape=[c.kernel] * 2, strides=[c.stride] * 2, group=c.groups)
        if c.norm:
            x = self.group_norm(x, c.cout)
        return self.add("LeakyRelu", [x], alpha=0.2) if c.act else x

    def group_norm(self, x: str, channels: int) -> str:
        """GroupNorm with one group in the form that PyTorch's exporter writes: instance norm over a reshaped tensor."""
        flat = self.add("Reshape", [x, self.constant(np.array([0, 1, -1], np.int64))])
        one, zero = self.constant(np.ones(1, np.float32)), self.constant(np.zeros(1, np.float32))
        normal = self.add("InstanceNormalization", [flat, one, zero], epsilon=1e-5)
        normal = self.add("Reshape", [normal, self.add("Shape", [x])])
        gain = self.constant(np.ones((channels, 1, 1), np.float32))
        shift = self.constant(np.zeros((channels, 1, 1), np.float32))
        return self.add("Add", [self.add("Mul", [normal, gain]), shift])

    def layer(self, x: str, layer: Conv | Inverted | Double) -> str:
        if isinstance(layer, Conv):
            return self.convolution(x, layer)
        if isinstance(layer, Double):
            scales = self.constant(np.array([1, 1, 2, 2], np.float32))
            return self.add("Resize", [x, "", scales], mode="linear", coordinate_transformation_mode="half_pixel")
        y = x
        for conv in layer.layers:
            y = self.convolution(y, conv)
        return self.add("Add", [x, y]) if layer.cin == layer.cout else y


def onnx_model(size: int, seed: int = 0):
    """The architecture as an ONNX model: `image` [1, 3, size, size] in −1…1 → `drawing`, the same shape and range."""
    import onnx
    from onnx import TensorProto, helper
    graph = _Graph(seed)
    x = "image"
    for layer in LAYERS:
        x = graph.layer(x, layer)
    graph.nodes.append(helper.make_node("Tanh", [x], ["drawing"]))
    shape = [1, 3, size, size]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "face_paint", [helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)],
                          [helper.make_tensor_value_info("drawing", TensorProto.FLOAT, shape)], graph.weights),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    return model


def torch_model(seed: int = 0):
    """The same as a PyTorch module in evaluation mode, weights random."""
    import torch
    from torch import nn
    torch.manual_seed(seed)

    def conv(c: Conv) -> nn.Module:
        parts: list[nn.Module] = [nn.ReflectionPad2d(c.padding)] if c.kernel > 1 else []
        parts.append(nn.Conv2d(c.cin, c.cout, c.kernel, c.stride, groups=c.groups, bias=c.bias))
        parts += [nn.GroupNorm(1, c.cout)] if c.norm else []
        parts += [nn.LeakyReLU(0.2, inplace=True)] if c.act else []
        return nn.Sequential(*parts)

    class Residual(nn.Module):
        def __init__(self, block: Inverted) -> None:
            super().__init__()
            self.layers = nn.Sequential(*map(conv, block.layers))
            self.adds = block.cin == block.cout

        def forward(self, x):
            return x + self.layers(x) if self.adds else self.layers(x)

    def module(layer: Conv | Inverted | Double) -> nn.Module:
        if isinstance(layer, Conv):
            return conv(layer)
        if isinstance(layer, Inverted):
            return Residual(layer)
        return nn.Upsample(scale_factor=2, mode="bilinear", align_corners=False)

    model = nn.Sequential(*map(module, LAYERS), nn.Tanh()).eval()
    count = sum(p.numel() for p in model.parameters())
    if count != PARAMETERS:
        raise SystemExit(f"the PyTorch model has {count} parameters instead of {PARAMETERS}")
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=512)
    args = parser.parse_args()
    if parameters() != PARAMETERS:
        raise SystemExit(f"the layer list has {parameters()} parameters instead of {PARAMETERS}")
    with open(args.out, "wb") as file:
        file.write(onnx_model(args.size).SerializeToString())
    print(f"{parameters()} parameters, {macs(args.size) / 1e9:.1f} GMAC at {args.size}x{args.size}")


if __name__ == "__main__":
    main()
