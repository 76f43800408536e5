"""Beards as closed shapes, stubble as a tint: where they grow, and how they are told from shade."""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import regions
from .flow import ramp
from .mesh import BEARD_BORDER, FACE_OVAL, LIPS, NOSE_BASE, UPPER_LIP, closed_curve, curve, fill
from .places import across, features, heights, local_lightness
from .regions import Face


@dataclass
class Jaws:
    """Places where beards grow, boolean [H,W]: lip, chin, both sides of the jaw; and the cheeks to compare with."""

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
    cheeks = oval & (features(shape, face, mesh) < 0.5) & (height > -0.5) & (height < 0)
    cheeks &= (np.abs(side) > 0.3) & (np.abs(side) < 0.75)
    return Jaws(lip, chin, sides, cheeks)


def middle(values: np.ndarray, place: np.ndarray, otherwise: float) -> float:
    """Median over a place, if it is seen at all."""
    return float(np.median(values[place])) if place.sum() > 20 else otherwise


def beside_cheeks(lab: np.ndarray, face: Face, mesh: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lightness over that of the cheek above, and chroma over the skin's, both [H,W]."""
    soft = cv2.GaussianBlur(lab, (0, 0), 0.025 * face.unit)
    _, a0, b0 = regions.skin_statistics(lab, face)
    chroma = np.hypot(soft[..., 1], soft[..., 2]) / max(float(np.hypot(a0, b0)), 4.0)
    return soft[..., 0] / np.maximum(local_lightness(lab, face, mesh), 6.0), chroma


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


def find_stubble(photo: np.ndarray, face: Face, mesh: np.ndarray, jaw: np.ndarray,
                 frames: np.ndarray) -> tuple[np.ndarray, float, float]:
    """The unshaven part of a face [H,W], how much darker it is than cheeks (0...1), and its chroma over theirs.

    ``photo``: Lab, not smoothed: stubble is told from shade by its texture.
    """
    shape, u = photo.shape[:2], face.unit
    zones = jaw_zones(shape, face, mesh)
    cheeks = zones.cheeks & (cv2.dilate(frames, np.ones((9, 9))) < 0.1)
    near, wide = (cv2.GaussianBlur(photo[..., 0], (0, 0), sigma * u) for sigma in (0.02, 0.05))
    fine = np.abs(photo[..., 0] - near) / np.maximum(wide, 8)
    if min(zone.sum() for zone in (zones.lip, zones.chin, cheeks)) < 40:
        return np.zeros(shape, np.float32), 0.0, 1.0
    usual = float(fine[cheeks].mean()) + 1e-4
    rough = [float(fine[zone].mean()) / usual if zone.sum() > 40 else 9.0 for zone in zones.all]
    light, chroma = beside_cheeks(photo, face, mesh)
    drop = float(np.mean([np.clip(1 - middle(light, zone, 1.0), 0, 0.7) for zone in zones.all]))
    signs = ((1.9, 2.4, rough[0]), (1.1, 1.4, rough[1]), (1.5, 1.9, min(rough[2:])), (0.04, 0.10, drop))
    sure = float(np.prod([ramp(low, high, np.float32(value)) for low, high, value in signs]))
    border = curve(mesh[list(BEARD_BORDER)], 80)
    place = fill(shape, np.vstack([border, jaw[3:-3][::-1]]))
    place = cv2.GaussianBlur(place, (0, 0), 0.035 * u)
    paler = float(np.clip(np.mean([middle(chroma, zone, 1.0) for zone in zones.all]), 0.5, 1.0))
    return (sure * place).astype(np.float32), drop, paler
