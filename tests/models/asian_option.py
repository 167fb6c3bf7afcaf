"""An Asian option by simulated paths: the price of a call on the mean, and its delta, vega and rho.

Glasserman, "Monte Carlo Methods in Financial Engineering", 2004, section 7.2: derivatives along the paths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import autograd.numpy as np

PATHS, DATES, YEARS = 150, 12, 1.0
NORMALS = np.random.default_rng(5).standard_normal((PATHS, DATES))
START = np.array([100.0, 0.2, 0.05])  # spot, volatility, rate


def price(params: Any, normals: Any, strike: float = 100.0) -> Any:
    spot, sigma, rate = params
    dt = YEARS / DATES
    steps = (rate - 0.5 * sigma**2) * dt + sigma * np.sqrt(dt) * normals
    paths = spot * np.exp(np.cumsum(steps, axis=1))
    payoff = np.maximum(np.mean(paths, axis=1) - strike, 0.0)
    return np.exp(-rate * YEARS) * np.mean(payoff)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(price)
    return lambda: f.value_and_grad(START, NORMALS)


# By JAX.
DERIVATIVE = [6.659947219611915, 0.6373371268965478, 24.855304530328926, 28.733732331007058]
