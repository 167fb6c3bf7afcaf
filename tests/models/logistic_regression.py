"""Logistic regression with unscaled data: damaged seals by the temperature, in millidegrees Celsius, at
the launch.

Dalal, Fowlkes and Hoadley, Journal of the American Statistical Association 84, 1989: 15.0429 - 0.2322 x,
with x in degrees Fahrenheit. Scores of some hundreds overflow in log(1 + exp(x)) as it is written in
books; `logaddexp` does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import autograd.numpy as np

from .data import LAUNCH_DEGREES, SEAL_DAMAGED

MILLIDEGREES = (LAUNCH_DEGREES - 32.0) / 1.8 * 1000.0
START = np.array([0.5, -0.05])  # which makes scores of -1300


def negative_log_likelihood(params: Any, x: Any, damaged: Any) -> Any:
    score = params[0] + params[1] * x
    return np.sum(np.logaddexp(0.0, score) - damaged * score)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START, MILLIDEGREES, SEAL_DAMAGED)


def answer(made: Any) -> Sequence[float]:
    """Return the deviance and the coefficients, by the degree Fahrenheit, by Newton's method."""
    f = made(negative_log_likelihood)
    x = np.zeros(2)
    for _ in range(10):
        slope = f.grad(x, MILLIDEGREES, SEAL_DAMAGED)
        x = x - np.linalg.solve(f.hessian(x, MILLIDEGREES, SEAL_DAMAGED), slope)
    per_degree = x[1] * 1000.0 / 1.8
    return [
        2.0 * negative_log_likelihood(x, MILLIDEGREES, SEAL_DAMAGED),
        x[0] - 32.0 * per_degree,
        per_degree,
    ]


# By JAX.
DERIVATIVE = [6163.166666666667, -7.0, -123333.33333333334]
# By statsmodels, in degrees Fahrenheit.
ANSWER = [20.315192687866826, 15.042901647702436, -0.2321627442185964]
