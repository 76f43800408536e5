"""The generator as it ships: with less work than CelGenerator.forward, and with bounded outputs."""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from groups import bilinear_kernels, by_channel, enlarge
from irises import draw_irises
from network import CelGenerator, decided_marks, set_marks

# Training leaves lines a little hesitant (half coverage where it is unsure): gain and offset of the
# logits that make them decided.  Chosen by eye; faint noise stays faint.
LINE_GAIN, LINE_OFFSET = 1.35, 0.5


def together(convolutions: list[nn.Conv2d]) -> nn.Conv2d:
    """One convolution with the outputs of all, which have the same input, kernel size and padding."""
    first = convolutions[0]
    one = nn.Conv2d(first.in_channels, sum(c.out_channels for c in convolutions), first.kernel_size, padding=first.padding)
    with torch.no_grad():
        one.weight.copy_(torch.cat([c.weight for c in convolutions]))
        one.bias.copy_(torch.cat([c.bias for c in convolutions]))
    return one


class Deployed(nn.Module):
    """image [N,3,H,W] in -1...1, gates [N,G] and how far they replace the network's own [1] -> colour [N,3,H,W] in -1...1,
    line coverage [N,1,H,W] in 0...1, gates [N,G].

    What CelGenerator.forward does at full size is done in groups of 2x2 pixels (groups.py), where it costs a quarter of the
    memory traffic, and the five last convolutions are one.
    """

    def __init__(self, net: CelGenerator) -> None:
        super().__init__()
        self.net = net
        self.last = together([net.out[0], net.marks, net.irises, net.tones.shapes, net.tones.effects[0]])
        kernels = torch.einsum("co,kij->ckoij", torch.eye(3), bilinear_kernels(2))
        self.register_buffer("twice", kernels.reshape(12, 3, 3, 3), persistent=False)

    def forward(self, image, gates, gate_mix):
        features, computed = self.net.features(image, gates, gate_mix)
        base, lines, marks, shapes, effects = self.last(features).split([12, 4, 12, 2, 6], 1)
        factor = enlarge(self.net.tones.factor(shapes, effects), self.twice)
        shaded = (self.net.flattening(base) * 0.5 + 0.5) * factor * 2 - 1
        decided = decided_marks(by_channel(marks))
        coloured = draw_irises(by_channel(shaded), decided[:, 2:], by_channel(F.pixel_unshuffle(image, 2)))
        marked = set_marks(coloured, decided)
        lines = torch.sigmoid(LINE_GAIN * lines + LINE_OFFSET)
        return F.pixel_shuffle(marked.flatten(1, 2).clamp(-1, 1), 2), F.pixel_shuffle(lines, 2), computed
