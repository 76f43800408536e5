"""Training samples: painted pairs cut, turned and disturbed on the fly.

Every item is {photo, colour [3,S,S]; lines [1,S,S]; tones [2,S,S] (shade, light), marks [3,S,S] (highlights, pupils,
irises), guides [K,S,S], all 0...1; weight [1,S,S] >= 1; style, its number; back [2,3], unit, face}: ``back`` maps K's
window (keypoints.py) to pixels of the crop, ``unit`` is the inter-ocular distance in window widths, ``face`` is 1 when
all five landmarks lie well inside the crop and 0 otherwise.  With art there is also art [1,S,S] 0...1.
Geometry and colour changes are applied to photo and painting alike, so that the network keeps colours and places;
noise, blur and JPEG only to the photo.  Guides are drawn in the crop, from a mesh that is moved by about a pixel.
"""
from __future__ import annotations

import functools
import itertools
import json
import math
import random
from pathlib import Path

import cv2
import numpy as np
import spectacles
import torch
import whiskers
from alignment import template
from drawn import art_patch
from guides import MAPS, guide_maps, synthetic_mesh
from keypoints import MIRRORED, SPAN, face_unit, inverse, to_window
from painter.mesh import BROW, IRIS, LIPS, LOWER_LID, MOUTH_LOWER, MOUTH_UPPER, UPPER_LID
from rare import BEARD, GLASSES, shown_weight
from torch.utils.data import IterableDataset

# OpenCV's thread pool does not survive the fork of a loader process: it would wait for ever.
cv2.setNumThreads(0)


def cut_marks(marks: np.ndarray) -> tuple[np.ndarray, tuple[int, int]]:
    """The part of marks [H,W,3] that is not empty, and its first pixel (x, y): a hundredth of the memory."""
    ys, xs = np.nonzero(marks.any(2))
    if not len(ys):
        return np.zeros((1, 1, 3), np.uint8), (0, 0)
    x, y = int(xs.min()), int(ys.min())
    return np.ascontiguousarray(marks[y:ys.max() + 1, x:xs.max() + 1]), (x, y)


def judged(cache: Path) -> dict[str, float]:
    """What somebody who looked at the paintings wrote into ``cache``/judged.txt: lines of a name and how many times as
    often as others it is to be shown, 0 for never; small copies (``_s``) go with their samples."""
    path = cache / "judged.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return {name: float(weight) for name, weight in (line.split() for line in lines if line.strip())}


def load_cache(cache: Path, styles: tuple[str, ...], limit: int | None = None) -> list[dict]:
    """All painted samples as uint8: photo, points [5,2] and mesh [478,2] (None in scenes); one for each style: paints
    [H,W,4], tones [H,W,2] (shade, light) and marks (see cut_marks); and how often it is shown (rare.py), as it was
    judged (`judged`).  Those not painted yet are left out."""
    samples, meshes, judgements = [], np.load(cache / "meshes.npz"), judged(cache)
    read = lambda path: cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    for entry in json.loads((cache / "index.json").read_text()):
        name = entry["name"]
        judgement = judgements.get(name.removesuffix("_s"), 1.0)
        if judgement <= 0:
            continue
        photo = read(cache / "photo" / f"{name}.png")
        if photo is None:
            continue
        sample = {"name": name, "photo": np.ascontiguousarray(photo[..., ::-1]), "paints": [], "tones": [], "marks": [],
                  "points": None if entry["points"] is None else np.array(entry["points"], np.float32),
                  "mesh": meshes[name] if name in meshes.files else None}
        for style in styles:
            paint, tones, marks = (read(cache / style / f"{name}.{kind}.png") for kind in ("paint", "tones", "marks"))
            sample["paints"].append(cv2.cvtColor(paint, cv2.COLOR_BGRA2RGBA))
            sample["tones"].append(np.ascontiguousarray(tones[..., :0:-1]))
            sample["marks"].append(cut_marks(marks[..., ::-1]))
        sample["shown"] = judgement * shown_weight(sample["paints"][0], sample["mesh"])
        samples.append(sample)
        if limit and len(samples) >= limit:
            break
    return samples


