"""What the generator is asked for.  Images are [N,C,H,W] in 0...1.

Stage A is `painting_loss`.  Stage B adds `geometry_loss`, `content_loss`, `style_loss` and a patch discriminator.
No weights of VGG16 come with anything that the training installs, so content and style are compared by the encoder of
K (keypoints.py), which knows photographs, painted pictures and drawings.
"""
from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F

from keypoints import SPAN, WINDOW, Keypoints, cut_windows
from network import ToneShapes, compose, decided_marks, set_marks


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
    """Classification of highlights, pupils and irises [N,3,H,W]: cross entropy, and soft Dice over the batch where there are any."""
    entropy = (F.binary_cross_entropy_with_logits(logits, marks, reduction="none") * weight).mean()
    found = torch.sigmoid(logits)
    overlap = 2 * (found * marks).sum((0, 2, 3)) + 4
    total = (found * found + marks * marks).sum((0, 2, 3)) + 4
    return entropy + 0.3 * (1 - overlap / total).mean()


def painting_loss(shapes: ToneShapes, output: dict[str, torch.Tensor], batch: dict[str, torch.Tensor],
                  tint: torch.Tensor) -> tuple[torch.Tensor, dict[str, float], torch.Tensor]:
    """Total, its parts for the log, and the composed picture.  ``output`` comes from CelGenerator.parts.

    Colours are shaded by the painter's own masks and marks: shaded by the network's, every doubt about a mask would blur the
    colours too.  The masks learn from `shape_loss` alone.
    """
    alpha = torch.sigmoid(output["lines"].float())
    weight, target = batch["weight"], batch["colour"]
    masks = F.avg_pool2d(batch["tones"], 2)
    colour = set_marks(shapes.apply_to(output["base"], masks, output["effects"]), batch["marks"])
    picture = compose(colour, alpha, tint)
    wanted = compose(target, batch["lines"], tint)
    pool = lambda x: F.avg_pool2d(x, 4)
    parts = {
        "colour": ((colour - target).abs() * weight).mean(),
        "lines": 0.5 * line_loss(alpha, batch["lines"], weight),
        "picture": 0.5 * ((picture - wanted).abs() * weight).mean(),
        "edges": 1.0 * edge_loss(picture, wanted, weight) + 0.5 * edge_loss(colour, target, weight),
        "coarse": 0.5 * (pool(picture) - pool(wanted)).abs().mean() + 0.5 * edge_loss(pool(picture), pool(wanted), pool(weight)),
        "marks": 0.5 * mark_loss(output["marks"], batch["marks"], weight),
        "shapes": 0.2 * shape_loss(output["tones"], masks, F.avg_pool2d(weight, 2).clamp(max=2)),
    }
    return sum(parts.values()), {k: float(v.detach()) for k, v in parts.items()}, picture


def deployed_picture(shapes: ToneShapes, output: dict[str, torch.Tensor], tint: torch.Tensor) -> torch.Tensor:
    """The picture shaded by the network's own masks, as in use but for what is set by eye at export (Finish, flattening)."""
    masks = shapes.decided(output["tones"])
    marks = decided_marks(output["marks"])
    colour = set_marks(shapes.apply_to(output["base"], masks, output["effects"]), marks)
    return compose(colour, torch.sigmoid(output["lines"].float()), tint).clamp(0, 1)


def geometry_loss(judge: Keypoints, photo: torch.Tensor, picture: torch.Tensor, batch: dict[str, torch.Tensor]) -> torch.Tensor:
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


def content_loss(judge: Keypoints, picture: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Relative L1 between K's features of picture and painted target, 1/4 and 1/8 of the size that K is used to."""
    shrink = lambda x: F.avg_pool2d(x, SPAN // WINDOW) * 2 - 1
    with torch.no_grad():
        targets = judge.features(shrink(wanted))[1:3]
    found = judge.features(shrink(picture))[1:3]
    return sum((f - t).abs().mean() / t.abs().mean() for f, t in zip(found, targets)) / len(targets)


def gray(picture: torch.Tensor) -> torch.Tensor:
    """Luma [N,1,H,W] of RGB [N,3,H,W]."""
    return (picture * picture.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)


def gram(features: torch.Tensor) -> torch.Tensor:
    """Mean Gram matrix [C,C] of features [N,C,H,W] (Gatys et al. 2016)."""
    n, c, h, w = features.shape
    flat = features.permute(1, 0, 2, 3).reshape(c, n * h * w)
    return flat @ flat.t() / (n * h * w)


def style_loss(judge: Keypoints, picture: torch.Tensor, art: torch.Tensor) -> torch.Tensor:
    """Relative squared distance of Gram matrices of K's first two levels; grayscale, so that art lends only texture.

    ``art`` [N,1,H,W].  At full size, where lines have their width.  Over the batch, since one patch of art says
    little about art.
    """
    with torch.no_grad():
        targets = [gram(f) for f in judge.features(art.expand(-1, 3, -1, -1) * 2 - 1)[:2]]
    found = [gram(f) for f in judge.features(gray(picture).expand(-1, 3, -1, -1) * 2 - 1)[:2]]
    return sum(((f - t) ** 2).sum() / (t ** 2).sum() for f, t in zip(found, targets)) / len(targets)


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


def discriminator_loss(critic: PatchDiscriminator, painted: torch.Tensor, fake: torch.Tensor, art: torch.Tensor | None,
                       art_share: float = 0.25) -> torch.Tensor:
    """Hinge loss on grayscale pictures; art is a part of what counts as real."""
    real = F.relu(1 - critic(painted).float()).mean()
    if art is not None:
        real = (1 - art_share) * real + art_share * F.relu(1 - critic(art).float()).mean()
    return real + F.relu(1 + critic(fake).float()).mean()
