"""What tests of loops as functions have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from mpmath import mpf

from autograd import math, scan, while_loop


def added(total: Any, x: Any) -> tuple[Any, Any]:
    """The sum so far, and what it was before."""
    return total + x, total


def same(x: Any, y: Any, rel: float = 1e-12) -> None:
    """Hold two structures of numbers against each other, but for rounding."""
    if isinstance(x, dict):
        assert x.keys() == y.keys()
        for key in x:
            same(x[key], y[key], rel)
    elif isinstance(x, (list, tuple)):
        for part, other in zip(x, y, strict=True):
            same(part, other, rel)
    else:
        np.testing.assert_allclose(x, y, rtol=rel)


@dataclass
class Row:
    """A carry, or what is scanned, with attributes."""

    time: Any
    force: Any = None


def logistic(x: Any, rate: Any, turns: int = 20) -> Any:
    """The logistic map after some turns."""
    return scan(lambda x, _: (rate * x * (1.0 - x), None), x, length=turns)[0]


def newton(x: Any) -> Any:
    """The square root by Newton's method."""
    return while_loop(lambda y: abs(y * y - x) > 1e-14 * x, lambda y: 0.5 * (y + x / y), x)


def pendulum(angle: Any, length: Any, steps: int = 50, checkpoint: bool = False, sine: Any = math.sin) -> Any:
    """The angle of a pendulum after a second, by Runge and Kutta's method."""
    h = 1.0 / steps if type(angle) is not mpf else mpf(1) / steps

    def slope(angle: Any, speed: Any) -> Any:
        return speed, -9.81 * sine(angle) / length

    def step(state: Any, _: Any) -> Any:
        a, b = state
        k1 = slope(a, b)
        k2 = slope(a + h / 2 * k1[0], b + h / 2 * k1[1])
        k3 = slope(a + h / 2 * k2[0], b + h / 2 * k2[1])
        k4 = slope(a + h * k3[0], b + h * k3[1])
        a = a + h / 6 * (k1[0] + 2 * k2[0] + 2 * k3[0] + k4[0])
        b = b + h / 6 * (k1[1] + 2 * k2[1] + 2 * k3[1] + k4[1])
        return (a, b), a

    return scan(step, (angle, 0.0 * angle), length=steps, checkpoint=checkpoint)[0][0]
