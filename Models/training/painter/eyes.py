"""Drawn eyes: lids, iris, pupil, one catchlight and lashes as clean shapes on the spot where the photograph has them.

The eye grows a little about its own centre, as draughtsmen do; neither the centre nor the gaze moves.  Both eyes are a
pair: of one colour and one hand.  Closed eyes become a lash line.  Dark glasses and eyes turned away stay as they are.
"""
from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .flow import ramp
from .mesh import IRIS, LOWER_LID, UPPER_LID, curve, fill, stroke
from .regions import Face

# Wider than the photograph's, and from the first to the second of these, for openings from the first to the second in
# inter-ocular distances, taller: a squint or a smile stays one.
GROW_WIDTH, GROW_HEIGHT, GROW_OPENING = 1.14, (0.88, 1.08), (0.075, 0.155)
# By how much the lids are flatter at the very corners, so that the white ends in points and does not bulge.
UPPER_SLIM, LOWER_SLIM = 0.15, 0.45
IRIS_WIDTH, IRIS_HEIGHT = 1.2, (1.2, 1.5)
DARK_BROWN = np.array([26.0, 9.0, 13.0], np.float32)


@dataclass
class Eye:
    """One eye's curves in pixels, from the corner near the nose to the outer one, already grown."""

    upper: np.ndarray   # [40,2]
    lower: np.ndarray   # [40,2]
    iris: np.ndarray    # centre (x, y)
    radius: float       # of the photograph's iris, px
    opening: float      # height of the photograph's eye, in inter-ocular distances
    width: float        # corner to corner, in inter-ocular distances
    original: np.ndarray  # polygon [80,2] of the photograph's eye

    @property
    def outline(self) -> np.ndarray:
        return np.vstack([self.upper, self.lower[::-1]])


def slimmed(lid: np.ndarray, amount: float) -> np.ndarray:
    """A lid [n,2] by ``amount`` nearer to the line from corner to corner at its ends, and unchanged in its middle."""
    chord = lid[-1] - lid[0]
    normal = np.array([-chord[1], chord[0]]) / (np.linalg.norm(chord) + 1e-6)
    ends = np.maximum(np.abs(np.linspace(-1, 1, len(lid))) - 0.3, 0) / 0.7
    return lid - np.outer(amount * ends ** 2 * ((lid - lid[0]) @ normal), normal)


def find_eye(mesh: np.ndarray, face: Face, index: int) -> Eye:
    """Curves of the viewer's left (0) or right (1) eye."""
    upper, lower = curve(mesh[list(UPPER_LID[index])]), curve(mesh[list(LOWER_LID[index])])
    right, down = face.axes
    u = face.unit
    centre = 0.5 * (0.5 * (upper[0] + upper[-1]) + 0.5 * (upper[20] + lower[20]))
    opening = float(np.dot(lower[12:28].mean(0) - upper[12:28].mean(0), down)) / u
    width = float(np.linalg.norm(upper[-1] - upper[0])) / u
    low, high = GROW_HEIGHT
    grow_y = low + (high - low) * float(ramp(*GROW_OPENING, np.float64(opening)))
    chord = upper[-1] - upper[0]
    slant = float(np.clip(chord @ down / (chord @ right), -1, 1)) if abs(chord @ right) > 1e-6 else 0.0

    def grow(points: np.ndarray) -> np.ndarray:
        across, along = (points - centre) @ right, (points - centre) @ down
        # The line between the corners keeps its slant.
        along = slant * across * GROW_WIDTH + (along - slant * across) * grow_y
        return centre + np.outer(across, GROW_WIDTH * right) + np.outer(along, down)

    ring = mesh[list(IRIS[index])]
    radius = float(np.linalg.norm(ring[1:] - ring[0], axis=1).mean())
    grown = slimmed(grow(upper), UPPER_SLIM), slimmed(grow(lower), LOWER_SLIM)
    return Eye(*grown, ring[0], radius, opening, width, np.vstack([upper, lower[::-1]]))


def lid_height(eye: Eye, lid: np.ndarray, face: Face) -> float:
    """How far below the iris's centre a ``lid`` [40,2] lies, px."""
    return float((lid[np.abs(lid - eye.iris).sum(1).argmin()] - eye.iris) @ face.axes[1])


def iris_radii(eye: Eye, face: Face) -> tuple[float, float]:
    """Half width and half height of the drawn iris, px: it reaches under the upper lid, so that no eye stares."""
    above, below = -lid_height(eye, eye.upper, face), lid_height(eye, eye.lower, face)
    low, high = (share * eye.radius for share in IRIS_HEIGHT)
    return IRIS_WIDTH * eye.radius, float(np.clip(max(1.12 * above, below), low, high))


