"""The legend of a picture as shapes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .drawn_cards import plain_text
from .picture import Entry
from .shapes import Box, Curve, Group, Shape
from .themes import Theme

_SIZE, _LINE, _SAMPLE = 9.0, 14.0, 26.0


def drawn_legend(entries: Sequence[Entry], theme: Theme, x: float, y: float) -> Group:
    """Return the lines of a legend, one below the other."""
    shapes: list[Shape] = []
    for i, entry in enumerate(entries):
        top = y + i * _LINE
        shapes += _sample(entry.sample, theme, x, top)
        shapes.append(plain_text(x + _SAMPLE, top + 8.5, entry.text, theme.caption, size=_SIZE))
    return Group("legend", "legend", "", tuple(shapes))


def _sample(sample: str, theme: Theme, x: float, y: float) -> Iterable[Shape]:
    if sample in theme.heads:
        line = 2.0 if sample == "parameter" else 1.0
        color = theme.borders.get(sample, theme.border)
        yield Box(x, y, 18.0, 10.0, theme.heads[sample], color, line)
    elif sample:
        middle = y + 5.0
        yield Curve(
            ((x, middle), (x + 6, middle), (x + 12, middle), (x + 18, middle)), theme.sample_of(sample), 2.5
        )
