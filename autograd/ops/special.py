"""The special functions of the table of rules, with the names that SciPy has for them.

Their values are SciPy's: outside of a domain NaN, at its ends the limit, and never an error, for one number
too. Where a derivative of a derivative would cancel, as that of exp(x*x) erfc(x) does far out, all
derivatives of a function are one primitive, whose first operand is the order: a plain number, as in
polygamma.
"""

from __future__ import annotations

import math
from typing import Any

from . import bessel, entropies, incomplete_gamma, normal
from .primitive import Primitive, where
from .table import binary, digamma, exp, log, log1p, sign, unary

inf = math.inf

# The normal distribution

ndtr = unary(
    "ndtr", normal.ndtr, lambda x, out: ndtr_slope(x),
    "Return the distribution function of the normal distribution at x.\n\n>>> ndtr(0.0)\n0.5",
    (-37.0, 9.0), never_raises=True, never_negative_zero=True,
)  # fmt: skip
ndtr_slope: Primitive = unary(
    "ndtr′", normal.ndtr_slope,
    lambda x, out: where(out == 0.0, 0.0, -x * out),  # far out, x may be infinite
    "Return exp(-x*x / 2) / sqrt(2 pi), the derivative of ndtr.", (-37.0, 37.0),
    never_raises=True, never_negative_zero=True,
)  # fmt: skip
log_ndtr = unary(
    "log_ndtr", normal.log_ndtr, lambda x, out: log_ndtr_derivative(1.0, x),
    "Return the logarithm of ndtr(x), of all its tail.\n\n>>> log_ndtr(-1e100)\n-5e+199",
    (-100.0, 9.0), never_raises=True,
)  # fmt: skip
log_ndtr_derivative: Primitive = binary(
    "log_ndtr⁽ⁿ⁾", normal.log_ndtr_derivative,
    None,
    lambda x, y, out: log_ndtr_derivative(x + 1, y),
    "Return the derivative of order x = 0, 1, 2, ..., 12 of log_ndtr, at y.\n\n"
    ">>> log_ndtr_derivative(2, -1e100)\n-1.0",
    ((0.0, 1.0), (-60.0, 5.0)), never_raises=True,
)  # fmt: skip


def _ndtri_slope(x: Any, out: Any) -> Any:
    # 1 / density(out), where the density is h(out) ndtr(out), with h the derivative of log_ndtr: so its error
    # in the tail is not that of out times out.
    lower = where(x == 0.0, inf, 1.0 / (x * log_ndtr_derivative(1.0, out)))
    upper = where(x == 1.0, inf, 1.0 / ((1.0 - x) * log_ndtr_derivative(1.0, -out)))
    middle = 2.5066282746310002 * exp(0.5 * out * out)
    return where(x < 0.25, lower, where(x > 0.75, upper, middle))


ndtri = unary(
    "ndtri", normal.ndtri, lambda x, out: _ndtri_slope(x, out),
    "Return the number at which ndtr is x, 0 <= x <= 1.\n\n>>> ndtri(0.5)\n0.0",
    (0.0, 1.0), never_raises=True,
)  # fmt: skip
erfcx = unary(
    "erfcx", normal.erfcx, lambda x, out: erfcx_derivative(1.0, x),
    "Return exp(x*x) * erfc(x).\n\n>>> erfcx(0.0)\n1.0",
    (-20.0, 100.0), never_raises=True, never_negative_zero=True,
)  # fmt: skip
erfcx_derivative: Primitive = binary(
    "erfcx⁽ⁿ⁾", normal.erfcx_derivative,
    None,
    lambda x, y, out: erfcx_derivative(x + 1, y),
    "Return the derivative of order x = 0, 1, 2, ..., 12 of erfcx, at y.\n\n"
    ">>> erfcx_derivative(1, 0.0)\n-1.1283791670955126",
    ((0.0, 3.0), (-20.0, 40.0)), never_raises=True,
)  # fmt: skip


def _erfinv_slope(x: Any, out: Any) -> Any:
    # sqrt(pi)/2 exp(out**2); in the tail, erfinv(x) is -ndtri((1 - abs(x)) / 2) / sqrt(2), see ndtri.
    far = math.sqrt(0.5) / ((1.0 - abs(x)) * log_ndtr_derivative(1.0, -math.sqrt(2.0) * abs(out)))
    near = 0.5 * math.sqrt(math.pi) * exp(out * out)
    return where(abs(x) < 0.5, near, where(abs(x) == 1.0, inf, far))


erfinv = unary(
    "erfinv", normal.erfinv, lambda x, out: _erfinv_slope(x, out),
    "Return the number whose error function is x, -1 <= x <= 1.\n\n>>> erfinv(0.0)\n0.0",
    (-1.0, 1.0), never_raises=True,
)  # fmt: skip

