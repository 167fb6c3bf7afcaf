"""The logarithm of the gamma function with all its digits, and the incomplete gamma functions, on floats.

They never raise: outside of a domain they are NaN, at its ends the limit. See `normal` for how they are
written.
"""

from __future__ import annotations

import math

inf = math.inf
nan = math.nan

# (zeta(k) - 1) / k with alternating signs, k = 2, 3, ..., the series of log(gamma(2 + z)) (DLMF 5.7.3)
LOG_GAMMA_AT_2 = (
    0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
    0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
    9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
    4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
    2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
    1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
    5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
    3.1044247747322276e-11, -1.5021384080754142e-11,
)  # fmt: skip

# Nodes and weights of Gauss and Legendre on [-1, 1], the positive ones of 16
NODES = (
    0.09501250983763744, 0.2816035507792589, 0.45801677765722737, 0.6178762444026438,
    0.755404408355003, 0.8656312023878318, 0.9445750230732326, 0.9894009349916499,
)  # fmt: skip
WEIGHTS = (
    0.1894506104550685, 0.18260341504492358, 0.16915651939500254, 0.14959598881657674,
    0.12462897125553388, 0.09515851168249279, 0.062253523938647894, 0.027152459411754096,
)  # fmt: skip

LARGE = 2000.0
"""From which parameter on the incomplete gamma functions are integrated, for their series are long."""


def gammaln(x: float) -> float:
    """Return log(abs(gamma(x))), by its Taylor series where it is near 0."""
    if x <= 0.0:
        return inf if x == -inf or x == math.floor(x) else math.lgamma(x)
    if x > 2.5e305:
        return inf
    if 0.5 <= x <= 1.5:
        return _log_gamma_of_2_and(x - 1.0) - math.log1p(x - 1.0)
    if 1.5 < x < 2.5:
        return _log_gamma_of_2_and(x - 2.0)
    return math.lgamma(x)


def _log_gamma_of_2_and(z: float) -> float:
    series = 0.0
    for k in range(29, -1, -1):
        series = LOG_GAMMA_AT_2[k] + z * series
    return z * (0.42278433509846714 + z * series)


def log1pmx(x: float) -> float:
    """Return log(1 + x) - x."""
    if not -0.5 < x < 0.7:
        return math.log1p(x) - x if x > -1.0 else -inf
    ratio = x / (2.0 + x)
    square = ratio * ratio
    series = 0.0
    for k in range(37, 1, -2):
        series = 1.0 / k + square * series
    return ratio * (2.0 * square * series - x)


# B(2k) / (2k (2k - 1)), the coefficients of Stirling's series (DLMF 5.11.1)
STIRLING = (
    1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400, 43867 / 244188,
    -174611 / 125400,
)  # fmt: skip


def stirling(n: float, x: float) -> float:
    """Return the n-th derivative of log(gamma(x)) - (x - 1/2) log(x) + x - log(2 pi) / 2.

    It is known for x >= 12 + 2 n.
    """
    if not 0.0 <= n <= 12.0 or n != math.floor(n) or not x >= 12.0 + 2.0 * n:
        return nan
    total = 0.0
    for k in range(9, -1, -1):
        term = STIRLING[k]
        for j in range(int(n)):
            term *= -(2.0 * k + 1.0 + j) / x
        total = total / x / x + term
    return total / x


def _main_factor(a: float, x: float) -> float:
    """Return x**a exp(-x) / gamma(a + 1) for 0 < x < inf."""
    distance = (x - a) / a
    near = -0.5 < distance < 0.7
    if a < 15.0 or (a < 140.0 and not near):
        if x <= 600.0 and abs(a * math.log(x)) < 600.0:  # no factor is out of range
            return math.pow(x, a) * math.exp(-x) / math.gamma(a + 1.0)
        return math.exp(a * math.log(x) - x - math.lgamma(a + 1.0))
    main = a * log1pmx(distance) if near else a * (math.log(x) - math.log(a)) + (a - x)
    return math.exp(main - stirling(0.0, a)) / math.sqrt(6.283185307179586 * a)


