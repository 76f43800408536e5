"""Hair as a draughtsman has it: a few opaque tones that run with the strands, long strand lines, a band of light.

The place of hair comes from a mask (hair_masks.py) at painting time only; what is painted there follows from the
photograph around each pixel, so that a network without a mask can learn it.  Lab arrays: L 0...100, a and b about
-100...100.  Masks are float32 [H,W] in 0...1.
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .flow import Flow, ramp
from .lines import keep_long
from .look import Look
from .regions import Face
from .tones import without_specks

SURE = 0.6
# A head with less hair than this many squared inter-ocular distances is drawn without strands.
LEAST_AREA = 0.12
# And one with less than this is shaven.
BALD_AREA = 0.18
# Shares of the hair in shade and in the band of light.
SHADED, LIT = 0.26, 0.15


@dataclass
class Hair:
    """One person's hair in five tones: three of its own, a deeper one for shade and a lighter one for gloss."""

    mask: np.ndarray      # coverage
    level: np.ndarray     # 0 its darkest own tone (roots, behind the neck) ... 2 its lightest (bleached ends, lit side)
    dark: np.ndarray      # shade between strands: one tone down
    light: np.ndarray     # the band of light: one tone up
    rim: np.ndarray       # the crown's border, which light from behind catches
    strands: np.ndarray   # coverage of strand lines and of the outline
    colours: np.ndarray   # Lab [3,3] of the own tones, darkest first
    spread: float         # how far this hair's lightness varies, L units


def refine(mask: np.ndarray, luma: np.ndarray, unit: float) -> np.ndarray:
    """The coarse mask with its border moved to the photograph's own edges."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.02 * unit)
    fitted = cv2.ximgproc.guidedFilter(luma.astype(np.float32), soft, max(2, int(0.08 * unit)), 4e-4)
    return cv2.GaussianBlur(ramp(0.35, 0.65, fitted), (0, 0), 0.7).astype(np.float32)


def without_bald(mask: np.ndarray, face: Face) -> np.ndarray:
    """The mask of hair [H,W] 0...1, or nothing where so little was found that it is the shade on a shaven head."""
    return mask if (mask > SURE).sum() > BALD_AREA * face.unit ** 2 else np.zeros_like(mask)


def window(mask: np.ndarray, margin: int) -> tuple[slice, slice]:
    """Rows and columns around all hair, with a margin in pixels."""
    rows, columns = (np.flatnonzero((mask > 0.1).any(axis)) for axis in (1, 0))
    return (slice(max(0, rows[0] - margin), rows[-1] + margin + 1),
            slice(max(0, columns[0] - margin), columns[-1] + margin + 1))


def inside_mean(value: np.ndarray, mask: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian mean over the hair alone, so that the background does not colour its border."""
    return cv2.GaussianBlur(value * mask, (0, 0), sigma) / (cv2.GaussianBlur(mask, (0, 0), sigma) + 1e-3)


def without_border(photo: np.ndarray, mask: np.ndarray, unit: float) -> np.ndarray:
    """The photograph [H,W,3] with the hair's own colours up to its border, where single hairs let shine through what
    lies behind them."""
    inner = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(0.045 * unit) + 1,) * 2))
    weight = cv2.GaussianBlur(inner, (0, 0), 0.045 * unit)
    filled = cv2.GaussianBlur(photo * inner[..., None], (0, 0), 0.045 * unit) / (weight + 1e-3)[..., None]
    # Thin strands have no inner part.
    border = (mask * ramp(0.08, 0.25, weight) * (1 - cv2.GaussianBlur(inner, (0, 0), 0.01 * unit)))[..., None]
    return photo + border * (filled - photo)


