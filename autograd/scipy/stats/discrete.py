"""Discrete distributions, in SciPy's parametrisation: differentiable by their parameters, not by the
count.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from ... import math, ops
from ...engine import Value
from .continuous import beta_density
from .distribution import Distribution, Formula, known, undefined
from .ends import density_at_0

inf = np.inf
_betaln = scipy.special.betaln


class Discrete(Distribution):
    """A distribution of counts, whose formulas are at k - loc."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.number = "k"

    def at(self, method: str, x: Any, *parameters: Any) -> Any:
        """Return what a method gives for numbers, some of which are Values."""
        *shapes, loc = parameters
        if isinstance(x, Value) or isinstance(loc, Value):
            raise TypeError(f"{self.name}.{method}: k and loc are counts; pass plain numbers there")
        if any(s != s for s in shapes) or x != x or not self.valid(*shapes):
            return undefined(x, *parameters)
        return self.formulas[method](x - loc, *shapes)


def _of_counts(logpmf: Formula, cdf: Formula, sf: Formula, last: Formula, pmf: Formula) -> dict[str, Formula]:
    """Return the formulas of a distribution of whole numbers from 0 to the last.

    Args:
        logpmf: that of k, the logarithm of its probability.
        cdf: the probability of k or less.
        sf: that of more.
        last: the last number.
        pmf: the probability of k where that is 0, of which the logarithm would tell no slope.
    """

    def mass(k: float, *shapes: Any) -> Any:
        if k != np.floor(k) or k < 0.0 or k > last(*shapes):
            return -inf
        return logpmf(k, *shapes)

    def probability(k: float, *shapes: Any) -> Any:
        logarithm = mass(k, *shapes)
        ends = isinstance(logarithm, Value) and logarithm == -inf
        return pmf(k, *shapes) if ends else math.exp(logarithm)

    def below(k: float, *shapes: Any) -> Any:
        k = float(np.floor(k))
        return 0.0 if k < 0.0 else 1.0 if k >= last(*shapes) else cdf(k, *shapes)

    def above(k: float, *shapes: Any) -> Any:
        k = float(np.floor(k))
        return 1.0 if k < 0.0 else 0.0 if k >= last(*shapes) else sf(k, *shapes)

    def logarithm(x: Any) -> Any:
        return math.log(x) if x > 0.0 else -inf

    return {
        "logpmf": mass,
        "pmf": probability,
        "cdf": below,
        "sf": above,
        "logcdf": lambda k, *shapes: logarithm(below(k, *shapes)),
        "logsf": lambda k, *shapes: logarithm(above(k, *shapes)),
    }


poisson = Discrete(
    "poisson",
    "mu",
    lambda mu: mu >= 0.0,
    _of_counts(
        lambda k, mu: ops.xlogy(k, mu) - scipy.special.gammaln(k + 1.0) - mu,
        lambda k, mu: ops.gammaincc(k + 1.0, mu),
        lambda k, mu: ops.gammainc(k + 1.0, mu),
        lambda mu: inf,
        lambda k, mu: ops.gammainc_slope(k + 1.0, mu),
    ),
)
"""The Poisson distribution."""


_lower = known("a cdf", lambda p, a, b: scipy.special.betainc(a, b, p), beta_density)
_upper = known(
    "a cdf", lambda p, a, b: scipy.special.betaincc(a, b, p), lambda p, a, b: -beta_density(p, a, b)
)


def _binomial_rest(w: Any, power: Any, others: Any) -> Any:
    """Return the logarithm of the probability of so many others, and power - 1 events of probability w."""
    return ops.xlog1py(others, -w) - math.log(others + power) - _betaln(others + 1.0, power)


def _negative_binomial(k: Any, n: Any, p: Any, failures: Any) -> Any:
    return n * math.log(p) + failures - _betaln(n, k + 1.0) - math.log(n + k)


def _is_binomial(n: Any, p: Any) -> bool:
    return bool(n >= 0.0 and n == math.floor(n) and 0.0 <= p <= 1.0)


binom = Discrete(
    "binom",
    "n p",
    _is_binomial,
    _of_counts(
        lambda k, n, p: (
            ops.xlogy(k, p) + ops.xlog1py(n - k, -p) - math.log(n + 1.0) - _betaln(n - k + 1.0, k + 1.0)
        ),
        lambda k, n, p: _upper(p, k + 1.0, n - k),
        lambda k, n, p: _lower(p, k + 1.0, n - k),
        lambda n, p: n,
        lambda k, n, p: (
            density_at_0(p, k + 1.0, n - k, rest=_binomial_rest)
            if p == 0.0
            else density_at_0(1.0 - p, n - k + 1.0, k, rest=_binomial_rest)
        ),
    ),
)
"""The binomial distribution."""

nbinom = Discrete(
    "nbinom",
    "n p",
    lambda n, p: n > 0.0 and 0.0 < p <= 1.0,
    _of_counts(
        lambda k, n, p: _negative_binomial(k, n, p, ops.xlog1py(k, -p)),
        lambda k, n, p: _lower(p, n, k + 1.0),
        lambda k, n, p: _upper(p, n, k + 1.0),
        lambda n, p: inf,
        lambda k, n, p: density_at_0(
            1.0 - p, k + 1.0, n, rest=lambda w, power, n: _negative_binomial(power - 1.0, n, 1.0 - w, 0.0)
        ),
    ),
)
"""The negative binomial distribution."""
