"""An epidemic in a boarding school: the SIR equations, fitted to the boys in bed.

Murray, "Mathematical Biology", 3rd edition, section 10.2, which finds 2.18e-3 and 0.44036 for the two
rates, the first per boy. Here the sum of squares is made smallest, with the equations solved by
Runge-Kutta, 4 steps a day.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import least_squares

import autograd.numpy as np

from .data import BOYS, INFLUENZA

START = np.array([2.18e-3 * BOYS, 0.44036])


def rates_of_change(y: Any, beta: Any, gamma: Any) -> Any:
    s, i, _ = y
    infections = beta * s * i / BOYS
    return np.array([-infections, infections - gamma * i, gamma * i])


def in_bed(params: Any, steps: int = 4) -> Any:
    beta, gamma = params
    y, h = np.array([BOYS - 3.0, 3.0, 0.0]), 1.0 / steps
    days = [y[1]]
    for _ in range(len(INFLUENZA) - 1):
        for _ in range(steps):
            k1 = rates_of_change(y, beta, gamma)
            k2 = rates_of_change(y + h / 2 * k1, beta, gamma)
            k3 = rates_of_change(y + h / 2 * k2, beta, gamma)
            k4 = rates_of_change(y + h * k3, beta, gamma)
            y = y + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
        days.append(y[1])
    return np.array(days)


def residuals(params: Any) -> Any:
    return in_bed(params) - INFLUENZA


def derivative(made: Any) -> Callable[[], Any]:
    f = made(residuals)
    return lambda: f.jacobian(START)


def answer(made: Any) -> Sequence[float]:
    f = made(residuals)
    fit = least_squares(residuals, START, jac=f.jacobian, xtol=1e-15, ftol=1e-15, gtol=1e-12)
    return [2 * fit.cost, *fit.x]


# By JAX.
DERIVATIVE = [
    0.0,
    0.0,
    9.86228726104695,
    -10.003082374082846,
    60.444528616030624,
    -3658.169659551708,
    2051440.9039769042,
    -37.90307889326659,
]
# By JAX and SciPy.
ANSWER = [3874.135545822072, 1.6998434373943243, 0.44686969495891704]
