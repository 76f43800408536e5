"""The generator: photograph in, flat colour and line coverage out.

A small U-shaped network.  Its only global part is the squeeze-and-excitation
gates of the residual blocks, and these can be given from outside, so that a
photograph cut into tiles is drawn exactly as the whole would be.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from flatten import Flattening
from groups import by_channel
from irises import draw_irises


class ConvBlock(nn.Sequential):
    """3x3 convolution, batch norm, leaky ReLU.  [N,i,H,W] -> [N,o,H/stride,W/stride]."""

    def __init__(self, i: int, o: int, stride: int = 1, kernel: int = 3) -> None:
        super().__init__(
            nn.Conv2d(i, o, kernel, stride, kernel // 2, bias=False),
            nn.BatchNorm2d(o),
            nn.LeakyReLU(0.1),
        )


class GatedResidual(nn.Module):
    """Residual bottleneck whose branch is scaled per channel by an SE gate (0...1).

    ``given`` [N,C] replaces the computed gate to the degree ``mix`` (0...1).
    """

    def __init__(self, c: int, inner: int, dilation: int = 1) -> None:
        super().__init__()
        self.a = ConvBlock(c, inner)
        self.b = nn.Sequential(
            nn.Conv2d(inner, c, 3, 1, dilation, dilation=dilation, bias=False),
            nn.BatchNorm2d(c),
        )
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


def by_style(heads: nn.ModuleList, features: torch.Tensor, style: torch.Tensor | None) -> torch.Tensor:
    """What each sample's own head, ``style`` [N], makes of the features; None: the first head for all."""
    if style is None:
        return heads[0](features)
    return torch.stack([head(features) for head in heads], 1)[torch.arange(len(features)), style]


class ToneShapes(nn.Module):
    """Where shade and light lie, as shapes with crisp borders, and what they do to the colour.

    Cel shading is a decision, and a network that is trained on colours alone hedges: it answers with the mean of both
    tones.  So the decision is an output of its own, trained as a classification on the painter's masks, and the
    colours are trained with the painter's masks in place (teacher forcing).  In use, ``sharpness`` makes the borders
    crisp, ``readiness`` is added to the logits and ``strength`` multiplies the effects of shade and of light (export_onnx.py
    sets them).
    """

    def __init__(self, c: int, styles: int = 1) -> None:
        super().__init__()
        self.shapes = nn.Conv2d(c, 2, 3, 1, 1)
        self.effects = nn.ModuleList([nn.Conv2d(c, 6, 3, 1, 1) for _ in range(styles)])
        self.sharpness, self.readiness, self.strength = 3.0, 0.0, (1.0, 1.0)
        with torch.no_grad():
            # Few shapes at first; shade darkens, light lightens.
            self.shapes.weight.normal_(std=0.01)
            self.shapes.bias.copy_(torch.tensor([-1.5, -2.0]))
            for effect in self.effects:
                effect.weight.normal_(std=0.01)
                effect.bias.copy_(torch.tensor([-0.25, -0.25, -0.25, 0.2, 0.2, 0.2]))

    def forward(self, features: torch.Tensor, style: torch.Tensor | None) -> tuple[torch.Tensor, torch.Tensor]:
        """features [N,c,H/2,W/2] -> logits of shade and light [N,2,H/2,W/2], and their effects [N,6,H/2,W/2]."""
        return self.shapes(features).float(), by_style(self.effects, features, style).float()

    def decided(self, logits: torch.Tensor) -> torch.Tensor:
        """Masks 0...1 of shade and light from their logits, as users see them."""
        return torch.sigmoid(self.sharpness * (logits + self.readiness))

    def factor(self, logits: torch.Tensor, effects: torch.Tensor) -> torch.Tensor:
        """What the network's own masks in the set strength multiply the colour by: [N,3,H/2,W/2]."""
        strength = effects.new_tensor(self.strength).repeat_interleave(3).view(1, 6, 1, 1)
        return combined(self.decided(logits), strength * effects)

    def apply_to(self, base: torch.Tensor, masks: torch.Tensor, effects: torch.Tensor) -> torch.Tensor:
        """base [N,3,H,W] in -1...1, masks [N,2,H/2,W/2] in 0...1 -> shaded colour [N,3,H,W] in 0...1."""
        return (base.float() * 0.5 + 0.5) * up2(combined(masks, effects))


