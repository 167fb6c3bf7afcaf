"""GARCH(1, 1): the likelihood of returns whose variance depends on that of the day before.

Bollerslev, "Generalized autoregressive conditional heteroskedasticity", Journal of Econometrics 31, 1986.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..works import flat
from . import complex_step

PARAMETERS = [0.06, 0.12, 0.82]  # omega, alpha, beta
EVALUATIONS = 16  # of a fit
RATES = (0.01, 0.002, 0.002)


def simulated(size: int) -> Any:
    """Return that many returns, an array."""
    import numpy as np

    shocks = np.random.default_rng(7).standard_normal(size)
    variance, found = 1.0, np.empty(size)
    for i, shock in enumerate(shocks.tolist()):
        found[i] = shock * variance**0.5
        variance = 0.05 + 0.1 * float(found[i]) ** 2 + 0.85 * variance
    return found


def loss(parameters: Sequence[Any], returns: Any, log: Callable[[Any], Any]) -> Any:
    """Return the negative logarithm of the likelihood, without what is the same for all parameters."""
    omega, alpha, beta = parameters
    variance = omega / (1.0 - alpha - beta)
    total = 0.0
    for x in returns:
        total = total + log(variance) + x * x / variance
        variance = omega + alpha * x * x + beta * variance
    return 0.5 * total


def fitted(value_and_gradient: Callable[[Any], tuple[Any, Any]], size: int) -> tuple[Any, list[float]]:
    """Return the loss at the last of 16 points, each a step down from the one before, and its gradient."""
    parameters = list(PARAMETERS)
    for _ in range(EVALUATIONS):
        value, slope = value_and_gradient(parameters)
        parameters = [p - rate * float(s) / size for p, rate, s in zip(parameters, RATES, slope, strict=True)]
    return value, slope


def expected(size: int) -> list[float]:
    returns = simulated(size).tolist()
    return flat(
        complex_step.value_and_gradient(lambda p: loss(p, returns, complex_step.math.log), PARAMETERS)
    )


def expected_of_fit(size: int) -> list[float]:
    returns = simulated(size).tolist()
    return flat(
        fitted(
            lambda x: complex_step.value_and_gradient(lambda p: loss(p, returns, complex_step.math.log), x),
            size,
        )
    )
