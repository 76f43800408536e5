"""The photograph as flat shapes: strokes that run along edges, and far from the face few, clean areas.

Images are float32 arrays in 0...1, [H,W,3] or [H,W]; lengths are pixels.
"""
from __future__ import annotations

import cv2
import numpy as np

from . import tones
from .flow import Flow, ramp, shock

# Number of gradients traded against distance from the picture (Xu et al., Image Smoothing via L0 Gradient
# Minimization, 2011): how few borders remain.
FEW_BORDERS = 0.003
MARGIN = 16
# Dabs of the broad brush: length in pixels, directions, and how strictly the most even direction is preferred.
DAB, SECTORS, EVENNESS = 4, 8, 6


def abstract(rgb: np.ndarray, flow: Flow, detail: np.ndarray, keep: np.ndarray, focus: np.ndarray) -> np.ndarray:
    """Flowing shapes: smoothing along edges with a shock across them, then few areas.

    ``detail`` 0...1 keeps the finest structure, ``keep`` 0...1 all borders that the strokes have (face and skin);
    far from the ``focus`` 0...1 the fewest remain.
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
    k = keep[..., None]
    image = image * k + dabs(start, DAB) * (1 - k)
    flat = flatten(image)
    flat = flat * k + few_areas(flat, FEW_BORDERS * (0.5 + ramp(0.5, 0.0, focus))) * (1 - k)
    fine = cv2.bilateralFilter(rgb, 5, 0.06, 2)
    d = detail[..., None]
    return np.clip(flat * (1 - d) + fine * d, 0, 1)


def dabs(image: np.ndarray, radius: int) -> np.ndarray:
    """Each place takes the mean of the most even one of the sectors around it, ``radius`` px long (generalised Kuwahara
    filter, Papari et al. 2007): texture becomes patches with sharp borders and keeps its colours, edges stay in place."""
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
    shifted = cv2.pyrMeanShiftFiltering(spread, 7, 11, maxLevel=1, termcrit=(cv2.TERM_CRITERIA_MAX_ITER, 3, 1))
    flat = (shifted.astype(np.float32) / 255)
    for sigma in (4.0, 3.0):
        flat = tones.smooth_edges(flat, 25, sigma)
    return flat * flat


def few_areas(flat: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Areas of one colour with the strongest borders alone; ``weight`` [H,W] of each border, see `minimise_borders`."""
    # The solver takes the picture to be periodic: a margin keeps opposite borders from bleeding into each other.
    spread, weight = (cv2.copyMakeBorder(x.astype(np.float32), MARGIN, MARGIN, MARGIN, MARGIN, cv2.BORDER_REFLECT_101)
                      for x in (np.sqrt(np.clip(flat, 0, 1)), weight))
    few = minimise_borders(spread, weight)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    return np.clip(few, 0, 1) ** 2


def minimise_borders(image: np.ndarray, weight: np.ndarray, growth: float = 4.0, last: float = 1e3) -> np.ndarray:
    """The picture with few gradients that are not zero (Xu et al. 2011, algorithm 1), by half-quadratic splitting.

    ``weight`` [H,W] of each gradient against the squared distance from ``image``; ``growth`` and ``last`` of the splitting.
    OpenCV's l0Smooth is not used, since it changes the mean of large areas by up to a tenth.
    """
    h, w = image.shape[:2]
    transformed = np.fft.rfft2(image, axes=(0, 1))
    rows, columns = (2 - 2 * np.cos(2 * np.pi * f) for f in (np.fft.fftfreq(h), np.fft.rfftfreq(w)))
    power = (rows[:, None] + columns[None]).astype(np.float32)[..., None]
    result, beta = image, 2 * float(weight.min())
    while beta < last:
        right, down = (np.roll(result, -1, axis) - result for axis in (1, 0))
        small = ((right * right + down * down).sum(2) < weight / beta)[..., None]
        right, down = np.where(small, 0, right), np.where(small, 0, down)
        divergence = np.roll(right, 1, 1) - right + np.roll(down, 1, 0) - down
        solved = (transformed + beta * np.fft.rfft2(divergence, axes=(0, 1))) / (1 + beta * power)
        result = np.fft.irfft2(solved, s=(h, w), axes=(0, 1)).astype(np.float32)
        beta *= growth
    return result
