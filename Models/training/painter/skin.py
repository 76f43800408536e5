"""Skin as a draughtsman paints it: one clean plate of one base tone; shade is in shade.py.

Blotches, stubble, flush and gloss are no shade, flat or doubtful light gives none.
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import regions
from .beard import find_stubble
from .flow import ramp
from .mesh import FACE_OVAL, LIPS, closed_curve, fill
from .nose import nose_shade
from .places import features, heights, like_skin
from .regions import Face
from .shade import form_light, largest, lit_form, shade, side_light


@dataclass
class Skin:
    """One person's skin: mask [H,W] in 0...1, base tone (Lab [3]), shade, and the tint of an unshaven jaw."""

    mask: np.ndarray
    base: np.ndarray
    shade: np.ndarray          # [H,W] 0...1
    light: np.ndarray          # [H,W] 0...1: where it shines
    form: np.ndarray           # [H,W,3] Lab: how the lit skin's colour differs from its base from place to place
    stubble: np.ndarray        # coverage [H,W]
    stubble_tone: np.ndarray   # Lab [H,W,3]
    cast: float                # yellow that the photograph's light takes from the skin, b units
    left: np.ndarray           # [H,W] 0...1: skin that stays in the photograph's shapes
    change: np.ndarray         # Lab [3]: from the photograph's lit skin to ``base``


@dataclass
class Masks:
    """What was found in the photograph besides the mesh, [H,W] in 0...1; None where nothing looked for it."""

    hair: np.ndarray | None = None
    person: np.ndarray | None = None


def crisp(mask: np.ndarray, lightness: np.ndarray, unit: float) -> np.ndarray:
    """A coarse mask with its border moved to the photograph's own edges."""
    soft = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 0.015 * unit)
    return cv2.ximgproc.guidedFilter((lightness / 100).astype(np.float32), soft, max(2, int(0.06 * unit)), 4e-4)


def plate(lab: np.ndarray, face: Face, mesh: np.ndarray, hair: np.ndarray | None, beard: np.ndarray) -> np.ndarray:
    """Skin inside the face's oval: all but hair and ``beard``.  Boolean [H,W], as the latter."""
    shape, u = lab.shape[:2], face.unit
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.5
    away, ratio = like_skin(lab, face)
    if hair is not None:
        other = (hair > 0.5) & ((away > 0.35) | (ratio < 0.85) | (ratio > 1.1))
    else:
        other = (heights(shape, face, mesh) < 0.08) & ((ratio < 0.54) | (away > 1.1))
    size = 2 * int(0.08 * u) + 1
    round_kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    beard = cv2.morphologyEx(beard.astype(np.uint8), cv2.MORPH_CLOSE, round_kernel)
    beard = largest(beard > 0, 0.05 * u * u) & (fill(shape, closed_curve(mesh[list(LIPS)])) < 0.5)
    other = other & (features(shape, face, mesh) < 0.5) | beard
    # Hair and beard come in from outside or are large; what else differs are moles, flush and gloss.
    inner = cv2.erode(oval.astype(np.uint8), np.ones((5, 5)))
    _, labels, stats, _ = cv2.connectedComponentsWithStats((other & oval).astype(np.uint8), connectivity=4)
    outside = np.zeros(len(stats), bool)
    outside[np.unique(labels[oval & (inner == 0)])] = True
    drop = ~outside & (stats[:, cv2.CC_STAT_AREA] < 0.02 * u * u)
    other &= ~drop[labels]
    return oval & ~other


def known_hair(lab: np.ndarray, face: Face, mesh: np.ndarray, found: np.ndarray, under: np.ndarray) -> np.ndarray:
    """The mask of hair [H,W], small holes closed, its border on the photograph's edges; none ``under`` the chin."""
    u = face.unit
    size = 2 * int(0.07 * u) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    whole = cv2.morphologyEx(found.astype(np.float32), cv2.MORPH_CLOSE, kernel)
    return crisp(whole * (1 - under), lab[..., 0], u)


