"""What the generator is asked for.  Images are [N,C,H,W] in 0...1.

`painting_terms` compares with the painting, `geometry_loss` asks K (keypoints.py) whether features stay in place, a
patch discriminator judges the hand; content and style are VGG16's (vgg.py).  WEIGHTS has all terms; 0 leaves one out.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from composition import Decision, Finish, compose, decide, enlarged, set_lines, set_marks, shaded
from irises import Irises, rim
from keypoints import Keypoints, cut_windows

# Weights of the terms.  Geometry's gradient is about a tenth of the painting's (EXPERIMENTS.md).
WEIGHTS = {"colour": 1.0, "lines": 0.5, "picture": 0.5, "edges": 1.0, "coarse": 0.5, "marks": 0.5, "shapes": 0.2,
           "geometry": 20.0, "content": 0.05, "style": 0.02, "adversarial": 0.02}
# What is dear runs on every n-th step only, n times as heavy.
EVERY = {"geometry": 4, "content": 8, "style": 16, "adversarial": 4}
# Decisions without a style's hand, for the picture that geometry is judged on.
PLAIN = Finish(Decision(3.0, 0.0), Decision(3.0, 0.0), (1.0, 1.0))


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


def shape_loss(logits: torch.Tensor, masks: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Classification of shade and light [N,2,H,W]: cross entropy, and soft Dice because light is rare."""
    entropy = (F.binary_cross_entropy_with_logits(logits, masks, reduction="none") * weight).mean()
    found = torch.sigmoid(logits)
    overlap = 2 * (found * masks * weight).sum((2, 3)) + 4
    total = ((found * found + masks * masks) * weight).sum((2, 3)) + 4
    return entropy + 0.3 * (1 - overlap / total).mean()


def mark_loss(logits: torch.Tensor, marks: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Classification of highlights, pupils and irises [N,3,H,W]: cross entropy, and soft Dice over the batch."""
    entropy = (F.binary_cross_entropy_with_logits(logits, marks, reduction="none") * weight).mean()
    found = torch.sigmoid(logits)
    overlap = 2 * (found * marks).sum((0, 2, 3)) + 4
    total = (found * found + marks * marks).sum((0, 2, 3)) + 4
    return entropy + 0.3 * (1 - overlap / total).mean()


def taught_picture(output: dict[str, torch.Tensor], batch: dict[str, torch.Tensor],
                   tint: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Colour and picture [N,3,H,W] from CelGenerator.parts, with the painter's shapes and marks, not the network's.

    With its own, every doubt about a mask would blur the colours too; masks learn by classification alone.
    """
    effects = enlarged(output["effects"], batch["photo"].shape[2:])
    colour = shaded(output["base"].float() * 0.5 + 0.5, effects, batch["tones"])
    colour = set_marks(colour, batch["marks"][:, :1], batch["marks"][:, 1:2])
    return colour, set_lines(colour, torch.sigmoid(output["lines"]), tint)


def painting_terms(output: dict[str, torch.Tensor], batch: dict[str, torch.Tensor],
                   tint: torch.Tensor) -> tuple[dict[str, torch.Tensor], torch.Tensor, torch.Tensor]:
    """The terms that compare with the painting, not yet weighted; the picture and the painted one."""
    weight, target = batch["weight"], batch["colour"]
    colour, picture = taught_picture(output, batch, tint)
    wanted = set_lines(target, batch["lines"], tint)
    pool = lambda x: F.avg_pool2d(x, 4)
    tones = enlarged(output["tones"], weight.shape[2:])
    terms = {
        "colour": ((colour - target).abs() * weight).mean(),
        "lines": line_loss(torch.sigmoid(output["lines"]), batch["lines"], weight),
        "picture": ((picture - wanted).abs() * weight).mean(),
        "edges": edge_loss(picture, wanted, weight) + 0.5 * edge_loss(colour, target, weight),
        "coarse": (pool(picture) - pool(wanted)).abs().mean() + edge_loss(pool(picture), pool(wanted), pool(weight)),
        "marks": mark_loss(output["marks"], batch["marks"], weight),
        "shapes": shape_loss(tones, batch["tones"], weight.clamp(max=2)),
    }
    return terms, picture, wanted


def drawn_picture(output: dict[str, torch.Tensor], photo: torch.Tensor, tint: torch.Tensor,
                  finish: Finish = PLAIN) -> torch.Tensor:
    """The picture [N,3,H,W] that users see, but not flattened and with grey irises: decided by the network alone."""
    size = photo.shape[2:]
    logits = torch.cat([output["lines"], enlarged(output["tones"], size), output["marks"]], 1)
    irises = Irises(photo.new_full((1, 3, 1, 1), 0.3), rim(decide(logits, finish)[:, 5:]))
    flat = (output["base"].float() * 0.5 + 0.5).clamp(0, 1)
    return compose(flat, enlarged(output["effects"], size), logits, irises, finish, tint)


def geometry_loss(judge: Keypoints, photo: torch.Tensor, picture: torch.Tensor,
                  batch: dict[str, torch.Tensor]) -> torch.Tensor:
    """|K(picture) - K(photo)|^2, mean over points, in squared inter-ocular distances; 0 without a face in the batch.

    Faces come out of the crops through ``back``, at K's size and upright.  Beyond a tenth of the inter-ocular
    distance it grows linearly: a face that K loses must not outweigh all others.
    """
    seen = batch["face"] > 0.5
    if not bool(seen.any()):
        return picture.new_zeros(())
    back, unit = batch["back"][seen], batch["unit"][seen][:, None, None]
    with torch.no_grad():
        before = judge(cut_windows(photo[seen], back) * 2 - 1)
    after = judge(cut_windows(picture[seen], back) * 2 - 1)
    off = (after - before) / unit
    # Huber with twice the usual factor: exactly the square up to the bend.
    return 2 * F.huber_loss(off, torch.zeros_like(off), delta=0.1)


def luma(picture: torch.Tensor) -> torch.Tensor:
    """Luma [N,1,H,W] of RGB [N,3,H,W]."""
    return (picture * picture.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)


class PatchDiscriminator(nn.Module):
    """Judges the drawing of patches of 38 px: grayscale [N,1,H,W] in 0...1 -> realness [N,1,H/8,W/8].

    In grayscale, and without the photo, art that belongs to no photo and has other colours can be an example too.
    """

    def __init__(self, width: int = 24) -> None:
        super().__init__()
        layers, c = [], 1
        for out in (width, 2 * width, 4 * width):
            layers += [nn.utils.spectral_norm(nn.Conv2d(c, out, 4, 2, 1)), nn.LeakyReLU(0.2)]
            c = out
        layers.append(nn.utils.spectral_norm(nn.Conv2d(c, 1, 3, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, picture: torch.Tensor) -> torch.Tensor:
        return self.layers(picture * 2 - 1)


def discriminator_loss(critic: PatchDiscriminator, painted: torch.Tensor, fake: torch.Tensor,
                       art: torch.Tensor | None, art_share: float = 0.25) -> torch.Tensor:
    """Hinge loss on grayscale pictures; art is a part of what counts as real."""
    real = F.relu(1 - critic(painted).float()).mean()
    if art is not None:
        real = (1 - art_share) * real + art_share * F.relu(1 - critic(art).float()).mean()
    return real + F.relu(1 + critic(fake).float()).mean()
