"""Train K, the keypoint branch, on photographs, painted pictures and drawings.

    python train_keypoints.py --data DIR --cache CACHE --out keypoints.pt --minutes 10
    python train_keypoints.py --data DIR --mesh mesh.npz --out keypoints.pt --evaluate

The same command goes on from keypoints.pt.  Every item is two views of one face, photo or drawing by chance.  Both
are held to the landmarks, and to each other, since the detector behind the landmarks is noisy: what K must do best
is to give the same answer again.
"""
from __future__ import annotations

import argparse
import copy
import math
import os
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from dataset import load_cache
from drawn import load_pairs, read_rgb
from keypoints import (
    MIRRORED,
    SPAN,
    WINDOW,
    Keypoints,
    face_unit,
    inverse,
    load_keypoints,
    mean_of_maps,
    spread_of_maps,
    to_window,
)
from paint import held_back, read_faces
from painter import LOOKS, analyse, compose, paint
from torch.utils.data import DataLoader, IterableDataset

# Every tenth drawn pair is kept for judging.
PAIR_STEP = 10


def jitter_window(points: np.ndarray, rng: random.Random, amount: float = 1.0) -> tuple[np.ndarray, bool]:
    """Matrix [2,3] from the picture to a displaced SPAN window, and whether it mirrors.

    At amount 1: shift of 10 % of the window, 12 degrees, 0.85 to 1.2 times the size, mirrored half of the time.
    """
    scale = math.exp(amount * rng.uniform(math.log(0.85), math.log(1.2)))
    angle = math.radians(12) * amount * rng.uniform(-1, 1)
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[c, -s], [s, c]])
    middle = np.full(2, (SPAN - 1) / 2)
    shift = middle + 0.1 * SPAN * amount * np.array([rng.uniform(-1, 1), rng.uniform(-1, 1)]) - turn @ middle
    matrix = to_window(points)
    matrix = np.concatenate([turn @ matrix[:, :2], (turn @ matrix[:, 2] + shift)[:, None]], 1)
    mirrored = amount >= 1 and rng.random() < 0.5
    if mirrored:
        matrix[0] *= -1
        matrix[0, 2] += SPAN - 1
    return matrix, mirrored


def cut(image: np.ndarray, matrix: np.ndarray, border: int = cv2.BORDER_REFLECT_101) -> np.ndarray:
    """K's window of a picture, uint8 [WINDOW,WINDOW,3]: the same as keypoints.cut_windows."""
    whole = cv2.warpAffine(image, matrix, (SPAN, SPAN), flags=cv2.INTER_LINEAR, borderMode=border)
    return cv2.resize(whole, (WINDOW, WINDOW), interpolation=cv2.INTER_AREA)


