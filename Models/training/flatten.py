"""Colour made flat the way painters make it flat: an iterated bilateral filter, part of the exported network.

Trained on colours alone, the network leaves soft gradients where the painter has one tone.  An iterated bilateral filter
comes to rest at piecewise flat colour (Winnemoeller et al., Real-Time Video Abstraction, SIGGRAPH 2006, section 3.1); at a
quarter of the size it costs next to nothing.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from groups import bilinear_kernels, enlarge

# Lightness and two opponent colours from RGB.  Colour counts more than lightness: lips keep theirs, shine on skin goes.
OPPONENTS = ((0.51, 0.85, 0.34), (2.0, -2.0, 0.0), (0.7, 0.7, -1.4))
# Distances between the 3x3 neighbours in each pass, in pixels of the quarter size: out and back in, so that no grid shows.
DISTANCES = (1, 2, 4, 8, 4, 2, 1)
NEIGHBOURS = 8


def difference_kernels() -> torch.Tensor:
    """[24,3,3,3]: how far each of the 8 neighbours is from the middle, in each of 3 channels; channel 3 * neighbour + colour."""
    kernels = torch.zeros(NEIGHBOURS, 3, 3, 9)
    for neighbour, position in enumerate(p for p in range(9) if p != 4):
        for colour in range(3):
            kernels[neighbour, colour, colour, position], kernels[neighbour, colour, colour, 4] = 1, -1
    return kernels.view(3 * NEIGHBOURS, 3, 3, 3)


class Flattening(nn.Module):
    """colour [N,12,H/2,W/2] in 0...1, in groups of pixels, with gradients below about ``width`` flattened.

    H and W are multiples of 4; width 0 leaves the colour as it is.  Only what a quarter of the size can hold is changed:
    lines and edges stay as sharp.  Nothing is learnt, and no state is saved.  All is written as convolutions with fixed
    kernels, which engines run faster than slices and sums of neighbours.
    """

    def __init__(self, width: float = 0.0) -> None:
        super().__init__()
        self.width = width
        to = torch.tensor(OPPONENTS)
        # The mean of 4x4 pixels in opponent colours; and back, into the four groups that a pixel of the quarter size covers.
        self.register_buffer("forth", (to / 16)[:, :, None, None, None].expand(3, 3, 4, 2, 2).reshape(3, 12, 2, 2), persistent=False)
        spread = bilinear_kernels(4).view(2, 2, 2, 2, 3, 3).permute(1, 3, 0, 2, 4, 5).reshape(16, 3, 3)
        self.register_buffer("back", torch.einsum("co,kij->ckoij", torch.linalg.inv(to), spread).reshape(48, 3, 3, 3), persistent=False)
        self.register_buffer("differ", difference_kernels(), persistent=False)
        # The squared distance of a neighbour's colour, once for each of its channels.
        self.register_buffer("square", torch.block_diag(*[torch.ones(3, 3)] * NEIGHBOURS).view(24, 24, 1, 1), persistent=False)
        self.register_buffer("total", torch.eye(3).repeat(1, NEIGHBOURS).view(3, 24, 1, 1), persistent=False)

    def forward(self, colour: torch.Tensor) -> torch.Tensor:
        if self.width <= 0:
            return colour
        small = F.conv2d(colour, self.forth, stride=2)
        flat = small
        for distance in DISTANCES:
            off = F.conv2d(F.pad(flat, (distance,) * 4, mode="replicate"), self.differ, dilation=distance)
            share = torch.exp(F.conv2d(off * off, self.square / (-2 * self.width ** 2)))
            # The middle is off by nothing and has a share of 1.
            flat = flat + F.conv2d(off * share, self.total) / F.conv2d(share, self.total, self.total.new_ones(3))
        return colour + F.pixel_shuffle(enlarge(flat - small, self.back), 2)