def synthetic_samples(count: int = 6, size: int = 288) -> list[dict]:
    """Coloured ellipses with outlines, half of them with landmarks: proves that training runs, without photographs."""
    rng = np.random.default_rng(0)
    samples = []
    # Small enough that all five points often lie inside the crop of a self-test.
    points = ((template(0.25) - 256) + size / 2).astype(np.float32)
    mesh = (synthetic_mesh(128) + (size - 128) / 2).astype(np.float32)
    for i in range(count):
        photo = np.full((size, size, 3), rng.integers(60, 200, 3), np.uint8)
        lines = np.zeros((size, size), np.uint8)
        for _ in range(8):
            centre, axes = rng.integers(0, size, 2).tolist(), rng.integers(15, 80, 2).tolist()
            cv2.ellipse(photo, centre, axes, 0, 0, 360, rng.integers(0, 255, 3).tolist(), -1, cv2.LINE_AA)
            cv2.ellipse(lines, centre, axes, 0, 0, 360, 255, 2, cv2.LINE_AA)
        noisy = np.clip(photo + rng.normal(0, 6, photo.shape), 0, 255).astype(np.uint8)
        tones, marks = np.dstack([lines, 255 - lines]), cut_marks(np.dstack([lines, 0 * lines, lines]))
        paints = [np.dstack([photo, lines]), np.dstack([255 - photo, lines])]
        samples.append({"photo": noisy, "paints": paints, "tones": [tones] * 2, "marks": [marks] * 2,
                        "points": None if i % 2 else points, "mesh": None if i % 2 else mesh, "shown": 1.0})
    return samples


def whole_view(sample: dict, size: int) -> np.ndarray:
    """Affine map [2,3] that fits the whole sample into size x size pixels."""
    h, w = sample["photo"].shape[:2]
    scale = size / max(h, w)
    # Pixel centres lie at whole numbers, so the middle of the picture is at (w - 1) / 2.
    return np.array([[scale, 0, (size - 1 - scale * (w - 1)) / 2], [0, scale, (size - 1 - scale * (h - 1)) / 2]])


def random_angle(rng: random.Random) -> float:
    """Tilt of the camera in radians: mostly small, sometimes up to 25 degrees."""
    return math.radians(rng.uniform(-25, 25) if rng.random() < 0.25 else rng.gauss(0, 9))


def random_view(sample: dict, size: int, rng: random.Random) -> np.ndarray:
    """Affine map [2,3] from the sample to a size x size crop: place, scale, turn."""
    h, w = sample["photo"].shape[:2]
    exact = rng.random() < 0.6
    scale = 1.0 if exact else math.exp(rng.uniform(math.log(0.65), math.log(1.6)))
    angle = 0.0 if exact or rng.random() < 0.4 else random_angle(rng)
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
    return matrix


def feature_view(sample: dict, size: int, rng: random.Random, mouth: bool) -> np.ndarray:
    """Affine map [2,3] from the sample to a size x size crop around its mouth or one of its eyes."""
    points = sample["points"]
    middle = points[3:].mean(0) if mouth else points[rng.randrange(2)]
    reach = 0.2 * face_unit(points)
    centre = middle + np.array([rng.uniform(-reach, reach), rng.uniform(-reach, reach)])
    scale, angle = math.exp(rng.uniform(math.log(0.75), math.log(1.7))), random_angle(rng)
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    return np.concatenate([turn, (size / 2 - turn @ centre)[:, None]], 1)


