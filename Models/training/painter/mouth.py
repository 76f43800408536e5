"""The mouth as clean shapes: lips of two near tones, one band of teeth, one line; guided by the mesh."""
from __future__ import annotations

import cv2
import numpy as np

from .contour import snap
from .flow import ramp
from .mesh import BELOW_LIP, LIPS, MOUTH_LOWER, closed_curve, curve, fill, mouth_curves, stroke
from .regions import Face

# Height of the opening, in inter-ocular distances, from which on a mouth is drawn open.
CLOSED, OPEN = 0.030, 0.045
# Steps by which the line of a closed mouth may run beyond either corner.
EXTRA = 14


def around_lips(photo: np.ndarray, whole: np.ndarray, skin: np.ndarray, unit: float) -> np.ndarray:
    """The photograph's skin (Lab [3]) beside the lips, whose cover ``whole`` is [H,W], where that is of a stronger
    colour or darker than the face's ``skin``: warm light reddens both, and so does shade; stubble darkens both."""
    wide, near = (cv2.dilate(whole, np.ones((2 * int(k * unit) + 1,) * 2)) for k in (0.11, 0.035))
    place = (wide > 0.5) & (near < 0.1)
    if place.sum() < 20:
        return skin
    stronger = np.median(photo[place], 0) - skin
    return skin + np.array([0.3 * min(stronger[0], 0.0), *np.clip(stronger[1:], 0, 8)], np.float32)


def lip_colour(photo: np.ndarray, flesh: np.ndarray, skin: np.ndarray, tone: np.ndarray, own: float) -> np.ndarray:
    """The lips' Lab colour beside skin painted in ``tone``: how they differ from the photograph's ``skin``, but pinker.

    ``own`` 0...1: how much of the lips' own difference stays.
    """
    chosen = photo[flesh > 0.7]
    if len(chosen) < 20:
        return tone + np.array([-6, 6, 0], np.float32)
    away = np.median(chosen, 0) - skin
    # Warm light makes all colours stronger, also the difference of lips from skin.
    away[1:] *= min(1.0, 38.0 / max(float(np.hypot(*skin[1:])), 1.0))
    # Make-up is kept, and only that makes lips red or deep: others stay near the skin but are there, and as dark as
    # they are they would be brown, as if they were painted.
    made_up = float(ramp(12, 26, np.float32(np.hypot(max(away[1], 0.0), 0.7 * away[2]))))
    away[1:] *= own + (1 - own) * made_up
    away[0] = np.clip(away[0], -18.0 - 12 * made_up, -5.5)
    away[1] = np.clip(away[1] + 4.0, 10.5, 34)
    away[2] = np.clip(away[2] - 0.5, -4 - 16 * made_up, 1.0)
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    return (tone + away * [1, grey, grey]).astype(np.float32)


def teeth_share(photo: np.ndarray, upper: np.ndarray, lower: np.ndarray, skin_red: float) -> float:
    """Down to which part of the opening (0...1) teeth are seen in its middle; 0 where there are none.

    ``skin_red``: a of the skin; what is redder is a tongue.
    """
    t = np.linspace(0.06, 0.94, 24)[:, None, None]
    at = (upper[18:42][None] * (1 - t) + lower[18:42][None] * t).astype(np.float32)
    values = cv2.remap(photo, at[..., 0], at[..., 1], cv2.INTER_LINEAR)
    light, red = values[..., 0], values[..., 1]
    top = float(np.percentile(light, 92))
    if top < 38:
        return 0.0
    teeth = (light > 0.62 * top) & (red < np.percentile(red, 30) + 9) & (red < skin_red + 5)
    rows = teeth.mean(1)
    if rows.max() < 0.45:
        return 0.0
    return float(t[np.nonzero(rows > 0.4)[0].max(), 0, 0])


def traced(photo: np.ndarray, upper: np.ndarray, lower: np.ndarray, face: Face) -> tuple[np.ndarray, np.ndarray]:
    """The inner edges [60,2] of an open mouth's lips, moved to where the photograph's teeth begin and end.

    ``photo``: Lab [H,W,3].  Teeth are light and not red; where there are none the edges stay as they are.
    """
    u = face.unit
    white = cv2.GaussianBlur(photo[..., 0] - 1.2 * photo[..., 1], (0, 0), 0.012 * u)
    down = face.axes[1]
    slope = cv2.Sobel(white, cv2.CV_32F, 1, 0) * down[0] + cv2.Sobel(white, cv2.CV_32F, 0, 1) * down[1]
    steep = float(np.percentile(np.abs(slope), 99)) + 1e-3
    # Above, gums are as red as lips: the mesh knows better.
    moved = [snap(lid, ramp(0.1, 0.7, sign * slope / steep), reach * u, 0.12)
             for lid, sign, reach in ((upper, 1, 0.015), (lower, -1, 0.05))]
    # The corners stay, and the arc of the whole edge counts, not single teeth; a slant would make the smile crooked.
    t = np.linspace(-1, 1, len(upper))
    arcs = [np.polynomial.polynomial.polyval(t ** 2, np.polynomial.polynomial.polyfit(t ** 2, (new - lid) @ down, 1))
            for lid, new in zip((upper, lower), moved)]
    upper, lower = (lid + np.outer(arc * (1 - t ** 4), down) for lid, arc in zip((upper, lower), arcs))
    gap = np.minimum((lower - upper) @ down, 0)[:, None]
    return upper, lower - gap * down


