"""The whole painting of one style: flat colour, line coverage, and where shade and light lie."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import brows, eyes, glasses, grade, hair, lines, mouth, regions, widen
from .analysis import Analysis, to_rgb
from .flow import ramp
from .look import Look
from .mesh import CHEEK


@dataclass
class Painting:
    """colour [H,W,3] sRGB, line coverage, shade and light masks [H,W], marks [H,W,3] (highlights, pupils, irises); all
    0...1."""

    colour: np.ndarray
    lines: np.ndarray
    dark: np.ndarray
    light: np.ndarray
    marks: np.ndarray


def shade_skin(lab: np.ndarray, a: Analysis, look: Look) -> np.ndarray:
    """One base tone and one near shade: nothing of the photograph's own blotches is left on skin."""
    skin = a.painted
    drop = look.skin_drop * (2.0 + 0.09 * skin.base[0])
    # Shadows are warmer and more saturated than the light, never grey.
    warm = (0.45 + skin.base[0] / 130) * float(ramp(2, 6, np.hypot(*skin.base[1:])))
    out = skin.base + (skin.stubble_tone - skin.base) * skin.stubble[..., None] + look.modelling * skin.form
    # Shine is a light veil on pale skin, and what gives dark skin its form.
    shine = look.skin_shine * skin.base[0] * float(ramp(88, 60, np.float32(skin.base[0])))
    out[..., 0] += shine * a.light - drop * a.dark
    out[..., 1:] = out[..., 1:] * (1 + 0.05 * a.dark)[..., None] + np.array(look.shadow_ab) * warm * a.dark[..., None]
    out[..., 1] += look.blush * warm * cheeks(lab.shape[:2], a)
    lab = lab + skin.left[..., None] * skin.change
    return lab + (out - lab) * a.skin[..., None]


def cheeks(shape, a: Analysis) -> np.ndarray:
    """Where blood shows: soft spots on both cheeks."""
    spots = [a.face.ellipse(shape, a.mesh[list(pair)].mean(0), 0.10, 0.06, 2.2) for pair in CHEEK]
    return np.maximum(*spots)


def shade_rest(a: Analysis, look: Look) -> np.ndarray:
    """Hair, cloth and things: calm colour with bands of shade and light."""
    lab = a.flat.copy()
    size = 0.03 + 0.13 * a.calm
    bands = look.band * (1.15 * a.light - 0.9 * a.dark) * size
    lightness = np.clip(a.calm + bands * (0.45 + 0.55 * a.focus), 0, 1)
    if look.step_amount > 0:
        steps = soft_steps(lightness, look.steps, look.step_sharp)
        few = soft_steps(lightness, look.steps - 1, look.step_sharp)
        steps = steps * a.focus + few * (1 - a.focus)
        lightness = lightness + look.step_amount * 0.5 * (steps - lightness) * (1 - a.detail)
    lab[..., 0] = 100 * lightness
    return lab


def soft_steps(value: np.ndarray, count: float, sharp: float) -> np.ndarray:
    """Quantise 0...1 to ``count`` steps joined by S-curves; ``sharp`` 0 = identity, 12 = nearly hard."""
    scaled = value * count
    base = np.floor(scaled)
    t = scaled - base
    low = 1 / (1 + np.exp(sharp * 0.5))
    t = (1 / (1 + np.exp(-sharp * (t - 0.5))) - low) / (1 - 2 * low)
    return (base + t) / count


def paint(a: Analysis, look: Look) -> Painting:
    """Paint an analysed photograph by one style's hand."""
    lab = shade_rest(a, look)
    if a.painted is not None:
        lab = shade_skin(lab, a, look)
    if a.beard is not None:
        tone = a.beard.tone + (a.beard.deep_tone - a.beard.tone) * a.beard.deep[..., None]
        lab = lab + (tone - lab) * a.beard.mask[..., None]
        if a.beard.hair is not None:
            lab = hair.shade_hair(lab, a.beard.hair, look)
    covered = np.zeros(lab.shape[:2], np.float32) if a.hair is None else a.hair.mask
    if a.hair is not None:
        lab = hair.shade_hair(lab, a.hair, look, 0.0 if a.painted is None else a.painted.cast)
    lab = grade.grade(lab, np.maximum(a.skin, a.detail), covered, look)
    alpha = lines.in_hand(a.lines, a.breaks, look.line_width, look.line_gaps) * look.line_weight
    marks = np.zeros((*alpha.shape, 3), np.float32)
    if a.mesh is not None:
        draw_features(lab, alpha, marks, a, look)
    painting = Painting(to_rgb(lab), np.clip(alpha, 0, 1), a.dark, a.light, marks)
    return painting if a.mesh is None or a.covered.any() else with_wide_mouth(painting, a)


def with_wide_mouth(painting: Painting, a: Analysis) -> Painting:
    """The painting with its mouth as wide as the photograph's is read; marks lie at the eyes, which stay."""
    source = widen.widening(painting.lines.shape, a.face, a.mesh)
    moved = [np.clip(widen.widened(image, source), 0, 1)
             for image in (painting.colour, painting.lines, painting.dark, painting.light)]
    return Painting(*moved, painting.marks)


def draw_features(lab: np.ndarray, alpha: np.ndarray, marks: np.ndarray, a: Analysis, look: Look) -> None:
    """Brows, mouth and eyes, in place; only a window around them is computed."""
    skin = regions.skin_statistics(a.photo, a.face)
    tone = skin if a.painted is None else a.painted.base
    margin = 0.55 * a.face.unit
    low = np.maximum(0, np.floor(a.mesh.min(0) - margin)).astype(int)
    high = np.minimum(lab.shape[1::-1], np.ceil(a.mesh.max(0) + margin)).astype(int)
    view = np.s_[low[1]:high[1], low[0]:high[0]]
    face, mesh = regions.Face(a.face.points - low), a.mesh - low
    photo, sharp, frames, lines = (np.ascontiguousarray(x[view]) for x in (a.photo, a.sharp, a.frames, a.lines))
    hair_light = 100.0 if a.hair is None else float(a.hair.colours[1, 0]) + 4
    before = frames if a.hair is None else np.maximum(frames, 0.85 * a.hair.mask[view])
    brows.draw_brows(lab[view], photo, face, mesh, tone, before, hair_light)
    seen = 1 - a.covered[view]
    below = lab[view].copy(), alpha[view].copy()
    mouth.draw_mouth(lab[view], alpha[view], photo, face, mesh, skin, tone, look.lips)
    lab[view] = below[0] + (lab[view] - below[0]) * seen[..., None]
    alpha[view] = below[1] + (alpha[view] - below[1]) * seen
    eyes.draw_eyes(lab[view], alpha[view], marks[view], sharp, lines, face, mesh, skin, tone, frames, look.lashes,
                   look.sparkle)
    if frames.any() and not a.dark_glasses:
        lab[view] += (glasses.frame_tone(sharp, frames, float(tone[0])) - lab[view]) * frames[..., None]
        alpha[view] *= 1 - frames


def compose(colour: np.ndarray, alpha: np.ndarray, tint: np.ndarray, strength: float = 1.0) -> np.ndarray:
    """Picture 0...1 from colour [H,W,3], coverage [H,W] and tint [3]."""
    a = np.clip(alpha * strength, 0, 1)[..., None]
    return colour * (1 - a) + colour * tint * a
