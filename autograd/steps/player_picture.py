"""The picture that a player plays on: cards laid out for all that they will show, which a script can address.

A card is measured for the widest number that its cells will ever show, so that nothing moves or spills while
sums run. As it stands the SVG shows the finished graph; node i is the group `v<i>`, and the edge of the i-th
chain-rule product is the group `e<i>`. Attributes stand in single quotes and there is no line break, so that
the SVG can stand in an attribute of HTML nearly as it is.
"""

from __future__ import annotations

import html
import math
import re
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

from ..drawing.names import Names
from ..drawing.numbers import Numbers
from ..drawing.picture import Operation
from ..drawing.themes import largest_of, strength_of
from ..support.languages import said
from ..support.terminal import columns, fitted
from ..support.text import shortened
from .player_layout import Arrow, Box, laid_out
from .sequence import Steps

__all__ = ["Product", "as_image", "finished_picture", "is_labelled", "number_text", "products_of"]

_LEAST = 0.7
"""Of its size, by which a picture is shrunk at most: letters of 9 pixels can be read."""

_LABELLED = 1500
"""Up to which span of arrows Graphviz finds places for their texts too: it takes seconds, then minutes."""

_STRAIGHT = 5000
"""Up to which span Graphviz may take all the time that it wants for straight arrows."""

_NAME_COLUMNS, _TITLE_LENGTH = 28, 400
_LETTERS = 12.0
"""How high the letters of an arrow's text are."""
_HEAD, _ROW, _CAPTION, _MARGIN = 24.0, 21.0, 40.0, 8.0
_HEIGHT = _HEAD + 2 * _ROW
_CAPTIONS = (
    "<defs><g id='captions'><text x='8' y='39'>data</text>"
    "<text class='g-caption' x='8' y='60'>grad</text></g></defs>"
)


class Product(NamedTuple):
    """A chain-rule product: `change`, the local derivative times the gradient of `node`, goes to `target`."""

    target: int
    node: int
    local: float
    change: float
    after: float


def products_of(steps: Steps) -> list[Product]:
    """Return the chain-rule products of a walk, in order."""
    return [
        Product(step.target, step.node, step.local, step.contribution, step.after)  # type: ignore[arg-type]
        for step in steps[steps.forward + 1 :]
    ]


class _Card(NamedTuple):
    """A card before it has a place: what stands in it, and how wide its parts are."""

    name: str
    kind: str
    operation: Operation | None
    data: str
    grad: str
    title: str  # the whole name, where only its beginning is shown
    edge: float  # the width of the dark edge with the operation
    width: float


def number_text(x: float) -> str:
    """Return a number as cards write it: four significant digits, and a minus sign rather than a hyphen.

    >>> number_text(-0.00001234567), number_text(1200.0), number_text(float("-inf"))
    ('−1.235e−5', '1200', '−∞')
    """
    if math.isnan(x):
        return "NaN"
    if math.isinf(x):
        return "∞" if x > 0 else "−∞"
    mantissa, _, exponent = f"{x + 0.0:.4g}".partition("e")
    return (f"{mantissa}e{int(exponent)}" if exponent else mantissa).replace("-", "−")