def recolour(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """Exposure, gamma, contrast and colour casts, sometimes gray, swapped channels, few tones or light from a side."""
    steps = np.linspace(0, 1, 256)
    gain, gamma = rng.uniform(0.65, 1.45), math.exp(rng.uniform(-0.75, 0.75))
    table = np.stack([gain * rng.uniform(0.8, 1.2) * steps ** (gamma * rng.uniform(0.85, 1.15)) for _ in range(3)], 1)
    if rng.random() < 0.15:
        tones = rng.randint(4, 9)
        table = np.round(table * tones) / tones
    table = (table.clip(0, 1) * 255 + 0.5).astype(np.uint8)
    image = np.dstack([cv2.LUT(image[..., i], table[:, i]) for i in range(3)])
    if rng.random() < 0.1:
        image = np.repeat(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)
    elif rng.random() < 0.1:
        image = np.ascontiguousarray(image[..., rng.sample(range(3), 3)])
    if rng.random() < 0.3:
        angle, depth = rng.uniform(0, 2 * math.pi), rng.uniform(0.2, 0.6)
        line = np.linspace(-1, 1, WINDOW, dtype=np.float32)
        slope = 1 + depth * (math.cos(angle) * line[None] + math.sin(angle) * line[:, None]).clip(-1, 1)
        image = (image * slope[..., None]).clip(0, 255).astype(np.uint8)
    return image


def damage(image: np.ndarray, rng: random.Random) -> np.ndarray:
    """Something in front of the face, low resolution, blur, noise, JPEG."""
    if rng.random() < 0.3:
        colour = [rng.randint(0, 255) for _ in range(3)]
        centre = (rng.randint(0, WINDOW), rng.randint(0, WINDOW))
        axes = (rng.randint(6, 30), rng.randint(6, 30))
        image = image.copy()
        if rng.random() < 0.5:
            cv2.ellipse(image, centre, axes, rng.uniform(0, 180), 0, 360, colour, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(image, (centre[0] - axes[0], centre[1] - axes[1]), (centre[0] + axes[0], centre[1] + axes[1]),
                          colour, -1)
    if rng.random() < 0.15:
        small = rng.randint(40, 100)
        image = cv2.resize(cv2.resize(image, (small, small), interpolation=cv2.INTER_AREA), (WINDOW, WINDOW),
                           interpolation=cv2.INTER_LINEAR)
    if rng.random() < 0.3:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.6))
    if rng.random() < 0.4:
        noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(image.shape, np.float32)
        image = (image + noise * rng.uniform(1, 16)).clip(0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        image = cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(15, 90)])[1],
                             cv2.IMREAD_COLOR)
    return image


def to_tensor(image: np.ndarray) -> torch.Tensor:
    """uint8 [H,W,3] -> float [3,H,W] in -1...1."""
    return torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1))).float() / 127.5 - 1


def make_view(sample: dict, rng: random.Random) -> dict[str, torch.Tensor]:
    """One view: image [3,128,128], points [5,2] in 0...1, the way back to the picture, unit in window widths."""
    points = sample["points"]
    matrix, mirrored = jitter_window(points, rng)
    images = sample["images"]
    image = images[0] if len(images) == 1 or rng.random() < 0.5 else rng.choice(images[1:])
    border = rng.choice((cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT))
    image = damage(recolour(cut(image, matrix, border), rng), rng)
    at = (points @ matrix[:, :2].T + matrix[:, 2] + 0.5) / SPAN
    order = MIRRORED if mirrored else range(5)
    return {"image": to_tensor(image), "points": torch.from_numpy(at[list(order)].astype(np.float32)),
            "back": torch.from_numpy(inverse(matrix).astype(np.float32)),
            "order": torch.tensor(list(order)), "unit": torch.tensor(face_unit(points), dtype=torch.float32),
            "zoom": torch.tensor(math.sqrt(abs(np.linalg.det(matrix[:, :2]))), dtype=torch.float32)}


class Views(IterableDataset):
    """Endless pairs of views of one face, stacked in the first axis."""

    def __init__(self, samples: list[dict], seed: int) -> None:
        self.samples, self.seed = samples, seed

    def __iter__(self):
        rng = random.Random(self.seed)
        torch.set_num_threads(1)
        # Pictures that were painted or drawn come more often, since they are fewer.
        weights = [2.0 if len(s["images"]) > 1 else 1.0 for s in self.samples]
        while True:
            sample = rng.choices(self.samples, weights)[0]
            a, b = make_view(sample, rng), make_view(sample, rng)
            yield {k: torch.stack([a[k], b[k]]) for k in a}


def composed(paint: np.ndarray, tint: np.ndarray) -> np.ndarray:
    """Colour and coverage uint8 [H,W,4] -> picture uint8 [H,W,3]."""
    alpha = paint[..., 3:] / np.float32(255)
    return (paint[..., :3] * (1 - alpha * (1 - tint)) + 0.5).astype(np.uint8)


