"""Continued fractions."""

import math


def lambert_tangent(x: float, terms: int = 12) -> float:
    """Return tan(x) by Lambert's fraction x / (1 - x**2 / (3 - x**2 / (5 - ...)))."""
    value = 2.0 * terms + 1.0
    for odd in range(2 * terms - 1, 0, -2):
        value = odd - x * x / value
    return x / value


def upper_gamma(s: float, x: float) -> float:
    """Return the regularized upper incomplete gamma function, by the method of Lentz."""
    tiny = 1e-300
    b = x + 1.0 - s
    c, d = 1.0 / tiny, 1.0 / b
    value = d
    for i in range(1, 200):
        a = -i * (i - s)
        b += 2.0
        d = a * d + b
        c = b + a / c
        d = 1.0 / (d if abs(d) > tiny else tiny)
        value *= d * c
        if abs(d * c - 1.0) < 1e-15:
            break
    return value * math.exp(-x + s * math.log(x) - math.lgamma(s))


def levy_exponent(x: float, terms: int = 6) -> float:
    """Expand a number into a continued fraction; return the mean logarithm of the remainders."""
    total = 0.0
    for _ in range(terms):
        x = 1.0 / (x - math.floor(x))
        total += math.log(x)
    return total / terms


def periodic(a: float, b: float, terms: int = 60) -> float:
    """Return a + 1 / (b + 1 / (a + 1 / (b + ...)))."""
    value = a
    for i in range(terms):
        value = (b if i % 2 == 0 else a) + 1.0 / value
    return value
