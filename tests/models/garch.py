"""GARCH(1, 1): the likelihood of returns whose variance depends on that of the day before.

Bollerslev, Journal of Econometrics 31, 1986. The variance starts from the mean square, as in most
packages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize

import autograd.numpy as np

from .data import returns

START = np.array([0.03, 0.06, 0.12, 0.82])  # mu, omega, alpha, beta
RETURNS = returns()


def negative_log_likelihood(params: Any, r: Any) -> Any:
    mu, omega, alpha, beta = params
    e = r - mu
    sigma2 = np.zeros(len(r))
    sigma2[0] = np.mean(e**2)
    for t in range(1, len(r)):
        sigma2[t] = omega + alpha * e[t - 1] ** 2 + beta * sigma2[t - 1]
    return 0.5 * np.sum(np.log(2 * np.pi) + np.log(sigma2) + e**2 / sigma2)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START, RETURNS)


def answer(made: Any) -> Sequence[float]:
    f = made(negative_log_likelihood)
    fit = minimize(
        f.value_and_grad, START, (RETURNS,), jac=True, method="L-BFGS-B",
        bounds=[(None, None), (1e-6, None), (0.0, 1.0), (0.0, 1.0)], options={"ftol": 1e-15, "gtol": 1e-9},
    )  # fmt: skip
    return [fit.fun]


# By JAX, and by hand.
DERIVATIVE = [
    611.4353765935002,
    56.714140038062965,
    165.72419017669222,
    116.2846294689323,
    144.63232644925682,
]
# By JAX and Newton's method, and by hand.
ANSWER = [607.1659720869155]
