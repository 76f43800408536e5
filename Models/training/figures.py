"""What drawings do with their photographs, in the figures by which the painter's target was measured.

    python figures.py --photos PHOTOS --points points.npz --mesh mesh.npz --hair HAIR cel=DIR soft=DIR luminous=DIR

PHOTOS holds aligned portraits STEM.png, each DIR drawings of the same names and size, points.npz STEM -> [5,2] px,
mesh.npz STEM -> [478,2] px, HAIR masks of hair_masks.py.  Eyes and lips of the drawings are read by MediaPipe's face
mesh (mesh.py); with --no-mesh they are left out.  Prints one table, medians over the portraits: drawn over photo, or
the difference in L*; and the mean CIE76 difference between the styles.
"""
from __future__ import annotations

import argparse
from itertools import combinations
from pathlib import Path

import cv2
import numpy as np
from painter.analysis import to_lab
from painter.mesh import IRIS, LIPS, LOWER_LID, UPPER_LID, fill
from painter.regions import Face, focus_mask, skin_mask

# Darker than what surrounds it by this many units of L* is a line.
LINE_DEPTH = 9.0
# L* units that pass for one tone.
ONE_TONE = 4


def read(path: Path) -> np.ndarray:
    """A picture as Lab [H,W,3]."""
    image = cv2.imread(str(path))
    if image is None:
        raise SystemExit(f"{path} cannot be read; every photograph needs a drawing of the same name")
    return to_lab(image[..., ::-1].astype(np.float32) / 255)


def places(photo: np.ndarray, face: Face, mesh: np.ndarray, hair: np.ndarray) -> dict[str, np.ndarray]:
    """Boolean masks [H,W] by name, from the photograph."""
    shape = photo.shape[:2]
    lips = fill(shape, mesh[list(LIPS)]) > 0.5
    skin = (skin_mask(photo, face) > 0.7) & ~(cv2.dilate(lips.astype(np.uint8), np.ones((5, 5))) > 0)
    hair = (hair > 0.7) & ~skin
    eyes = np.max([fill(shape, mesh[list(u + l[::-1])]) for u, l in zip(UPPER_LID, LOWER_LID)], 0) > 0.5
    iris = np.zeros(shape, np.uint8)
    for ring in IRIS:
        radius = float(np.linalg.norm(mesh[list(ring[1:])] - mesh[ring[0]], axis=1).mean())
        cv2.circle(iris, tuple(int(v) for v in mesh[ring[0]]), int(1.15 * radius) + 1, 1, -1)
    return {"whole": np.ones(shape, bool), "background": (focus_mask(shape, face) < 0.15) & ~hair & ~skin, "skin": skin,
            "lips": lips, "hair": hair, "white": eyes & (iris == 0)}


def lines_of(lab: np.ndarray, unit: float) -> np.ndarray:
    """Boolean mask of thin dark lines."""
    size = 2 * max(2, int(0.035 * unit)) + 1
    light = np.ascontiguousarray(lab[..., 0])
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.morphologyEx(light, cv2.MORPH_BLACKHAT, kernel) > LINE_DEPTH


def line_width(lines: np.ndarray) -> float:
    """Mean width in pixels: area over the length of the thinned lines; NaN without lines."""
    thin = cv2.ximgproc.thinning(lines.astype(np.uint8) * 255) > 0
    return float(lines.sum() / thin.sum()) if thin.any() else float("nan")


def main_tone(lightness: np.ndarray) -> float:
    """Largest share of values that lie within one tone."""
    counts, _ = np.histogram(lightness, np.arange(0, 101.5, 0.5))
    window = np.convolve(counts, np.ones(2 * ONE_TONE), "valid")
    return float(window.max() / max(1, counts.sum()))


def geometry(mesh: np.ndarray) -> dict[str, float]:
    """Eye opening, iris diameter and lip height of a mesh in inter-ocular distances."""
    unit = float(np.linalg.norm(mesh[473] - mesh[468]))
    opening = np.mean([np.linalg.norm(mesh[u[4]] - mesh[l[4]]) for u, l in zip(UPPER_LID, LOWER_LID)])
    iris = np.mean([2 * np.linalg.norm(mesh[list(r[1:])] - mesh[r[0]], axis=1).mean() for r in IRIS])
    lips = np.linalg.norm(mesh[0] - mesh[13]) + np.linalg.norm(mesh[14] - mesh[17])
    return {"eye opening": opening / unit, "iris diameter": iris / unit, "lip height": lips / unit}


