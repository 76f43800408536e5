"""The generator: photograph and guide maps in; flat colour, what shade and light do to it, and decisions out.

A small U-shaped network without norms.  Its only global part is the squeeze-and-excitation gates of the residual
blocks, and these can be given from outside, so that a photograph cut into tiles is drawn exactly as the whole would be.
The decisions are logits: where lines, shade, light, highlights, pupils and irises lie.  What makes a picture of them is
in composition.py, since it is done at the size of the final picture.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from guides import MAPS

# Sides of pictures are multiples of this.
MULTIPLE = 16
# Order of the logits that leave the network.
LOGITS = ("lines", "shade", "light", "highlights", "pupils", "irises")
# Channels of the last layer, at half of the size: colour, lines and marks in groups of 2x2 pixels; tones, effects.
HEAD = {"base": 12, "lines": 4, "marks": 12, "tones": 2, "effects": 6}


class ConvBlock(nn.Sequential):
    """Convolution and leaky ReLU.  [N,i,H,W] -> [N,o,H/stride,W/stride]."""

    def __init__(self, i: int, o: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(nn.Conv2d(i, o, kernel, stride, kernel // 2), nn.LeakyReLU(0.1))
        nn.init.kaiming_normal_(self[0].weight, 0.1)
        nn.init.zeros_(self[0].bias)


class GatedResidual(nn.Module):
    """Residual bottleneck whose branch is scaled per channel by an SE gate (0...1).

    ``given`` [N,C] replaces the computed gate to the degree ``mix`` (0...1).
    """

    def __init__(self, c: int, inner: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = ConvBlock(c, inner)
        self.b = nn.Sequential(nn.Conv2d(inner, c, 3, 1, dilation, dilation=dilation))
        self.squeeze = nn.Linear(c, c // 4)
        self.excite = nn.Linear(c // 4, c)

    def forward(self, x, given=None, mix=None):
        y = self.b(self.a(x))
        # The mean over a large photograph overflows nothing in f32; bf16 would
        # lose the small differences between gates, so the gate stays in f32.
        with torch.autocast(x.device.type, enabled=False):
            pooled = y.float().mean((2, 3))
            gate = torch.sigmoid(self.excite(F.relu(self.squeeze(pooled))))
        used = gate if given is None else given * mix + gate * (1 - mix)
        return F.leaky_relu(x + y * used[:, :, None, None].to(y.dtype), 0.1), gate


def up2(x: torch.Tensor) -> torch.Tensor:
    """Bilinear upsampling by 2, pixel centres at (x + 0.5, y + 0.5)."""
    return F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)


class CelGenerator(nn.Module):
    """image [N,3,H,W] in -1...1 and guide maps [N,K,H,W] in 0...1 -> what `parts` lists.

    H and W are multiples of MULTIPLE.  The finest level works at half resolution on 2x2 pixel groups (pixel unshuffle /
    shuffle): nothing is lost, and it costs a quarter of the memory traffic of full-resolution convolutions.  Guides
    come in beside the picture, both where it enters and where the finest features are made.

    Shade, light, highlights, pupils and irises are decisions, and a network that is trained on colours alone hedges: it
    answers with the mean of both.  So they are outputs of their own, trained as classifications on the painter's masks.

    All styles are trained at once: they share everything but the last layer (``styles`` of them), so that each
    learns from the others where eyes, shapes and lines lie.  What ships has one style, see `one_style`.
    """

    def __init__(self, styles: int = 1, widths: tuple[int, int, int] = (32, 64, 128), blocks: int = 4, deep: int = 3,
                 inner: int = 64) -> None:
        super().__init__()
        c1, c2, c3 = widths
        self.gate_count, self.width = (blocks + deep) * c3, c3
        seen = 4 * (3 + len(MAPS))
        self.stem = ConvBlock(seen, c1)
        self.down2 = nn.Sequential(ConvBlock(c1, c2, 2), ConvBlock(c2, c2))
        self.down3 = ConvBlock(c2, c3, 2)
        self.body = nn.ModuleList([GatedResidual(c3, inner, 1 + i % 2) for i in range(blocks)])
        # A level at 1/16, cheap, that sees the whole face; it starts by adding nothing.
        self.down4 = ConvBlock(c3, c3, 2)
        self.deep = nn.ModuleList([GatedResidual(c3, inner, 1 + i % 2) for i in range(deep)])
        self.join = nn.Conv2d(c3, c3, 1)
        self.narrow3 = ConvBlock(c3, c2, kernel=1)
        self.up3 = ConvBlock(c2, c2)
        self.narrow2 = ConvBlock(c2, c1, kernel=1)
        self.up2 = ConvBlock(2 * c1, c1)
        self.up1 = ConvBlock(c1 + seen, c1)
        self.heads = nn.ModuleList([nn.Conv2d(c1, sum(HEAD.values()), 3, 1, 1) for _ in range(styles)])
        self._init_output()

    def _init_output(self) -> None:
        """Start with the four sub-pixels alike, few lines, shapes and marks; shade darkens, light lightens."""
        with torch.no_grad():
            nn.init.zeros_(self.join.weight), nn.init.zeros_(self.join.bias)
            for head in self.heads:
                colour, lines, marks, tones, effects = head.weight.split(list(HEAD.values()))
                for groups in (colour, lines, marks):
                    w = groups.view(-1, 4, *groups.shape[1:])
                    w.copy_(w[:, :1].expand_as(w) * 0.5)
                marks.mul_(0.1), tones.mul_(0.1), effects.mul_(0.1)
                start = {"base": [0.0] * 12, "lines": [-2.0] * 4, "marks": [-4.0] * 12, "tones": [-1.5, -2.0],
                         "effects": [-0.25] * 3 + [0.2] * 3}
                head.bias.copy_(torch.tensor(sum((start[name] for name in HEAD), [])))

    def features(self, image, guides, gates=None, gate_mix=None,
                 in_groups=lambda pixels: F.pixel_unshuffle(pixels, 2)) -> tuple[torch.Tensor, torch.Tensor]:
        """What all outputs are made from, [N,c1,H/2,W/2], and the gates [N,G]."""
        pixels = in_groups(torch.cat([image, guides], 1))
        s1 = self.stem(pixels)
        s2 = self.down2(s1)
        computed = []

        def through(blocks, y):
            for block in blocks:
                first = len(computed) * self.width
                given = None if gates is None else gates[:, first:first + self.width]
                y, gate = block(y, given, gate_mix)
                computed.append(gate)
            return y

        y = through(self.body, self.down3(s2))
        y = y + self.join(up2(through(self.deep, self.down4(y))))
        y = self.up3(up2(self.narrow3(y)) + s2)
        y = self.up2(torch.cat([up2(self.narrow2(y)), s1], 1))
        return self.up1(torch.cat([y, pixels], 1)), torch.cat(computed, 1)

    def parts(self, image, guides, style=None, gates=None, gate_mix=None) -> dict[str, torch.Tensor]:
        """All outputs of one forward pass: base [N,3,H,W], unshaded colour, about -1...1; logits of lines [N,1,H,W],
        tones (shade, light) [N,2,H/2,W/2] and marks (highlights, pupils, irises) [N,3,H,W]; effects [N,6,H/2,W/2];
        gates [N,G].

        ``style`` [N]: number of each sample's style; None: the first one.
        """
        y, computed = self.features(image, guides, gates, gate_mix)
        # Half precision has fewer levels than a picture.
        with torch.autocast(image.device.type, enabled=False):
            y = y.float()
            if style is None:
                drawn = self.heads[0](y)
            else:
                drawn = y.new_empty(len(y), sum(HEAD.values()), *y.shape[2:])
                for number, head in enumerate(self.heads):
                    chosen = style == number
                    drawn[chosen] = head(y[chosen])
        parts = dict(zip(HEAD, drawn.split(list(HEAD.values()), 1)))
        for name in ("base", "lines", "marks"):
            parts[name] = F.pixel_shuffle(parts[name], 2)
        return {**parts, "gates": computed}

    def forward(self, image, guides, gates=None, gate_mix=None):
        """flat colour [N,3,H,W] in 0...1, effects [N,6,H/2,W/2], logits [N,6,H,W] as in LOGITS, gates [N,G]."""
        p = self.parts(image, guides, None, gates, gate_mix)
        logits = torch.cat([p["lines"], up2(p["tones"]), p["marks"]], 1)
        return (p["base"] * 0.5 + 0.5).clamp(0, 1), p["effects"], logits, p["gates"]


def with_inputs(weight: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """``weight`` with zeros for the further inputs of ``wanted``, which has at least its size in the second dimension:
    guides that a network was not trained with change nothing yet."""
    if weight.shape == wanted.shape:
        return weight
    grown = torch.zeros_like(wanted)
    grown[:, :weight.shape[1]] = weight
    return grown


def one_style(weights: dict[str, torch.Tensor], style: int) -> dict[str, torch.Tensor]:
    """The weights of a generator that has only style number ``style`` of the trained ones."""
    head = f"heads.{style}."
    kept = {k: v for k, v in weights.items() if not k.startswith("heads.")}
    return {**kept, **{f"heads.0.{k[len(head):]}": v for k, v in weights.items() if k.startswith(head)}}


def parameter_count(model: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in model.parameters())


def multiply_accumulates(model: CelGenerator, size: int = 512) -> int:
    """Multiply-accumulates of all convolutions at size x size pixels."""
    total = 0
    hooks = []

    def count(module, _inputs, output):
        nonlocal total
        per_value = module.in_channels // module.groups * module.kernel_size[0] * module.kernel_size[1]
        total += output.numel() * per_value

    for module in model.modules():
        if isinstance(module, nn.Conv2d):
            hooks.append(module.register_forward_hook(count))
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size), torch.zeros(1, len(MAPS), size, size))
    for hook in hooks:
        hook.remove()
    return total
