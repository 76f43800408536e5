"""Train the generator on painted pairs.

    python train.py --cache CACHE --run RUN --minutes 90
    python train.py --smoke            two-minute self-test on synthetic shapes

RUN/last.pt holds weights, averaged weights (EMA), optimiser and progress; the
same command goes on from there.  With --minutes the learning rate follows the
time spent, with --steps the number of steps.

Stage A needs no more.  Stage B: --keypoints keypoints.pt adds the geometric term,
and --content, --style and --adversarial (the last two with --data DIR for the art)
the others; all are best begun with --start-from and a small --lr.
"""
from __future__ import annotations

import argparse
import copy
import math
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn as nn
from torch.utils.data import DataLoader

from dataset import Crops, EyePatches, load_cache, synthetic_samples
from drawn import load_art, synthetic_art
from keypoints import load_keypoints
from losses import (PatchDiscriminator, content_loss, deployed_picture, discriminator_loss, geometry_loss, gray,
                    painting_loss, style_loss)
from network import CelGenerator, compose
from painter.look import LOOKS

# Weight of the geometric term; its gradient is then about a tenth of that of the painting loss (see EXPERIMENTS.md).
GEOMETRY = 20.0


def load_matching(net: nn.Module, checkpoint: Path) -> list[str]:
    """Put a checkpoint's averaged weights into ``net``; names of the values that it lacks or has in another shape.

    Takes training checkpoints, those with averaged weights only, and bare weights.
    """
    state = torch.load(checkpoint, map_location="cpu", weights_only=True)
    weights = state.get("ema", state.get("net", state))
    own = net.state_dict()
    usable = {k: v for k, v in weights.items() if k in own and own[k].shape == v.shape}
    if not usable:
        raise SystemExit(f"{checkpoint} holds no weights of this network; give a checkpoint of train.py.")
    net.load_state_dict(usable, strict=False)
    return [k for k in own if k not in usable]


def freeze_norms(net: nn.Module) -> None:
    """Batch norms in evaluation mode: fixed statistics, the same in training on crops and in use on whole pictures."""
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()


# Side of an eye patch, px: an eye with its brow.
EYE_PATCH = 80


