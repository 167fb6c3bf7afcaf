"""The heat equation in a rod whose ends are kept cold: explicit steps on a grid, written into one array.

On the grid sin(pi x) is an eigenvector, so what remains of it after n steps is known: the n-th power of 1
- 4 r sin^2(pi h / 2), r = k dt / h^2 (Smith, "Numerical Solution of Partial Differential Equations",
1985).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np

POINTS, STEPS, DT = 11, 40, 2e-3
H = 1.0 / (POINTS - 1)
X = np.linspace(0.0, 1.0, POINTS)
K = 0.9


def temperatures(conductivity: Any) -> Any:
    """Return the temperatures at the end; the conductivity may be another between each two points."""
    u = np.zeros(POINTS)
    u[:] = np.sin(np.pi * X)
    u[0] = u[-1] = 0.0
    for _ in range(STEPS):
        flux = conductivity * np.diff(u) / H
        u[1:-1] += DT * np.diff(flux) / H
    return u


def squares(conductivity: Any) -> Any:
    return np.sum(temperatures(conductivity) ** 2)


def derivative(made: Any) -> Callable[[], Any]:
    """By the conductivity between each two points."""
    f = made(squares)
    return lambda: f.value_and_grad(np.full(POINTS - 1, K))


def answer(made: Any) -> Sequence[float]:
    value, slopes = derivative(made)()
    return [value, np.sum(slopes)]  # all conductivities grow alike


def closed_form() -> list[float]:
    """Return the sum of squares, and its derivative by a conductivity that is the same everywhere."""
    s = 4.0 * DT / H**2 * math.sin(math.pi * H / 2) ** 2
    remains = (1.0 - K * s) ** (2 * STEPS)
    total = remains * (POINTS - 1) / 2  # sin^2 summed over the grid
    return [total, -2 * STEPS * s / (1.0 - K * s) * total]


ANSWER = closed_form()


# By JAX.
DERIVATIVE = [
    1.20598862926761,
    -0.3751269400066315,
    -0.3052812761216948,
    -0.19226861798906636,
    -0.07925595985643784,
    -0.009410295971501207,
    -0.009410295971501198,
    -0.07925595985643784,
    -0.1922686179890664,
    -0.30528127612169476,
    -0.37512694000663155,
]
