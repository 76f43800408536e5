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
    """Weak pixels connected to strong ones, in components at least ``length`` pixels across.  Boolean in, boolean out."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(weak.astype(np.uint8), connectivity=8)
    extent = np.hypot(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    seeded = np.zeros(count, bool)
    seeded[np.unique(labels[strong])] = True
    good = seeded & (extent >= length)
    good[0] = False
    return good[labels]


def draw_lines(luma: np.ndarray, flow: Flow, skin: np.ndarray, features: np.ndarray, focus: np.ndarray) -> np.ndarray:
    """Line coverage [H,W] in 0...1.

    ``skin`` raises the threshold (no pores), ``features`` lowers it, a low
    ``focus`` (background) raises it and thins the line.
    """
    response = line_response(luma, flow, 1.15)
    response = np.maximum(response, line_response(luma, flow, 0.8) * (0.5 + 0.5 * features))
    # Only inside the skin: the outline of face and ears is drawn in full.
    plain = cv2.erode(skin, np.ones((9, 9))) * (1 - features)
    threshold = 0.020 + 0.012 * plain + 0.014 * (1 - focus) - 0.004 * features
    # Busy texture would fill up with lines: where many candidates crowd, only the strongest stay.
    crowd = cv2.GaussianBlur((response > threshold).astype(np.float32), (0, 0), 9)
    threshold = threshold * (1 + 2.2 * ramp(0.18, 0.5, crowd) * (1 - features))
    ratio = response / threshold
    # Faint edges become faint strokes; only real outlines are drawn at full strength.
    alpha = ramp(0.55, 1.9, ratio) * (0.5 + 0.5 * ramp(1.4, 4.5, ratio))
    keep = keep_long(response > 1.35 * threshold, response > 0.62 * threshold, 15)
    # Within texture only strokes that run on for a while are drawing; the rest is noise.
    keep &= ~(crowd > 0.22) | keep_long(response > 1.8 * threshold, response > 0.9 * threshold, 32) | (features > 0.3)
    mask = cv2.GaussianBlur(cv2.dilate(keep.astype(np.float32), np.ones((3, 3))), (0, 0), 0.7)
    weight = (0.5 + 0.42 * focus) * (1 - 0.38 * plain)
    return np.clip(alpha * mask * weight, 0, 1).astype(np.float32)
