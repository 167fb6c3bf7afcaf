"""Polynomials: evaluated, interpolated, summed as series."""

import math


def horner(coefficients: list[float], x: float) -> float:
    result = 0.0
    for c in coefficients:
        result = result * x + c
    return result


def chebyshev_coefficients(rate: float, n: int) -> list[float]:
    """Return those of the interpolation of exp(rate * x) on [-1, 1]."""
    nodes = [math.pi * (k + 0.5) / n for k in range(n)]
    return [
        2.0 / n * math.fsum(math.exp(rate * math.cos(t)) * math.cos(j * t) for t in nodes) for j in range(n)
    ]


def clenshaw(rate: float, x: float, n: int = 14) -> float:
    c = chebyshev_coefficients(rate, n)
    a = b = 0.0
    for j in range(n - 1, 0, -1):
        a, b = 2.0 * x * a - b + c[j], a
    return x * a - b + c[0] / 2.0


def lagrange(xs: list[float], ys: list[float], x: float) -> float:
    total = 0.0
    for i, xi in enumerate(xs):
        others = [xj for j, xj in enumerate(xs) if j != i]
        total += ys[i] * math.prod((x - xj) / (xi - xj) for xj in others)
    return total


def divided_differences(xs: list[float], ys: list[float], x: float) -> float:
    table = list(ys)
    for level in range(1, len(xs)):
        for i in range(len(xs) - 1, level - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (xs[i] - xs[i - level])
    value = table[-1]
    for i in reversed(range(len(xs) - 1)):
        value = value * (x - xs[i]) + table[i]
    return value


def bernstein(points: list[float], t: float) -> float:
    n = len(points) - 1
    return sum(math.comb(n, i) * t**i * (1.0 - t) ** (n - i) * p for i, p in enumerate(points))
