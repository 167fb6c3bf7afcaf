"""Kepler's equation and implied volatilities: derivatives of what a solver finds.

By the implicit function theorem both are known: d E / d M = 1 / (1 - e cos E), d E / d e = sin E / (1 - e
cos E), and the derivative of a volatility by the price is the inverse of vega.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from scipy.special import ndtr

import autograd.numpy as np
from autograd import implicit

from .telling import told

ORBITS = np.array([[0.5, 0.1], [1.0, 0.5], [2.5, 0.9], [0.05, 0.99]])  # mean anomaly, eccentricity
OPTIONS = np.array([[10.0, 100.0], [6.0, 110.0], [18.0, 90.0]])  # price, strike
SPOT, RATE, YEARS = 100.0, 0.03, 0.75


def kepler(anomaly: Any, mean: Any, eccentricity: Any) -> Any:
    return anomaly - eccentricity * np.sin(anomaly) - mean


def black_scholes(sigma: Any, strike: Any) -> Any:
    d1 = (np.log(SPOT / strike) + (RATE + sigma**2 / 2) * YEARS) / (sigma * np.sqrt(YEARS))
    d2 = d1 - sigma * np.sqrt(YEARS)
    return SPOT * ndtr(d1) - strike * np.exp(-RATE * YEARS) * ndtr(d2)


def overpriced(sigma: Any, price: Any, strike: Any) -> Any:
    return black_scholes(sigma, strike) - price


def solved(orbits: Any, options: Any) -> Any:
    """Return the eccentric anomalies and the implied volatilities."""
    anomalies = [implicit.root(kepler, np.pi, mean, e) for mean, e in orbits]
    sigmas = [implicit.brentq(overpriced, 1e-3, 5.0, price, strike) for price, strike in options]
    return np.array(anomalies + sigmas)


def derivative(made: Any) -> Callable[[], Any]:
    f = made(lambda orbits, options: np.sum(solved(orbits, options)), (0, 1))
    return lambda: f.value_and_grad(ORBITS, OPTIONS)


def answer(made: Any) -> Sequence[float]:
    return [float(x) for x in solved(ORBITS, OPTIONS)]


def by_the_theorem(solutions: Sequence[float]) -> list[float]:
    """Return the sum of the solutions and its derivatives by orbits and options, from the solutions."""
    found = [math.fsum(solutions)]
    for anomaly, (_, e) in zip(solutions, ORBITS.tolist(), strict=False):
        found += [1.0 / (1.0 - e * math.cos(anomaly)), math.sin(anomaly) / (1.0 - e * math.cos(anomaly))]
    for sigma, (_, strike) in zip(solutions[len(ORBITS) :], OPTIONS.tolist(), strict=True):
        root = sigma * math.sqrt(YEARS)
        d1 = (math.log(SPOT / strike) + (RATE + sigma**2 / 2) * YEARS) / root
        vega = SPOT * math.exp(-(d1**2) / 2) / math.sqrt(2 * math.pi) * math.sqrt(YEARS)
        by_strike = -math.exp(-RATE * YEARS) * 0.5 * math.erfc((root - d1) / math.sqrt(2))
        found += [1.0 / vega, -by_strike / vega]
    return found


# By mpmath.
ANSWER = [
    0.5524799869065703, 1.4987011335178484, 2.8008058643031317, 0.6458914569504115, 0.2593884320242474,
    0.25982405199871184, 0.3394686722445666,
]  # fmt: skip

# CasADi, which differentiates its Newton's method so, has the same.
DERIVATIVE = told(by_the_theorem(ANSWER))
