"""Train the generator on painted pairs.

    python train.py --cache CACHE --run RUN --start-from start.pt --minutes 90
    python train.py --smoke            self-test on synthetic shapes

RUN/last.pt holds weights, averaged weights (EMA), optimiser and progress; the same command goes on from there, with
what has been painted meanwhile.  RUN/curve.csv keeps the terms.  With --minutes the learning rate follows the time
spent, with --steps the number of steps.  --weight NAME=VALUE changes a term's weight (losses.py: WEIGHTS), 0 leaves
it out.
"""
from __future__ import annotations

import argparse
import copy
import csv
import math
import os
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn as nn
from dataset import Crops, FeaturePatches, load_cache, synthetic_samples
from drawn import art_patch, load_art, synthetic_art
from keypoints import load_keypoints
from losses import (
    EVERY,
    WEIGHTS,
    PatchDiscriminator,
    discriminator_loss,
    drawn_picture,
    geometry_loss,
    luma,
    painting_terms,
)
from network import CelGenerator, with_inputs
from painter.look import LOOKS
from torch.utils.data import DataLoader
from vgg import art_grams, content_loss, load_vgg, style_loss

# Side of a patch with an eye and its brow, or a mouth, px; and of the window that VGG judges.
FEATURE_PATCH, JUDGED = 80, 128
# Patches of art whose mean hand is the style that is asked for.
ART_PATCHES = 48
SECONDS_BETWEEN_SAVES = 150


def load_matching(net: nn.Module, checkpoint: Path) -> list[str]:
    """Put a checkpoint's averaged weights into ``net``; names of the values that it lacks or has in another shape.

    Takes training checkpoints, those with averaged weights only, and bare weights.
    """
    state = torch.load(checkpoint, map_location="cpu")
    weights = state.get("ema", state.get("net", state))
    own = net.state_dict()
    fits = lambda v, to: v.shape == to.shape or (v.dim() == 4 == to.dim() and v.shape[1] < to.shape[1]
                                                 and v.shape[:1] + v.shape[2:] == to.shape[:1] + to.shape[2:])
    usable = {k: with_inputs(v, own[k]) for k, v in weights.items() if k in own and fits(v, own[k])}
    if not usable:
        raise SystemExit(f"{checkpoint} holds no weights of this network; give a checkpoint of train.py.")
    net.load_state_dict(usable, strict=False)
    return [k for k in own if k not in usable]


