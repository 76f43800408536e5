"""Overall colour of a style: what its lights, shadows, greens and skies look like."""
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


def grade(lab: np.ndarray, keep: np.ndarray, focus: np.ndarray, look: Look) -> np.ndarray:
    """Open shadows, richer chroma with a limit, tinted lights and shadows; ``keep`` 0...1 marks the face, which changes less."""
    lightness = np.clip(lab[..., 0] / 100, 0, 1)
    less = 1 - 0.4 * keep
    opened = lightness + look.brighten * lightness * (1 - lightness) * less + 0.012 * less
    out = lab.copy()
    out[..., 0] = 100 * np.clip(opened, 0, 1)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    # Greys stay grey, pale colours gain most, vivid ones are left alone.
    gain = 1 + look.chroma * ramp(1, 9, chroma) * ramp(88, 35, chroma) * (1 - 0.75 * keep)
    out[..., 1:] *= gain[..., None]
    free = (1 - 0.85 * keep)
    bright, deep = ramp(0.45, 0.95, opened), ramp(0.5, 0.05, opened)
    for i in (0, 1):
        out[..., 1 + i] += free * (look.light_tint[i] * bright + look.dark_tint[i] * deep)
    if look.green_calm:
        green = near_hue(out, 135, 60) * look.green_calm * (1 - keep)
        out[..., 1] += green * 0.30 * np.abs(out[..., 1])
        out[..., 1:] *= (1 - 0.22 * green)[..., None]
        out[..., 0] += 2.5 * green
    if look.blue_lift:
        blue = near_hue(out, 262, 60) * look.blue_lift * (1 - keep)
        out[..., 1:] *= (1 + 0.45 * blue * ramp(75, 30, chroma))[..., None]
        out[..., 0] += blue * 9 * ramp(0.15, 0.5, opened) * ramp(0.98, 0.8, opened)
    if look.glow:
        lights = np.clip(out[..., 0] - 74, 0, 26)
        spread = cv2.GaussianBlur(lights, (0, 0), 0.025 * max(lab.shape[:2]))
        out[..., 0] = np.minimum(99.5, out[..., 0] + look.glow * spread * (1 - 0.6 * keep))
        out[..., 2] += look.glow * 0.25 * spread * free
    return out
