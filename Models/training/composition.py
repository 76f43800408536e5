"""How a picture is made of what the network gives: decisions, shade and light, irises, marks, lines.

The product does the same at the size of its result, after enlarging flat colour, effects and logits smoothly: decisions
made after enlarging are smooth at any size.  COMPOSITION.md has the formulas; `python composition.py --golden DIR`
writes the file that both are tested with.  Pictures are [N,C,H,W], colours in 0...1.
"""
from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from irises import Irises, tint_irises
from network import LOGITS
from painter.eyes import true_colour
from painter.flow import ramp
from painter.mouth import lip_colour


class Decision(NamedTuple):
    """How one logit becomes a mask: sigmoid(sharpness * (logit + readiness)), steeper by factor ** crispness where the
    network's output is enlarged by ``factor``.

    Crispness 1 keeps the border as wide in pixels of the result, 0 as wide in the picture.
    """

    sharpness: float
    readiness: float
    crispness: float = 1.0


@dataclass(frozen=True)
class Finish:
    """What is set by eye, not learnt: what comes nearest to the paintings of held-back faces (see EXPERIMENTS.md).

    ``strength``: what the effects of shade and of light are multiplied by.  Line coverages below the first of
    ``line_range`` are noise, from the second on the line is whole.
    """

    shade: Decision
    light: Decision
    strength: tuple[float, float] = (1.0, 1.0)
    lines: Decision = Decision(1.0, 0.0, 0.7)
    highlights: Decision = Decision(3.0, 0.0)
    # What the network doubts is rather a pupil than an iris.
    pupils: Decision = Decision(3.0, 0.4)
    irises: Decision = Decision(3.0, 0.0)
    line_range: tuple[float, float] = (0.05, 0.8)


FINISH = {
    "cel": Finish(Decision(8.0, 0.0), Decision(8.0, 0.0)),
    "soft": Finish(Decision(1.5, 0.0, 0.0), Decision(1.5, 0.0, 0.0)),
    "luminous": Finish(Decision(4.0, 0.0, 0.5), Decision(4.0, 0.0, 0.5)),
}
HIGHLIGHT, PUPIL = 0.97, 0.1


def decide(logits: torch.Tensor, finish: Finish, factor: float = 1.0) -> torch.Tensor:
    """Masks [N,6,H,W] in 0...1, in the order of LOGITS, from logits enlarged by ``factor``."""
    decisions = [getattr(finish, name) for name in LOGITS]
    column = lambda values: logits.new_tensor(values).view(1, -1, 1, 1)
    steepness = column([factor ** d.crispness for d in decisions])
    # Lines are enlarged about the coverage in the middle of their range, all others about one half.
    middle = torch.logit(column([sum(finish.line_range) / 2] + [0.5] * (len(LOGITS) - 1)))
    z = column([d.sharpness for d in decisions]) * (logits + column([d.readiness for d in decisions]))
    masks = torch.sigmoid(middle + (z - middle) * steepness)
    low, high = finish.line_range
    return torch.cat([((masks[:, :1] - low) / (high - low)).clamp(0, 1), masks[:, 1:]], 1)


def bounded(effects: torch.Tensor) -> torch.Tensor:
    """Effects [N,6,H,W] of which shade only darkens and light only lightens, whatever the network learnt."""
    return torch.cat([effects[:, :3].clamp(max=0), effects[:, 3:].clamp(min=0)], 1)


def shaded(flat: torch.Tensor, effects: torch.Tensor, tones: torch.Tensor,
           strength: tuple[float, float] = (1.0, 1.0)) -> torch.Tensor:
    """flat [N,3,H,W] with shade and light (tones [N,2,H,W]) in the strength that effects [N,6,H,W] say."""
    return flat * (1 + strength[0] * tones[:, :1] * effects[:, :3] + strength[1] * tones[:, 1:] * effects[:, 3:])


def set_marks(colour: torch.Tensor, highlights: torch.Tensor, pupils: torch.Tensor) -> torch.Tensor:
    """colour [N,3,H,W] with pupils darkened and highlights set where the masks [N,1,H,W] say.

    Trained as colours, highlights come out as a grey haze.
    """
    dark = colour * (1 - (1 - PUPIL) * pupils)
    return dark + (HIGHLIGHT - dark) * highlights


def set_lines(colour: torch.Tensor, coverage: torch.Tensor, tint: torch.Tensor) -> torch.Tensor:
    """colour [N,3,H,W] under lines: coverage [N,1,H,W], and tint [3] or [N,3], what they multiply the colour by."""
    return colour * (1 - coverage + coverage * tint.view(-1, 3, 1, 1).to(colour))


