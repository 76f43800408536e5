"""K, the keypoint branch: a small frozen judge of where eyes, nose and mouth lie.

K sees the middle 256 px of a face aligned to the canonical 512 px square (FFHQ template shrunk by 1.5 about the
centre), averaged 2x2 to 128 px, photo or drawing.  The generator's training asks K for the landmarks of photo and
picture and punishes their difference; `anime-style measure` asks it as a second opinion beside MTCNN.

    python keypoints.py --checkpoint keypoints.pt --out keypoints.onnx

Pixel (x, y) of any picture has its centre at (x, y), as in OpenCV; points of the window in 0...1 count from the
outer edge of its first pixel to the outer edge of its last one.
"""
from __future__ import annotations

import argparse
import copy
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from alignment import similarity, template
from export_onnx import write_onnx
from import_onnx import weights_of
from network import up2

# Size of K's input and of the part of the canonical square that it shows, pixels.
WINDOW, SPAN = 128, 256
# Order of the points when left and right change places.
MIRRORED = (1, 0, 2, 4, 3)


class NormBlock(nn.Sequential):
    """Convolution, batch norm, leaky ReLU.  [N,i,H,W] -> [N,o,H/stride,W/stride]."""

    def __init__(self, i: int, o: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(o), nn.LeakyReLU(0.1))


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


class Residual(nn.Module):
    """Two 3x3 convolutions beside the identity.  [N,c,H,W] -> [N,c,H,W]."""

    def __init__(self, c: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = NormBlock(c, c)
        self.b = nn.Sequential(nn.Conv2d(c, c, 3, 1, dilation, dilation=dilation, bias=False), nn.BatchNorm2d(c))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return F.leaky_relu(x + self.b(self.a(x)), 0.1)


class Keypoints(nn.Module):
    """image [N,3,128,128] in -1...1 -> points [N,5,2] (x, y in 0...1 of the window).

    Left and right are the viewer's: left eye, right eye, nose tip, left and right mouth corner.  Points are the means
    of softmax heat-maps (integral regression, Sun et al. 2018), hence finer than a cell and differentiable.
    """

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 64, 96)) -> None:
        super().__init__()
        a, b, c, d = widths
        self.stem = NormBlock(3, a, 2)
        self.level2 = nn.Sequential(NormBlock(a, b, 2), NormBlock(b, b))
        self.level3 = nn.Sequential(NormBlock(b, c, 2), NormBlock(c, c))
        self.level4 = nn.Sequential(NormBlock(c, d, 2), Residual(d, 2))
        self.narrow4 = NormBlock(d, c, kernel=1)
        self.up3 = NormBlock(c, c)
        self.narrow3 = NormBlock(c, b, kernel=1)
        self.up2 = NormBlock(b, b)
        self.heat = nn.Conv2d(b, 5, 1)

    def features(self, image: torch.Tensor) -> list[torch.Tensor]:
        """Encoder features at 1/2, 1/4, 1/8 and 1/16 of any image [N,3,H,W] in -1...1, sides multiples of 16."""
        s1 = self.stem(image)
        s2 = self.level2(s1)
        s3 = self.level3(s2)
        return [s1, s2, s3, self.level4(s3)]

    def maps(self, image: torch.Tensor) -> torch.Tensor:
        """Probability [N,5,32,32] of each point to lie in each cell of 4x4 pixels."""
        _, s2, s3, s4 = self.features(image)
        y = self.up3(up2(self.narrow4(s4)) + s3)
        y = self.up2(up2(self.narrow3(y)) + s2)
        heat = self.heat(y)
        return torch.softmax(heat.flatten(2), 2).view_as(heat)

    def forward(self, image: torch.Tensor) -> torch.Tensor:
        return mean_of_maps(self.maps(image))


