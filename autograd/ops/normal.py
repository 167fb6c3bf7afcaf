"""Functions on floats around the normal distribution: erfcx, erfinv, ndtr, log_ndtr, ndtri, of all tails.

They never raise: outside of a domain they are NaN, at its ends the limit. Like those of `incomplete_gamma`
and `bessel` they are written in the part of Python that `program.c.from_python` turns into C and JavaScript:
numbers, choices, loops, and lists of a fixed length.
"""

from __future__ import annotations

import math

inf = math.inf
nan = math.nan

ORDERS = 12.0
"""The highest order of a derivative that these functions know; beyond, they are NaN."""


def _exp_of_square(x: float, factor: float) -> float:
    """Return exp(factor * x * x) to all digits: with x in two parts, of which the first has an exact
    square.
    """
    upper = round(x * 16.0) / 16.0
    return math.exp(factor * upper * upper) * math.exp(factor * (x - upper) * (x + upper))


def ndtr_slope(x: float) -> float:
    """Return the density of the normal distribution, exp(-x*x / 2) / sqrt(2 pi)."""
    if not abs(x) <= 40.0:
        return 0.0 if x == x else nan
    root = _exp_of_square(x, -0.25)  # the density may be subnormal
    return 0.3989422804014327 * root * root


def ndtr(x: float) -> float:
    """Return the normal distribution function at x."""
    if x < -40.0:
        return 0.0
    if x < -2.0:  # where a rounding in the argument of erfc would show
        root = _exp_of_square(x, -0.25)
        return 0.5 * erfcx(-x * 0.7071067811865476) * root * root
    return 0.5 * math.erfc(-x * 0.7071067811865476)


def erfcx(x: float) -> float:
    """Return exp(x*x) * erfc(x): an asymptotic expansion far out (DLMF 7.12.1)."""
    if x < -26.6288:
        return inf
    if x < 0.0:
        square = _exp_of_square(x, 1.0)
        return 2.0 * square - square * math.erfc(-x)
    if x < 25.0:
        return _exp_of_square(x, 1.0) * math.erfc(x)
    half, series = 0.5 / x / x, 1.0
    for k in range(13, 0, -2):
        series = 1.0 - k * half * series
    return 0.5641895835477563 / x * series


def erfcx_derivative(n: float, x: float) -> float:
    """Return the n-th derivative of erfcx, D(n).

    D(n + 1) = 2 x D(n) + 2 n D(n - 1) (DLMF 7.18.7), which is stable for x < 0. For x > 0, where it is
    minimal, the ratios of one to the next are a continued fraction (W. Gautschi, 1967).
    """
    if not 0.0 <= n <= ORDERS or n != math.floor(n) or x != x:
        return nan
    result = erfcx(x)
    if n == 0.0:
        return result
    if x < 0.5:
        before = result
        result = 2.0 * x * before - 1.1283791670955126
        if x == -inf:
            return -inf if math.fmod(n, 2.0) == 1.0 else inf
        for m in range(1, int(n)):
            following = 2.0 * x * result + 2.0 * m * before
            before = result
            result = following
        return result
    ratio = 0.0
    reach = math.sqrt(n) + 14.2 / x
    k = 20.0 + math.floor(n + reach * reach)
    while k > 0.0:
        ratio = 2.0 * k / (2.0 * x + ratio)
        if k <= n:
            result = -result * ratio
        k -= 1.0
    return result


def log_ndtr(x: float) -> float:
    """Return the logarithm of the normal distribution function at x."""
    if x < -1.0:
        return math.log(0.5 * erfcx(-x * 0.7071067811865476)) - 0.5 * x * x if x > -1e150 else -0.5 * x * x
    return math.log1p(-ndtr(-x))