def compose(flat: torch.Tensor, effects: torch.Tensor, logits: torch.Tensor, irises: Irises, finish: Finish,
            tint: torch.Tensor, factor: float = 1.0, line_strength: float = 1.0) -> torch.Tensor:
    """The picture [N,3,H,W] in 0...1 from flat colour [N,3,H,W], effects [N,6,H,W] and logits [N,6,H,W], all at the
    size of the result, ``factor`` times the network's; ``line_strength`` 0...2."""
    masks = decide(logits, finish, factor)
    colour = shaded(flat, bounded(effects), masks[:, 1:3], finish.strength)
    colour = tint_irises(colour, masks[:, 5:], irises)
    colour = set_marks(colour, masks[:, 3:4], masks[:, 4:5])
    return set_lines(colour, (masks[:, :1] * line_strength).clamp(0, 1), tint).clamp(0, 1)


def enlarged(x: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """Bilinear enlargement to ``size`` (height, width), pixel centres at (x + 0.5, y + 0.5)."""
    return F.interpolate(x, size=size, mode="bilinear", align_corners=False)


def manifest_fields(finish: Finish) -> dict:
    """What the style's manifest tells the product about composition."""
    decisions = {name: getattr(finish, name)._asdict() for name in LOGITS}
    decisions["shade"]["strength"], decisions["light"]["strength"] = finish.strength
    return decisions


def golden(height: int = 12, width: int = 16) -> dict:
    """Random input of every kind and the pictures that come out, as lists: channel by channel, row by row."""
    torch.manual_seed(7)
    flat = torch.rand(1, 3, height, width)
    effects = torch.randn(1, 6, height, width) * 0.3
    logits = torch.randn(1, len(LOGITS), height, width) * 1.5
    seen, rim = torch.rand(1, 3, 1, 1).expand(1, 3, height, width), torch.rand(1, 1, height, width)
    tint, cases = torch.tensor([0.24, 0.17, 0.22]), []
    rounded = lambda x: [round(float(v), 6) for v in x.flatten()]
    for style, factor, strength in (("cel", 1.0, 1.0), ("soft", 2.5, 0.7), ("luminous", 4.0, 1.6)):
        picture = compose(flat, effects, logits, Irises(seen, rim), FINISH[style], tint, factor, strength)
        cases.append({"style": style, "decisions": manifest_fields(FINISH[style]), "factor": factor,
                      "lineStrength": strength, "picture": rounded(picture)})
    drawn = Irises(seen, rim, True)
    eyes = compose(flat, effects, logits, drawn, FINISH["cel"], tint)
    return {"width": width, "height": height, "logitNames": list(LOGITS), "flat": rounded(flat),
            "effects": rounded(effects), "logits": rounded(logits), "irisColour": rounded(seen[0, :, 0, 0]),
            "irisRim": rounded(rim),
            "lineTint": rounded(tint), "lineRange": list(FINISH["cel"].line_range), "cases": cases,
            "drawnIrises": rounded(eyes), "trueIrises": true_irises(), "lipColours": lip_colours()}


def true_irises(count: int = 120) -> list[dict]:
    """Lab colours of seen irises, of the whites beside them (empty: not seen) and of the skin around them, and the
    colours in which the painter draws them."""
    rng, cases = np.random.default_rng(11), []
    for _ in range(count):
        seen = rng.uniform((8, -6, -12), (55, 16, 26)).astype(np.float32)
        skin = rng.uniform((25, 0, 0), (85, 24, 30)).astype(np.float32)
        skin[1:] *= rng.choice([0.05, 1], p=[0.2, 0.8])
        white = rng.uniform((15, -2, -8), (90, 16, 22)).astype(np.float32) if rng.random() < 0.8 else None
        drawn = true_colour(seen, white, skin, float(ramp(2, 6, np.float32(np.hypot(*skin[1:])))))
        named = (("seen", seen), ("white", () if white is None else white), ("skin", skin), ("drawn", drawn))
        cases.append({name: [round(float(v), 4) for v in tone] for name, tone in named})
    return cases


def lip_colours(count: int = 60) -> list[dict]:
    """Lab colours of lips and skin in a photograph and of painted skin, and those in which the painter draws the lips,
    which keep ``own`` of what they differ by."""
    rng, cases = np.random.default_rng(12), []
    for _ in range(count):
        skin = rng.uniform((25, 4, 4), (85, 24, 34)).astype(np.float32)
        lips = skin + rng.uniform((-30, -6, -20), (5, 40, 12)).astype(np.float32)
        tone = skin + rng.uniform(-4, 6, 3).astype(np.float32)
        tone[1:] *= rng.choice([0.05, 1], p=[0.2, 0.8])
        own = float(rng.uniform(0.5, 1))
        drawn = lip_colour(np.full((5, 5, 3), lips), np.ones((5, 5), np.float32), skin, tone, own)
        named = zip(("lips", "skin", "tone", "drawn"), (lips, skin, tone, drawn))
        cases.append({"own": round(own, 6), **{name: [round(float(v), 4) for v in colour] for name, colour in named}})
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True, help="folder for composition.json")
    (parser.parse_args().golden / "composition.json").write_text(json.dumps(golden()) + "\n")


if __name__ == "__main__":
    main()
