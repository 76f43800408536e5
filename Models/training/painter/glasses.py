"""Glasses: both rims as one pair of smooth shapes fitted to the photograph's dark lines, with bridge and temples."""
from __future__ import annotations

import cv2
import numpy as np

from . import regions
from .contour import snap
from .flow import ramp
from .mesh import BROW, LOWER_LID, UPPER_LID, closed_curve, curve, fill, stroke
from .regions import Face

# Lightness by which a frame is darker than what lies on both sides of it.
LEAST, SURE = 5.0, 14.0
# Samples along a rim, from the temple over the top.
RIM = 96
# Shapes tried for a lens: half width and half height, and how far it lies outwards of and below the eye, all in units;
# exponent of its superellipse (2 round, 5 nearly a rectangle).
WIDTHS, HEIGHTS = np.arange(0.30, 0.53, 0.035), np.arange(0.17, 0.42, 0.035)
OUTWARDS, BELOW, SQUARE = np.arange(-0.06, 0.11, 0.04), np.arange(-0.06, 0.17, 0.035), np.array([2.0, 2.8, 4.5])
# How well a pair of rims must lie on dark lines, on the mean, to be glasses.
FITS = 0.24
# By how much clearer a line must be that lies further away from the fitted shape, 0...1.
CLEARER = 0.04
# How much clearer a line must be for each share of its hull that its dents cut out.
DENTS = 2.5
# Lines thinner than this, in units, are lost in a small picture.
LEAST_WIDE = 0.02
# Dark glasses: how well their rims must lie on dark lines, and below which share of the skin's lightness their lenses
# lie, on the mean and in their lower parts, behind which cheeks are seen through clear ones.
DARK_FITS, DARK_LENS, DARK_BELOW = 0.30, 0.46, 0.46


def thin_darks(lightness: np.ndarray, unit: float) -> np.ndarray:
    """How much darker than both sides thin shapes are, in units of lightness [H,W]."""
    size = 2 * int(0.075 * unit) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.morphologyEx(lightness, cv2.MORPH_BLACKHAT, kernel)


def crosses_nose(darks: np.ndarray, face: Face, mesh: np.ndarray) -> bool:
    """Whether a thin dark shape joins both sides over the bridge of the nose."""
    right, down = face.axes
    middle = mesh[[168, 6]].mean(0)
    # From one side of the nose to the other, for each of some heights: the darkest path must be dark all along.
    columns = np.linspace(-0.13, 0.13, 13) * face.unit
    rows = np.linspace(-0.16, 0.22, 25) * face.unit
    at = middle + columns[None, :, None] * right + rows[:, None, None] * down
    values = cv2.remap(darks, at[..., 0].astype(np.float32), at[..., 1].astype(np.float32), cv2.INTER_LINEAR)
    best = values[:, 0]
    for column in range(1, values.shape[1]):
        near = np.maximum(best, np.maximum(np.append(best[1:], 0), np.append(0, best[:-1])))
        best = np.minimum(near, values[:, column])
    return bool(best.max() > LEAST)


