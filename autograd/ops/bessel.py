"""Bessel functions of whole order on floats.

They never raise: outside of a domain they are NaN, at its ends the limit. See `normal` for how they are
written.
"""

from __future__ import annotations

import math

inf = math.inf
nan = math.nan

LARGEST_ORDER = 1000.0
"""The highest order that these functions know; beyond, they are NaN."""


def iv(n: float, x: float) -> float:
    """Return the modified Bessel function I of whole order n: its series, all of whose terms have one
    sign.
    """
    order, size = abs(n), abs(x)
    if not order <= LARGEST_ORDER or n != math.floor(n) or x != x:
        return nan
    sign = -1.0 if x < 0.0 and math.fmod(order, 2.0) == 1.0 else 1.0
    if size > 714.0 + order:
        return sign * inf
    if size > 25.0 + 0.5 * order * order:
        root = math.exp(0.5 * size)
        return sign * _scaled_i(order, size) * root * root
    half = 0.5 * size
    term = 1.0
    for m in range(1, int(order) + 1):
        term *= half / m
    total, square, k = term, half * half, 1.0
    while term > 1e-17 * total:
        term *= square / (k * (k + order))
        total += term
        k += 1.0
    return sign * total


def _scaled_i(n: float, x: float) -> float:
    """Return exp(-x) I(n, x) for large x (DLMF 10.40.1)."""
    total, term, k = 1.0, 1.0, 1.0
    while abs(term) > 1e-17 * abs(total) and k < 60.0:
        term *= ((2.0 * k - 1.0) * (2.0 * k - 1.0) - 4.0 * n * n) / (8.0 * k * x)
        total += term
        k += 1.0
    return total / (4.0 * math.sqrt(0.39269908169872414 * x))  # sqrt(2 pi x), which may overflow


def i0e(x: float) -> float:
    """Return exp(-abs(x)) I(0, x)."""
    return i0e_derivative(0.0, abs(x))


def i1e(x: float) -> float:
    """Return exp(-abs(x)) I(1, x)."""
    size = abs(x)
    if size < 25.5:
        return math.exp(-size) * iv(1.0, x)
    return (
        math.copysign(_scaled_i(1.0, size), x) if size < inf else x * 0.0 if x != x else math.copysign(0.0, x)
    )


def i0e_derivative(n: float, x: float) -> float:
    """Return the n-th derivative of exp(-x) I(0, x) for x >= 0.

    It is the mean of (cos u - 1)**n exp(x (cos u - 1)) over a period (DLMF 10.32.1), for which the rule of
    trapezoids is exact to all digits, and all terms have one sign. For large x it is the expansion of I, term
    by term (DLMF 10.40.1).
    """
    if not 0.0 <= n <= 12.0 or n != math.floor(n) or not x >= 0.0:
        return nan
    if x > 40.0 + 2.0 * n:
        term = 0.25 / math.sqrt(0.39269908169872414 * x)  # 1 / sqrt(2 pi x)
        for m in range(int(n)):
            term *= -(m + 0.5) / x
        total, k = term, 1.0
        while abs(term) > 1e-17 * abs(total) and k < 80.0:
            term *= (2.0 * k - 1.0) * (2.0 * k - 1.0) / (8.0 * k * x) * (k + n - 0.5) / (k - 0.5)
            total += term
            k += 1.0
        return total
    count = 40.0 + n + math.floor(9.0 * math.sqrt(x))
    total = 0.5 * (1.0 if n == 0.0 else 0.0) + 0.5 * math.pow(-2.0, n) * math.exp(-2.0 * x)
    for j in range(1, int(count)):
        sine = math.sin(1.5707963267948966 * j / count)
        distance = -2.0 * sine * sine
        total += math.pow(distance, n) * math.exp(x * distance)
    return total / count


def jv(n: float, x: float) -> float:
    """Return the Bessel function J of whole order n.

    Near 0 it is its series (DLMF 10.2.2); up to 25, and where the order is larger than x, a recurrence
    downward (DLMF 10.74(iv)); beyond, one upward from the expansions of orders 0 and 1 (DLMF 10.17.3).
    """
    order, size = abs(n), abs(x)
    if not order <= LARGEST_ORDER or n != math.floor(n) or x != x:
        return nan
    odd = math.fmod(order, 2.0) == 1.0
    sign = -1.0 if odd and (x < 0.0) != (n < 0.0) else 1.0
    if size == inf:
        return 0.0
    if size < 1.0:
        return sign * _series_of_j(order, size)
    if size <= 25.0 or order > size:
        return sign * _downward(order, size, 0.0)
    before, result = _far(0.0, size, 0.0), _far(1.0, size, 0.0)
    if order == 0.0:
        return before
    for k in range(1, int(order)):
        following = 2.0 * k / size * result - before
        before = result
        result = following
    return sign * result


