"""An Asian option by simulated paths: the price of a call on the mean, and its delta, vega and rho.

Glasserman, "Monte Carlo Methods in Financial Engineering", 2004, section 7.2: derivatives along the paths.
The geometric mean, whose price Kemna and Vorst know (Journal of Banking and Finance 14, 1990), takes most of
the chance out of them (section 4.1.1).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from scipy.special import ndtr

import autograd.numpy as np

from .telling import told

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


def controlled(params: Any, normals: Any, strike: float = 100.0) -> Any:
    """Return the price with what the geometric mean makes too much on these paths taken off."""
    spot, sigma, rate = params
    dt = YEARS / DATES
    logarithms = np.log(spot) + np.cumsum(
        (rate - 0.5 * sigma**2) * dt + sigma * np.sqrt(dt) * normals, axis=1
    )
    payoff = np.maximum(np.exp(np.mean(logarithms, axis=1)) - strike, 0.0)
    known = geometric(spot, sigma, rate, strike)
    return price(params, normals, strike) + known - np.exp(-rate * YEARS) * np.mean(payoff)


def geometric(spot: Any, sigma: Any, rate: Any, strike: float) -> Any:
    """Return the price of the call on the geometric mean: its logarithm is normal."""
    mean = np.log(spot) + (rate - 0.5 * sigma**2) * YEARS * (DATES + 1) / (2 * DATES)
    deviation = sigma * np.sqrt(YEARS * (DATES + 1) * (2 * DATES + 1) / (6 * DATES**2))
    d2 = (mean - np.log(strike)) / deviation
    discount = np.exp(-rate * YEARS)
    return discount * (np.exp(mean + deviation**2 / 2) * ndtr(d2 + deviation) - strike * ndtr(d2))


def derivative(made: Any) -> Callable[[], Any]:
    f = made(price)
    return lambda: f.value_and_grad(START, NORMALS)


def answer(made: Any) -> Sequence[float]:
    """Return the price and its derivatives with little chance in them."""
    return told(made(controlled).value_and_grad(START, NORMALS))


# By JAX, and by hand.
DERIVATIVE = [6.659947219611915, 0.6373371268965478, 24.855304530328926, 28.733732331007058]
# By hand: along the paths, and by the closed form.
ANSWER = [6.165083985651271, 0.6064163744869276, 22.844171099592998, 27.55372147611328]