def own_lines(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Where the face itself has thin darks [H,W] 0...1: lids with their folds, and brows."""
    u = face.unit
    disc = lambda k: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(k * u) + 1,) * 2)
    own = np.zeros(shape, np.float32)
    for upper, lower, brow in zip(UPPER_LID, LOWER_LID, BROW):
        lids = np.vstack([curve(mesh[list(upper)]), curve(mesh[list(lower)])[::-1]])
        own = np.maximum(own, np.maximum(0.35 * cv2.dilate(fill(shape, lids), disc(0.06)), fill(shape, lids)))
        own = np.maximum(own, 0.4 * cv2.dilate(fill(shape, closed_curve(mesh[list(brow)])), disc(0.03)))
    return own


def outlines(shapes: np.ndarray) -> np.ndarray:
    """Superellipses [n,RIM,2] about 0, x outwards; ``shapes`` [n,5]: half width, half height, outwards, below,
    exponent."""
    t = np.linspace(0, 2 * np.pi, RIM, endpoint=False)
    c, s = np.cos(t)[None], -np.sin(t)[None]
    power = 2 / shapes[:, 4:5]
    x = shapes[:, 2:3] + shapes[:, 0:1] * np.sign(c) * np.abs(c) ** power
    return np.stack([x, shapes[:, 3:4] + shapes[:, 1:2] * np.sign(s) * np.abs(s) ** power], 2)


def fit_rims(dark: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[list[np.ndarray], float]:
    """Both rims [RIM,2] px and how well they lie on dark lines, 0...1: one shape for both lenses.

    ``dark`` [H,W] 0...1.  Of a turned head the far lens is as much narrower as the eye is.
    """
    u = face.unit
    right, down = face.axes
    grid = np.stack(np.meshgrid(WIDTHS, HEIGHTS, OUTWARDS, BELOW, SQUARE, indexing="ij"), -1).reshape(-1, 5)
    # Rims do not meet over the nose.
    grid = grid[grid[:, 0] - grid[:, 2] < 0.42]
    wide = cv2.GaussianBlur(dark, (0, 0), 0.02 * u)
    centres = [mesh[list(up + low)].mean(0) for up, low in zip(UPPER_LID, LOWER_LID)]
    widths = [float(np.linalg.norm(mesh[up[0]] - mesh[up[-1]])) for up in UPPER_LID]
    score, frames = np.zeros(len(grid)), []
    for index, centre in enumerate(centres):
        narrow = min(1.0, widths[index] / max(widths[1 - index], 1e-3))
        local = outlines(grid * np.array([narrow, 1, narrow, 1, 1]))
        local[..., 0] *= (-1, 1)[index]
        frames.append((centre, local))
        at = (centre + u * (local[..., :1] * right + local[..., 1:] * down)).astype(np.float32)
        score += 0.5 * cv2.remap(wide, at[..., 0], at[..., 1], cv2.INTER_LINEAR).mean(1)
    # The larger of equals: bags and lids lie within.  And pupils lie a little above the middle of a lens.
    likely = 0.15 * grid[:, 0] + 0.10 * grid[:, 1] - 0.4 * np.abs(grid[:, 3] - 0.05)
    best = int((score + likely).argmax())
    rims = []
    for centre, local in frames:
        line = centre + u * (local[best, :, :1] * right + local[best, :, 1:] * down)
        rims.append(followed(snapped(line, dark, 0.045 * u, 0.2), dark, u))
    return rims, float(score[best])


def snapped(rim: np.ndarray, dark: np.ndarray, reach: float, stiff: float) -> np.ndarray:
    """A closed line [RIM,2] moved across itself to where ``dark`` [H,W] 0...1 is high; as `snap` does."""
    around = np.vstack([rim[-24:], rim, rim[:24]])
    return snap(around, dark, reach, stiff)[24:-24]


def hollow(rim: np.ndarray) -> float:
    """Which share of its convex hull a closed line [n,2] leaves out: rims have hardly a dent."""
    line = rim.astype(np.float32)
    return 1 - cv2.contourArea(line) / max(cv2.contourArea(cv2.convexHull(line)), 1e-3)


def without_dents(rim: np.ndarray) -> np.ndarray:
    """A closed line [n,2] out to its convex hull, each point in its own direction from the middle."""
    middle = rim.mean(0)
    corners = cv2.convexHull(rim.astype(np.float32))[:, 0].astype(np.float64)
    t = np.linspace(0, 1, 24, endpoint=False)[:, None]
    edges = [a + t * (b - a) for a, b in zip(corners, np.roll(corners, -1, 0))]
    hull, away = np.concatenate(edges) - middle, rim - middle
    angles = np.arctan2(away[:, 1], away[:, 0])
    radius = np.interp(angles, np.arctan2(hull[:, 1], hull[:, 0]), np.linalg.norm(hull, axis=1), period=2 * np.pi)
    whole = middle + radius[:, None] * np.stack([np.cos(angles), np.sin(angles)], 1)
    # Corners of a hull are sharper than a rim's.
    kernel = cv2.getGaussianKernel(7, 1.5)[:, 0]
    return np.stack([np.convolve(np.pad(part, 3, mode="wrap"), kernel, mode="valid") for part in whole.T], 1)


def followed(rim: np.ndarray, dark: np.ndarray, u: float) -> np.ndarray:
    """A fitted rim [RIM,2] on the photograph's own one: no lens is quite a superellipse.

    Of searches of several widths the one whose line is darkest and has no dents; as it was where none is clearer.
    """
    soft = cv2.GaussianBlur(dark, (0, 0), 0.012 * u)
    found = [(float(seen_along(dark, rim, u, True)[0].mean()) + CLEARER - DENTS * hollow(rim), rim)]
    for inwards, outwards in ((0.12, 0.12), (0.16, 0.16), (0.20, 0.06)):
        # The lines between which to search, seen from the fitted one.
        middle = rim.mean(0)
        normal = (rim - middle) / (np.linalg.norm(rim - middle, axis=1, keepdims=True) + 1e-6)
        reach = 0.5 * (inwards + outwards) * u
        wide = snapped(rim + 0.5 * (outwards - inwards) * u * normal, soft, reach, 0.06)
        wide = snapped(wide, dark, 0.035 * u, 0.12)
        found.append((float(seen_along(dark, wide, u, True)[0].mean()) - DENTS * hollow(wide), wide))
    return without_dents(max(found, key=lambda pair: pair[0])[1])


def seen_along(dark: np.ndarray, line: np.ndarray, u: float, closed: bool) -> tuple[np.ndarray, np.ndarray]:
    """How dark the photograph is along ``line`` [n,2], 0...1, and how wide it is dark there, px; both [n], smoothed."""
    tangent = np.gradient(line, axis=0)
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1) / (np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6)
    offsets = np.linspace(-0.06 * u, 0.06 * u, 25)
    at = (line[:, None] + offsets[None, :, None] * normal[:, None]).astype(np.float32)
    values = cv2.remap(dark, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    seen = values[:, 9:16].max(1)
    width = (values > 0.5).sum(1) * (offsets[1] - offsets[0])
    kernel = cv2.getGaussianKernel(25, 5.0)[:, 0]
    smooth = lambda v: np.convolve(np.pad(v, 12, mode="wrap" if closed else "edge"), kernel, mode="valid")
    weight = smooth(seen) + 1e-3
    return smooth(seen), smooth(width * seen) / weight


def draw_bar(mask: np.ndarray, line: np.ndarray, seen: np.ndarray, width: np.ndarray, closed: bool = False) -> None:
    """A part of the frame into ``mask`` [H,W] in place: ``line`` [n,2], as strong as it is ``seen`` [n]."""
    strength = 0.7 + 0.3 * ramp(0.15, 0.5, seen)
    if closed:
        line, strength, width = (np.concatenate([v, v[:2]]) for v in (line, strength, width))
    step = 8
    for first in range(0, len(line) - 1, step):
        part = np.s_[first:first + step + 2]
        if len(line[part]) > 2:
            piece = float(strength[part].mean()) * stroke(mask.shape, line[part], width[part])
            np.maximum(mask, piece, out=mask)


def dark_lenses(lab: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Coverage [H,W] of dark glasses, lenses and rims and what joins them; all 0 where there are none.

    ``lab``: the photograph.  No eye is seen behind them: they stay as they are.
    """
    shape, u = lab.shape[:2], face.unit
    none = np.zeros(shape, np.float32)
    down = face.axes[1]
    # Such glasses lie on the places from which skin's own lightness is measured otherwise.
    below = face.ellipse(shape, face.points[2] + 0.1 * u * down, 0.5, 0.25, 0.05) > 0.5
    skin = max(float(regions.skin_statistics(lab, face)[0]), 8.0)
    if below.any():
        skin = max(skin, float(np.median(lab[..., 0][below])))
    centres = [mesh[list(up + low)].mean(0) for up, low in zip(UPPER_LID, LOWER_LID)]
    eyes = [face.ellipse(shape, centre, 0.27, 0.16, 0.05) > 0.5 for centre in centres]
    if any(not eye.any() or np.median(lab[..., 0][eye]) > 0.75 * skin for eye in eyes):
        return none
    light = float(np.clip(60 / skin, 1.0, 2.5)) * cv2.GaussianBlur(lab[..., 0], (0, 0), 0.8)
    # Of lenses as dark as their rims only the border is seen.
    edges = cv2.morphologyEx(light, cv2.MORPH_GRADIENT, np.ones((2 * int(0.02 * u) + 1,) * 2))
    found = np.maximum(ramp(0.5 * LEAST, SURE, thin_darks(light, u)), ramp(SURE, 3 * SURE, edges))
    rims, fit = fit_rims(found * (1 - own_lines(shape, face, mesh)), face, mesh)
    if fit < DARK_FITS:
        return none
    kernel = np.ones((2 * int(0.05 * u) + 1,) * 2)
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    shares = []
    for rim in rims:
        lens = cv2.erode(fill(shape, rim), kernel) > 0.5
        middle = rim.mean(0)
        low = lens & ((x - middle[0]) * down[0] + (y - middle[1]) * down[1] > 0.06 * u)
        if low.sum() < 12:
            return none
        shares.append([float(np.median(lab[..., 0][place])) / skin for place in (lens, low)])
    whole, lower = np.mean(shares, 0)
    if whole > DARK_LENS or lower > DARK_BELOW:
        return none
    inner = np.array([rim[int(RIM * 0.42)] for rim in rims])
    mask = np.maximum(*(fill(shape, rim) for rim in rims))
    mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(0.03 * u) + 1,) * 2))
    return np.maximum(mask, stroke(shape, curve(inner, 8), np.full(8, 0.05 * u)))