def around_face(lab: np.ndarray, face: Face, mesh: np.ndarray, oval: np.ndarray, colour: np.ndarray) -> np.ndarray:
    """Skin around the face's oval, boolean [H,W], given what has the colour of lit skin: also shade and gloss.

    In shade skin keeps its colour for its lightness, in gloss it loses it.
    """
    shape, u = lab.shape[:2], face.unit
    down = face.axes[1]
    away, ratio = like_skin(lab, face)
    l0, a0, b0 = (float(v) for v in regions.skin_statistics(lab, face))
    soft = cv2.GaussianBlur(lab, (0, 0), 1.5)
    pure = np.hypot(soft[..., 1], soft[..., 2]) / (soft[..., 0] + 2) > 0.55 * float(np.hypot(a0, b0)) / (l0 + 2)
    size = 2 * int(0.3 * u) + 1
    near = cv2.dilate(oval.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0
    neck = face.ellipse(shape, mesh[152] + 0.5 * u * down, 0.85, 0.7, 0.05) > 0.5
    crown = face.ellipse(shape, mesh[10], 1.0, 0.95, 0.02) > 0.5
    forehead = face.ellipse(shape, mesh[10] + 0.05 * u * down, 0.8, 0.6, 0.05) > 0.5
    gloss = (forehead & (ratio < 1.8) | crown & (ratio < 1.45)) & (away < 1.2) & (ratio > 0.6)
    if np.hypot(a0, b0) <= 5:
        # Without colour only place and lightness are left to tell skin from cloth: the neck is left as it is.
        return (colour | gloss) & (near | crown) & (ratio > 0.5) & (ratio < np.where(crown, 1.6, 1.2))
    # Beside the face light from a window takes the colour from skin.
    above = heights(shape, face, mesh) < 0.2
    gloss |= near & above & (away < 0.75) & (ratio > 0.9) & (ratio < 1.8)
    shaded = (near | neck | crown) & (away < 0.85) & (ratio > 0.2) & (ratio < 1.25) & (pure | (ratio > 0.7))
    return colour | shaded | gloss


def as_smooth(lab: np.ndarray, inside: np.ndarray, unit: float) -> np.ndarray:
    """Where the photograph is no rougher than the face ``inside``, boolean [H,W]: woven or printed cloth is."""
    fine = np.abs(lab[..., 0] - cv2.GaussianBlur(lab[..., 0], (0, 0), 0.03 * unit))
    rough = cv2.GaussianBlur(fine, (0, 0), 0.08 * unit)
    usual = float(np.percentile(rough[inside], 75)) if inside.any() else 0.0
    return rough < max(2.5, 1.6 * usual)


def own_colour(lab: np.ndarray, inside: np.ndarray, unit: float) -> np.ndarray:
    """Where the photograph has a hue and a saturation that the face ``inside`` has somewhere; boolean [H,W].

    A pale collar in shade is as light as skin and nearly of its hue, but less saturated; a cream one is yellower; and
    woven or printed cloth is rougher.
    """
    soft = cv2.GaussianBlur(lab, (0, 0), 0.02 * unit)
    pure = np.hypot(soft[..., 1], soft[..., 2]) / (soft[..., 0] + 6)
    hue = np.degrees(np.arctan2(soft[..., 2], soft[..., 1]))
    if inside.sum() < 100 or np.median(np.hypot(soft[..., 1], soft[..., 2])[inside]) < 11:
        return np.ones(inside.shape, bool)
    least = np.percentile(pure[inside], 6)
    low, high = np.percentile(hue[inside], [4, 96])
    return as_smooth(lab, inside, unit) & (pure > 0.72 * least) & (hue > low - 12) & (hue < high + 9)


def beside(oval: np.ndarray, unit: float) -> np.ndarray:
    """A band around the mesh's ``oval``, which is not exact: what is found there stays as it is.  Boolean [H,W]."""
    size = 2 * int(0.05 * unit) + 1
    return cv2.dilate(oval.astype(np.uint8), cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0


def joined(colour: np.ndarray, oval: np.ndarray, low: np.ndarray, unit: float) -> np.ndarray:
    """Skin around the face without frayed parts and without what does not touch the ``oval``; boolean [H,W], as all of
    them.  ``low``: where the neck lies."""
    disc = lambda k: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(k * unit) + 1,) * 2)
    outer = (colour | oval).astype(np.uint8)
    # What a neck's shade or a chain cuts out of it is wider than what lies beside the face.
    outer = np.where(low, *(cv2.morphologyEx(outer, cv2.MORPH_CLOSE, disc(k)) for k in (0.10, 0.05)))
    outer = cv2.morphologyEx(outer, cv2.MORPH_OPEN, disc(0.05))
    # Below the jaw what is thinner than a neck is a scrap beside a strand or a collar.
    thick = cv2.morphologyEx(outer, cv2.MORPH_OPEN, disc(0.12))
    outer = np.where(low, thick, outer)
    outer = largest(outer > 0, 0.10 * unit * unit).astype(np.uint8)
    _, labels = cv2.connectedComponents(outer, connectivity=4)
    kept = np.unique(labels[oval & (outer > 0)])
    return (np.isin(labels, kept[kept > 0]) | colour & beside(oval, unit)) & ~oval


