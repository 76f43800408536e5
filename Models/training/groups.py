"""Pictures in groups of 2x2 pixels: [N,C,H,W] as [N,4C,H/2,W/2], channel 4 * c + 2 * row + column, as pixel_unshuffle
makes them."""
from __future__ import annotations

import torch
import torch.nn.functional as F


def by_channel(x: torch.Tensor) -> torch.Tensor:
    """[N,4C,H/2,W/2] as [N,C,4,H/2,W/2]."""
    return x.view(x.shape[0], -1, 4, x.shape[2], x.shape[3])


def grouping_kernels(channels: int) -> torch.Tensor:
    """[4C,C,2,2], a single 1 in each kernel: a convolution in steps of 2 gives what pixel_unshuffle gives."""
    return torch.eye(4 * channels).view(4 * channels, channels, 2, 2)


def bilinear_kernels(factor: int) -> torch.Tensor:
    """[factor * factor,3,3]: kernel factor * row + column gives that part of each pixel in bilinear upsampling by
    ``factor``.

    Pixel centres are at (x + 0.5, y + 0.5).
    """
    off = (torch.arange(factor) + 0.5) / factor - 0.5
    weights = torch.stack([(-off).clamp(min=0), 1 - off.abs(), off.clamp(min=0)], 1)
    return torch.einsum("ai,bj->abij", weights, weights).reshape(factor * factor, 3, 3)


def enlarge(x: torch.Tensor, kernels: torch.Tensor) -> torch.Tensor:
    """x [N,i,H,W] by ``kernels`` [o,i,3,3]: [N,o,H,W]; edge pixels are repeated."""
    return F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), kernels)
