"""The photograph as flat shapes: strokes that run along edges on the head, dabs of a broad brush elsewhere.

Images are float32 arrays in 0...1, [H,W,3] or [H,W]; lengths are pixels.
"""
from __future__ import annotations

import cv2
import numpy as np

from .flow import Flow, ramp, shock

# Dabs of the broad brush: length in pixels, directions, and how strictly the most even direction is preferred.
DAB, SECTORS, EVENNESS = 4, 8, 6


def abstract(rgb: np.ndarray, flow: Flow, detail: np.ndarray, head: np.ndarray) -> np.ndarray:
    """Flat shapes: on the ``head`` (0...1) strokes that run along edges with a shock across them, elsewhere dabs.

    ``detail`` 0...1 keeps the finest structure.
    """
    image = cv2.bilateralFilter(rgb, 7, 0.10, 4)
    start = image
    for _ in range(2):
        image = shock(flow.smooth(image, 5.0))
    image = flow.smooth(image, 2.0)
    # Where texture has no direction (leaves, prints), strokes would turn into worms.
    directed = np.maximum(ramp(0.10, 0.45, cv2.GaussianBlur(flow.coherence, (0, 0), 3)), 0.25)[..., None]
    image = image * directed + start * (1 - directed)
    # Cloth and background in dabs of a broad brush: clear shapes of full colour, where strokes would blur them.
    k = head[..., None]
    image = image * k + dabs(start, DAB) * (1 - k)
    flat = flatten(image)
    fine = cv2.bilateralFilter(rgb, 5, 0.06, 2)
    d = detail[..., None]
    return np.clip(flat * (1 - d) + fine * d, 0, 1)


def dabs(image: np.ndarray, radius: int) -> np.ndarray:
    """Each place takes the mean of the most even one of the sectors around it, ``radius`` px long (generalised Kuwahara
    filter, Papari et al. 2007): texture becomes patches with sharp borders and keeps its colours, edges stay in
    place."""
    y, x = np.mgrid[-radius:radius + 1, -radius:radius + 1].astype(np.float32)
    distance, angle = np.hypot(x, y), np.arctan2(y, x)
    fall = np.exp(-2 * (distance / radius) ** 2) * (distance < radius + 0.5)
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    stack = np.dstack([image, luma, luma * luma])
    total, weight = np.zeros_like(image), np.zeros_like(luma)
    for k in range(SECTORS):
        turn = np.abs((angle - 2 * np.pi * k / SECTORS + np.pi) % (2 * np.pi) - np.pi)
        kernel = fall * np.clip(1 - turn * SECTORS / (2 * np.pi), 0, 1)
        kernel[radius, radius] = fall[radius, radius] / SECTORS
        means = cv2.filter2D(stack, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT_101)
        spread = np.sqrt(np.maximum(means[..., 4] - means[..., 3] ** 2, 0))
        share = (0.01 + spread) ** -EVENNESS
        total += share[..., None] * means[..., :3]
        weight += share
    return total / weight[..., None]


def flatten(image: np.ndarray) -> np.ndarray:
    """Even out areas without bleeding across weak edges: mean shift in a space where darks are spread."""
    # Mean shift compares 8-bit distances; the square root keeps dark hair apart from a dark background.
    spread = np.clip(np.sqrt(np.clip(image, 0, 1)) * 255, 0, 255).astype(np.uint8)
    end = (cv2.TERM_CRITERIA_MAX_ITER, 3, 1)
    flat = cv2.pyrMeanShiftFiltering(spread, 7, 11, maxLevel=1, termcrit=end).astype(np.float32) / 255
    # Soft gradients come out of it in bands.  Filters of wider reach (least squares, guided, few gradients) would let
    # bright shapes run into each other.
    return cv2.bilateralFilter(flat, 9, 0.03, 4) ** 2
