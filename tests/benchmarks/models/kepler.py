"""Kepler's equation M = E - e sin E, solved for E by Newton's method: as many turns as it takes."""

from __future__ import annotations

from typing import Any

from ..works import summary

NEAR = 1e-12


def orbits(size: int) -> Any:
    """Return mean anomalies and eccentricities, a row each."""
    import numpy as np

    low, high = np.array([[0.1, 0.0], [6.2, 0.8]])
    return np.ascontiguousarray(np.random.default_rng(9).uniform(low, high, (size, 2)).T)


def anomaly(mean: Any, eccentricity: Any, math: Any) -> Any:
    """Return the eccentric anomaly E."""
    angle = mean + eccentricity * math.sin(mean)
    while True:
        step = (angle - eccentricity * math.sin(angle) - mean) / (1.0 - eccentricity * math.cos(angle))
        angle = angle - step
        if abs(step) < NEAR:
            return angle


def expected(size: int) -> list[float]:
    """Return what tells E and its derivatives, by M and by e, which the implicit function theorem gives."""
    import numpy as np

    mean, eccentricity = orbits(size)
    angle = mean + eccentricity * np.sin(mean)
    for _ in range(50):
        angle -= (angle - eccentricity * np.sin(angle) - mean) / (1.0 - eccentricity * np.cos(angle))
    slope = 1.0 / (1.0 - eccentricity * np.cos(angle))
    return summary(angle, np.stack([slope, np.sin(angle) * slope], axis=1))
