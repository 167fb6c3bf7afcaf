"""Models with their gradients written by hand in Python, compiled by numba."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...models import garch, kepler
from ...works import Task, flat, summary
from ..numba import njit, versions
from .first import task


def garch_by_hand(parameters: Any, returns: Any) -> Any:
    omega, alpha, beta = parameters
    left = 1.0 - alpha - beta
    n = len(returns)
    variances = np.empty(n)
    variance, total = omega / left, 0.0
    for i in range(n):
        variances[i] = variance
        total += math.log(variance) + returns[i] * returns[i] / variance
        variance = omega + alpha * returns[i] * returns[i] + beta * variance
    adjoint, slope = 0.0, np.zeros(3)
    for i in range(n - 1, -1, -1):
        square, inverse = returns[i] * returns[i], 1.0 / variances[i]
        slope[0] += adjoint
        slope[1] += adjoint * square
        slope[2] += adjoint * variances[i]
        adjoint = 0.5 * inverse * (1.0 - square * inverse) + beta * adjoint
    slope[0] += adjoint / left
    slope[1] += adjoint * omega / left**2
    slope[2] += adjoint * omega / left**2
    return 0.5 * total, slope


def garch_gradient(size: int, option: str) -> Task:
    returns, parameters = garch.simulated(size), np.array(garch.PARAMETERS)

    def start() -> Callable[[], Any]:
        run = njit(garch_by_hand)
        return lambda: run(parameters, returns)

    return task(start, flat)


def garch_fit(size: int, option: str) -> Task:
    returns = garch.simulated(size)

    def start() -> Callable[[], Any]:
        run = njit(garch_by_hand)
        return lambda: garch.fitted(lambda p: run(np.array(p), returns), size)

    return task(start, flat, name="")


def kepler_by_hand(orbits: Any, near: float) -> Any:
    n = orbits.shape[1]
    values, slopes = np.empty(n), np.empty((n, 2))
    for p in range(n):
        mean, eccentricity = orbits[0, p], orbits[1, p]
        angle = mean + eccentricity * math.sin(mean)
        while True:
            step = (angle - eccentricity * math.sin(angle) - mean) / (1.0 - eccentricity * math.cos(angle))
            angle -= step
            if abs(step) < near:
                break
        values[p] = angle
        slopes[p, 0] = 1.0 / (1.0 - eccentricity * math.cos(angle))
        slopes[p, 1] = math.sin(angle) * slopes[p, 0]
    return values, slopes


def newton(size: int, option: str) -> Task:
    orbits = kepler.orbits(size)

    def start() -> Callable[[], Any]:
        run = njit(kepler_by_hand)
        return lambda: run(orbits, kepler.NEAR)

    return task(start, lambda found: summary(*found))


WORKS: dict[str, Callable[[int, str], Task]] = {
    "garch": garch_gradient,
    "garch fit": garch_fit,
    "long garch": garch_gradient,
    "newton": newton,
}

__all__ = ["WORKS", "versions"]