def trust(lab: np.ndarray, eye: Eye, mask: np.ndarray, skin_light: float, u: float,
          down: np.ndarray) -> float:
    """0...1: whether the photograph really shows an eye here (no dark glasses, not turned away)."""
    inside = lab[..., 0][mask > 0.6]
    near, far = (2 * int(k * eye.radius) + 1 for k in (0.6, 1.5))
    around = lab[..., 0][cv2.dilate(mask, np.ones((far, far))) - cv2.dilate(mask, np.ones((near, near))) > 0.5]
    if inside.size < 12 or around.size < 12:
        return 0.0
    # In a dark photograph less contrast is enough.
    low, high = np.percentile(inside, [8, 92])
    contrast = float(high - low) / float(np.clip(skin_light / 50, 0.3, 1.0))
    # Lids are skin; behind dark glasses they are not to be seen.
    lids = float(np.percentile(around, 70)) / max(skin_light, 8.0)
    seen = float(ramp(0.38, 0.50, np.float32(lids)))
    # Lids in the shade of a brow are dark too, but glasses are as dark further down.
    below = (eye.original[40:] + 0.2 * u * down).astype(np.float32)
    lower = cv2.remap(lab[..., 0], below[None, :, 0], below[None, :, 1], cv2.INTER_LINEAR)
    further = float(np.median(lower)) / max(skin_light, 8.0)
    seen = max(seen, float(ramp(0.55, 0.70, np.float32(further)) * ramp(0.14, 0.22, np.float32(lids))))
    return float(ramp(3, 9, np.float32(contrast)) * ramp(0.13, 0.20, np.float32(eye.width))) * seen


@dataclass(frozen=True)
class Seen:
    """What a photograph shows of one iris."""

    tone: np.ndarray           # Lab [3]
    white: np.ndarray | None   # Lab [3] of the white beside it; None where too little is seen
    count: int                 # of the pixels that it was seen at


def ranked(pixels: np.ndarray, low: float, high: float) -> np.ndarray:
    """The median [3] of those Lab pixels [n,3] whose lightness ranks between two percentiles."""
    least, most = np.percentile(pixels[:, 0], [low, high])
    return np.median(pixels[(pixels[:, 0] >= least) & (pixels[:, 0] <= most)], 0)


def see_iris(lab: np.ndarray, eye: Eye, down: np.ndarray) -> Seen | None:
    """The photograph's iris without pupil, lid shadow and reflections, and the white beside it; None if hardly seen."""
    x0, y0 = np.floor(eye.iris - 2.4 * eye.radius).astype(int)
    x1, y1 = np.ceil(eye.iris + 2.4 * eye.radius).astype(int) + 1
    x0, y0 = max(x0, 0), max(y0, 0)
    window = lab[y0:y1, x0:x1]
    if min(window.shape[:2]) < 3:
        return None
    y, x = np.mgrid[y0:y0 + window.shape[0], x0:x0 + window.shape[1]].astype(np.float32)
    r = np.hypot(x - eye.iris[0], y - eye.iris[1]) / eye.radius
    open_eye = fill(window.shape[:2], eye.original - [x0, y0]) > 0.9
    iris = open_eye & (r > 0.38) & (r < 0.82)
    # The upper lid shades an iris and mirrors itself in it.
    low = iris & ((x - eye.iris[0]) * down[0] + (y - eye.iris[1]) * down[1] > -0.15 * eye.radius)
    beside = cv2.erode(open_eye.astype(np.uint8), np.ones((3, 3))).astype(bool) & (r > 1.15) & (r < 2.3)
    if iris.sum() < 12:
        return None
    tone = ranked(window[low if low.sum() >= 8 else iris], 20, 75)
    return Seen(tone, ranked(window[beside], 45, 90) if beside.sum() >= 8 else None, int(iris.sum()))


def usual_white(skin: np.ndarray) -> np.ndarray:
    """Lab [3] of an eye's white in the light that ``skin`` is in; medians over 60 portraits."""
    return np.array([0.9 * skin[0], 5 + 0.25 * (skin[1] - 14), 6 + 0.35 * (skin[2] - 15)])


def own_colour(lab: np.ndarray, white: np.ndarray | None, skin: np.ndarray) -> tuple[float, float, float]:
    """An iris without the colour of its light: its lightness to that of skin and white, and a and b of Lab from those
    that a grey as dark has in this light."""
    usual = usual_white(skin)
    white = usual if white is None else white
    # Farther from what skin leads to expect is no white, but sky or a lid.
    cast = usual + np.clip(white - usual, -8, 8)
    ratio = float(lab[0]) / max(float(white[0]), 8.0)
    a, b = (float(v) for v in lab[1:] - min(ratio, 1.0) * cast[1:])
    return 0.5 * (float(lab[0]) / max(float(skin[0]), 8.0) + ratio), a, b


