"""Overall colour of a style: its paper and ink, its lights and shadows, greens and skies.

All is a function of the colours around a pixel, so that a small network that sees a part of the picture can learn it.
"""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .look import Look


def near_hue(lab: np.ndarray, degrees: float, width: float) -> np.ndarray:
    """1 where the hue angle is ``degrees`` (Lab), 0 beyond ``width`` from it; greys count little."""
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1]))
    away = np.abs((hue - degrees + 180) % 360 - 180)
    return ramp(width, 0.4 * width, away) * ramp(2, 12, np.hypot(lab[..., 1], lab[..., 2]))


def grade(lab: np.ndarray, keep: np.ndarray, hair: np.ndarray, look: Look) -> np.ndarray:
    """``lab`` [H,W,3] in this style's colours; ``keep`` 0...1 marks the face, which has its own, ``hair`` what is
    tinted less."""
    rest = grade_rest(lab, hair, look)
    if look.pigment:
        gather(rest, look.pigment)
    k = keep[..., None]
    out = rest * (1 - k) + grade_skin(lab, look) * k
    if look.glow:
        spread = cv2.GaussianBlur(np.clip(out[..., 0] - 74, 0, 26), (0, 0), 0.025 * max(lab.shape[:2]))
        out[..., 0] = np.minimum(99.5, out[..., 0] + look.glow * spread * (1 - 0.6 * keep))
    return out


def grade_skin(lab: np.ndarray, look: Look) -> np.ndarray:
    """Skin a little lifted, in the person's own hue."""
    out = lab.copy()
    lightness = np.clip(lab[..., 0] / 100, 0, 1)
    out[..., 0] = 100 * np.clip(lightness + look.skin_lift * lightness * (1 - lightness), 0, 1)
    # Little light shows little tint: dark skin keeps its own hue.
    seen = ramp(0.05, 0.55, lightness)
    for i in (0, 1):
        out[..., 1 + i] = look.skin_chroma * lab[..., 1 + i] + look.skin_tint[i] * seen
    return out


def grade_rest(lab: np.ndarray, hair: np.ndarray, look: Look) -> np.ndarray:
    """Everything but the face: lightness between this style's black and white, tinted darks, middles and lights."""
    lightness = np.clip(lab[..., 0] / 100, 0, 1)
    opened = np.clip(lightness + look.brighten * lightness * (1 - lightness), 0, 1)
    out = lab.copy()
    out[..., 0] = look.black + (look.white - look.black) * opened
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    # What is vivid already gains nothing.
    gain = 1 + (look.chroma - 1) * (ramp(90, 30, chroma) if look.chroma > 1 else 1.0)
    gain = gain * np.clip(out[..., 0] / np.maximum(lab[..., 0], 4), 0.5, 2.2) ** look.depth
    full = look.chroma_limit * np.tanh(gain * chroma / look.chroma_limit)
    out[..., 1:] *= (full / np.maximum(chroma, 0.5))[..., None]
    deep, bright = ramp(0.55, 0.0, opened), ramp(0.45, 1.0, opened)
    # Colours of their own are tinted less than greys; a person's hair stays as dark and as brown as it is.
    grey = ((1 - 0.55 * ramp(10, 50, chroma)) * (1 - 0.35 * hair * ramp(3, 8, chroma))
            * (1 - (1 - look.hair_tint) * hair))
    out[..., 0] -= 0.6 * hair * (out[..., 0] - lab[..., 0])
    for i in (0, 1):
        tint = look.dark_tint[i] * deep + look.light_tint[i] * bright + look.middle_tint[i] * (1 - deep) * (1 - bright)
        out[..., 1 + i] += grey * tint
    if look.green_calm:
        green = near_hue(lab, 128, 62) * look.green_calm
        out[..., 1] += green * 0.35 * np.abs(out[..., 1])
        out[..., 1:] *= (1 - 0.25 * green)[..., None]
        out[..., 0] += 2.5 * green
    if look.blue_lift:
        blue = near_hue(lab, 255, 65) * look.blue_lift
        # Pale skies gain most: they grow deep, and their light goes into their colour.
        pale = blue * ramp(40, 8, chroma) * ramp(0.5, 0.9, opened)
        out[..., 1:] *= (1 + 0.3 * blue * ramp(75, 30, chroma) + 0.8 * pale)[..., None]
        out[..., 0] -= 9 * pale
    return out


def gather(lab: np.ndarray, amount: float) -> None:
    """Pigment of a wash runs to its borders: a dark rim, paler within, and bare paper on the light side.  In place."""
    lightness = lab[..., 0]
    rim, wash = (lightness - cv2.GaussianBlur(lightness, (0, 0), sigma) for sigma in (2.2, 9.0))
    dark = np.clip(-0.45 * rim, 0, 6) + np.clip(-0.30 * wash, 0, 6)
    bare = np.clip(0.45 * rim, 0, 6) + np.clip(0.12 * wash, 0, 3)
    lab[..., 0] = np.minimum(lightness + amount * (bare - dark), 98)
    lab[..., 1:] *= (1 + 0.03 * amount * (dark - bare))[..., None]
