"""The gamma function by the approximation of Lanczos (g = 7, nine coefficients of Godfrey)."""

import math

COEFFICIENTS = [
    0.99999999999980993,
    676.5203681218851,
    -1259.1392167224028,
    771.32342877765313,
    -176.61502916214059,
    12.507343278686905,
    -0.13857109526572012,
    9.9843695780195716e-6,
    1.5056327351493116e-7,
]


def gamma(x: float) -> float:
    if x < 0.5:
        return math.pi / (math.sin(math.pi * x) * gamma(1.0 - x))
    x -= 1.0
    series = COEFFICIENTS[0]
    for i, c in enumerate(COEFFICIENTS[1:], start=1):
        series += c / (x + i)
    t = x + 7.5
    return math.sqrt(2.0 * math.pi) * math.pow(t, x + 0.5) * math.exp(-t) * series


def beta(a: float, b: float) -> float:
    return gamma(a) * gamma(b) / gamma(a + b)


def stirling(x: float) -> float:
    """Return the logarithm of the gamma function, by recursion and Stirling's series."""
    if x < 8.0:
        return stirling(x + 1.0) - math.log(x)
    inverse = 1.0 / (x * x)
    series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / x
    return (x - 0.5) * math.log(x) - x + 0.5 * math.log(2.0 * math.pi) + series
