"""Where the cards of a picture lie, read from its SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from typing import NamedTuple

SVG = "{http://www.w3.org/2000/svg}"


class Rectangle(NamedTuple):
    """A rectangle in the units of the SVG's viewBox, y downwards."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, other: Rectangle) -> bool:
        """Say whether the other rectangle lies within this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: Rectangle) -> bool:
        """Say whether the two have more than an edge in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def canvas(svg: str) -> Rectangle:
    """Return the visible part of the picture."""
    left, top, width, height = map(float, ET.fromstring(svg).attrib["viewBox"].split())
    return Rectangle(left, top, left + width, top + height)


def cards(svg: str) -> dict[str, Rectangle]:
    """Return the rectangle of each card, by its id, such as v0."""
    return _rectangles(svg, "node")


def frames(svg: str) -> dict[str, Rectangle]:
    """Return the rectangle of each frame that can be seen, by its id, such as cluster_f0."""
    return _rectangles(svg, "cluster")


class Arrow(NamedTuple):
    """An arrow: points on its line, the width of that, and where its text is."""

    name: str
    points: list[tuple[float, float]]
    line: float
    texts: list[Rectangle]

    def runs_through(self, text: Rectangle) -> bool:
        """Say whether the line of the arrow meets a text."""
        half = self.line / 2
        return any(
            text.left - half < x < text.right + half and text.top - half < y < text.bottom + half
            for x, y in self.points
        )


def arrows(svg: str) -> list[Arrow]:
    """Return the arrows of a picture; a text takes the room of its letters, without what hangs below."""
    root = ET.fromstring(svg)
    x, y = _shift(root)
    found = []
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "edge":
            continue
        path = next(group.iter(f"{SVG}path"))
        corners = [(x + a, y + b) for a, b in _points(path)]
        texts = [t for t in group.iter(f"{SVG}text") if "".join(t.itertext()).strip(" \xa0")]
        name = group.findtext(f"{SVG}title") or ""
        line = float(path.get("stroke-width", "1"))
        found.append(Arrow(name, list(_on(corners)), line, [_room(t, x, y) for t in texts]))
    return found


def _on(corners: list[tuple[float, float]]) -> Iterable[tuple[float, float]]:
    """Yield points on cubic curves, a point or two apart."""
    for i in range(0, len(corners) - 1, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners[i : i + 4]
        for k in range(101):
            t = k / 100
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def _room(text: ET.Element, x: float, y: float) -> Rectangle:
    content = "".join(text.itertext()).replace("\xa0", " ")
    size = float(text.attrib["font-size"])
    wide = len(content) * 0.5 * size  # digits and signs, rather less than more
    left = x + float(text.attrib["x"]) - {"start": 0.0, "middle": wide / 2}[text.attrib["text-anchor"]]
    spaces = (len(content) - len(content.lstrip())) * 0.3 * size
    base = y + float(text.attrib["y"])
    return Rectangle(left + spaces, base - 0.7 * size, left + wide - spaces, base)


def _rectangles(svg: str, kind: str) -> dict[str, Rectangle]:
    root = ET.fromstring(svg)
    found: dict[str, Rectangle] = {}
    x, y = _shift(root)
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != kind:
            continue
        title = group.find(f"{SVG}title")
        assert title is not None
        assert title.text
        points = [(a, b) for shape in group.iter() for a, b in _points(shape)]
        if points:
            xs, ys = zip(*points, strict=True)
            assert title.text not in found
            found[title.text] = Rectangle(x + min(xs), y + min(ys), x + max(xs), y + max(ys))
    return found


def _shift(root: ET.Element) -> tuple[float, float]:
    """Return how far Graphviz moves the graph within the canvas; it scales and turns nothing."""
    (graph,) = [g for g in root.iter(f"{SVG}g") if g.get("class") == "graph"]
    match = re.fullmatch(
        r"scale\(1 1\) rotate\(0\) translate\((-?[\d.]+) (-?[\d.]+)\)", graph.attrib["transform"]
    )
    assert match
    return float(match[1]), float(match[2])


def _points(shape: ET.Element) -> list[tuple[float, float]]:
    text = shape.get("points") if shape.tag == f"{SVG}polygon" else None
    if shape.tag == f"{SVG}path":
        text = shape.get("d")
    numbers = [float(n) for n in re.findall(r"-?[\d.]+", text or "")]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
