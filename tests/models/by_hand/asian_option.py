"""Derivatives along the paths, as Glasserman has them, and the geometric mean's price with its own.

The exact price, without any path, is a recursion of densities: the sum of all prices is S e^X1 (1 + e^X2 (1 +
...)), so the logarithm of what is in the last parentheses is looked at first (Carverhill and Clewlow, Risk 3,
1990). The trapezoidal rule is as good as exact for such integrals.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import ndtr

from ..asian_option import DATES, NORMALS, START, YEARS

STRIKE = 100.0
SPOT, SIGMA, RATE = START.tolist()
TIMES = YEARS * np.arange(1, DATES + 1) / DATES
DISCOUNT = np.exp(-RATE * YEARS)


def paths() -> Any:
    """Return the prices at all dates, and their derivatives by spot, volatility and rate."""
    walk = np.sqrt(YEARS / DATES) * np.cumsum(NORMALS, axis=1)
    prices = SPOT * np.exp((RATE - SIGMA**2 / 2) * TIMES + SIGMA * walk)
    return prices, [prices / SPOT, prices * (walk - SIGMA * TIMES), prices * TIMES]


def arithmetic() -> Any:
    """Return what each path gives for the price, and for its three derivatives."""
    prices, slopes = paths()
    paid = prices.mean(axis=1) > STRIKE
    value = DISCOUNT * paid * (prices.mean(axis=1) - STRIKE)
    by = [DISCOUNT * paid * slope.mean(axis=1) for slope in slopes]
    return np.array([value, by[0], by[1], by[2] - YEARS * value])


def geometric() -> Any:
    """Return the same for the geometric mean, whose logarithm's derivative is the mean of the logarithms'."""
    prices, slopes = paths()
    mean = np.prod(prices, axis=1) ** (1 / DATES)
    paid = mean > STRIKE
    value = DISCOUNT * paid * (mean - STRIKE)
    by = [DISCOUNT * paid * mean * (slope / prices).mean(axis=1) for slope in slopes]
    return np.array([value, by[0], by[1], by[2] - YEARS * value])


def geometric_in_closed_form() -> Any:
    """Return the price that Kemna and Vorst give, and its derivatives."""
    when, spread = TIMES.mean(), np.minimum.outer(TIMES, TIMES).mean()
    forward, root = SPOT * np.exp((RATE - SIGMA**2 / 2) * when + SIGMA**2 * spread / 2), np.sqrt(spread)
    d = np.log(forward / STRIKE) / (SIGMA * root) + SIGMA * root / 2
    chance, density = ndtr(d), np.exp(-(d**2) / 2) / np.sqrt(2 * np.pi)
    value = DISCOUNT * (forward * chance - STRIKE * ndtr(d - SIGMA * root))
    by_sigma = DISCOUNT * forward * (chance * SIGMA * (spread - when) + density * root)
    by_rate = DISCOUNT * forward * chance * when - YEARS * value
    return np.array([value, DISCOUNT * forward / SPOT * chance, by_sigma, by_rate])


def derivative() -> Any:
    return arithmetic().mean(axis=1)


def answer() -> Any:
    return (arithmetic() - geometric()).mean(axis=1) + geometric_in_closed_form()


def exact(spot: float, sigma: float, rate: float) -> float:
    """Return the price by densities."""
    dt = YEARS / DATES
    mean, spread = (rate - sigma**2 / 2) * dt, sigma * np.sqrt(dt)
    grid = np.linspace(-1.5, 4.5, 601)

    def density(x: Any) -> Any:
        return np.exp(-(((x - mean) / spread) ** 2) / 2) / (spread * np.sqrt(2 * np.pi))

    p, turn = density(grid), density(grid[:, None] - np.logaddexp(0.0, grid)) * (grid[1] - grid[0])
    for _ in range(DATES - 2):
        p = turn @ p
    forward = spot / DATES * (1.0 + np.exp(grid)) * np.exp(rate * dt)
    d = (np.log(forward / STRIKE) + spread**2 / 2) / spread
    paid = forward * ndtr(d) - STRIKE * ndtr(d - spread)
    return float(np.exp(-rate * YEARS) * np.sum(paid * p) * (grid[1] - grid[0]))
