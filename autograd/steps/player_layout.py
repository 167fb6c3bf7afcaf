"""Places for the cards of a player: Graphviz's, or those found here where there is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from ..drawing import DrawingError
from ..drawing.arrow_ways import Labels, curve_through, shortened_by
from ..drawing.layered import Link, arrange
from ..drawing.letters import width_of
from ..drawing.rendering import make_picture

_MARGIN_X, _MARGIN_Y = 11.0, 30.0
_SEPARATION, _HEAD = 16.0, 8.0
_TEXT = 12.0
_MOST = 250  # cards that are laid out without Graphviz in a second

Point = tuple[float, float]


class Box(NamedTuple):
    """A card: its size in points."""

    width: float
    height: float


class Arrow(NamedTuple):
    """An arrow between the cards of these numbers, with its text; none where that finds a place itself."""

    tail: int
    head: int
    text: str = ""


def laid_out(source: str, boxes: Sequence[Box], arrows: Sequence[Arrow]) -> bytes:
    """Return an SVG that says where everything lies, in the form of Graphviz.

    Args:
        source: the layout in DOT, for Graphviz.
        boxes: its nodes, v0, v1, ... in their order.
        arrows: its edges, e0, e1, ... in their order.

    Raises:
        DrawingError: there is no Graphviz, or it failed, and there are too many cards to do without.
    """
    try:
        return make_picture(source, "svg")
    except DrawingError:
        if len(boxes) > _MOST:
            raise
    return _by_itself(boxes, arrows).encode()


def _by_itself(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> str:
    texts = ["0" * (2 + len(arrow.text)) for arrow in arrows]
    links = [
        Link(arrow.tail, arrow.head, room=width_of(text, _TEXT) if arrow.text else 20.0)
        for arrow, text in zip(arrows, texts, strict=True)
    ]
    arranged = arrange([(box.width, box.height) for box in boxes], links, _SEPARATION)
    has_texts = any(arrow.text for arrow in arrows)
    paths = arranged.paths if has_texts else [_without_stops(path) for path in arranged.paths]
    curves = [curve_through(path, True, False) for path in paths]
    stems = [shortened_by(curve, _HEAD)[0] for curve in curves]
    cards = [
        (x, y, x + box.width, y + box.height) for box, (x, y) in zip(boxes, arranged.origins, strict=True)
    ]
    crowd = stems if has_texts else []
    labels = Labels(((stem, 3.0) for stem in crowd), cards)
    lines = []
    for i, (x, y, a, b) in enumerate(cards):
        corners = _written([(x, y), (x, b), (a, b), (a, y)])
        lines.append(f'<g class="node"><title>v{i}</title><polygon points="{corners}"/></g>')
    for i, (curve, stem, arrow) in enumerate(zip(curves, stems, arrows, strict=True)):
        written = ""
        if arrow.text:
            x, y = labels.place(stem, 3.0, (width_of(texts[i], _TEXT), 0.8 * _TEXT)).middle
            written = f'<text x="{x:.1f}" y="{y + 0.36 * _TEXT:.1f}"/>'
        begin, *rest = _written(stem).split()
        lines.append(
            f'<g class="edge" id="e{i}"><path d="M{begin}C{" ".join(rest)}"/>'
            f'<polygon points="{_written(_head(curve))}"/>{written}</g>'
        )
    points = [point for stem in stems for point in stem] + [p for c in cards for p in (c[:2], c[2:])]
    left, top = (min(point[k] for point in points) for k in (0, 1))
    right, bottom = (max(point[k] for point in points) for k in (0, 1))
    size = f"{math.ceil(right - left + 2 * _MARGIN_X)} {math.ceil(bottom - top + 2 * _MARGIN_Y)}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}">'
        f'<g transform="translate({_MARGIN_X - left:.1f} {_MARGIN_Y - top:.1f})">{"".join(lines)}</g></svg>'
    )


def _without_stops(path: Sequence[Point]) -> list[Point]:
    """Return a path without the points on straight lines that run along the arrows."""
    threes = zip(path, path[1:], path[2:], strict=False)
    inner = [b for a, b, c in threes if not a[1] == b[1] == c[1]]
    return [path[0], *inner, path[-1]]


def _head(curve: Sequence[Point]) -> list[Point]:
    """Return the corners of the head of an arrow, its point between the others, as Graphviz writes them."""
    _, (dx, dy) = shortened_by(curve, _HEAD)
    x, y = curve[-1]
    a, b = x - _HEAD * dx, y - _HEAD * dy
    half = 0.35 * _HEAD
    return [(a + half * dy, b - half * dx), (x, y), (a - half * dy, b + half * dx)]


def _written(points: Sequence[Point]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