# Points of the mesh that a finder misplaces together: each eye with its brow, and the mouth.
PARTS = [list(UPPER_LID[i] + LOWER_LID[i] + IRIS[i] + BROW[i]) for i in (0, 1)]
PARTS.append(list(LIPS + MOUTH_UPPER + MOUTH_LOWER))
# Chances that a face gets glasses, that it gets a beard, moustache or stubble, and that the first style is asked for
# instead of any of them: most people use it.
SPECTACLES, BEARDS, FIRST_STYLE = 0.25, 0.35, 0.3
# What an error there weighs more than elsewhere: without it, wiping them off costs less than a shade's border.
WORN = 4.0
# Chances that a sample has no guides at all, and that it lacks a single one.
NO_GUIDES, NO_GUIDE = 0.1, 0.04


def moved_mesh(mesh: np.ndarray, rng: random.Random, amount: float = 0.7) -> np.ndarray:
    """The mesh [478,2] with errors as its finder makes them: parts moved by about ``amount`` px, irises by half."""
    noise = np.random.default_rng(rng.getrandbits(32))
    mesh = mesh + noise.normal(0, 0.5 * amount, 2)
    for part in PARTS:
        mesh[part] += noise.normal(0, amount, 2)
    for ring in IRIS:
        mesh[list(ring)] += noise.normal(0, 0.5 * amount, 2)
    return mesh


def seen_mesh(mesh: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """A sample's mesh [478,2] through ``matrix`` [2,3], in pixels of the crop."""
    # Points of a mesh count from the picture's corner, matrices from the first pixel's centre.
    return (mesh.astype(np.float64) - 0.5) @ matrix[:, :2].T + matrix[:, 2] + 0.5


def make_guides(seen: np.ndarray | None, size: int, rng: random.Random) -> np.ndarray:
    """Guide maps [size,size,K] of a mesh [478,2] in pixels of the crop; some or all are dropped at random."""
    if seen is None or rng.random() < NO_GUIDES:
        return np.zeros((size, size, len(MAPS)), np.float32)
    guides = guide_maps((size, size), moved_mesh(seen, rng))
    return guides * np.array([rng.random() >= NO_GUIDE for _ in MAPS], np.float32)


def warp(image: np.ndarray, matrix: np.ndarray, size: int) -> np.ndarray:
    """Crop [size,size,C] of a picture, averaged first where it shrinks much; mirrored beyond the edge."""
    zoom = math.sqrt(abs(np.linalg.det(matrix[:, :2])))
    if zoom < 0.6:
        h, w = image.shape[:2]
        small = (round(w * zoom), round(h * zoom))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        fx, fy = w / small[0], h / small[1]
        matrix = matrix @ np.array([[fx, 0, (fx - 1) / 2], [0, fy, (fy - 1) / 2], [0, 0, 1]])
    return cv2.warpAffine(image, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


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
    """Lookup table [256,3]: exposure, gamma and colour cast, the same for photo and painting; one in four strong."""
    amount = 2.2 if rng.random() < 0.25 else 1.0
    gamma = math.exp(rng.gauss(0, 0.12))
    gains = np.array([1 + amount * rng.gauss(0, 0.05) for _ in range(3)]) * math.exp(amount * rng.gauss(0, 0.08))
    x = np.linspace(0, 1, 256)[:, None] ** gamma
    return np.clip(x * gains * 255, 0, 255).astype(np.uint8)


def change_depth(images: list[np.ndarray], gamma: float) -> list[np.ndarray]:
    """Lab lightness ** gamma with hue and chroma kept: the same people with lighter (< 1) or darker (> 1) skin."""
    table = (np.linspace(0, 1, 256) ** gamma * 255 + 0.5).astype(np.uint8)
    changed = []
    for image in images:
        lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB)
        lab[..., 0] = cv2.LUT(lab[..., 0], table)
        changed.append(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))
    return changed


