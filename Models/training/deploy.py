"""The generator as it ships: CelGenerator.forward with less work, and with flattened colour."""
from __future__ import annotations

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from flatten import Flattening
from groups import bilinear_kernels, enlarge, grouping_kernels
from network import HEAD, CelGenerator


class Deployed(nn.Module):
    """image [N,3,H,W] in -1...1, guides [N,K,H,W] in 0...1, gates [N,G], how far they replace the network's own [1] ->
    flat colour [N,3,H,W] in 0...1, effects [N,6,H/2,W/2], logits [N,6,H,W], gates [N,G].

    What is done at full size is done in groups of 2x2 pixels (groups.py), where it costs a quarter of the memory
    traffic. Groups are made, and the outputs' channels taken, by convolutions whose kernels hold a single 1: they
    change no value, and engines run them several times as fast as moves of single values.
    """

    def __init__(self, net: CelGenerator, flatness: float = 0.0) -> None:
        super().__init__()
        self.net, self.flattening = net, Flattening(flatness)
        self.last = copy.deepcopy(net.heads[0])
        with torch.no_grad():
            # Colour leaves the network in -1...1. It is flattened about 0, where half precision rounds least.
            self.last.weight[:12] *= 0.5
            self.last.bias[:12] *= 0.5
        # Channel 4 * tone + 2 * row + column of a group, from the two tones at half the size.
        twice = torch.einsum("to,kij->tkoij", torch.eye(2), bilinear_kernels(2))
        fixed = lambda name, value: self.register_buffer(name, value, persistent=False)
        fixed("twice", twice.reshape(8, 2, 3, 3))
        fixed("grouping", grouping_kernels(net.stem[0].in_channels // 4))
        for name, kernels in zip(HEAD, torch.eye(sum(HEAD.values()))[..., None, None].split(list(HEAD.values()))):
            fixed(f"take_{name}", kernels)

    def forward(self, image, guides, gates, gate_mix):
        in_groups = lambda pixels: F.conv2d(pixels, self.grouping, stride=2)
        features, computed = self.net.features(image, guides, gates, gate_mix, in_groups)
        drawn = self.last(features)
        base, lines, marks, tones, effects = (F.conv2d(drawn, getattr(self, f"take_{name}")) for name in HEAD)
        logits = F.pixel_shuffle(torch.cat([lines, enlarge(tones, self.twice), marks], 1), 2)
        return F.pixel_shuffle((self.flattening(base) + 0.5).clamp(0, 1), 2), effects, logits, computed