def _series_of_j(n: float, x: float) -> float:
    half = 0.5 * x
    term = 1.0
    for k in range(1, int(n) + 1):
        term *= half / k
    total = term
    for k in range(1, 12):
        term *= -half * half / (k * (k + n))
        total += term
    return total


def _downward(n: float, x: float, second: float) -> float:
    """Return J(n, x), or, if `second` is 1 or 2, the sum of such functions that Y(0, x) or Y(1, x) needs."""
    largest = n if n > x else x
    k = 2.0 * math.floor(0.5 * largest + 20.0 + 0.5 * math.sqrt(40.0 * largest))
    above, here, total, result, other = 0.0, 1e-250, 0.0, 0.0, 0.0
    even = 1.0
    while k > 0.0:
        if k == n:
            result = here
        if even == 1.0:
            total += 2.0 * here
            if second == 1.0:
                other += here / (0.5 * k) * (1.0 if math.fmod(0.5 * k, 2.0) == 0.0 else -1.0)
        elif second == 2.0 and k > 1.0:
            m = 0.5 * (k - 1.0)
            other += here * k / (m * (m + 1.0)) * (1.0 if math.fmod(m, 2.0) == 0.0 else -1.0)
        below = 2.0 * k / x * here - above
        above = here
        here = below
        even = 1.0 - even
        k -= 1.0
        if abs(here) > 1e200:
            here *= 1e-250
            above *= 1e-250
            total *= 1e-250
            result *= 1e-250
            other *= 1e-250
    total += here
    if second > 0.0:
        return other / total
    return (here if n == 0.0 else result) / total


def _far(n: float, x: float, second: float) -> float:
    """Return J(n, x), or Y(n, x) if `second` is 1, of order 0 or 1 for large x (DLMF 10.17.3, 10.17.4)."""
    p, q, term, k = 1.0, 0.0, 1.0, 1.0
    while abs(term) > 1e-18 and k < 30.0:
        term *= (4.0 * n * n - (2.0 * k - 1.0) * (2.0 * k - 1.0)) / (8.0 * k * x)
        left = math.fmod(k, 4.0)
        if left == 1.0:
            q += term
        elif left == 2.0:
            p -= term
        elif left == 3.0:
            q -= term
        else:
            p += term
        k += 1.0
    plus, minus = math.sin(x) + math.cos(x), math.sin(x) - math.cos(x)
    if n == 0.0:  # cos and sin of x - pi/4, times sqrt(2)
        cosine, sine = plus, minus
    else:
        cosine, sine = minus, -plus
    wave = p * sine + q * cosine if second == 1.0 else p * cosine - q * sine
    return wave / (2.0 * math.sqrt(0.7853981633974483 * x))  # sqrt(pi x), which may overflow


def yn(n: float, x: float) -> float:
    """Return the Bessel function Y of whole order n for x > 0, -inf at 0.

    Orders 0 and 1 are Neumann's series in J (Abramowitz and Stegun, 9.1.88), the others follow by recurrence,
    which is stable upward.
    """
    order = abs(n)
    if not order <= LARGEST_ORDER or n != math.floor(n) or not x >= 0.0:
        return nan
    sign = -1.0 if n < 0.0 and math.fmod(order, 2.0) == 1.0 else 1.0
    if x == 0.0:
        return -sign * inf
    if x == inf:
        return 0.0
    if x > 25.0:
        before, result = _far(0.0, x, 1.0), _far(1.0, x, 1.0)
    else:
        before, result = _y0(x), _y1(x)
    if order == 0.0:
        return before
    for k in range(1, int(order)):
        following = 2.0 * k / x * result - before
        before = result
        result = following
        if result == -inf:
            return sign * result
    return sign * result


def _y0(x: float) -> float:
    logarithm = math.log(x) - 0.11593151565841245
    other = -0.125 * x * x if x < 1e-5 else _downward(0.0, x, 1.0)
    return 0.6366197723675814 * (logarithm * jv(0.0, x) - 2.0 * other)


def _y1(x: float) -> float:
    pole = 0.6366197723675814 / x
    if x < 1e-300:
        return -pole
    logarithm = math.log(x) - 1.1159315156584124
    other = 0.0 if x < 1e-5 else _downward(0.0, x, 2.0)
    return 0.6366197723675814 * (logarithm * jv(1.0, x) - other) - pole * jv(0.0, x)
