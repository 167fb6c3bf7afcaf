"""Both sparse matrices, entry by entry, and Newton's method with them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..optimal_control import GUESS, MULTIPLIERS, STEPS, H
from ..telling import told

N = STEPS + 1
ENDS = 0, N, STEPS, N + STEPS  # what is held: angle and speed at the beginning, and at the end
WEIGHTS = H * np.array([1.0, *[2.0] * (STEPS - 1), 1.0])  # of the controls, in the derivative of the effort


def matrices(z: Any, multipliers: Any) -> tuple[Any, Any]:
    """Return the Hessian of the Lagrangian and the Jacobian of the constraints."""
    angle = z[:N]
    second, first = np.zeros((3 * N, 3 * N)), np.zeros((2 * STEPS + 4, 3 * N))
    for k in range(N):  # the effort, and the sine of each angle, which is in one equation of motion or in two
        second[2 * N + k, 2 * N + k] = WEIGHTS[k]
        weight = sum(multipliers[STEPS + i] for i in (k - 1, k) if 0 <= i < STEPS)
        second[k, k] = -H / 2 * weight * 9.81 * np.sin(angle[k])
    for i in range(STEPS):
        for k, sign in ((i, -1.0), (i + 1, 1.0)):
            first[i, k], first[i, N + k] = sign, -H / 2
            first[STEPS + i, k] = H / 2 * 9.81 * np.cos(angle[k])
            first[STEPS + i, N + k] = sign + H / 2 * 0.1
            first[STEPS + i, 2 * N + k] = -H / 2
    for row, column in enumerate(ENDS, 2 * STEPS):
        first[row, column] = 1.0
    return second, first


def defects(z: Any) -> Any:
    angle, speed, u = z[:N], z[N : 2 * N], z[2 * N :]
    found = []
    for x, change in ((angle, speed), (speed, u - 9.81 * np.sin(angle) - 0.1 * speed)):
        found += [x[k + 1] - x[k] - H * (change[k] + change[k + 1]) / 2 for k in range(STEPS)]
    return np.array([*found, angle[0], speed[0], angle[-1] - np.pi, speed[-1]])


def derivative() -> Any:
    return told(matrices(GUESS, MULTIPLIERS))


def answer() -> Any:
    """Return the effort, and some controls, where the Lagrangian has no slope and no constraint is missed."""
    z, multipliers = GUESS, np.zeros(2 * STEPS + 4)
    for _ in range(12):
        second, first = matrices(z, multipliers)
        slope = np.concatenate([np.zeros(2 * N), WEIGHTS * z[2 * N :]])
        system = np.block([[second, first.T], [first, np.zeros((len(first), len(first)))]])
        step = np.linalg.solve(system, -np.concatenate([slope, defects(z)]))
        z, multipliers = z + step[: 3 * N], step[3 * N :]
    u = z[2 * N :]
    return [np.sum(WEIGHTS * u**2) / 2, u[0], u[STEPS // 2], u[-1]]