def mean_of_maps(maps: torch.Tensor) -> torch.Tensor:
    """Centres of mass [N,P,2] (x, y in 0...1) of maps [N,P,H,W] whose sums are 1."""
    h, w = maps.shape[2:]
    xs = (torch.arange(w, device=maps.device, dtype=maps.dtype) + 0.5) / w
    ys = (torch.arange(h, device=maps.device, dtype=maps.dtype) + 0.5) / h
    return torch.stack([(maps.sum(2) * xs).sum(2), (maps.sum(3) * ys).sum(2)], 2)


def spread_of_maps(maps: torch.Tensor, means: torch.Tensor) -> torch.Tensor:
    """Variance [N,P] of maps [N,P,H,W] about their means, in cells squared."""
    h, w = maps.shape[2:]
    xs = (torch.arange(w, device=maps.device, dtype=maps.dtype) + 0.5) - means[..., :1] * w
    ys = (torch.arange(h, device=maps.device, dtype=maps.dtype) + 0.5) - means[..., 1:] * h
    return (maps.sum(2) * xs ** 2).sum(2) + (maps.sum(3) * ys ** 2).sum(2)


def face_unit(points: np.ndarray) -> float:
    """Inter-ocular distance in pixels; of turned heads, where it shrinks, 0.8 of the height from eyes to mouth."""
    tall = np.linalg.norm(points[3:].mean(0) - points[:2].mean(0))
    return float(max(np.linalg.norm(points[1] - points[0]), 0.8 * tall, 1e-3))


def to_window(points: np.ndarray) -> np.ndarray:
    """Similarity [2,3] from pixels of a picture with landmarks ``points`` [5,2] to pixels of its SPAN x SPAN window."""
    matrix = similarity(points.astype(np.float64), template(2 / 3))
    matrix[:, 2] -= (512 - SPAN) / 2
    return matrix


def inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverse [2,3] of an affine map [2,3]."""
    turned = np.linalg.inv(matrix[:, :2])
    return np.concatenate([turned, -turned @ matrix[:, 2:]], 1)


def cut_windows(picture: torch.Tensor, back: torch.Tensor) -> torch.Tensor:
    """K's input [N,3,128,128] (same range) out of pictures [N,3,H,W]; differentiable.

    ``back`` [N,2,3] maps pixels of the SPAN x SPAN window to pixels of the picture.  What lies outside is mirrored.
    """
    h, w = picture.shape[2:]
    grid = torch.arange(SPAN, device=picture.device, dtype=picture.dtype)
    y, x = torch.meshgrid(grid, grid, indexing="ij")
    at = torch.einsum("nij,hwj->nhwi", back.to(picture), torch.stack([x, y, torch.ones_like(x)], 2))
    unit = (at + 0.5) / torch.tensor([w, h], device=picture.device, dtype=picture.dtype) * 2 - 1
    whole = F.grid_sample(picture, unit, mode="bilinear", padding_mode="reflection", align_corners=False)
    return F.avg_pool2d(whole, SPAN // WINDOW)


def load_keypoints(source: Path | None) -> Keypoints:
    """The frozen network from keypoints.onnx or a checkpoint's averaged weights; without one, random (self-tests)."""
    net = Keypoints()
    if source is None:
        # Default weights would put every point into the middle, whatever the picture.
        nn.init.normal_(net.heat.weight)
    elif source.suffix == ".onnx":
        net = fold_batch_norm(net)
        net.load_state_dict(weights_of(onnx.load(str(source))))
    else:
        net.load_state_dict(torch.load(source, map_location="cpu")["ema"])
    return net.eval().requires_grad_(False)


def export(net: Keypoints, path: Path) -> None:
    """Write ``net`` as ONNX: `image` [1,3,128,128] in -1...1 -> `points` [1,5,2] in 0...1; half-precision weights."""
    write_onnx(fold_batch_norm(net).eval(), (torch.zeros(1, 3, WINDOW, WINDOW),), path, ["image"], ["points"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    export(load_keypoints(args.checkpoint), args.out)
    print(f"{args.out}: {args.out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
