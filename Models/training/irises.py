"""Irises in clear colour with a dark rim.

Where they lie is an output of the network, trained as a classification; which colour they have is asked of the
photograph.  Trained as colours alone, irises come out as the mean of all colours that they might have, which is grey.
With a face mesh the colour is measured inside the iris's disc and made the painter's; `seen_irises` is the way without
a mesh.
"""
from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F

# Chosen by eye.  The photograph's hue counts from the first to the second lightness of its iris: black ones show none.
SHOWS_HUE, LEAST_SHARE = (0.10, 0.30), 0.3
# Reddest hue, as red over green per yellow over blue: beyond lie veins, lids and coloured light.  Cool hues gain COOL.
REDDEST, COOL = 0.55, 1.0
VIVIDNESS, OWN_CHROMA, RIM = 3.0, 0.8, 0.65
# Of the mean of a drawn iris, whose lower half is of a purer colour than its upper.
DRAWN_VIVIDNESS = 1.3
# Channels over lightness stay within these, so that blue eyes do not glow.
MOST_VIVID = (0.35, 1.9)
# Side of the window in which an iris has one hue, in pixels of the network's size.
WINDOW = 21
LUMA = (0.30, 0.59, 0.11)
BINOMIAL = (1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16)


class Irises(NamedTuple):
    """colour [N,3,H,W] or [N,3,1,1] of irises, 0...1; rim [N,1,H,W], 1 at a border and 0 within; whether the colour is
    the one to draw (painter.eyes.true_colour) and not merely what the photograph shows."""

    colour: torch.Tensor
    rim: torch.Tensor
    drawable: bool = False


def luma(colour: torch.Tensor) -> torch.Tensor:
    """Lightness [N,1,H,W] of RGB [N,3,H,W]."""
    return (colour * colour.new_tensor(LUMA).view(1, 3, 1, 1)).sum(1, keepdim=True)


def covered(irises: torch.Tensor) -> torch.Tensor:
    """The mask [N,1,H,W] blurred by the binomial of five, edge pixels repeated: 0.5 at a straight border."""
    line = irises.new_tensor(BINOMIAL)
    return F.conv2d(F.pad(irises, (2, 2, 2, 2), mode="replicate"), torch.outer(line, line)[None, None])


def rim(irises: torch.Tensor) -> torch.Tensor:
    """1 at the border of the mask [N,1,H,W] at the network's size and beyond it, 0 within."""
    return (2 - 2 * covered(irises)).clamp(0, 1)


def seen_irises(photo: torch.Tensor, irises: torch.Tensor) -> Irises:
    """What the photograph [N,3,H,W] shows where the mask [N,1,H,W] has irises, both at the network's size.

    Drawn irises are larger than photographed ones: near the border the photograph shows lids and whites.
    """
    inner = F.relu(2 * covered(irises) - 1) ** 2 * irises

    def mean(x):
        rows = F.avg_pool2d(x, (1, WINDOW), 1, (0, WINDOW // 2), count_include_pad=False)
        return F.avg_pool2d(rows, (WINDOW, 1), 1, (WINDOW // 2, 0), count_include_pad=False)

    return Irises(mean(photo * inner) / (mean(inner) + 1e-3), rim(irises))


def clear_hue(colour: torch.Tensor) -> torch.Tensor:
    """Colour [N,3,H,W] over its lightness, not redder than irises are, cool hues cooler, and vivid: 1 is grey."""
    # The summand keeps the hue of black pixels from being noise.
    red, green, blue = ((colour + 0.03) / (luma(colour) + 0.03)).split(1, 1)
    yellow = (red + green) / 2 - blue
    excess = F.relu(red - green - REDDEST * F.relu(yellow) - 0.02) / 2
    cooler = COOL * F.relu(-yellow)
    hue = torch.cat([red - excess - cooler, green + excess, blue + cooler], 1)
    return (hue.clamp(min=0.05) ** VIVIDNESS).clamp(*MOST_VIVID)


def tint_irises(colour: torch.Tensor, mask: torch.Tensor, irises: Irises) -> torch.Tensor:
    """colour [N,3,H,W] with the hue and the rim of irises where the mask [N,1,H,W] has them."""
    dark, bright = SHOWS_HUE
    share = ((luma(irises.colour) - dark) / (bright - dark)).clamp(LEAST_SHARE, 1)
    grey = luma(colour)
    if irises.drawable:
        drawn = irises.colour / luma(irises.colour).clamp(min=1e-3)
        share, hue = torch.ones_like(share), 1 + DRAWN_VIVIDNESS * (drawn - 1)
    else:
        hue = clear_hue(irises.colour)
    tinted = share * hue * grey + (1 - share) * (colour + OWN_CHROMA * (colour - grey))
    return colour + (tinted * (1 - RIM * irises.rim) - colour) * mask