def occlude(photo: np.ndarray, colour: np.ndarray, lines: np.ndarray, tones: np.ndarray, marks: np.ndarray,
            rng: random.Random) -> None:
    """Paste one flat shape with an outline into photo and painting, as `cut_sample` gives them, in place."""
    size = len(photo)
    centre = np.array([rng.uniform(0, size), rng.uniform(0, size)])
    fill = [rng.randint(20, 240) for _ in range(3)]
    radius = size * rng.uniform(0.06, 0.25)
    # Four corners make a quadrangle, more of them a rounder blob.
    count = rng.choice((4, 4, 9))
    angles = [2 * math.pi * (i + rng.uniform(-0.25, 0.25)) / count for i in range(count)]
    corners = np.array([centre + radius * rng.uniform(0.7, 1.3) * np.array([math.cos(a), math.sin(a)]) for a in angles])
    outline = [corners.round().astype(np.int32)]
    for image, value in ((photo, fill), (colour, fill), (lines, 0), (tones, (0, 0)), (marks, (0, 0, 0))):
        cv2.fillPoly(image, outline, value, cv2.LINE_AA)
    # The painter outlines what stands out.
    cv2.polylines(lines, outline, True, 170, 2, cv2.LINE_AA)


def attention(points: np.ndarray | None, size: int) -> np.ndarray:
    """Loss weight [S,S]: 1 everywhere, up to 11 at the eyes, which are small and carry the look, and 7 at the mouth.

    ``points`` [5,2] in pixels of the crop.
    """
    weight = np.ones((size, size), np.float32)
    if points is None:
        return weight
    unit = face_unit(points)
    grid = np.arange(size, dtype=np.float32)
    spots = [(points[0], 0.2, 10.0), (points[1], 0.2, 10.0), (points[3:].mean(0), 0.28, 6.0), (points[2], 0.2, 1.0)]
    for (x, y), radius, gain in spots:
        r = 2 * (radius * unit) ** 2
        weight += gain * np.exp(-((grid - y) ** 2) / r)[:, None] * np.exp(-((grid - x) ** 2) / r)[None]
    return weight


def face_window(points: np.ndarray | None, size: int) -> dict[str, torch.Tensor]:
    """back, unit and face of an item (see the head of this file) from landmarks [5,2] px of the crop."""
    # Close to an edge the mirrored picture beyond it would show K a second mouth or eye.
    margin = 0 if points is None else 0.3 * face_unit(points)
    if points is None or points.min() < margin or points.max() > size - 1 - margin:
        return {"back": torch.zeros(2, 3), "unit": torch.ones(()), "face": torch.zeros(())}
    matrix = to_window(points)
    zoom = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    return {"back": torch.from_numpy(inverse(matrix).astype(np.float32)),
            "unit": torch.tensor(face_unit(points) * zoom / SPAN, dtype=torch.float32), "face": torch.ones(())}