def find_frames(lab: np.ndarray, face: Face, mesh: np.ndarray, skin_light: float) -> np.ndarray:
    """Coverage [H,W] of frames of glasses as they are drawn; all 0 where there are none."""
    shape, u = lab.shape[:2], face.unit
    # Relative to the skin, so that frames are found in the dark too.
    scale = float(np.clip(60 / max(skin_light, 1.0), 1.0, 2.5))
    darks = thin_darks(scale * cv2.GaussianBlur(lab[..., 0], (0, 0), 0.8), u)
    mask = np.zeros(shape, np.float32)
    if not crosses_nose(darks, face, mesh):
        return mask
    dark = ramp(0.5 * LEAST, SURE, darks) * (1 - own_lines(shape, face, mesh))
    rims, fit = fit_rims(dark, face, mesh)
    if fit < FITS:
        return mask
    right, down = face.axes
    found = [seen_along(dark, rim, u, True) for rim in rims]
    # Blur and the ramp widen what is dark.
    usual = float(np.median(np.concatenate([width for _, width in found]))) - 0.026 * u
    usual = float(np.clip(usual, LEAST_WIDE * u, 0.08 * u))
    thick = [np.clip(width - 0.026 * u, max(0.6 * usual, LEAST_WIDE * u), 1.3 * usual) for _, width in found]
    wide = [float(np.ptp(rim @ right)) for rim in rims]
    for index, (rim, (seen, _), width) in enumerate(zip(rims, found, thick)):
        # Of a head turned far away the far lens lies behind the nose.
        if wide[index] > 0.62 * wide[1 - index]:
            draw_bar(mask, rim, seen, width, closed=True)
    # Over the nose, from the upper inner parts of both rims: a little above the straight line between them.
    inner = [rim[int(RIM * 0.42)] for rim in rims]
    t = np.linspace(0, 1, 24)
    bridge = inner[0] + np.outer(t, inner[1] - inner[0]) - 0.03 * u * np.outer(np.sin(np.pi * t), down)
    bridge = snap(bridge, dark, 0.07 * u, 0.15)
    draw_bar(mask, bridge, np.maximum(seen_along(dark, bridge, u, False)[0], 0.4), np.full(24, usual))
    for rim, sign, ear in zip(rims, (-1, 1), (127, 356)):
        outer = rim[int(RIM * 0.06)]
        if sign * float((mesh[ear] - outer) @ right) < 0.06 * u:
            continue
        temple = snap(outer + np.outer(t, mesh[ear] - outer), dark, 0.08 * u, 0.15)
        seen = seen_along(dark, temple, u, False)[0]
        if seen.mean() > 0.35:
            draw_bar(mask, temple, seen, np.full(24, usual))
    return mask


def frame_tone(lab: np.ndarray, frames: np.ndarray, skin_light: float) -> np.ndarray:
    """The frames' own colour (Lab [3]), dark enough to be seen on the skin; ``lab``: the photograph."""
    inside = lab[frames > 0.85 * frames.max()]
    if len(inside) < 8:
        return np.array([12.0, 0.0, 0.0], np.float32)
    # Thin frames are mixed with the skin beside them: the darker part is their own colour.
    tone = np.median(inside[inside[:, 0] <= np.percentile(inside[:, 0], 45)], 0)
    tone[0] = min(0.85 * tone[0], 0.62 * skin_light)
    return tone.astype(np.float32)
