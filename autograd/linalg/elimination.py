"""Gaussian elimination on Values: L and U of a matrix, with the rows in the order of their pivots.

Every number of L and U is one sum of products (Crout's order), which the engine records in one loop. The
pivot is the largest number of its column, as in LAPACK. Which one that is, is decided by values: while a
function is followed, it is asked whether it is the largest one, and no more. So there is one path for each
order of the rows, and not one for each way in which the largest number can be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import ops
from ..arrays.ufunc_table import followed
from ..engine import data_of, weighted_sum
from ..engine.recording import blocks
from .matrices import Rows


class Elimination:
    """The elimination of a square matrix, column by column.

    Attributes:
        minus: rows of -L, without the ones on its diagonal.
        upper: rows of U, from its diagonal on.
        order: which row of the matrix stands where.
        places: for each column, with which row its row was exchanged.
        odd: whether that is an odd permutation.
    """

    def __init__(self, rows: Rows) -> None:
        """Begin with a matrix; `step` eliminates a column."""
        self._rows = list(rows)
        self.minus: Rows = [[] for _ in rows]
        self.upper: Rows = [[] for _ in rows]
        self.order = [*range(len(rows))]
        self.places: list[int] = []
        self.odd = False

    def step(self, j: int) -> list[Any]:
        """Eliminate the next column; what is left of it where all that could be its pivot is 0, else nothing.

        Args:
            j: its place.
        """
        minus = self.minus
        column: list[Any] = []
        for factors, row in zip(minus, self._rows, strict=True):
            column.append(weighted_sum(factors, column[: len(factors)], row[j]))
        place = place_of_largest(column, j)
        pivot = column[place]
        if pivot == 0.0:
            return column[j:]
        self.places.append(place)
        if place != j:
            parts: tuple[list[Any], ...] = (column, self._rows, minus, self.order)
            for things in parts:
                things[j], things[place] = things[place], things[j]
            self.odd = not self.odd
        divisor = -pivot
        for i in range(j):
            self.upper[i].append(column[i])
        self.upper[j].append(pivot)
        for i in range(j + 1, len(column)):
            minus[i].append(column[i] / divisor)
        return []

    def put_last(self, j: int) -> None:
        """Move a column of the matrix behind all others."""
        self._rows = [[*row[:j], *row[j + 1 :], row[j]] for row in self._rows]

    def solve(self, b: Sequence[Any]) -> list[Any]:
        """Return x of A x = b."""
        return back(self.upper, forward(self.minus, [b[i] for i in self.order]))

    def solve_transposed(self, b: Sequence[Any]) -> list[Any]:
        """Return x of A^T x = b."""
        n = len(b)
        lower = [[self.upper[k][i - k] for k in range(i + 1)] for i in range(n)]
        y = substituted(lower, b)
        for i in reversed(range(n)):
            y[i] = weighted_sum([self.minus[k][i] for k in range(i + 1, n)], y[i + 1 :], y[i])
        x: list[Any] = [None] * n
        for i, place in enumerate(self.order):
            x[place] = y[i]
        return x


def eliminated(rows: Rows) -> Elimination:
    """Return the elimination of a square matrix.

    Raises:
        LinAlgError: it is singular: a pivot is 0.
    """
    elimination = Elimination(rows)
    for j in range(len(rows)):
        if elimination.step(j):
            raise np.linalg.LinAlgError("Singular matrix")
    return elimination


def place_of_largest(column: Sequence[Any], start: int) -> int:
    """Return the place of the first of the largest numbers by size, from a place on."""
    sizes = [abs(data_of(x)) for x in column[start:]]
    best = start + sizes.index(max(sizes))
    if blocks and followed():
        chosen = abs(column[best])
        if best > start:
            _ = chosen > _largest(column[start:best])
        if best + 1 < len(column):
            _ = chosen >= _largest(column[best + 1 :])
    return best


def _largest(numbers: Sequence[Any]) -> Any:
    largest = abs(numbers[0])
    for x in numbers[1:]:
        largest = ops.maximum(largest, abs(x))
    return largest


def forward(minus: Rows, b: Sequence[Any]) -> list[Any]:
    """Return y of L y = b, given the rows of -L without the ones on its diagonal."""
    start = next((i for i, x in enumerate(b) if not is_zero(x)), len(b))
    y: list[Any] = []
    for factors, x in zip(minus[start:], b[start:], strict=True):
        y.append(weighted_sum(factors[start:], y, x))
    return [0.0] * start + y


def back(upper: Rows, y: Sequence[Any]) -> list[Any]:
    """Return x of U x = y, given the rows of U from its diagonal on."""
    x: list[Any] = []
    minus_x: list[Any] = []  # in the order of the rows
    for row, right in zip(reversed(upper), reversed(y), strict=True):
        x.append(weighted_sum(row[1:], minus_x, right) / row[0])
        minus_x.insert(0, -x[-1])
    return x[::-1]


def substituted(lower: Rows, b: Sequence[Any]) -> list[Any]:
    """Return y of L y = b, given the rows of L to its diagonal, which is not 0."""
    start = next((i for i, x in enumerate(b) if not is_zero(x)), len(b))
    y: list[Any] = []
    minus_y: list[Any] = []
    for row, right in zip(lower[start:], b[start:], strict=True):
        y.append(weighted_sum(row[start:-1], minus_y, right) / row[-1])
        minus_y.append(-y[-1])
    return [0.0] * start + y


def is_zero(x: Any) -> bool:
    """Say whether something is 0 whatever the Values are, as in the right sides of an inverse."""
    return type(x) is float and x == 0.0