class Trainer:
    """State of a run: networks, optimisers, average, progress."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(args.seed)
        # On CPUs with AVX512-BF16 or AMX twice as fast; on others float32 in the plain layout wins by 1.6.
        self.layout = torch.channels_last if args.bf16 else torch.contiguous_format
        self.net = CelGenerator(len(args.styles)).to(self.device, memory_format=self.layout)
        self.critic = PatchDiscriminator().to(self.device, memory_format=self.layout)
        self.weights, self.every = args.weights, dict.fromkeys(EVERY, 1) if args.smoke else EVERY
        self.judge = load_keypoints(args.keypoints).to(self.device) if self.weights["geometry"] else None
        self.vgg = load_vgg(args.vgg).to(self.device) if self.weights["content"] or self.weights["style"] else None
        self.art_grams: list[torch.Tensor] = []
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
        self.critic_optimizer = torch.optim.AdamW(self.critic.parameters(), lr=4e-4, betas=(0.5, 0.99))
        self.tints = torch.tensor([LOOKS[style].line_tint for style in args.styles], device=self.device)
        self.step, self.spent = 0, 0.0
        self.path = args.run / "last.pt"
        if not self.path.exists() and args.start_from:
            # Layers that the older network lacked keep their fresh values.
            print("fresh layers:", load_matching(self.net, args.start_from) or "none", flush=True)
        self.ema = copy.deepcopy(self.net).eval()
        if self.path.exists():
            self.resume()

    def resume(self) -> None:
        state = torch.load(self.path, map_location=self.device)
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.critic.load_state_dict(state["critic"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.step, self.spent = int(state["step"]), float(state["spent"])
        print(f"going on from step {self.step}, {self.spent / 60:.1f} minutes", flush=True)

    def save(self) -> None:
        temporary = self.path.with_suffix(".tmp")
        torch.save({"net": self.net.state_dict(), "ema": self.ema.state_dict(), "critic": self.critic.state_dict(),
                    "optimizer": self.optimizer.state_dict(), "critic_optimizer": self.critic_optimizer.state_dict(),
                    "step": self.step, "spent": self.spent}, temporary)
        os.replace(temporary, self.path)

    def set_art(self, pictures: list, count: int = ART_PATCHES) -> None:
        """Take the hand of drawings, uint8 [H,W] each, for the style term."""
        rng = random.Random(5)
        patches = [torch.from_numpy(art_patch(pictures, JUDGED, rng)) for _ in range(count)]
        self.art_grams = art_grams(self.vgg, self.to_device(torch.stack(patches)[:, None].float() / 255))

    def progress(self) -> float:
        """0...1: how much of the run is done."""
        if self.args.steps:
            return self.step / self.args.steps
        return self.spent / (60 * self.args.minutes)

    def set_rate(self) -> None:
        """Short warm-up, then a cosine down to a fiftieth."""
        warm = min(1.0, (self.step + 1) / 100)
        rate = self.args.lr * warm * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, self.progress()))))
        for group in self.optimizer.param_groups:
            group["lr"] = rate

    def average(self) -> None:
        """Move the averaged weights; early on the window is short, so that they do not lag."""
        keep = min(self.args.ema, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for mean, value in zip(self.ema.parameters(), self.net.parameters()):
                mean.lerp_(value, 1 - keep)

    def autocast(self):
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.args.bf16)

    def to_device(self, value: torch.Tensor) -> torch.Tensor:
        value = value.to(self.device)
        return value.contiguous(memory_format=self.layout) if value.dim() == 4 else value

    def due(self, name: str, offset: int = 0) -> bool:
        """Whether a dear term runs on this step; not all run on the same one.  Patches, every other step, have none."""
        return self.weights[name] > 0 and (self.step // 2 + offset) % self.every[name] == 0

    def judged_terms(self, output: dict[str, torch.Tensor], picture: torch.Tensor, wanted: torch.Tensor,
                     batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The terms of K, VGG and the discriminator that are due, as heavy as if they ran on every step."""
        terms = {}
        if self.due("geometry"):
            seen = drawn_picture(output, batch["photo"], self.tints[batch["style"]])
            terms["geometry"] = geometry_loss(self.judge, batch["photo"], seen, batch)
        # A window of some samples is enough: over many steps all is seen.
        y, x = ((picture.shape[2] - JUDGED) // 2 if picture.shape[2] > JUDGED else 0,) * 2
        window = lambda image: image[:self.args.judged, :, y:y + JUDGED, x:x + JUDGED]
        with self.autocast():
            if self.due("content", 1):
                terms["content"] = content_loss(self.vgg, window(picture), window(wanted))
            if self.due("style", 5) and self.art_grams:
                terms["style"] = style_loss(self.vgg, window(picture), self.art_grams)
        if self.due("adversarial", 2) and self.progress() >= self.args.adversarial_from:
            terms["adversarial"] = self.adversarial_term(picture, wanted, batch.get("art"))
        return {name: self.every[name] * value for name, value in terms.items()}

    def adversarial_term(self, picture: torch.Tensor, wanted: torch.Tensor, art: torch.Tensor | None) -> torch.Tensor:
        """Teaches the discriminator and returns what it holds against the picture."""
        painted, drawn = luma(wanted), luma(picture)
        with self.autocast():
            critic = discriminator_loss(self.critic, painted, drawn.detach(), art)
        self.critic_optimizer.zero_grad(set_to_none=True)
        critic.backward()
        self.critic_optimizer.step()
        with self.autocast():
            return -self.critic(drawn).float().mean()

    def train_step(self, batch: dict[str, torch.Tensor], patches: bool) -> dict[str, float]:
        """One update of the generator; ``patches``: the batch shows single features, which painting alone can judge."""
        batch = {k: self.to_device(v) for k, v in batch.items()}
        self.set_rate()
        with self.autocast():
            output = self.net.parts(batch["photo"] * 2 - 1, batch["guides"], batch["style"])
        terms, picture, wanted = painting_terms(output, batch, self.tints[batch["style"]])
        terms = {k: v for k, v in terms.items() if self.weights[k] > 0}
        if not patches:
            terms.update(self.judged_terms(output, picture, wanted, batch))
        weighted = {k: self.weights[k] * v for k, v in terms.items()}
        loss = sum(weighted.values())
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.step += 1
        self.average()
        return {("patches" if patches else "total"): float(loss.detach()),
                **{k: float(v.detach()) for k, v in weighted.items() if not patches}}

    def log(self, sums: dict[str, list[float]]) -> None:
        """A line on the console and one in curve.csv: weighted terms, means over the steps that had them."""
        names = ["total", "patches", *WEIGHTS]
        means = {k: sum(v) / len(v) for k, v in sums.items()}
        text = " ".join(f"{k} {means[k]:.4f}" for k in names if k in means)
        print(f"step {self.step} min {self.spent / 60:.1f} {text}", flush=True)
        path = self.args.run / "curve.csv"
        fresh = not path.exists()
        with open(path, "a", newline="") as file:
            writer = csv.writer(file)
            if fresh:
                writer.writerow(["step", "minutes", *names])
            values = [f"{means[k]:.5f}" if k in means else "" for k in names]
            writer.writerow([self.step, round(self.spent / 60, 2), *values])

    def fit(self, batches: Iterator[tuple[dict[str, torch.Tensor], bool]]) -> None:
        """Train on batches until the run is done; reports and saves now and then."""
        started = saved = time.monotonic()
        sums: dict[str, list[float]] = {}
        for batch, patches in batches:
            if self.progress() >= 1:
                break
            for k, v in self.train_step(batch, patches).items():
                sums.setdefault(k, []).append(v)
            now = time.monotonic()
            self.spent, started = self.spent + now - started, now
            if self.step % self.args.log == 0:
                self.log(sums)
                sums = {}
            if now - saved > SECONDS_BETWEEN_SAVES:
                self.save()
                saved = now
        self.save()


def weight_table(changes: list[str]) -> dict[str, float]:
    """WEIGHTS with NAME=VALUE changes."""
    table = dict(WEIGHTS)
    for change in changes:
        name, _, value = change.partition("=")
        try:
            if name not in table or float(value) < 0:
                raise ValueError
            table[name] = float(value)
        except ValueError:
            names = ", ".join(table)
            raise SystemExit(f"--weight {change}: give NAME=VALUE, 0 or more; names are {names}.") from None
    return table


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="painted samples from paint.py")
    parser.add_argument("--run", type=Path, help="folder for checkpoints and curve")
    parser.add_argument("--styles", nargs="+", choices=sorted(LOOKS), default=list(LOOKS), help="trained at once")
    parser.add_argument("--start-from", type=Path, help="checkpoint that a new run begins with (import_onnx.py)")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--steps", type=int, default=0, help="instead of --minutes")
    parser.add_argument("--batch", type=int, default=3)
    parser.add_argument("--size", type=int, default=192, help="side of a crop, a multiple of 16")
    parser.add_argument("--lr", type=float, default=8e-4)
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--log", type=int, default=50)
    parser.add_argument("--whole", type=float, default=0.1, help="chance of a crop with the whole picture, shrunk")
    parser.add_argument("--patches", type=int, default=12, help="eyes and mouths to learn from in every other step")
    parser.add_argument("--weight", nargs="+", default=[], metavar="NAME=VALUE", help=", ".join(WEIGHTS))
    parser.add_argument("--judged", type=int, default=1, help="samples of a batch that VGG judges; 8 on a GPU")
    parser.add_argument("--keypoints", type=Path, help="K, keypoints.onnx or a checkpoint, for the geometric term")
    parser.add_argument("--vgg", type=Path, help="ONNX file with VGG16's weights (vgg.py), for content and style")
    parser.add_argument("--data", type=Path, help="DIR with art/, for style and as examples for the discriminator")
    parser.add_argument("--adversarial-from", type=float, default=0.2, help="part of the run before the discriminator")
    parser.add_argument("--bf16", action="store_true", help="for GPUs and CPUs with AVX512-BF16 or AMX")
    parser.add_argument("--smoke", action="store_true", help="self-test on synthetic shapes")
    args = parser.parse_args(given)
    args.weights = weight_table(args.weight)
    if args.smoke:
        args.steps, args.batch, args.size, args.workers, args.log = args.steps or 40, 4, 96, 0, 2
        args.styles, args.patches, args.whole = args.styles[:2], 4, 0.3
        args.run = args.run or Path(tempfile.mkdtemp(prefix="smoke-"))
        args.adversarial_from = 0.0
        return args
    if not (args.cache and args.run):
        parser.error("--cache and --run are needed, or --smoke")
    for name, option in (("geometry", "keypoints"), ("content", "vgg"), ("style", "vgg"), ("style", "data")):
        if args.weights[name] and not getattr(args, option):
            parser.error(f"the term {name} needs --{option}; --weight {name}=0 leaves it out")
    return args


