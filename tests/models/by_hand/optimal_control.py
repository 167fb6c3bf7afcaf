"""Both sparse matrices, entry by entry."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..optimal_control import GUESS, MULTIPLIERS, STEPS, H
from ..telling import told


def derivative() -> Any:
    n, angle = STEPS + 1, GUESS[: STEPS + 1]
    second, first = np.zeros((3 * n, 3 * n)), np.zeros((2 * STEPS + 4, 3 * n))
    for k in range(n):  # the effort, and the sine of each angle, which is in one equation of motion or in two
        second[2 * n + k, 2 * n + k] = H * (1.0 if k in (0, STEPS) else 2.0)
        weight = sum(MULTIPLIERS[STEPS + i] for i in (k - 1, k) if 0 <= i < STEPS)
        second[k, k] = -H / 2 * weight * 9.81 * np.sin(angle[k])
    for i in range(STEPS):
        for k, sign in ((i, -1.0), (i + 1, 1.0)):
            first[i, k], first[i, n + k] = sign, -H / 2
            first[STEPS + i, k] = H / 2 * 9.81 * np.cos(angle[k])
            first[STEPS + i, n + k] = sign + H / 2 * 0.1
            first[STEPS + i, 2 * n + k] = -H / 2
    for row, column in enumerate((0, n, STEPS, n + STEPS), 2 * STEPS):
        first[row, column] = 1.0
    return told((second, first))
