"""The generator as it ships: with less work than CelGenerator.forward, and with bounded outputs."""
from __future__ import annotations

import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

from groups import bilinear_kernels, by_channel, enlarge
from irises import draw_irises
from network import MARK_READINESS, MARK_SHARPNESS, CelGenerator, combined, set_marks

# Training leaves lines a little hesitant (half coverage where it is unsure): gain and offset of the
# logits that make them decided.  Chosen by eye; faint noise stays faint.
LINE_GAIN, LINE_OFFSET = 1.35, 0.5


def scaled(convolution: nn.Conv2d, gain: torch.Tensor, offset: torch.Tensor) -> nn.Conv2d:
    """The convolution whose outputs are ``gain`` times the given one's plus ``offset``, both [outputs]."""
    new = copy.deepcopy(convolution)
    with torch.no_grad():
        new.weight.mul_(gain.view(-1, 1, 1, 1))
        new.bias.mul_(gain).add_(offset)
    return new


def together(convolutions: list[nn.Conv2d]) -> nn.Conv2d:
    """One convolution with the outputs of all, which have the same input, kernel size and padding."""
    first = convolutions[0]
    one = nn.Conv2d(first.in_channels, sum(c.out_channels for c in convolutions), first.kernel_size, padding=first.padding)
    with torch.no_grad():
        one.weight.copy_(torch.cat([c.weight for c in convolutions]))
        one.bias.copy_(torch.cat([c.bias for c in convolutions]))
    return one


def last_layer(net: CelGenerator) -> nn.Conv2d:
    """All outputs of ``net`` in one convolution: base colours [12] in 0...1; logits, as decided, of lines [4], highlights, pupils,
    irises [12], shade and light [2]; effects of shade and light in the set strength [6]."""
    tones = net.tones
    repeated = lambda values, count: torch.tensor(values).repeat_interleave(count)
    sharp, ready = torch.full((12,), MARK_SHARPNESS), MARK_SHARPNESS * repeated(MARK_READINESS, 4)
    return together([
        scaled(net.out[0], repeated([0.5, LINE_GAIN], torch.tensor([12, 4])), repeated([0.5, LINE_OFFSET], torch.tensor([12, 4]))),
        scaled(together([net.marks, net.irises]), sharp, ready),
        scaled(tones.shapes, torch.full((2,), float(tones.sharpness)), torch.full((2,), float(tones.sharpness * tones.readiness))),
        scaled(tones.effects[0], repeated(tones.strength, 3), torch.zeros(6)),
    ])


class Deployed(nn.Module):
    """image [N,3,H,W] in -1...1, gates [N,G] and how far they replace the network's own [1] -> colour [N,3,H,W] in -1...1,
    line coverage [N,1,H,W] in 0...1, gates [N,G].

    What CelGenerator.forward does at full size is done in groups of 2x2 pixels (groups.py), where it costs a quarter of the
    memory traffic; the five last convolutions are one, and all that multiplies or shifts their outputs is in their weights.
    """

    def __init__(self, net: CelGenerator) -> None:
        super().__init__()
        self.net, self.last = net, last_layer(net)
        kernels = torch.einsum("co,kij->ckoij", torch.eye(3), bilinear_kernels(2))
        self.register_buffer("twice", kernels.reshape(12, 3, 3, 3), persistent=False)

    def forward(self, image, gates, gate_mix):
        features, computed = self.net.features(image, gates, gate_mix)
        base, logits, effects = self.last(features).split([12, 18, 6], 1)
        lines, marks, masks = torch.sigmoid(logits).split([4, 12, 2], 1)
        shaded = self.net.flattening(base) * enlarge(combined(masks, effects), self.twice)
        marks = by_channel(marks)
        photo = by_channel(F.pixel_unshuffle(image, 2)).mean(2) * 0.5 + 0.5
        coloured = draw_irises(by_channel(shaded), marks[:, 2:], photo)
        colour = set_marks(coloured, marks).flatten(1, 2) * 2 - 1
        return F.pixel_shuffle(colour.clamp(-1, 1), 2), F.pixel_shuffle(lines, 2), computed
