"""What all styles share: shapes, masks and lines of one photograph."""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import lines, regions, tones
from .flow import Flow, ramp, shock


def to_lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB 0...1 to CIE Lab (D65)."""
    return cv2.cvtColor(np.ascontiguousarray(rgb, np.float32), cv2.COLOR_RGB2LAB)


def to_rgb(lab: np.ndarray) -> np.ndarray:
    """CIE Lab to sRGB, clipped to 0...1."""
    return np.clip(cv2.cvtColor(lab.astype(np.float32), cv2.COLOR_LAB2RGB), 0, 1)


@dataclass
class Analysis:
    """One photograph taken apart.  Masks are [H,W] in 0...1, colours Lab [H,W,3]."""

    photo: np.ndarray        # slightly cleaned
    sharp: np.ndarray        # as it is
    flat: np.ndarray         # flat shapes
    calm: np.ndarray         # lightness 0...1 of the flat shapes without bands
    skin: np.ndarray
    detail: np.ndarray       # eyes, brows, mouth
    focus: np.ndarray        # 1 head ... 0 background
    dark: np.ndarray
    light: np.ndarray
    lines: np.ndarray        # coverage, before eyes and mouth are drawn
    skin_tones: tones.SkinTones | None
    face: regions.Face | None
    mesh: np.ndarray | None  # [478,2] px


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
    shifted = cv2.pyrMeanShiftFiltering(spread, 7, 11, maxLevel=1, termcrit=(cv2.TERM_CRITERIA_MAX_ITER, 3, 1))
    flat = (shifted.astype(np.float32) / 255)
    for sigma in (4.0, 3.0):
        flat = tones.smooth_edges(flat, 25, sigma)
    return flat * flat


def analyse(photo: np.ndarray, landmarks: np.ndarray | None, mesh: np.ndarray | None) -> Analysis:
    """Photo uint8 [H,W,3] RGB, landmarks [5,2] px, mesh [478,2] px (both None in a scene)."""
    rgb = photo.astype(np.float32) / 255
    shape = rgb.shape[:2]
    clean = cv2.bilateralFilter(rgb, 7, 0.09, 3)
    luma = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    flow = Flow(luma)
    skin = detail = np.zeros(shape, np.float32)
    focus = np.full(shape, 0.72, np.float32)
    photo_lab = to_lab(clean)
    face = None
    if landmarks is not None:
        face = regions.Face(np.asarray(landmarks, np.float32))
        skin = regions.skin_mask(photo_lab, face)
        if mesh is not None:
            skin = np.maximum(skin, regions.inside_face(photo_lab, face, mesh))
        detail = regions.feature_mask(shape, face)
        focus = regions.focus_mask(shape, face)
    flat = abstract(rgb, flow, 0.85 * detail)
    flat_lab = to_lab(flat)
    alpha = lines.draw_lines(luma, flow, skin, detail, focus)
    dark, light, calm = tones.other_masks(cv2.GaussianBlur(flat_lab[..., 0] / 100, (0, 0), 1.0), focus, flow.coherence)
    free = (1 - skin) * (1 - detail)
    dark, light = dark * free, light * free
    calm = calm * free + flat_lab[..., 0] / 100 * (1 - free)
    measured = None
    if face is not None:
        measured = tones.measure_skin(flat_lab, flat, skin, face.unit)
        if measured is not None:
            shade, lit = tones.skin_masks(measured, skin, face.unit)
            m = skin * (1 - 0.8 * detail)
            dark, light = dark * (1 - m) + shade * m, light * (1 - m) + lit * m
    return Analysis(photo_lab, to_lab(rgb), flat_lab, calm, skin, detail, focus, dark, light, alpha, measured, face, mesh)
