"""How wide an arrow is and which colour it has, by what flows along it."""

from __future__ import annotations

import math
from typing import NamedTuple

from .picture import Arrow, Picture
from .themes import Theme, mixed, strength_of

# Where the weights of a layer are written: their arrows come together in the heads, and cross in the middle.
_NEAR_TAIL = tuple(k / 100 for k in (30, 25, 35, 20, 40, 15, 45, 50, 10, 55, 60, 65, 70, 75, 80, 85, 90))


class Look(NamedTuple):
    """How an arrow looks.

    Attributes:
        color: of its line.
        width: of its line, in points.
        hollow: whether its head is, as that of a negative contribution.
        head: whether it has one.
        text_color: the colour of the text beside it.
        text_at: where along it the text may stand, best first; nothing where that is its middle.
    """

    color: str
    width: float
    hollow: bool
    head: bool
    text_color: str
    text_at: tuple[float, ...] = ()

    @property
    def head_length(self) -> float:
        """How long the head is, in points; a wide line around a hollow one would fill it."""
        return max(6.0 + 0.9 * self.width, 4.3 + 2.7 * self.width if self.hollow else 0.0)


class Looks:
    """The looks of the arrows of one picture, which are compared with one another."""

    def __init__(self, picture: Picture, theme: Theme) -> None:
        self.picture, self.theme = picture, theme
        self.largest = picture.largest_flows()

    def of(self, arrow: Arrow) -> Look:
        """Return how an arrow looks."""
        theme, flow = self.theme, arrow.flow
        folded = self.picture.folded
        strength = strength_of(flow, self.largest[arrow.scale])
        crowded = self.picture.compact and arrow.scale == "weight"
        if not crowded:  # few arrows: the square root keeps small contributions visible
            strength = math.sqrt(strength)
        width = 0.4 + 2.6 * strength if folded else 0.6 + 2.8 * strength
        color = theme.border if arrow.scale == "norm" else theme.color_of(flow)
        faint = flow == 0 and folded and self.largest[arrow.scale] > 0
        if crowded:  # of hundreds of weights those with the largest gradients stand out
            color = mixed(theme.background, color, 0.35 + 0.65 * strength)
        if faint:
            color = theme.frame_border  # hundreds of weights without a gradient would hide the others
        places = _NEAR_TAIL if arrow.scale == "weight" else ()
        return Look(color, width, flow < 0, not faint, theme.text_of(flow), places)
