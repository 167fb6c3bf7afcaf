"""Kepler's equation E - e sin E = M, solved for the eccentric anomaly E in three ways."""

import math


def by_bisection(mean: float, eccentricity: float) -> float:
    low, high = 0.0, math.pi
    while high - low > 1e-12:
        middle = (low + high) / 2.0
        if middle - eccentricity * math.sin(middle) < mean:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def newton_step(guess: float, mean: float, eccentricity: float) -> float:
    residual = guess - eccentricity * math.sin(guess) - mean
    return guess - residual / (1.0 - eccentricity * math.cos(guess))


def by_bisection_and_newton(mean: float, eccentricity: float, steps: int) -> float:
    anomaly = by_bisection(mean, eccentricity)
    for _ in range(steps):
        anomaly = newton_step(anomaly, mean, eccentricity)
    return anomaly


def by_newton(mean: float, eccentricity: float) -> float:
    anomaly = mean
    while True:
        better = newton_step(anomaly, mean, eccentricity)
        if abs(better - anomaly) < 1e-9:
            return better
        anomaly = better


def by_secant(mean: float, eccentricity: float) -> float:
    def residual(anomaly: float) -> float:
        return anomaly - eccentricity * math.sin(anomaly) - mean

    a, b = mean, mean + eccentricity
    while abs(b - a) > 1e-10:
        a, b = b, b - residual(b) * (b - a) / (residual(b) - residual(a))
    return b


def true_anomaly(mean: float, eccentricity: float) -> float:
    half = by_newton(mean, eccentricity) / 2.0
    return 2.0 * math.atan2(
        math.sqrt(1.0 + eccentricity) * math.sin(half), math.sqrt(1.0 - eccentricity) * math.cos(half)
    )
