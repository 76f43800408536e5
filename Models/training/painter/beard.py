"""Beards as closed shapes, stubble as a tint: where they grow, and how they are told from shade."""
from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from . import regions
from .flow import ramp
from .hair import Hair, draw_hair
from .mesh import BEARD_BORDER, FACE_OVAL, LIPS, NOSE_BASE, UPPER_LIP, closed_curve, curve, fill, jaw_curve
from .places import across, features, heights, local_lightness
from .regions import Face
from .shade import largest, otsu

# How much darker than cheeks stubble is painted at least.
LEAST_DROP = 0.09
# Signs of stubble that are less sure than this are of shade.
LEAST_SURE = 0.4


@dataclass
class Jaws:
    """Places where beards grow, boolean [H,W]: lip, chin, both sides of the jaw; and the cheeks and the lower part of
    the nose to compare with."""

    lip: np.ndarray
    chin: np.ndarray
    sides: tuple[np.ndarray, np.ndarray]
    cheeks: np.ndarray
    nose: np.ndarray

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
    cheeks = oval & (features(shape, face, mesh) < 0.5) & (height > -0.5) & (height < 0)
    cheeks &= (np.abs(side) > 0.3) & (np.abs(side) < 0.75)
    nose = oval & (height > -0.35) & (height < -0.05) & (np.abs(side) < 0.2)
    return Jaws(lip, chin, sides, cheeks, nose)


def middle(values: np.ndarray, place: np.ndarray, otherwise: float) -> float:
    """Median over a place, if it is seen at all."""
    return float(np.median(values[place])) if place.sum() > 20 else otherwise


