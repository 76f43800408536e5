"""The network of hair: its shapes, how its views are cut, and what it can learn."""
from __future__ import annotations

import random

import numpy as np
import torch
from hair_network import SIDE, HairNetwork
from train_hair import KEPT, batch, evaluate, moved


def disc(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Dark discs of chance places on a light ground, and their masks."""
    rng = random.Random(2)
    y, x = np.mgrid[0:KEPT, 0:KEPT]
    places = [(rng.randint(30, 80), rng.randint(30, 80)) for _ in range(count)]
    masks = np.stack([(x - u) ** 2 + (y - v) ** 2 < 20 ** 2 for u, v in places])
    photos = np.where(masks[..., None], (40, 30, 20), (200, 190, 180)).astype(np.uint8)
    return photos, (masks * 255).astype(np.uint8)


def test_answers_one_likelihood_for_each_pixel() -> None:
    found = HairNetwork().eval()(torch.rand(2, SIDE, SIDE, 3))
    assert found.shape == (2, 1, SIDE, SIDE)
    assert 0 <= found.min() and found.max() <= 1


def test_views_show_most_of_the_face() -> None:
    for seed in range(50):
        matrix = moved(random.Random(seed))
        middle = matrix @ np.array([(KEPT - 1) / 2, (KEPT - 1) / 2, 1])
        assert np.abs(middle - (SIDE - 1) / 2).max() < 0.07 * SIDE
        assert 0.8 < np.sqrt(abs(np.linalg.det(matrix[:, :2]))) * KEPT / SIDE < 1.25


def test_learns_what_masks_show() -> None:
    torch.manual_seed(0)
    photos, masks = disc(40)
    net, rng = HairNetwork(), random.Random(0)
    optimiser = torch.optim.Adam(net.parameters(), 5e-3)
    for _ in range(12):
        pictures, wanted = batch(photos, masks, rng)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(net.logits(pictures), wanted)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    net.eval()
    found = net(torch.from_numpy(photos[:, 24:24 + SIDE, 24:24 + SIDE].astype(np.float32) / 255)).detach().numpy()[:, 0]
    wanted = masks[:, 24:24 + SIDE, 24:24 + SIDE] > 127
    # How far it comes in so few steps depends on PyTorch's version: 0.298 and more were seen.
    assert found[wanted].mean() > found[~wanted].mean() + 0.2
    assert evaluate(net, photos, masks).startswith("40 faces")