def deep_shade(lab: np.ndarray, whole: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Neck beside and above the chin that is too dark to show skin's colour, boolean [H,W]: gaps in the skin found,
    ``whole``."""
    u = face.unit
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(0.28 * u) + 1,) * 2)
    closed = cv2.morphologyEx(whole.astype(np.uint8), cv2.MORPH_CLOSE, disc) > 0
    height, ratio = heights(whole.shape, face, mesh), like_skin(lab, face)[1]
    chin = float((mesh[152] - mesh[2]) @ face.axes[1]) / u
    gaps = (closed & ~whole & (height > 0.4 * chin) & (height < chin + 0.6) & (ratio < 0.85)).astype(np.uint8)
    # A gap has skin on most of its sides; a collar has not.
    count, labels = cv2.connectedComponents(gaps, connectivity=4)
    rim = (cv2.dilate(gaps, np.ones((3, 3), np.uint8)) > gaps)
    owner = cv2.dilate(labels.astype(np.float32), np.ones((3, 3), np.uint8)).astype(int)
    around, skin = (np.bincount(owner[rim & place], minlength=count) for place in (np.ones_like(whole), whole))
    kept = skin > 0.6 * np.maximum(around, 1)
    kept[0] = False
    return kept[labels]


def skin_mask(lab: np.ndarray, face: Face, mesh: np.ndarray, frames: np.ndarray, beard: np.ndarray,
              masks: Masks) -> np.ndarray:
    """All skin of a portrait [H,W]: the face's plate, and ears, neck and forehead by their colour; clean borders."""
    shape, u = lab.shape[:2], face.unit
    oval = fill(shape, mesh[list(FACE_OVAL)]) > 0.5
    colour = regions.skin_mask(lab, face) > 0.5
    # Right below the chin nobody has hair but a beard: there lies the deepest shade, stubble in it.
    under = face.ellipse(shape, mesh[152] + 0.06 * u * face.axes[1], 0.66, 0.22, 0.1)
    if beard.any():
        under = np.zeros(shape, np.float32)
    # Black there is hair that falls beside the chin, no shade.
    under = under * (like_skin(lab, face)[1] > 0.3)
    hair = None
    if masks.hair is not None:
        hair = known_hair(lab, face, mesh, masks.hair, under)
        colour = around_face(lab, face, mesh, oval, colour)
        away, ratio = like_skin(lab, face)
        throat = face.ellipse(shape, mesh[152] + 0.5 * u * face.axes[1], 0.25, 0.12, 0.05) > 0.5
        if (colour & throat).sum() > 0.4 * throat.sum():
            colour |= (under > 0.5) & (away < 1.5) & (ratio < 1.1)
        colour &= hair < 0.4
        if hair.max() <= 0.4:
            # On a bald head shade is shade, also where it has lost the skin's colour.
            bald = face.ellipse(shape, mesh[10], 1.0, 0.95, 0.02) > 0.5
            colour |= bald & (away < 0.85) & (ratio > 0.3) & (ratio < 1.1)
        else:
            # Above the hairline of somebody who has hair, what is dark and of another hue is more of it.
            crown = heights(shape, face, mesh) < float((mesh[10] - mesh[2]) @ face.axes[1]) / u - 0.08
            colour &= ~crown | (ratio > 0.75) | (away < 0.4)
    if masks.person is not None:
        colour &= crisp(masks.person, lab[..., 0], u) > 0.5
    inside = plate(lab, face, mesh, hair, beard)
    # Frames are drawn anew: what the photograph has of them beside the drawn ones is skin.
    size = 2 * int(0.07 * u) + 1
    inside |= oval & (cv2.dilate(frames, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))) > 0.3)
    other = np.ones(shape, bool) if hair is None else ~largest(hair > 0.4, 0.10 * u * u)
    low = heights(shape, face, mesh) > 0.5 * float((mesh[152] - mesh[2]) @ face.axes[1]) / u
    plain = inside & (features(shape, face, mesh) < 0.5)
    own = own_colour(lab, plain, u)
    if masks.hair is not None and masks.hair.max() <= 0.4:
        # What covers a head without hair may be a scarf.
        crown = heights(shape, face, mesh) < float((mesh[10] - mesh[2]) @ face.axes[1]) / u + 0.1
        cloth = crown & ~as_smooth(lab, plain & ~crown, u)
        colour &= ~cloth
        inside &= ~largest(cloth, 0.05 * u * u)
    away, ratio = like_skin(lab, face)
    colour &= ~low | own | beside(oval, u) | (under > 0.5) & (away < 1.2) & (ratio < 0.95)
    whole = inside | joined(colour, oval, low, u) & other
    if masks.person is not None:
        whole |= deep_shade(lab, whole, face, mesh) & other & (masks.person > 0.5)
    if np.hypot(*regions.skin_statistics(lab, face)[1:]) <= 5:
        # Without colour nothing tells hands below the chin from a neck: both stay as they are.
        whole &= inside | ~low
    both = cv2.morphologyEx(whole.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3)))
    hard = largest(both > 0, 0.03 * u * u)
    soft = cv2.GaussianBlur(hard.astype(np.float32), (0, 0), 0.02 * u)
    return np.minimum(ramp(0.3, 0.7, soft), 1 - frames).astype(np.float32)


