"""The mouth as clean shapes: lips of two near tones, one band of teeth, one line; guided by the mesh."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import LIPS, closed_curve, fill, mouth_curves, stroke
from .regions import Face

# Height of the opening, in inter-ocular distances, from which on a mouth is drawn open.
CLOSED, OPEN = 0.030, 0.045


def lip_colour(photo: np.ndarray, flesh: np.ndarray, skin: np.ndarray, tone: np.ndarray, own: float) -> np.ndarray:
    """The lips' Lab colour beside skin painted in ``tone``: their difference from the photograph's skin, but pinker.

    ``own`` 0...1: how much of the lips' own difference stays.
    """
    chosen = photo[flesh > 0.7]
    if len(chosen) < 20:
        return tone + np.array([-6, 6, 0], np.float32)
    away = np.median(chosen, 0) - skin
    # Make-up is kept, pale lips stay near the skin but are there.  Shade makes lips dark, only make-up makes them red.
    made_up = float(ramp(12, 26, np.float32(np.hypot(max(away[1], 0.0), 0.7 * away[2]))))
    away = away * (own + (1 - own) * made_up)
    away[0] = np.clip(away[0], -7.5 - 20 * made_up, -4.5)
    away[1] = np.clip(away[1] + 3.0, 8.0, 34)
    away[2] = np.clip(away[2] - 1.5, -4 - 16 * made_up, 0)
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    return (tone + away * [1, grey, grey]).astype(np.float32)


def teeth_share(photo: np.ndarray, upper: np.ndarray, lower: np.ndarray) -> float:
    """Down to which part of the opening (0...1) teeth are seen in its middle; 0 where there are none."""
    t = np.linspace(0.06, 0.94, 24)[:, None, None]
    at = (upper[18:42][None] * (1 - t) + lower[18:42][None] * t).astype(np.float32)
    values = cv2.remap(photo, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    light, red = values[..., 0], values[..., 1]
    top = float(np.percentile(light, 92))
    if top < 38:
        return 0.0
    teeth = (light > 0.62 * top) & (red < np.percentile(red, 30) + 9)
    rows = teeth.mean(1)
    if rows.max() < 0.45:
        return 0.0
    return float(t[np.nonzero(rows > 0.4)[0].max(), 0, 0])


def draw_mouth(lab: np.ndarray, alpha: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray, skin: np.ndarray,
               tone: np.ndarray, lips: float) -> None:
    """Draw lips, teeth and the mouth's line into ``lab`` [H,W,3] and ``alpha`` [H,W], in place.

    ``skin``: the photograph's skin, ``tone``: the painted one (Lab [3]); ``lips`` 0...1: their own colour's share.
    """
    shape, u = lab.shape[:2], face.unit
    upper, lower = mouth_curves(mesh)
    _, down = face.axes
    opening = float(np.dot(lower[20:40].mean(0) - upper[20:40].mean(0), down)) / u
    width = float(np.linalg.norm(upper[-1] - upper[0])) / u
    whole = fill(shape, closed_curve(mesh[list(LIPS)]), 0.5)
    is_open = float(ramp(CLOSED, OPEN, np.float32(opening)))
    inside = fill(shape, np.vstack([upper, lower[::-1]])) * is_open
    flesh = whole * (1 - inside)
    colour = lip_colour(photo, flesh, skin, tone, lips)
    middle = 0.5 * (upper + lower)
    # The upper lip faces down and lies in shade, a near tone of the same hue.
    above = fill(shape, np.vstack([middle, [middle[-1] - u * down, middle[0] - u * down]]))
    painted = colour[None, None] - above[..., None] * np.array([3.5, -0.5, 0], np.float32)
    lab += (painted - lab) * (0.95 * flesh)[..., None]
    alpha *= 1 - whole
    t = np.linspace(0, 1, 60)
    full = np.sin(np.pi * t)
    if is_open > 0.5:
        draw_inside(lab, photo, upper, lower, inside, tone)
        np.maximum(alpha, 0.88 * stroke(shape, upper, u * (0.006 + 0.016 * full ** 0.7)), out=alpha)
        np.maximum(alpha, 0.50 * stroke(shape, lower[4:-4], u * (0.003 + 0.009 * full[4:-4])), out=alpha)
    else:
        line = u * (0.005 + 0.017 * full ** 0.7) * (0.7 + 0.3 * min(1.0, width / 0.8))
        np.maximum(alpha, 0.88 * stroke(shape, middle, line), out=alpha)


def draw_inside(lab: np.ndarray, photo: np.ndarray, upper: np.ndarray, lower: np.ndarray, inside: np.ndarray,
                tone: np.ndarray) -> None:
    """Open mouth: one dark warm ground, one band of teeth of one off-white."""
    shape = lab.shape[:2]
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    ground = np.array([min(30.0, 0.42 * tone[0] + 4), 20 * grey, 11 * grey], np.float32)
    lab += (ground - lab) * inside[..., None]
    share = teeth_share(photo, upper, lower)
    if share < 0.15:
        return
    t = np.linspace(0, 1, len(upper))[:, None]
    # Fewer teeth show towards the corners.
    share = 1.0 if share > 0.72 else share + 0.1
    part = share * (1 - 0.9 * np.abs(2 * t - 1) ** 7)
    edge = upper + part * (lower - upper)
    teeth = fill(shape, np.vstack([upper, edge[::-1]])) * inside
    white = np.array([np.clip(0.2 * tone[0] + 80, 86, 96), 0.5 * grey, 2.5 * grey], np.float32)
    lab += (white - lab) * teeth[..., None]