# Entropies and likelihoods

logit = unary(
    "logit", entropies.logit, lambda x, out: 1.0 / (x * (1.0 - x)),
    "Return log(x / (1 - x)), 0 <= x <= 1.\n\n>>> logit(0.5)\n0.0", (0.0, 1.0), never_raises=True,
)  # fmt: skip
xlogy = binary(
    "xlogy", entropies.xlogy,
    lambda x, y, out: where(x == 0.0, where(y <= 0.0, 0.0, log(y)), log(y)),
    lambda x, y, out: where(y == 0.0, where(x == 0.0, 0.0, x / y), x / y),
    "Return x * log(y), and 0 for x = 0.\n\n>>> xlogy(0.0, 0.0)\n0.0",
    ((-30.0, 30.0), (0.0, 30.0)), never_raises=True,
)  # fmt: skip
xlog1py = binary(
    "xlog1py", entropies.xlog1py,
    lambda x, y, out: where(x == 0.0, where(y <= -1.0, 0.0, log1p(y)), log1p(y)),
    lambda x, y, out: where(y == -1.0, where(x == 0.0, 0.0, x / (1.0 + y)), x / (1.0 + y)),
    "Return x * log(1 + y), and 0 for x = 0.\n\n>>> xlog1py(0.0, -1.0)\n0.0",
    ((-30.0, 30.0), (-1.0, 30.0)), never_raises=True,
)  # fmt: skip
entr = unary(
    "entr", entropies.entr, lambda x, out: -log(x) - 1.0,
    "Return -x * log(x), 0 for x = 0 and -inf below.\n\n>>> entr(0.0)\n0.0", (0.0, 30.0), never_raises=True,
)  # fmt: skip


def _log_ratio(x: Any, y: Any) -> Any:
    near, ratio = log1p((x - y) / y), x / y
    far = where(ratio > 1e-300, where(ratio < 1e300, log(ratio), log(x) - log(y)), log(x) - log(y))
    return where(abs(x - y) < 0.5 * abs(y), near, far)


def _distance_ratio(x: Any, y: Any) -> Any:
    # (y - x) / y, as 1 - x / y where x is small, for there the derivatives of the former cancel.
    return where(x < 0.5 * y, 1.0 - x / y, (y - x) / y)


rel_entr = binary(
    "rel_entr", entropies.rel_entr,
    lambda x, y, out: _log_ratio(x, y) + 1.0,
    lambda x, y, out: where(y == 0.0, where(x == 0.0, 0.0, -x / y), -x / y),
    "Return x * log(x / y) for positive numbers, 0 for x = 0 and y >= 0, and inf elsewhere.\n\n"
    ">>> rel_entr(2.0, 2.0)\n0.0",
    ((0.0, 30.0), (0.0, 30.0)), never_raises=True,
)  # fmt: skip
kl_div = binary(
    "kl_div", entropies.kl_div,
    lambda x, y, out: _log_ratio(x, y),
    lambda x, y, out: where(y == 0.0, where(x == 0.0, 1.0, -x / y), _distance_ratio(x, y)),
    "Return x * log(x / y) - x + y for positive numbers, y for x = 0 and y >= 0, and inf elsewhere.\n\n"
    ">>> kl_div(2.0, 2.0)\n0.0",
    ((0.0, 30.0), (0.0, 30.0)), never_raises=True,
)  # fmt: skip

# Gamma functions