def brown(tone: np.ndarray) -> float:
    """0...1: skin (Lab [3]) that is yellow and rich, and so brown by nature, not for lack of light."""
    l, a, b = (np.float32(v) for v in tone)
    return float(ramp(56, 60, np.degrees(np.arctan2(b, a))) * ramp(20, 24, np.hypot(a, b)) * ramp(76, 70, l))


def clean_tone(tone: np.ndarray, gloss: float = 0.0) -> np.ndarray:
    """A skin tone (Lab [3]) lifted a little, with grey and purple taken out; the person's own hue otherwise.

    ``gloss``: how far the lit skin's lightness lies above ``tone``'s.
    """
    l, a, b = (float(v) for v in tone)
    chroma, hue = float(np.hypot(a, b)), float(np.degrees(np.arctan2(b, a)))
    # Greyscale photographs stay grey.
    colourful = float(ramp(2.5, 6.0, np.float32(chroma)))
    # Light skin in dim light is dull in colour and even; dark skin is neither, and keeps its lightness.
    dim = ramp(44, 56, l) * ramp(80, 66, l) * ramp(15, 8, gloss) * ramp(36, 24, np.hypot(a, b))
    # More chroma than skin of that lightness has is the colour of a lamp or of the evening, which is little light too.
    tinted = float(ramp(0.85, 1.25, np.float32(chroma / max(l, 5.0))))
    middling = float(ramp(48, 56, l) * ramp(78, 68, l) * ramp(17, 9, gloss) * ramp(28, 20, np.float32(chroma)))
    pale = float(ramp(77, 83, l) * ramp(92, 86, l))
    lift = 2.0 - 2.0 * brown(tone) + 2.5 * middling + 6.0 * float(dim) + 2.0 * pale + 12.0 * tinted
    low, high = 51.0, 63.0 + 3.0 * float(ramp(65, 50, np.float32(l)))
    wanted = float(np.clip(hue, low, high))
    wanted += 0.12 * float(np.clip(hue - wanted, -30, 30))
    # What is lifted shows more of its colour, as it would in more light.
    amount = max(chroma + 0.3 * lift, 20.0 + 2.5 * float(ramp(50, 66, l)))
    most = 31.0
    amount = min(amount, most + 0.3 * max(0.0, amount - most))
    hue, chroma = hue + colourful * (wanted - hue), chroma + colourful * (amount - chroma)
    angle = np.radians(hue)
    return np.array([min(l + lift, 91.0), chroma * np.cos(angle), chroma * np.sin(angle)], np.float32)


