"""Skin as a draughtsman paints it: one clean plate, one base tone, one soft shade that follows the form.

Where the shade begins is a curve of the mesh; how far it reaches is measured in the photograph.  Blotches, stubble, flush
and gloss are no shade, flat or doubtful light gives none.
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import regions
from .flow import ramp
from .mesh import (BELOW_LIP, BROW, FACE_OVAL, LIPS, LOWER_LID, MIDLINE_ROWS, UPPER_LIP, BEARD_BORDER, NOSE_BASE, SIDE_ROWS, UPPER_LID, closed_curve, curve,
                   fill)
from .regions import Face

# How far from the side of the face to its midline the shade reaches at most, row by row from the temple down: out on the
# cheekbone, in below it.
BORDER = np.array([0.24, 0.36, 0.32, 0.38, 0.50, 0.56, 0.58, 0.60, 0.62, 0.64, 0.66])


@dataclass
class Skin:
    """One person's skin: mask [H,W] in 0...1, base tone (Lab [3]), shade, and the tint of an unshaven jaw."""

    mask: np.ndarray
    base: np.ndarray
    shade: np.ndarray          # [H,W] 0...1
    stubble: np.ndarray        # coverage [H,W]
    stubble_tone: np.ndarray   # Lab [3]


def largest_parts(mask: np.ndarray, area: float) -> np.ndarray:
    """Boolean mask without connected parts and holes smaller than ``area`` px."""
    hard = mask.astype(np.uint8)
    for value in (1, 0):
        _, labels, stats, _ = cv2.connectedComponentsWithStats((hard == value).astype(np.uint8), connectivity=4)
        small = stats[:, cv2.CC_STAT_AREA] < area
        small[0] = False
        hard[small[labels]] = 1 - value
    return hard > 0


