"""The logistic map, under `checkpoint` and not, and its derivatives by mpmath."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mpmath import mp, mpf

from autograd import checkpoint

RATE = 3.2


@checkpoint
def logistic(x: Any, rate: Any = RATE, turns: int = 10) -> Any:
    """Return what the logistic map makes of x."""
    for _ in range(turns):
        x = rate * x * (1.0 - x)
    return x


def plain_logistic(x: Any, rate: Any = RATE, turns: int = 10) -> Any:
    for _ in range(turns):
        x = rate * x * (1.0 - x)
    return x


def exact(f: Callable[..., Any], at: tuple[float, ...], *orders: int) -> float:
    """Return a derivative of a function of mpmath's numbers at a point, to 15 digits."""
    with mp.workdps(60):
        return float(mp.diff(f, tuple(map(mpf, at)), orders))
