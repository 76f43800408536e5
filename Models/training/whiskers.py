"""Beards, moustaches and stubble put on painted samples, as spectacles.py puts on glasses: a network that has seen few
takes them for shade and wipes them off.

In the photograph they are strands (or dots, stubble) under the light that falls on the face; in the painting one shape
of two tones, or a tint of the skin, as painter/beard.py paints them.
"""
from __future__ import annotations

import random

import cv2
import numpy as np
from painter.flow import ramp
from painter.mesh import BEARD_BORDER, LIPS, LOWER_LID, UPPER_LID, UPPER_LIP, closed_curve, curve, fill, jaw_curve

# Around the mouth, from one side of the nose to the other: where a moustache begins.
BELOW_NOSE = (165, 97, 2, 326, 391)
CHIN = 199
KINDS = ("beard", "stubble", "moustache", "goatee")


def noise(shape: tuple[int, int], rng: random.Random, along: float, across: float) -> np.ndarray:
    """Smooth noise [H,W] of variance 1, ``along`` px long (downwards) and ``across`` px wide."""
    values = np.random.default_rng(rng.getrandbits(32)).standard_normal(shape, np.float32)
    values = cv2.GaussianBlur(values, (0, 0), sigmaX=max(across, 0.3), sigmaY=max(along, 0.3))
    return values / (values.std() + 1e-6)


def place(shape: tuple[int, int], mesh: np.ndarray, kind: str, rng: random.Random) -> tuple[np.ndarray, float]:
    """Where hair of that ``kind`` grows [H,W] 0...1, with frayed borders, on a face with ``mesh`` [478,2] px; and the
    face's unit px."""
    eyes = [mesh[list(up + low)].mean(0) for up, low in zip(UPPER_LID, LOWER_LID)]
    across = eyes[1] - eyes[0]
    unit = max(float(np.linalg.norm(across)), 1.0)
    right = across / unit
    down = np.array([-right[1], right[0]])
    jaw = jaw_curve(mesh)
    if kind == "moustache":
        above = curve(mesh[list(BELOW_NOSE)] + 0.03 * unit * down, 30)
        below = curve(mesh[list(UPPER_LIP)], 30)
        # Its ends hang down beside the corners of the mouth, or not.
        hang = rng.choice((0.0, rng.uniform(0.0, 0.25))) * np.abs(np.linspace(-1, 1, 30))[:, None] ** 6
        grown = fill(shape, np.vstack([above, (below + (rng.uniform(-0.02, 0.05) + hang) * unit * down)[::-1]]))
    elif kind == "goatee":
        y, x = np.mgrid[:shape[0], :shape[1]].astype(np.float32)
        off = np.stack([x, y], 2) - (mesh[CHIN] + rng.uniform(-0.1, 0.1) * unit * down)
        wide, tall = rng.uniform(0.22, 0.4) * unit, rng.uniform(0.2, 0.4) * unit
        grown = np.float32(((off @ right) / wide) ** 2 + ((off @ down) / tall) ** 2 < 1)
        if rng.random() < 0.6:
            grown = np.maximum(grown, place(shape, mesh, "moustache", rng)[0])
    else:
        long = rng.choice((0.0, 0.0, rng.uniform(0.0, 0.5))) if kind == "beard" else 0.0
        middle = np.sin(np.linspace(0, np.pi, len(jaw)))[:, None] ** 2
        lower = jaw + (0.03 + long * middle) * unit * down
        border = curve(mesh[list(BEARD_BORDER)] + rng.uniform(-0.06, 0.1) * unit * down, 80)
        grown = fill(shape, np.vstack([border, lower[::-1]]))
    near = cv2.GaussianBlur(grown, (0, 0), 0.03 * unit)
    frayed = near + 0.16 * ramp(0.05, 0.3, near) * noise(shape, rng, 0.03 * unit, 0.012 * unit)
    soft = 0.12 if kind != "stubble" else 0.4
    lips = fill(shape, closed_curve(mesh[list(LIPS)]), 0.008 * unit)
    return ramp(0.5 - soft, 0.5 + soft, frayed) * (1 - lips), unit


def hair_colour(rng: random.Random) -> np.ndarray:
    """RGB [3] 0...255 of a beard."""
    kind = rng.random()
    if kind < 0.55:
        return np.array([1.0, 0.8, 0.68]) * rng.uniform(18, 75)
    if kind < 0.75:
        return np.array([1.0, 0.68, 0.45]) * rng.uniform(80, 165)
    return np.array([1.0, 0.97, 0.93]) * rng.uniform(70, 215)


def put_on(photo: np.ndarray, colour: np.ndarray, lines: np.ndarray, tones: np.ndarray, mesh: np.ndarray,
           rng: random.Random) -> np.ndarray:
    """Hair on the lower face of photo and painting, uint8 as `cut_sample` in dataset.py gives them, in place; where it
    grows [H,W] 0...1."""
    kind = rng.choices(KINDS, (0.35, 0.25, 0.25, 0.15))[0]
    mask, unit = place(photo.shape[:2], mesh, kind, rng)
    inside = mask > 0.8
    if inside.sum() < 30:
        return np.zeros_like(mask)
    seen = photo.astype(np.float32)
    luma = cv2.GaussianBlur(seen.mean(2), (0, 0), max(0.5, 0.03 * unit))
    light = np.clip(luma / (float(np.median(luma[inside])) + 1), 0.3, 1.8)[..., None] ** 0.8
    tone = hair_colour(rng)
    if kind == "stubble":
        # Dark dots with skin between them; white stubble is left to beards.
        amount, tone = rng.uniform(0.12, 0.5), np.minimum(tone, 90)
        texture = 0.6 + 0.4 * noise(mask.shape, rng, 0.008 * unit, 0.008 * unit)
    else:
        amount = rng.uniform(0.7, 0.97)
        texture = 0.9 + 0.2 * noise(mask.shape, rng, 0.05 * unit, 0.008 * unit)
    strands = 1 + rng.uniform(0.1, 0.4) * noise(mask.shape, rng, 0.07 * unit, 0.012 * unit)
    hair = np.clip(tone * light * strands[..., None], 0, 255)
    grown = seen + (hair - seen) * np.clip(mask * amount * texture, 0, 1)[..., None]
    flat = colour.astype(np.float32)
    if kind == "stubble":
        drop = float(np.clip(1 - grown[inside].mean() / max(seen[inside].mean(), 1), 0, 0.6))
        gray = flat.mean(2, keepdims=True)
        flat += (0.9 * flat + 0.1 * gray - flat) * mask[..., None]
        flat *= 1 - 0.8 * drop * mask[..., None]
    else:
        local = cv2.GaussianBlur(grown.mean(2), (0, 0), max(0.5, 0.06 * unit))
        middle, spread = float(np.percentile(local[inside], 40)), max(float(local[inside].std()), 2.0)
        deep = 0.15 * ramp(0.2, -0.2, (local - middle) / spread)
        own = np.median(grown[inside], 0) * (1 - deep)[..., None]
        flat += (own - flat) * mask[..., None]
        lines[...] = lines * (1 - mask)
        tones[...] = tones * (1 - mask)[..., None]
    photo[...] = np.clip(grown, 0, 255)
    colour[...] = np.clip(flat, 0, 255)
    return mask
