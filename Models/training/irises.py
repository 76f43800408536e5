"""Irises in clear colour with a dark rim, part of the exported network.

Where they lie is an output of the network, trained as a classification; which colour they have is asked of the photograph.
Trained as colours alone, irises come out as the mean of all colours that they might have, which is grey.
Colours come in groups of pixels (groups.py).
"""
from __future__ import annotations

import torch
import torch.nn.functional as F

from groups import bilinear_kernels, enlarge

# All chosen by eye.  The photograph's hue counts from the first to the second lightness of its iris: black irises show none.
SHOWS_HUE, LEAST_SHARE = (0.10, 0.30), 0.3
# Reddest hue, as red over green per yellow over blue: beyond it lie veins, lids and coloured light.  Cool hues gain COOL.
REDDEST, COOL = 0.55, 1.0
VIVIDNESS, OWN_CHROMA, RIM = 3.0, 0.8, 0.65
# Channels over lightness stay within these, so that blue eyes do not glow.
MOST_VIVID = (0.35, 1.9)
# Side of the window in which an iris has one hue, in pixels of a quarter of the size.
WINDOW = 5
LUMA = (0.30, 0.59, 0.11)


def covered(irises: torch.Tensor) -> torch.Tensor:
    """How much of its neighbourhood is iris, for each group of pixels: [N,1,4,H,W] -> [N,1,H,W]; 0.5 at a straight border."""
    ramp = irises.new_tensor([0.25, 0.5, 0.25])
    return enlarge(irises.mean(2), torch.outer(ramp, ramp)[None, None])


def local_mean(x: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Mean of x [N,3,H,W] weighted by [N,1,H,W], at half of that size; 0 where there is no weight."""
    sums = F.avg_pool2d(F.avg_pool2d(torch.cat([x * weight, weight], 1), 2), WINDOW, 1, WINDOW // 2, count_include_pad=False)
    return sums[:, :3] / (sums[:, 3:] + 1e-3)


def clear_hue(colour: torch.Tensor) -> torch.Tensor:
    """Colour [N,3,H,W] in 0...1 over its lightness, not redder than irises are, cool hues cooler, and vivid: 1 is grey."""
    weights = colour.new_tensor(LUMA).view(1, 3, 1, 1)
    # The summand keeps the hue of black pixels from being noise.
    red, green, blue = ((colour + 0.03) / ((colour * weights).sum(1, keepdim=True) + 0.03)).split(1, 1)
    yellow = (red + green) / 2 - blue
    excess = F.relu(red - green - REDDEST * F.relu(yellow) - 0.02) / 2
    cooler = COOL * F.relu(-yellow)
    return (torch.cat([red - excess - cooler, green + excess, blue + cooler], 1).clamp(min=0.05) ** VIVIDNESS).clamp(*MOST_VIVID)


def draw_irises(colour: torch.Tensor, irises: torch.Tensor, photo: torch.Tensor) -> torch.Tensor:
    """colour [N,3,4,H/2,W/2], irises [N,1,4,H/2,W/2] and photo [N,3,H/2,W/2], all in 0...1 -> colour; without irises it is the same."""
    weights = colour.new_tensor(LUMA).view(1, 3, 1, 1)
    within = covered(irises)
    # Drawn irises are larger than photographed ones: near the border the photograph shows lids and whites.
    inner = F.relu(2 * within - 1) ** 2 * irises.mean(2)
    seen = local_mean(photo, inner)
    dark, bright = SHOWS_HUE
    share = (((seen * weights).sum(1, keepdim=True) - dark) / (bright - dark)).clamp(LEAST_SHARE, 1)
    hue, own = F.interpolate(torch.cat([share * clear_hue(seen), 1 - share], 1), scale_factor=2.0)[:, :, None].split([3, 1], 1)
    grey = (colour * weights[:, :, None]).sum(1, keepdim=True)
    tinted = hue * grey + own * (colour + OWN_CHROMA * (colour - grey))
    kernels = bilinear_kernels(2)[:, None].to(colour)
    rim = (2 - 2 * enlarge(within, kernels)[:, None]).clamp(0, 1)
    return torch.lerp(colour, tinted * (1 - RIM * rim), irises)
