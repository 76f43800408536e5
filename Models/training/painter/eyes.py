"""Drawn eyes: lids, iris, pupil, highlights and lashes as clean shapes on the spot where the photograph has them.

The eye grows a little about its own centre, as draughtsmen do; neither the centre nor the gaze moves.
Closed eyes become a lash line.  Dark glasses and eyes turned away are left as they are.
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .flow import ramp
from .mesh import IRIS, LOWER_LID, UPPER_LID, curve, fill, stroke
from .regions import Face


@dataclass
class Eye:
    """One eye's curves in pixels, from the corner near the nose to the outer one, already grown."""

    upper: np.ndarray   # [40,2]
    lower: np.ndarray   # [40,2]
    iris: np.ndarray    # centre (x, y)
    radius: float       # of the photograph's iris, px
    opening: float      # height of the photograph's eye, in inter-ocular distances
    width: float        # corner to corner, in inter-ocular distances
    original: np.ndarray  # polygon [80,2] of the photograph's eye

    @property
    def outline(self) -> np.ndarray:
        return np.vstack([self.upper, self.lower[::-1]])


def find_eye(mesh: np.ndarray, face: Face, index: int) -> Eye:
    """Curves of the viewer's left (0) or right (1) eye."""
    upper, lower = curve(mesh[list(UPPER_LID[index])]), curve(mesh[list(LOWER_LID[index])])
    right, down = face.axes
    u = face.unit
    centre = 0.5 * (0.5 * (upper[0] + upper[-1]) + 0.5 * (upper[20] + lower[20]))
    opening = float(np.dot(lower[12:28].mean(0) - upper[12:28].mean(0), down)) / u
    width = float(np.linalg.norm(upper[-1] - upper[0])) / u
    # Narrow eyes stay narrow: most of the growth is in proportion.
    grow_y = 1.12 + 0.035 / max(opening, 0.06)
    grow = lambda p: centre + np.outer((p - centre) @ right, right) * 1.07 + np.outer((p - centre) @ down, down) * grow_y
    ring = mesh[list(IRIS[index])]
    radius = float(np.linalg.norm(ring[1:] - ring[0], axis=1).mean())
    return Eye(grow(upper), grow(lower), ring[0], radius, opening, width, np.vstack([upper, lower[::-1]]))


def trust(lab: np.ndarray, eye: Eye, mask: np.ndarray, skin_light: float) -> float:
    """0...1: whether the photograph really shows an eye here (no dark glasses, not turned away)."""
    inside = lab[..., 0][mask > 0.6]
    near, far = (2 * int(k * eye.radius) + 1 for k in (0.6, 1.5))
    around = lab[..., 0][cv2.dilate(mask, np.ones((far, far))) - cv2.dilate(mask, np.ones((near, near))) > 0.5]
    if inside.size < 12 or around.size < 12:
        return 0.0
    contrast = float(np.percentile(inside, 92) - np.percentile(inside, 8))
    # Lids are skin; behind dark glasses they are not to be seen.
    lids = float(np.percentile(around, 70)) / max(skin_light, 8.0)
    return float(ramp(9, 16, np.float32(contrast)) * ramp(0.13, 0.20, np.float32(eye.width)) * ramp(0.38, 0.50, np.float32(lids)))


def iris_colour(lab: np.ndarray, eye: Eye, mask: np.ndarray) -> np.ndarray:
    """Clear version of the photograph's iris colour, Lab."""
    y, x = np.mgrid[0:lab.shape[0], 0:lab.shape[1]].astype(np.float32)
    r = np.hypot(x - eye.iris[0], y - eye.iris[1]) / eye.radius
    ring = (mask > 0.6) & (r > 0.4) & (r < 0.85)
    chosen = lab[ring] if ring.sum() >= 6 else np.array([[25.0, 4.0, 7.0]], np.float32)
    chosen = chosen[chosen[:, 0] <= np.percentile(chosen[:, 0], 80)]
    l, a, b = np.median(chosen, 0)
    chroma = float(np.hypot(a, b))
    # Dark brown irises hardly show their hue in a photograph; a drawing does.
    dark = float(ramp(34, 18, np.float32(l))) * float(ramp(-2, 2, np.float32(b)))
    a, b = a + dark * (1 - ramp(4, 14, np.float32(chroma))) * 3, b + dark * (1 - ramp(4, 14, np.float32(chroma))) * 5
    # Brown, not red: the whites' veins and the lids colour what is seen of a dark iris.
    a = min(a, 0.75 * max(b, 0.0) + 2.0)
    chroma = float(np.hypot(a, b)) + 1e-3
    wanted = min(1.35 * chroma + 6 * min(1.0, chroma / 3), 40)
    return np.array([np.clip(1.1 * l + 8, 24, 58), a * wanted / chroma, b * wanted / chroma], np.float32)


def blend(lab: np.ndarray, colour, mask: np.ndarray) -> None:
    """Paint ``colour`` (Lab [3] or [H,W,3]) over ``lab`` in place where ``mask`` [H,W] says."""
    lab += (colour - lab) * mask[..., None]


