"""Dark lines: flow-based difference of Gaussians, cleaned by hysteresis and by length."""
from __future__ import annotations

import cv2
import numpy as np

from .flow import Flow, ramp


def line_response(luma: np.ndarray, flow: Flow, sigma: float) -> np.ndarray:
    """How strongly a pixel is a dark line or the dark side of an edge; about 0...0.3, relative to local brightness."""
    small, large = flow.across(luma, sigma, 1.6 * sigma)
    response = flow.smooth(large - 0.99 * small, 3.5)
    # Relative to brightness, so that dark skin and dark hair get lines like light ones.
    return response / (0.22 + cv2.GaussianBlur(large, (0, 0), 6))


def keep_long(strong: np.ndarray, weak: np.ndarray, length: int) -> np.ndarray:
    """Weak pixels connected to strong ones, in components at least ``length`` pixels across.  Boolean in, boolean
    out."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(weak.astype(np.uint8), connectivity=8)
    extent = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    seeded = np.zeros(count, bool)
    seeded[np.unique(labels[strong])] = True
    good = seeded & (extent >= length)
    good[0] = False
    return good[labels]


def draw_lines(luma: np.ndarray, flow: Flow, skin: np.ndarray, features: np.ndarray,
               focus: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Line coverage [H,W] in 0...1, and where lines may break (1: little contrast, or less than along the rest of the
    line).

    ``skin`` raises the threshold (no pores), ``features`` lowers it, a low
    ``focus`` (background) raises it and thins the line.
    """
    response = line_response(luma, flow, 1.15)
    response = np.maximum(response, line_response(luma, flow, 0.8) * (0.5 + 0.5 * features))
    # Only inside the skin: the outline of face and ears is drawn in full.
    plain = cv2.erode(skin, np.ones((9, 9))) * (1 - features)
    threshold = 0.020 + 0.012 * plain + 0.014 * (1 - focus) - 0.004 * features
    # Busy texture would fill up with lines: where many candidates crowd, only the strongest stay.
    candidates = (response > threshold).astype(np.float32)
    crowd = np.maximum(cv2.GaussianBlur(candidates, (0, 0), 9), 1.4 * cv2.GaussianBlur(candidates, (0, 0), 24))
    threshold = threshold * (1 + 2.2 * ramp(0.18, 0.5, crowd) * (1 - features))
    ratio = response / threshold
    # Faint edges become faint strokes; only real outlines are drawn at full strength.
    alpha = ramp(0.55, 1.9, ratio) * (0.5 + 0.5 * ramp(1.4, 4.5, ratio))
    strong, weak = response > 1.35 * threshold, response > 0.62 * threshold
    keep = keep_long(strong, weak, 20) | (features > 0.3) & keep_long(strong, weak, 15)
    # Within texture only strokes that run on for a while are drawing; the rest is noise.
    keep &= ~(crowd > 0.18) | keep_long(response > 1.8 * threshold, response > 0.9 * threshold, 42) | (features > 0.3)
    mask = cv2.GaussianBlur(cv2.dilate(keep.astype(np.float32), np.ones((3, 3))), (0, 0), 0.7)
    weight = (0.5 + 0.42 * focus) * (1 - 0.38 * plain)
    along = flow.smooth(flow.smooth(np.maximum(response, 0), 9.0), 9.0)
    breaks = np.maximum(ramp(0.97, 0.80, response / (along + 1e-4)), ramp(1.9, 1.1, along / threshold))
    return np.clip(alpha * mask * weight, 0, 1).astype(np.float32), breaks.astype(np.float32)


def in_hand(alpha: np.ndarray, breaks: np.ndarray, width: float, gaps: float) -> np.ndarray:
    """Lines [H,W] as one style's pen draws them: ``width`` 0 thin, 0.5 as they are, 1 wide; ``gaps`` 0...1 breaks
    them."""
    if width > 0.5:
        wide = np.minimum(1, 1.7 * cv2.GaussianBlur(alpha, (0, 0), 0.9))
        alpha = np.maximum(alpha, alpha + 2 * (width - 0.5) * (wide - alpha))
    elif width < 0.5:
        thin = alpha * ramp(0.35, 1.0, alpha / (cv2.dilate(alpha, np.ones((3, 3))) + 1e-3))
        alpha = alpha + 2 * (0.5 - width) * (thin - alpha)
    return alpha * (1 - gaps * breaks)