gammaln = unary(
    "gammaln", incomplete_gamma.gammaln, lambda x, out: digamma(x),
    "Return log(abs(gamma(x))), of all digits near 1 and 2 too, and inf at its poles.\n\n"
    ">>> gammaln(1.0)\n0.0",
    (0.0, 1e3), never_raises=True,
)  # fmt: skip
stirling: Primitive = binary(
    "stirling⁽ⁿ⁾", incomplete_gamma.stirling,
    None,
    lambda x, y, out: stirling(x + 1, y),
    "Return the derivative of order x of log(gamma(y)) - (y - 1/2) log(y) + y - log(2 pi) / 2, for "
    "y of 12 + 2 x or more.\n\n"
    ">>> stirling(0, 1e20)\n8.333333333333333e-22",
    ((0.0, 3.0), (25.0, 1e3)), symbol="Δ", never_raises=True,
)  # fmt: skip
gammainc: Primitive = binary(
    "gammainc", incomplete_gamma.gammainc,
    lambda x, y, out: gammainc_by_shape(x, y),
    lambda x, y, out: gammainc_slope(x, y),
    "Return the integral of t**(x - 1) exp(-t) / gamma(x) from 0 to y; by x it has a first derivative.\n\n"
    ">>> gammainc(1.0, 0.0)\n0.0",
    ((1.0, 40.0), (0.0, 60.0)), never_raises=True, never_negative_zero=True,
)  # fmt: skip
gammaincc: Primitive = binary(
    "gammaincc", incomplete_gamma.gammaincc,
    lambda x, y, out: -gammainc_by_shape(x, y),
    lambda x, y, out: -gammainc_slope(x, y),
    "Return 1 - gammainc(x, y), of all digits in its tail too.\n\n>>> gammaincc(1.0, 0.0)\n1.0",
    ((1.0, 40.0), (0.0, 60.0)), never_raises=True, never_negative_zero=True,
)  # fmt: skip
gammainc_slope: Primitive = binary(
    "gammainc′", incomplete_gamma.gammainc_slope,
    lambda x, y, out: where(out == 0.0, 0.0, out * (log(y) - digamma(x))),
    lambda x, y, out: where(y == 0.0, gammainc_slope(x - 1.0, y) - out, out * ((x - 1.0 - y) / y)),
    "Return y**(x - 1) exp(-y) / gamma(x), the derivative of gammainc.\n\n>>> gammainc_slope(1.0, 0.0)\n1.0",
    ((0.0, 40.0), (0.0, 60.0)), never_raises=True, never_negative_zero=True,
)  # fmt: skip


def _slope_by_shape(x: Any, y: Any) -> Any:
    slope = gammainc_slope(x, y)
    near = exp(-y) / y  # the limit
    return where(x == 0.0, near, where(slope == 0.0, 0.0, slope * (log(y) - digamma(x))))


gammainc_by_shape: Primitive = binary(
    "∂gammainc/∂a", incomplete_gamma.gammainc_by_shape,
    None,
    lambda x, y, out: _slope_by_shape(x, y),
    "Return the derivative of gammainc(x, y) by x; by x it has none here.\n\n"
    ">>> gammainc_by_shape(1.0, 0.0)\n0.0",
    ((0.0, 40.0), (0.0, 60.0)), never_raises=True,
)  # fmt: skip

# Bessel functions of whole order

iv: Primitive = binary(
    "iv", bessel.iv,
    None,
    lambda x, y, out: 0.5 * (iv(x - 1.0, y) + iv(x + 1.0, y)),  # DLMF 10.29.1, in which nothing cancels
    "Return the modified Bessel function I of whole order x, at y.\n\n>>> iv(0.0, 0.0)\n1.0",
    ((0.0, 5.0), (-50.0, 50.0)), symbol="I", never_raises=True,
)  # fmt: skip
jv: Primitive = binary(
    "jv", bessel.jv,
    None,
    lambda x, y, out: 0.5 * (jv(x - 1.0, y) - jv(x + 1.0, y)),  # DLMF 10.6.1
    "Return the Bessel function J of whole order x, at y.\n\n>>> jv(0.0, 0.0)\n1.0",
    ((0.0, 5.0), (-50.0, 50.0)), symbol="J", never_raises=True,
)  # fmt: skip
yn: Primitive = binary(
    "yn", bessel.yn,
    None,
    lambda x, y, out: 0.5 * (yn(x - 1.0, y) - yn(x + 1.0, y)),  # DLMF 10.6.1
    "Return the Bessel function Y of whole order x, at y >= 0.\n\n>>> yn(0.0, 0.0)\n-inf",
    ((0.0, 5.0), (0.0, 50.0)), symbol="Y", never_raises=True,
)  # fmt: skip
i0e = unary(
    "i0e", bessel.i0e, lambda x, out: sign(x) * i0e_derivative(1.0, abs(x)),
    "Return exp(-abs(x)) times the modified Bessel function I of order 0.\n\n>>> i0e(0.0)\n1.0",
    (0.0, 300.0), never_raises=True, never_negative_zero=True,
)  # fmt: skip
i0e_derivative: Primitive = binary(
    "i0e⁽ⁿ⁾", bessel.i0e_derivative,
    None,
    lambda x, y, out: i0e_derivative(x + 1, y),
    "Return the derivative of order x = 0, 1, 2, ..., 12 of i0e, at y >= 0.\n\n"
    ">>> i0e_derivative(0, 0.0)\n1.0",
    ((0.0, 3.0), (0.0, 60.0)), never_raises=True,
)  # fmt: skip
i1e = unary(
    "i1e", bessel.i1e, lambda x, out: i0e_derivative(1.0, abs(x)) + i0e_derivative(2.0, abs(x)),
    "Return exp(-abs(x)) times the modified Bessel function I of order 1.\n\n>>> i1e(0.0)\n0.0",
    (0.0, 300.0), never_raises=True,
)  # fmt: skip