def draw_iris(lab: np.ndarray, marks: np.ndarray, photo: np.ndarray, eye: Eye, face: Face, mask: np.ndarray, sparkle: float) -> None:
    """Iris with dark upper part and rim, light lower part, pupil and two highlights, clipped to ``mask``.

    Highlights, pupil and the whole disc go into ``marks`` [H,W,3] too.
    """
    colour = iris_colour(photo, eye, fill(lab.shape[:2], eye.original))
    right, down = face.axes
    y, x = np.mgrid[0:lab.shape[0], 0:lab.shape[1]].astype(np.float32)
    dx, dy = x - eye.iris[0], y - eye.iris[1]
    rx, ry = 1.14 * eye.radius, 1.34 * eye.radius
    s, v = (dx * right[0] + dy * right[1]) / rx, (dx * down[0] + dy * down[1]) / ry
    r = np.hypot(s, v)
    edge = 1.0 / rx
    disc = ramp(1 + 0.6 * edge, 1 - 0.6 * edge, r) * mask
    body = np.empty_like(lab)
    light = ramp(-0.25, 0.9, v)
    body[..., 0] = colour[0] - 15 * ramp(0.1, -0.75, v) + (20 + 8 * sparkle) * light - 20 * ramp(0.74, 0.94, r)
    body[..., 1:] = colour[1:] * (1 + (0.25 + 0.3 * sparkle) * light)[..., None]
    blend(lab, body, disc)
    pupil = ramp(1 + 2 * edge, 1 - 2 * edge, np.hypot(s / 0.44, (v + 0.03) / 0.46)) * mask
    blend(lab, np.array([9, 1, -2], np.float32), 0.95 * pupil)
    spot = lambda cx, cy, size: ramp(size + 0.7 * edge, size - 0.7 * edge, np.hypot(s - cx, (v - cy) * 1.1)) * mask
    glints = np.maximum(spot(-0.34, -0.36, 0.33 + 0.05 * sparkle), (0.6 + 0.3 * sparkle) * spot(0.38, 0.46, 0.15 + 0.05 * sparkle))
    blend(lab, np.array([98, 0, 0], np.float32), glints)
    marks[..., 0] = np.maximum(marks[..., 0], glints)
    marks[..., 1] = np.maximum(marks[..., 1], 0.95 * pupil * (1 - glints))
    marks[..., 2] = np.maximum(marks[..., 2], disc)


def draw_eye(lab: np.ndarray, alpha: np.ndarray, marks: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray, index: int,
             skin_light: float, lashes: float = 1.0, sparkle: float = 0.0) -> None:
    """Draw one eye into ``lab`` [H,W,3], ``alpha`` [H,W] and ``marks`` [H,W,3] (highlights, pupils, irises), all changed in place.

    ``skin_light``: lightness of this face's skin;
    ``lashes``: width of the lash line relative to the cel style's; ``sparkle`` 0...1: how much the iris shines.
    """
    u = face.unit
    x, y = np.round(mesh[list(UPPER_LID[index])].mean(0)).astype(int)
    reach = int(0.45 * u) + 6
    view = np.s_[max(0, y - reach):y + reach, max(0, x - reach):x + reach]
    shift = np.array([max(0, x - reach), max(0, y - reach)])
    lab, alpha, marks, photo = lab[view], alpha[view], marks[view], np.ascontiguousarray(photo[view])
    face, mesh = Face(face.points - shift), mesh - shift
    eye = find_eye(mesh, face, index)
    shape = lab.shape[:2]
    if min(shape) < 8:
        return
    other = find_eye(mesh, face, 1 - index)
    # Of a head turned far away only the near eye is drawn.
    turned = float(ramp(0.35, 0.6, np.float32(eye.width / max(other.width, 1e-3))))
    sure = turned * trust(photo, eye, fill(shape, eye.original), skin_light)
    if sure < 0.05:
        return
    if eye.opening < 0.055:
        draw_lashes(alpha, eye, u, 0.85 * sure, lashes)
        return
    mask = fill(shape, eye.outline) * sure
    inside = photo[fill(shape, eye.original) > 0.7]
    white = np.percentile(inside, 80, axis=0) if inside.size else np.array([80, 0, 0])
    sclera = np.array([np.clip(1.10 * white[0] + 6, 30, 94), 0.35 * np.median(inside[:, 1]), 0.35 * np.median(inside[:, 2])], np.float32)
    _, down = face.axes
    blend(lab, sclera, mask)
    draw_iris(lab, marks, photo, eye, face, mask, sparkle)
    # The upper lid throws a shadow.
    below = fill(shape, np.vstack([eye.upper, (eye.upper + 0.045 * u * down)[::-1]]), 0.6) * mask
    lab[..., 0] *= 1 - 0.38 * below
    # The photograph's own lid lines lie inside the grown eye.
    cleared = cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3))), (0, 0), 0.8)
    alpha *= 1 - cleared
    draw_lashes(alpha, eye, u, sure, lashes)


def draw_lashes(alpha: np.ndarray, eye: Eye, u: float, strength: float, lashes: float = 1.0) -> None:
    """Upper lash line with a short wing, lower lash line on the outer half, crease above the lid."""
    shape = alpha.shape
    t = np.linspace(0, 1, 40)
    up = eye.upper[20] - eye.lower[20]
    up = up / (np.linalg.norm(up) + 1e-6)
    wing = eye.upper[-1] + (eye.upper[-1] - eye.upper[-7]) * 0.22 + up * 0.012 * u
    width = u * lashes * (0.014 + 0.030 * np.sin(np.pi * np.clip(0.12 + 0.72 * t, 0, 1)) + 0.008 * t)
    upper = stroke(shape, np.vstack([eye.upper, wing]), np.append(width, 0.2), up)
    half = eye.lower[18:]
    lower = stroke(shape, half, np.linspace(0.3, 0.012 * u * lashes + 0.4, len(half)), -up)
    crease = eye.upper[7:36] + up * (0.062 + 0.012 * lashes) * u
    fold = stroke(shape, crease, 0.3 + 0.010 * u * np.sin(np.pi * np.linspace(0, 1, len(crease))))
    fold *= 0.38 * ramp(0.07, 0.12, np.float32(eye.opening))
    np.maximum(alpha, strength * np.maximum(np.maximum(upper, 0.6 * lower), fold), out=alpha)
