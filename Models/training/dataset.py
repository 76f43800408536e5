"""Training samples: painted pairs cut, turned and disturbed on the fly.

Every item is {photo, colour [3,S,S] 0...1; lines [1,S,S] 0...1; weight [1,S,S] >= 1}.
Geometry and colour changes are applied to photo and painting alike, so that the
network keeps colours and places; noise, blur and JPEG only to the photo.
"""
from __future__ import annotations

import json
import math
import random
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.utils.data import IterableDataset

# OpenCV's thread pool does not survive the fork of a loader process: it would wait for ever.
cv2.setNumThreads(0)


def load_cache(folder: Path, limit: int | None = None) -> list[dict]:
    """All painted samples into memory as uint8; those not painted yet are left out."""
    samples = []
    for entry in json.loads((folder / "index.json").read_text()):
        painted = folder / f"{entry['name']}.paint.png"
        if not painted.exists():
            continue
        photo = cv2.imread(str(folder / f"{entry['name']}.photo.png"))
        paint = cv2.imread(str(painted), cv2.IMREAD_UNCHANGED)
        points = None if entry["points"] is None else np.array(entry["points"], np.float32)
        samples.append({"photo": np.ascontiguousarray(photo[..., ::-1]),
                        "paint": cv2.cvtColor(paint, cv2.COLOR_BGRA2RGBA), "points": points})
        if limit and len(samples) >= limit:
            break
    return samples


def synthetic_samples(count: int = 6, size: int = 288) -> list[dict]:
    """Coloured ellipses with outlines: enough to prove that training runs, without any photographs."""
    rng = np.random.default_rng(0)
    samples = []
    for _ in range(count):
        photo = np.full((size, size, 3), rng.integers(60, 200, 3), np.uint8)
        lines = np.zeros((size, size), np.uint8)
        for _ in range(8):
            centre, axes = rng.integers(0, size, 2).tolist(), rng.integers(15, 80, 2).tolist()
            cv2.ellipse(photo, centre, axes, 0, 0, 360, rng.integers(0, 255, 3).tolist(), -1, cv2.LINE_AA)
            cv2.ellipse(lines, centre, axes, 0, 0, 360, 255, 2, cv2.LINE_AA)
        noisy = np.clip(photo + rng.normal(0, 6, photo.shape), 0, 255).astype(np.uint8)
        samples.append({"photo": noisy, "paint": np.dstack([photo, lines]), "points": None})
    return samples


def random_view(sample: dict, size: int, rng: random.Random) -> np.ndarray:
    """Affine map [2,3] from the sample to a size x size crop: place, scale, turn, mirror."""
    h, w = sample["photo"].shape[:2]
    exact = rng.random() < 0.6
    scale = 1.0 if exact else math.exp(rng.uniform(math.log(0.7), math.log(1.4)))
    angle = 0.0 if exact or rng.random() < 0.4 else math.radians(rng.gauss(0, 9))
    # The whole sample should fill the crop; small ones are enlarged or mirrored at the edge.
    points = sample["points"]
    if points is not None and rng.random() < 0.7:
        middle = points.mean(0)
        reach = 0.9 * np.linalg.norm(points[1] - points[0]) + 8
        cx, cy = (float(m) + rng.uniform(-reach, reach) for m in middle)
    else:
        cx, cy = rng.uniform(0, w), rng.uniform(0, h)
    half = 0.5 * size / scale
    cx = min(max(cx, half), w - half) if w > 2 * half else w / 2
    cy = min(max(cy, half), h - half) if h > 2 * half else h / 2
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    if exact:
        cx, cy = round(cx), round(cy)
    matrix = np.array([[c, -s, 0], [s, c, 0]], np.float64)
    matrix[:, 2] = size / 2 - matrix[:, :2] @ np.array([cx, cy])
    if rng.random() < 0.5:
        matrix[0] *= -1
        matrix[0, 2] += size - 1
    return matrix


def disturb(photo: np.ndarray, rng: random.Random) -> np.ndarray:
    """Camera faults on the photo alone: blur, noise, JPEG.  uint8 in and out."""
    if rng.random() < 0.3:
        photo = cv2.GaussianBlur(photo, (0, 0), rng.uniform(0.3, 1.1))
    if rng.random() < 0.35:
        noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(photo.shape, np.float32)
        photo = np.clip(photo + noise * rng.uniform(1, 8), 0, 255).astype(np.uint8)
    if rng.random() < 0.35:
        ok, data = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(40, 95)])
        photo = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return photo


def colour_change(rng: random.Random) -> np.ndarray:
    """Lookup table [256,3]: exposure, gamma and colour cast, the same for photo and painting."""
    gamma = math.exp(rng.gauss(0, 0.12))
    gains = np.array([1 + rng.gauss(0, 0.05) for _ in range(3)]) * math.exp(rng.gauss(0, 0.08))
    x = np.linspace(0, 1, 256)[:, None] ** gamma
    return np.clip(x * gains * 255, 0, 255).astype(np.uint8)


def attention(points: np.ndarray | None, matrix: np.ndarray, size: int) -> np.ndarray:
    """Loss weight [S,S]: 1 everywhere, up to 5 at eyes and 3 at nose and mouth."""
    weight = np.ones((size, size), np.float32)
    if points is None:
        return weight
    at = points @ matrix[:, :2].T + matrix[:, 2]
    unit = float(max(np.linalg.norm(at[1] - at[0]), 0.8 * np.linalg.norm(at[3:].mean(0) - at[:2].mean(0))))
    grid = np.arange(size, dtype=np.float32)
    spots = [(at[0], 0.24, 4.0), (at[1], 0.24, 4.0), (at[3:].mean(0), 0.30, 2.0), (at[2], 0.2, 1.0)]
    for (x, y), radius, gain in spots:
        r = 2 * (radius * unit) ** 2
        weight += gain * np.exp(-((grid - y) ** 2) / r)[:, None] * np.exp(-((grid - x) ** 2) / r)[None]
    return weight


def make_item(sample: dict, size: int, rng: random.Random) -> dict[str, torch.Tensor]:
    """One random training item from a painted sample."""
    matrix = random_view(sample, size, rng)
    warp = lambda image: cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    photo, paint = warp(sample["photo"]), warp(sample["paint"])
    colour = paint[..., :3]
    if rng.random() < 0.5:
        table = colour_change(rng)
        photo, colour = (np.dstack([table[image[..., i], i] for i in range(3)]) for image in (photo, colour))
    photo = disturb(np.ascontiguousarray(photo), rng)
    tensor = lambda image: torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))).float() / 255
    return {"photo": tensor(photo), "colour": tensor(colour), "lines": tensor(paint[..., 3:]),
            "weight": torch.from_numpy(attention(sample["points"], matrix, size))[None]}


class Crops(IterableDataset):
    """Endless random crops.  ``seed`` fixes the sequence of one worker."""

    def __init__(self, samples: list[dict], size: int, seed: int) -> None:
        self.faces = [s for s in samples if s["points"] is not None]
        self.scenes = [s for s in samples if s["points"] is None]
        self.size, self.seed = size, seed

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 1000 + (info.id if info else 0))
        torch.set_num_threads(1)
        while True:
            pool = self.scenes if not self.faces or (self.scenes and rng.random() < 0.18) else self.faces
            yield make_item(rng.choice(pool), self.size, rng)
