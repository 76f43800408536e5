"""Glasses put on painted samples: few people in the training material wear any, and a network that has seen few wipes
frames off as it does wrinkles.

Rims, bridge and temples have the shapes that the painter fits (painter/glasses.py); in the photograph they have
highlights, a shadow below them, and lenses that reflect; in the painting they are one flat tone without an outline, as
the painter draws frames.
"""
from __future__ import annotations

import math
import random

import cv2
import numpy as np
from painter.glasses import outlines
from painter.mesh import LOWER_LID, UPPER_LID, fill, stroke

TEMPLES = (127, 356)


def frame_shapes(shape: tuple[int, int], mesh: np.ndarray, rng: random.Random) -> tuple[np.ndarray, np.ndarray]:
    """Coverage [H,W] of frames and of both lenses on a face with ``mesh`` [478,2] px."""
    centres = [mesh[list(up + low)].mean(0) for up, low in zip(UPPER_LID, LOWER_LID)]
    unit = float(np.linalg.norm(centres[1] - centres[0]))
    right = (centres[1] - centres[0]) / max(unit, 1e-3)
    down = np.array([-right[1], right[0]])
    width, height = rng.uniform(0.33, 0.46), rng.uniform(0.19, 0.37)
    outwards = rng.uniform(max(-0.04, width - 0.41), 0.08)
    below, exponent = rng.uniform(-0.02, 0.12), rng.choice((2.0, 2.5, 3.2, 4.5))
    local = outlines(np.array([[width, height, outwards, below, exponent]]))[0]
    wide = [float(np.linalg.norm(mesh[up[0]] - mesh[up[-1]])) for up in UPPER_LID]
    thick = max(1.0, unit * rng.choice((rng.uniform(0.016, 0.03), rng.uniform(0.025, 0.075))))
    # Frames without lower rims are as common as thin ones all around.
    bare = rng.random() < 0.2
    frames, lenses, rims = np.zeros(shape, np.float32), np.zeros(shape, np.float32), []
    for index, centre in enumerate(centres):
        narrow = min(1.0, wide[index] / max(wide[1 - index], 1e-3))
        line = centre + unit * (local[:, :1] * narrow * (-1, 1)[index] * right + local[:, 1:] * down)
        rims.append(line)
        lenses = np.maximum(lenses, fill(shape, line))
        upper = local[:, 1] < 0.1
        # A stroke that overlaps itself would have a hole there: the seam is closed by a second one.
        seam = np.vstack([line[-4:], line[:4]])
        for part in (line[upper][np.argsort(local[upper, 0])],) if bare else (line, seam):
            frames = np.maximum(frames, stroke(shape, part, np.full(len(part), thick)))
    count, t = len(local), np.linspace(0, 1, 20)
    inner = [rim[int(count * 0.42)] for rim in rims]
    bow = rng.uniform(0.0, 0.08) * unit * np.outer(np.sin(np.pi * t), down)
    frames = np.maximum(frames, stroke(shape, inner[0] + np.outer(t, inner[1] - inner[0]) - bow, np.full(20, thick)))
    for rim, sign, ear in zip(rims, (-1, 1), TEMPLES):
        outer = rim[int(count * 0.06)]
        if sign * float((mesh[ear] - outer) @ right) > 0.06 * unit:
            frames = np.maximum(frames, stroke(shape, outer + np.outer(t, mesh[ear] - outer), np.full(20, thick)))
    return frames, lenses


def frame_colour(rng: random.Random) -> np.ndarray:
    """RGB [3] 0...255 of a frame: mostly black, else brown, metal or any dark colour."""
    kind = rng.random()
    if kind < 0.5:
        return np.full(3, rng.uniform(8, 55)) + np.array([rng.uniform(0, 8), 0, rng.uniform(0, 6)])
    if kind < 0.7:
        return np.array([1.0, 0.62, 0.4]) * rng.uniform(45, 120)
    if kind < 0.85:
        return np.full(3, rng.uniform(70, 140))
    return np.array([rng.uniform(10, 130) for _ in range(3)])


def put_on(photo: np.ndarray, colour: np.ndarray, lines: np.ndarray, marks: np.ndarray, mesh: np.ndarray,
           rng: random.Random) -> np.ndarray:
    """Glasses into photo and painting, in place; uint8 as `cut_sample` in dataset.py gives them, ``mesh`` in px; the
    coverage [H,W] of their frames."""
    frames, lenses = frame_shapes(photo.shape[:2], mesh, rng)
    tone, seen = frame_colour(rng), photo.astype(np.float32)
    unit = float(np.linalg.norm(mesh[list(UPPER_LID[1])].mean(0) - mesh[list(UPPER_LID[0])].mean(0)))
    # Below the frame a soft shadow; over the lenses, sometimes, a streak of window light or a tint.
    shift = np.float32([[1, 0, 0.01 * unit], [0, 1, rng.uniform(0.02, 0.05) * unit]])
    shadow = cv2.GaussianBlur(cv2.warpAffine(frames, shift, frames.shape[::-1]), (0, 0), max(0.4, 0.02 * unit))
    seen *= 1 - rng.uniform(0.0, 0.3) * shadow[..., None]
    if rng.random() < 0.4:
        y, x = np.mgrid[:seen.shape[0], :seen.shape[1]].astype(np.float32)
        turn = rng.uniform(0.3, 1.2)
        phase = (x * math.cos(turn) + y * math.sin(turn)) / max(unit, 1) * rng.uniform(3, 8) + rng.uniform(0, 6)
        glare = lenses * np.clip(np.sin(phase) * 2 - rng.uniform(0, 1.5), 0, 1) * rng.uniform(0.1, 0.5)
        seen += (rng.uniform(180, 255) - seen) * glare[..., None]
    if rng.random() < 0.15:
        seen *= 1 - lenses[..., None] * np.array([rng.uniform(0, 0.25) for _ in range(3)], np.float32)
    noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(frames.shape, np.float32)
    light = cv2.GaussianBlur(noise, (0, 0), max(0.8, 0.05 * unit))
    sheen = np.clip(light / (light.std() + 1e-6) - 1.2, 0, 1) * rng.uniform(0, 110)
    seen += (tone + sheen[..., None] - seen) * (rng.uniform(0.8, 1.0) * frames)[..., None]
    photo[...] = np.clip(seen, 0, 255)
    flat = colour.astype(np.float32)
    # Never so light that it is lost on the skin.
    skin = max(float(flat[lenses > 0.5].mean()) if (lenses > 0.5).any() else 255.0, 1.0)
    flat_tone = 0.85 * tone * min(1.0, 0.62 * skin / max(float(0.85 * tone.mean()), 1.0))
    colour[...] = np.clip(flat + (flat_tone - flat) * frames[..., None], 0, 255)
    lines[...] = lines * (1 - frames)
    marks[...] = marks * (1 - frames)[..., None]
    return frames