def gammainc_slope(a: float, x: float) -> float:
    """Return x**(a - 1) exp(-x) / gamma(a), the derivative of gammainc by x; for a = 0 it is 0.

    For a < 0 it is there for x = 0 alone: the slopes of those for a < 1 are made of these.
    """
    if x == 0.0 and -inf < a < 0.0:
        half = 0.5 * math.floor(a)
        return 0.0 if 2.0 * half == a else inf if half == math.floor(half) else -inf
    if not (a >= 0.0 and x >= 0.0) or a == inf:
        return nan
    if a == 0.0 or x == inf:
        return 0.0
    if x == 0.0:
        return 0.0 if a > 1.0 else 1.0 if a == 1.0 else inf
    return _main_factor(a, x) * (a / x)


def gammainc(a: float, x: float) -> float:
    """Return the integral of the density of the gamma distribution from 0 to x."""
    if not (a >= 0.0 and x >= 0.0) or (a == 0.0 and x == 0.0) or (a == inf and x == inf):
        return nan
    if x == 0.0 or a == inf:
        return 0.0
    if a == 0.0 or x == inf:
        return 1.0
    if _is_lower(a, x):
        return _lower(a, x)
    return 1.0 - _upper(a, x)


def gammaincc(a: float, x: float) -> float:
    """Return the integral of the density of the gamma distribution from x on."""
    if not (a >= 0.0 and x >= 0.0) or (a == 0.0 and x == 0.0) or (a == inf and x == inf):
        return nan
    if x == 0.0 or a == inf:
        return 1.0
    if a == 0.0 or x == inf:
        return 0.0
    if _is_lower(a, x):
        return 1.0 - _lower(a, x)
    return _upper(a, x)


def _is_lower(a: float, x: float) -> bool:
    """Say whether the lower integral is the one that is computed, and is not much larger than the upper
    one.
    """
    if x > 1.1:
        return x < a
    if x > 0.5:
        return 1.1 * x < a
    return a > -0.4 / math.log(x)


def _lower(a: float, x: float) -> float:
    """Return the lower integral by its series (DLMF 8.7.1)."""
    factor = _main_factor(a, x)
    if factor == 0.0:
        return 0.0
    if a > LARGE:
        return factor * _integral(a, x, -1.0)
    total, term, k = 1.0, 1.0, 1.0
    while term > 1e-17 * total:
        term *= x / (a + k)
        total += term
        k += 1.0
    return factor * total


def _upper(a: float, x: float) -> float:
    """Return the upper integral: by a series for small x (DLMF 8.7.1 and 8.2.4), else by a continued
    fraction.
    """
    if x <= 1.1:
        logarithm = a * math.log(x) - gammaln_of_1_and(a)
        total, term, k = 0.0, 1.0, 1.0
        while abs(term) > 1e-18 * abs(total):
            term *= -x / k
            total += term / (a + k)
            k += 1.0
        return -math.expm1(logarithm) - math.exp(logarithm) * a * total
    factor = _main_factor(a, x)
    if factor == 0.0:
        return 0.0
    return factor * (_integral(a, x, 1.0) if a > LARGE else a * _continued_fraction(a, x))


def gammaln_of_1_and(a: float) -> float:
    """Return log(gamma(1 + a)) for a >= 0, exact for small a too."""
    if a <= 0.5:
        return _log_gamma_of_2_and(a) - math.log1p(a)
    return gammaln(1.0 + a)


def _continued_fraction(a: float, x: float) -> float:
    """Return 1/(x + 1 - a - (1 - a)/(x + 3 - a - 2 (2 - a)/(x + 5 - a - ...))) (DLMF 8.9.2) by Lentz's
    method.
    """
    b = x + 1.0 - a
    c = 1e300
    d = 1.0 / b
    result, change, k = d, 0.0, 1.0
    while abs(change - 1.0) > 1e-16 and k < 20000.0:
        factor = k * (a - k)
        b += 2.0
        d = 1.0 / (factor * d + b)
        c = b + factor / c
        change = c * d
        result *= change
        k += 1.0
    return result