def closed_line(photo: np.ndarray, middle: np.ndarray, face: Face, mesh: np.ndarray) -> np.ndarray:
    """The line of a closed mouth [n,2] px: ``middle`` [60,2] moved to the darkest path, and on to where that ends.

    ``photo``: Lab [H,W,3].

    A quiet smile lives in the corners, which lie further out and higher than a mesh has them.
    """
    u = face.unit
    light = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.008 * u)
    wide = cv2.GaussianBlur(photo[..., 0], (0, 0), 0.06 * u)
    response = ramp(0.02, 0.22, (wide - light) / np.maximum(wide, 8.0))
    t = np.linspace(0, 1, EXTRA + 1)[:-1, None]
    ends = []
    for index, corner in ((0, 61), (-1, 291)):
        out = mesh[corner] - middle[30]
        out = mesh[corner] + 0.11 * u * out / (np.linalg.norm(out) + 1e-6)
        ends.append(out + t * (middle[index] - out))
    line = snap(np.vstack([ends[0], middle, ends[1][::-1]]), response, 0.05 * u, 0.12)
    at = line[None].astype(np.float32)
    dark = cv2.remap(response, at[..., 0], at[..., 1], cv2.INTER_LINEAR)[0]
    first, last = (int(np.nonzero(np.append(part, 0) < 0.35)[0][0]) for part in (dark[:EXTRA][::-1], dark[-EXTRA:]))
    # Folds below a corner are none of its line.
    _, down = face.axes
    for part, corner in ((line[:EXTRA], line[EXTRA]), (line[-EXTRA:], line[-EXTRA - 1])):
        part -= np.outer(np.maximum((part - corner) @ down, 0), down)
    return line[EXTRA - first:len(line) - EXTRA + last]


def lip_light(shape, mesh: np.ndarray) -> np.ndarray:
    """The soft light on the lower lip [H,W], a flat lens in its middle."""
    lower = curve(mesh[list(BELOW_LIP)], 30)
    upper = curve(mesh[list(MOUTH_LOWER)], 30)[5:-5]
    t = np.linspace(0, 1, 20)
    ridge = lower[5:-5] * 0.45 + upper * 0.55
    half = 0.16 * np.linalg.norm(lower[15] - upper[10]) * np.sin(np.pi * t)[:, None]
    down = (lower[15] - upper[10]) / (np.linalg.norm(lower[15] - upper[10]) + 1e-6)
    return fill(shape, np.vstack([ridge - half * down, (ridge + half * down)[::-1]]), 0.8)


def draw_mouth(lab: np.ndarray, alpha: np.ndarray, photo: np.ndarray, face: Face, mesh: np.ndarray, skin: np.ndarray,
               tone: np.ndarray, lips: float) -> None:
    """Draw lips, teeth and the mouth's line into ``lab`` [H,W,3] and ``alpha`` [H,W], in place.

    ``skin``: the photograph's skin, ``tone``: the painted one (Lab [3]); ``lips`` 0...1: their own colour's share.
    """
    shape, u = lab.shape[:2], face.unit
    upper, lower = mouth_curves(mesh)
    _, down = face.axes
    opening = float(np.dot(lower[20:40].mean(0) - upper[20:40].mean(0), down)) / u
    if opening > OPEN:
        upper, lower = traced(photo, upper, lower, face)
    width = float(np.linalg.norm(upper[-1] - upper[0])) / u
    whole = fill(shape, closed_curve(mesh[list(LIPS)]), 0.5)
    is_open = float(ramp(CLOSED, OPEN, np.float32(opening)))
    inside = fill(shape, np.vstack([upper, lower[::-1]])) * is_open
    flesh = whole * (1 - inside)
    colour = lip_colour(photo, flesh, around_lips(photo, whole, skin, u), tone, lips)
    middle = 0.5 * (upper + lower) if is_open > 0.5 else closed_line(photo, 0.5 * (upper + lower), face, mesh)
    # The upper lip faces down and lies in shade, a near tone of the same hue.
    above = fill(shape, np.vstack([middle, [middle[-1] - u * down, middle[0] - u * down]]))
    painted = colour[None, None] - above[..., None] * np.array([3.5, -1.0, 0.0], np.float32)
    painted[..., 0] += 5.0 * lip_light(shape, mesh)
    lab += (painted - lab) * (0.95 * flesh)[..., None]
    alpha *= 1 - whole
    t = np.linspace(0, 1, len(middle))
    full = np.sin(np.pi * t)
    if is_open > 0.5:
        draw_inside(lab, photo, upper, lower, inside, skin, tone)
        np.maximum(alpha, 0.85 * stroke(shape, upper, u * (0.007 + 0.010 * full ** 0.7)), out=alpha)
        # Strong at the corners and faint in the middle: a dark line all around makes a mouth look wide.
        side = np.abs(2 * t - 1)
        for half in (np.s_[:24], np.s_[36:]):
            np.maximum(alpha, 0.7 * stroke(shape, lower[half], u * 0.013 * side[half] ** 1.5), out=alpha)
        np.maximum(alpha, 0.35 * stroke(shape, lower[4:-4], u * 0.009 * full[4:-4] ** 0.5), out=alpha)
    else:
        line = u * (0.006 + 0.013 * full ** 0.6) * (0.7 + 0.3 * min(1.0, width / 0.8))
        np.maximum(alpha, 0.88 * stroke(shape, middle, line), out=alpha)
    border = curve(mesh[list(BELOW_LIP)], 24)[4:-4]
    widths = 0.012 * u * np.sin(np.pi * np.linspace(0.05, 0.95, len(border)))
    np.maximum(alpha, 0.32 * stroke(shape, border, widths), out=alpha)


