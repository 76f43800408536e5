"""What squashing a photograph to a square costs a face, and what drawing it aligned costs: read by dlib's 68 points.

    python squash.py crops PHOTOS OUT                     OUT/photos: the same people in 3:2 and 2:3
    python squash.py demo OUT --checkpoint DEMO/last.pt   OUT/squashed: as demos draw, squashed to 512x512 and back
    anime-style batch OUT/photos OUT/ours --style cel
    python squash.py measure OUT --predictor shape_predictor_68_face_landmarks.dat squashed ours

DEMO is a network trained without guides and without the geometric term, as the demos of this family are.  `crops`
and `measure` need dlib (PyPI: dlib-bin); the predictor's weights (iBUG 300-W, not for commercial use) serve to measure
and are part of nothing.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np

SQUARE = 512
ASPECTS = {"32": 3 / 2, "23": 2 / 3}
# Of dlib's points: rings of the eyes, corners of the mouth.
LEFT_EYE, RIGHT_EYE, CORNERS = range(36, 42), range(42, 48), (48, 54)


def crop(photo: np.ndarray, face: tuple[float, float], aspect: float) -> np.ndarray:
    """The largest part of a photograph [H,W,3] with ``aspect`` (width by height) around a face's middle (x, y) px."""
    h, w = photo.shape[:2]
    width, height = min(w, round(h * aspect)), min(h, round(w / aspect))
    left, top = (int(np.clip(round(m - side / 2), 0, whole - side)) for m, side, whole in
                 zip(face, (width, height), (w, h)))
    return photo[top:top + height, left:left + width]


def offsets(before: np.ndarray, after: np.ndarray) -> tuple[float, float, float]:
    """Of points [68,2] in two pictures of one size: how far eyes and mouth corners moved, and the change of the mouth's
    asymmetry (MouthAsymmetry.swift); in inter-ocular distances."""
    def parts(points: np.ndarray) -> tuple[np.ndarray, float]:
        eyes = np.array([points[list(ring)].mean(0) for ring in (LEFT_EYE, RIGHT_EYE)])
        across = eyes[1] - eyes[0]
        sides = np.abs((points[list(CORNERS)] - eyes.mean(0)) @ across) / (across @ across)
        return np.array([*eyes, *points[list(CORNERS)]]), float(abs(sides[0] - sides[1]))

    (first, skew), (second, skewed) = parts(before), parts(after)
    far = np.linalg.norm(second - first, axis=1) / np.linalg.norm(first[1] - first[0])
    return float(far[:2].mean()), float(far[2:].mean()), abs(skewed - skew)


def excess(value: float, floor: float) -> float:
    """What is left of a median over the noise of the reader, sqrt(m^2 - floor^2)."""
    return float(np.sqrt(max(value**2 - floor**2, 0)))


def write_crops(args: argparse.Namespace) -> None:
    (args.out / "photos").mkdir(parents=True, exist_ok=True)
    reader = Reader(None)
    for path in sorted(args.photos.iterdir()):
        photo = cv2.imread(str(path))
        box = reader.box(photo)
        if box is None:
            print(f"{path.name}: dlib finds no face; left out")
            continue
        middle = box.center().x, box.center().y
        for name, aspect in ASPECTS.items():
            cv2.imwrite(str(args.out / "photos" / f"{path.stem}_{name}.png"),
                        crop(photo, middle, aspect))


def draw_demo(args: argparse.Namespace) -> None:
    from fidelity import Artist

    artist = Artist(args.checkpoint, args.style, guided=False)
    (args.out / "squashed").mkdir(exist_ok=True)
    for path in sorted((args.out / "photos").iterdir()):
        photo = cv2.imread(str(path))
        square = cv2.resize(photo, (SQUARE, SQUARE), interpolation=cv2.INTER_AREA)
        drawn = artist.draw(np.ascontiguousarray(square[..., ::-1]), None)[..., ::-1]
        cv2.imwrite(str(args.out / "squashed" / path.name),
                    cv2.resize(drawn, photo.shape[1::-1], interpolation=cv2.INTER_CUBIC))


class Reader:
    """dlib's largest face, and its landmarks where there is a predictor."""

    def __init__(self, predictor: Path | None) -> None:
        import dlib

        self.dlib, self.find = dlib, dlib.get_frontal_face_detector()
        self.predict = dlib.shape_predictor(str(predictor)) if predictor else None

    def box(self, picture: np.ndarray):
        """The largest face in BGR uint8 [H,W,3], or None."""
        found = self.find(np.ascontiguousarray(picture[..., ::-1]), 1)
        return max(found, key=lambda b: b.area()) if len(found) else None

    def points(self, picture: np.ndarray, box) -> np.ndarray:
        shape = self.predict(np.ascontiguousarray(picture[..., ::-1]), box)
        return np.array([[p.x, p.y] for p in shape.parts()], float)


def jittered(photo: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """The photograph moved by up to a pixel, scaled by up to 1 %, with a grey level of noise; and the map [2,3]."""
    scale = 1 + rng.uniform(-0.01, 0.01)
    matrix = np.array([[scale, 0, rng.uniform(-1, 1)], [0, scale, rng.uniform(-1, 1)]])
    moved = cv2.warpAffine(photo, matrix, photo.shape[1::-1], flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return np.clip(moved + rng.normal(0, 1, moved.shape), 0, 255).astype(np.uint8), matrix


def measure(args: argparse.Namespace) -> None:
    """Floor, then each folder: medians, and the change of the excess against the first folder."""
    reader, rng = Reader(args.predictor), np.random.default_rng(0)
    rows: dict[str, list[tuple[float, float, float]]] = {"floor": [], **{name: [] for name in args.folders}}
    for path in sorted((args.out / "photos").iterdir()):
        photo = cv2.imread(str(path))
        box = reader.box(photo)
        if box is None:
            continue
        # On the photograph's box in every picture: what differs is what the points see, not where a face was found.
        points = reader.points(photo, box)
        moved, matrix = jittered(photo, rng)
        rows["floor"].append(offsets(points @ matrix[:, :2].T + matrix[:, 2], reader.points(moved, box)))
        for name in args.folders:
            rows[name].append(offsets(points, reader.points(cv2.imread(str(args.out / name / path.name)), box)))
    medians = {name: np.median(values, 0) for name, values in rows.items()}
    print("| pictures | N | eyes | mouth corners | mouth asymmetry |\n| --- | --- | --- | --- | --- |")
    for name, values in medians.items():
        print(f"| {name} | {len(rows[name])} | " + " | ".join(f"{v:.4f}" for v in values) + " |")
    base = [excess(v, f) for v, f in zip(medians[args.folders[0]], medians["floor"])]
    for name in args.folders[1:]:
        left = [excess(v, f) for v, f in zip(medians[name], medians["floor"])]
        print(f"{name}: excess over the floor against {args.folders[0]}: "
              + ", ".join(f"{100 * (a / max(b, 1e-9) - 1):+.0f} %" for a, b in zip(left, base)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("crops")
    one.add_argument("photos", type=Path)
    one.add_argument("out", type=Path)
    one.set_defaults(run=write_crops)
    two = commands.add_parser("demo")
    two.add_argument("out", type=Path)
    two.add_argument("--checkpoint", type=Path, required=True)
    two.add_argument("--style", default="cel")
    two.set_defaults(run=draw_demo)
    three = commands.add_parser("measure")
    three.add_argument("out", type=Path)
    three.add_argument("--predictor", type=Path, required=True)
    three.add_argument("folders", nargs="+")
    three.set_defaults(run=measure)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