def draw_hair(photo: np.ndarray, luma: np.ndarray, coarse: np.ndarray, free: np.ndarray, face: Face) -> Hair | None:
    """Hair of a photograph (Lab [H,W,3], luma 0...1 [H,W]), or None where there is too little.

    ``coarse``: the mask of hair as found; ``free`` 0...1: where neither skin nor features lie.
    """
    unit = face.unit
    least = LEAST_AREA * unit * unit
    if (coarse * free > SURE).sum() < least:
        return None
    view = window(coarse, int(0.2 * unit))
    near_photo, near_luma, near_coarse, near_free = (np.ascontiguousarray(x[view]) for x in (photo, luma, coarse, free))
    mask = refine(near_coarse, near_luma, unit) * near_free
    if (mask > SURE).sum() < least:
        return None
    outline = outline_of(mask, near_photo[..., 0], unit)
    near_photo = without_border(near_photo, mask, unit)
    flow = Flow(np.sqrt(near_luma), sigma=max(1.5, 0.045 * unit), steps=12, step=max(0.5, 0.022 * unit))
    fine = inside_mean(near_photo[..., 0], mask, 0.8)
    # Strands that run alike become one; curls and braids, which do not, keep their shapes.
    alike = ramp(0.25, 0.65, cv2.GaussianBlur(flow.coherence, (0, 0), 0.04 * unit))
    run = flow.smooth(fine, 0.12 * unit) * alike + flow.smooth(fine, 0.04 * unit) * (1 - alike)
    dark, light, spread = tones_of(run, mask, unit)
    level, colours = levels_of(near_photo, run, mask, unit)
    rim, strands = rim_of(mask, run, unit), strand_lines(near_luma, mask, flow, unit)
    # Beards are hair too, but light from behind does not reach them.
    rim *= above_eyes(coarse.shape, face)[view]
    # On pale hair a dark line weighs more.
    strands *= 1 - 0.4 * ramp(45, 80, colours[1, 0])
    strands = np.maximum(strands, outline)
    parts = []
    for part in (mask, level, dark, light, rim, strands):
        whole = np.zeros(coarse.shape, np.float32)
        whole[view] = part
        parts.append(whole)
    return Hair(*parts, colours, spread)


def tones_of(run: np.ndarray, mask: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Where shade and light lie by lightness ``run`` smoothed along the strands; and its spread."""
    chosen = mask > SURE
    near, wide = (inside_mean(run, mask, s * unit) for s in (0.07, 0.40))
    middle = float(np.median(run[chosen]))
    usual = 0.25 * middle + 0.75 * wide
    local = run - usual
    spread = float(np.clip(1.4826 * np.median(np.abs(local[chosen])), 2.0, 9.0))
    edge, area = 0.12 * spread, int(0.006 * unit * unit)
    # Every head of hair has its tones, dull hair too, but noise is none.
    below = min(-1.2, float(np.quantile(local[chosen], SHADED)))
    dark = without_specks(ramp(below + edge, below - edge, local) * chosen, area)
    # Across the strands the band of light holds together, along its border it follows them.
    band = 0.5 * (near - usual) + 0.5 * local
    above = max(1.2, float(np.quantile(band[chosen], 1 - LIT)))
    light = without_specks(ramp(above - edge, above + edge, band) * chosen, area)
    return dark * mask, light * mask, spread


def levels_of(photo: np.ndarray, run: np.ndarray, mask: np.ndarray, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """The hair's three own tones: which of them lies where (0...2, [H,W]), and their Lab colours [3,3], darkest first.

    By lightness ``run`` smoothed along the strands, in three groups (Lloyd 1982): dark roots and bleached ends stay.
    """
    chosen = mask > SURE
    near = inside_mean(run, mask, 0.035 * unit)
    values = near[chosen]
    centres = np.quantile(values, [0.15, 0.5, 0.85])
    for _ in range(8):
        group = np.abs(values[:, None] - centres).argmin(1)
        centres = np.array([values[group == k].mean() if (group == k).any() else centres[k] for k in range(3)])
    edge, area = 0.6, int(0.02 * unit * unit)
    steps = [without_specks(ramp(border - edge, border + edge, near) * chosen, area)
             for border in 0.5 * (centres[1:] + centres[:-1])]
    level = steps[0] + np.minimum(*steps)
    colours = []
    for k in range(3):
        place = chosen & (np.abs(level - k) < 0.25)
        colours.append(np.median(photo[place if place.sum() > 30 else chosen], 0))
    colours = np.array(colours, np.float32)
    # Tones that could not be told apart are none.
    gap = 3.0 + 0.05 * colours[1, 0]
    colours[0, 0] = max(min(colours[0, 0], colours[1, 0] - gap), 0.5 * colours[0, 0])
    colours[2, 0] = max(colours[2, 0], colours[1, 0] + gap)
    return level * mask, colours


def outline_of(mask: np.ndarray, lightness: np.ndarray, unit: float) -> np.ndarray:
    """Coverage of the line around a ``mask`` [H,W]: where it borders on something of another lightness (0...100)."""
    wide = cv2.GaussianBlur(mask, (0, 0), max(0.7, 0.008 * unit))
    border = ramp(0.55, 0.98, 4 * wide * (1 - wide))
    soft = cv2.GaussianBlur(lightness, (0, 0), 0.02 * unit)
    step = np.hypot(cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)) / 8
    return (0.7 * border * ramp(2.0, 9.0, step * 0.02 * unit)).astype(np.float32)


def above_eyes(shape: tuple[int, int], face: Face) -> np.ndarray:
    """1 above the eyes, falling to 0 at the mouth's height."""
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    _, down = face.axes
    eyes = face.points[:2].mean(0)
    return ramp(0.7, 0.1, ((x - eyes[0]) * down[0] + (y - eyes[1]) * down[1]) / face.unit)


def rim_of(mask: np.ndarray, run: np.ndarray, unit: float) -> np.ndarray:
    """A thin band inside the crown's outer border, broken where strands lie in shade."""
    soft = cv2.GaussianBlur(mask, (0, 0), 0.05 * unit)
    down = cv2.Sobel(soft, cv2.CV_32F, 0, 1, ksize=3)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0, ksize=3)
    upward = ramp(0.05, 0.6, down / (np.hypot(down, across) + 1e-5))
    border = ramp(0.97, 0.82, soft) * ramp(0.5, 0.9, mask)
    strand = ramp(-2.5, 0.5, run - inside_mean(run, mask, 0.10 * unit))
    return border * upward * (0.35 + 0.65 * strand) * mask