def finished_picture(steps: Steps, products: Sequence[Product], style: str, room: str = "") -> str:
    """Return the SVG of a walk that has come to its end.

    Args:
        steps: those of the walk.
        products: its chain-rule products, in order.
        style: the style sheet for inside the picture.
        room: a number as long as those that the cells will have room for, where they will show others than
            those of the walk. The labels of arrows then stand in the middle of these, which takes a tenth of
            the time.

    Raises:
        DrawingError: there is no Graphviz to find places for very many cards, or it failed.
    """
    widest = [room or "0"] * steps.forward
    for product in products:
        widest[product.target] = max(widest[product.target], number_text(product.after), key=len)
    cards = [_card(steps, i, text) for i, text in enumerate(widest)]
    labelled = not room and is_labelled(steps.forward, products)
    sizes = [Box(card.width, _HEIGHT) for card in cards]
    links = [Arrow(x.target, x.node, number_text(x.local) if labelled else "") for x in products]
    places = _Places(laid_out(_layout(cards, products, labelled), sizes, links))
    largest_gradient = largest_of(steps.gradient(i) for i in range(steps.forward))
    largest_change = largest_of(product.change for product in products)
    arrows = []
    taken: list[tuple[float, float]] = []
    for i, product in enumerate(products):
        curve, head, spots = places.edges[f"e{i}"]
        x, y = _free(spots, taken, 6.5 * max(len(room), 1))
        taken.append((x, y))
        how = strength(product.change, largest_change)
        arrows.append(_arrow(i, product, curve, head, x, y, how))
    boxes = [
        _box(i, card, *places.nodes[f"v{i}"], steps.gradient(i), largest_gradient)
        for i, card in enumerate(cards)
    ]
    width, height = places.size
    phrase, output = "The graph of {output} with all values and gradients", shortened(steps.output, 40)
    title = said(phrase, steps.lang, output=output)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
        f"viewBox='0 0 {width} {height}' role='img' aria-label='{html.escape(title)}'>"
        f"<style>{' '.join(style.split())}</style>{_CAPTIONS}"
        f"<rect class='paper' width='100%' height='100%'/>"
        f"<g>{''.join(arrows)}</g><g>{''.join(boxes)}</g></svg>"
    )


def as_image(svg: str, text: str) -> str:
    """Return a picture as an image of HTML, which is what stands there where scripts are not run.

    It is no wider than its place, but for a place in which its letters could not be read: there it is wider,
    and the place, or the page, scrolls.

    Args:
        svg: the picture.
        text: what it shows, for those who do not see it.
    """
    size = re.search(r"width='(\d+)'", svg)
    assert size is not None
    source = svg.replace("%", "%25").replace("#", "%23").replace("&", "&amp;").replace('"', "&quot;")
    style = f"max-width:100%;min-width:{_LEAST * int(size[1]):.0f}px"
    # $ would begin a formula in Jupyter
    name = html.escape(text).replace("$", "&#36;")
    return f'<img src="data:image/svg+xml;charset=utf-8,{source}" style="{style}" alt="{name}">'


def strength(x: float, most: float) -> float:
    """Return how strongly a number is shown, from 0 to 1; the root keeps small ones visible."""
    return math.sqrt(strength_of(x, most))


def sign(x: float) -> str:
    """Return the class of a number's sign."""
    return "nan" if math.isnan(x) else "pos" if x > 0 else "neg" if x < 0 else "zero"


# Cards


def _card(steps: Steps, i: int, widest: str) -> _Card:
    """Return the card of the node i; `widest` is the longest text that will stand for its gradient."""
    node, whole = steps.nodes[i], steps.name(i)
    name = fitted(shortened(whole, _NAME_COLUMNS), _NAME_COLUMNS)
    kind, operation, edge = "inner", None, 0.0
    if not node.op:
        kind = "parameter" if Names().is_parameter(node) else "input"
    else:
        operation = Operation(*(text.replace("-", "−") for text in Numbers(".4g").operation(node)))
        sides = operation.left + operation.right
        line = 11 * columns(operation.symbol) + 7.5 * columns(sides) + 4 * bool(sides)
        edge = max(30.0, 14 + line, 12 + 7 * columns(operation.arguments))
    data = number_text(steps[i].data)
    numbers = _CAPTION + 2 * _MARGIN + 8 * max(len(data), len(widest))
    inner = max(2 * _MARGIN + 8.6 * columns(name), numbers)
    title = "" if name == whole else shortened(whole, _TITLE_LENGTH)
    return _Card(
        name, kind, operation, data, number_text(steps.gradient(i)), title, edge, math.ceil(edge + inner)
    )


def is_labelled(count: int, products: Sequence[Product]) -> bool:
    """Say whether Graphviz finds places for the texts of all arrows in a moment.

    Args:
        count: how many cards there are.
        products: the chain-rule products, in order.
    """
    return _span(count, products) <= _LABELLED


