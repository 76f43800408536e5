"""What the generator is asked for.  Images are [N,C,H,W] in 0...1."""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from network import compose


def gradients(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Differences to the right and lower neighbour."""
    return x[..., :, 1:] - x[..., :, :-1], x[..., 1:, :] - x[..., :-1, :]


def edge_loss(x: torch.Tensor, y: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """L1 between gradients: flat stays flat, borders are as steep as the painter's."""
    (xr, xd), (yr, yd) = gradients(x), gradients(y)
    return ((xr - yr).abs() * weight[..., :, 1:]).mean() + ((xd - yd).abs() * weight[..., 1:, :]).mean()


def line_loss(alpha: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Weighted L1 plus soft Dice: lines are rare, so plain L1 would rather leave them out."""
    l1 = ((alpha - target).abs() * (1 + 3 * target) * weight).mean()
    overlap = 2 * (alpha * target * weight).sum((1, 2, 3)) + 1
    total = ((alpha * alpha + target * target) * weight).sum((1, 2, 3)) + 1
    return l1 + 0.15 * (1 - overlap / total).mean()


def painting_loss(output, batch: dict[str, torch.Tensor], tint: torch.Tensor) -> tuple[torch.Tensor, dict[str, float], torch.Tensor]:
    """Total, its parts for the log, and the composed picture."""
    colour, logits = (t.float() for t in output[:2])
    colour = colour * 0.5 + 0.5
    alpha = torch.sigmoid(logits)
    weight, target = batch["weight"], batch["colour"]
    picture = compose(colour, alpha, tint)
    wanted = compose(target, batch["lines"], tint)
    pool = lambda x: F.avg_pool2d(x, 4)
    parts = {
        "colour": ((colour - target).abs() * weight).mean(),
        "lines": 0.5 * line_loss(alpha, batch["lines"], weight),
        "picture": 0.5 * ((picture - wanted).abs() * weight).mean(),
        "edges": 1.0 * edge_loss(picture, wanted, weight) + 0.5 * edge_loss(colour, target, weight),
        "coarse": 0.5 * (pool(picture) - pool(wanted)).abs().mean() + 0.5 * edge_loss(pool(picture), pool(wanted), pool(weight)),
    }
    return sum(parts.values()), {k: float(v.detach()) for k, v in parts.items()}, picture


class PatchDiscriminator(nn.Module):
    """Judges patches of 38 px: photo and picture [N,6,H,W] -> realness [N,1,H/8,W/8]."""

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        layers, c = [], 6
        for out in (width, 2 * width, 4 * width):
            layers += [nn.utils.spectral_norm(nn.Conv2d(c, out, 4, 2, 1)), nn.LeakyReLU(0.2)]
            c = out
        layers.append(nn.utils.spectral_norm(nn.Conv2d(c, 1, 3, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, photo: torch.Tensor, picture: torch.Tensor) -> torch.Tensor:
        return self.layers(torch.cat([photo, picture], 1) * 2 - 1)


def discriminator_loss(real: torch.Tensor, fake: torch.Tensor) -> torch.Tensor:
    """Hinge loss."""
    return (F.relu(1 - real.float()) + F.relu(1 + fake.float())).mean()
