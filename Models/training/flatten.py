"""Colour made flat the way painters make it flat: an iterated bilateral filter, part of the exported network.

Trained on colours alone, the network leaves soft gradients where the painter has one tone.  An iterated bilateral
filter comes to rest at piecewise flat colour (Winnemoeller et al., Real-Time Video Abstraction, SIGGRAPH 2006, section
3.1); at a quarter of the size it costs next to nothing.  Its result is brought back to full size by a local linear
model of the colour itself (guided filter, He et al. 2013; small to large as in He and Sun, Fast Guided Filter, 2015),
so that borders of flat areas follow the picture and not the small grid.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from groups import bilinear_kernels, enlarge

# Lightness and two opponent colours from RGB.  Colour counts more than lightness: lips keep theirs, shine on skin goes.
OPPONENTS = ((0.51, 0.85, 0.34), (2.0, -2.0, 0.0), (0.7, 0.7, -1.4))
# Eight neighbours (x, y) each: the square's, and a knight's moves.  In turn, so that no direction of the grid is
# favoured: squares alone leave straight horizontal and vertical borders across cheeks.
SQUARE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
KNIGHT = ((1, 2), (2, 1), (-1, 2), (-2, 1), (1, -2), (2, -1), (-1, -2), (-2, -1))
# Neighbours of each pass and how far they are pulled apart, in pixels of the quarter size: out and back in.
PASSES = ((SQUARE, 1), (KNIGHT, 1), (SQUARE, 4), (KNIGHT, 3), (SQUARE, 3), (KNIGHT, 1), (SQUARE, 1))
NEIGHBOURS = 8
# Variance of colour below which the guided filter takes an area for flat.
FLAT_VARIANCE = 1e-4


def difference_kernels(offsets: tuple[tuple[int, int], ...]) -> torch.Tensor:
    """[24,3,k,k]: how far each of 8 neighbours is from the middle, in 3 channels; channel 3 * neighbour + colour."""
    reach = max(max(abs(x), abs(y)) for x, y in offsets)
    kernels = torch.zeros(NEIGHBOURS, 3, 3, 2 * reach + 1, 2 * reach + 1)
    for neighbour, (x, y) in enumerate(offsets):
        for colour in range(3):
            kernels[neighbour, colour, colour, reach + y, reach + x] = 1
            kernels[neighbour, colour, colour, reach, reach] = -1
    return kernels.flatten(0, 1)


def mean3(x: torch.Tensor) -> torch.Tensor:
    """Mean of the 3x3 neighbours; edge pixels are repeated."""
    return F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)


class Flattening(nn.Module):
    """colour [N,12,H/2,W/2] in 0...1, in groups of pixels, with gradients below about ``width`` flattened.

    H and W are multiples of 4; width 0 leaves the colour as it is.  Nothing is learnt, and no state is saved.
    Neighbours are compared by convolutions with fixed kernels, which engines run faster than slices and sums.
    """

    def __init__(self, width: float = 0.0) -> None:
        super().__init__()
        self.width = width
        fixed = lambda name, value: self.register_buffer(name, value, persistent=False)
        to = torch.tensor(OPPONENTS)
        in_groups = lambda matrix: torch.kron(matrix.contiguous(), torch.eye(4))[:, :, None, None]
        fixed("opponents", in_groups(to))
        fixed("colours", in_groups(torch.linalg.inv(to)))
        # Linear models of three channels, bilinearly from a quarter to half of the size, in groups.
        spread = bilinear_kernels(4).view(2, 2, 2, 2, 3, 3).permute(1, 3, 0, 2, 4, 5).reshape(16, 3, 3)
        fixed("spread", torch.einsum("co,kij->ckoij", torch.eye(3), spread).reshape(48, 3, 3, 3))
        fixed("square_differences", difference_kernels(SQUARE))
        fixed("knight_differences", difference_kernels(KNIGHT))
        # The squared distance of a neighbour's colour, once for each of its channels.
        fixed("square", torch.block_diag(*[torch.ones(3, 3)] * NEIGHBOURS).view(24, 24, 1, 1))
        fixed("total", torch.eye(3).repeat(1, NEIGHBOURS).view(3, 24, 1, 1))

    def passes(self, small: torch.Tensor) -> torch.Tensor:
        """The iterated bilateral filter on opponent colours [N,3,H/4,W/4]."""
        flat = small
        for offsets, distance in PASSES:
            kernels = self.square_differences if offsets is SQUARE else self.knight_differences
            margin = distance * (kernels.shape[-1] // 2)
            off = F.conv2d(F.pad(flat, (margin,) * 4, mode="replicate"), kernels, dilation=distance)
            share = torch.exp(F.conv2d(off * off, self.square / (-2 * self.width ** 2)))
            # The middle is off by nothing and has a share of 1.
            flat = flat + F.conv2d(off * share, self.total) / F.conv2d(share, self.total, self.total.new_ones(3))
        return flat

    def forward(self, colour: torch.Tensor) -> torch.Tensor:
        if self.width <= 0:
            return colour
        opponent = F.conv2d(colour, self.opponents)
        small = F.avg_pool2d(opponent.view(len(colour), 3, 4, *colour.shape[2:]).mean(2), 2)
        flat = self.passes(small)
        slope, mean, level = self.linear_models(small, flat)
        grown = lambda x: F.pixel_shuffle(enlarge(mean3(x), self.spread), 2)
        # With the slope taken out of both summands alike, its rounding in half precision cancels.
        return F.conv2d(grown(slope) * opponent + grown((level - mean) + (1 - slope) * mean), self.colours)

    def linear_models(self, small: torch.Tensor, flat: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Slopes, means of ``small`` and means of ``flat`` in each 3x3 window (all [N,3,H/4,W/4]).

        Variances are those of differences to the window's middle: as mean squares less squared means of colours they
        would be the difference of two nearly equal numbers, which half precision turns into noise.
        """
        near = lambda x: F.conv2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), self.square_differences)
        summed = lambda x: F.conv2d(x, self.total / 9)
        from_small, from_flat = near(small), near(flat)
        off_small, off_flat = summed(from_small), summed(from_flat)
        variance = F.relu(summed(from_small * from_small) - off_small * off_small)
        covariance = summed(from_small * from_flat) - off_small * off_flat
        return covariance / (variance + FLAT_VARIANCE), small + off_small, flat + off_flat
