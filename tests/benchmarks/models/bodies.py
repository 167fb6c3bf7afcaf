"""Three bodies of equal mass that follow each other along a figure of eight, by Runge and Kutta's method.

Chenciner and Montgomery, "A remarkable periodic solution of the three-body problem", Annals of Mathematics
152, 2000; the numbers of the start are Simó's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from . import complex_step

TIME = 2.0  # of a period of 6.3259
# x and y of each body, then their velocities.
START = [
    0.97000436, -0.24308753, -0.97000436, 0.24308753, 0.0, 0.0,
    0.466203685, 0.43236573, 0.466203685, 0.43236573, -0.93240737, -0.86473146,
]  # fmt: skip


def slope(state: Sequence[Any]) -> list[Any]:
    pull: list[Any] = [0.0] * 6
    for i in range(3):
        for j in range(i):
            dx, dy = state[2 * j] - state[2 * i], state[2 * j + 1] - state[2 * i + 1]
            weight = (dx * dx + dy * dy) ** -1.5
            pull[2 * i] = pull[2 * i] + weight * dx
            pull[2 * i + 1] = pull[2 * i + 1] + weight * dy
            pull[2 * j] = pull[2 * j] - weight * dx
            pull[2 * j + 1] = pull[2 * j + 1] - weight * dy
    return [*state[6:], *pull]


def moved(state: Sequence[Any], slope: Sequence[Any], time: float) -> list[Any]:
    return [x + time * dx for x, dx in zip(state, slope, strict=True)]


def step(state: Sequence[Any], dt: float) -> list[Any]:
    """Return the state after the time dt, by the classical method of fourth order."""
    k1 = slope(state)
    k2 = slope(moved(state, k1, 0.5 * dt))
    k3 = slope(moved(state, k2, 0.5 * dt))
    k4 = slope(moved(state, k3, dt))
    return [
        x + dt / 6.0 * (a + 2.0 * b + 2.0 * c + d)
        for x, a, b, c, d in zip(state, k1, k2, k3, k4, strict=True)
    ]


def end(state: Sequence[Any], size: int) -> list[Any]:
    """Return where the bodies are after that many steps, and how fast."""
    for _ in range(size):
        state = step(state, TIME / size)
    return list(state)


def told(jacobian: Sequence[Any]) -> list[float]:
    return [float(x) for row in jacobian for x in row]


def expected(size: int) -> list[float]:
    return told(complex_step.jacobian(lambda state: end(state, size), START))
