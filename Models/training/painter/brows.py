"""Brows as whole tapered strokes: where the mesh has them, with the photograph's own arc, alike on both sides."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import brow_curve, fill
from .regions import Face


def measure(dark: np.ndarray, spine: np.ndarray, face: Face) -> tuple[np.ndarray, float, float]:
    """How far the photograph's brow lies below ``spine`` [40,2], px [40]; its thickness, px; how clear it is, 0...1.

    ``dark`` [H,W]: by how much lightness falls below the skin's.
    """
    u = face.unit
    _, down = face.axes
    reach = 0.11 * u
    offsets = np.linspace(-reach, reach, 2 * int(reach) + 3)
    at = (spine[:, None] + offsets[None, :, None] * down).astype(np.float32)
    values = np.maximum(cv2.remap(dark, at[..., 0], at[..., 1], cv2.INTER_LINEAR) - 3.0, 0)
    # What lies near the mesh's brow counts most: lids and fringes are further away.
    values *= np.exp(-0.5 * (offsets / (0.07 * u)) ** 2)
    mass = values.sum(1)
    peak = values.max(1)
    clear = float(np.clip(np.median(peak[6:-6]) / 12, 0, 1))
    place = (values * offsets).sum(1) / (mass + 1e-3)
    t = np.linspace(-1, 1, len(spine))
    # A parabola: the arc of the whole brow, not its single hairs.
    weight = np.minimum(mass, np.percentile(mass, 70)) + 1e-3
    fit = np.polynomial.polynomial.polyfit(t, place, 2, w=np.sqrt(weight))
    # Shade beside the nose pulls the inner end down a little; the rest of the slope is the face's own, stern or not.
    fit[1] = min(fit[1], 0.55 * fit[1])
    shift = np.clip(np.polynomial.polynomial.polyval(t, fit), -0.06 * u, 0.06 * u) * clear
    thick = float(np.median((values > 0.45 * (peak[:, None] + 1e-3)).sum(1)[6:-6]) * (offsets[1] - offsets[0]))
    return shift, thick, clear


def draw_brows(lab: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray, skin: np.ndarray,
               covered: np.ndarray, hair: float = 100.0) -> None:
    """Draw both brows into ``lab`` [H,W,3] in place.

    ``photo``: Lab of the photograph; ``skin``: the skin's Lab tone [3]; ``covered`` [H,W]: frames of glasses, and hair
    that falls before them; ``hair``: lightness that the brows do not exceed.
    """
    u, shape = face.unit, lab.shape[:2]
    _, down = face.axes
    soft = cv2.GaussianBlur(photo, (0, 0), 1.2)
    wide = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.18 * u)
    dark = (np.minimum(wide + 4, skin[0]) - soft[..., 0]) * (1 - covered)
    curves = [brow_curve(mesh, index) for index in (0, 1)]
    found = [measure(dark, spine, face) for spine, _ in curves]
    widths = [float(np.linalg.norm(spine[-1] - spine[0])) for spine, _ in curves]
    clear = max(f[2] for f in found)
    # One thickness for both: what is seen better counts more.
    votes = np.array([f[2] * w + 1e-3 for f, w in zip(found, widths)])
    thick = float((votes * [f[1] for f in found]).sum() / votes.sum())
    thick = float(np.clip(1.22 * thick, 0.054 * u, 0.135 * u)) if clear > 0.35 else 0.05 * u
    masks = []
    for (spine, _), (shift, _, _), width in zip(curves, found, widths):
        t = np.linspace(0, 1, len(spine))
        # Outer end (t = 0) fine, fullest in the middle, the inner end round, thinner from below and not lowered.
        round_end = np.sqrt(np.clip(1 - np.clip((t - 0.9) / 0.1, 0, 1) ** 2, 0, 1))
        inner = np.clip((t - 0.55) / 0.45, 0, 1)
        profile = np.clip(t / 0.35, 0, 1) ** 0.7 * (1 - 0.25 * inner ** 1.5) * round_end
        rise = -0.003 * u * inner
        line = spine + np.outer(shift + rise, down)
        far = float(ramp(0.18, 0.42, np.float32(width / u)))
        half = 0.5 * (0.012 * u * round_end + thick * profile * (0.6 + 0.4 * far))[:, None]
        shape_of = np.vstack([line - half * down, (line + half * down)[::-1]])
        masks.append(fill(shape, shape_of, 0.35) * (1 - covered))
    whole = np.maximum(*masks)
    inside = whole > 0.6
    colour = np.array([skin[0] - 30, skin[1], skin[2]])
    if inside.sum() > 16:
        colour = np.median(photo[inside & (dark >= np.median(dark[inside]))], 0)
    # Seen from afar a brow is darker than its hairs with skin between them, fair ones little; a faint one is still a
    # stroke.
    light = min(0.85 * colour[0], skin[0] - 18 - 6 * clear, hair)
    colour = np.array([max(light, 8.0), colour[1], colour[2]], np.float32)
    strength = (0.74 + 0.20 * clear)
    lab += (colour - lab) * (strength * whole)[..., None]
