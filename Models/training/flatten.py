"""Colour made flat the way painters make it flat: an iterated bilateral filter, part of the exported network.

Trained on colours alone, the network leaves soft gradients where the painter has one tone.  An iterated bilateral filter
comes to rest at piecewise flat colour (Winnemoeller et al., Real-Time Video Abstraction, SIGGRAPH 2006, section 3.1); at a
quarter of the size it costs next to nothing.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

# Lightness and two opponent colours from RGB.  Colour counts more than lightness: lips keep theirs, shine on skin goes.
OPPONENTS = ((0.51, 0.85, 0.34), (2.0, -2.0, 0.0), (0.7, 0.7, -1.4))
# Distances between the 3x3 neighbours in each pass, in pixels of the quarter size: out and back in, so that no grid shows.
DISTANCES = (1, 2, 4, 8, 4, 2, 1)
SHRINK = 4


class Flattening(nn.Module):
    """colour [N,3,H,W] in -1...1 with gradients below about ``width`` (of colours in 0...1) flattened; width 0: as it is.

    H and W are multiples of 4.  Only what a quarter of the size can hold is changed: lines and edges stay as sharp.
    Nothing is learnt, and no state is saved.
    """

    def __init__(self, width: float = 0.0) -> None:
        super().__init__()
        self.width = width
        to = torch.tensor(OPPONENTS)
        # Constants as buffers, since exported convolutions want fixed weights.
        self.register_buffer("forth", to.view(3, 3, 1, 1), persistent=False)
        self.register_buffer("back", torch.linalg.inv(to).view(3, 3, 1, 1), persistent=False)
        # A convolution with one-hot kernels gathers the neighbours in a single node of the exported graph.
        self.register_buffer("gather", torch.eye(9).view(9, 1, 3, 3).repeat(3, 1, 1, 1), persistent=False)

    def neighbours(self, x: torch.Tensor, distance: int) -> torch.Tensor:
        """The 3x3 neighbours ``distance`` px apart: [N,3,H,W] -> [N,3,9,H,W]; edge pixels are repeated."""
        padded = F.pad(x, (distance,) * 4, mode="replicate")
        near = F.conv2d(padded, self.gather, dilation=distance, groups=3)
        return near.view(x.shape[0], 3, 9, x.shape[2], x.shape[3])

    def forward(self, colour: torch.Tensor) -> torch.Tensor:
        if self.width <= 0:
            return colour
        small = F.avg_pool2d(colour, SHRINK)
        flat = F.conv2d(small, self.forth)
        for distance in DISTANCES:
            near = self.neighbours(flat, distance)
            off = ((near - flat[:, :, None]) ** 2).sum(1, keepdim=True)
            # Twice the width, since colours span two units.
            share = torch.exp(-off / (2 * (2 * self.width) ** 2))
            flat = (near * share).sum(2) / share.sum(2)
        change = F.conv2d(flat, self.back) - small
        return colour + F.interpolate(change, scale_factor=float(SHRINK), mode="bilinear", align_corners=False)