def _span(count: int, products: Sequence[Product]) -> int:
    """Return how many columns of cards all arrows together go through, where each card is as early as it can.

    Args:
        count: how many cards there are.
        products: the chain-rule products, in order: those of a node before those of its operands.
    """
    column = [0] * count
    for product in reversed(products):
        column[product.node] = max(column[product.node], column[product.target] + 1)
    first_use = [count] * count
    for product in products:
        first_use[product.target] = min(first_use[product.target], column[product.node])
    inner = {product.node for product in products}
    start = [column[i] if i in inner else first_use[i] - 1 for i in range(count)]
    return sum(column[product.node] - start[product.target] for product in products)


def _layout(cards: Sequence[_Card], products: Sequence[Product], labelled: bool) -> str:
    """Return the graph in DOT: boxes of the sizes of the cards, and as much text as the edges will bear."""
    how = "nodesep=0.22, ranksep=0.5"
    if not labelled:
        rounds = 4 if _span(len(cards), products) <= _STRAIGHT else 1
        how = f"nodesep=0.3, ranksep=0.85, nslimit={rounds}, mclimit=0.5"
    return "\n".join([
        "digraph {",
        f'  graph [rankdir=LR, pad="0.15,0.42", {how}]',
        f'  node [shape=box, fixedsize=true, label="", height={_HEIGHT / 72:.4f}]',
        '  edge [fontname="Helvetica,Arial,sans-serif", fontsize=12, arrowsize=0.8]',
        *[f"  v{i} [width={card.width / 72:.4f}]" for i, card in enumerate(cards)],
        *[
            f'  v{x.target} -> v{x.node} [id="e{i}"'
            + (f', label="{_room_for(number_text(x.local))}"]' if labelled else "]")
            for i, x in enumerate(products)
        ],
        "}\n",
    ])  # fmt: skip


def _room_for(text: str) -> str:
    return "0" * (2 + len(text))


class _Places:
    """Where Graphviz put things, read from the SVG that it made of the layout."""

    def __init__(self, svg: bytes) -> None:
        root = fromstring(svg)
        space = root.tag.partition("}")[0] + "}"
        x0, y0, width, height = map(float, root.attrib["viewBox"].split())
        self.size = (math.ceil(width), math.ceil(height))
        self.nodes: dict[str, tuple[float, float]] = {}
        self.edges: dict[str, tuple[str, str, list[tuple[float, float]]]] = {}
        graph = root[0]
        shift = re.search(r"translate\(([-\d.]+)[ ,]+([-\d.]+)\)", graph.attrib["transform"])
        assert shift is not None
        self._shift = float(shift[1]) - x0, float(shift[2]) - y0
        for group in graph.iter(f"{space}g"):
            kind = group.attrib.get("class")
            polygon = group.find(f"{space}polygon")
            if kind == "node" and polygon is not None:
                corners = self._points(polygon.attrib["points"])
                name = group.findtext(f"{space}title") or ""
                self.nodes[name] = min(x for x, _ in corners), min(y for _, y in corners)
            elif kind == "edge" and polygon is not None:
                self.edges[group.attrib["id"]] = self._edge(group, polygon, space)

    def _edge(self, group: Element, head: Element, space: str) -> tuple[str, str, list[tuple[float, float]]]:
        path, text = group.find(f"{space}path"), group.find(f"{space}text")
        assert path is not None
        start, *curve = self._points(path.attrib["d"].replace("M", "").replace("C", " "))
        corners = self._points(head.attrib["points"])[:3]
        return (
            _relative([start, *curve], "c"),
            _relative(corners, "l", 1),
            _spots([start, *curve]) if text is None else [self._moved(text.attrib["x"], text.attrib["y"])],
        )

    def _points(self, text: str) -> list[tuple[float, float]]:
        return [self._moved(*pair.split(",")) for pair in text.split()]

    def _moved(self, x: str, y: str) -> tuple[float, float]:
        return round(float(x) + self._shift[0], 1), round(float(y) + self._shift[1], 1)