def cut_sample(sample: dict, style: int, matrix: np.ndarray, size: int) -> list[np.ndarray]:
    """photo, colour [S,S,3], lines [S,S], tones [S,S,2], marks [S,S,3] of one style, seen through ``matrix`` [2,3]."""
    given = sample["photo"], sample["paints"][style], sample["tones"][style]
    photo, paint, tones = (warp(image, matrix, size) for image in given)
    part, first = sample["marks"][style]
    moved = matrix.copy()
    moved[:, 2] += matrix[:, :2] @ first
    marks = cv2.warpAffine(part, moved, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return [photo, np.ascontiguousarray(paint[..., :3]), np.ascontiguousarray(paint[..., 3]), tones, marks]


def make_item(sample: dict, size: int, rng: random.Random, whole: float = 0.0, view=random_view
              ) -> dict[str, torch.Tensor]:
    """One random training item from a painted sample; with chance ``whole`` it shows all of the sample."""
    matrix = whole_view(sample, size) if rng.random() < whole else view(sample, size, rng)
    mirrored = rng.random() < 0.5
    style = 0 if rng.random() < FIRST_STYLE else rng.randrange(len(sample["paints"]))
    images = cut_sample(sample, style, matrix, size)
    seen = None if sample["mesh"] is None else seen_mesh(sample["mesh"], matrix)
    worn = np.zeros((size, size), np.float32)
    if seen is not None and sample["shown"] < BEARD and rng.random() < BEARDS:
        worn = whiskers.put_on(*images[:4], seen, rng)
    if seen is not None and sample["shown"] < GLASSES and rng.random() < SPECTACLES:
        worn = np.maximum(worn, spectacles.put_on(*images[:3], images[4], seen, rng))
    images += [make_guides(seen, size, rng), worn]
    if mirrored:
        # After guides are drawn: their highlights are on the viewer's left, and so stay where the painter has them.
        images = [np.ascontiguousarray(image[:, ::-1]) for image in images]
        matrix = np.array([[-1, 0, size - 1], [0, 1, 0]]) @ np.vstack([matrix, [0, 0, 1]])
    photo, colour, lines, tones, marks, guides, worn = images
    if rng.random() < 0.25:
        photo, colour = change_depth([photo, colour], math.exp(rng.uniform(-0.4, 0.5)))
    if rng.random() < 0.5:
        table = colour_change(rng)[None]
        photo, colour = (cv2.LUT(image, table) for image in (photo, colour))
    if rng.random() < 0.2:
        occlude(photo, colour, lines, tones, marks, rng)
    photo = disturb(photo, rng)
    points = sample["points"]
    if points is not None:
        points = points[list(MIRRORED if mirrored else range(5))] @ matrix[:, :2].T + matrix[:, 2]
    floats = lambda image: torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))
    tensor = lambda image: floats(image).float() / 255
    return {"photo": tensor(photo), "colour": tensor(colour), "lines": tensor(lines[..., None]), "tones": tensor(tones),
            "marks": tensor(marks), "guides": floats(guides), "style": torch.tensor(style),
            "weight": torch.from_numpy(attention(points, size) + WORN * worn)[None], **face_window(points, size)}


def draw(samples: list[dict], rng: random.Random) -> dict:
    """One of the samples, each as often as it is to be shown."""
    return rng.choices(samples, [sample["shown"] for sample in samples])[0]


class Crops(IterableDataset):
    """Endless random crops.  ``seed`` fixes the sequence of one worker; ``art`` are grayscale pictures uint8 [H,W]."""

    def __init__(self, samples: list[dict], size: int, seed: int, whole: float = 0.0,
                 art: list[np.ndarray] | None = None) -> None:
        self.faces = [s for s in samples if s["points"] is not None]
        self.scenes = [s for s in samples if s["points"] is None]
        self.size, self.seed, self.whole, self.art = size, seed, whole, art

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 1000 + (info.id if info else 0))
        torch.set_num_threads(1)
        while True:
            pool = self.scenes if not self.faces or (self.scenes and rng.random() < 0.18) else self.faces
            item = make_item(draw(pool, rng), self.size, rng, self.whole)
            if self.art:
                item["art"] = torch.from_numpy(art_patch(self.art, self.size, rng))[None].float() / 255
            yield item


class FeaturePatches(IterableDataset):
    """Endless small crops of single eyes and mouths, in turn.

    They are a hundredth of a portrait, carry its look and are the hardest to draw: small crops show the network many
    more of them in the same time.
    """

    def __init__(self, samples: list[dict], size: int, seed: int) -> None:
        self.faces = [s for s in samples if s["points"] is not None]
        self.size, self.seed = size, seed

    def __iter__(self):
        info = torch.utils.data.get_worker_info()
        rng = random.Random(self.seed * 1000 + 500 + (info.id if info else 0))
        torch.set_num_threads(1)
        for number in itertools.count():
            # Three of five are eyes, of which there are two.
            view = functools.partial(feature_view, mouth=number % 5 >= 3)
            item = make_item(draw(self.faces, rng), self.size, rng, view=view)
            # Here they need no further weight against the rest of the picture.
            item["weight"] = item["weight"].clamp(max=4)
            yield item
