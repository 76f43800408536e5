"""How far the network goes from the photograph to the painting, on the held-back faces.

    python reference.py --data DIR --mesh mesh.npz --hair HAIR --person PERSON --out OUT
    python fidelity.py --checkpoint RUN/last.pt --mesh mesh.npz --hair HAIR --reference OUT --sheet DIR

The share of the way is 1 - mean dE(drawing, painting) / mean dE(photograph, painting), dE in CIE 1976 Lab, mean over a
region's pixels, then over faces: 100 % is the painting, 0 % no nearer than the photograph.  Edges: correlation of the
gradients' sizes in lightness over the head, mean over faces.  Drawings are composed as in use, at 512 px, without the
product's tone stages.
"""
from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import torch
from composition import FINISH, Finish, compose, decide, enlarged
from deploy import Deployed
from export_onnx import FLATNESS, load_generator
from guides import EYES, LASHES, LIP_SKIN, MOUTH, OVAL, guide_maps
from irises import Irises, rim, seen_irises
from paint import read_mask
from painter.eyes import true_colour
from painter.flow import ramp
from painter.look import LOOKS
from painter.mesh import IRIS, LOWER_LID, UPPER_LID
from painter.regions import Face, skin_statistics

REGIONS = ("face", "eyes", "mouth", "hair", "rest")


def iris_colour(photo: np.ndarray, mesh: np.ndarray) -> np.ndarray | None:
    """Colour [3] in which to draw both irises of a photo [H,W,3], 0...1, measured without pupils, shadows and
    reflections; or None."""
    chosen = []
    y, x = np.mgrid[0:photo.shape[0], 0:photo.shape[1]] + 0.5
    for ring, upper, lower in zip(IRIS, UPPER_LID, LOWER_LID):
        centre = mesh[ring[0]]
        radius = np.linalg.norm(mesh[list(ring[1:])] - centre, axis=1).mean()
        r = np.hypot(x - centre[0], y - centre[1]) / max(radius, 1e-3)
        opening = np.zeros(photo.shape[:2], np.uint8)
        cv2.fillPoly(opening, [np.round(mesh[list(upper + lower[::-1])]).astype(np.int32)], 1)
        chosen.append(photo[(r > 0.38) & (r < 0.82) & (opening > 0)])
    pixels = np.concatenate(chosen)
    if len(pixels) < 12:
        return None
    light = pixels.sum(1)
    low, high = np.percentile(light, (15, 72))
    seen = np.median(pixels[(light >= low) & (light <= high)], 0)
    lab = cv2.cvtColor(np.float32(photo), cv2.COLOR_RGB2LAB)
    skin = skin_statistics(lab, Face(np.vstack([[mesh[ring[0]] for ring in IRIS], mesh[[1, 61, 291]]])))
    iris = cv2.cvtColor(np.float32(seen)[None, None], cv2.COLOR_RGB2LAB)[0, 0]
    drawn = true_colour(iris, None, skin, float(ramp(2, 6, np.float32(np.hypot(*skin[1:])))))
    return cv2.cvtColor(drawn[None, None], cv2.COLOR_LAB2RGB)[0, 0]


def changed(finish: Finish, flatness: float, changes: tuple[str, ...]) -> tuple[Finish, float]:
    """A finish and the flatness with NAME=VALUE changes: flatness, strength (shade and light) or DECISION.FIELD."""
    for change in changes:
        try:
            name, value = change.split("=")
            if name == "flatness":
                flatness = float(value)
            elif name == "strength":
                finish = replace(finish, strength=(float(value), float(value)))
            else:
                decision, field = name.split(".")
                finish = replace(finish, **{decision: getattr(finish, decision)._replace(**{field: float(value)})})
        except (ValueError, AttributeError, TypeError):
            raise SystemExit(f"--set {change}: give flatness=0.03, strength=1 or shade.readiness=0.5.") from None
    return finish, flatness


class Artist:
    """Draws photographs by one style of a checkpoint, as the product does at the network's size."""

    def __init__(self, checkpoint: Path, style: str, guided: bool = True, changes: tuple[str, ...] = ()) -> None:
        """``changes``: what differs from the style's finish, see `changed`."""
        self.finish, flatness = changed(FINISH[style], FLATNESS[style], changes)
        self.net = Deployed(load_generator(checkpoint, style), flatness).eval()
        self.tint, self.guided = torch.tensor(LOOKS[style].line_tint), guided

    def draw(self, photo: np.ndarray, mesh: np.ndarray | None) -> np.ndarray:
        """RGB uint8 [H,W,3] (sides multiples of 16) and its mesh [478,2] -> RGB uint8 [H,W,3]."""
        seen = torch.from_numpy(photo.transpose(2, 0, 1).copy()).float()[None] / 255
        mesh = mesh if self.guided else None
        guides = torch.from_numpy(guide_maps(photo.shape[:2], mesh).transpose(2, 0, 1).copy())[None]
        gates = torch.zeros(1, self.net.net.gate_count)
        with torch.no_grad():
            flat, effects, logits, _ = self.net(seen * 2 - 1, guides, gates, torch.zeros(1))
            mask = decide(logits, self.finish)[:, 5:]
            irises, colour = seen_irises(seen, mask), None if mesh is None else iris_colour(photo / 255, mesh)
            if colour is not None:
                irises = Irises(torch.tensor(colour, dtype=torch.float32).view(1, 3, 1, 1), rim(mask), True)
            picture = compose(flat, enlarged(effects, photo.shape[:2]), logits, irises, self.finish, self.tint)
        return (picture[0].numpy().transpose(1, 2, 0) * 255 + 0.5).astype(np.uint8)


