"""A Gaussian process: the likelihood of noisy points by a Cholesky factor, and its largest value by the
parameters.

Rasmussen and Williams, "Gaussian Processes for Machine Learning", 2006, algorithm 2.1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize

import autograd.numpy as np
from autograd.scipy.linalg import solve_triangular

from .data import noisy_wave

X, Y = noisy_wave()
START = np.log(np.array([1.0, 0.3, 0.2]))  # logarithms of height, length and noise


def kernel(params: Any, x1: Any, x2: Any) -> Any:
    height, length = np.exp(params[0]), np.exp(params[1])
    return height**2 * np.exp(-0.5 * ((x1[:, None] - x2[None, :]) / length) ** 2)


def negative_log_likelihood(params: Any, x: Any, y: Any) -> Any:
    noise = np.exp(params[2])
    k = kernel(params, x, x) + noise**2 * np.eye(len(x))
    factor = np.linalg.cholesky(k)
    white = solve_triangular(factor, y, lower=True)
    return 0.5 * white @ white + np.sum(np.log(np.diag(factor))) + 0.5 * len(x) * np.log(2 * np.pi)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START, X, Y)


def answer(made: Any) -> Sequence[float]:
    f = made(negative_log_likelihood)
    fit = minimize(f.value_and_grad, START, (X, Y), jac=True, method="BFGS", options={"gtol": 1e-8})
    return [fit.fun]


# By scikit-learn's `log_marginal_likelihood(..., eval_gradient=True)`, and JAX.
DERIVATIVE = [-2.370760295911893, 0.5091807251865461, 2.118433748475922, 13.250223347583256]
# By scikit-learn.
ANSWER = [-6.87048201522369]