def features(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Places [H,W] of brows, eyes, nostrils and mouth: the painter draws them, skin lies below."""
    u = face.unit
    place = np.zeros(shape, np.float32)
    size = lambda k: np.ones((2 * int(k * u) + 1,) * 2, np.uint8)
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        place = np.maximum(place, cv2.dilate(fill(shape, mesh[list(upper + lower[::-1])]), size(0.10)))
    for ring in BROW:
        place = np.maximum(place, cv2.dilate(fill(shape, closed_curve(mesh[list(ring)])), size(0.035)))
    place = np.maximum(place, cv2.dilate(fill(shape, closed_curve(mesh[list(LIPS)])), size(0.025)))
    return np.maximum(place, face.ellipse(shape, mesh[2] - 0.05 * u * face.axes[1], 0.26, 0.12, 0.1))


@dataclass
class Masks:
    """What was found in the photograph besides the mesh, [H,W] in 0...1; None where nothing looked for it."""

    hair: np.ndarray | None = None
    person: np.ndarray | None = None


def crisp(mask: np.ndarray, lightness: np.ndarray, unit: float) -> np.ndarray:
    """A coarse mask with its border moved to the photograph's own edges."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.015 * unit)
    return cv2.ximgproc.guidedFilter((lightness / 100).astype(np.float32), soft, max(2, int(0.06 * unit)), 4e-4)


def like_skin(lab: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """How far a colour is from the skin's (1: as far as skin goes), and its lightness over the skin's, both [H,W]."""
    l0, a0, b0 = regions.skin_statistics(lab, face)
    soft = cv2.GaussianBlur(lab, (0, 0), 1.5)
    away = np.hypot(soft[..., 1] - a0, soft[..., 2] - b0) / (14 + 0.4 * np.hypot(a0, b0))
    return away, soft[..., 0] / max(float(l0), 8.0)


def heights(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """How far below the nose's base a pixel lies [H,W], in units."""
    _, down = face.axes
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    return ((x - mesh[2, 0]) * down[0] + (y - mesh[2, 1]) * down[1]) / face.unit


def local_lightness(lab: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """The cheeks' lightness [H,W] at each place between the sides of the face: what skin has there in this light."""
    shape = lab.shape[:2]
    height = heights(shape, face, mesh)
    place = (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5) & (height > -0.75) & (height < 0.0)
    side = across(mesh, shape)
    edges = np.linspace(-1, 1, 9)
    known = []
    for low, high in zip(edges[:-1], edges[1:]):
        found = lab[..., 0][place & (side >= low) & (side < high)]
        known.append(np.median(found) if len(found) > 25 else np.nan)
    known, centres = np.array(known), 0.5 * (edges[1:] + edges[:-1])
    if np.isnan(known).all():
        return np.full(shape, regions.skin_statistics(lab, face)[0], np.float32)
    good = ~np.isnan(known)
    return np.interp(side, centres[good], known[good]).astype(np.float32)


@dataclass
class Jaws:
    """Places where beards grow, boolean [H,W]: above the lip, chin, both sides of the jaw; and the cheeks to compare with."""

    lip: np.ndarray
    chin: np.ndarray
    sides: tuple[np.ndarray, np.ndarray]
    cheeks: np.ndarray

    @property
    def all(self) -> tuple[np.ndarray, ...]:
        return (self.lip, self.chin, *self.sides)


def jaw_zones(shape, face: Face, mesh: np.ndarray) -> Jaws:
    """Where beards grow on this face."""
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.9
    side, height = across(mesh, shape), heights(shape, face, mesh)
    free = oval & (cv2.dilate(fill(shape, closed_curve(mesh[list(LIPS)])), np.ones((5, 5))) < 0.1)
    lip = free & (fill(shape, np.vstack([mesh[list(UPPER_LIP)], mesh[list(NOSE_BASE)][::-1]])) > 0.5) & (height > 0.03)
    chin = free & (height > float((mesh[17] - mesh[2]) @ face.axes[1]) / face.unit + 0.05) & (np.abs(side) < 0.32)
    sides = tuple(free & (height > 0.23) & (sign * side > 0.45) & (sign * side < 0.85) for sign in (-1, 1))
    cheeks = oval & (features(shape, face, mesh) < 0.5) & (height > -0.5) & (height < 0) & (np.abs(side) > 0.3) & (np.abs(side) < 0.75)
    return Jaws(lip, chin, sides, cheeks)


def middle(values: np.ndarray, place: np.ndarray, otherwise: float) -> float:
    """Median over a place, if it is seen at all."""
    return float(np.median(values[place])) if place.sum() > 20 else otherwise


def beside_cheeks(lab: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lightness over that of the cheek above, and chroma over the skin's, both [H,W]."""
    soft = cv2.GaussianBlur(lab, (0, 0), 0.025 * face.unit)
    _, a0, b0 = regions.skin_statistics(lab, face)
    return soft[..., 0] / np.maximum(local_lightness(lab, face, mesh), 6.0), np.hypot(soft[..., 1], soft[..., 2]) / max(float(np.hypot(a0, b0)), 4.0)


def find_beard(lab: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Beard and moustache inside the face's oval, boolean [H,W]: what is much darker than the cheeks, or white.

    Shade and stubble are none: a beard covers chin and upper lip alike, a moustache also has lost the skin's colour.
    """
    shape = lab.shape[:2]
    light, chroma = beside_cheeks(lab, face, mesh)
    dark, zones = light < 0.62, jaw_zones(shape, face, mesh)
    if min(zones.lip.sum(), zones.chin.sum()) < 20:
        return np.zeros(shape, bool)
    height = heights(shape, face, mesh)
    lower = (fill(shape, mesh[list(FACE_OVAL)]) > 0.5) & (height > 0.04)
    if dark[zones.chin].mean() > 0.55 and dark[zones.lip].mean() > 0.6:
        return lower & dark
    tones = [middle(chroma, zone, 1.0) for zone in (zones.lip, *zones.sides)]
    colourful = float(np.hypot(*regions.skin_statistics(lab, face)[1:])) > 8
    if colourful and tones[0] < 0.6 and max(tones[1:]) < 0.66:
        return lower & (chroma < 0.72)
    if dark[zones.lip].mean() > 0.6 and tones[0] < 0.8:
        corners = float((mesh[[61, 291]].mean(0) - mesh[2]) @ face.axes[1]) / face.unit
        return lower & dark & (height < corners + 0.05) & (np.abs(across(mesh, shape)) < 0.6)
    return np.zeros(shape, bool)


def find_stubble(photo: np.ndarray, face: Face, mesh: np.ndarray, jaw: np.ndarray, frames: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The unshaven part of a face [H,W], how much darker it is than cheeks (0...1), and its chroma over theirs.

    ``photo``: Lab, not smoothed: stubble is told from shade by its texture.
    """
    shape, u = photo.shape[:2], face.unit
    zones = jaw_zones(shape, face, mesh)
    cheeks = zones.cheeks & (cv2.dilate(frames, np.ones((9, 9))) < 0.1)
    fine = np.abs(photo[..., 0] - cv2.GaussianBlur(photo[..., 0], (0, 0), 0.02 * u)) / np.maximum(cv2.GaussianBlur(photo[..., 0], (0, 0), 0.05 * u), 8)
    if min(zone.sum() for zone in (zones.lip, zones.chin, cheeks)) < 40:
        return np.zeros(shape, np.float32), 0.0, 1.0
    usual = float(fine[cheeks].mean()) + 1e-4
    rough = [float(fine[zone].mean()) / usual if zone.sum() > 40 else 9.0 for zone in zones.all]
    light, chroma = beside_cheeks(photo, face, mesh)
    drop = float(np.mean([np.clip(1 - middle(light, zone, 1.0), 0, 0.7) for zone in zones.all]))
    sure = float(ramp(1.9, 2.4, np.float32(rough[0])) * ramp(1.1, 1.4, np.float32(rough[1])) * ramp(1.5, 1.9, np.float32(min(rough[2:]))) * ramp(0.04, 0.10, np.float32(drop)))
    border = curve(mesh[list(BEARD_BORDER)], 80)
    place = fill(shape, np.vstack([border, jaw[3:-3][::-1]]))
    place = cv2.GaussianBlur(place, (0, 0), 0.035 * u)
    return (sure * place).astype(np.float32), drop, float(np.clip(np.mean([middle(chroma, zone, 1.0) for zone in zones.all]), 0.5, 1.0))


def plate(lab: np.ndarray, face: Face, mesh: np.ndarray, hair: np.ndarray | None) -> np.ndarray:
    """Skin inside the face's oval: all but hair and beard.  Boolean [H,W]."""
    shape, u = lab.shape[:2], face.unit
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.5
    away, ratio = like_skin(lab, face)
    if hair is not None:
        other = (hair > 0.5) & ((away > 0.35) | (ratio < 0.85) | (ratio > 1.1))
    else:
        other = (heights(shape, face, mesh) < 0.08) & ((ratio < 0.54) | (away > 1.1))
    size = 2 * int(0.08 * u) + 1
    round_kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    beard = cv2.morphologyEx(find_beard(lab, face, mesh).astype(np.uint8), cv2.MORPH_CLOSE, round_kernel)
    beard = largest_parts(beard > 0, 0.05 * u * u) & (fill(shape, closed_curve(mesh[list(LIPS)])) < 0.5)
    other = other & (features(shape, face, mesh) < 0.5) | beard
    # Hair and beard come in from outside or are large; what else differs are moles, flush and gloss.
    inner = cv2.erode(oval.astype(np.uint8), np.ones((5, 5)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((other & oval).astype(np.uint8), connectivity=4)
    outside = np.zeros(len(stats), bool)
    outside[np.unique(labels[oval & (inner == 0)])] = True
    drop = ~outside & (stats[:, cv2.CC_STAT_AREA] < 0.02 * u * u)
    other &= ~drop[labels]
    return oval & ~other


def skin_mask(lab: np.ndarray, face: Face, mesh: np.ndarray, frames: np.ndarray, masks: Masks) -> np.ndarray:
    """All skin of a portrait [H,W]: the face's plate, and ears, neck and forehead by their colour; clean borders."""
    shape, u = lab.shape[:2], face.unit
    bearded = find_beard(lab, face, mesh).any()
    under = face.ellipse(shape, mesh[152] + 0.06 * u * face.axes[1], 0.66, 0.22, 0.1)
    hair = None
    if masks.hair is not None:
        size = 2 * int(0.07 * u) + 1
        whole = cv2.morphologyEx(masks.hair.astype(np.float32), cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
        # Right below the chin nobody has hair but a beard.
        if not bearded:
            whole = whole * (1 - under)
        hair = crisp(whole, lab[..., 0], u)
    inside = plate(lab, face, mesh, hair)
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.5
    colour = regions.skin_mask(lab, face) > 0.5
    if hair is not None:
        # Where hair is known, skin need not look like lit skin: in shade it keeps its colour, in gloss it loses it.
        away, ratio = like_skin(lab, face)
        _, a0, b0 = regions.skin_statistics(lab, face)
        soft = cv2.GaussianBlur(lab, (0, 0), 1.5)
        colourful = np.hypot(a0, b0) > 5
        pure = np.hypot(soft[..., 1], soft[..., 2]) / (soft[..., 0] + 2) > 0.55 * float(np.hypot(a0, b0)) / (float(regions.skin_statistics(lab, face)[0]) + 2)
        size = 2 * int(0.3 * u) + 1
        near = cv2.dilate(oval.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0
        neck = face.ellipse(shape, mesh[152] + 0.5 * u * face.axes[1], 0.85, 0.7, 0.05) > 0.5
        crown = face.ellipse(shape, mesh[10], 1.0, 0.95, 0.02) > 0.5
        colour |= (near | neck | crown) & colourful & (away < 0.85) & (ratio > 0.2) & (ratio < 1.25) & (pure | (ratio > 0.7))
        # Below the chin lies the deepest shade, stubble in it.
        throat = face.ellipse(shape, mesh[152] + 0.5 * u * face.axes[1], 0.25, 0.12, 0.05) > 0.5
        if (colour & throat).sum() > 0.4 * throat.sum() and not bearded:
            colour |= (under > 0.5) & (away < 1.5) & (ratio < 1.1)
        # Gloss on a high forehead.
        brow = mesh[10] + 0.05 * u * face.axes[1]
        colour |= ((face.ellipse(shape, brow, 0.8, 0.6, 0.05) > 0.5) & (ratio < 1.8) | crown & (ratio < 1.45)) & (away < 1.2) & (ratio > 0.6)
        colour &= hair < 0.4
        if not colourful:
            # Without colour only place and lightness are left to tell skin from cloth.
            colour &= (near | neck | crown) & (ratio > 0.5) & (ratio < np.where(crown, 1.6, 1.2))
    if masks.person is not None:
        colour &= crisp(masks.person, lab[..., 0], u) > 0.5
    both = cv2.morphologyEx((inside | (colour & ~oval)).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    hard = largest_parts(both > 0, 0.03 * u * u)
    soft = cv2.GaussianBlur(hard.astype(np.float32), (0, 0), 0.02 * u)
    return np.minimum(ramp(0.3, 0.7, soft), 1 - frames).astype(np.float32)


def clean_tone(tone: np.ndarray) -> np.ndarray:
    """A skin tone (Lab [3]) lifted a little, with grey and purple taken out; the person's own hue otherwise."""
    l, a, b = (float(v) for v in tone)
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    # Greyscale photographs stay grey.
    colourful = float(ramp(2.5, 6.0, np.float32(chroma)))
    low, high = 50.0, 62.0 + 4.0 * float(ramp(65, 50, np.float32(l)))
    wanted = float(np.clip(hue, low, high))
    wanted += 0.2 * float(np.clip(hue - wanted, -30, 30))
    least, most = 19.0, 24.0 + 8.0 * float(ramp(80, 50, np.float32(l)))
    amount = float(np.clip(chroma, least, most))
    amount += 0.2 * (chroma - amount)
    hue, chroma = hue + colourful * (wanted - hue), chroma + colourful * (amount - chroma)
    lift = 2.5 + 4.0 * float(ramp(45, 60, np.float32(l))) * float(ramp(92, 78, np.float32(l)))
    return np.array([min(l + lift, 92.0), chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))], np.float32)


def base_tone(lab: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray, shaded: float) -> np.ndarray | None:
    """The lit skin's Lab colour, or None where too little skin is seen; ``shaded`` 0...1: how much of it lies in shade."""
    shape = lab.shape[:2]
    chosen = (mask > 0.8) & (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5)
    if chosen.sum() < 0.05 * face.unit ** 2:
        return None
    pixels = lab[chosen]
    # Neither gloss nor shade: the middle of the lit side.
    low, high = np.percentile(pixels[:, 0], [35 + 20 * shaded, 70 + 12 * shaded])
    return np.median(pixels[(pixels[:, 0] >= low) & (pixels[:, 0] <= high)], 0)


def across(mesh: np.ndarray, shape) -> np.ndarray:
    """Place between the sides of the face [H,W]: -1 on the viewer's left edge, 0 on the midline, 1 on the right edge."""
    middle = mesh[list(MIDLINE_ROWS)]
    known, values = [], []
    for sign, rows in zip((-1, 1), SIDE_ROWS):
        for part in (0.0, 0.25, 0.5, 0.75, 1.0):
            known.append(middle + part * (mesh[list(rows)] - middle))
            values.append(np.full(len(middle), sign * part))
    points, values = np.concatenate(known), np.concatenate(values)
    # Distance-weighted interpolation at an eighth of the size is smooth enough for a measure.
    step = 8
    y, x = np.mgrid[step // 2:shape[0]:step, step // 2:shape[1]:step].astype(np.float32)
    near = 1 / ((x[..., None] - points[:, 0]) ** 2 + (y[..., None] - points[:, 1]) ** 2 + 4.0) ** 2
    coarse = ((near * values).sum(-1) / near.sum(-1)).astype(np.float32)
    return cv2.resize(coarse, shape[::-1], interpolation=cv2.INTER_LINEAR)


def side_light(lab: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[int, float]:
    """Which side of the face lies in shade (0 the viewer's left, 1 right), and how surely and far: 0 not at all ... 1."""
    shape, u = lab.shape[:2], face.unit
    _, down = face.axes
    y, x = np.mgrid[0:shape[0], 0:shape[1]].astype(np.float32)
    height = ((x - mesh[2, 0]) * down[0] + (y - mesh[2, 1]) * down[1]) / u
    # Above the beard and below the fringe.
    place = (mask > 0.8) & (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5) & (height < 0.25) & (height > -1.1)
    side = across(mesh, shape)
    light = cv2.GaussianBlur(lab[..., 0], (0, 0), 0.02 * u)
    parts = [[light[place & (side * sign > low) & (side * sign <= high)] for low, high in ((0.12, 0.4), (0.4, 0.68), (0.68, 0.92))] for sign in (-1, 1)]
    if min(len(p) for sides in parts for p in sides[:2]) < 0.004 * u * u:
        return 0, 0.0
    means = np.array([[np.median(p) if len(p) > 20 else np.nan for p in sides] for sides in parts])
    means[:, 2] = np.where(np.isnan(means[:, 2]), means[:, 1], means[:, 2])
    level = float(np.max(means[:, :2]))
    # Outer parts of both sides compared; what is the same on both is the form, not the light.
    drop = (means[:, 1:].mean(1) - means[::-1, 1:].mean(1)) / max(level, 10.0)
    index = int(drop[1] < drop[0])
    return index, float(ramp(0.13, 0.40, np.float32(-drop[index])))


def side_shade(shape, face: Face, mesh: np.ndarray, index: int, amount: float) -> np.ndarray:
    """The shaded side of the face [H,W] as one closed shape with a curved border; ``amount`` 0...1 moves the border inwards."""
    u = face.unit
    right, down = face.axes
    outwards = right * (-1, 1)[index]
    side, middle = mesh[list(SIDE_ROWS[index][2:])], mesh[list(MIDLINE_ROWS[2:])]
    border = side + ((0.5 + 0.5 * amount) * BORDER)[:, None] * (middle - side)
    # Above the temple the border runs out of the head, also out of a bald one.
    top = border[0] + np.outer([1.4, 0.7, 0.3], -u * down) + np.outer([1.2, 0.45, 0.12], u * outwards)
    line = curve(np.vstack([top, border]), 120)
    far = line[::-1] + 2.2 * u * outwards
    return fill(shape, np.vstack([line, far]))


def neck_shade(shape, face: Face, jaw: np.ndarray) -> np.ndarray:
    """The neck below the jaw [H,W]: darker as far down as the chin is long."""
    u = face.unit
    _, down = face.axes
    t = np.linspace(-1, 1, len(jaw))
    reach = 0.20 + 0.20 * (1 - t ** 2)
    lower = jaw + (reach * u)[:, None] * down
    return fill(shape, np.vstack([jaw, lower[::-1]]))


def small_shades(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Under the tip of the nose and under the lower lip [H,W]."""
    u = face.unit
    _, down = face.axes
    base = curve(mesh[list(NOSE_BASE)], 30)[4:-4]
    bulge = np.sin(np.pi * np.linspace(0, 1, len(base)))[:, None] * down
    nose = fill(shape, np.vstack([base - 0.035 * u * bulge, (base + 0.03 * u * bulge)[::-1]]))
    lip = curve(mesh[list(BELOW_LIP)], 30)[5:-5] + 0.035 * u * down
    bulge = np.sin(np.pi * np.linspace(0, 1, len(lip)))[:, None] * down
    return np.maximum(nose, fill(shape, np.vstack([lip, (lip + 0.03 * u * bulge)[::-1]])))


def fringe_shade(hair: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """What hair throws on the forehead [H,W]: its border once more, a little further down."""
    shape, u = hair.shape, face.unit
    size = 2 * int(0.05 * u) + 1
    whole = cv2.morphologyEx(hair, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    dx, dy = 0.085 * u * face.axes[1]
    moved = cv2.warpAffine(cv2.GaussianBlur(whole, (0, 0), 0.03 * u), np.array([[1, 0, dx], [0, 1, dy]]), shape[::-1])
    return ramp(0.35, 0.65, moved) * ramp(-0.55, -0.75, heights(shape, face, mesh)) * fill(shape, mesh[list(FACE_OVAL)], 0.03 * u)


def shade(mask: np.ndarray, face: Face, mesh: np.ndarray, jaw: np.ndarray, light: tuple[int, float],
          hair: np.ndarray | None) -> np.ndarray:
    """Where skin lies in shade [H,W] in 0...1; ``light`` as side_light finds it."""
    shape, u = mask.shape, face.unit
    above = fill(shape, np.vstack([jaw, jaw[-1:] - [[0, 9 * u]], jaw[:1] - [[0, 9 * u]]]))
    below = neck_shade(shape, face, jaw) * (1 - above)
    index, amount = light
    out = np.maximum(below, small_shades(shape, face, mesh))
    if hair is not None:
        out = np.maximum(out, fringe_shade(hair, face, mesh))
    if amount > 0.05:
        out = np.maximum(out, side_shade(shape, face, mesh, index, amount) * above)
    out = cv2.GaussianBlur(out, (0, 0), 0.008 * u)
    return (ramp(0.25, 0.75, out) * mask).astype(np.float32)


def find_skin(lab: np.ndarray, sharp: np.ndarray, face: Face, mesh: np.ndarray, frames: np.ndarray, jaw: np.ndarray,
              masks: Masks) -> Skin | None:
    """Skin of a portrait, or None where too little is seen.  ``lab`` [H,W,3]: the photograph, cleaned; ``sharp``: as it is."""
    mask = skin_mask(lab, face, mesh, frames, masks)
    light = side_light(lab, mask, face, mesh)
    tone = base_tone(lab, mask, face, mesh, light[1])
    if tone is None:
        return None
    base = clean_tone(tone)
    stubble, drop, chroma = find_stubble(sharp, face, mesh, jaw, frames)
    unshaven = base * np.array([1 - 0.55 * drop, chroma, chroma], np.float32)
    return Skin(mask, base, shade(mask, face, mesh, jaw, light, masks.hair), stubble, unshaven)