def regions(mesh: np.ndarray, hair: np.ndarray) -> dict[str, np.ndarray]:
    """Weights [H,W] in 0...1 of each of REGIONS, disjoint."""
    maps = guide_maps(hair.shape, mesh)
    grown = lambda numbers, size: cv2.dilate(maps[..., numbers].max(2), np.ones((size, size)))
    eyes, mouth = grown([EYES, LASHES], 5), grown([LIP_SKIN, MOUTH], 5)
    mouth = mouth * (1 - eyes)
    face = maps[..., OVAL] * (1 - eyes) * (1 - mouth)
    hair = hair * (1 - maps[..., OVAL]) * (1 - eyes)
    rest = (1 - face - eyes - mouth - hair).clip(0, 1)
    return {"face": face, "eyes": eyes, "mouth": mouth, "hair": hair, "rest": rest}


def to_lab(picture: np.ndarray) -> np.ndarray:
    """RGB uint8 to CIE Lab float32."""
    return cv2.cvtColor(picture.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)


def edge_correlation(a: np.ndarray, b: np.ndarray, weight: np.ndarray) -> float:
    """Correlation of the gradients' sizes of two Lab pictures' lightness where weight [H,W] exceeds a half."""
    sizes = []
    for lab in (a, b):
        dy, dx = np.gradient(lab[..., 0])
        sizes.append(np.hypot(dx, dy)[weight > 0.5])
    return float(np.corrcoef(*sizes)[0, 1])


def measure(photo: np.ndarray, drawing: np.ndarray, painting: np.ndarray,
            parts: dict[str, np.ndarray]) -> dict[str, tuple]:
    """For each region: mean dE of photograph and of drawing to the painting; "edges": the correlations of both."""
    labs = [to_lab(picture) for picture in (photo, drawing, painting)]
    off = [np.linalg.norm(lab - labs[2], axis=2) for lab in labs[:2]]
    found = {}
    for name, weight in parts.items():
        total = weight.sum()
        if total > 20:
            found[name] = tuple(float((d * weight).sum() / total) for d in off)
    head = np.maximum.reduce([parts[name] for name in REGIONS[:4]])
    found["edges"] = tuple(edge_correlation(lab, labs[2], head) for lab in labs[:2])
    return found


def table(rows: list[dict[str, tuple]]) -> dict[str, float]:
    """Share of the way of each region in percent, and the drawings' edge correlation, over faces."""
    shares = {}
    for name in REGIONS:
        values = np.array([row[name] for row in rows if name in row])
        shares[name] = 100 * (1 - values[:, 1].mean() / values[:, 0].mean())
    shares["edges"] = float(np.mean([row["edges"][1] for row in rows]))
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--mesh", type=Path, required=True, help="from mesh.py")
    parser.add_argument("--hair", type=Path, required=True, help="folder from hair_masks.py")
    parser.add_argument("--reference", type=Path, required=True, help="folder from reference.py")
    parser.add_argument("--styles", nargs="+", default=list(LOOKS), choices=list(LOOKS))
    parser.add_argument("--limit", type=int, default=0, help="only so many faces")
    parser.add_argument("--no-guides", action="store_true", help="draw as if no mesh were found")
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="shade.readiness=0.5, say")
    parser.add_argument("--sheet", type=Path, help="folder for contact sheets: photograph, painting, drawing")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    meshes = np.load(args.mesh)
    read = lambda path: np.ascontiguousarray(cv2.imread(str(path))[..., ::-1])
    names = [p.stem for p in sorted((args.reference / args.styles[0]).glob("*.png"))][:args.limit or None]
    print("| style | faces | " + " | ".join((*REGIONS, "edges")) + " |\n" + "| --- " * (len(REGIONS) + 3) + "|")
    for style in args.styles:
        artist, rows, strips = Artist(args.checkpoint, style, not args.no_guides, tuple(args.set)), [], []
        for name in names:
            photo, painting = (read(args.reference / folder / f"{name}.png") for folder in ("photos", style))
            mesh = meshes[f"{name}.webp"]
            drawing = artist.draw(photo, mesh)
            parts = regions(mesh, read_mask(args.hair / f"{name}.png", photo.shape[:2]))
            rows.append(measure(photo, drawing, painting, parts))
            strips.append(np.hstack([photo, painting, drawing])[64:448])
        shares = table(rows)
        cells = [f"{shares[name]:.1f} %" for name in REGIONS] + [f"{shares['edges']:.3f}"]
        print(f"| {style} | {len(rows)} | " + " | ".join(cells) + " |", flush=True)
        if args.sheet:
            args.sheet.mkdir(parents=True, exist_ok=True)
            for first in range(0, len(strips), 6):
                sheet = np.vstack(strips[first:first + 6])[..., ::-1]
                cv2.imwrite(str(args.sheet / f"{style}-{first:02}.jpg"), sheet, [cv2.IMWRITE_JPEG_QUALITY, 90])


if __name__ == "__main__":
    main()
