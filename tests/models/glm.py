"""A generalised linear model: counts as Poisson, by Newton's method with gradient and Hessian.

Dobson, "An Introduction to Generalized Linear Models", 1990, p. 93; R's `?glm` has it as its first
example. The design is balanced, so the fit is known: products of the sums of rows and columns.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.special import gammaln, xlogy

import autograd.numpy as np

from .data import DOBSON, DOBSON_DESIGN

START = np.array([3.0, 0.1, -0.1, 0.2, -0.2])


def negative_log_likelihood(beta: Any, design: Any, counts: Any) -> Any:
    eta = design @ beta
    return np.sum(np.exp(eta) - counts * eta + gammaln(counts + 1.0))


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)

    def call() -> Any:
        gradient = f.grad(START, DOBSON_DESIGN, DOBSON)
        return gradient, f.hessian(START, DOBSON_DESIGN, DOBSON)

    return call


def answer(made: Any) -> Sequence[float]:
    """Return the coefficients, their standard errors and the deviance."""
    f = made(negative_log_likelihood)
    beta = np.zeros(5)
    beta[0] = np.log(np.mean(DOBSON))
    for _ in range(8):
        hessian = f.hessian(beta, DOBSON_DESIGN, DOBSON)
        beta = beta - np.linalg.solve(hessian, f.grad(beta, DOBSON_DESIGN, DOBSON))
    errors = np.sqrt(np.diag(np.linalg.inv(hessian)))
    mu = np.exp(DOBSON_DESIGN @ beta)
    return [*beta, *errors, 2.0 * np.sum(xlogy(DOBSON, DOBSON / mu) - (DOBSON - mu))]


# By JAX.
DERIVATIVE = [
    33.79927783869417,
    27.484735571542576,
    8.251828375757523,
    23.843120399208868,
    -0.5014761345870618,
    1179.6403231179065,
    86405.50846652249,
    40.823632659533274,
]
# In closed form: 63, 40 and 47 had the outcomes, 50 each of the treatments. statsmodels has the same.
ANSWER = [
    np.log(21.0), np.log(40 / 63), np.log(47 / 63), 0.0, 0.0,
    np.sqrt(1 / 63 + 1 / 50 - 1 / 150), np.sqrt(1 / 63 + 1 / 40), np.sqrt(1 / 63 + 1 / 47),
    np.sqrt(2 / 50), np.sqrt(2 / 50),
    2.0 * np.sum(xlogy(DOBSON, DOBSON / np.tile([21.0, 40 / 3, 47 / 3], 3))),
]  # fmt: skip
