"""Continuous distributions, in SciPy's parametrisation.

Formulas are at z = (x - loc) / scale. They are written so that tails keep their digits: the logarithm of a
normal tail is log_ndtr, that of the tail of a gamma distribution far out a continued fraction.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special

from ... import math, ops
from ...arrays.ufunc_table import in_ieee
from .distribution import Distribution, Formula, known

inf = np.inf
_LOG_ROOT_TWO_PI = 0.9189385332046727
_betaln = scipy.special.betaln
_log, _log1p, _power = (in_ieee(x) for x in (ops.log, ops.log1p, ops.power))


def _positive(*shapes: Any) -> bool:
    return all(shape > 0.0 for shape in shapes)


def _within(low: float, high: float, inside: Formula, below: float, above: float) -> Formula:
    """Return a formula that has a number below and one above the support."""

    def formula(z: Any, *shapes: Any) -> Any:
        return below if z < low else above if z > high else inside(z, *shapes)

    return formula


def _of_support(low: float, high: float, formulas: dict[str, Formula]) -> dict[str, Formula]:
    outside = {
        "logpdf": (-inf, -inf), "pdf": (0.0, 0.0), "cdf": (0.0, 1.0), "sf": (1.0, 0.0),
        "logcdf": (-inf, 0.0), "logsf": (0.0, -inf),
    }  # fmt: skip
    if "pdf" not in formulas:
        formulas["pdf"] = lambda z, *shapes: math.exp(formulas["logpdf"](z, *shapes))
    return {name: _within(low, high, formula, *outside[name]) for name, formula in formulas.items()}


norm = Distribution("norm", "", lambda: True, {
    "logpdf": lambda z: -0.5 * z * z - _LOG_ROOT_TWO_PI,
    "pdf": lambda z: ops.ndtr_slope(z),
    "cdf": lambda z: ops.ndtr(z),
    "sf": lambda z: ops.ndtr(-z),
    "logcdf": lambda z: ops.log_ndtr(z),
    "logsf": lambda z: ops.log_ndtr(-z),
})  # fmt: skip
"""The normal distribution."""


def _logarithm(p: Formula, q: Formula) -> Formula:
    """Return a formula for log(p), where p is 1 - q: of the smaller of the two."""

    def formula(z: Any, *shapes: Any) -> Any:
        other = q(z, *shapes)
        if other < 0.5:
            return math.log1p(-other)
        return _log(p(z, *shapes))

    return formula


def _t_logpdf(z: Any, df: Any) -> Any:
    # gamma((df + 1)/2) / gamma(df/2) = sqrt(pi) / beta(df/2, 1/2)
    return -_betaln(0.5 * df, 0.5) - 0.5 * math.log(df) - 0.5 * (df + 1.0) * math.log1p(z * z / df)


def _t_pdf(z: Any, df: Any) -> Any:
    return math.exp(_t_logpdf(z, df))


_t_cdf = known("t.cdf", lambda z, df: scipy.special.stdtr(df, z), _t_pdf)
t = Distribution("t", "df", _positive, {
    "logpdf": _t_logpdf,
    "pdf": _t_pdf,
    "cdf": _t_cdf,
    "sf": lambda z, df: _t_cdf(-z, df),
    "logcdf": _logarithm(_t_cdf, lambda z, df: _t_cdf(-z, df)),
    "logsf": _logarithm(lambda z, df: _t_cdf(-z, df), _t_cdf),
})  # fmt: skip
"""Student's t distribution."""


def _gamma_logpdf(z: Any, a: Any) -> Any:
    return ops.xlogy(a - 1.0, z) - z - scipy.special.gammaln(a)


def _gammainc(z: Any, a: Any) -> Any:
    return ops.gammainc(a, z)


def _gammaincc(z: Any, a: Any) -> Any:
    return ops.gammaincc(a, z)


def _gamma_logsf(z: Any, a: Any) -> Any:
    if z < 50.0 + 2.0 * a:
        return _logarithm(_gammaincc, _gammainc)(z, a)
    if z == inf:
        return -z
    fraction: Any = 0.0  # DLMF 8.9.2, which far out needs few terms, and knows derivatives by a too
    for k in range(60, 0, -1):
        fraction = k * (k - a) / (z + (2.0 * k + 1.0) - a - fraction)
    return ops.xlogy(a, z) - z - scipy.special.gammaln(a) - math.log(z + 1.0 - a - fraction)


_OF_GAMMA: dict[str, Formula] = {
    "logpdf": _gamma_logpdf,
    "cdf": _gammainc,
    "sf": _gammaincc,
    "logcdf": _logarithm(_gammainc, _gammaincc),
    "logsf": _gamma_logsf,
}
gamma = Distribution("gamma", "a", _positive, _of_support(0.0, inf, dict(_OF_GAMMA)))
"""The gamma distribution."""