def base_tone(lab: np.ndarray, mask: np.ndarray, face: Face, mesh: np.ndarray,
              shaded: float) -> tuple[np.ndarray, float] | None:
    """The lit skin's Lab colour and by how much gloss is lighter, or None where too little is seen.

    ``shaded`` 0...1: how much of the face lies in shade.
    """
    shape = lab.shape[:2]
    chosen = (mask > 0.8) & (fill(shape, mesh[list(FACE_OVAL)]) > 0.9) & (features(shape, face, mesh) < 0.5)
    if chosen.sum() < 0.05 * face.unit ** 2:
        return None
    pixels = lab[chosen]
    # Neither gloss nor shade: the middle of the lit side.  Of skin that is brown by nature, gloss has the larger part.
    fair = 1 - brown(np.median(pixels, 0))
    low, high, top = np.percentile(pixels[:, 0], [44 + 6 * fair + 4 * shaded, 75 + 6 * fair + 3 * shaded, 88])
    tone = np.median(pixels[(pixels[:, 0] >= low) & (pixels[:, 0] <= high)], 0)
    return tone, float(top - tone[0])


def modelling(form: np.ndarray, lit: np.ndarray, dark: np.ndarray, unit: float) -> np.ndarray:
    """How the skin's colour turns with its form [H,W,3] in Lab, where it is not in shade (``dark`` [H,W]), which has
    its own tone.

    ``form`` as lit_form gives it, ``lit``: the base that it is compared with (Lab [3]).
    """
    soft = cv2.GaussianBlur(form - lit, (0, 0), 0.07 * unit)
    light = np.clip(soft[..., 0], -0.12 * lit[0], 0.12 * lit[0])
    light = np.where(light < 0, light * (1 - dark), light)
    return np.dstack([light, np.clip(soft[..., 1:], -5, 5)]).astype(np.float32)


def find_skin(lab: np.ndarray, sharp: np.ndarray, face: Face, mesh: np.ndarray, frames: np.ndarray, jaw: np.ndarray,
              beard: np.ndarray, covered: np.ndarray, masks: Masks) -> Skin | None:
    """Skin of a portrait, or None where too little is seen; ``lab`` [H,W,3]: the photograph cleaned, ``sharp``: raw.

    ``frames`` 0...1 and ``beard`` (boolean) [H,W] lie on it; where hands have ``covered`` it (0...1) it is left as it
    is.
    """
    mask = skin_mask(lab, face, mesh, frames, beard, masks)
    # Chest, arms and hands keep their shapes, but none is paler or redder than the neck that is painted.
    low = heights(mask.shape, face, mesh) > float((mesh[152] - mesh[2]) @ face.axes[1]) / face.unit
    body = np.zeros_like(mask)
    if masks.person is not None:
        # White cloth beside pale skin is nearly of its colour.
        chroma = cv2.GaussianBlur(np.hypot(lab[..., 1], lab[..., 2]), (0, 0), 2)
        coloured = ramp(0.55, 0.75, chroma / max(float(np.hypot(*regions.skin_statistics(lab, face)[1:])), 4.0))
        body = low * coloured * ramp(0.4, 0.6, masks.person) * (1 - mask)
    left = np.maximum(covered, body) * np.maximum(covered * mask, regions.skin_colour(lab, face))
    mask = mask * (1 - covered)
    shaded = side_light(lab, mask, face, mesh)[1]
    found = base_tone(lab, mask, face, mesh, shaded)
    if found is None:
        return None
    base = clean_tone(*found)
    stubble = find_stubble(sharp, face, mesh, jaw, frames)
    cast = float(np.clip(base[2] - found[0][2] - 3, 0, 12))
    lit = found[0].astype(np.float32)
    form = lit_form(lab, mask, face, mesh, stubble.drop * stubble.mask, lit)
    dark = shade(mask, form, float(lit[0]), face, mesh, jaw, masks.hair)
    dark = np.maximum(dark, nose_shade(lab, face, mesh) * mask)
    # In hard side light what is lighter is the lit side, no shine.
    light = form_light(form, mask, face, mesh, float(lit[0])) * (1 - dark) * (1 - ramp(0.3, 0.7, np.float32(shaded)))
    # In shade, which is dark already, less of it is seen.
    unshaven = stubble.mask * (1 - 0.3 * dark)
    return Skin(mask, base, dark, light, modelling(form, lit, dark, face.unit), unshaven, stubble.tone(base), cast,
                left, (base - lit).astype(np.float32))
