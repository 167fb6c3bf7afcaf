"""The filter with its Jacobians written out, number by number, and a step in the complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import root

from ..extended_kalman import DT, GRAVITY, LONGER, SEEN, START


def negative_log_likelihood(params: Any, seen: Any) -> Any:
    """Return it; of the symmetric matrices p, a row each of the filter, three numbers are kept."""
    q, r = 10.0 ** params[0], 10.0 ** params[1]
    angle, speed, p11, p12, p22, total = 1.5, 0.0, 0.1, 0.0, 0.1, 0.0
    for (z,) in seen:
        pull = -DT * GRAVITY * np.cos(angle)  # the Jacobian of a step is ((1, DT), (pull, 1))
        angle, speed = angle + DT * speed, speed - DT * GRAVITY * np.sin(angle)
        p11, p12, p22 = (
            p11 + 2 * DT * p12 + DT**2 * p22 + q * DT**3 / 3,
            pull * p11 + (1 + pull * DT) * p12 + DT * p22 + q * DT**2 / 2,
            pull**2 * p11 + 2 * pull * p12 + p22 + q * DT,
        )
        h = np.cos(angle)  # that of what is seen is (h, 0)
        s, v = h**2 * p11 + r, z - np.sin(angle)
        k1, k2 = p11 * h / s, p12 * h / s
        angle, speed = angle + k1 * v, speed + k2 * v
        p11, p12, p22 = p11 - k1**2 * s, p12 - k1 * k2 * s, p22 - k2**2 * s
        total = total + (np.log(2 * np.pi * s) + v**2 / s) / 2
    return total


def gradient(params: Any, seen: Any) -> Any:
    """Return the derivatives: imaginary parts of what imaginary steps lead to, without any cancellation."""
    moved = [negative_log_likelihood(params + 1e-200j * row, seen) for row in np.eye(2)]
    return np.array([value.imag / 1e-200 for value in moved])


def derivative() -> Any:
    return [negative_log_likelihood(START, SEEN), *gradient(START, SEEN)]


def answer() -> Any:
    """Return the largest likelihood, with where it is: where the derivatives are 0."""
    best = root(gradient, [-2.0, -1.0], (LONGER,), tol=1e-13).x
    return [negative_log_likelihood(best, LONGER), *best]
