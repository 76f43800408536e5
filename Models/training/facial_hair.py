"""What of beards and stubble the product finds too: made-up faces, and what painter/beard.py says of them.

    python facial_hair.py --golden ../../Tests/Fixtures

The product has the same measures in Sources/Drawing/FacialHair, and a test there compares with what ``--golden``
writes: shapes by how much of them is common, as fills and blurs differ by fractions of a pixel; numbers within the
tolerances of that test.  The photographs are made by integer arithmetic on both sides, so none is stored.
"""
from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from crude_faces import drawn_mesh
from guides import mesh_face
from painter.analysis import to_lab
from painter.beard import find_beard, find_stubble, jaw_zones, paint_beard, roughness
from painter.mesh import jaw_curve
from painter.regions import skin_statistics

SIDE = 512
# Stored values of what changes from place to place are means over squares of so many pixels.
CELL = 16


@dataclass(frozen=True)
class Patch:
    """Something of one sRGB colour below the nose: between two heights (units below the nose's base) and as far to the
    sides (units), with noise of so many levels."""

    top: float
    bottom: float
    reach: float
    colour: tuple[int, int, int]
    noise: int


@dataclass(frozen=True)
class Person:
    """A made-up face: its skin, and what lies on it, later ones on top."""

    skin: tuple[int, int, int]
    patches: tuple[Patch, ...] = ()


PEOPLE = {
    "shaven": Person((214, 168, 142)),
    "beard": Person((214, 168, 142), (Patch(0.05, 2.0, 2.0, (70, 48, 36), 40),)),
    "goatee": Person((214, 168, 142), (Patch(0.05, 2.0, 0.45, (64, 52, 44), 36),)),
    "white beard": Person((190, 130, 100), (Patch(0.05, 2.0, 2.0, (188, 180, 172), 50),)),
    "moustache": Person((214, 168, 142), (Patch(0.06, 0.3, 0.42, (60, 46, 40), 30),)),
    "stubble": Person((200, 156, 134), (Patch(0.03, 2.0, 2.0, (158, 124, 110), 44),
                                        Patch(0.6, 2.0, 0.3, (130, 104, 94), 44))),
    "stubble on dark skin": Person((104, 68, 50), (Patch(0.03, 2.0, 2.0, (76, 54, 44), 30),)),
    "black mask": Person((214, 168, 142), (Patch(-0.5, 2.0, 2.0, (40, 40, 44), 4),)),
    "white mask": Person((190, 130, 100), (Patch(-0.5, 2.0, 2.0, (228, 230, 232), 6),)),
    "shade": Person((104, 68, 50), (Patch(0.3, 2.0, 2.0, (58, 36, 28), 4),)),
}


def noise(side: int) -> np.ndarray:
    """Numbers [side,side] in -1...1 that look random, the same everywhere."""
    y, x = np.mgrid[0:side, 0:side].astype(np.uint32)
    value = x * np.uint32(374761393) + y * np.uint32(668265263)
    value = (value ^ (value >> np.uint32(13))) * np.uint32(1274126177)
    value ^= value >> np.uint32(16)
    return (value & np.uint32(0xFFFF)).astype(np.float64) / 32767.5 - 1


def photograph(person: Person, mesh: np.ndarray) -> np.ndarray:
    """uint8 [SIDE,SIDE,3]; points are pixels whose centres lie at + 0.5."""
    face = mesh_face(mesh)
    right, down = face.axes
    y, x = np.mgrid[0:SIDE, 0:SIDE] + 0.5
    x, y = x - mesh[2, 0], y - mesh[2, 1]
    side, height = (x * right[0] + y * right[1]) / face.unit, (x * down[0] + y * down[1]) / face.unit
    grain = noise(SIDE)
    image = np.floor(np.array(person.skin) + 3 * grain[..., None] + 0.5)
    for patch in person.patches:
        place = (height > patch.top) & (height < patch.bottom) & (np.abs(side) < patch.reach)
        image[place] = np.floor(np.array(patch.colour) + patch.noise * grain[place][:, None] + 0.5)
    return np.clip(image, 0, 255).astype(np.uint8)


def runs(mask: np.ndarray) -> list[int]:
    """Lengths of a boolean picture's runs, row by row, the first of them of False."""
    flat = np.concatenate([[False], mask.ravel(), [not mask.ravel()[-1]]])
    return np.diff(np.flatnonzero(np.concatenate([[True], flat[1:] != flat[:-1]]))).tolist()


def cells(value: np.ndarray) -> list[float]:
    """Means over squares, row by row."""
    rows = SIDE // CELL
    return value.reshape(rows, CELL, rows, CELL).mean((1, 3)).round(4).ravel().tolist()


def golden() -> dict:
    """All that the product's test compares with."""
    mesh = drawn_mesh().astype(np.float64).round(2)
    face, jaw = mesh_face(mesh), jaw_curve(mesh)
    people = []
    for name, person in PEOPLE.items():
        photo = photograph(person, mesh).astype(np.float32) / 255
        lab = to_lab(photo)
        zones = jaw_zones(lab.shape[:2], face, mesh)
        shape = find_beard(lab, lab, face, mesh)
        beard = paint_beard(lab, photo.mean(2), shape, float(skin_statistics(lab, face)[0]), face)
        stubble = find_stubble(lab, face, mesh, jaw, np.zeros(lab.shape[:2], np.float32))
        people.append({
            "name": name, "skin": list(person.skin),
            "patches": [{"top": p.top, "bottom": p.bottom, "reach": p.reach, "colour": list(p.colour),
                         "noise": p.noise} for p in person.patches],
            "roughness": [round(value, 4) for value in roughness(lab, face, zones, zones.cheeks)],
            "beard": None if beard is None else {
                "shape": runs(shape), "tone": beard.tone.round(3).tolist(),
                "deepTone": beard.deep_tone.round(3).tolist()},
            "stubble": None if stubble.mask.max() == 0 else {
                "coverage": cells(stubble.mask), "drop": cells(stubble.drop),
                "chroma": round(max(stubble.paler, 0.8), 4)},
        })
    return {"side": SIDE, "cell": CELL, "mesh": mesh.tolist(), "people": people}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--golden", type=Path, required=True, help="folder for facial-hair.json")
    (parser.parse_args().golden / "facial-hair.json").write_text(json.dumps(golden()) + "\n")


if __name__ == "__main__":
    main()