def true_colour(lab: np.ndarray, white: np.ndarray | None, skin: np.ndarray, colourful: float) -> np.ndarray:
    """A drawable iris colour (Lab [3]) from a measured one: clear, of a hue that irises have; dark brown when unsure.

    ``white``: the white beside it, ``skin``: the photograph's skin, which show the colour of the light.
    """
    l = float(lab[0])
    if colourful < 0.5:
        return np.array([np.clip(l, 20, 48), *lab[1:]], np.float32)
    share, a, b = own_colour(lab, white, skin)

    def step(low: float, high: float, value: float) -> float:
        return float(ramp(low, high, np.float32(value)))

    # Dark irises hardly show their hue in a photograph: the darker, the bluer it must be to be believed.
    shows = step(13, 19, l)
    cool = shows * step(1.15, 1.45, 10 * (share - 0.25) - 0.35 * (0.6 * a + 0.8 * b))
    lit = shows * step(0.27, 0.40, share)
    clear = max(cool, lit * step(5.5, 2.5, a) * step(1, 4, b))
    blue, green = step(0, 9, -b), step(0, 10, b)
    olive, amber = step(3, -1, a) * step(2, 5, b), lit * step(6, 15, b)
    brown = np.array([np.clip(0.6 * l + 8, 20, 34), 10 - 3 * olive + 2 * lit * step(3, 6, a), 13 + 10 * amber])
    cold = np.array([np.clip(0.6 * l + 20 - 5 * green, 32 - 2 * green, 50 - 4 * green),
                     3 * step(0, 3.5, a) * green - 3 * step(0, 5, -a) * (1 - 0.5 * blue) - 2,
                     21.5 * green - 12 * blue - 4.5])
    return (brown + clear * (cold - brown)).astype(np.float32)


def pair_colours(lab: np.ndarray, eyes: list[Eye], skin: np.ndarray, down: np.ndarray,
                 colourful: float) -> list[np.ndarray]:
    """Lab colours [3] of both irises: the same, unless they differ beyond doubt."""
    seen = [found for found in (see_iris(lab, eye, down) for eye in eyes) if found]
    if not seen:
        return [DARK_BROWN * [1, colourful, colourful]] * 2
    lit = [float(one.white[0]) for one in seen if one.white is not None]
    # An eye that less light falls on shows less of its hue.
    if len(lit) == 2 and min(lit) >= 0.7 * max(lit) and min(one.count for one in seen) >= 30:
        own = [np.array(own_colour(one.tone, one.white, skin)[1:]) for one in seen]
        drawn = [true_colour(one.tone, one.white, skin, colourful) for one in seen]
        # One blue and one brown eye.
        if np.hypot(*(own[0] - own[1])) > 11 and np.hypot(*(drawn[0] - drawn[1])[1:]) > 14:
            return drawn
    whites = [usual_white(skin) if one.white is None else one.white for one in seen]
    # The better lit one shows more.
    counts = [one.count * max(float(white[0]), 5.0) for one, white in zip(seen, whites)]
    tone = np.average([one.tone for one in seen], 0, counts)
    return [true_colour(tone, np.average(whites, 0, counts), skin, colourful)] * 2


def blend(lab: np.ndarray, colour, mask: np.ndarray) -> None:
    """Paint ``colour`` (Lab [3] or [H,W,3]) over ``lab`` in place where ``mask`` [H,W] says."""
    lab += (colour - lab) * mask[..., None]