def in_turn(crops: Iterator, patches: Iterator | None) -> Iterator[tuple[dict[str, torch.Tensor], bool]]:
    """Batches of crops and, with ``patches``, one of those after each; and whether it is one of those."""
    for batch in crops:
        yield batch, False
        if patches is not None:
            yield next(patches), True


def run(args: argparse.Namespace) -> Trainer:
    """Train from where args.run stands to the end."""
    args.run.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(args)
    samples = synthetic_samples() if args.smoke else load_cache(args.cache, args.styles)
    print(f"{len(samples)} samples on {trainer.device}", flush=True)
    art = synthetic_art() if args.smoke else load_art(args.data) if args.data else None
    if art and trainer.weights["style"]:
        trainer.set_art(art, 2 if args.smoke else ART_PATCHES)
    # A resumed run must not see the same crops again.
    seed, patches = args.seed + trainer.step, None
    crops = iter(DataLoader(Crops(samples, args.size, seed, args.whole, art), args.batch, num_workers=args.workers))
    if args.patches:
        data = FeaturePatches(samples, FEATURE_PATCH, seed)
        patches = iter(DataLoader(data, args.patches, num_workers=args.workers))
    trainer.fit(in_turn(crops, patches))
    print(f"wrote {trainer.path}", flush=True)
    return trainer


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    run(args)


if __name__ == "__main__":
    main()
