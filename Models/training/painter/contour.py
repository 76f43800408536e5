"""Lines that a portrait always has (jaw and chin), and fewer of those that make a face old."""
from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

from .flow import ramp
from .lines import keep_long
from .mesh import (
    BROW,
    EYE_BAG,
    LIPS,
    LOWER_LID,
    NOSE_BASE,
    SMILE_FOLD,
    UPPER_LID,
    UPPER_LIP,
    curve,
    fill,
    jaw_curve,
    stroke,
)
from .regions import Face


def snap(line: np.ndarray, response: np.ndarray, reach: float, stiff: float) -> np.ndarray:
    """``line`` [n,2] moved across itself by at most ``reach`` px to where ``response`` [H,W] (0...1) is high.

    The best smooth path by dynamic programming (as in Amini et al. 1990); ``stiff`` is the cost of a step of one px.
    """
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True) + 1e-6
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    offsets = np.linspace(-reach, reach, 2 * int(np.ceil(reach)) + 1)
    at = (line[:, None] + offsets[None, :, None] * normal[:, None]).astype(np.float32)
    gain = cv2.remap(response, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    gain = gain - 0.15 * (offsets / reach) ** 2
    bend = stiff * (offsets[:, None] - offsets[None]) ** 2
    total, back = gain[0], []
    for row in gain[1:]:
        steps = total[None] - bend
        back.append(steps.argmax(1))
        total = row + steps.max(1)
    path = [int(total.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    shift = offsets[np.array(path[::-1])].astype(np.float32)
    kernel = cv2.getGaussianKernel(13, 2.5)[:, 0]
    shift = np.convolve(np.pad(shift, 6, mode="edge"), kernel, mode="valid")
    return line + shift[:, None] * normal


def find_jaw(lines: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Jaw and chin [80,2] from ear to ear: the mesh's, moved to the photograph's own edge where it has one nearby."""
    response = cv2.GaussianBlur(lines, (0, 0), 1.0)
    return snap(jaw_curve(mesh), response, 0.11 * face.unit, 0.10)


def wrinkled(lightness: np.ndarray, face: Face, mesh: np.ndarray, plate: np.ndarray) -> float:
    """How clearly a face's forehead has wrinkles, 0...1; ``lightness`` 0...100 and the face's ``plate`` of skin
    [H,W]."""
    forehead = face.ellipse(lightness.shape, mesh[[151, 9]].mean(0) - 0.05 * face.unit * face.axes[1], 0.4, 0.13, 0.05)
    free = cv2.erode(plate, np.ones((9, 9))) > 0.9
    place = (forehead > 0.5) & free
    if place.sum() < 0.3 * (forehead > 0.5).sum():
        return 0.0
    near, wide = (cv2.GaussianBlur(lightness, (0, 0), sigma * face.unit) for sigma in (0.012, 0.05))
    return float(ramp(0.02, 0.10, ramp(0.02, 0.12, (wide - near) / np.maximum(wide, 8.0))[place].mean()))


def calm_lines(lines: np.ndarray, plate: np.ndarray, unit: float, old: float = 0.0) -> np.ndarray:
    """Lines with those on the face's skin few and thin: long folds remain, as fine strokes.

    ``old`` 0...1: a wrinkled face keeps more of them.
    """
    inner = cv2.erode(plate, np.ones((5, 5)))
    folds = lines * inner
    keep = keep_long(folds > 0.42 - 0.10 * old, folds > 0.25 - 0.06 * old, int((0.24 - 0.06 * old) * unit))
    keep = cv2.GaussianBlur(keep.astype(np.float32), (0, 0), 0.7)
    thin = ramp(0.30, 0.85, folds) * keep
    return lines * (1 - inner) + (0.55 + 0.3 * old) * thin * inner


class Stroke(NamedTuple):
    """A line [n,2] px, its width [n] px, and its coverage in the middle, 0...1."""

    line: np.ndarray
    width: np.ndarray
    strength: float


def jaw_stroke(jaw: np.ndarray, unit: float) -> Stroke:
    """One tapered line along jaw and chin [80,2]; of the face's guides too."""
    # From below the mouth: above, and on the far side of a turned head, the photograph has an edge of its own.
    sides = np.linalg.norm(jaw[[0, -1]] - jaw[len(jaw) // 2], axis=1)
    first, last = (int(18 + 14 * ramp(0.92, 0.75, near / max(far, 1e-3))) for near, far in (sides, sides[::-1]))
    low = jaw[first:len(jaw) - last]
    t = np.linspace(-1, 1, len(low))
    width = unit * 0.021 * np.clip(3.0 * (1 - np.abs(t)), 0, 1) ** 0.7 * (0.75 + 0.25 * np.cos(np.pi * t / 0.55))
    return Stroke(low, width, 0.88)


def draw_jaw(lines: np.ndarray, jaw: np.ndarray, seen: np.ndarray, unit: float) -> None:
    """The jaw's line in place of the photograph's; ``seen`` [H,W]: where no hair or beard covers it."""
    low, width, strength = jaw_stroke(jaw, unit)
    t = np.linspace(-1, 1, len(low))
    band = stroke(lines.shape, low, 0.16 * unit * np.minimum(1, 4 * (1 - np.abs(t))))
    lines *= 1 - band * seen
    np.maximum(lines, strength * stroke(lines.shape, low, width) * seen, out=lines)


def draw_folds(lines: np.ndarray, lightness: np.ndarray, face: Face, mesh: np.ndarray, seen: np.ndarray,
               old: float = 0.0) -> None:
    """Folds of a smile and of age as fine strokes in place, where ``lightness`` [H,W] (0...100) shows them.

    ``seen`` [H,W] 0...1: where skin is free to be drawn on; ``old`` 0...1: how wrinkled the face is: on a smooth one a
    fold is a hint, and below the eyes there is none.

    Both sides or none: a single stroke would be read as a scar, and shade has edges on one side only.
    """
    shape, u = lines.shape, face.unit
    near, wide = (cv2.GaussianBlur(lightness, (0, 0), sigma * u) for sigma in (0.012, 0.07))
    response = ramp(0.02, 0.16, (wide - near) / np.maximum(wide, 8.0)) * seen
    found = []
    for rows in (SMILE_FOLD, EYE_BAG):
        folds = np.array([snap(curve(mesh[list(row)], 40), response, 0.06 * u, 0.2) for row in rows], np.float32)
        clear = cv2.remap(response, folds[..., 0], folds[..., 1], cv2.INTER_LINEAR)[:, 6:-6].mean(1).min()
        found.append((folds, float(clear)))
    # Deep folds on both cheeks and below both eyes make a face old too, however smooth its forehead is.
    old = max(old, 0.5 * float(ramp(0.89, 0.95, found[0][1]) * ramp(0.55, 0.75, found[1][1])))
    for (folds, clear), most, width in zip(found, (0.08 + 0.56 * old, 0.7 * old),
                                           (0.013 + 0.005 * old, 0.011 + 0.004 * old)):
        amount = most * float(ramp(0.45 - 0.10 * old, 0.85 - 0.10 * old, clear))
        widths = 0.3 + width * u * np.sin(np.pi * np.linspace(0.02, 0.98, 40))
        for line in folds if amount > 0.05 else ():
            np.maximum(lines, amount * stroke(shape, line, widths) * seen, out=lines)


def around_features(shape, face: Face, mesh: np.ndarray) -> np.ndarray:
    """Places [H,W] where the painter draws all lines itself: around eyes and brows, on the nose's base and the upper
    lip."""
    u = face.unit
    _, down = face.axes
    place = np.zeros(shape, np.float32)
    for upper, lower in zip(UPPER_LID, LOWER_LID):
        middle = mesh[list(upper + lower)].mean(0)
        place = np.maximum(place, face.ellipse(shape, middle + 0.02 * u * down, 0.30, 0.20, 0.25))
    size = 2 * int(0.07 * u) + 1
    for brow in BROW:
        place = np.maximum(place, cv2.dilate(fill(shape, mesh[list(brow)]), np.ones((size, size))))
    lip = mesh[list(UPPER_LIP)]
    nose = mesh[list(NOSE_BASE)][::-1]
    between = np.vstack([lip, nose])
    place = np.maximum(place, fill(shape, between, 0.02 * u))
    size = 2 * int(0.09 * u) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    place = np.maximum(place, cv2.dilate(fill(shape, mesh[list(LIPS)]), kernel))
    return np.maximum(place, face.ellipse(shape, mesh[2] - 0.03 * u * down, 0.24, 0.09, 0.2))