def load_samples(data: Path, cache: Path | None) -> list[dict]:
    """Training faces {images: photo first, then its paintings or drawings; points}, held-back ones left out."""
    painted: dict[str, list[np.ndarray]] = {}
    for sample in load_cache(cache, tuple(LOOKS)) if cache else ():
        painted[sample["name"]] = [composed(paint, look.tint) for paint, look in zip(sample["paints"], LOOKS.values())]
    faces = read_faces(data)
    hidden = held_back(faces)
    samples = []
    for face in faces:
        if face["file"] not in hidden:
            images = [read_rgb(data / "faces" / face["file"])] + painted.get("f" + Path(face["file"]).stem, [])
            samples.append({"images": images, "points": np.array(face["points"], np.float32)})
    pairs = [p for i, p in enumerate(load_pairs(data)) if i % PAIR_STEP]
    return samples + [{"images": [p["photo"], p["drawn"]], "points": p["points"]} for p in pairs]


def keypoint_loss(maps: torch.Tensor, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, float]]:
    """Distance from the landmarks and between the two views, in units of the face.  maps [2N,5,32,32], views in
    turn."""
    points = mean_of_maps(maps)
    # Window widths -> pixels of the picture -> inter-ocular distances.
    scale = (SPAN / batch["zoom"] / batch["unit"])[:, None, None]
    off = (points - batch["points"]) * scale
    label = F.smooth_l1_loss(off, torch.zeros_like(off), beta=0.03)
    ordered = torch.gather(points, 1, batch["order"][..., None].expand(-1, -1, 2))
    at = torch.einsum("nij,npj->npi", batch["back"][..., :2], ordered * SPAN - 0.5) + batch["back"][:, None, :, 2]
    apart = (at[0::2] - at[1::2]) / batch["unit"][0::2, None, None]
    agree = F.smooth_l1_loss(apart, torch.zeros_like(apart), beta=0.01)
    # Undecided maps can have a right mean by luck only.
    spread = F.relu(spread_of_maps(maps, points) - 1.0).mean()
    parts = {"label": label, "agree": agree, "spread": 0.003 * spread}
    return sum(parts.values()), {k: float(v.detach()) for k, v in parts.items()}


