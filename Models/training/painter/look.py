"""The styles: everything in which their paintings differ."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Look:
    """One style's hand.  Lightness and chroma are CIE Lab units, amounts 0...1 unless said otherwise."""

    line_tint: tuple[float, float, float]  # a line is the local colour times this
    line_weight: float       # coverage of lines over all
    line_width: float        # 0 thin, 0.5 as found, 1 wide
    line_gaps: float         # how far lines break where the contrast beneath them is low
    steps: float             # tones over the whole range of lightness, outside the skin
    step_sharp: float        # steepness of the borders between tones: 4 soft, 12 crisp
    step_amount: float       # how far lightness is pulled to the tones
    skin_drop: float         # darkness of the shade on skin: 1 is about 8 units of lightness on light skin
    skin_shine: float        # how much lighter skin is where it shines, as a share of its lightness
    modelling: float         # how much of the turn of light and colour over the skin's form is left within its tones
    shadow_ab: tuple[float, float]  # added to a and b in skin shadows
    blush: float             # reddening of the cheeks, a units
    lashes: float            # width of lash lines
    sparkle: float           # shine of the irises
    lips: float              # how much of the lips' own colour stays
    band: float              # strength of shade and light outside skin and hair
    # Outside the face (grade.py).
    brighten: float          # opening of the shadows
    black: float             # lightness of black
    white: float             # lightness of white
    chroma: float            # what chroma is multiplied by
    chroma_limit: float      # what it never exceeds
    dark_tint: tuple[float, float]    # a, b added to black
    middle_tint: tuple[float, float]  # to middle grey
    light_tint: tuple[float, float]   # to white
    # On the face.
    skin_lift: float         # opening of the skin's lightness
    skin_chroma: float       # what its chroma is multiplied by
    skin_tint: tuple[float, float]    # a, b added
    # On hair (hair.py).
    hair_shade: float        # depth of shade between strands
    hair_light: float        # height of the band of light
    hair_shade_ab: tuple[float, float] = (0.0, 0.0)
    hair_light_ab: tuple[float, float] = (0.0, 0.0)
    hair_tint: float = 1.0   # share of the tints above that hair takes on
    rim: float = 0.0         # light from behind along the crown
    rim_ab: tuple[float, float] = (0.0, 0.0)
    # Of single hands.
    depth: float = 0.0       # chroma gained with lightness: lifted darks show their hue
    pigment: float = 0.0     # pigment gathered along the borders of a wash
    glow: float = 0.0        # light spread around lights
    green_calm: float = 0.0  # pulls greens towards olive and less chroma
    blue_lift: float = 0.0   # makes blues vivid and clear

    @property
    def tint(self) -> np.ndarray:
        return np.array(self.line_tint, np.float32)


LOOKS = {
    # Clean cel shading, as on a webtoon page: crisp steps, dark sure lines, clear and calm colours.
    "cel": Look(line_tint=(0.22, 0.15, 0.19), line_weight=1.0, line_width=0.85, line_gaps=0.0, steps=5, step_sharp=12,
                step_amount=0.8, skin_drop=1.3, skin_shine=0.10, modelling=0.4, shadow_ab=(3.4, 1.4), blush=3.5,
                lashes=1.0, sparkle=0.3, lips=0.65, band=1.0,
                brighten=0.20, black=2, white=100, chroma=1.12, chroma_limit=160, dark_tint=(0.5, -1.0),
                middle_tint=(0.0, -0.5),
                light_tint=(0.0, 0.0), skin_lift=0.02, skin_chroma=1.0, skin_tint=(0.2, 0.6),
                hair_shade=1.1, hair_light=1.35, hair_shade_ab=(0.5, -1.0), hair_light_ab=(-1.0, -1.0)),
    # Watercolour on warm paper: pale washes with pigment at their borders, thin broken brown lines, calm greens.
    "soft": Look(line_tint=(0.38, 0.23, 0.16), line_weight=1.0, line_width=0.35, line_gaps=0.85, steps=4, step_sharp=5,
                 step_amount=0.5, skin_drop=0.8, skin_shine=0.07, modelling=0.5, shadow_ab=(3.0, 3.0), blush=5.0,
                 lashes=0.85, sparkle=0.15, lips=0.55, band=0.55,
                 brighten=0.55, black=20, white=97, chroma=1.0, chroma_limit=42, dark_tint=(6.0, 4.0),
                 middle_tint=(2.0, 5.5), light_tint=(0.3, 8.0), skin_lift=0.20, skin_chroma=0.94, skin_tint=(0.8, 2.0),
                 hair_shade=1.1, hair_light=0.9, hair_shade_ab=(1.5, 1.0), hair_light_ab=(0.0, 3.0),
                 hair_tint=0.6, pigment=1.0, depth=0.35, green_calm=0.6),
    # Strong light and vivid skies: deep blues, violet shade, a rim of light on hair, fine coloured lines.
    "luminous": Look(line_tint=(0.34, 0.17, 0.46), line_weight=0.9, line_width=0.3, line_gaps=0.0, steps=7,
                     step_sharp=8,
                     step_amount=0.6, skin_drop=1.3, skin_shine=0.14, modelling=0.4, shadow_ab=(6.0, -9.0), blush=3.5,
                     lashes=0.95, sparkle=1.0, lips=0.6, band=1.5,
                     brighten=0.0, black=7, white=95, chroma=1.25, chroma_limit=120, dark_tint=(7.0, -17.0),
                     middle_tint=(2.0, -13.0),
                     light_tint=(0.0, -9.0), skin_lift=0.03, skin_chroma=1.04, skin_tint=(2.0, -3.0),
                     hair_shade=1.25, hair_light=1.5, hair_shade_ab=(5.0, -6.0), hair_light_ab=(0.0, -3.0),
                     rim=0.9, rim_ab=(2.0, -6.0), glow=0.3, depth=0.3, blue_lift=0.9),
}
