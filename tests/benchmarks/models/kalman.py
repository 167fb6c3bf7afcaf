"""The Kalman filter: the likelihood of observations of a level and its trend, both noisy.

The prediction error decomposition: Harvey, "Forecasting, Structural Time Series Models and the Kalman
Filter", 1989. Matrices are lists of rows, and their arithmetic is the model's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..works import flat
from . import complex_step

# The logarithms of the variances of level, trend, and what is observed of each; what of a trend remains.
PARAMETERS = [-1.2, -2.5, -0.3, -0.9, 0.9]

Matrix = list[list[Any]]


def observations(size: int) -> Any:
    """Return that many observations, an array with two columns."""
    import numpy as np

    rng = np.random.default_rng(11)
    level, trend, found = 0.0, 0.1, np.empty((size, 2))
    for i in range(size):
        level, trend = level + trend + 0.5 * rng.standard_normal(), 0.9 * trend + 0.3 * rng.standard_normal()
        found[i] = level + 0.8 * rng.standard_normal(), trend + 0.6 * rng.standard_normal()
    return found


def product(a: Matrix, b: Matrix) -> Matrix:
    return [[row[0] * b[0][j] + row[1] * b[1][j] for j in range(2)] for row in a]


def added(a: Matrix, b: Matrix) -> Matrix:
    return [[a[i][j] + b[i][j] for j in range(2)] for i in range(2)]


def transposed(a: Matrix) -> Matrix:
    return [[a[0][0], a[1][0]], [a[0][1], a[1][1]]]


def inverse(a: Matrix, determinant: Any) -> Matrix:
    return [
        [a[1][1] / determinant, -a[0][1] / determinant],
        [-a[1][0] / determinant, a[0][0] / determinant],
    ]


def loss(parameters: Sequence[Any], observed: Any, math: Any) -> Any:
    """Return the negative logarithm of the likelihood, without what is the same for all parameters."""
    level, trend, first, second, damping = parameters
    moves = [[1.0, 1.0], [0.0, damping]]
    shaken = [[math.exp(level), 0.0], [0.0, math.exp(trend)]]
    blurred = [[math.exp(first), 0.0], [0.0, math.exp(second)]]
    x: list[Any] = [0.0, 0.0]
    p: Matrix = [[1.0, 0.0], [0.0, 1.0]]
    total = 0.0
    for y in observed:
        x = [x[0] + x[1], damping * x[1]]
        p = added(product(product(moves, p), transposed(moves)), shaken)
        s = added(p, blurred)
        determinant = s[0][0] * s[1][1] - s[0][1] * s[1][0]
        inverted = inverse(s, determinant)
        e = [y[0] - x[0], y[1] - x[1]]
        w = [inverted[i][0] * e[0] + inverted[i][1] * e[1] for i in range(2)]
        total = total + math.log(determinant) + e[0] * w[0] + e[1] * w[1]
        x = [x[i] + p[i][0] * w[0] + p[i][1] * w[1] for i in range(2)]
        gain = product(p, inverted)
        taken = product(gain, p)
        p = [[p[i][j] - taken[i][j] for j in range(2)] for i in range(2)]
    return 0.5 * total


def expected(size: int) -> list[float]:
    observed = observations(size).tolist()
    return flat(complex_step.value_and_gradient(lambda p: loss(p, observed, complex_step.math), PARAMETERS))
