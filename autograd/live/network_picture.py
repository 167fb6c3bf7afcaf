"""The picture of a folded network, which a script can address: the card i is the group `c<i>`, the arrow
i the group `e<i>`.

Cards have room for every number that they may show. Attributes stand in single quotes and there is no line
break, so that the SVG can stand in an attribute of HTML nearly as it is.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..drawing.arrangement import Arrangement, Place, arrangement_of
from ..drawing.arrow_ways import are_abreast, curve_beside, curve_through, meets, shortened_by
from ..drawing.picture import Arrow, Card, Frame, Picture
from ..drawing.tex import plain
from ..drawing.themes import largest_of
from ..steps.player_picture import number_text, sign, strength
from ..support.terminal import columns, fitted
from ..support.text import shortened

_NAME_COLUMNS = 26
_HEAD, _ROW, _CAPTION, _MARGIN, _FOOTER = 24.0, 21.0, 40.0, 8.0, 18.0
_LINE = 24.0  # the height of a card that is one line
_DIGITS = 72.0  # the width of the longest number
_ARROW_HEAD = 8.0
_CROWDED = 120  # arrows, of which the weaker ones fade, as the page has it
_LEFT, _TOP = 12.0, 20.0

Point = tuple[float, float]


class _Box(NamedTuple):
    """A card before it has a place."""

    card: Card
    name: str
    note: str
    edge: float  # the width of the dark edge with the operation
    width: float
    height: float
    line: bool  # whether it is one line


class Shown(NamedTuple):
    """The numbers of a picture: value and gradient of each card, and what flows along each arrow."""

    cards: list[tuple[float, float]]
    flows: list[float]


def network_svg(picture: Picture, shown: Shown, style: str, label: str) -> str:
    """Return the SVG of a network with the numbers that it begins with.

    Args:
        picture: what there is to see.
        shown: the numbers.
        style: the style sheet for inside the picture.
        label: what it is, for those who do not see it.
    """
    most = largest_of(gradient for _, gradient in shown.cards)
    boxes = {card.id: _box(card, picture) for card in picture.cards}
    sizes = {name: (box.width, box.height) for name, box in boxes.items()}
    placed = arrangement_of(picture, sizes, "LR", lambda arrow: 20.0)
    width, height = math.ceil(placed.width + 2 * _LEFT), math.ceil(placed.height + 2 * _TOP)
    looks = _looks(picture, shown.flows)
    arrows = [_arrow(i, arrow, placed, picture, looks[i]) for i, arrow in enumerate(picture.arrows)]
    cards = [
        _drawn(i, boxes[card.id], placed.cards[card.id], *shown.cards[i], most)
        for i, card in enumerate(picture.cards)
    ]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='{-_LEFT:g} {-_TOP:g} {width} {height}' role='img' aria-label='{html.escape(label)}'>"
        f"<style>{' '.join(style.split())}</style>"
        "<defs><g id='captions'><text x='8' y='39'>data</text>"
        "<text class='g-caption' x='8' y='60'>grad</text></g></defs>"
        f"<rect class='paper' x='{-_LEFT:g}' y='{-_TOP:g}' width='100%' height='100%'/>"
        f"<g>{''.join(_frames(picture.frames, placed))}</g>"
        f"<g class='arrows'>{''.join(arrows)}</g><g>{''.join(cards)}</g></svg>"
    )


# Cards


def _box(card: Card, picture: Picture) -> _Box:
    name = fitted(shortened(plain(card.label), _NAME_COLUMNS), _NAME_COLUMNS)
    note = fitted(shortened(card.note, _NAME_COLUMNS), _NAME_COLUMNS)
    line = picture.compact and (card.kind == "neuron" or (card.kind == "input" and not card.footer))
    edge = 0.0
    if card.operation and not card.footer:
        operation = card.operation
        sides = operation.left + operation.right
        text = 11 * columns(operation.symbol) + 7.5 * columns(sides) + 4 * bool(sides)
        edge = max(30.0, 14 + text, 12 + 7 * columns(operation.arguments))
    if line:
        return _Box(card, name, "", 0.0, 24 + 8.6 * max(4, columns(name)) + _DIGITS, _LINE, True)
    head = 2 * _MARGIN + 8.6 * columns(name) + (14 + 6.8 * columns(note) if note else 0)
    inner = max(head, _CAPTION + 2 * _MARGIN + _DIGITS, 2 * _MARGIN + 6.6 * columns(card.footer))
    height = _HEAD + 2 * _ROW + (_FOOTER if card.footer else 0.0)
    return _Box(card, name, note, edge, math.ceil(edge + inner), height, False)


def _drawn(i: int, box: _Box, place: Place, value: float, gradient: float, most: float) -> str:
    kind = f"{box.card.kind}{' line' if box.line else ''}"
    inner = box.width - box.edge
    high, end = f"style='height:{box.height:g}px'", f"{inner - _MARGIN:g}"
    begin = (
        f"<g id='c{i}' class='n {kind}' transform='translate({place.x + box.edge:.1f},{place.y:.1f})'>"
        f"<rect class='card' x='{-box.edge:g}' width='{box.width:g}' {high}/>"
    )
    name = html.escape(box.name)
    tint = f"class='tint {sign(gradient)}' fill-opacity='{0.5 * strength(gradient, most):.2g}'"
    if box.line:
        left = inner - _DIGITS - 2 * _MARGIN
        return (
            f"{begin}<rect class='head' width='{left:g}'/>"
            f"<rect {tint} x='{left:g}' width='{inner - left:g}'/>"
            f"<text class='name' x='8' y='17'>{name}</text>"
            f"<text class='d' x='{end}' y='17'>{number_text(value)}</text></g>"
        )
    note = f"<text class='note' x='{end}' y='17'>{html.escape(box.note)}</text>" if box.note else ""
    footer = (
        f"<text class='footer' x='{inner / 2:g}' y='{box.height - 6:g}'>{html.escape(box.card.footer)}</text>"
        if box.card.footer
        else ""
    )
    return (
        f"{begin}<rect class='head' width='{inner:g}'/><rect {tint} width='{inner:g}'/>"
        f"{_operation(box)}<use href='#captions'/><text class='name' x='8' y='17'>{name}</text>{note}"
        f"<text class='d' x='{end}' y='39'>{number_text(value)}</text>"
        f"<text class='g' x='{end}' y='60'>{number_text(gradient)}</text>{footer}</g>"
    )


def _operation(box: _Box) -> str:
    """Return the dark edge of a card with its operation, and constants in small print."""
    if not box.edge or box.card.operation is None:
        return ""
    symbol, left, right, arguments = (html.escape(x.replace("-", "−")) for x in box.card.operation)
    words = [f"<tspan class='c'>{text}</tspan>" if text else "" for text in (left, right)]
    words.insert(1, symbol)
    middle, line = f"{-box.edge / 2:g}", 33 if arguments else 39
    more = f"<text class='op c' x='{middle}' y='{line + 16}'>({arguments})</text>" if arguments else ""
    return (
        f"<rect class='edge' x='{-box.edge:g}' width='{box.edge:g}'/>"
        f"<text class='op' x='{middle}' y='{line}'>{' '.join(filter(None, words))}</text>{more}"
    )


def _frames(frames: Iterable[Frame], placed: Arrangement) -> Iterable[str]:
    for frame in frames:
        if frame.title:
            x, y, width, height = placed.frames[frame.id]
            title = html.escape(frame.title)
            yield (
                f"<rect class='frame' x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' "
                f"rx='10'/><text class='title' x='{x + width / 2:.1f}' y='{y + 17:.1f}'>{title}</text>"
            )
        yield from _frames(frame.frames, placed)


# Arrows


def _looks(picture: Picture, flows: Sequence[float]) -> list[str]:
    """Return the class and the style of each arrow, which weights are compared for with weights alone."""
    scales = [arrow.scale for arrow in picture.arrows]
    pairs = list(zip(scales, flows, strict=True))
    most = {scale: largest_of(flow for other, flow in pairs if other == scale) for scale in set(scales)}
    looks = []
    for scale, flow in pairs:
        crowded = scale == "weight" and len(scales) > _CROWDED
        how = strength(flow, most[scale]) ** (2 if crowded else 1)
        faint = f";--o:{0.22 + 0.78 * how:.2f}" if crowded else ""
        looks.append(f"class='e {sign(flow)}' style='--w:{0.7 + 2.8 * how:.1f}{faint}'")
    return looks


def _arrow(i: int, arrow: Arrow, placed: Arrangement, picture: Picture, look: str) -> str:
    curve = _curve(i, arrow, placed, picture)
    if picture.compact and arrow.scale == "weight":
        stem, head = curve, ""
    else:
        stem, (dx, dy) = shortened_by(curve, _ARROW_HEAD)
        x, y = curve[-1]
        a, b = x - _ARROW_HEAD * dx, y - _ARROW_HEAD * dy
        corners = [(x, y), (a - 3.4 * dy, b + 3.4 * dx), (a + 3.4 * dy, b - 3.4 * dx)]
        head = f"<path class='h' d='M{' '.join(map(_pair, corners))}z'/>"
    begin, *rest = stem
    text = ""
    if arrow.text and arrow.scale == "flow":
        x, y = stem[len(stem) // 2]
        written = html.escape(arrow.text.replace("-", "−"))
        text = f"<text x='{x:.0f}' y='{y - 5:.0f}'>{written}</text>"
    line = f"M{_pair(begin)}C{' '.join(map(_pair, rest))}"
    return f"<g id='e{i}' {look}><path class='line' d='{line}'/>{head}{text}</g>"


def _curve(i: int, arrow: Arrow, placed: Arrangement, picture: Picture) -> list[Point]:
    """Return the way of an arrow: straight between neurons, where no card lies there."""
    points = placed.ways[i]
    tail, head = placed.cards[arrow.tail], placed.cards[arrow.head]
    if are_abreast(tail, head, True):
        return curve_beside(tail, head, "LR")
    ends = [points[0], points[-1]]
    others = (p for card, p in placed.cards.items() if card not in (arrow.tail, arrow.head))
    straight = picture.folded and not picture.expanded
    if straight and not any(
        meets(ends[0], ends[1], (p.x, p.y, p.x + p.width, p.y + p.height)) for p in others
    ):
        return curve_through(ends, True, True)
    return curve_through(points, True, False)


def _pair(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
