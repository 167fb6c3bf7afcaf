"""Functions on floats that entropies and likelihoods are made of: logit, xlogy, entr, rel_entr, kl_div.

They never raise: outside of a domain they are what SciPy makes of them, NaN or an infinity. See `normal` for
how they are written.
"""

from __future__ import annotations

import math

inf = math.inf
nan = math.nan


def logit(p: float) -> float:
    """Return log(p / (1 - p)), near its zero at 1/2 as 2 artanh(2 p - 1)."""
    if not 0.0 < p < 1.0:
        return -inf if p == 0.0 else inf if p == 1.0 else nan
    if 0.25 <= p <= 0.75:
        return 2.0 * math.atanh(2.0 * p - 1.0)
    return math.log(p / (1.0 - p))


def xlogy(x: float, y: float) -> float:
    """Return x * log(y), and 0 for x = 0."""
    if x == 0.0 and y == y:
        return 0.0
    if y > 0.0:
        return x * math.log(y)
    return x * -inf if y == 0.0 else nan


def xlog1py(x: float, y: float) -> float:
    """Return x * log(1 + y), and 0 for x = 0."""
    if x == 0.0 and y == y:
        return 0.0
    if y > -1.0:
        return x * math.log1p(y)
    return x * -inf if y == -1.0 else nan


def entr(x: float) -> float:
    """Return -x log(x), 0 at 0, and -inf for x < 0."""
    if x > 0.0:
        return -x * math.log(x) if x < inf else -inf
    return x if x != x else -inf if x < 0.0 else 0.0


def rel_entr(x: float, y: float) -> float:
    """Return x log(x / y) for x > 0 and y > 0, 0 for x = 0 and y >= 0, and inf elsewhere."""
    if x != x or y != y:
        return nan
    if x == 0.0 and y >= 0.0:
        return 0.0
    if not (x > 0.0 and y > 0.0):
        return inf
    if x == inf or y == inf:
        return x * (0.0 if x == y else inf if x == inf else -inf)
    if 0.5 * y < x < 2.0 * y:
        return x * math.log1p((x - y) / y)
    ratio = x / y if y > 1e-300 else inf
    if 0.0 < ratio < inf:
        return x * math.log(ratio)
    return x * (math.log(x) - math.log(y))


def kl_div(x: float, y: float) -> float:
    """Return rel_entr(x, y) - x + y, near its zero at x = y by a series."""
    if x != x or y != y:
        return nan
    if x == 0.0 and y >= 0.0:
        return y
    if not (x > 0.0 and y > 0.0):
        return inf
    if abs(x - y) > 0.1 * y:
        return rel_entr(x, y) - x + y
    distance = (x - y) / y  # (1 + d) log(1 + d) - d = d**2 / 2 - d**3 / 6 + d**4 / 12 - ...
    series = 0.0
    for k in range(18, 1, -1):
        series = 1.0 / (k * (k - 1.0)) - distance * series
    return y * distance * distance * series
