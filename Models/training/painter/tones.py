"""Where light and shade lie: two masks with clean borders, shared by all styles.

Lab arrays: L 0...100, a and b about -100...100.  Masks are float32 [H,W] in 0...1.
"""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp


def smooth_edges(image: np.ndarray, strength: float, sigma: float, guide: np.ndarray | None = None) -> np.ndarray:
    """Weighted-least-squares smoothing that stops at edges; image 0...1, sigma in 8-bit levels of the guide."""
    guide = image if guide is None else guide
    g = np.clip(guide * 255, 0, 255).astype(np.uint8)
    return cv2.ximgproc.fastGlobalSmootherFilter(g, image.astype(np.float32), strength, sigma)


def without_specks(mask: np.ndarray, area: int) -> np.ndarray:
    """The mask without connected parts or holes below ``area`` px."""
    hard = (mask > 0.5).astype(np.uint8)
    for value in (1, 0):
        count, labels, stats, _ = cv2.connectedComponentsWithStats((hard == value).astype(np.uint8), connectivity=4)
        small = stats[:, cv2.CC_STAT_AREA] < area
        small[0] = False
        hard[small[labels]] = 1 - value
    return cv2.GaussianBlur(hard.astype(np.float32), (0, 0), 0.8)


def region_lightness(lightness: np.ndarray) -> np.ndarray:
    """Mean lightness of the shape that each pixel belongs to.

    Mean shift, because it follows soft borders too, over which a least-squares smoothing would leak.
    """
    h, w = lightness.shape
    half = cv2.resize(lightness, (max(1, w // 2), max(1, h // 2)), interpolation=cv2.INTER_AREA)
    levels = np.clip(np.sqrt(np.clip(half, 0, 1)) * 255, 0, 255).astype(np.uint8)
    shifted = cv2.pyrMeanShiftFiltering(cv2.merge([levels] * 3), 15, 34, maxLevel=1,
                                        termcrit=(cv2.TERM_CRITERIA_MAX_ITER, 3, 1))[..., 0]
    mean = cv2.GaussianBlur((shifted.astype(np.float32) / 255) ** 2, (0, 0), 1.2)
    return cv2.resize(mean, (w, h), interpolation=cv2.INTER_LINEAR)


def other_masks(lightness: np.ndarray, focus: np.ndarray,
                coherence: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Shade and light bands on hair, cloth and things, and the lightness (0...1) that remains without them."""
    wide = region_lightness(lightness)
    local = lightness - wide
    # Relative to brightness, so that dark hair gets its bands; where strokes run alike (hair, folds), more readily.
    threshold = (0.012 + 0.055 * wide) * (1.45 - 0.45 * coherence) * (1.9 - 0.9 * focus)
    dark = without_specks(ramp(-0.85 * threshold, -1.15 * threshold, local), 48)
    light = without_specks(ramp(0.85 * threshold, 1.15 * threshold, local), 48)
    # Light, even backgrounds would get a halo around the head; and an outline is no band.
    step = cv2.morphologyEx(cv2.resize(wide, None, fx=0.5, fy=0.5), cv2.MORPH_GRADIENT, np.ones((5, 5)))
    step = cv2.resize(step, lightness.shape[::-1], interpolation=cv2.INTER_LINEAR)
    spare = ramp(0.86, 0.66, wide) * ramp(0.30, 0.14, step)
    return dark * spare, light * spare, lightness - 0.7 * np.clip(local, -2.5 * threshold, 2.5 * threshold)
