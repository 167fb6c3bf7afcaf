"""Triangular systems of Values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .elimination import back, substituted
from .matrices import Rows, transposed


class SingularTriangleError(Exception):
    """A number on the diagonal of a triangle is 0; the argument is its place."""


def triangular_solver(
    rows: Rows, lower: bool = False, transpose: bool = False, unit: bool = False
) -> Callable[[list[Any]], list[Any]]:
    """Return a function that solves a triangular system for a right side.

    Args:
        rows: a matrix, of which one triangle is read.
        lower: whether that is the lower one.
        transpose: whether to solve with the transpose of it.
        unit: whether its diagonal is not read, but is 1.

    Raises:
        SingularTriangleError: there is a 0 on the diagonal.
    """
    n = len(rows)
    if not unit:
        for i in range(n):
            if rows[i][i] == 0.0:
                raise SingularTriangleError(i)
    if transpose:
        rows, lower = transposed(rows), not lower
    if lower:
        below = [[*row[:i], 1.0 if unit else row[i]] for i, row in enumerate(rows)]
        return lambda b: substituted(below, b)
    above = [[1.0 if unit else row[i], *row[i + 1 :]] for i, row in enumerate(rows)]
    return lambda b: back(above, b)
