"""How often a painted sample is shown: what few people have, and what makes them who they are, is shown more often."""
from __future__ import annotations

import cv2
import numpy as np

# How many times as often as other faces.
GLASSES, BEARD = 6.0, 4.0
# Points of the mesh: on the cheeks; around the mouth and on the chin.  Ends of lines that a frame must cross: over the
# bridge of the nose, and from each lower lid to the cheek.
SKIN = (50, 280, 205, 425, 117, 346)
CHIN = (200, 199, 175, 208, 428, 171, 396, 210, 430)
BRIDGE, BELOW_EYES = (168, 197), ((145, 205), (374, 425))


def shown_weight(paint: np.ndarray, mesh: np.ndarray | None) -> float:
    """1, or more for a painting uint8 [H,W,4] (RGB and lines) with glasses or a beard; ``mesh`` [478,2] px or None."""
    if mesh is None:
        return 1.0
    light = cv2.cvtColor(np.ascontiguousarray(paint[..., :3]), cv2.COLOR_RGB2GRAY) * (1 - 0.8 / 255 * paint[..., 3])
    h, w = light.shape
    at = lambda points: light[np.clip(points[:, 1].astype(int), 0, h - 1), np.clip(points[:, 0].astype(int), 0, w - 1)]
    skin = max(float(np.median(at(mesh[list(SKIN)]))), 1.0)
    along = lambda a, b: float(at(mesh[a] + (mesh[b] - mesh[a]) * np.linspace(0, 1, 30)[:, None]).min()) / skin
    if along(*BRIDGE) < 0.7 and max(along(*ends) for ends in BELOW_EYES) < 0.75:
        return GLASSES
    return BEARD if float(np.median(at(mesh[list(CHIN)]))) / skin < 0.72 else 1.0
