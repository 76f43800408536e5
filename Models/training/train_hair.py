"""Train the network of hair (hair_network.py) on the masks of hair_masks.py, and write it as ONNX.

    python train_hair.py --data DIR --hair hair --checkpoint hair.pt --minutes 12
    python train_hair.py --data DIR --hair hair --checkpoint hair.pt --evaluate --export ../hair.onnx

Every picture is turned, scaled, moved, mirrored, relit and blurred a little, since five landmarks place a face only
about.  The held-back faces are left out and judged by.
"""
from __future__ import annotations

import argparse
import copy
import math
import random
import time
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F
from export_onnx import write_onnx
from hair_network import SIDE, HairNetwork, load_hair_network
from paint import held_back, read_faces

# Pixels a side that pictures are kept at.
KEPT = 112
BATCH = 32


def load(data: Path, hair: Path, hidden: bool) -> tuple[np.ndarray, np.ndarray]:
    """Photographs uint8 [N,KEPT,KEPT,3] (RGB) and masks uint8 [N,KEPT,KEPT] of the held-back faces or of the others."""
    faces = read_faces(data)
    kept_back = held_back(faces)
    photos, masks = [], []
    for name in (face["file"] for face in faces if (face["file"] in kept_back) == hidden):
        mask = cv2.imread(str(hair / f"{Path(name).stem}.png"), cv2.IMREAD_GRAYSCALE)
        photo = cv2.imread(str(data / "faces" / name))
        if mask is None or photo is None:
            continue
        photos.append(cv2.resize(photo[..., ::-1], (KEPT, KEPT), interpolation=cv2.INTER_AREA))
        masks.append(cv2.resize(mask, (KEPT, KEPT), interpolation=cv2.INTER_AREA))
    return np.stack(photos), np.stack(masks)


def moved(rng: random.Random) -> np.ndarray:
    """Matrix [2,3] from a kept picture to a displaced square of the network."""
    scale = SIDE / KEPT * math.exp(rng.uniform(-0.16, 0.16))
    angle = math.radians(rng.uniform(-14, 14))
    c, s = scale * math.cos(angle), scale * math.sin(angle)
    turn = np.array([[c, -s], [s, c]]) @ np.diag([rng.choice((-1, 1)), 1])
    middle = np.array([rng.uniform(-0.06, 0.06), rng.uniform(-0.06, 0.06)]) * SIDE + (SIDE - 1) / 2
    return np.hstack([turn, (middle - turn @ np.full(2, (KEPT - 1) / 2))[:, None]])


def relit(picture: np.ndarray, rng: random.Random) -> np.ndarray:
    """Float [H,W,3] in 0...1 with other exposure, gamma and cast, sometimes gray, blurred or noisy."""
    gamma = math.exp(rng.uniform(-0.5, 0.5))
    gains = rng.uniform(0.75, 1.25) * np.array([rng.uniform(0.9, 1.1) for _ in range(3)])
    picture = gains * picture ** gamma
    if rng.random() < 0.12:
        picture = np.repeat(picture.mean(-1, keepdims=True), 3, -1)
    if rng.random() < 0.25:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.3, 0.9))
    if rng.random() < 0.25:
        noise = np.random.default_rng(rng.getrandbits(32)).standard_normal(picture.shape)
        picture = picture + rng.uniform(0.005, 0.03) * noise
    return picture.clip(0, 1).astype(np.float32)


def batch(photos: np.ndarray, masks: np.ndarray, rng: random.Random) -> tuple[torch.Tensor, torch.Tensor]:
    """[BATCH,SIDE,SIDE,3] and [BATCH,1,SIDE,SIDE] of chance faces."""
    pictures, wanted = [], []
    for index in (rng.randrange(len(photos)) for _ in range(BATCH)):
        matrix = moved(rng)
        border = rng.choice((cv2.BORDER_REFLECT_101, cv2.BORDER_REPLICATE))
        cut = [cv2.warpAffine(x[index], matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border) / 255
               for x in (photos, masks)]
        pictures.append(relit(cut[0], rng))
        wanted.append(cut[1][None].astype(np.float32))
    return torch.from_numpy(np.stack(pictures)), torch.from_numpy(np.stack(wanted))


def train(net: HairNetwork, photos: np.ndarray, masks: np.ndarray, checkpoint: Path, minutes: float) -> None:
    """Adam with a falling rate for so long; what is kept is the average of the weights."""
    rng = random.Random(1)
    average, begun, step = copy.deepcopy(net).eval(), time.monotonic(), 0
    optimiser = torch.optim.AdamW(net.parameters(), 3e-3, weight_decay=1e-3)
    while (done := (time.monotonic() - begun) / (60 * minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = 3e-3 * 0.5 * (1 + math.cos(math.pi * done)) + 1e-5
        pictures, wanted = batch(photos, masks, rng)
        loss = F.binary_cross_entropy_with_logits(net.logits(pictures), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        keep = min(0.995, 1 - 1 / step)
        with torch.no_grad():
            for mean, value in zip(average.state_dict().values(), net.state_dict().values()):
                mean.copy_(mean * keep + value * (1 - keep) if mean.is_floating_point() else value)
        if step % 100 == 0:
            print(f"{step} {loss.item():.4f}", flush=True)
            torch.save({"average": average.state_dict(), "steps": step}, checkpoint)
    torch.save({"average": average.state_dict(), "steps": step}, checkpoint)


def evaluate(net: HairNetwork, photos: np.ndarray, masks: np.ndarray) -> str:
    """How much of the pixels found or to be found are both, and how many of those found are right."""
    both = found_count = wanted_count = 0
    for photo, mask in zip(photos, masks):
        small, wanted = (cv2.resize(x, (SIDE, SIDE), interpolation=cv2.INTER_AREA) / np.float32(255)
                         for x in (photo, mask))
        found = net(torch.from_numpy(small)[None])[0, 0].detach().numpy() > 0.5
        both += (found & (wanted > 0.5)).sum()
        found_count, wanted_count = found_count + found.sum(), wanted_count + (wanted > 0.5).sum()
    return (f"{len(photos)} faces: intersection over union {both / (found_count + wanted_count - both):.3f}, "
            f"precision {both / found_count:.3f}, recall {both / wanted_count:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hair", type=Path, required=True)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--evaluate", action="store_true")
    parser.add_argument("--export", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    if not args.evaluate:
        train(HairNetwork().train(), *load(args.data, args.hair, hidden=False), args.checkpoint, args.minutes)
    net = load_hair_network(args.checkpoint)
    print(evaluate(net, *load(args.data, args.hair, hidden=True)))
    if args.export:
        write_onnx(net, (torch.zeros(1, SIDE, SIDE, 3),), args.export, ["picture"], ["hair"])


if __name__ == "__main__":
    main()