def draw_iris(lab: np.ndarray, marks: np.ndarray, eye: Eye, face: Face, mask: np.ndarray, colour: np.ndarray,
              sparkle: float) -> None:
    """Iris, dark above and clear below, with a fine dark border, pupil and one catchlight, clipped to ``mask``.

    Catchlight, pupil and the whole disc go into ``marks`` [H,W,3] too.
    """
    right, down = face.axes
    y, x = np.mgrid[0:lab.shape[0], 0:lab.shape[1]].astype(np.float32)
    dx, dy = x - eye.iris[0], y - eye.iris[1]
    rx, ry = iris_radii(eye, face)
    s, v = (dx * right[0] + dy * right[1]) / rx, (dx * down[0] + dy * down[1]) / ry
    r = np.hypot(s, v)
    edge = 1.0 / rx
    disc = ramp(1 + 0.6 * edge, 1 - 0.6 * edge, r) * mask
    body = np.empty_like(lab)
    # Two tones: the upper half lies in the lid's shadow, a crescent below is clear and of a purer colour.
    clear = ramp(-0.16, 0.22, v - 0.12 + 0.30 * s * s)
    glow = ramp(0.25, 0.85, v)
    rim = ramp(0.80, 0.95, r)
    body[..., 0] = 0.62 * colour[0] + (0.38 * colour[0] + 7 + 8 * sparkle) * clear + 5 * glow
    body[..., 0] = body[..., 0] * (1 - rim) + min(0.40 * colour[0], 14) * rim
    body[..., 1:] = colour[1:] * (0.85 + (0.45 + 0.3 * sparkle) * clear - 0.3 * rim)[..., None]
    blend(lab, body, disc)
    pupil = ramp(1 + 2 * edge, 1 - 2 * edge, np.hypot(s / 0.38, (v + 0.02) / 0.40)) * mask
    blend(lab, np.array([7, 1, -1], np.float32), 0.95 * pupil)
    size = 0.27 + 0.05 * sparkle
    # Under a low lid the catchlight moves down and stays round.
    high = max(-0.36, min(lid_height(eye, eye.upper, face) / rx + 0.36, 0.0))
    glint = ramp(size + 0.8 * edge, size - 0.8 * edge, np.hypot(s + 0.36, v * ry / rx - high)) * mask
    blend(lab, np.array([99, 0, 0], np.float32), glint)
    marks[..., 0] = np.maximum(marks[..., 0], glint)
    marks[..., 1] = np.maximum(marks[..., 1], 0.95 * pupil * (1 - glint))
    marks[..., 2] = np.maximum(marks[..., 2], disc)


def sclera_tone(tone: np.ndarray) -> np.ndarray:
    """The white of an eye beside skin of ``tone`` (Lab [3]): near white, dimmer where the whole picture is dark."""
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    return np.array([min(np.clip(0.2 * tone[0] + 82, 88, 97), tone[0] + 46), 0.5 * grey, 1.0 * grey], np.float32)


def draw_eyes(lab: np.ndarray, alpha: np.ndarray, marks: np.ndarray, photo: np.ndarray, lines: np.ndarray, face: Face,
              mesh: np.ndarray, skin: np.ndarray, tone: np.ndarray, covered: np.ndarray, lashes: float = 1.0,
              sparkle: float = 0.0) -> None:
    """Draw both eyes into ``lab``, ``alpha`` [H,W] and ``marks`` [H,W,3] (catchlights, pupils, irises), in place.

    ``skin``: the photograph's skin, ``tone``: the painted one (Lab [3]); ``lines`` [H,W]: the photograph's;
    ``covered`` [H,W]: what lies before the eyes (frames of glasses) and stays on top;
    ``lashes``: width of lash lines relative to the cel style's; ``sparkle`` 0...1: how much irises shine.
    """
    shape = lab.shape[:2]
    eyes = [find_eye(mesh, face, index) for index in (0, 1)]
    colourful = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    colours = pair_colours(photo, eyes, skin, face.axes[1], colourful)
    seen = [trust(photo, eye, fill(shape, eye.original), float(skin[0]), face.unit, face.axes[1])
            for eye in eyes]
    for index, eye in enumerate(eyes):
        # Of a head turned far away only the near eye is drawn; otherwise one eye vouches for the other.
        turned = float(ramp(0.35, 0.6, np.float32(eye.width / max(eyes[1 - index].width, 1e-3))))
        sure = turned * float(ramp(0.22, 0.32, np.float32(max(seen[index], 0.5 * seen[1 - index]))))
        if sure >= 0.05:
            draw_eye(lab, alpha, marks, lines, face, eye, colours[index], tone, sure * (1 - covered), lashes, sparkle)


def draw_eye(lab: np.ndarray, alpha: np.ndarray, marks: np.ndarray, lines: np.ndarray, face: Face, eye: Eye,
             colour: np.ndarray, tone: np.ndarray, sure: np.ndarray, lashes: float, sparkle: float) -> None:
    """Draw one eye where ``sure`` [H,W] says; the rest as in draw_eyes."""
    shape, u = lab.shape[:2], face.unit
    if eye.opening < 0.035:
        draw_lashes(alpha, eye, u, 0.9 * sure, lashes, 0.0)
        return
    mask = fill(shape, eye.outline) * sure
    shade_lid(lab, eye, u, tone, sure, mask)
    draw_white(lab, eye, face, tone, mask)
    draw_iris(lab, marks, eye, face, mask, colour, sparkle)
    # The upper lid throws a shadow on the white and, less, on the iris.
    _, down = face.axes
    deep = min(0.052, 0.35 * eye.opening) * u
    below = fill(shape, np.vstack([eye.upper - 0.02 * u * down, (eye.upper + deep * down)[::-1]]), 0.5)
    below *= mask * (1 - marks[..., 0])
    lab[..., 0] *= 1 - 0.22 * below
    # The photograph's own lid lines lie inside the grown eye.
    alpha *= 1 - cv2.GaussianBlur(cv2.dilate(mask, np.ones((3, 3))), (0, 0), 0.8)
    draw_lashes(alpha, eye, u, sure, lashes, crease_seen(lines, eye, u))


