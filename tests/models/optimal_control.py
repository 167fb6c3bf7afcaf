"""Optimal control: a pendulum is swung up with little effort, by Newton's method on all states and controls.

Direct transcription (Betts, "Practical Methods for Optimal Control Using Nonlinear Programming", 2010)
with the trapezoidal rule. Jacobian of the constraints and Hessian of the Lagrangian are sparse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

import autograd.numpy as np
from autograd import hessian, jacobian

STEPS, SECONDS = 40, 1.5
H = SECONDS / STEPS
CONTROLS = 2 * (STEPS + 1)  # where they begin, after angles and speeds
GUESS = np.concatenate(
    [np.linspace(0.0, np.pi, STEPS + 1), np.full(STEPS + 1, np.pi / SECONDS), np.zeros(STEPS + 1)]
)


def split(z: Any) -> tuple[Any, Any, Any]:
    n = STEPS + 1
    return z[:n], z[n : 2 * n], z[2 * n :]


def effort(z: Any) -> Any:
    _, _, u = split(z)
    return H * (np.sum(u**2) - 0.5 * (u[0] ** 2 + u[-1] ** 2))


def defects(z: Any) -> Any:
    """Return what must be zero: the equations of motion, and rest below and above."""
    angle, speed, u = split(z)
    change = u - 9.81 * np.sin(angle) - 0.1 * speed
    return np.concatenate(
        [
            angle[1:] - angle[:-1] - H / 2 * (speed[1:] + speed[:-1]),
            speed[1:] - speed[:-1] - H / 2 * (change[1:] + change[:-1]),
            np.array([angle[0], speed[0], angle[-1] - np.pi, speed[-1]]),
        ]
    )


def lagrangian(z: Any, multipliers: Any) -> Any:
    return effort(z) + np.sum(multipliers * defects(z))


MULTIPLIERS = np.sin(np.arange(2.0 * STEPS + 4.0))


def derivative(made: Any) -> Callable[[], Any]:
    second, first = hessian(made(lagrangian), sparse=True), jacobian(made(defects), sparse=True)
    return lambda: (second(GUESS, MULTIPLIERS), first(GUESS))


def answer(made: Any) -> Sequence[float]:
    """Return the effort, and some controls."""
    second, first = hessian(made(lagrangian), sparse=True), jacobian(made(defects), sparse=True)
    slope = made(effort).grad
    z, multipliers = GUESS, np.zeros(2 * STEPS + 4)
    for _ in range(12):
        h, j = second(z, multipliers), first(z)
        system = sp.block_array([[h, j.T], [j, None]], format="csc")
        step = spsolve(system, -np.concatenate([slope(z), defects(z)]))
        z, multipliers = z + step[: len(z)], step[len(z) :]
    return [float(x) for x in (effort(z), z[CONTROLS], z[CONTROLS + STEPS // 2], z[-1])]


# By CasADi.
DERIVATIVE = [-0.0, 0.0, 0.0, 0.0, 0.0, 4.15428108615402, 166.67440149407452, 0.38692777943181]
# By CasADi with Ipopt.
ANSWER = [82.34824096464946, 7.37102270631489, 5.647794365629661, -6.344584667646932]
