"""A Kalman filter by maximum likelihood: the flow of the Nile as a level, or a level with a slope, and
noise.

Durbin and Koopman, "Time Series Analysis by State Space Methods", 2001: variances of 15099 and 1469.1, and
the logarithm of the likelihood -632.54. The first state is as good as unknown (its variance is 10^7), and
its term is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize

import autograd.numpy as np

from .data import NILE

START = np.log(np.array([15000.0, 1500.0, 10.0]))  # logarithms of variances: noise, level, slope
LEVEL = np.log(np.array([10000.0, 1000.0]))
UNKNOWN = 1e7


def filtered(y: Any, design: Any, transition: Any, noise: Any, observation_noise: Any) -> Any:
    """Return the logarithm of the likelihood of a linear state-space model."""
    states = len(transition)
    a, p = np.zeros(states), UNKNOWN * np.eye(states)
    total = 0.0
    for t in range(len(y)):
        v = y[t] - design @ a
        f = design @ p @ design.T + observation_noise
        gain = transition @ p @ design.T @ np.linalg.inv(f)
        if t > 0:
            _, log_det = np.linalg.slogdet(f)
            total = total - 0.5 * (len(v) * np.log(2 * np.pi) + log_det + v @ np.linalg.solve(f, v))
        a, p = transition @ a + gain @ v, transition @ p @ (transition - gain @ design).T + noise
    return total


def local_level(params: Any, y: Any) -> Any:
    noise, level = np.exp(params)
    one = np.eye(1)
    return -filtered(y[:, None], one, one, level * one, noise * one)


def local_linear_trend(params: Any, y: Any) -> Any:
    noise, level, slope = np.exp(params)
    transition = np.array([[1.0, 1.0], [0.0, 1.0]])
    return -filtered(
        y[:, None], np.array([[1.0, 0.0]]), transition, np.diag(np.array([level, slope])), noise * np.eye(1)
    )


def derivative(made: Any) -> Callable[[], Any]:
    f = made(local_linear_trend)
    return lambda: f.value_and_grad(START, NILE)


def answer(made: Any) -> Sequence[float]:
    f = made(local_level)
    fit = minimize(f.value_and_grad, LEVEL, (NILE,), jac=True, method="BFGS", options={"gtol": 1e-7})
    return [-fit.fun, *np.exp(fit.x)]


# statsmodels has the same likelihood, 640.2708764955913, and JAX the gradient.
DERIVATIVE = [640.2708764955912, 0.05018156190988743, -0.48447238097975287, 0.8512290888137375]
# By mpmath and Newton's method; statsmodels' `UnobservedComponents(NILE, "local level")` has the same.
ANSWER = [-632.5442121255416, 15100.118138496638, 1468.392988855477]