def draw_white(lab: np.ndarray, eye: Eye, face: Face, tone: np.ndarray, mask: np.ndarray) -> None:
    """The eyeball's white, which turns away from the light towards both corners."""
    blend(lab, sclera_tone(tone), mask)
    middle, half = 0.5 * (eye.upper[0] + eye.upper[-1]), 0.5 * np.linalg.norm(eye.upper[-1] - eye.upper[0])
    y, x = np.mgrid[0:lab.shape[0], 0:lab.shape[1]].astype(np.float32)
    right, _ = face.axes
    off = np.abs((x - middle[0]) * right[0] + (y - middle[1]) * right[1]) / max(float(half), 1.0)
    lab[..., 0] *= 1 - 0.16 * ramp(0.5, 1.0, off) * mask


def shade_lid(lab: np.ndarray, eye: Eye, u: float, tone: np.ndarray, sure: np.ndarray, mask: np.ndarray) -> None:
    """The upper lid between lashes and fold, a little darker and warmer than the skin around it."""
    fold = crease(eye, u)
    lid = fill(lab.shape[:2], np.vstack([eye.upper[5:38], fold[::-1]]), 0.6)
    lid *= sure * (1 - mask) * float(ramp(0.05, 0.10, np.float32(eye.opening)))
    grey = float(ramp(2, 6, np.float32(np.hypot(*tone[1:]))))
    lab += lid[..., None] * np.array([-0.09 * tone[0], 2.5 * grey, 0.5 * grey], np.float32)


def crease(eye: Eye, u: float) -> np.ndarray:
    """The fold above the upper lid, [29,2]."""
    up = eye.upper[20] - eye.lower[20]
    return eye.upper[7:36] + up / (np.linalg.norm(up) + 1e-6) * 0.085 * u


def crease_seen(lines: np.ndarray, eye: Eye, u: float) -> float:
    """How clearly the photograph shows a fold above the lid, 0...1."""
    place = stroke(lines.shape, crease(eye, u), np.full(29, 0.07 * u)) > 0.5
    return float(ramp(0.03, 0.16, np.float32(lines[place].mean()))) if place.sum() > 8 else 0.0


def wing(upper: np.ndarray, up: np.ndarray, unit: float) -> np.ndarray:
    """The outer lashes [16,2]: from the lid [40,2] outwards, where that goes down to its corner; ``up``: a
    direction."""
    out = upper[39] - upper[0]
    tip = upper[37] + out / (np.linalg.norm(out) + 1e-6) * 0.060 * unit + up * 0.026 * unit
    return curve(np.vstack([upper[[26, 31]] + 0.014 * unit * up, upper[35] + 0.008 * unit * up, tip]), 16)


def draw_lashes(alpha: np.ndarray, eye: Eye, u: float, strength, lashes: float, fold: float) -> None:
    """Upper lash line with a short wing, lower lash line on the outer part, fold above the lid."""
    shape = alpha.shape
    t = np.linspace(0, 1, 40)
    up = eye.upper[20] - eye.lower[20]
    up = up / (np.linalg.norm(up) + 1e-6)
    width = u * lashes * (0.008 + 0.046 * np.sin(np.pi * (0.05 + 0.75 * t))) * np.minimum(1, 0.3 + 4 * (1 - t))
    line = wing(eye.upper, up, u)
    upper = np.maximum(stroke(shape, eye.upper, width, up),
                       stroke(shape, line, u * lashes * np.linspace(0.038, 0.003, len(line))))
    half = eye.lower[16:39]
    lower = stroke(shape, half, np.linspace(0.2, 0.013 * u * lashes + 0.4, len(half)), -up)
    above = stroke(shape, crease(eye, u), 0.3 + 0.013 * u * np.sin(np.pi * np.linspace(0, 1, 29)))
    above *= (0.28 + 0.42 * fold) * ramp(0.05, 0.10, np.float32(eye.opening))
    np.maximum(alpha, strength * np.maximum(np.maximum(upper, 0.6 * lower), above), out=alpha)
