"""Where the cards of a picture lie, read from its SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
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
