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
from .distribution import Formula, known
from .ends import Continuous, End, density_at_0

inf = np.inf
_LOG_ROOT_TWO_PI = 0.9189385332046727
_betaln = scipy.special.betaln
_log, _log1p, _power = (in_ieee(x) for x in (ops.log, ops.log1p, ops.power))


def _positive(*shapes: Any) -> bool:
    return all(shape > 0.0 for shape in shapes)


norm = Continuous("norm", "", lambda: True, {
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
    if df == inf:
        return norm.formulas["logpdf"](z)
    # gamma((df + 1)/2) / gamma(df/2) = sqrt(pi) / beta(df/2, 1/2)
    return -_betaln(0.5 * df, 0.5) - 0.5 * math.log(df) - 0.5 * (df + 1.0) * math.log1p(z * z / df)


def _t_pdf(z: Any, df: Any) -> Any:
    return math.exp(_t_logpdf(z, df))


_t_cdf = known("t.cdf", lambda z, df: scipy.special.stdtr(df, z), _t_pdf)
t = Continuous("t", "df", _positive, {
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
_POSITIVE = 0.0, inf
gamma = Continuous(
    "gamma", "a", _positive, dict(_OF_GAMMA), _POSITIVE,
    (End(lambda a: (a,), lambda w, a: -w - scipy.special.gammaln(a)), None),
)  # fmt: skip
"""The gamma distribution."""


def _of_chi2(name: str) -> Formula:
    """Return a formula of the distribution of chi squared, half of which has a gamma distribution."""
    formula = _OF_GAMMA[name]
    if name == "logpdf":
        return lambda z, df: formula(0.5 * z, 0.5 * df) - math.log(2.0)
    return lambda z, df: formula(0.5 * z, 0.5 * df)


chi2 = Continuous(
    "chi2", "df", _positive, {name: _of_chi2(name) for name in _OF_GAMMA}, _POSITIVE,
    (End(lambda df: (0.5 * df,), lambda w, a: -0.5 * w - a * math.log(2.0) - scipy.special.gammaln(a)), None),
)  # fmt: skip
"""The chi-squared distribution."""


def _beta_logpdf(z: Any, a: Any, b: Any) -> Any:
    return ops.xlogy(a - 1.0, z) + ops.xlog1py(b - 1.0, -z) - _betaln(a, b)


def _beta_rest(w: Any, power: Any, other: Any) -> Any:
    return ops.xlog1py(other - 1.0, -w) - _betaln(power, other)


def beta_density(z: Any, a: Any, b: Any) -> Any:
    """Return the density of the beta distribution for 0 <= z <= 1."""
    if z == 0.0:
        return density_at_0(z, a, b, rest=_beta_rest)
    if z == 1.0:
        return density_at_0(1.0 - z, b, a, rest=_beta_rest)
    return math.exp(_beta_logpdf(z, a, b))


_beta_cdf = known("beta.cdf", lambda z, a, b: scipy.special.betainc(a, b, z), beta_density)
_beta_sf = known(
    "beta.sf", lambda z, a, b: scipy.special.betaincc(a, b, z), lambda z, a, b: -beta_density(z, a, b)
)
beta = Continuous(
    "beta", "a b", _positive,
    {
        "logpdf": _beta_logpdf,
        "cdf": _beta_cdf,
        "sf": _beta_sf,
        "logcdf": _logarithm(_beta_cdf, _beta_sf),
        "logsf": _logarithm(_beta_sf, _beta_cdf),
    },
    (0.0, 1.0), (End(lambda a, b: (a, b), _beta_rest), End(lambda a, b: (b, a), _beta_rest)),
)  # fmt: skip
"""The beta distribution."""


def _log_of_1_minus_exp(x: Any) -> Any:
    """Return log(1 - exp(-x)) for x >= 0 (M. Maechler, 2012)."""
    return _log(-math.expm1(-x)) if x < 0.6931471805599453 else math.log1p(-math.exp(-x))


expon = Continuous("expon", "", lambda: True, {
    "logpdf": lambda z: -z,
    "pdf": lambda z: math.exp(-z),
    "cdf": lambda z: -math.expm1(-z),
    "sf": lambda z: math.exp(-z),
    "logcdf": _log_of_1_minus_exp,
    "logsf": lambda z: -z,
}, _POSITIVE, (End(lambda: (1.0,), lambda w, power: -w), None))  # fmt: skip
"""The exponential distribution."""


def _of_logarithm(formula: Formula, at_0: float | None = None) -> Formula:
    """Return a formula of log(z), with a number at 0 where it is flat there."""
    return lambda z, s: formula(_log(z), s) if z > 0.0 or at_0 is None else at_0


def _lognorm_logpdf(logarithm: Any, s: Any) -> Any:
    standard = logarithm / s
    if logarithm == -inf:
        return standard
    return -0.5 * standard * standard - _LOG_ROOT_TWO_PI - math.log(s) - logarithm


lognorm = Continuous("lognorm", "s", _positive, {
    "logpdf": _of_logarithm(_lognorm_logpdf),
    "pdf": _of_logarithm(lambda x, s: math.exp(_lognorm_logpdf(x, s)), 0.0),
    "cdf": _of_logarithm(lambda x, s: ops.ndtr(x / s), 0.0),
    "sf": _of_logarithm(lambda x, s: ops.ndtr(-x / s), 1.0),
    "logcdf": _of_logarithm(lambda x, s: ops.log_ndtr(x / s)),
    "logsf": _of_logarithm(lambda x, s: ops.log_ndtr(-x / s), 0.0),
}, _POSITIVE)  # fmt: skip
"""The lognormal distribution."""


def _weibull_logpdf(z: Any, c: Any, power: Any) -> Any:
    return math.log(c) + ops.xlogy(c - 1.0, z) - power


def _until_too_large(z: Any, c: Any) -> Any:
    """Return z**c; where that is too large for a float inf, by which nothing that comes to 0 is moved."""
    try:
        return z**c
    except OverflowError:
        return inf


weibull_min = Continuous("weibull_min", "c", _positive, {
    "logpdf": lambda z, c: _weibull_logpdf(z, c, _power(z, c)),
    "pdf": lambda z, c: math.exp(_weibull_logpdf(z, c, _until_too_large(z, c))),
    "cdf": lambda z, c: -math.expm1(-_until_too_large(z, c)),
    "sf": lambda z, c: math.exp(-_until_too_large(z, c)),
    "logcdf": lambda z, c: _log_of_1_minus_exp(_until_too_large(z, c)),
    "logsf": lambda z, c: -_power(z, c),
}, _POSITIVE, (End(lambda c: (c,), lambda w, c: math.log(c) - w**c), None))  # fmt: skip
"""The Weibull distribution of minima."""

_EVEN = End(lambda: (1.0,), lambda w, power: 0.0)
uniform = Continuous("uniform", "", lambda: True, {
    "logpdf": lambda z: 0.0 * z,
    "pdf": lambda z: 1.0 + 0.0 * z,
    "cdf": lambda z: z,
    "sf": lambda z: 1.0 - z,
    "logcdf": lambda z: _log(z),
    "logsf": lambda z: _log1p(-z),
}, (0.0, 1.0), (_EVEN, _EVEN))  # fmt: skip
"""The uniform distribution."""
