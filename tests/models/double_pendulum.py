"""A double pendulum from its Lagrangian: the accelerations are solved for, as Euler and Lagrange have it.

Cranmer et al., "Lagrangian Neural Networks", 2020. The other system has the equations of motion as
textbooks have them (two masses, two lengths), and differentiates those.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.integrate import solve_ivp

import autograd.numpy as np
from autograd import grad, hessian, jacobian

# Two angles, their speeds, two masses, two lengths.
START = np.array([1.2, -0.4, 0.3, 0.1, 1.0, 0.8, 0.7, 1.3])
STEPS, DT, GRAVITY = 8, 0.05, 9.81
SECONDS = 1.0


def lagrangian(q: Any, v: Any, masses: Any, lengths: Any) -> Any:
    y = -np.cumsum(lengths * np.cos(q))
    vx = np.cumsum(lengths * np.cos(q) * v)
    vy = np.cumsum(lengths * np.sin(q) * v)
    return np.sum(masses * (vx**2 + vy**2)) / 2 - GRAVITY * np.sum(masses * y)


def acceleration(q: Any, v: Any, masses: Any, lengths: Any) -> Any:
    def of_speed(v: Any) -> Any:
        return lagrangian(q, v, masses, lengths)

    mass = hessian(of_speed)(v)
    force = grad(lambda q: lagrangian(q, v, masses, lengths))(q)
    mixed = jacobian(lambda q: grad(lambda v: lagrangian(q, v, masses, lengths))(v))(q)
    return np.linalg.solve(mass, force - mixed @ v)


def end(given: Any) -> Any:
    """Return the angles and their speeds after some steps of Heun's method."""
    q, v, masses, lengths = given[:2], given[2:4], given[4:6], given[6:]
    for _ in range(STEPS):
        a = acceleration(q, v, masses, lengths)
        a_next = acceleration(q + DT * v, v + DT * a, masses, lengths)
        q, v = q + DT * (v + DT / 2 * a), v + DT / 2 * (a + a_next)
    return np.concatenate([q, v])


def derivative(made: Any) -> Callable[[], Any]:
    f = made(end)
    return lambda: f.jacobian(START)


def answer(made: Any) -> Sequence[float]:
    """Return the angles and their speeds after a second, of the same equations solved by SciPy."""
    f = made(acceleration)

    def motion(_: float, y: Any) -> Any:
        return np.concatenate([y[2:], f(y[:2], y[2:], START[4:6], START[6:])])

    found = solve_ivp(motion, (0.0, SECONDS), START[:4], method="DOP853", rtol=1e-11, atol=1e-11)
    return [float(x) for x in found.y[:, -1]]


# By JAX, and by hand, from the equations of motion in textbooks.
DERIVATIVE = [
    0.9244762596341304,
    -0.3110356301429581,
    0.4474647939798617,
    -0.1424821093815258,
    0.11755013928185828,
    4.24120828105946,
    72.58037011044382,
    -4.213841448093972,
]
# By hand: textbooks' equations, solved by an implicit method.
ANSWER = [-0.9967539580673271, 0.3507683575592495, 1.9486494098450193, -1.3371127243167575]
