"""Flat shading: few lightness steps with clean borders.  Lab arrays: L 0...100, a and b about -100...100."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp


def soft_steps(value: np.ndarray, count: float, sharp: float) -> np.ndarray:
    """Quantise 0...1 to ``count`` steps joined by steep S-curves; ``sharp`` 0 = identity, 12 = nearly hard."""
    scaled = value * count
    base = np.floor(scaled)
    t = scaled - base
    low = 1 / (1 + np.exp(sharp * 0.5))
    t = (1 / (1 + np.exp(-sharp * (t - 0.5))) - low) / (1 - 2 * low)
    return (base + t) / count


def smooth_edges(image: np.ndarray, strength: float, sigma: float, guide: np.ndarray | None = None) -> np.ndarray:
    """Weighted-least-squares smoothing that stops at edges; image 0...1, sigma in 8-bit levels of the guide."""
    guide = image if guide is None else guide
    g = np.clip(guide * 255, 0, 255).astype(np.uint8)
    return cv2.ximgproc.fastGlobalSmootherFilter(g, image.astype(np.float32), strength, sigma)


def shade_skin(lab: np.ndarray, guide: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Skin in three tones: shadow, base, light.  Steps are placed relative to this person's own skin."""
    chosen = mask > 0.6
    if chosen.sum() < 400:
        return lab
    soft = smooth_edges(lab[..., 0] / 100, 200, 6, guide) * 100
    soft = cv2.GaussianBlur(soft, (0, 0), 3.0)
    middle = float(np.median(soft[chosen]))
    spread = float(np.clip(1.4826 * np.median(np.abs(soft[chosen] - middle)), 5, 14))
    edge = 0.12 * spread + 0.5
    dark = ramp(middle - 0.85 * spread + edge, middle - 0.85 * spread - edge, soft)
    deep = ramp(middle - 2.6 * spread + edge, middle - 2.6 * spread - edge, soft)
    light = ramp(middle + 0.95 * spread - edge, middle + 0.95 * spread + edge, soft)
    base = middle + 2.5 + 0.10 * max(0.0, 85 - middle)
    drop = np.clip(1.25 * spread, 8, 0.24 * middle + 4)
    tone = base - drop * dark - 1.1 * drop * deep + min(0.7 * spread, 0.5 * (97 - base)) * light
    out = lab.copy()
    # A little of the true shading keeps cheeks round and hides the mask's border.
    out[..., 0] = 0.76 * tone + 0.24 * (soft + 2)
    mean_ab = np.median(lab[..., 1:][chosen], 0)
    ab = smooth_edges(lab[..., 1:2] / 200 + 0.5, 200, 8, guide), smooth_edges(lab[..., 2:] / 200 + 0.5, 200, 8, guide)
    for i, channel in enumerate(ab):
        flat = 0.55 * ((channel.reshape(soft.shape) - 0.5) * 200) + 0.45 * mean_ab[i]
        # Cel shadows are warmer and more saturated than the light, never grey.
        warm = (3.2, 1.2)[i] * (0.5 + middle / 120)
        out[..., 1 + i] = flat * 1.10 * (1 + 0.10 * dark) + warm * dark * (1 - 0.3 * deep)
    m = mask[..., None]
    return lab * (1 - m) + out * m


def shade_rest(lab: np.ndarray, coherence: np.ndarray, calm: np.ndarray) -> np.ndarray:
    """Soft tone steps everywhere else; ``calm`` 0...1 asks for fewer steps (background)."""
    lightness = cv2.GaussianBlur(lab[..., 0] / 100, (0, 0), 1.0)
    wide = smooth_edges(lightness, 900, 14)
    # Stretch about the local mean where strokes run alike (hair, folds): it splits into shadow, body and light band.
    # Light backgrounds are spared, where it would draw a halo around the head.
    local = np.clip(lightness - wide, -0.1, 0.07) * ramp(0.8, 0.55, wide)
    stretched = lightness + (0.40 * coherence + 0.1) * local
    steps = soft_steps(np.clip(stretched, 0, 1), 6, 10)
    few = soft_steps(np.clip(lightness, 0, 1), 5, 9)
    steps = steps * (1 - calm) + few * calm
    out = lab.copy()
    out[..., 0] = 100 * (0.68 * steps + 0.32 * lightness)
    return out


def grade(lab: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Overall colour: open shadows, richer chroma with a limit; ``keep`` 0...1 marks skin, which is already graded."""
    lightness = np.clip(lab[..., 0] / 100, 0, 1)
    opened = lightness + 0.25 * lightness * (1 - lightness) + 0.012
    lightness = lightness + (opened - lightness) * (1 - 0.35 * keep)
    chroma = np.hypot(lab[..., 1], lab[..., 2])
    # Greys stay grey, pale colours gain most, vivid ones are left alone.
    gain = 1 + (0.34 * ramp(1, 9, chroma) * ramp(85, 35, chroma)) * (1 - 0.7 * keep)
    out = lab.copy()
    out[..., 0] = 100 * np.clip(lightness, 0, 1)
    out[..., 1:] *= gain[..., None]
    return out
