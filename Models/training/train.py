"""Train the generator on painted pairs.

    python train.py --cache CACHE --run RUN --minutes 90
    python train.py --smoke            two-minute self-test on synthetic shapes

RUN/last.pt holds weights, averaged weights (EMA), optimiser and progress; the
same command goes on from there.  With --minutes the learning rate follows the
time spent, with --steps the number of steps.
"""
from __future__ import annotations

import argparse
import copy
import math
import os
import tempfile
import time
from pathlib import Path

import torch
from torch.utils.data import DataLoader

from dataset import Crops, load_cache, synthetic_samples
from export_onnx import LINE_TINT
from losses import PatchDiscriminator, discriminator_loss, painting_loss
from network import CelGenerator, compose


class Trainer:
    """State of a run: networks, optimisers, average, progress."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(args.seed)
        # Measured on a CPU without AMX: float32 in the plain layout beats bf16 and channels_last by 1.6.
        self.layout = torch.channels_last if args.bf16 else torch.contiguous_format
        self.net = CelGenerator().to(self.device, memory_format=self.layout)
        self.critic = PatchDiscriminator().to(self.device, memory_format=self.layout)
        self.optimizer = torch.optim.AdamW(self.net.parameters(), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
        self.critic_optimizer = torch.optim.AdamW(self.critic.parameters(), lr=4e-4, betas=(0.5, 0.99))
        self.tint = torch.tensor(LINE_TINT, device=self.device)
        self.step, self.spent = 0, 0.0
        self.ema = copy.deepcopy(self.net).eval()
        self.path = args.run / "last.pt"
        if self.path.exists():
            self.resume()
        elif args.start_from:
            # Layers that the older network lacked keep their fresh values.
            weights = torch.load(args.start_from, map_location=self.device, weights_only=True)["ema"]
            print("changed layers:", self.net.load_state_dict(weights, strict=False), flush=True)
            self.ema = copy.deepcopy(self.net).eval()

    def resume(self) -> None:
        state = torch.load(self.path, map_location=self.device, weights_only=True)
        self.net.load_state_dict(state["net"])
        self.ema.load_state_dict(state["ema"])
        self.critic.load_state_dict(state["critic"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.step, self.spent = state["step"], state["spent"]
        print(f"going on from step {self.step}, {self.spent / 60:.1f} minutes", flush=True)

    def save(self) -> None:
        self.args.run.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".tmp")
        torch.save({"net": self.net.state_dict(), "ema": self.ema.state_dict(), "critic": self.critic.state_dict(),
                    "optimizer": self.optimizer.state_dict(), "critic_optimizer": self.critic_optimizer.state_dict(),
                    "step": self.step, "spent": self.spent}, temporary)
        os.replace(temporary, self.path)

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
            for mean, value in zip(self.ema.state_dict().values(), self.net.state_dict().values()):
                if mean.dtype.is_floating_point:
                    mean.lerp_(value, 1 - keep)
                else:
                    mean.copy_(value)

    def autocast(self):
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.args.bf16)

    def train_step(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        """One update of the generator and, in the last part of the run, of the discriminator."""
        batch = {k: v.to(self.device).contiguous(memory_format=self.layout) for k, v in batch.items()}
        self.set_rate()
        with self.autocast():
            colour, logits, _, context = self.net.flat(batch["photo"] * 2 - 1)
        loss, parts, picture = painting_loss((colour, logits), batch, self.tint)
        # Only the places of the tone steps learn from the stepped picture.  If the colours
        # did too, they would learn to undo every step that is not exactly the painter's.
        stepped = self.net.steps(colour.detach(), context.detach()) * 0.5 + 0.5
        places = ((stepped - batch["colour"]).abs() * batch["weight"]).mean()
        loss = loss + places
        parts["places"] = float(places.detach())
        judged = self.args.adversarial > 0 and self.progress() >= self.args.adversarial_from
        if judged:
            real = compose(batch["colour"], batch["lines"], self.tint)
            with self.autocast():
                critic = discriminator_loss(self.critic(batch["photo"], real), self.critic(batch["photo"], picture.detach()))
            self.critic_optimizer.zero_grad(set_to_none=True)
            critic.backward()
            self.critic_optimizer.step()
            with self.autocast():
                adversarial = -self.critic(batch["photo"], picture).float().mean()
            # The critic needs a head start before its opinion is worth anything.
            ramp = min(1.0, (self.progress() - self.args.adversarial_from) / 0.05)
            loss = loss + self.args.adversarial * ramp * adversarial
            parts.update(critic=float(critic.detach()), adversarial=float(adversarial.detach()))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.average()
        self.step += 1
        parts["total"] = float(loss.detach())
        return parts

    def fit(self, loader: DataLoader) -> None:
        started, saved, sums, count = time.monotonic(), time.monotonic(), {}, 0
        for batch in loader:
            if self.progress() >= 1:
                break
            for k, v in self.train_step(batch).items():
                sums[k] = sums.get(k, 0.0) + v
            count += 1
            now = time.monotonic()
            self.spent, started = self.spent + now - started, now
            if self.step % self.args.log == 0:
                text = " ".join(f"{k} {v / count:.4f}" for k, v in sums.items())
                print(f"step {self.step} min {self.spent / 60:.1f} {text}", flush=True)
                sums, count = {}, 0
            if now - saved > 180:
                self.save()
                saved = now
        self.save()


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", type=Path, help="painted samples from paint.py")
    parser.add_argument("--run", type=Path, help="folder for checkpoints")
    parser.add_argument("--start-from", type=Path, help="checkpoint whose weights a new run begins with")
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--steps", type=int, default=0, help="instead of --minutes")
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--log", type=int, default=50)
    parser.add_argument("--adversarial", type=float, default=0.0, help="weight of the patch discriminator")
    parser.add_argument("--adversarial-from", type=float, default=0.6, help="part of the run after which it starts")
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast and channels_last: for GPUs and CPUs with AMX")
    parser.add_argument("--smoke", action="store_true", help="self-test on synthetic shapes")
    args = parser.parse_args()
    if args.smoke:
        args.steps, args.batch, args.size, args.workers, args.log = 60, 4, 96, 0, 10
        args.run, args.adversarial = Path(tempfile.mkdtemp(prefix="smoke-")), 0.01
    elif not (args.cache and args.run):
        parser.error("--cache and --run are needed, or --smoke")
    return args


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    trainer = Trainer(args)
    samples = synthetic_samples() if args.smoke else load_cache(args.cache)
    print(f"{len(samples)} samples on {trainer.device}", flush=True)
    # A resumed run must not see the same crops again.
    data = Crops(samples, args.size, args.seed + trainer.step)
    trainer.fit(DataLoader(data, args.batch, num_workers=args.workers, prefetch_factor=4 if args.workers else None))
    print(f"wrote {trainer.path}", flush=True)


if __name__ == "__main__":
    main()
