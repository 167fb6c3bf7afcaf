"""Numerical integrals of a damped oscillation exp(-k x) cos(w x) from a to b."""

import itertools
import math
from collections.abc import Callable


def damped(x: float, k: float, w: float) -> float:
    return math.exp(-k * x) * math.cos(w * x)


def simpson(a: float, b: float, k: float, w: float, n: int = 20) -> float:
    h = (b - a) / n
    total = damped(a, k, w) + damped(b, k, w)
    for i in range(1, n):
        total += (4 if i % 2 else 2) * damped(a + i * h, k, w)
    return total * h / 3


def romberg(a: float, b: float, k: float, w: float, levels: int = 6) -> float:
    h = b - a
    row = [h * (damped(a, k, w) + damped(b, k, w)) / 2]
    for level in range(1, levels):
        h /= 2
        new = sum(damped(a + i * h, k, w) for i in range(1, 2**level, 2))
        improved = [row[0] / 2 + h * new]
        for m, coarse in enumerate(row, start=1):
            improved.append(improved[-1] + (improved[-1] - coarse) / (4**m - 1))
        row = improved
    return row[-1]


def gauss_legendre(a: float, b: float, k: float, w: float, n: int = 7) -> float:
    total = 0.0
    for i in range(1, n + 1):
        x = math.cos(math.pi * (i - 0.25) / (n + 0.5))
        while True:
            p, before = x, 1.0  # Legendre's polynomials of degrees 1 and 0, and on by Bonnet's recursion
            for j in range(2, n + 1):
                p, before = ((2 * j - 1) * x * p - (j - 1) * before) / j, p
            slope = n * (x * p - before) / (x * x - 1.0)
            step = p / slope
            x -= step
            if abs(step) < 1e-15:
                break
        weight = 2.0 / ((1.0 - x * x) * slope * slope)
        total += weight * damped((a + b) / 2 + x * (b - a) / 2, k, w)
    return total * (b - a) / 2


def adaptive(a: float, b: float, k: float, w: float, tolerance: float = 1e-8) -> float:
    def f(x: float) -> float:
        return damped(x, k, w)

    def panel(a: float, b: float) -> float:
        return (b - a) / 6 * (f(a) + 4 * f((a + b) / 2) + f(b))

    def halved(a: float, b: float, whole: float, tolerance: float) -> float:
        middle = (a + b) / 2
        left, right = panel(a, middle), panel(middle, b)
        error = left + right - whole
        if abs(error) < 15 * tolerance:
            return left + right + error / 15
        return halved(a, middle, left, tolerance / 2) + halved(middle, b, right, tolerance / 2)

    return halved(a, b, panel(a, b), tolerance)


def arc_length(f: Callable[[float], float], a: float, b: float, n: int) -> float:
    points = [(a + (b - a) * i / n, f(a + (b - a) * i / n)) for i in range(n + 1)]
    return math.fsum(math.dist(p, q) for p, q in itertools.pairwise(points))


def length_of_sine(a: float, b: float, height: float, n: int = 40) -> float:
    return arc_length(lambda x: height * math.sin(x), a, b, n)
