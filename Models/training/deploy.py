"""The generator as it ships: CelGenerator.forward with less work, and with flattened colour."""
from __future__ import annotations

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F
from flatten import Flattening
from groups import bilinear_kernels, enlarge
from network import HEAD, CelGenerator


class Deployed(nn.Module):
    """image [N,3,H,W] in -1...1, guides [N,K,H,W] in 0...1, gates [N,G], how far they replace the network's own [1] ->
    flat colour [N,3,H,W] in 0...1, effects [N,6,H/2,W/2], logits [N,6,H,W], gates [N,G].

    What is done at full size is done in groups of 2x2 pixels (groups.py), where it costs a quarter of the memory
    traffic.
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
        self.register_buffer("twice", twice.reshape(8, 2, 3, 3), persistent=False)

    def forward(self, image, guides, gates, gate_mix):
        features, computed = self.net.features(image, guides, gates, gate_mix)
        base, lines, marks, tones, effects = self.last(features).split(list(HEAD.values()), 1)
        logits = F.pixel_shuffle(torch.cat([lines, enlarge(tones, self.twice), marks], 1), 2)
        return F.pixel_shuffle((self.flattening(base) + 0.5).clamp(0, 1), 2), effects, logits, computed
