"""What all styles share: shapes, masks and lines of one photograph."""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import beard as beards
from . import contour, glasses, hands, lines, nose, regions, shapes, tones
from . import skin as skins
from .flow import Flow, ramp
from .hair import Hair, draw_hair, outline_of, without_bald
from .mesh import FACE_OVAL, fill, seen_in_front
from .places import heights


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
    breaks: np.ndarray       # where lines may break: 1 where contrast is low, or lower than along the rest of the line
    frames: np.ndarray       # glasses, which stay on top of what is drawn: frames, and dark ones as a whole
    dark_glasses: bool       # dark ones stay as the photograph has them
    covered: np.ndarray      # hands before mouth and chin, which stay as the photograph has them
    beard: beards.Beard | None
    painted: skins.Skin | None  # skin as it is painted; None where too little is seen
    face: regions.Face | None
    mesh: np.ndarray | None  # [478,2] px
    hair: Hair | None


def analyse(photo: np.ndarray, landmarks: np.ndarray | None, mesh: np.ndarray | None,
            hair_mask: np.ndarray | None = None, person_mask: np.ndarray | None = None) -> Analysis:
    """Photo uint8 [H,W,3] RGB, landmarks [5,2] px, mesh [478,2] px (both None in a scene).

    A face seen from far below or above or in profile is painted without its mesh, as the photograph has it.

    ``hair_mask`` and ``person_mask`` [H,W] 0...1, if known.
    """
    if mesh is not None and not seen_in_front(mesh):
        mesh = None
    rgb = photo.astype(np.float32) / 255
    shape = rgb.shape[:2]
    clean = cv2.bilateralFilter(rgb, 7, 0.09, 3)
    luma = cv2.cvtColor(clean, cv2.COLOR_RGB2GRAY)
    flow = Flow(luma)
    skin = detail = frames = covered = np.zeros(shape, np.float32)
    focus = np.full(shape, 0.72, np.float32)
    photo_lab = to_lab(clean)
    face = found = jaw = None
    lenses = False
    if landmarks is not None:
        face = regions.Face(np.asarray(landmarks, np.float32))
        detail = regions.feature_mask(shape, face)
        focus = regions.focus_mask(shape, face)
        skin = regions.skin_mask(photo_lab, face)
        hair_mask = None if hair_mask is None else without_bald(hair_mask, face)
    head = np.maximum(skin, np.zeros(shape, np.float32) if hair_mask is None else hair_mask)
    flat = shapes.abstract(rgb, flow, 0.85 * detail, head)
    flat_lab = to_lab(flat)
    alpha, breaks = lines.draw_lines(luma, flow, skin, detail, focus)
    if mesh is not None:
        frames, lenses = find_glasses(photo_lab, face, mesh)
        jaw = contour.find_jaw(alpha, face, mesh)
        masks = skins.Masks(hair_mask, person_mask)
        grown = beards.find_beard(photo_lab, to_lab(rgb), face, mesh)
        if not grown.any():
            covered = hands.before_chin(alpha, face, mesh)
        found = skins.find_skin(photo_lab, to_lab(rgb), face, mesh, frames, jaw, grown, covered, masks)
        if found is not None:
            skin = found.mask
        draw_contours(alpha, photo_lab[..., 0], face, mesh, skin, frames, jaw)
    free = (1 - skin) * (1 - detail)
    dark, light, calm = find_shapes(flat_lab[..., 0] / 100, skin, free, focus, flow, found)
    beard = None if found is None else find_painted_beard(photo_lab, luma, grown, found, face)
    if beard is not None:
        dark, light = dark + (beard.deep - dark) * beard.mask, light * (1 - beard.mask)
        skin = skin * (1 - beard.mask)
        clear_beard(alpha, beard, face, mesh)
        if beard.hair is not None:
            alpha = np.maximum(alpha, beard.hair.strands)
    hair = None if face is None or hair_mask is None else draw_hair(photo_lab, luma, hair_mask, free, face)
    if hair is not None:
        m = hair.mask
        dark, light = dark * (1 - m) + hair.dark * m, light * (1 - m) + hair.light * m
        # Inside the hair strands take the place of edges; its outline stays.
        alpha = np.maximum(alpha * (1 - cv2.erode(m, np.ones((5, 5)))), hair.strands)
    if found is not None:
        alpha = np.maximum(alpha, silhouette(photo_lab[..., 0], found, beard, hair, face, mesh))
    return Analysis(photo_lab, to_lab(rgb), flat_lab, calm, skin, detail, focus, dark, light, alpha, breaks, frames,
                    lenses, covered, beard, found, face, mesh, hair)


