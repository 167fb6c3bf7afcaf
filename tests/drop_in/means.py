"""Gauss's arithmetic-geometric mean, and what follows from it."""

import math


def arithmetic_geometric(a: float, b: float) -> float:
    while abs(a - b) > 1e-12 * abs(a):
        a, b = (a + b) / 2.0, math.sqrt(a * b)
    return (a + b) / 2.0


def pendulum_period(length: float, amplitude: float) -> float:
    """Return the exact period of a pendulum that swings out by an angle in degrees."""
    mean = arithmetic_geometric(1.0, math.cos(math.radians(amplitude) / 2.0))
    return 2.0 * math.pi * math.sqrt(length / 9.81) / mean


def ellipse_circumference(a: float, b: float) -> float:
    x, y = max(a, b), min(a, b)
    excess, factor = (x * x - y * y) / 2.0, 0.5
    while abs(x - y) > 1e-12:
        factor *= 2.0
        x, y, gap = (x + y) / 2.0, math.sqrt(x * y), (x - y) / 2.0
        excess += factor * gap * gap
    return 2.0 * math.pi * (max(a, b) ** 2 - excess) / x


def logarithmic(a: float, b: float) -> float:
    return a if math.isclose(a, b) else (b - a) / math.log(b / a)
