"""The equations of motion as textbooks have them, differentiated by a step in the complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.integrate import solve_ivp

from ..double_pendulum import DT, GRAVITY, SECONDS, START, STEPS
from ..telling import told


def acceleration(q: Any, v: Any, masses: Any, lengths: Any) -> Any:
    """Return both accelerations (for example of Strogatz's or Landau's first volume, solved for them)."""
    (a, b), (m, n), (k, l) = q, masses, lengths  # noqa: E741
    s, c = np.sin(a - b), np.cos(a - b)
    below = 2 * m + n - n * np.cos(2 * a - 2 * b)
    first = -GRAVITY * (2 * m + n) * np.sin(a) - n * GRAVITY * np.sin(a - 2 * b)
    first = first - 2 * s * n * (v[1] ** 2 * l + v[0] ** 2 * k * c)
    second = v[0] ** 2 * k * (m + n) + GRAVITY * (m + n) * np.cos(a) + v[1] ** 2 * l * n * c
    return np.array([first / (k * below), 2 * s * second / (l * below)])


def energy(y: Any) -> Any:
    """Return kinetic and potential energy, for the masses and lengths of START."""
    (a, b, u, v), (m, n, k, l) = y, START[4:]  # noqa: E741
    moving = m * (k * u) ** 2 + n * ((k * u) ** 2 + (l * v) ** 2 + 2 * k * l * u * v * np.cos(a - b))
    return moving / 2 - GRAVITY * ((m + n) * k * np.cos(a) + n * l * np.cos(b))


def end(given: Any) -> Any:
    q, v, masses, lengths = given[:2], given[2:4], given[4:6], given[6:]
    for _ in range(STEPS):
        a = acceleration(q, v, masses, lengths)
        after = acceleration(q + DT * v, v + DT * a, masses, lengths)
        q, v = q + DT * v + DT**2 / 2 * a, v + DT / 2 * (a + after)
    return np.concatenate([q, v])


def derivative() -> Any:
    return told(np.array([end(START + 1e-200j * row).imag / 1e-200 for row in np.eye(8)]).T)


def answer() -> Any:
    def motion(_: float, y: Any) -> Any:
        return np.concatenate([y[2:], acceleration(y[:2], y[2:], START[4:6], START[6:])])

    return solve_ivp(motion, (0.0, SECONDS), START[:4], method="Radau", rtol=1e-12, atol=1e-12).y[:, -1]
