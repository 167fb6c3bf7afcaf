"""A training that is drawn as it goes: `watch`, which does nothing outside the playground."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..engine import Value, data_of, no_grad

Send = Callable[[str, Any], None]
"""Called with the kind and the content of a message, which JSON can hold."""

BREAK = 0.1  # seconds between two drawings
SHARE = 0.5  # of the time of a training that may go into computing its boundary, at most
SIDES = (40, 32, 24, 16, 12)  # of the grid at which a boundary is computed, the finest that time allows
LARGEST = 400  # points that are drawn of the data

_chart: Chart | None = None


def watch(
    loss: Value | float,
    predict: Callable[[list[float]], Any] | None = None,
    points: Sequence[Sequence[float]] = (),
    targets: Sequence[float] = (),
) -> None:
    """Add the loss of a step to the curve that the playground draws, and draw what is predicted.

    Call it once a step. The picture is renewed ten times a second, and a training is hardly slowed down.
    Outside the playground nothing happens, so the same program runs there.

    Args:
        loss: the loss of this step.
        predict: what gives a number for a list of two, such as a network: its sign is drawn as a colour all
            over the plane, and where it is 0 is the boundary.
        points: the rows of the data, two numbers each, which are drawn too.
        targets: for each row the class: positive, or not.

    Raises:
        ValueError: a row has not two numbers, or there is not one target for each.

    >>> watch(0.5)
    """
    points, targets = [*points], [*targets]
    if any(len(row) != 2 for row in points):
        raise ValueError("watch() draws a plane, so each of the points has two numbers")
    if targets and len(points) != len(targets):
        raise ValueError(f"watch() takes a target for each point: there are {len(points)} and {len(targets)}")
    if _chart is not None:
        _chart.add(float(data_of(loss)), predict, points, [float(data_of(x)) for x in targets])


class Chart:
    """The drawing of one training; at the end of the program it is renewed once more."""

    def __init__(self, send: Send, clock: Callable[[], float] = time.perf_counter) -> None:
        self.send = send
        self.clock = clock
        self.steps = 0
        self.losses: list[float | None] = []
        self.last: tuple[Any, ...] = (None, [], [])
        self.began = self.sent = clock() - BREAK
        self.spent = 0.0
        self.pace = 1e-3  # seconds that one prediction takes

    def add(
        self,
        loss: float,
        predict: Callable[[list[float]], Any] | None,
        points: list[Sequence[float]],
        targets: list[float],
    ) -> None:
        """Take in a step, and send what is new if it is time."""
        self.steps += 1
        self.losses.append(loss if math.isfinite(loss) else None)
        self.last = (predict, points, targets)
        now = self.clock()
        if now - self.sent >= max(BREAK, self.spent / SHARE - (now - self.began)):
            self.flush()

    def flush(self) -> None:
        """Send what has not been sent."""
        if not self.losses:
            return
        begin = self.clock()
        predict, points, targets = self.last
        message: dict[str, Any] = {"steps": self.steps, "losses": self.losses}
        if predict is not None:
            message["plane"] = self._plane(predict, points)
        if points:
            every = -(-len(points) // LARGEST)
            message["points"] = [[*map(float, row)] for row in points[::every]]
            message["targets"] = [x > 0 for x in targets[::every]]
        self.send("chart", message)
        self.losses = []
        self.sent = self.clock()
        self.spent += self.sent - begin

    def _plane(self, predict: Callable[[list[float]], Any], points: list[Sequence[float]]) -> dict[str, Any]:
        """Return the predictions on a grid, row by row from the lowest, and what it spans."""
        left, right, low, high = bounds_of(points)
        side = next((n for n in SIDES if n * n * self.pace < 1.5 * BREAK), SIDES[-1])
        xs = [left + (right - left) * i / (side - 1) for i in range(side)]
        ys = [low + (high - low) * i / (side - 1) for i in range(side)]
        begin = self.clock()
        with no_grad():
            values = [number_of(predict([x, y])) for y in ys for x in xs]
        self.pace = (self.clock() - begin) / len(values)
        return {"side": side, "bounds": [left, right, low, high], "values": values}


def number_of(result: Any) -> float | None:
    """Return the number that a network gives, the first of several; None where it is not finite."""
    if isinstance(result, list | tuple):
        result = result[0]
    number = float(data_of(result))
    return number if math.isfinite(number) else None


def bounds_of(points: Sequence[Sequence[float]]) -> tuple[float, float, float, float]:
    """Return what a plane spans in x and y: the points with a margin, or from -1 to 1.

    >>> bounds_of([[0.0, 0.0], [1.0, 2.0]])
    (-0.25, 1.25, -0.5, 2.5)
    """
    if not points:
        return -1.0, 1.0, -1.0, 1.0
    spans = []
    for axis in (0, 1):
        low, high = min(row[axis] for row in points), max(row[axis] for row in points)
        margin = 0.25 * (high - low) or 1.0
        spans += [low - margin, high + margin]
    return spans[0], spans[1], spans[2], spans[3]


@contextmanager
def drawn_by(send: Send) -> Iterator[None]:
    """Have `watch` draw, until the end of the block."""
    global _chart
    before, _chart = _chart, Chart(send)
    try:
        yield
    finally:
        try:
            _chart.flush()
        finally:
            _chart = before