def _spots(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return where the text of an arrow may stand on the Bezier curves of these points, the best place first.

    That is the middle, and else as near to it as may be.
    """
    count = (len(points) - 1) // 3
    found = []
    for share in (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8):
        piece, t = divmod(share * count, 1.0)
        a, b, c, d = points[3 * int(piece) : 3 * int(piece) + 4]
        weights = (1.0 - t) ** 3, 3.0 * t * (1.0 - t) ** 2, 3.0 * t * t * (1.0 - t), t**3
        x, y = (sum(w * p for w, p in zip(weights, z, strict=True)) for z in zip(a, b, c, d, strict=True))
        found.append((x, y - 4.0))
    return found


def _free(
    spots: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]], width: float
) -> tuple[float, float]:
    """Return the first place where a text covers no other; if there is none, below the first.

    Args:
        spots: the places.
        taken: where texts stand.
        width: how wide a text is.
    """
    (first_x, first_y), *others = spots
    for x, y in (*spots, (first_x, first_y + 17.0)) if others else ():
        if all(abs(x - other) >= width or abs(y - above) >= _LETTERS for other, above in taken):
            return x, y
    return first_x, first_y


def _relative(points: Sequence[tuple[float, float]], letter: str, digits: int = 0) -> str:
    """Return a path in coordinates relative to where the one before ends, which are short."""
    x, y = (round(z, digits) for z in points[0])
    text = f"M{x:g},{y:g}{letter}"
    numbers: list[str] = []
    begin = x, y
    for i, point in enumerate(points[1:], start=1):
        to = round(point[0], digits), round(point[1], digits)
        numbers.append(f"{to[0] - begin[0]:.{digits}f},{to[1] - begin[1]:.{digits}f}")
        if letter == "l" or i % 3 == 0:  # a curve is relative to where it begins
            begin = to
    return text + " ".join(numbers)


def _box(i: int, card: _Card, x: float, y: float, gradient: float, most: float) -> str:
    inner = (
        card.width - card.edge
    )  # which begins at 0, so that most of it stands at the same place everywhere
    end = f"{inner - _MARGIN:g}"
    title = f"<title>{html.escape(card.title)}</title>" if card.title else ""
    return (
        f"<g id='v{i}' class='n {card.kind}' transform='translate({x + card.edge:.0f},{y:.0f})'>{title}"
        f"<rect class='card' x='{-card.edge:g}' width='{card.width:g}'/>"
        f"<rect class='head' width='{inner:g}'/>"
        f"<rect class='tint {sign(gradient)}' width='{inner:g}' "
        f"fill-opacity='{0.5 * strength(gradient, most):.2g}'/>{_operation(card)}"
        f"<use href='#captions'/><text class='name' x='8' y='17'>{html.escape(card.name)}</text>"
        f"<text class='d' x='{end}' y='39'>{card.data}</text>"
        f"<text class='g' x='{end}' y='60'>{card.grad}</text></g>"
    )


def _operation(card: _Card) -> str:
    """Return the dark edge of a card; constants stand where they stand in a formula, in small print."""
    if card.operation is None:
        return ""
    symbol, left, right, arguments = map(html.escape, card.operation)
    words = [f"<tspan class='c'>{text}</tspan>" if text else "" for text in (left, right)]
    words.insert(1, symbol)
    middle, line = f"{-card.edge / 2:g}", 33 if arguments else 39
    text = (
        f"<rect class='edge' x='{-card.edge:g}' width='{card.edge:g}'/>"
        f"<text class='op' x='{middle}' y='{line}'>{' '.join(filter(None, words))}</text>"
    )
    if arguments:
        text += f"<text class='op c' x='{middle}' y='{line + 16}'>({arguments})</text>"
    return text


def _arrow(i: int, product: Product, curve: str, head: str, x: float, y: float, how: float) -> str:
    return (
        f"<g id='e{i}' class='e {sign(product.change)}' style='--w:{1.2 + 2.8 * how:.2g}'>"
        f"<path d='{curve}'/><path class='h' d='{head}z'/>"
        f"<text x='{x:.0f}' y='{y:.0f}'>{number_text(product.local)}</text></g>"
    )
