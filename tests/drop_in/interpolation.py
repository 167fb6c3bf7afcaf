"""Values between the points of a table."""

import bisect
import itertools
import math


def linear(xs: list[float], ys: list[float], x: float) -> float:
    i = min(max(bisect.bisect_right(xs, x) - 1, 0), len(xs) - 2)
    t = (x - xs[i]) / (xs[i + 1] - xs[i])
    return ys[i] + t * (ys[i + 1] - ys[i])


def natural_spline(xs: list[float], ys: list[float], x: float) -> float:
    n = len(xs)
    h = [b - a for a, b in itertools.pairwise(xs)]
    # Thomas's algorithm for the second derivatives at the inner points
    upper, right = [0.0], [0.0]
    for i in range(1, n - 1):
        slope = (ys[i + 1] - ys[i]) / h[i] - (ys[i] - ys[i - 1]) / h[i - 1]
        pivot = 2.0 * (h[i - 1] + h[i]) - h[i - 1] * upper[i - 1]
        upper.append(h[i] / pivot)
        right.append((6.0 * slope - h[i - 1] * right[i - 1]) / pivot)
    second = [0.0] * n
    for i in range(n - 2, 0, -1):
        second[i] = right[i] - upper[i] * second[i + 1]
    i = next(i for i in range(n - 1) if x <= xs[i + 1])
    left, rest = x - xs[i], xs[i + 1] - x
    return (
        (second[i] * rest**3 + second[i + 1] * left**3) / (6.0 * h[i])
        + (ys[i] / h[i] - second[i] * h[i] / 6.0) * rest
        + (ys[i + 1] / h[i] - second[i + 1] * h[i] / 6.0) * left
    )


def inverse_distance(xs: list[float], ys: list[float], x: float, power: float) -> float:
    weights = [math.pow(math.fabs(x - xi), -power) for xi in xs]
    return math.fsum(w * y for w, y in zip(weights, ys, strict=True)) / math.fsum(weights)
