"""A small network that tells hair from everything else in an aligned face; the product draws hair's tones by it.

Learned from what MediaPipe's hair segmentation (Apache-2.0) finds: that network itself has layers that no common
engine runs.  Input: the canonical square (drawn.canonical) at 64 pixels, RGB 0...1, [N,64,64,3]; output: likelihood of
hair, [N,1,64,64].
"""
from __future__ import annotations

from pathlib import Path

import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE = 64


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU())


class HairNetwork(nn.Module):
    """A U-Net (Ronneberger et al. 2015) of four levels: 64, 32, 16 and 8 pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = block(3, 8)
        self.down1 = nn.Sequential(block(8, 16, 2), block(16, 16))
        self.down2 = nn.Sequential(block(16, 32, 2), block(32, 32))
        self.down3 = nn.Sequential(block(32, 48, 2), block(48, 48), block(48, 48))
        self.up2 = block(48 + 32, 32)
        self.up1 = block(32 + 16, 16)
        self.up0 = block(16 + 8, 12)
        self.last = nn.Conv2d(12, 1, 1)

    def logits(self, picture: torch.Tensor) -> torch.Tensor:
        """[N,64,64,3] in 0...1 -> [N,1,64,64]."""
        at64 = self.stem(picture.permute(0, 3, 1, 2) * 2 - 1)
        at32 = self.down1(at64)
        at16 = self.down2(at32)
        x = self.down3(at16)
        for step, beside in ((self.up2, at16), (self.up1, at32), (self.up0, at64)):
            x = step(torch.cat([F.interpolate(x, scale_factor=2.0, mode="nearest"), beside], 1))
        return self.last(x)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.logits(picture))


def load_hair_network(path: Path) -> HairNetwork:
    """The averaged weights of a training checkpoint."""
    net = HairNetwork()
    net.load_state_dict(torch.load(path, map_location="cpu")["average"])
    return net.eval()
