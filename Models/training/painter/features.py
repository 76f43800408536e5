"""Eyes, brows and mouth: redrawn in place, guided by the picture's own darkness.

Nothing here moves an edge.  Where the expected dark iris is not found (closed
eyes, dark glasses, profiles) the effect fades out by itself.
"""
from __future__ import annotations

import cv2
import numpy as np

from .flow import ramp
from .regions import Face, mouth_width, skin_statistics

IRIS_RADIUS = 0.098  # in inter-ocular distances; 11.7 mm across in adults


def disc(shape, centre, radius: float, soft: float = 1.0) -> np.ndarray:
    """Anti-aliased disc [H,W]."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    return np.clip((radius - np.hypot(x - centre[0], y - centre[1])) / soft + 0.5, 0, 1)


def find_iris(lightness: np.ndarray, face: Face, eye: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre (x, y) of the darkest disc near an eye landmark, and the trust in it (0...1)."""
    u = face.unit
    radius = IRIS_RADIUS * u
    kernel = np.ones((int(2 * radius) | 1,) * 2, np.float32)
    kernel *= disc(kernel.shape, (kernel.shape[1] // 2, kernel.shape[0] // 2), radius)
    inside = cv2.filter2D(lightness, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REFLECT)
    around = cv2.GaussianBlur(lightness, (0, 0), 1.9 * radius)
    near = face.ellipse(lightness.shape, eye, 0.03, 0.02, 4.0)
    score = (around - inside) - 14 * (1 - near) - 1000 * (near <= 0)
    y, x = np.unravel_index(int(np.argmax(score)), score.shape)
    contrast = float(around[y, x] - inside[y, x])
    return np.array([x, y], np.float32), float(ramp(5.0, 13.0, np.float32(contrast)))


def draw_eye(lab: np.ndarray, photo: np.ndarray, face: Face, index: int) -> None:
    """Redraw one eye in place, in a window around it (the rest of the picture need not be computed)."""
    reach = int(0.6 * face.unit) + 4
    x, y = np.round(face.points[index]).astype(int)
    h, w = lab.shape[:2]
    x0, y0, x1, y1 = max(0, x - reach), max(0, y - reach), min(w, x + reach), min(h, y + reach)
    if x1 - x0 < reach or y1 - y0 < reach:
        return
    moved = Face(face.points - np.array([x0, y0], np.float32))
    window = np.s_[y0:y1, x0:x1]
    lab[window] = draw_iris(lab[window], np.ascontiguousarray(photo[window]), moved, moved.points[index])


def draw_iris(lab: np.ndarray, photo: np.ndarray, face: Face, eye: np.ndarray) -> np.ndarray:
    """Iris with a dark rim, a light lower half, a pupil and one highlight; sclera cleaned."""
    shape = lab.shape[:2]
    lightness = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.8)
    centre, trust = find_iris(lightness, face, eye)
    if trust < 0.05:
        return lab
    _, down = face.axes
    r = IRIS_RADIUS * face.unit
    opening = face.ellipse(shape, centre, 0.24, 0.115, 0.35)
    local = lightness[opening > 0.6]
    dark_level, light_level = np.percentile(local, 12), np.percentile(local, 75)
    # The lids cut the iris: only what is darker than the middle counts as iris.
    darkness = ramp(0.3 * dark_level + 0.7 * light_level, 0.65 * dark_level + 0.35 * light_level, lightness)
    iris = disc(shape, centre, 1.10 * r, 2.0) * cv2.GaussianBlur(darkness, (0, 0), 0.8) * trust
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    v = ((x - centre[0]) * down[0] + (y - centre[1]) * down[1]) / r  # -1 top ... 1 bottom
    radius = np.hypot(x - centre[0], y - centre[1]) / r
    out = lab.copy()
    base = float(np.median(photo[..., 0][iris > 0.5])) if (iris > 0.5).sum() > 12 else dark_level
    body = np.clip(base, 20, 55)
    tone = body + 24 * ramp(-0.2, 0.85, v) - 8 * ramp(0.3, -0.8, v) - 14 * ramp(0.72, 1.0, radius)
    tone -= 22 * ramp(0.48, 0.34, radius)
    hue = cv2.GaussianBlur(photo[..., 1:], (0, 0), 1.5)
    ring = (iris > 0.4) & (radius > 0.4) & (radius < 0.9)
    if ring.sum() > 8:
        hue = 0.3 * hue + 0.7 * np.median(photo[..., 1:][ring], 0)
    chroma = np.hypot(hue[..., 0], hue[..., 1])
    hue = hue * (1 + 1.3 * ramp(34, 8, chroma))[..., None]
    blend = (0.85 * iris)[..., None]
    out[..., :1] = out[..., :1] * (1 - blend) + np.maximum(tone, 6)[..., None] * blend
    out[..., 1:] = out[..., 1:] * (1 - blend) + hue * blend
    # Sclera: the light, pale part beside the iris.
    skin_red = np.median(photo[..., 1][opening > 0.6])
    pale = ramp(skin_red + 1, skin_red - 4, photo[..., 1]) * ramp(0.5 * dark_level + 0.5 * light_level, light_level, lightness)
    white = face.ellipse(shape, centre, 0.2, 0.07, 0.3) * (1 - np.clip(iris * 1.3, 0, 1)) * pale * trust
    out[..., 0] += white * 0.55 * np.maximum(0, min(96.0, light_level + 22) - out[..., 0])
    out[..., 1:] *= (1 - 0.5 * white)[..., None]
    return add_highlight(out, photo, centre, r, iris, v)


def add_highlight(lab, photo, centre, r: float, iris: np.ndarray, v: np.ndarray) -> np.ndarray:
    """One crisp catchlight: where the photo has it, else above the pupil."""
    upper = disc(photo.shape[:2], centre, 0.75 * r, 1.0) * ramp(0.15, -0.15, v)
    inside = photo[..., 0] * (upper > 0.5)
    y, x = np.unravel_index(int(np.argmax(inside)), inside.shape)
    spot = np.array([x, y], np.float32)
    typical = np.median(photo[..., 0][upper > 0.5]) if (upper > 0.5).any() else 50
    real = float(ramp(12, 30, np.float32(inside[y, x] - typical)))
    up = -0.38 * r * np.array(np.gradient(v)[::-1])[:, int(centre[1]), int(centre[0])] * r
    target = real * spot + (1 - real) * (centre + up)
    glint = disc(photo.shape[:2], target, 0.32 * r, 1.1) * ramp(0.2, 0.6, cv2.GaussianBlur(iris, (0, 0), 1.5))
    out = lab.copy()
    out[..., 0] = out[..., 0] * (1 - glint) + 97 * glint
    out[..., 1:] *= (1 - glint)[..., None]
    return out


def lash_lines(lightness: np.ndarray, face: Face) -> np.ndarray:
    """Coverage of upper lash lines: the dark crease along the lid, thickened upwards by about a pixel."""
    shape = lightness.shape
    total = np.zeros(shape, np.float32)
    u = face.unit
    _, down = face.axes
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    size = max(5, int(0.13 * u) | 1)
    hat = cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, cv2.getStructuringElement(cv2.MORPH_RECT, (1, size)))
    for eye in face.points[:2]:
        v = ((x - eye[0]) * down[0] + (y - eye[1]) * down[1]) / u
        place = face.ellipse(shape, eye - 0.035 * u * down, 0.25, 0.085, 0.4) * ramp(0.05, -0.01, v)
        total = np.maximum(total, place * ramp(8, 22, cv2.GaussianBlur(hat, (0, 0), 0.7)))
    raised = cv2.warpAffine(total, np.float32([[1, 0, -0.012 * u * down[0]], [0, 1, -0.012 * u * down[1]]]), shape[::-1])
    return np.maximum(total, 0.9 * raised)