def draw_tongue(lab: np.ndarray, photo: np.ndarray, inside: np.ndarray, low: np.ndarray, skin: np.ndarray,
                tone: np.ndarray) -> None:
    """A tongue as one shape of its own colour into ``lab`` in place: where an open mouth is light and redder than skin,
    and in its part ``low`` [H,W] 0...1, where no teeth are that light."""
    opened = inside > 0.6
    red = opened & (photo[..., 0] > 0.5 * skin[0]) & ((photo[..., 1] > skin[1] + 4) | (low > 0.5))
    if red.sum() < 0.3 * opened.sum() or red.sum() < 30:
        return
    own = np.median(photo[red], 0) + (tone - skin)
    own = np.array([np.clip(own[0], 40, 0.85 * tone[0]), np.clip(own[1], tone[1] + 8, 42), own[2]], np.float32)
    size = max(1.0, 0.05 * float(np.sqrt(opened.sum())))
    shape_of = ramp(0.35, 0.65, cv2.GaussianBlur(red.astype(np.float32), (0, 0), size)) * inside
    lab += (own - lab) * shape_of[..., None]


def draw_inside(lab: np.ndarray, photo: np.ndarray, upper: np.ndarray, lower: np.ndarray, inside: np.ndarray,
                skin: np.ndarray, tone: np.ndarray) -> None:
    """Open mouth: one dark warm ground, one band of teeth of one off-white, shaded below the lip and at the corners.

    ``skin`` and ``tone`` as in draw_mouth.
    """
    shape = lab.shape[:2]
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    ground = np.array([min(30.0, 0.42 * tone[0] + 4), 20 * grey, 11 * grey], np.float32)
    lab += (ground - lab) * inside[..., None]
    t = np.linspace(0, 1, len(upper))[:, None]
    # In a mouth wide open teeth fill its upper part, and below them lies the tongue.
    tall = float(np.linalg.norm(lower[30] - upper[30]) / max(float(np.linalg.norm(upper[-1] - upper[0])), 1.0))
    gaping = float(ramp(0.45, 0.55, np.float32(tall)))
    below = upper + (0.45 + 0.25 * np.abs(2 * t - 1) ** 2) * (lower - upper)
    draw_tongue(lab, photo, inside, gaping * fill(shape, np.vstack([below, lower[::-1]])), skin, tone)
    share = min(teeth_share(photo, upper, lower, float(skin[1])), 1 - 0.72 * gaping)
    if share < 0.15:
        return
    off = np.abs(2 * t - 1)
    # Fewer teeth show towards the corners, which stay dark; below, a rim of the ground keeps them off the lip.
    share = 0.88 if share > 0.72 else share + 0.05
    part = share * np.clip(1 - (off / 0.90) ** 5, 0, 1)
    edge = upper + part * (lower - upper)
    teeth = fill(shape, np.vstack([upper, edge[::-1]])) * inside
    white = np.array([np.clip(0.2 * tone[0] + 78, 84, 94), 0.5 * grey, 4.5 * grey], np.float32)
    lab += (white - lab) * teeth[..., None]
    # Shade: a strip below the upper lip, and wider towards both corners.
    rim = upper + (0.14 + 0.40 * ramp(0.6, 0.92, off)) * (lower - upper)
    shaded = fill(shape, np.vstack([upper, rim[::-1]]), 0.4) * teeth
    lab += shaded[..., None] * np.array([-8, 2.0 * grey, 1.0 * grey], np.float32)