def log_ndtr_derivative(n: float, x: float) -> float:
    """Return the n-th derivative of log_ndtr. The first is density / distribution function, h.

    h' = -h (h + x) gives the Taylor coefficients of h one after the other. In the lower tail, where h + x
    would cancel, h = t + 1/(t + 2/(t + 3/(t + ...))) with t = -x (DLMF 7.9.2 at t / sqrt(2)), of which
    Taylor series are taken term by term.
    """
    if not 0.0 <= n <= ORDERS or n != math.floor(n) or x != x:
        return nan
    if n == 0.0:
        return log_ndtr(x)
    c = [0.0] * 64
    order = int(n) - 1
    if x > (-1.5 if order < 3 else -1.0):
        c[0] = ndtr_slope(x) / ndtr(x)
        if c[0] == 0.0:
            return 0.0
        for m in range(order):
            total = -x * c[m]
            if m > 0:
                total -= c[m - 1]
            for i in range(m + 1):
                total -= c[i] * c[m - i]
            c[m + 1] = total / (m + 1.0)
    else:
        _tail_series(c, order, -x)
        c[0] -= x
        c[1] += 1.0
        for k in range(1, order + 1, 2):
            c[k] = -c[k]
    result = c[order]
    for k in range(1, order + 1):
        result *= k
    return result


def _tail_series(c: list[float], order: int, t: float) -> None:
    """Put the Taylor coefficients of 1/(t + 2/(t + 3/(t + ...))) at t into a list."""
    r = [0.0] * 64
    reach = math.sqrt(order) + (20.0 + 1.7 * order) / t
    turn = 20.0 + math.floor(order + reach * reach)
    while turn > 0.0:
        first = t + c[0]
        c[1] += 1.0
        r[0] = 1.0 / first
        for j in range(1, order + 1):
            total = 0.0
            for i in range(1, j + 1):
                total += c[i] * r[j - i]
            r[j] = -total / first
        for j in range(order + 1):
            c[j] = turn * r[j]
        if order == 0:
            c[1] = 0.0
        turn -= 1.0


def erfinv(x: float) -> float:
    """Return the number whose error function is x, by two steps of Halley's method."""
    size = abs(x)
    if size >= 1.0:
        return math.copysign(inf, x) if size == 1.0 else nan
    if size > 0.5:
        return math.copysign(_ndtri_of_tail(0.5 - 0.5 * size) * 0.7071067811865476, x)
    square = x * x
    y = x * (
        0.886226925452758 + square * (0.23201366653465444 + square * (0.12755617530559793 + 0.13 * square))
    )
    for _ in range(2):
        step = (math.erf(y) - x) * 0.886226925452758 * math.exp(y * y)
        y -= step / (1.0 + y * step)
    return y


def ndtri(p: float) -> float:
    """Return the number at which the normal distribution function is p."""
    if not 0.0 < p < 1.0:
        return -inf if p == 0.0 else inf if p == 1.0 else nan
    if p < 0.25:
        return -_ndtri_of_tail(p)
    if p > 0.75:
        return _ndtri_of_tail(1.0 - p)
    return 1.4142135623730951 * erfinv(2.0 * p - 1.0)


def _ndtri_of_tail(p: float) -> float:
    """Return the number beyond which the normal distribution has p, 0 < p <= 1/4.

    The approximation of Hastings (Abramowitz and Stegun, 26.2.23) has an error of 4.5e-4; two steps of
    Halley's method for the logarithm of the tail do the rest.
    """
    logarithm = math.log(p)
    root = math.sqrt(-2.0 * logarithm)
    numerator = 2.515517 + root * (0.802853 + root * 0.010328)
    x = root - numerator / (1.0 + root * (1.432788 + root * (0.189269 + root * 0.001308)))
    for _ in range(2):
        scaled = 0.5 * erfcx(x * 0.7071067811865476)
        slope = 0.3989422804014327 / scaled
        step = (math.log(scaled) - 0.5 * x * x - logarithm) / slope
        x += step / (1.0 + 0.5 * step * (slope - x))
    return x