def draw_brows(lab: np.ndarray, photo: np.ndarray, face: Face) -> np.ndarray:
    """Brows as one flat dark stroke: what is darker than the skin around it is pulled to its own mean."""
    out = lab.copy()
    u = face.unit
    _, down = face.axes
    wide = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.16 * u)
    soft = cv2.GaussianBlur(photo[..., 0], (0, 0), 1.6)
    for eye in face.points[:2]:
        place = face.ellipse(lab.shape[:2], eye - 0.27 * u * down, 0.38, 0.12, 0.4)
        brow = place * ramp(3, 10, wide - soft)
        if (brow > 0.5).sum() < 20:
            continue
        mean = np.median(photo[brow > 0.5], 0)
        mean[0] = 0.88 * mean[0]
        m = (0.65 * brow)[..., None]
        out = out * (1 - m) + mean * m
    return out


def teeth_mask(photo: np.ndarray, face: Face) -> np.ndarray:
    """Coverage of visible teeth: paler and lighter than the rest of the mouth."""
    place = face.ellipse(photo.shape[:2], face.points[3:].mean(0), mouth_width(face) - 0.06, 0.1, 0.3)
    l0, a0, b0 = skin_statistics(photo, face)
    soft = cv2.GaussianBlur(photo, (0, 0), 1.2)
    chroma = np.hypot(soft[..., 1], soft[..., 2]) / (np.hypot(a0, b0) + 4)
    return place * ramp(0.68, 0.48, chroma) * ramp(l0 - 16, l0 - 4, soft[..., 0])


def draw_mouth(lab: np.ndarray, photo: np.ndarray, face: Face) -> np.ndarray:
    """Lips: richer colour where the photo is redder than the skin beside it."""
    p, u = face.points, face.unit
    place = face.ellipse(lab.shape[:2], p[3:].mean(0), mouth_width(face), 0.19, 0.3)
    red = cv2.GaussianBlur(photo[..., 1], (0, 0), 1.2)
    around = float(skin_statistics(photo, face)[1])
    lips = place * ramp(around + 1.0, around + 6.0, red)
    out = lab.copy()
    out[..., 1] += lips * (0.16 * np.maximum(red - around, 0) + 1.5)
    out[..., 2] += lips * 0.5
    teeth = teeth_mask(photo, face)
    out[..., 0] += teeth * 0.3 * (94 - out[..., 0])
    out[..., 1:] *= (1 - 0.4 * teeth)[..., None]
    return out
