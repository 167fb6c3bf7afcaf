"""The colours of a picture, and how a number is turned into one.

Blue and red are told apart with every common kind of colour blindness; still no meaning hangs on them
alone: a number bears its sign, and the arrow of a negative contribution has a hollow head.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple


class Theme(NamedTuple):
    """Colours, as `#rrggbb`. Text on each of them, and lines on the background, are easy to read."""

    background: str
    card: str
    text: str
    caption: str
    border: str
    operation: str
    operation_text: str
    heads: dict[str, str]  # the tint of a card's head, by what the card stands for
    borders: dict[str, str]  # the colour of its border, where that is another one
    frame: str
    frame_border: str
    accent: str
    positive: str
    negative: str
    zero: str
    nan: str
    quiet: str  # text beside an arrow along which nothing flows
    tint_positive: str = "#2563eb"  # the full colours of which gradient cells bear a part
    tint_negative: str = "#dc2626"
    tint_nan: str = "#a21caf"

    def color_of(self, x: float) -> str:
        """Return the colour of a number's sign, for a line."""
        return (
            self.nan if math.isnan(x) else self.positive if x > 0 else self.negative if x < 0 else self.zero
        )

    def text_of(self, x: float) -> str:
        """Return the colour of a number's sign, for text on the background."""
        return self.quiet if x == 0.0 else self.color_of(x)

    def sample_of(self, sign: str) -> str:
        """Return the colour of a line by the sign's name: "positive", "negative", "zero", "nan", "norm"."""
        known = {"positive": self.positive, "negative": self.negative, "zero": self.zero, "nan": self.nan}
        return known.get(sign, self.border)

    def tint_of(self, x: float, largest: float) -> str:
        """Return the colour of a cell that holds x; the square root keeps small numbers visible."""
        strength = 0.55 * math.sqrt(strength_of(x, largest))
        full = self.tint_nan if math.isnan(x) else self.tint_positive if x > 0 else self.tint_negative
        return mixed(self.card, full, strength)


def mixed(first: str, second: str, part: float) -> str:
    """Return the colour between two, of which `part` is of the second.

    >>> mixed("#000000", "#ffffff", 0.5)
    '#808080'
    """
    pairs = zip(bytes.fromhex(first[1:]), bytes.fromhex(second[1:]), strict=True)
    return "#" + bytes(round(a + (b - a) * part) for a, b in pairs).hex()


def largest_of(numbers: Iterable[float]) -> float:
    """Return the largest size among the finite numbers; 0 where there are none."""
    return max((abs(x) for x in numbers if math.isfinite(x)), default=0.0)


def strength_of(x: float, largest: float) -> float:
    """Return the size of x as part of `largest`, from 0 to 1; what is larger, infinite or NaN is 1."""
    if x == 0.0:
        return 0.0
    return abs(x) / largest if abs(x) < largest else 1.0


LIGHT = Theme(
    background="#ffffff", card="#ffffff", text="#111827", caption="#4b5563", border="#6b7280",
    operation="#1f2937", operation_text="#ffffff",
    heads={"input": "#d1fae5", "parameter": "#fef3c7", "inner": "#f3f4f6", "neuron": "#e0e7ff"},
    borders={"neuron": "#4338ca"},
    frame="#fafafa", frame_border="#d1d5db", accent="#4338ca",
    positive="#2563eb", negative="#dc2626", zero="#9ca3af", nan="#a21caf", quiet="#6b7280",
)  # fmt: skip

DARK = Theme(
    background="#0f172a", card="#1e293b", text="#f1f5f9", caption="#cbd5e1", border="#94a3b8",
    operation="#e2e8f0", operation_text="#0f172a",
    heads={"input": "#065f46", "parameter": "#78350f", "inner": "#334155", "neuron": "#312e81"},
    borders={"neuron": "#a5b4fc"},
    frame="#111c33", frame_border="#475569", accent="#c7d2fe",
    positive="#60a5fa", negative="#f87171", zero="#94a3b8", nan="#e879f9", quiet="#94a3b8",
)  # fmt: skip

THEMES = {"light": LIGHT, "dark": DARK}

AUTO = "auto"

_chosen = "light"


def set_theme(theme: str) -> None:
    """Choose the colours of all pictures that are made from now on, and are not told others.

    Args:
        theme: "light", "dark", or "auto": as JupyterLab or VS Code is just now, and elsewhere as the system
            is; pictures that are no SVG are then light.

    Raises:
        ValueError: it is none of these.

    >>> from autograd import draw, Value
    >>> set_theme("dark")
    >>> "#0f172a" in draw(Value(1.0)).source
    True
    >>> set_theme("light")
    """
    global _chosen
    _chosen = checked_theme(theme)


def checked_theme(theme: str | None) -> str:
    """Return the name of a theme, that of `set_theme` for None.

    Raises:
        ValueError: there is no such theme.
    """
    if theme is None:
        return _chosen
    if theme not in THEMES and theme != AUTO:
        raise ValueError(f"theme is 'light', 'dark' or 'auto', not {theme!r}")
    return theme


def theme_of(name: str | None = None) -> Theme:
    """Return the colours of a theme, that of `set_theme` for None; those of "auto" are the light ones."""
    return THEMES.get(checked_theme(name), LIGHT)