def _integral(a: float, x: float, side: float) -> float:
    """Return a times the integral over v > 0 of exp((a - 1) log(1 + s v) - s x v), s the side, 1 or -1.

    The integrand falls from 1 to exp(-50) at `end` at the latest; four rules of Gauss and Legendre follow it.
    """
    slope = side * (x - a + 1.0)
    end = 1.4 * (math.sqrt(slope * slope + 100.0 * a) - slope) / a
    total = 0.0
    for panel in range(4):
        for k in range(8):
            for way in range(-1, 2, 2):
                v = 0.125 * end * (2.0 * panel + 1.0 + way * NODES[k])
                total += WEIGHTS[k] * math.exp((a - 1.0) * log1pmx(side * v) - slope * v)
    return 0.125 * end * a * total


def gammainc_by_shape(a: float, x: float) -> float:
    """Return the derivative of gammainc by a, with all its digits where gammainc is near 1, too."""
    if not (a >= 0.0 and x >= 0.0) or (a == 0.0 and x == 0.0) or (a == inf and x == inf):
        return nan
    if x == 0.0 or a == inf or x == inf:
        return 0.0
    main = _main_factor(a, x) if a > 0.0 else math.exp(-x)
    if main == 0.0:
        return 0.0
    if x <= 1.1 or (x < a and a <= LARGE):
        return main * _series_by_shape(a, x)
    weight = a * _log_minus_digamma(a, x) if a >= 1.0 else 1.0 + a * _log_minus_digamma(a + 1.0, x)
    side = 1.0 if x >= a else -1.0
    return -side * main * _integral_by_shape(a, x, side, weight)


def _log_minus_digamma(a: float, x: float) -> float:
    """Return log(x) - digamma(a) for a > 0, by DLMF 5.5.2 and 5.11.2."""
    rest = 0.0
    while a < 14.0:
        rest += 1.0 / a
        a += 1.0
    distance = (x - a) / a
    logarithm = math.log1p(distance) if -0.5 < distance < 1.0 else math.log(x) - math.log(a)
    return rest + (logarithm + (0.5 / a - stirling(1.0, a)))


def _series_by_shape(a: float, x: float) -> float:
    """Return the derivative by a over the main factor: that of each term of the series (DLMF 8.7.1)."""
    total, slopes, term, harmonic, k = 1.0, 0.0, 1.0, 0.0, 1.0
    while term * (1.0 + harmonic) > 1e-18 * total:
        term *= x / (a + k)
        harmonic += 1.0 / (a + k)
        total += term
        slopes += term * harmonic
        k += 1.0
    return _log_minus_digamma(a + 1.0, x) * total - slopes


def _integral_by_shape(a: float, x: float, side: float, weight: float) -> float:
    """Return the integral over s > 0 of (weight + side a s) exp(side a s - x (exp(side s) - 1)).

    The side is 1 or -1. That of the first part times the main factor is a part of 1, from x on or to x (DLMF
    8.6.4 and 8.6.1, for exp(side s)). The exponent falls from 0 to -50 at `end` at the latest.
    """
    slope = side * (x - a)
    end = (math.sqrt(slope * slope + 100.0 * x) - slope) / x
    if side < 0.0:
        end *= 1.3
    else:
        for _ in range(4):
            end = math.log1p((50.0 + a * end) / x)
    total = 0.0
    for panel in range(4):
        for k in range(8):
            for way in range(-1, 2, 2):
                s = 0.125 * end * (2.0 * panel + 1.0 + way * NODES[k])
                exponent = -slope * s - x * _expm1_minus(side * s)
                total += WEIGHTS[k] * (weight + side * a * s) * math.exp(exponent)
    return 0.125 * end * total


def _expm1_minus(s: float) -> float:
    """Return exp(s) - 1 - s."""
    if abs(s) > 0.5:
        return math.expm1(s) - s
    series = 0.0
    for k in range(17, 2, -1):
        series = s / k * (1.0 + series)
    return 0.5 * s * s * (1.0 + series)
