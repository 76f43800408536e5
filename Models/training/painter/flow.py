"""Edge flow: the direction in which strokes run, and smoothing along it.

Images are float32 arrays in 0...1, [H,W] or [H,W,3]; lengths are pixels.
"""
from __future__ import annotations

import cv2
import numpy as np


class Flow:
    """Tangent field of an image with traced streamlines, so that several images can be smoothed along the same
    paths."""

    def __init__(self, luma: np.ndarray, sigma: float = 2.2, steps: int = 9, step: float = 1.0) -> None:
        h, w = luma.shape
        gx = cv2.Sobel(luma, cv2.CV_32F, 1, 0, ksize=3) / 4
        gy = cv2.Sobel(luma, cv2.CV_32F, 0, 1, ksize=3) / 4
        blur = lambda v: cv2.GaussianBlur(v, (0, 0), sigma)
        xx, xy, yy = blur(gx * gx), blur(gx * gy), blur(gy * gy)
        angle = 0.5 * np.arctan2(2 * xy, xx - yy)
        self.normal = np.cos(angle), np.sin(angle)
        root = np.sqrt((xx - yy) ** 2 + 4 * xy * xy)
        # 0 where texture has no direction, 1 where all edges run alike.
        self.coherence = ((root / (xx + yy + 1e-4)) ** 2).astype(np.float32)
        self.energy = np.sqrt(xx + yy)
        self.y, self.x = np.mgrid[0:h, 0:w].astype(np.float32)
        self.step = step
        self.paths = [self._trace(direction, steps) for direction in (1.0, -1.0)]

    def _trace(self, direction: float, steps: int) -> list[tuple[np.ndarray, np.ndarray]]:
        """Positions of ``steps`` Euler steps from every pixel along the tangent."""
        nx, ny = self.normal
        tangent = np.dstack([-ny, nx]).astype(np.float32)
        dx, dy = direction * tangent[..., 0], direction * tangent[..., 1]
        px, py, path = self.x, self.y, []
        for _ in range(steps):
            px, py = px + self.step * dx, py + self.step * dy
            path.append((px, py))
            t = sample(tangent, px, py)
            # The field is an axis, not an arrow: keep going the way we came.
            sign = np.where(t[..., 0] * dx + t[..., 1] * dy < 0, -1.0, 1.0).astype(np.float32)
            dx, dy = t[..., 0] * sign, t[..., 1] * sign
        return path

    def smooth(self, image: np.ndarray, sigma: float) -> np.ndarray:
        """Gaussian smoothing along the streamlines only."""
        total, weight = image.copy(), 1.0
        for path in self.paths:
            for k, (px, py) in enumerate(path, 1):
                a = float(np.exp(-((k * self.step) ** 2) / (2 * sigma * sigma)))
                if a < 0.02:
                    break
                total += a * sample(image, px, py)
                weight += a
        return total / weight

    def across(self, image: np.ndarray, sigma_small: float, sigma_large: float) -> tuple[np.ndarray, np.ndarray]:
        """Two Gaussian smoothings of a one-channel image across the edges."""
        nx, ny = (v.astype(np.float32) for v in self.normal)
        small, large = image.copy(), image.copy()
        ws = wl = 1.0
        for k in range(1, int(np.ceil(2.2 * sigma_large)) + 1):
            a = float(np.exp(-k * k / (2 * sigma_small**2)))
            b = float(np.exp(-k * k / (2 * sigma_large**2)))
            both = sample(image, self.x + k * nx, self.y + k * ny) + sample(image, self.x - k * nx, self.y - k * ny)
            small += a * both
            large += b * both
            ws, wl = ws + 2 * a, wl + 2 * b
        return small / ws, large / wl


def sample(image: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Bilinear samples at pixel indices (x, y), reflected at the border."""
    return cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def shock(image: np.ndarray, sigma: float = 1.6) -> np.ndarray:
    """Shock filter step: bright sides grow, dark sides grow, so that shapes get crisp borders."""
    luma = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) if image.ndim == 3 else image
    curve = cv2.Laplacian(cv2.GaussianBlur(luma, (0, 0), sigma), cv2.CV_32F)
    k = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
    weight = np.tanh(np.abs(curve) / 0.01)
    grown = np.where((curve < 0)[..., None] if image.ndim == 3 else curve < 0, cv2.dilate(image, k),
                     cv2.erode(image, k))
    w = weight[..., None] if image.ndim == 3 else weight
    return image * (1 - w) + grown * w


def ramp(low: float, high: float, value: np.ndarray) -> np.ndarray:
    """Smooth step from 0 at ``low`` to 1 at ``high`` (which may be below ``low``)."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)
