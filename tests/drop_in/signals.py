"""Signals and matrices."""

import math


def goertzel(samples: list[float], frequency: float) -> float:
    """Return the power of a signal at a frequency, in cycles a sample."""
    coefficient = 2.0 * math.cos(math.tau * frequency)
    before = last = 0.0
    for x in samples:
        before, last = last, x + coefficient * last - before
    return last * last + before * before - coefficient * last * before


def cholesky_log_determinant(xs: list[float], scale: float, noise: float) -> float:
    """Return the logarithm of the determinant of a matrix of covariances exp(-(x - y)**2 / (2 scale**2))."""
    n = len(xs)
    lower = [[0.0] * n for _ in range(n)]
    for i in range(n):
        for j in range(i + 1):
            covariance = math.exp(-((xs[i] - xs[j]) ** 2) / (2.0 * scale**2)) + (noise if i == j else 0.0)
            rest = covariance - math.fsum(lower[i][k] * lower[j][k] for k in range(j))
            lower[i][j] = math.sqrt(rest) if i == j else rest / lower[j][j]
    return 2.0 * sum(math.log(lower[i][i]) for i in range(n))


def largest_eigenvalue(a: float, b: float, c: float, steps: int = 60) -> float:
    """Return that of the symmetric matrix [[a, b], [b, c]], by the power method."""
    x, y = 1.0, 0.5
    for _ in range(steps):
        x, y = a * x + b * y, b * x + c * y
        length = math.hypot(x, y)
        x, y = x / length, y / length
    return x * (a * x + b * y) + y * (b * x + c * y)