def combined(masks: torch.Tensor, effects: torch.Tensor) -> torch.Tensor:
    """What shade and light [N,2,H,W] in 0...1 with their effects [N,6,H,W] multiply the colour by: [N,3,H,W]."""
    return 1 + masks[:, :1] * effects[:, :3] + masks[:, 1:] * effects[:, 3:]


# Borders of highlights and pupils are crisp.  What the network doubts is no highlight, since too large ones look like
# blind eyes, but rather a pupil.  Added to the logits; chosen by eye.
MARK_SHARPNESS = 3.0
MARK_READINESS = (-1.0, 0.4, 0.0)


def decided_marks(logits: torch.Tensor) -> torch.Tensor:
    """Highlights, pupils and irises [N,3,...] in 0...1 from their logits, as users see them."""
    return torch.sigmoid(MARK_SHARPNESS * (logits + logits.new_tensor(MARK_READINESS).view(1, 3, *[1] * (logits.ndim - 2))))


def set_marks(colour: torch.Tensor, marks: torch.Tensor) -> torch.Tensor:
    """colour [N,3,...] in 0...1 with pupils darkened and highlights set where marks [N,3,...] 0...1 (highlights, pupils, irises) say.

    Like shade and light, these are decisions: trained as colours, highlights come out as a grey haze.
    """
    dark = colour * (1 - 0.9 * marks[:, 1:2])
    return dark + (0.97 - dark) * marks[:, :1]


