"""Mouth and brows as flat shapes: guided by the mesh, decided by the photograph's own colours."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .mesh import BROW, LIPS, MOUTH_LOWER, MOUTH_UPPER, curve, fill, stroke
from .regions import Face


def closed_curve(points: np.ndarray) -> np.ndarray:
    """Smooth polygon through ring points [n,2]."""
    return curve(np.vstack([points, points[:1]]), 6 * len(points))


def draw_mouth(lab: np.ndarray, alpha: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray, skin: np.ndarray, lips: float) -> None:
    """Lips as two flat tones, teeth as one white shape, and the mouth's line.  ``skin`` is the face's median Lab colour.

    ``lips`` 0...1: how much of the lips' own colour stays; anime mouths are mostly a line.
    """
    shape, u = lab.shape[:2], face.unit
    upper, lower = curve(mesh[list(MOUTH_UPPER)], 60), curve(mesh[list(MOUTH_LOWER)], 60)
    _, down = face.axes
    opening = float(np.dot(lower[20:40].mean(0) - upper[20:40].mean(0), down)) / u
    whole = fill(shape, closed_curve(mesh[list(LIPS)]), 0.7)
    inside = fill(shape, np.vstack([upper, lower[::-1]]), 0.4) * float(ramp(0.015, 0.04, np.float32(opening)))
    flesh = whole * (1 - inside)
    chosen = photo[flesh > 0.7]
    if len(chosen) > 20:
        soft = cv2.GaussianBlur(photo, (0, 0), 1.6)
        colour = np.median(chosen, 0)
        # Upper lip in shade, lower lip in light: two tones that follow the photograph's own.
        light = ramp(-3.0, 3.0, soft[..., 0] - colour[0])
        tone = colour[None, None] + np.stack([5.0 * light - 3.5, 0 * light, 0 * light], -1)
        redder = float(ramp(-2, 8, np.float32(colour[1] - skin[1])))
        tone = skin + (tone - skin) * (lips + (1 - lips) * 0.6 * redder)
        tone[..., 1] += 2.5
        lab += (tone - lab) * (0.82 * flesh)[..., None]
        alpha *= 1 - 0.75 * flesh
    if opening > 0.03:
        draw_inside(lab, alpha, photo, inside)
    line = 0.5 * (upper + lower) if opening < 0.035 else upper
    width = u * (0.010 + 0.016 * np.sin(np.pi * np.linspace(0, 1, 60)))
    np.maximum(alpha, 0.85 * stroke(shape, line, width), out=alpha)
    if opening >= 0.035:
        np.maximum(alpha, 0.5 * stroke(shape, lower[12:48], u * 0.012 * np.ones(36)), out=alpha)
    shadow = curve(mesh[[181, 84, 17, 314, 405]], 30) + down * 0.02 * u
    np.maximum(alpha, 0.22 * stroke(shape, shadow[6:24], u * 0.014 * np.sin(np.pi * np.linspace(0, 1, 18)) + 0.3), out=alpha)


def draw_inside(lab: np.ndarray, alpha: np.ndarray, photo: np.ndarray, inside: np.ndarray) -> None:
    """Open mouth: one white shape of teeth without gaps, one tongue, one dark rest."""
    chosen = photo[inside > 0.6]
    if len(chosen) < 12:
        return
    closed = cv2.morphologyEx(photo[..., 0], cv2.MORPH_CLOSE, np.ones((5, 5)))
    chroma = cv2.GaussianBlur(np.hypot(photo[..., 1], photo[..., 2]), (0, 0), 1.2)
    lightest = float(np.percentile(chosen[:, 0], 95))
    teeth = ramp(0.58 * lightest, 0.74 * lightest, cv2.GaussianBlur(closed, (0, 0), 0.8)) * ramp(34, 22, chroma)
    teeth *= float(ramp(30, 45, np.float32(lightest))) * inside
    red = photo[(inside > 0.6) & (teeth < 0.3)]
    rest = np.median(red, 0) if len(red) > 8 else np.array([22, 18, 8])
    lab += (np.array([rest[0], rest[1] + 4, rest[2]], np.float32) - lab) * (0.8 * inside)[..., None]
    white = np.array([min(96.0, lightest + 10), 0.5, 3.0], np.float32)
    lab += (white - lab) * (0.95 * teeth)[..., None]
    alpha *= 1 - 0.9 * inside


def draw_brows(lab: np.ndarray, alpha: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray) -> None:
    """Brows as flat strokes: what is darker than the skin around it, in the place where the mesh has the brow."""
    u = face.unit
    wide = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.16 * u)
    soft = cv2.GaussianBlur(photo[..., 0], (0, 0), 1.5)
    for ring in BROW:
        polygon = closed_curve(mesh[list(ring)])
        place = cv2.GaussianBlur(cv2.dilate(fill(lab.shape[:2], polygon), np.ones((5, 5))), (0, 0), 0.03 * u)
        brow = ramp(0.35, 0.65, cv2.GaussianBlur(place * ramp(2.5, 8, wide - soft), (0, 0), 0.013 * u + 0.3))
        if (brow > 0.5).sum() < 20:
            continue
        colour = np.median(photo[brow > 0.5], 0)
        colour[0] *= 0.82
        lab += (colour - lab) * (0.92 * brow)[..., None]
        alpha *= 1 - 0.8 * brow