def measure(photo: np.ndarray, drawn: np.ndarray, at: dict[str, np.ndarray], unit: float) -> dict[str, float]:
    """Figures of one drawing, all but those of the mesh."""
    chroma = [np.hypot(x[..., 1], x[..., 2]) for x in (drawn, photo)]
    found = {}
    for name in ("whole", "background", "skin", "lips", "hair"):
        place = at[name]
        enough = place.sum() > 60
        photo_chroma = max(1.0, chroma[1][place].mean()) if enough else 1.0
        found[f"chroma {name}"] = float(chroma[0][place].mean() / photo_chroma) if enough else np.nan
    skin, white = at["skin"], at["white"]
    light = lambda x, place: float(np.median(x[..., 0][place])) if place.sum() > 12 else np.nan
    found["skin lightness"] = light(drawn, skin) - light(photo, skin)
    found["main tone, photo"] = main_tone(photo[..., 0][skin])
    found["main tone, drawn"] = main_tone(drawn[..., 0][skin])
    around = cv2.dilate(skin.astype(np.uint8), np.ones((5, 5))) > 0
    share = [float((lines_of(x, unit) & around).sum() / around.sum()) for x in (drawn, photo)]
    found["lines on skin"] = share[0] / max(share[1], 1e-3)
    found["line width / inter-ocular"] = line_width(lines_of(drawn, unit)) / unit
    found["white of the eye"] = light(drawn, white) - light(photo, white)
    return found


def drawn_meshes(folder: Path, stems: list[str]) -> dict[str, np.ndarray]:
    """Meshes that MediaPipe finds in drawings."""
    import mediapipe
    from mesh import find_mesh

    with mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=True, refine_landmarks=True) as finder:
        found = {s: find_mesh(finder, np.ascontiguousarray(cv2.imread(str(folder / f"{s}.png"))[..., ::-1]))
                 for s in stems}
    return {stem: mesh for stem, mesh in found.items() if mesh is not None}


def table(figures: dict[str, list[dict[str, float]]]) -> str:
    """Markdown: one row a figure, one column a style, medians."""
    styles = list(figures)
    names = list(dict.fromkeys(name for rows in figures.values() for row in rows for name in row))
    lines = [f"| figure | {' | '.join(styles)} |", "|---|" + "---|" * len(styles)]
    for name in names:
        cells = [f"{np.nanmedian([row.get(name, np.nan) for row in figures[s]]):.3g}" for s in styles]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("photos", "points", "mesh", "hair"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--no-mesh", action="store_true", help="leave out what needs MediaPipe")
    parser.add_argument("drawings", nargs="+", help="STYLE=DIR")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    folders = {style: Path(folder) for style, folder in (d.split("=", 1) for d in args.drawings)}
    points, meshes = np.load(args.points), np.load(args.mesh)
    stems = [s for s in sorted(meshes.files) if all((f / f"{s}.png").exists() for f in folders.values())]
    figures, apart = {style: [] for style in folders}, {pair: [] for pair in combinations(("photo", *folders), 2)}
    seen = {} if args.no_mesh else {style: drawn_meshes(folder, stems) for style, folder in folders.items()}
    for stem in stems:
        photo, face = read(args.photos / f"{stem}.png"), Face(points[stem].astype(np.float32))
        hair = cv2.imread(str(args.hair / f"{stem}.png"), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
        at = places(photo, face, meshes[stem], hair)
        pictures = {"photo": photo}
        for style, folder in folders.items():
            pictures[style] = read(folder / f"{stem}.png")
            row = measure(photo, pictures[style], at, face.unit)
            if stem in seen.get(style, {}):
                before, after = geometry(meshes[stem]), geometry(seen[style][stem])
                row |= {name: after[name] / before[name] for name in before}
            figures[style].append(row)
        for a, b in apart:
            apart[a, b].append(float(np.linalg.norm(pictures[a] - pictures[b], axis=2).mean()))
    print(f"{len(stems)} portraits\n\n{table(figures)}\n\n| pair | mean ΔE | least |\n|---|---|---|")
    for (a, b), values in apart.items():
        print(f"| {a}, {b} | {np.mean(values):.1f} | {np.min(values):.1f} |")


if __name__ == "__main__":
    main()
