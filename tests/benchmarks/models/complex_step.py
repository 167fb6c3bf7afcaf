"""Derivatives by a complex step: f(x + ih) has f(x) as its real part and h f'(x) as its imaginary part.

With h = 1e-100 no digit is lost, whatever f is made of that is analytic (Squire and Trapp, "Using complex
variables to estimate derivatives of real functions", SIAM Review 40, 1998).
"""

from __future__ import annotations

import cmath
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

STEP = 1e-100

math = SimpleNamespace(log=cmath.log, exp=cmath.exp, sin=cmath.sin, cos=cmath.cos, sqrt=cmath.sqrt)


def value_and_gradient(
    f: Callable[[list[complex]], complex], x: Sequence[float]
) -> tuple[float, list[float]]:
    """Return f(x) and its derivatives by each number of x."""
    found = [f([complex(t, STEP if i == j else 0.0) for j, t in enumerate(x)]) for i in range(len(x))]
    return found[0].real, [y.imag / STEP for y in found]


def jacobian(f: Callable[[list[complex]], Sequence[Any]], x: Sequence[float]) -> list[list[float]]:
    """Return the derivatives of each number of f(x), a row each, by each number of x."""
    columns = [f([complex(t, STEP if i == j else 0.0) for j, t in enumerate(x)]) for i in range(len(x))]
    return [[y.imag / STEP for y in row] for row in zip(*columns, strict=True)]