def find_glasses(lab: np.ndarray, face: regions.Face, mesh: np.ndarray) -> tuple[np.ndarray, bool]:
    """What stays on top of what is drawn [H,W]: dark glasses as a whole, else frames; and whether they are dark."""
    lenses = glasses.dark_lenses(lab, face, mesh)
    if lenses.any():
        return lenses, True
    return glasses.find_frames(lab, face, mesh, float(regions.skin_statistics(lab, face)[0])), False


def find_shapes(lightness: np.ndarray, skin: np.ndarray, free: np.ndarray, focus: np.ndarray, flow: Flow,
                found: skins.Skin | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Dark and light shapes, and ``lightness`` 0...1 without bands, all [H,W]; ``free`` is 1 beside skin and detail."""
    dark, light, calm = tones.other_masks(cv2.GaussianBlur(lightness, (0, 0), 1.0), focus, flow.coherence)
    # No light shapes on skin, nor on its border.
    dark, light = dark * free, light * free * ramp(0.6, 0.1, skin)
    if found is not None:
        dark, light = dark * (1 - skin) + found.shade * skin, light * (1 - skin) + found.light * skin
    return dark, light, calm * free + lightness * (1 - free)


def find_painted_beard(lab: np.ndarray, luma: np.ndarray, grown: np.ndarray, found: skins.Skin,
                       face: regions.Face) -> beards.Beard | None:
    """The beard of ``grown`` in the light in which the skin is painted."""
    beard = beards.paint_beard(lab, luma, grown, float(found.base[0]), face)
    return None if beard is None else beards.in_clean_light(beard, found.base, found.change)


def clear_beard(alpha: np.ndarray, beard: beards.Beard, face: regions.Face, mesh: np.ndarray) -> None:
    """Take the photograph's lines out of a beard and from its border, in place: its tones part it from the skin."""
    size = 2 * int(0.04 * face.unit) + 1
    inner = cv2.erode(fill(alpha.shape, mesh[list(FACE_OVAL)]), np.ones((size, size)))
    alpha *= 1 - 0.8 * inner * cv2.dilate(ramp(0.0, 0.4, beard.mask), np.ones((size, size)))
    nose.draw_nose(alpha, face, mesh)


def silhouette(lightness: np.ndarray, found: skins.Skin, beard: beards.Beard | None, hair: Hair | None,
               face: regions.Face, mesh: np.ndarray) -> np.ndarray:
    """A line around the head [H,W], closed also where it is as pale as what lies behind it; ``lightness`` 0...100."""
    shape, u = lightness.shape, face.unit
    # What lies within the face is none of its outline: beard, mouth, hands.
    parts = [found.mask, cv2.erode(fill(shape, mesh[list(FACE_OVAL)]), np.ones((2 * int(0.06 * u) + 1,) * 2))]
    # A beard lets skin through, but has no line in it.
    parts += [ramp(0.0, 0.4, part.mask) if part is beard else part.mask for part in (beard, hair) if part is not None]
    line = outline_of(np.maximum.reduce(parts), 3 * lightness, u)
    # Below the chin skin's border is uncertain.
    chin = float((mesh[152] - mesh[2]) @ face.axes[1]) / u
    return 0.75 * line * ramp(chin + 0.05, chin - 0.1, heights(shape, face, mesh))


def draw_contours(alpha: np.ndarray, lightness: np.ndarray, face: regions.Face, mesh: np.ndarray, skin: np.ndarray,
                  frames: np.ndarray, jaw: np.ndarray) -> None:
    """Lines [H,W] of the face in place: few and fine ones on the skin, whole ones at jaw, nose and frames of
    glasses."""
    shape, u = alpha.shape, face.unit
    own = contour.around_features(shape, face, mesh) * (1 - cv2.dilate(frames, np.ones((3, 3))))
    oval = fill(shape, mesh[list(FACE_OVAL)])
    plate = skin * oval * (1 - cv2.dilate(frames, np.ones((5, 5))))
    old = contour.wrinkled(lightness, face, mesh, plate)
    alpha[:] = contour.calm_lines(alpha, plate, u, old) * (1 - own * cv2.dilate(skin, np.ones((9, 9))))
    # Cords of the neck would look like combs.
    size = 2 * int(0.08 * u) + 1
    alpha *= 1 - 0.6 * cv2.erode(skin, np.ones((size, size))) * (heights(shape, face, mesh) > 0.6) * (1 - oval)
    # Frames are drawn whole: the photograph's own edges beside them would double them.
    size = 2 * int(0.05 * u) + 1
    alpha *= 1 - cv2.dilate(frames, np.ones((size, size)))
    # Where there is skin on both sides of the jaw, it is seen.
    wide = cv2.GaussianBlur(skin, (0, 0), 0.06 * u)
    contour.draw_jaw(alpha, jaw, ramp(0.15, 0.45, wide), u)
    contour.draw_folds(alpha, lightness, face, mesh, plate, old)
    nose.draw_nose(alpha, face, mesh)
