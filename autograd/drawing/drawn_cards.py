"""A card as shapes: measured, and with the colours that its picture in DOT has."""

from __future__ import annotations

from typing import NamedTuple

from ..support.text import printable
from .letters import width_of, wrapped
from .picture import Card, Picture, Row
from .shapes import Box, Shape, Text, moved, runs_width
from .tex import Run, runs_of
from .themes import Theme

SIZE = 11.0  # of letters
_LINE, _PADDING = 13.2, 3.0
_ROW = _LINE + 2 * _PADDING
_SIDE = 5.0  # between text and the side of its cell
_BASE = 10.6  # from the top of a line to the feet of its letters
_SMALL, _SYMBOL = 10.0, 14.0
_LEAST_EDGE, _LEAST_HEAD, _CELL = 26.0, 28.0, 52.0


class DrawnCard(NamedTuple):
    """A card of a size, its shapes beginning at (0, 0)."""

    width: float
    height: float
    shapes: tuple[Shape, ...]

    def at(self, x: float, y: float) -> tuple[Shape, ...]:
        return tuple(moved(shape, x, y) for shape in self.shapes)


def lines_of(label: str) -> list[tuple[Run, ...]]:
    """Return a label as the lines of a card, each in pieces of one type."""
    if runs := runs_of(label):
        return [tuple(run._replace(text=printable(run.text)) for run in runs)]
    return [(Run(line),) for line in wrapped(label)]


def plain_text(x: float, y: float, text: str, color: str, anchor: str = "start", size: float = SIZE) -> Text:
    return Text(x, y, (Run(printable(text)),), size, color, False, anchor)


class CardMaker:
    """Draws the cards of one picture, whose gradients are compared with one another."""

    def __init__(self, picture: Picture, theme: Theme) -> None:
        self.picture, self.theme = picture, theme
        self.largest = picture.largest_gradient()

    def drawn(self, card: Card) -> DrawnCard:
        """Return a card as shapes."""
        one_line = self.picture.compact and card.operation is None
        inner = self._one_line(card) if one_line else self._table(card)
        edge = self._edge(card, inner.height)
        width, height = edge.width + inner.width, max(inner.height, edge.height)
        line = 2.0 if card.kind == "parameter" else 1.0
        border = self.theme.borders.get(card.kind, self.theme.border)
        shapes = [
            Box(0, 0, width, height, self.theme.card),
            *edge.shapes,
            *inner.at(edge.width, 0),
            Box(0, 0, width, height, "none", border, line),
        ]
        return DrawnCard(width, height, tuple(shapes))

    def _table(self, card: Card) -> DrawnCard:
        theme = self.theme
        lines, note = lines_of(card.label), card.note
        captions = max((width_of(row.caption, SIZE) for row in card.rows), default=0.0)
        numbers = max((width_of(row.text, SIZE) for row in card.rows), default=0.0)
        width = max(
            captions + numbers + 3 * _SIDE,
            self._head_width(card),
            width_of(card.footer, _SMALL) + 2 * _SIDE,
        )
        shapes: list[Shape] = []
        y = 0.0
        tint = theme.heads[card.kind]
        if lines or note:
            height = max(1, len(lines)) * _LINE + 2 * _PADDING
            shapes.append(Box(0, 0, width, height, tint))
            shapes += self._head(card, _SIDE)
            y, tint = height, ""
        if card.operation:
            tint = ""
        for row in card.rows:
            shapes += self._row(row, tint, y, width)
            y, tint = y + _ROW, ""
        if card.footer:
            shapes.append(plain_text(_SIDE, y + _PADDING + _BASE, card.footer, theme.caption, size=_SMALL))
            y += _ROW
        return DrawnCard(width, max(y, _ROW), tuple(shapes))

    def _row(self, row: Row, tint: str, y: float, width: float) -> list[Shape]:
        color = self.theme.caption
        if row.gradient is not None:
            tint, color = self.theme.tint_of(row.gradient, self.largest), self.theme.text
        shapes: list[Shape] = [Box(0, y, width, _ROW, tint)] if tint else []
        base = y + _PADDING + _BASE
        shapes.append(plain_text(_SIDE, base, row.caption, color))
        shapes.append(plain_text(width - _SIDE, base, row.text, self.theme.text, "end"))
        return shapes

    def _one_line(self, card: Card) -> DrawnCard:
        head = max(_LEAST_HEAD, self._head_width(card))
        shapes: list[Shape] = [Box(0, 0, head, _ROW, self.theme.heads[card.kind]), *self._head(card, _SIDE)]
        x = head
        for row in card.rows:
            if row.gradient is not None:
                shapes.append(Box(x, 0, _CELL, _ROW, self.theme.tint_of(row.gradient, self.largest)))
            x += max(_CELL, width_of(row.text, SIZE) + 2 * _SIDE)
            shapes.append(plain_text(x - _SIDE, _PADDING + _BASE, row.text, self.theme.text, "end"))
        return DrawnCard(x, _ROW, tuple(shapes))

    def _head_width(self, card: Card) -> float:
        widest = max((runs_width(line, SIZE, True) for line in lines_of(card.label)), default=0.0)
        return widest + (4 + width_of(card.note, SIZE) if card.note else 0.0) + 2 * _SIDE

    def _head(self, card: Card, x: float) -> list[Shape]:
        shapes: list[Shape] = []
        y, end = _PADDING + _BASE, x
        for line in lines_of(card.label):
            text = Text(x, y, line, SIZE, self.theme.text, True)
            shapes.append(text)
            end, y = x + text.width + 4, y + _LINE
        if card.note:
            last = max(_PADDING + _BASE, y - _LINE)
            shapes.append(plain_text(end, last, card.note, self.theme.accent))
        return shapes

    def _edge(self, card: Card, height: float) -> DrawnCard:
        """Return the dark edge with the operation, constants in small print where they stand in a formula."""
        if card.operation is None:
            return DrawnCard(0.0, 0.0, ())
        symbol, left, right, arguments = map(printable, card.operation)
        parts = [(left, _SMALL), (symbol, _SYMBOL), (right, _SMALL)]
        widths = [width_of(text, size, size == _SYMBOL) for text, size in parts]
        line = sum(widths) + 4.0 * sum(bool(text) for text in (left, right))
        below = f"({arguments})" if arguments else ""
        width = max(_LEAST_EDGE, line + 2 * _SIDE, width_of(below, _SMALL) + 2 * _SIDE)
        height = max(height, 2 * _ROW if below else _ROW)
        theme = self.theme
        shapes: list[Shape] = [Box(0, 0, width, height, theme.operation)]
        x, y = (width - line) / 2, height / 2 + (-2.0 if below else 5.0)
        for (text, size), wide in zip(parts, widths, strict=True):
            if text:
                bold = size == _SYMBOL
                shapes.append(Text(x, y, (Run(text),), size, theme.operation_text, bold))
                x += wide + 4.0
        if below:
            shapes.append(plain_text(width / 2, y + 13, below, theme.operation_text, "middle", _SMALL))
        return DrawnCard(width, height, tuple(shapes))
