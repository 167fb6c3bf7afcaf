"""Discrete distributions, in SciPy's parametrisation: differentiable by their parameters, not by the
count.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from ... import math, ops
from .distribution import Distribution, Formula, known

inf = np.inf
_betaln = scipy.special.betaln


def _of_counts(logpmf: Formula, cdf: Formula, sf: Formula, last: Formula) -> dict[str, Formula]:
    """Return the formulas of a distribution of whole numbers from 0 to the last."""

    def mass(k: float, *shapes: Any) -> Any:
        if k != np.floor(k) or k < 0.0 or k > last(*shapes):
            return -inf
        return logpmf(k, *shapes)

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
        "pmf": lambda k, *shapes: math.exp(mass(k, *shapes)),
        "cdf": below,
        "sf": above,
        "logcdf": lambda k, *shapes: logarithm(below(k, *shapes)),
        "logsf": lambda k, *shapes: logarithm(above(k, *shapes)),
    }


poisson = Distribution(
    "poisson",
    "mu",
    lambda mu: mu >= 0.0,
    _of_counts(
        lambda k, mu: ops.xlogy(k, mu) - scipy.special.gammaln(k + 1.0) - mu,
        lambda k, mu: ops.gammaincc(k + 1.0, mu),
        lambda k, mu: ops.gammainc(k + 1.0, mu),
        lambda mu: inf,
    ),
)
"""The Poisson distribution."""


def _beta_density(p: Any, a: float, b: float) -> Any:
    return math.exp(ops.xlogy(a - 1.0, p) + ops.xlog1py(b - 1.0, -p) - _betaln(a, b))


_lower = known("a cdf", lambda p, a, b: scipy.special.betainc(a, b, p), _beta_density)
_upper = known(
    "a cdf", lambda p, a, b: scipy.special.betaincc(a, b, p), lambda p, a, b: -_beta_density(p, a, b)
)


def _is_binomial(n: Any, p: Any) -> bool:
    return bool(n >= 0.0 and n == math.floor(n) and 0.0 <= p <= 1.0)


binom = Distribution(
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
    ),
)
"""The binomial distribution."""

nbinom = Distribution(
    "nbinom",
    "n p",
    lambda n, p: n > 0.0 and 0.0 < p <= 1.0,
    _of_counts(
        lambda k, n, p: n * math.log(p) + ops.xlog1py(k, -p) - _betaln(n, k + 1.0) - math.log(n + k),
        lambda k, n, p: _lower(p, n, k + 1.0),
        lambda k, n, p: _upper(p, n, k + 1.0),
        lambda n, p: inf,
    ),
)
"""The negative binomial distribution."""