def beside_cheeks(lab: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lightness over that of the cheek above, and chroma over the skin's, both [H,W]."""
    soft = cv2.GaussianBlur(lab, (0, 0), 0.025 * face.unit)
    _, a0, b0 = regions.skin_statistics(lab, face)
    chroma = np.hypot(soft[..., 1], soft[..., 2]) / max(float(np.hypot(a0, b0)), 4.0)
    return soft[..., 0] / np.maximum(local_lightness(lab, face, mesh), 6.0), chroma


def masked(lab: np.ndarray, face: Face, zones: Jaws, light: np.ndarray, chroma: np.ndarray) -> bool:
    """Whether the nose is covered too: by a mask or a scarf, which is no beard; ``light``, ``chroma``: see
    beside_cheeks."""
    colourful = float(np.hypot(*regions.skin_statistics(lab, face)[1:])) > 8
    return middle(light, zones.nose, 1.0) < 0.62 or colourful and middle(chroma, zones.nose, 1.0) < 0.5


def roughness(photo: np.ndarray, face: Face, zones: Jaws, cheeks: np.ndarray) -> list[float]:
    """How much rougher than the ``cheeks`` (boolean [H,W]) the photograph (Lab, not smoothed) is on each of the zones:
    hair is, shade and the cloth of a mask are not."""
    near, wide = (cv2.GaussianBlur(photo[..., 0], (0, 0), sigma * face.unit) for sigma in (0.02, 0.05))
    fine = np.abs(photo[..., 0] - near) / np.maximum(wide, 8)
    usual = middle(fine, cheeks, 0.0) + 1e-4
    return [middle(fine, zone, 9.0) / usual for zone in zones.all]


def beard_likeness(lab: np.ndarray, face: Face, mesh: np.ndarray, rough: list[float]) -> np.ndarray | None:
    """How much each pixel [H,W] 0...1 is beard or moustache, or None where the face has neither.

    A beard is much darker than the cheeks, or white, and ``rough``er.  Shade and stubble are none: a beard covers chin
    and upper lip alike, a moustache also has lost the skin's colour.  Masks and scarfs are smooth, or much lighter.
    """
    shape = lab.shape[:2]
    light, chroma = beside_cheeks(lab, face, mesh)
    dark, zones = light < 0.62, jaw_zones(shape, face, mesh)
    if min(zones.lip.sum(), zones.chin.sum()) < 20 or rough[0] < 1.6 or masked(lab, face, zones, light, chroma):
        return None
    darkness = ramp(0.78, 0.50, light)
    if dark[zones.chin].mean() > 0.55 and dark[zones.lip].mean() > 0.6:
        return darkness
    tones = [middle(chroma, zone, 1.0) for zone in (zones.lip, *zones.sides)]
    colourful = float(np.hypot(*regions.skin_statistics(lab, face)[1:])) > 8
    lighter = float(np.mean([middle(light, zone, 1.0) for zone in zones.sides]))
    hairy = rough[0] > 2.2 and min(rough[2:]) > 1.2 and lighter < 1.3
    if colourful and hairy and tones[0] < 0.6 and max(tones[1:]) < 0.66:
        return np.maximum(ramp(0.92, 0.62, chroma), darkness)
    if dark[zones.lip].mean() > 0.6 and tones[0] < 0.8:
        # A moustache alone.
        corners = float((mesh[[61, 291]].mean(0) - mesh[2]) @ face.axes[1]) / face.unit
        return darkness * (heights(shape, face, mesh) < corners + 0.05) * (np.abs(across(mesh, shape)) < 0.6)
    return None


def find_beard(lab: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Beard and moustache inside the face's oval as closed shapes without holes, boolean [H,W]; the mouth is left
    out.  ``lab`` may be smoothed, ``photo`` (Lab too) is not."""
    shape, u = lab.shape[:2], face.unit
    zones = jaw_zones(shape, face, mesh)
    likeness = beard_likeness(lab, face, mesh, roughness(photo, face, zones, zones.cheeks))
    if likeness is None:
        return np.zeros(shape, bool)
    down = face.axes[1]
    # Up on the cheeks beards grow a little higher than the mesh's points; right below the nose lies its shade.
    lift = np.array([0.03 if point in NOSE_BASE else -0.04 for point in BEARD_BORDER])
    border = curve(mesh[list(BEARD_BORDER)] + u * lift[:, None] * down, 80)
    jaw = jaw_curve(mesh) + 0.03 * u * down
    place = fill(shape, np.vstack([border, jaw[3:-3][::-1]])) > 0.5
    disc = lambda k: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * int(k * u) + 1,) * 2)
    # The mouth is part of the shape until its outline is smooth, so that nothing frays around the lips.
    mouth = fill(shape, closed_curve(mesh[list(LIPS)])) > 0.5
    found = ((cv2.GaussianBlur(likeness, (0, 0), 0.03 * u) > 0.5) & place | mouth).astype(np.uint8)
    chin = zones.chin
    # Skin shines through a beard; a moustache alone has its own outline, with the cleft below the nose.
    gaps = 0.14 if likeness[chin].mean() > 0.2 else 0.04
    found = cv2.morphologyEx(cv2.morphologyEx(found, cv2.MORPH_CLOSE, disc(gaps)), cv2.MORPH_OPEN, disc(0.035))
    whole = largest(found > 0, 0.12 * u * u)
    return (cv2.GaussianBlur(whole.astype(np.float32), (0, 0), 0.025 * u) > 0.5) & place & ~mouth


@dataclass
class Beard:
    """A beard as it is painted: coverage [H,W], where its deeper tone lies [H,W] 0...1, and both tones (Lab [3]);
    a larger one has strands as other hair."""

    mask: np.ndarray
    deep: np.ndarray
    tone: np.ndarray
    deep_tone: np.ndarray
    hair: Hair | None = None


def paint_beard(lab: np.ndarray, luma: np.ndarray, beard: np.ndarray, skin_light: float, face: Face) -> Beard | None:
    """The ``beard`` (boolean [H,W]) in tones of its own colour; ``lab``, ``luma`` (0...1): the photograph.  None where
    there is none."""
    unit = face.unit
    inside = cv2.erode(beard.astype(np.uint8), np.ones((3, 3))) > 0
    if inside.sum() < 0.01 * unit * unit:
        return None
    # Light between the hairs of a dark beard, and shade between those of a white one, are not its colour.
    light = np.percentile(lab[..., 0][inside], [25, 60, 90])
    white = light[1] > 0.75 * skin_light
    chosen = lab[inside & (lab[..., 0] >= light[1 if white else 0] - 1e-3) & (lab[..., 0] <= light[2 if white else 1])]
    tone = np.median(chosen, 0) * ([1.12, 0.4, 0.6] if white else [0.95, 1.0, 1.0])
    mask = cv2.GaussianBlur(beard.astype(np.float32), (0, 0), 1.0)
    weight = cv2.GaussianBlur(mask, (0, 0), 0.06 * unit) + 1e-3
    local = cv2.GaussianBlur(lab[..., 0] * mask, (0, 0), 0.06 * unit) / weight
    spread = float(np.clip(local[inside].std(), 1.0, 8.0))
    deep = ramp(0.2, -0.2, (local - float(np.percentile(local[inside], 40))) / spread)
    mask = ramp(0.2, 0.8, mask)
    if white:
        # Pale hair lets the skin through where it is thin: as a slab it would be a mask.
        chroma = np.hypot(lab[..., 1], lab[..., 2])
        low, high = (float(v) for v in np.percentile(chroma[inside], [25, 75]))
        thin = ramp(low, max(high, low + 4), cv2.GaussianBlur(chroma, (0, 0), 0.06 * unit))
        near = ramp(0.1, 0.9, cv2.GaussianBlur(mask, (0, 0), 0.04 * unit))
        mask = mask * near * (0.92 - 0.4 * thin)
    deeper = tone * [0.90 if white else 0.85, 1.0, 1.0]
    strands = paint_strands(lab, luma, mask, tone, face, -7.0 if white else -14.0)
    return Beard(mask, deep * mask, tone.astype(np.float32), deeper.astype(np.float32), strands)


def in_clean_light(beard: Beard, base: np.ndarray, change: np.ndarray) -> Beard:
    """The beard in the light in which the skin is painted: a lamp that reddens the one reddens the other.

    The skin's ``base`` lies by ``change`` (Lab [3]) from the photograph's lit skin.
    """
    lit = base - change
    was, new = (float(np.hypot(*tone[1:])) for tone in (lit, base))
    angles = [float(np.arctan2(tone[2], tone[1])) for tone in (lit, base)]
    amount = float(ramp(1.0, 0.8, np.float32(new / max(was, 1.0))))
    scale, turn = 1 + amount * (min(new / max(was, 1.0), 1.0) - 1), amount * (angles[1] - angles[0])
    turned = scale * np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def corrected(tone: np.ndarray) -> np.ndarray:
        return np.concatenate([tone[..., :1], tone[..., 1:] @ turned.T], -1).astype(np.float32)

    hair = beard.hair and replace(beard.hair, colours=corrected(beard.hair.colours))
    return replace(beard, tone=corrected(beard.tone), deep_tone=corrected(beard.deep_tone), hair=hair)


def paint_strands(lab: np.ndarray, luma: np.ndarray, mask: np.ndarray, tone: np.ndarray, face: Face,
                  lowest: float) -> Hair | None:
    """A beard's ``mask`` [H,W] as hair in three tones near ``tone`` (Lab [3]), the deepest by ``lowest`` darker, with
    some strand lines and no outline; None if it is small."""
    found = draw_hair(lab, luma, mask, np.ones_like(mask), face)
    if found is None:
        return None
    # Short hairs have no gloss, and what shines between them is skin.
    apart = np.clip(0.5 * (found.colours[:, 0] - found.colours[1, 0]), lowest, 4)
    colours = np.column_stack([tone[0] + apart, *([value] * 3 for value in tone[1:])]).astype(np.float32)
    inner = cv2.erode(mask, np.ones((2 * int(0.04 * face.unit) + 1,) * 2))
    return replace(found, mask=mask, light=np.zeros_like(mask), rim=np.zeros_like(mask), colours=colours,
                   strands=found.strands * inner * (0.0 if tone[0] > 50 else 0.6))


def product(signs: tuple[tuple[float, float, float], ...]) -> float:
    """How sure several signs are together, 0...1: for each the value at which it says no, that at which it says yes,
    and its own."""
    return float(np.prod([ramp(low, high, np.float32(value)) for low, high, value in signs]))


@dataclass
class Stubble:
    """The unshaven part of a face: coverage [H,W], how much darker it is there than cheeks [H,W] 0...1, and its chroma
    over theirs."""

    mask: np.ndarray
    drop: np.ndarray
    paler: float

    def tone(self, base: np.ndarray) -> np.ndarray:
        """Its Lab colour [H,W,3] on skin of the ``base`` tone."""
        chroma = np.full_like(self.drop, max(self.paler, 0.8))
        return np.float32(base) * np.dstack([0.96 - 0.7 * self.drop, chroma, chroma])


def find_stubble(photo: np.ndarray, face: Face, mesh: np.ndarray, jaw: np.ndarray, frames: np.ndarray) -> Stubble:
    """The unshaven part of a face.

    ``photo``: Lab, not smoothed: stubble is told from shade by its texture.
    """
    shape, u = photo.shape[:2], face.unit
    zones = jaw_zones(shape, face, mesh)
    cheeks = zones.cheeks & (cv2.dilate(frames, np.ones((9, 9))) < 0.1)
    nothing = np.zeros(shape, np.float32)
    if min(zone.sum() for zone in (zones.lip, zones.chin, cheeks)) < 40:
        return Stubble(nothing, nothing, 1.0)
    rough = roughness(photo, face, zones, cheeks)
    light, chroma = beside_cheeks(photo, face, mesh)
    drops = [float(np.clip(1 - middle(light, zone, 1.0), 0, 0.7)) for zone in zones.all]
    if masked(photo, face, zones, light, chroma):
        return Stubble(nothing, nothing, 1.0)
    # Light from above leaves chin and jaw dark, hair does not leave out the lip.
    signs = ((1.9, 2.4, rough[0]), (1.1, 1.4, rough[1]), (1.45, 1.6, min(rough[2:])), (0.04, 0.10, np.mean(drops)),
             (0.30, 0.12, np.mean(drops[1:]) - drops[0]), (0.0, 0.06, drops[0]),
             # Lips' own pores, or hair before a jaw, make one of them rough, a beard both.
             (6.6, 7.4, rough[0] * min(rough[2:])))
    sure = product(signs)
    # Of a blurred picture little texture is left.  There hair takes the red from lip and jaw, and darkens the lip.
    red = [middle(photo[..., 1], zone, 0.0) for zone in (*zones.all, cheeks)]
    if red[-1] > 8:
        rest = float(np.mean(red[1:-1])) / red[-1]
        signs = ((1.2, 1.5, rough[0]), (0.18, 0.28, drops[0]), (0.55, 0.45, drops[0]),
                 (0.785, 0.74, red[0] / red[-1]), (0.92, 0.82, rest),
                 (4.0, 2.5, max(rough[2:]) / max(min(rough[2:]), 1e-3)))
        sure = max(sure, product(signs))
    if sure < LEAST_SURE:
        return Stubble(nothing, nothing, 1.0)
    border = curve(mesh[list(BEARD_BORDER)], 80)
    place = fill(shape, np.vstack([border, jaw[3:-3][::-1]]))
    # An even tint whose edge fades: a hard one would look like a bib, patches like a muzzle.
    grown = ramp(0.02, 0.14, 1 - cv2.GaussianBlur(np.minimum(light, 1.2), (0, 0), 0.05 * u))
    oval = fill(shape, mesh[list(FACE_OVAL)])
    soft = cv2.GaussianBlur(place * (0.65 + 0.35 * grown), (0, 0), 0.07 * u) * oval
    paler = float(np.clip(np.mean([middle(chroma, zone, 1.0) for zone in zones.all]), 0.5, 1.0))
    return Stubble((sure * soft).astype(np.float32), two_depths(light, place > 0.5, float(np.mean(drops)), u), paler)


def two_depths(light: np.ndarray, place: np.ndarray, usual: float, unit: float) -> np.ndarray:
    """How much darker than cheeks stubble is [H,W], as two areas of one depth each: moustache and goatee are
    the denser one.

    ``light``: lightness over that of the cheeks [H,W]; ``usual``: how much darker it is on the mean.
    """
    dark = np.clip(1 - cv2.GaussianBlur(np.minimum(light, 1.2), (0, 0), 0.02 * unit), 0, 0.6)
    values = dark[place]
    if values.size < 50:
        return np.full(light.shape, usual, np.float32)
    border = otsu(values)
    parts = values[values <= border], values[values > border]
    thin, dense = (float(np.median(part)) if part.size else usual for part in parts)
    # Lighter than this it would not be seen in a small picture.
    thin = max(thin, (0.6 + 0.25 * float(ramp(0.15, 0.3, np.float32(usual)))) * usual, LEAST_DROP)
    # A goatee is a shape in thin stubble; all of a thick one is of nearly one tone.
    dense = min(max(dense, usual, thin + 0.02), thin + 0.12 + 0.21 * float(ramp(0.24, 0.12, np.float32(thin))))
    edge = 0.15 * max(dense - thin, 0.02)
    smooth = cv2.GaussianBlur(dark, (0, 0), 0.02 * unit)
    return (thin + (dense - thin) * ramp(border - edge, border + edge, smooth)).astype(np.float32)