def strand_lines(luma: np.ndarray, mask: np.ndarray, flow: Flow, unit: float) -> np.ndarray:
    """Coverage of long lines between strands: dark threads that run on, thinned where they crowd."""
    levels = np.sqrt(np.clip(luma, 0, 1))
    sigma = max(0.7, 0.010 * unit)
    small, large = flow.across(levels, sigma, 1.8 * sigma)
    response = flow.smooth((large - small) * mask, 0.12 * unit) * cv2.erode(mask, np.ones((5, 5)))
    typical = float(np.sqrt(np.mean(np.square(response[mask > SURE])))) + 1e-5
    ratio = response / max(typical, 0.0025)
    keep = keep_long(ratio > 2.0, ratio > 1.0, int(0.40 * unit))
    keep = cv2.GaussianBlur(cv2.dilate(keep.astype(np.float32), np.ones((3, 3))), (0, 0), 0.6)
    return (ramp(0.9, 2.2, ratio) * keep * (0.5 + 0.4 * ramp(1.5, 3.0, ratio))).astype(np.float32)


def clear(colour: np.ndarray, cast: float) -> np.ndarray:
    """A hair's colour [3] as one flat tone: the mean of glossy and shaded strands looks duller than they do, and on
    black no line would be seen.  Grey hair stays grey; ``cast`` is the yellow that the photograph's light takes from
    the skin."""
    lightness, a, b = colour
    yellow = cast * min(lightness / 60, 1.2)
    a, b = a + 0.25 * yellow, b + 0.8 * yellow
    gain = 1.05 + 0.13 * ramp(4, 9, np.hypot(a, b)) * ramp(50, 30, np.hypot(a, b))
    lift = 5 * ramp(24, 8, lightness) + 5 * ramp(12, 26, lightness) * ramp(70, 50, lightness)
    return np.array([lightness + lift, gain * a, gain * b], np.float32)


def shade_hair(lab: np.ndarray, hair: Hair, look: Look, cast: float = 0.0) -> np.ndarray:
    """``lab`` [H,W,3] with the hair painted over it in this style's tones; ``cast`` as in clear."""
    tones = np.array([clear(c, cast) for c in hair.colours])
    shade_ab, light_ab = (np.array([0.0, *v], np.float32) for v in (look.hair_shade_ab, look.hair_light_ab))
    drop = np.clip(1.2 * hair.spread, 4.0, 9.0) * look.hair_shade * (0.35 + 0.65 * np.clip(tones[0, 0] / 40, 0, 1.4))
    lift = np.clip(1.7 * hair.spread, 7.0, 15.0) * look.hair_light * (1 - 0.55 * np.clip((tones[2, 0] - 55) / 40, 0, 1))
    # On black, gloss of full height would be grey hair.
    lift *= 0.55 + 0.45 * ramp(12, 38, tones[2, 0])
    up = np.array([1.0, 0.0, 0.0], np.float32)
    tones = np.vstack([tones[0] - drop * up + shade_ab, tones, tones[2] + lift * up + light_ab])
    tones[:, 0] = np.maximum(tones[:, 0], 0.0)
    index = np.clip(1 + hair.level - 0.7 * hair.dark + hair.light * (1 - hair.dark), 0, 4)
    tone = np.dstack([np.interp(index, np.arange(5), tones[:, i]) for i in range(3)]).astype(np.float32)
    lightness = tone[..., :1]
    if look.rim:
        bright = np.dstack([np.minimum(lightness + 34, 90), 0.5 * tone[..., 1:]])
        bright = bright + np.array([0.0, *look.rim_ab], np.float32)
        tone = tone + (bright - tone) * (look.rim * hair.rim)[..., None]
    return lab + (tone - lab) * hair.mask[..., None]