class Trainer:
    """State of a run: networks, optimisers, average, progress."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(args.seed)
        # Measured on a CPU without AMX: float32 in the plain layout beats bf16 and channels_last by 1.6.
        self.layout = torch.channels_last if args.bf16 else torch.contiguous_format
        self.net = CelGenerator(len(args.styles)).to(self.device, memory_format=self.layout)
        self.critic = PatchDiscriminator().to(self.device, memory_format=self.layout)
        for name, parameter in self.net.named_parameters():
            parameter.requires_grad_(not args.only or name.split(".")[0] in args.only)
        needs_judge = args.keypoints or args.smoke
        self.judge = load_keypoints(args.keypoints).to(self.device) if needs_judge else None
        self.optimizer = torch.optim.AdamW((p for p in self.net.parameters() if p.requires_grad), lr=args.lr, betas=(0.9, 0.99), weight_decay=1e-4)
        self.critic_optimizer = torch.optim.AdamW(self.critic.parameters(), lr=4e-4, betas=(0.5, 0.99))
        self.tints = torch.tensor([LOOKS[style].line_tint for style in args.styles], device=self.device)
        self.step, self.spent = 0, 0.0
        self.ema = copy.deepcopy(self.net).eval()
        self.path = args.run / "last.pt"
        if self.path.exists():
            self.resume()
        elif args.start_from:
            # Layers that the older network lacked keep their fresh values.
            print("fresh layers:", load_matching(self.net, args.start_from) or "none", flush=True)
            self.ema = copy.deepcopy(self.net).eval()
        if args.freeze_norm:
            freeze_norms(self.net)

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

    def to_device(self, value: torch.Tensor) -> torch.Tensor:
        value = value.to(self.device)
        return value.contiguous(memory_format=self.layout) if value.dim() == 4 else value

    def judged_terms(self, output: dict[str, torch.Tensor], picture: torch.Tensor,
                     batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The weighted terms that K judges."""
        args, terms = self.args, {}
        if self.judge is None:
            return terms
        if args.geometry > 0:
            # What users see must keep its features in place, so here the network's own shades count.
            seen = deployed_picture(self.net.tones, output, self.tints[batch["style"]])
            terms["geometry"] = args.geometry * geometry_loss(self.judge, batch["photo"], seen, batch)
        if args.content > 0:
            wanted = compose(batch["colour"], batch["lines"], self.tints[batch["style"]])
            terms["content"] = args.content * content_loss(self.judge, picture, wanted)
        # Eye patches come without art.
        if args.style > 0 and "art" in batch:
            terms["style"] = args.style * style_loss(self.judge, picture, batch["art"])
        return terms

    def adversarial_term(self, picture: torch.Tensor, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Teaches the discriminator and returns what it holds against the picture; nothing before its part of the run."""
        if self.args.adversarial <= 0 or self.progress() < self.args.adversarial_from:
            return {}
        painted, drawn = gray(compose(batch["colour"], batch["lines"], self.tints[batch["style"]])), gray(picture)
        with self.autocast():
            critic = discriminator_loss(self.critic, painted, drawn.detach(), batch.get("art"))
        self.critic_optimizer.zero_grad(set_to_none=True)
        critic.backward()
        self.critic_optimizer.step()
        with self.autocast():
            opinion = -self.critic(drawn).float().mean()
        # The critic needs a head start before its opinion is worth anything.
        ramp = min(1.0, (self.progress() - self.args.adversarial_from) / 0.05)
        return {"adversarial": self.args.adversarial * ramp * opinion, "critic": critic.detach()}

    def train_step(self, batch: dict[str, torch.Tensor]) -> dict[str, float]:
        """One update of the generator and, in the last part of the run, of the discriminator."""
        batch = {k: self.to_device(v) for k, v in batch.items()}
        self.set_rate()
        with self.autocast():
            output = self.net.parts(batch["photo"] * 2 - 1, batch["style"])
        loss, parts, picture = painting_loss(self.net.tones, output, batch, self.tints[batch["style"]])
        terms = self.judged_terms(output, picture, batch)
        terms.update(self.adversarial_term(picture, batch))
        parts.update({k: float(v.detach()) for k, v in terms.items()})
        loss = loss + sum(v for k, v in terms.items() if k != "critic")
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
        self.optimizer.step()
        self.average()
        self.step += 1
        parts["total"] = float(loss.detach())
        return parts

    def fit(self, batches: Iterator[dict[str, torch.Tensor]]) -> None:
        """Train on batches until the run is done; reports and saves now and then."""
        started, saved, sums, count = time.monotonic(), time.monotonic(), {}, 0
        for batch in batches:
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
    parser.add_argument("--styles", nargs="+", choices=sorted(LOOKS), default=list(LOOKS), help="folders of --cache, trained at once")
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
    parser.add_argument("--whole", type=float, default=0.0, help="chance of a sample that shows the whole picture, shrunk into the crop")
    parser.add_argument("--eyes", type=int, default=0, help="every other step learns from this many eyes instead")
    parser.add_argument("--freeze-norm", action="store_true", help="keep the batch norms' statistics; with --start-from")
    parser.add_argument("--only", nargs="+", metavar="LAYER", help="train these layers alone, marks or irises, say; with --start-from")
    parser.add_argument("--keypoints", type=Path, help="checkpoint of K from train_keypoints.py; turns the geometric term on")
    parser.add_argument("--geometry", type=float, default=GEOMETRY, help="weight of the geometric term (delta)")
    parser.add_argument("--content", type=float, default=0.0, help="weight of the content loss (experimental, 0.015)")
    parser.add_argument("--style", type=float, default=0.0, help="weight of the Gram style loss (experimental, 0.02)")
    parser.add_argument("--adversarial", type=float, default=0.0, help="weight of the patch discriminator (experimental, 0.02)")
    parser.add_argument("--adversarial-from", type=float, default=0.6, help="part of the run after which it starts")
    parser.add_argument("--data", type=Path, help="DIR with art/, for --style and --adversarial")
    parser.add_argument("--bf16", action="store_true", help="bf16 autocast and channels_last: for GPUs and CPUs with AMX")
    parser.add_argument("--smoke", action="store_true", help="self-test on synthetic shapes")
    args = parser.parse_args()
    if args.smoke:
        args.steps, args.batch, args.size, args.workers, args.log = 40, 4, 96, 0, 10
        args.styles, args.eyes = args.styles[:2], 4
        args.run, args.whole = Path(tempfile.mkdtemp(prefix="smoke-")), 0.3
        args.content, args.style, args.adversarial = 0.05, 0.02, 0.02
    elif not (args.cache and args.run):
        parser.error("--cache and --run are needed, or --smoke")
    elif (args.content > 0 or args.style > 0) and not args.keypoints:
        parser.error("--content and --style need --keypoints, whose features they compare")
    elif args.style > 0 and not args.data:
        parser.error("--style needs --data, the folder that holds art/")
    elif (args.freeze_norm or args.only) and not args.start_from:
        parser.error("--freeze-norm and --only need --start-from: what is fresh is not worth keeping")
    return args


def alternate(*sources: Iterator) -> Iterator:
    """One of each in turn, until one of them ends."""
    for group in zip(*sources):
        yield from group


def run(args: argparse.Namespace) -> Trainer:
    """Train from where args.run stands to the end."""
    trainer = Trainer(args)
    samples = synthetic_samples() if args.smoke else load_cache(args.cache, args.styles)
    print(f"{len(samples)} samples on {trainer.device}", flush=True)
    art = None
    if args.style > 0 or args.adversarial > 0:
        art = synthetic_art() if args.smoke else load_art(args.data) if args.data else None
    # A resumed run must not see the same crops again.
    data = Crops(samples, args.size, args.seed + trainer.step, args.whole, art)
    batches = iter(DataLoader(data, args.batch, num_workers=args.workers))
    if args.eyes:
        eyes = EyePatches(samples, EYE_PATCH, args.seed + trainer.step)
        batches = alternate(batches, iter(DataLoader(eyes, args.eyes, num_workers=args.workers)))
    trainer.fit(batches)
    print(f"wrote {trainer.path}", flush=True)
    return trainer


def main() -> None:
    args = arguments()
    torch.set_num_threads(args.threads)
    trainer = run(args)
    if args.smoke:
        # Going on from older weights with fixed statistics is a path of its own.
        args.start_from, args.freeze_norm = args.run / "weights.pt", True
        # Tensors only: PyTorch 1.13 (Debian 12) does not read numbers back safely.
        torch.save({"ema": trainer.ema.state_dict()}, args.start_from)
        args.run, args.steps = Path(tempfile.mkdtemp(prefix="smoke-")), 10
        run(args)


if __name__ == "__main__":
    main()
