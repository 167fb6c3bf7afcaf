"""Powell's hybrid method for one unknown: it finds what MINPACK's finds."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.optimize import root

from autograd.implicit.hybrid import hybrid

Pair = tuple[Callable[[float], float], Callable[[float], float]]

FAMILIES: list[Callable[[float, float, float], Pair]] = [
    lambda a, b, c: (lambda x: a * x**3 + b * x + c, lambda x: 3.0 * a * x * x + b),
    lambda a, b, c: (lambda x: x - a * math.sin(b * x) - c, lambda x: 1.0 - a * b * math.cos(b * x)),
    lambda a, b, c: (lambda x: math.atan(a * x) + 0.3 * b, lambda x: a / (1.0 + a * a * x * x)),
    lambda a, b, c: (lambda x: a * math.cos(x) - 0.3 * b, lambda x: -a * math.sin(x)),
    lambda a, b, c: (lambda x: x * (x - a) * (x - b), lambda x: 3.0 * x * x - 2.0 * (a + b) * x + a * b),
]  # fmt: skip


def by_scipy(f: Any, slope: Any, x: float) -> float | None:
    found = root(lambda v: f(float(v[0])), [x], jac=lambda v: np.array([[slope(float(v[0]))]]), tol=1e-12)
    return float(found.x[0]) if found.success else None


def test_it_finds_the_roots_that_scipy_finds_of_those_that_there_are() -> None:
    draw = random.Random(3)
    both = 0
    for i in range(1000):
        f, slope = FAMILIES[i % len(FAMILIES)](*[draw.gauss(0.0, 3.0) for _ in range(3)])
        begin = draw.choice([0.0, 1.0, draw.gauss(0.0, 10.0)])
        mine, wanted = hybrid(f, slope, begin, 1e-12), by_scipy(f, slope, begin)
        if mine is not None and wanted is not None:
            assert mine == pytest.approx(wanted, rel=1e-9, abs=1e-9)
            both += 1
    assert both > 700


def test_it_asks_where_scipy_asks() -> None:
    def asked(solve: Callable[[Any, Any, float], Any]) -> list[float]:
        points: list[float] = []
        solve(lambda x: points.append(x) or x**3 + x + 3.0, lambda x: 3.0 * x * x + 1.0, 1.0)  # type: ignore[func-returns-value]
        return points

    of_scipy = asked(by_scipy)[2:]  # which asks twice more where it begins
    assert asked(lambda f, slope, x: hybrid(f, slope, x, 1e-12)) == pytest.approx(of_scipy, rel=1e-9)


def test_a_root_to_begin_with_is_the_root() -> None:
    assert hybrid(lambda x: x - 3.0, lambda x: 1.0, 3.0, 1e-12) == 3.0
    assert hybrid(lambda x: x - 3.0, lambda x: 1.0, 0.0, 1e-12) == 3.0


def test_a_slope_of_zero_is_left() -> None:
    assert hybrid(lambda x: x * x - 4.0, lambda x: 2.0 * x, 0.0, 1e-12) == pytest.approx(2.0, rel=1e-12)


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda x: x * x + 1.0, lambda x: 2.0 * x),  # no root
        (lambda x: math.inf, lambda x: 1.0),
        (lambda x: x - 5.0, lambda x: math.nan),
        (lambda x: x - 5.0 if x < 3.0 else math.nan, lambda x: 1.0),
        (lambda x: 1e-310, lambda x: 1e300),  # a step of 0
    ],
)
def test_where_it_finds_none_it_says_so(f: Any, slope: Any) -> None:
    assert hybrid(f, slope, 1.0, 1e-12) is None
