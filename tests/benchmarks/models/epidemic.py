"""SIR: an epidemic among the susceptible, the infected and the recovered, by Runge and Kutta's method.

Kermack and McKendrick, "A contribution to the mathematical theory of epidemics", Proc. R. Soc. A 115, 1927.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..works import flat
from . import complex_step

RATES = [
    0.35,
    0.1,
]  # beta, at which the infected meet the susceptible, and gamma, at which they recover; a day
START = (0.999, 0.001, 0.0)  # shares of all people
DAYS = 60.0


def slope(state: Sequence[Any], beta: Any, gamma: Any) -> tuple[Any, Any, Any]:
    susceptible, infected, _ = state
    new = beta * susceptible * infected
    recovering = gamma * infected
    return -new, new - recovering, recovering


def moved(state: Sequence[Any], slope: Sequence[Any], time: Any) -> tuple[Any, ...]:
    return tuple(x + time * dx for x, dx in zip(state, slope, strict=True))


def step(state: Sequence[Any], rates: Any, dt: float) -> tuple[Any, ...]:
    """Return the state after the time dt, by the classical method of fourth order."""
    beta, gamma = rates
    k1 = slope(state, beta, gamma)
    k2 = slope(moved(state, k1, 0.5 * dt), beta, gamma)
    k3 = slope(moved(state, k2, 0.5 * dt), beta, gamma)
    k4 = slope(moved(state, k3, dt), beta, gamma)
    return tuple(
        x + dt / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        for x, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True)
    )


def recovered(rates: Sequence[Any], size: int) -> Any:
    """Return the share of the recovered at the end, after that many steps."""
    state: tuple[Any, ...] = START
    for _ in range(size):
        state = step(state, rates, DAYS / size)
    return state[2]


def expected(size: int) -> list[float]:
    return flat(complex_step.value_and_gradient(lambda rates: recovered(rates, size), RATES))
