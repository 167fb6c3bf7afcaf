"""Thirteen atoms of Lennard and Jones: the forces, and the icosahedron in which their energy is lowest.

The energy is -44.326801 in The Cambridge Cluster Database (Wales et al.), in units of the depth of a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize

import autograd.numpy as np

GOLDEN = (1 + 5**0.5) / 2
ICOSAHEDRON = np.array(
    [[0.0, 0.0, 0.0]]
    + [p for a in (-1.0, 1.0) for b in (-GOLDEN, GOLDEN) for p in ([0.0, a, b], [a, b, 0.0], [b, 0.0, a])]
)
START = 0.6 * ICOSAHEDRON + 0.05 * np.cos(np.arange(39.0)).reshape(13, 3)
PAIRS = np.triu_indices(13, k=1)


def energy(positions: Any) -> Any:
    r = np.reshape(positions, (-1, 3))
    apart = r[PAIRS[0]] - r[PAIRS[1]]
    inverse6 = 1.0 / np.sum(apart**2, axis=1) ** 3
    return np.sum(4.0 * (inverse6**2 - inverse6))


def derivative(made: Any) -> Callable[[], Any]:
    f = made(energy)
    return lambda: f.value_and_grad(START)


def answer(made: Any) -> Sequence[float]:
    f = made(energy)
    fit = minimize(f.value_and_grad, START.ravel(), jac=True, method="BFGS", options={"gtol": 1e-6})
    return [fit.fun]


# By JAX.
DERIVATIVE = [
    -40.257146232834636,
    9.342107595964324,
    6.462082109161997,
    -3.778435061220897,
    -1.6724816104227682,
    -40.257146232834636,
    2339.210279802338,
    -15.62763734330822,
]
# By JAX and SciPy; -44.326801 is published.
ANSWER = [-44.32680141953403]
