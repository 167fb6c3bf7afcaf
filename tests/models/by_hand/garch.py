"""The recursion day by day, and a step in the complex numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import root

from ..garch import RETURNS, START


def negative_log_likelihood(params: Any) -> Any:
    mu, omega, alpha, beta = params
    errors = RETURNS - mu
    variance, total = np.mean(errors**2), 0.0
    for e in errors:
        total = total + 0.5 * (np.log(2 * np.pi * variance) + e**2 / variance)
        variance = omega + alpha * e**2 + beta * variance
    return total


def gradient(params: Any) -> Any:
    """Return the derivatives: imaginary parts of what imaginary steps lead to, without any cancellation."""
    return np.array([negative_log_likelihood(params + 1e-200j * row).imag / 1e-200 for row in np.eye(4)])


def derivative() -> Any:
    return [negative_log_likelihood(START), *gradient(START)]


def answer() -> Any:
    """Return the value where the derivatives are 0."""
    return [negative_log_likelihood(root(gradient, [-0.04, 0.1, 0.1, 0.7], tol=1e-12).x)]