def _halved(formula: Formula, density: bool) -> Formula:
    """Return a formula of the gamma distribution for that of chi squared, of half the number."""
    shift = math.log(2.0) if density else 0.0
    return lambda z, df: formula(0.5 * z, 0.5 * df) - shift if density else formula(0.5 * z, 0.5 * df)


chi2 = Distribution(
    "chi2",
    "df",
    _positive,
    _of_support(0.0, inf, {name: _halved(f, name == "logpdf") for name, f in _OF_GAMMA.items()}),
)
"""The chi-squared distribution."""


def _beta_logpdf(z: Any, a: Any, b: Any) -> Any:
    return ops.xlogy(a - 1.0, z) + ops.xlog1py(b - 1.0, -z) - _betaln(a, b)


def _beta_pdf(z: Any, a: Any, b: Any) -> Any:
    return math.exp(_beta_logpdf(z, a, b))


_beta_cdf = known("beta.cdf", lambda z, a, b: scipy.special.betainc(a, b, z), _beta_pdf)
_beta_sf = known(
    "beta.sf", lambda z, a, b: scipy.special.betaincc(a, b, z), lambda z, a, b: -_beta_pdf(z, a, b)
)
beta = Distribution("beta", "a b", _positive, _of_support(0.0, 1.0, {
    "logpdf": _beta_logpdf,
    "cdf": _beta_cdf,
    "sf": _beta_sf,
    "logcdf": _logarithm(_beta_cdf, _beta_sf),
    "logsf": _logarithm(_beta_sf, _beta_cdf),
}))  # fmt: skip
"""The beta distribution."""


def _log_of_1_minus_exp(x: Any) -> Any:
    """Return log(1 - exp(-x)) for x >= 0 (M. Maechler, 2012)."""
    return _log(-math.expm1(-x)) if x < 0.6931471805599453 else math.log1p(-math.exp(-x))


expon = Distribution("expon", "", lambda: True, _of_support(0.0, inf, {
    "logpdf": lambda z: -z,
    "pdf": lambda z: math.exp(-z),
    "cdf": lambda z: -math.expm1(-z),
    "sf": lambda z: math.exp(-z),
    "logcdf": _log_of_1_minus_exp,
    "logsf": lambda z: -z,
}))  # fmt: skip
"""The exponential distribution."""


def _of_logarithm(formula: Formula, at_zero: float | None = None) -> Formula:
    """Return a formula of log(z) / s, with a number at 0 where it is flat there."""
    return lambda z, s: formula(_log(z) / s) if z > 0.0 or at_zero is None else at_zero


def _lognorm_logpdf(z: Any, s: Any) -> Any:
    logarithm = _log(z)
    standard = logarithm / s
    if z == 0.0:
        return standard
    return -0.5 * standard * standard - _LOG_ROOT_TWO_PI - math.log(s) - logarithm


lognorm = Distribution("lognorm", "s", _positive, _of_support(0.0, inf, {
    "logpdf": _lognorm_logpdf,
    "pdf": lambda z, s: math.exp(_lognorm_logpdf(z, s)) if z > 0.0 else 0.0,
    "cdf": _of_logarithm(ops.ndtr, 0.0),
    "sf": _of_logarithm(lambda x: ops.ndtr(-x), 1.0),
    "logcdf": _of_logarithm(ops.log_ndtr),
    "logsf": _of_logarithm(lambda x: ops.log_ndtr(-x), 0.0),
}))  # fmt: skip
"""The lognormal distribution."""

weibull_min = Distribution("weibull_min", "c", _positive, _of_support(0.0, inf, {
    "logpdf": lambda z, c: math.log(c) + ops.xlogy(c - 1.0, z) - _power(z, c),
    "cdf": lambda z, c: -math.expm1(-_power(z, c)),
    "sf": lambda z, c: math.exp(-_power(z, c)),
    "logcdf": lambda z, c: _log_of_1_minus_exp(_power(z, c)),
    "logsf": lambda z, c: -_power(z, c),
}))  # fmt: skip
"""The Weibull distribution of minima."""

uniform = Distribution("uniform", "", lambda: True, _of_support(0.0, 1.0, {
    "logpdf": lambda z: 0.0 * z,
    "pdf": lambda z: 1.0 + 0.0 * z,
    "cdf": lambda z: z,
    "sf": lambda z: 1.0 - z,
    "logcdf": lambda z: _log(z),
    "logsf": lambda z: _log1p(-z),
}))  # fmt: skip
"""The uniform distribution."""