class CelGenerator(nn.Module):
    """image [N,3,H,W] in -1...1 -> colour [N,3,H,W] (about -1...1), line logits [N,1,H,W], gates [N,G].

    H and W are multiples of 8.  The finest level works at half resolution on
    2x2 pixel groups (pixel unshuffle / shuffle): nothing is lost, and it costs
    a quarter of the memory traffic of full-resolution convolutions.

    All styles are trained at once: they share everything but the last layers (``styles`` of them), so that each
    learns from the others where eyes, shapes and lines lie.  What ships has one style, see `one_style`.
    """

    def __init__(self, styles: int = 1, c1: int = 32, c2: int = 64, c3: int = 128, blocks: int = 4, inner: int = 64) -> None:
        super().__init__()
        self.gate_count = blocks * c3
        self.width = c3
        # In use only; training sees the colours before that.
        self.flattening = Flattening()
        self.stem = ConvBlock(12, c1)
        self.down2 = nn.Sequential(ConvBlock(c1, c2, 2), ConvBlock(c2, c2))
        self.down3 = ConvBlock(c2, c3, 2)
        self.body = nn.ModuleList(
            [GatedResidual(c3, inner, 1 + i % 2) for i in range(blocks)]
        )
        self.narrow3 = ConvBlock(c3, c2, kernel=1)
        self.up3 = ConvBlock(c2, c2)
        self.narrow2 = ConvBlock(c2, c1, kernel=1)
        self.up2 = ConvBlock(2 * c1, c1)
        self.up1 = ConvBlock(c1 + 12, c1)
        self.out = nn.ModuleList([nn.Conv2d(c1, 16, 3, 1, 1) for _ in range(styles)])
        self.tones = ToneShapes(c1, styles)
        self.marks = nn.Conv2d(c1, 8, 3, 1, 1)
        self.irises = nn.Conv2d(c1, 4, 3, 1, 1)
        self._init_output()

    def _init_output(self) -> None:
        """Start with the four sub-pixels alike and few lines, so that no checkerboard has to be unlearnt."""
        with torch.no_grad():
            for out in self.out:
                w = out.weight.view(4, 4, *out.weight.shape[1:])
                w.copy_(w[:, :1].expand_as(w) * 0.5)
                out.bias.zero_()
                out.bias[12:] = -2.0
            for marks in (self.marks, self.irises):
                marks.weight.mul_(0.1)
                marks.bias.fill_(-4.0)

    def features(self, image, gates=None, gate_mix=None) -> tuple[torch.Tensor, torch.Tensor]:
        """What all outputs are made from, [N,c1,H/2,W/2], and the gates."""
        pixels = F.pixel_unshuffle(image, 2)
        s1 = self.stem(pixels)
        s2 = self.down2(s1)
        y = self.down3(s2)
        computed = []
        for i, block in enumerate(self.body):
            given = None if gates is None else gates[:, i * self.width:(i + 1) * self.width]
            y, gate = block(y, given, gate_mix)
            computed.append(gate)
        y = self.up3(up2(self.narrow3(y)) + s2)
        y = self.up2(torch.cat([up2(self.narrow2(y)), s1], 1))
        return self.up1(torch.cat([y, pixels], 1)), torch.cat(computed, 1)

    def parts(self, image, style=None, gates=None, gate_mix=None) -> dict[str, torch.Tensor]:
        """base colour, line logits, tone logits and effects (see ToneShapes), mark logits and gates of one forward pass.

        ``style`` [N]: number of each sample's style; None: the first one.
        """
        y, computed = self.features(image, gates, gate_mix)
        tones, effects = self.tones(y, style)
        marks = F.pixel_shuffle(torch.cat([self.marks(y), self.irises(y)], 1), 2).float()
        y = F.pixel_shuffle(by_style(self.out, y, style), 2)
        return {"base": y[:, :3], "lines": y[:, 3:4], "tones": tones, "effects": effects, "marks": marks, "gates": computed}

    def forward(self, image, gates=None, gate_mix=None):
        p = self.parts(image, None, gates, gate_mix)
        flat = F.pixel_shuffle(self.flattening(F.pixel_unshuffle(p["base"] * 0.5 + 0.5, 2)), 2)
        shaded = flat * up2(self.tones.factor(p["tones"], p["effects"]))
        marks = decided_marks(p["marks"])
        groups = (by_channel(F.pixel_unshuffle(x, 2)) for x in (shaded, marks[:, 2:]))
        coloured = F.pixel_shuffle(draw_irises(*groups, F.avg_pool2d(image * 0.5 + 0.5, 2)).flatten(1, 2), 2)
        return set_marks(coloured, marks) * 2 - 1, p["lines"], p["gates"]


def one_style(weights: dict[str, torch.Tensor], style: int) -> dict[str, torch.Tensor]:
    """The weights of a generator that has only style number ``style`` of the trained ones."""
    kept = {}
    for name, value in weights.items():
        for heads in ("out.", "tones.effects."):
            if name.startswith(heads):
                number, rest = name[len(heads):].split(".", 1)
                name = f"{heads}0.{rest}" if int(number) == style else None
                break
        if name is not None:
            kept[name] = value
    return kept


def compose(colour: torch.Tensor, alpha: torch.Tensor, tint: torch.Tensor, strength: float = 1.0) -> torch.Tensor:
    """Picture in 0...1 from colour 0...1 [N,3,H,W], line coverage 0...1 [N,1,H,W] and tint [3] or [N,3]."""
    a = (alpha * strength).clamp(0, 1)
    return colour * (1 - a) + colour * tint.view(-1, 3, 1, 1).to(colour) * a


def parameter_count(model: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in model.parameters())


def multiply_accumulates(model: nn.Module, size: int = 512) -> int:
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
    training = model.training
    model.eval()
    with torch.no_grad():
        model(torch.zeros(1, 3, size, size))
    model.train(training)
    for hook in hooks:
        hook.remove()
    return total