class KeypointTrainer:
    """Network, average, optimiser and progress of a run."""

    def __init__(self, args: argparse.Namespace) -> None:
        torch.manual_seed(args.seed)
        self.args, self.net = args, Keypoints().to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-3)
        self.ema, self.step, self.spent = copy.deepcopy(self.net).eval(), 0, 0.0
        if args.out.exists():
            state = torch.load(args.out, map_location="cpu", weights_only=True)
            self.net.load_state_dict(state["net"])
            self.ema.load_state_dict(state["ema"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.spent = state["step"], state["spent"]

    def save(self) -> None:
        temporary = self.args.out.with_suffix(".tmp")
        torch.save({"net": self.net.state_dict(), "ema": self.ema.state_dict(),
                    "optimizer": self.optimizer.state_dict(),
                    "step": self.step, "spent": self.spent}, temporary)
        os.replace(temporary, self.args.out)

    def train_step(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        batch = {k: v.flatten(0, 1) for k, v in batch.items()}
        done = min(1.0, self.spent / (60 * self.args.minutes))
        for group in self.optimizer.param_groups:
            warmth = min(1.0, (self.step + 1) / 50)
            group["lr"] = self.args.lr * warmth * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
        image = batch["image"].contiguous(memory_format=torch.channels_last)
        loss, parts = keypoint_loss(self.net.maps(image), batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        keep = min(0.99, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for mean, value in zip(self.ema.state_dict().values(), self.net.state_dict().values()):
                mean.lerp_(value, 1 - keep) if mean.dtype.is_floating_point else mean.copy_(value)
        self.step += 1
        return parts

    def fit(self, loader: DataLoader) -> None:
        last = saved = time.monotonic()
        sums: dict[str, float] = {}
        for batch in loader:
            if self.spent >= 60 * self.args.minutes:
                break
            for k, v in self.train_step(batch).items():
                sums[k] = sums.get(k, 0.0) + v / 50
            now = time.monotonic()
            self.spent, last = self.spent + now - last, now
            if self.step % 50 == 0:
                print(f"step {self.step} min {self.spent / 60:.1f} "
                      + " ".join(f"{k} {v:.4f}" for k, v in sums.items()), flush=True)
                sums = {}
            if now - saved > 60:
                self.save()
                saved = now
        self.save()


def find(net: Keypoints, image: np.ndarray, matrix: np.ndarray, disturb=lambda x: x) -> np.ndarray:
    """Points [5,2] in pixels of the picture, seen through the window that ``matrix`` cuts."""
    with torch.no_grad():
        points = net(to_tensor(disturb(cut(image, matrix)))[None])[0].numpy() * SPAN - 0.5
    back = inverse(matrix)
    return points @ back[:, :2].T + back[:, 2]


def figures(net: Keypoints, pictures: list[tuple[np.ndarray, np.ndarray]]) -> tuple[float, float, float]:
    """Medians over (picture, landmarks): mean error, eyes' and mouth corners' own noise under jitter; inter-ocular."""
    rng, rows = random.Random(7), []
    for image, points in pictures:
        unit = face_unit(points)
        noise = np.random.default_rng(0)
        grainy = lambda x: (x + noise.normal(0, 2, x.shape)).clip(0, 255).astype(np.uint8)
        error = np.linalg.norm(find(net, image, to_window(points)) - points, axis=1).mean() / unit
        # Half the jitter of training: more than two runs of a detector ever differ by.
        again = np.stack([find(net, image, jitter_window(points, rng, 0.5)[0], grainy) for _ in range(12)])
        moved = np.linalg.norm(again - again.mean(0), axis=2).mean(0) / unit
        rows.append((error, moved[:2].mean(), moved[3:].mean()))
    return tuple(np.median(np.array(rows), 0).round(5).tolist())


def evaluate(net: Keypoints, data: Path, mesh: Path | None) -> None:
    """Print the figures for held-back photographs, their paintings in every style and held-back drawings."""
    faces = read_faces(data)
    hidden = held_back(faces)
    meshes = dict(np.load(mesh)) if mesh else {}
    photos, paintings, apart = [], {name: [] for name in LOOKS}, []
    for face in (f for f in faces if f["file"] in hidden):
        photo, points = read_rgb(data / "faces" / face["file"]), np.array(face["points"], np.float32)
        photos.append((photo, points))
        analysis, matrix = analyse(photo, points, meshes.get(face["file"])), to_window(points)
        for name, look in LOOKS.items():
            painting = paint(analysis, look)
            picture = (compose(painting.colour, painting.lines, look.tint).clip(0, 1) * 255 + 0.5).astype(np.uint8)
            paintings[name].append((picture, points))
            shift = np.linalg.norm(find(net, photo, matrix) - find(net, picture, matrix), axis=1).mean()
            apart.append(shift / face_unit(points))
    drawn = [(p["drawn"], p["points"]) for i, p in enumerate(load_pairs(data)) if i % PAIR_STEP == 0]
    print("median over faces, in inter-ocular distances: (mean error, noise of eyes, noise of mouth corners)")
    for name, pictures in (("photo", photos), *paintings.items(), ("drawn", drawn)):
        print(f"{name} (N = {len(pictures)}): {figures(net, pictures)}")
    print(f"painted against photo, same window: {np.median(apart):.5f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, help="painted samples from paint.py, all styles")
    parser.add_argument("--mesh", type=Path, help="from mesh.py, to paint the faces of --evaluate")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--batch", type=int, default=24, help="faces in a step, two views each")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--evaluate", action="store_true")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    if args.evaluate:
        return evaluate(load_keypoints(args.out), args.data, args.mesh)
    trainer = KeypointTrainer(args)
    samples = load_samples(args.data, args.cache)
    print(f"{len(samples)} faces", flush=True)
    trainer.fit(DataLoader(Views(samples, args.seed + trainer.step), args.batch, num_workers=1, prefetch_factor=4))


if __name__ == "__main__":
    main()
