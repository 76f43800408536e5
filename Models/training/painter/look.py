"""The styles: everything in which their paintings differ."""
from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Look:
    """One style's hand.  Lightness and chroma are CIE Lab units, amounts 0...1 unless said otherwise."""

    line_tint: tuple[float, float, float]  # a line is the local colour times this
    line_weight: float       # coverage of lines over all
    line_reach: float        # threshold factor: above 1 draws fewer lines
    steps: float             # tones over the whole range of lightness, outside the skin
    step_sharp: float        # steepness of the borders between tones: 4 soft, 12 crisp
    step_amount: float       # how far lightness is pulled to the tones
    skin_sharp: float        # half width of the skin shadow's border, as a part of the skin's spread: small is crisp
    skin_drop: float         # darkness of the skin shadow, in spreads
    skin_round: float        # how much of the true shading is left on skin
    shadow_ab: tuple[float, float]  # added to a and b in skin shadows
    blush: float             # reddening of the cheeks, a units
    chroma: float            # gain for pale colours
    brighten: float          # opening of the shadows
    lashes: float            # width of lash lines
    sparkle: float           # shine of the irises
    lips: float              # how much of the lips' own colour stays
    band: float              # strength of the light band on hair
    wash: float              # smoothing of the background, px
    light_tint: tuple[float, float] = (0.0, 0.0)   # a, b added to lights
    dark_tint: tuple[float, float] = (0.0, 0.0)    # a, b added to shadows outside the skin
    glow: float = 0.0        # bloom around lights
    green_calm: float = 0.0  # pulls greens towards olive and less chroma
    blue_lift: float = 0.0   # makes blues vivid and clear

    @property
    def tint(self) -> np.ndarray:
        return np.array(self.line_tint, np.float32)


LOOKS = {
    # Clean cel shading, as on a webtoon page: crisp steps, dark lines, clear colours.
    "cel": Look(line_tint=(0.24, 0.17, 0.22), line_weight=1.0, line_reach=1.0, steps=6, step_sharp=11, step_amount=0.74,
                skin_sharp=0.10, skin_drop=1.25, skin_round=0.14, shadow_ab=(3.4, 0.6), blush=2.5, chroma=0.42,
                brighten=0.36, lashes=1.0, sparkle=0.3, lips=0.45, band=1.0, wash=3.0),
    # Hand-painted backgrounds and warm light: soft steps, brown thin lines, calm greens.
    "soft": Look(line_tint=(0.42, 0.30, 0.26), line_weight=0.82, line_reach=1.2, steps=5, step_sharp=5, step_amount=0.62,
                 skin_sharp=0.34, skin_drop=0.9, skin_round=0.22, shadow_ab=(2.6, 2.4), blush=4.5, chroma=0.20,
                 brighten=0.55, lashes=0.85, sparkle=0.15, lips=0.55, band=0.6, wash=6.0,
                 light_tint=(0.5, 7.0), dark_tint=(-1.5, 2.5), green_calm=0.7),
    # Strong light and vivid skies: glowing lights, violet shadows, fine dark blue lines.
    "luminous": Look(line_tint=(0.20, 0.18, 0.36), line_weight=0.9, line_reach=1.12, steps=7, step_sharp=8, step_amount=0.6,
                     skin_sharp=0.18, skin_drop=1.35, skin_round=0.2, shadow_ab=(5.0, -6.0), blush=3.5, chroma=0.5,
                     brighten=0.30, lashes=0.95, sparkle=1.0, lips=0.6, band=1.7, wash=3.5,
                     light_tint=(1.0, 4.0), dark_tint=(4.0, -9.0), glow=0.5, blue_lift=0.8),
}
