"""What a picture is drawn of, where Graphviz is not there to draw it: boxes, curves and text in their places.

Lengths are points, y runs downwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .letters import width_of
from .tex import Run

Point = tuple[float, float]

SMALLER = 0.72  # the size of what is raised or lowered, as a part of the size of the text


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    stroke: str = "none"
    line: float = 1.0
    radius: float = 0.0


class Area(NamedTuple):
    """A polygon."""

    points: tuple[Point, ...]
    fill: str
    stroke: str
    line: float


class Curve(NamedTuple):
    """Cubic curves, each beginning where the one before ends: a point, then three for each."""

    points: tuple[Point, ...]
    stroke: str
    line: float


class Text(NamedTuple):
    """A line of text; `x` is its beginning, middle or end as `anchor` says, `y` its base line."""

    x: float
    y: float
    runs: tuple[Run, ...]
    size: float
    color: str
    bold: bool = False
    anchor: str = "start"

    @property
    def width(self) -> float:
        """How wide the text is, as far as can be told."""
        return runs_width(self.runs, self.size, self.bold)


Shape = Box | Area | Curve | Text


class Group(NamedTuple):
    """Shapes that belong together: of a card ("node"), an arrow ("edge"), a frame ("cluster") or a legend."""

    kind: str
    name: str
    tooltip: str
    shapes: tuple[Shape, ...]


class Scene(NamedTuple):
    """A picture, of which what comes later lies on top."""

    width: float
    height: float
    background: str
    groups: tuple[Group, ...]


def runs_width(runs: Sequence[Run], size: float, bold: bool = False) -> float:
    """Return how wide pieces of text are, one after the other."""
    return sum(width_of(run.text, size * (SMALLER if run.level else 1.0), bold) for run in runs)


def moved(shape: Shape, x: float, y: float) -> Shape:
    """Return a shape at another place."""
    if isinstance(shape, (Box, Text)):
        return shape._replace(x=shape.x + x, y=shape.y + y)
    return shape._replace(points=tuple((a + x, b + y) for a, b in shape.points))
