"""The way of an arrow as a curve, and places beside arrows where their texts lie on nothing."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Area = tuple[float, float, float, float]
_SAMPLES = 24
_CELL = 24.0
_BULGE = 30.0
_TAKEN = 200.0  # what it costs to lie on a card or a text


def curve_through(points: Sequence[Point], sideways: bool, straight: bool) -> list[Point]:
    """Return cubic curves through points: straight where these are level, else an S that ends level.

    Args:
        points: at least two.
        sideways: whether the arrows of the picture run from left to right.
        straight: make every piece straight.

    >>> curve_through([(0.0, 0.0), (3.0, 9.0)], True, False)
    [(0.0, 0.0), (1.5, 0.0), (1.5, 9.0), (3.0, 9.0)]
    """
    curve = [points[0]]
    for (x, y), (a, b) in pairwise(points):
        if straight or x == a or y == b:
            curve += [(x + (a - x) / 3, y + (b - y) / 3), (a - (a - x) / 3, b - (b - y) / 3), (a, b)]
        elif sideways:
            curve += [((x + a) / 2, y), ((x + a) / 2, b), (a, b)]
        else:
            curve += [(x, (y + b) / 2), (a, (y + b) / 2), (a, b)]
    return curve


def are_abreast(tail: Area, head: Area, sideways: bool) -> bool:
    """Say whether two cards stand in one column, or in one row where arrows run downwards.

    Args:
        tail, head: the places of the cards: their left, top, width and height.
        sideways: whether the arrows of the picture run from left to right.
    """
    axis = 0 if sideways else 1
    return tail[axis] < head[axis] + head[axis + 2] and head[axis] < tail[axis] + tail[axis + 2]


def curve_beside(tail: Area, head: Area, rankdir: str) -> list[Point]:
    """Return a curve between cards of a column, as from a layer to itself: it comes in where it went out."""
    (x, y, w, h), (a, b, c, d) = tail, head
    if rankdir in ("LR", "RL"):
        start, end = (x + w, a + c) if rankdir == "LR" else (x, a)
        far = max(start, end) + _BULGE if rankdir == "LR" else min(start, end) - _BULGE
        return [(start, y + h / 2), (far, y + h / 2), (far, b + d / 2), (end, b + d / 2)]
    start, end = (y + h, b + d) if rankdir == "TB" else (y, b)
    far = max(start, end) + _BULGE if rankdir == "TB" else min(start, end) - _BULGE
    return [(x + w / 2, start), (x + w / 2, far), (a + c / 2, far), (a + c / 2, end)]


def shortened_by(curve: Sequence[Point], length: float) -> tuple[list[Point], Point]:
    """Return a curve without its end, and the direction in which it ended, of length 1."""
    *_, (x, y), (a, b) = curve
    if (x, y) == (a, b):
        x, y = curve[-3]
    size = math.hypot(a - x, b - y) or 1.0
    dx, dy = (a - x) / size, (b - y) / size
    moved = (a - length * dx, b - length * dy)
    return [*curve[:-2], (x - min(length, size / 2) * dx, y - min(length, size / 2) * dy), moved], (dx, dy)


def points_on(curve: Sequence[Point], samples: int = _SAMPLES) -> Iterable[Point]:
    """Yield points on a curve, evenly by its parameter."""
    for i in range(0, len(curve) - 1, 3):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = curve[i : i + 4]
        for k in range(samples + 1):
            t = k / samples
            a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3
            yield a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3


def meets(begin: Point, end: Point, box: tuple[float, float, float, float]) -> bool:
    """Say whether a straight line goes through a rectangle: left, top, right, bottom.

    >>> box = (4.0, 2.0, 6.0, 9.0)
    >>> meets((0.0, 0.0), (9.0, 9.0), box), meets((0.0, 0.0), (9.0, 0.0), box)
    (True, False)
    """
    first, last = 0.0, 1.0
    for a, b, low, high in ((begin[0], end[0], box[0], box[2]), (begin[1], end[1], box[1], box[3])):
        if a == b:
            if not low < a < high:
                return False
            continue
        enter, leave = sorted(((low - a) / (b - a), (high - a) / (b - a)))
        first, last = max(first, enter), min(last, leave)
    return first < last


class Spot(NamedTuple):
    """Where a text is: its middle, and whether it lies on no card or other text there."""

    middle: Point
    free: bool


class Labels:
    """Finds places for texts beside arrows, so that none lies on an arrow, a card or another text.

    Args:
        curves: the arrows, with the widths of their lines.
        obstacles: rectangles that no text may lie on: left, top, right, bottom.
    """

    def __init__(
        self,
        curves: Iterable[tuple[Sequence[Point], float]],
        obstacles: Iterable[tuple[float, float, float, float]],
    ) -> None:
        self._points: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
        self._boxes = list(obstacles)
        for curve, line in curves:
            for x, y in points_on(curve):
                self._points.setdefault((int(x // _CELL), int(y // _CELL)), []).append((x, y, line / 2))

    def place(self, curve: Sequence[Point], line: float, size: Point, at: Sequence[float] = ()) -> Spot:
        """Return where to write a text of a size beside an arrow, and keep that place if it is free.

        Args:
            curve: the arrow's.
            line: the width of its line.
            size: the width and height of the text.
            at: the places along the arrow that are tried, best first, as parts of it; else its middle first.
        """
        width, height = size
        points = list(points_on(curve))
        best, least = points[len(points) // 2], math.inf
        for order, part in enumerate(at or (0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78)):
            k = min(len(points) - 2, max(1, round(part * (len(points) - 1))))
            (x, y), (a, b) = points[k - 1], points[k + 1]
            length = math.hypot(a - x, b - y) or 1.0
            across = abs(a - x) / length, abs(b - y) / length
            # as far from the line as the text needs to lie free of it, whatever the slope
            away = (across[1] * width + across[0] * height) / 2 + line / 2 + 1.0
            nx, ny = (b - y) / length, -(a - x) / length
            if ny > 0 or (ny == 0 and nx < 0):
                nx, ny = -nx, -ny  # above first, or to the right
            for side, sign in enumerate((1, -1)):
                middle = points[k][0] + sign * nx * away, points[k][1] + sign * ny * away
                cost = self._cost(middle, width, height) + order + 0.5 * side
                if cost < least:
                    best, least = middle, cost
        (x, y), free = best, least < _TAKEN
        if free:
            self._boxes.append((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
        return Spot(best, free)

    def _cost(self, middle: Point, width: float, height: float) -> float:
        x, y = middle
        left, top, right, bottom = x - width / 2, y - height / 2, x + width / 2, y + height / 2
        cost = _TAKEN * sum(a < right and left < c and b < bottom and top < d for a, b, c, d in self._boxes)
        for i in range(int((left - 4) // _CELL), int((right + 4) // _CELL) + 1):
            for j in range(int((top - 4) // _CELL), int((bottom + 4) // _CELL) + 1):
                for a, b, half in self._points.get((i, j), ()):
                    if left - half < a < right + half and top - half < b < bottom + half:
                        cost += 20.0
        return cost
