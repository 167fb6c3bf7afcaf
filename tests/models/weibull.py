"""Weibull regression of lifetimes that may be censored: weeks in remission of leukemia, with a drug or a
placebo.

R's `survreg(Surv(weeks, ended) ~ treated)` is published with the coefficients 2.248 and 1.267, the scale
0.732 and the logarithm of the likelihood -106.6 (for these data, R's MASS has them as `gehan`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.optimize import minimize

import autograd.numpy as np

from .data import ENDED, TREATED, WEEKS

START = {"intercept": 2.0, "treated": 1.0, "log_scale": 0.0}


def negative_log_likelihood(params: Any) -> Any:
    sigma = np.exp(params["log_scale"])
    z = (np.log(WEEKS) - params["intercept"] - params["treated"] * TREATED) / sigma
    return -np.sum(ENDED * (z - np.log(sigma * WEEKS)) - np.exp(z))


def derivative(made: Any) -> Callable[[], Any]:
    f = made(negative_log_likelihood)
    return lambda: f.value_and_grad(START)


def answer(made: Any) -> Sequence[float]:
    f = made(negative_log_likelihood)

    def of_array(x: Any) -> tuple[float, list[float]]:
        value, slopes = f.value_and_grad(dict(zip(START, x.tolist(), strict=True)))
        return value, [slopes[name] for name in START]

    fit = minimize(of_array, list(START.values()), jac=True, method="BFGS", options={"gtol": 1e-9})
    return [-fit.fun, fit.x[0], fit.x[1], np.exp(fit.x[2])]


# By JAX.
DERIVATIVE = [111.50457909312668, -12.504579093126669, 10.067847431315457, -8.873557544063157]
# By JAX and Newton's method.
ANSWER = [-106.5794915815639, 2.2483523590767422, 1.2673345874190762, 0.7321944040839852]
