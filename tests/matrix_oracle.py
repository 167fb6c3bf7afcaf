"""Linear algebra in mpmath, to 60 digits, and its derivatives by differences: nothing here knows a rule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from mpmath import mp, mpf

Function = Callable[..., Any]
"""Takes matrices of mpmath and returns a list of numbers."""

DIGITS = 60
STEP = mpf(10) ** -18


def hilbert(n: int) -> Any:
    """Return the Hilbert matrix, whose condition is 1.6e13 for 10 rows."""
    return 1.0 / (np.arange(n)[:, None] + np.arange(n) + 1.0)


def flat(matrix: Any) -> list[Any]:
    """Return the numbers of a matrix of mpmath, row by row."""
    return [matrix[i, j] for i in range(matrix.rows) for j in range(matrix.cols)]


def triangle(matrix: Any) -> Any:
    """Return the symmetric matrix that has the lower triangle of this one."""
    return mp.matrix([[matrix[max(i, j), min(i, j)] for j in range(matrix.cols)] for i in range(matrix.rows)])


def gram_schmidt(matrix: Any) -> tuple[Any, Any]:
    """Return Q and R with positive diagonal."""
    q, r = matrix.copy(), mp.zeros(matrix.cols)
    for j in range(matrix.cols):
        for i in range(j):
            r[i, j] = sum(q[k, i] * matrix[k, j] for k in range(matrix.rows))
            for k in range(matrix.rows):
                q[k, j] -= r[i, j] * q[k, i]
        r[j, j] = mp.sqrt(sum(q[k, j] ** 2 for k in range(matrix.rows)))
        for k in range(matrix.rows):
            q[k, j] /= r[j, j]
    return q, r


def values(function: Function, *points: Any) -> Any:
    """Return what a function gives, as an array of floats."""
    with mp.workdps(DIGITS):
        return np.array([float(x) for x in function(*[mp.matrix(p.tolist()) for p in points])])


def gradient(function: Function, weights: Any, *points: Any) -> list[Any]:
    """Return the derivatives of a weighted sum of what a function gives, by each number of each matrix."""
    with mp.workdps(DIGITS):
        return [
            np.array([float(_slope(function, weights, points, i, j)) for j in range(point.size)]).reshape(
                point.shape
            )
            for i, point in enumerate(points)
        ]


def _slope(function: Function, weights: Any, points: Sequence[Any], i: int, j: int) -> Any:
    direction = [np.zeros(p.shape) for p in points]
    direction[i].flat[j] = 1.0
    up, down = (_along(function, weights, points, direction, h) for h in (STEP, -STEP))
    return (up - down) / (2 * STEP)


def second(function: Function, weights: Any, points: Sequence[Any], directions: Sequence[Any]) -> float:
    """Return the second derivative of a weighted sum of what a function gives, along directions."""
    with mp.workdps(DIGITS):
        up, here, down = (_along(function, weights, points, directions, h) for h in (STEP, 0, -STEP))
        return float((up - 2 * here + down) / STEP**2)


def _along(function: Function, weights: Any, points: Any, directions: Any, h: Any) -> Any:
    moved = [
        mp.matrix(p.tolist()) + h * mp.matrix(d.tolist()) for p, d in zip(points, directions, strict=True)
    ]
    return mp.fsum(float(w) * x for w, x in zip(weights, function(*moved), strict=True))
