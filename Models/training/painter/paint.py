"""The whole painting: photograph (and landmarks, if a face is known) to flat colour and line coverage."""
from __future__ import annotations

import cv2
import numpy as np

from . import features, lines, regions, tones
from .flow import Flow, ramp, shock

LINE_TINT = np.array([0.26, 0.20, 0.24], np.float32)  # a line is the local colour times this


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB 0...1 to CIE Lab (D65)."""
    return cv2.cvtColor(np.ascontiguousarray(rgb, np.float32), cv2.COLOR_RGB2LAB)


def to_rgb(lab: np.ndarray) -> np.ndarray:
    """CIE Lab to sRGB, clipped to 0...1."""
    return np.clip(cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)


def abstract(rgb: np.ndarray, flow: Flow, detail: np.ndarray) -> np.ndarray:
    """Flowing shapes: smoothing along edges with a shock across them; ``detail`` 0...1 keeps the finest structure."""
    image = cv2.bilateralFilter(rgb, 7, 0.10, 4)
    start = image
    for _ in range(2):
        image = shock(flow.smooth(image, 5.0))
    image = flow.smooth(image, 2.0)
    # Where texture has no direction (leaves, prints), strokes would turn into worms.
    directed = np.maximum(ramp(0.10, 0.45, cv2.GaussianBlur(flow.coherence, (0, 0), 3)), 0.25)[..., None]
    image = image * directed + start * (1 - directed)
    flat = flatten(image)
    fine = cv2.bilateralFilter(rgb, 5, 0.06, 2)
    d = detail[..., None]
    return np.clip(flat * (1 - d) + fine * d, 0, 1)


def flatten(image: np.ndarray) -> np.ndarray:
    """Even out areas without bleeding across weak edges: mean shift in a space where darks are spread."""
    # Mean shift compares 8-bit distances; the square root keeps dark hair apart from a dark background.
    spread = np.clip(np.sqrt(np.clip(image, 0, 1)) * 255, 0, 255).astype(np.uint8)
    shifted = cv2.pyrMeanShiftFiltering(spread, 7, 11, maxLevel=1)
    flat = (shifted.astype(np.float32) / 255)
    for sigma in (4.0, 3.0):
        flat = tones.smooth_edges(flat, 25, sigma)
    return flat * flat


def paint(photo: np.ndarray, landmarks: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Photo uint8 [H,W,3] RGB and landmarks [5,2] px -> colour float32 [H,W,3] 0...1, line coverage [H,W] 0...1."""
    rgb = photo.astype(np.float32) / 255
    shape = rgb.shape[:2]
    clean = cv2.bilateralFilter(rgb, 7, 0.09, 3)
    luma = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    flow = Flow(luma)
    zero = np.zeros(shape, np.float32)
    skin = detail = zero
    focus = zero + 0.72
    face = regions.Face(np.asarray(landmarks, np.float32)) if landmarks is not None else None
    photo_lab = to_lab(clean)
    if face is not None:
        skin = regions.skin_mask(photo_lab, face)
        detail = regions.feature_mask(shape, face)
        focus = regions.focus_mask(shape, face)
    flat = abstract(rgb, flow, 0.85 * detail)
    lab = tones.shade_rest(to_lab(flat), flow.coherence * focus, 1 - focus)
    # Features keep their own gradation; steps would break up eyes and lips.
    d = (0.8 * detail)[..., None]
    lab = lab * (1 - d) + to_lab(flat) * d
    lab = tones.shade_skin(lab * (1 - skin[..., None]) + to_lab(flat) * skin[..., None], flat, skin * (1 - 0.6 * detail))
    lab = tones.grade(lab, np.maximum(skin, detail))
    alpha = lines.draw_lines(luma, flow, skin, detail, focus)
    if face is not None:
        lab = features.draw_brows(lab, photo_lab, face)
        lab = features.draw_mouth(lab, photo_lab, face)
        sharp = to_lab(rgb)
        for index in (0, 1):
            features.draw_eye(lab, sharp, face, index)
        alpha = alpha * (1 - 0.85 * features.teeth_mask(photo_lab, face))
        alpha = np.maximum(alpha, features.lash_lines(photo_lab[..., 0], face))
    return to_rgb(lab), alpha


def compose(colour: np.ndarray, alpha: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """Picture 0...1 from colour [H,W,3] and coverage [H,W]."""
    a = np.clip(alpha * strength, 0, 1)[..., None]
    return colour * (1 - a) + colour * LINE_TINT * a
