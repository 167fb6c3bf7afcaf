"""Derivatives of special functions to as many digits as are asked for: truncated Taylor series, as in
`exact`.

A function is written as what defines it: by its derivative, or by known series; nothing here knows the table.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from exact import ORDER, Series, exp, gamma, lgamma, log, of_slope, variables
from mpmath import mp
from oracle import ORACLE


def _as_series(x: Any) -> Series:
    assert isinstance(x, Series)
    return x


def _density(x: Series) -> Series:
    return _as_series(exp(-x * x / 2) * (1 / mp.sqrt(2 * mp.pi)))


_ndtr = of_slope(ORACLE["ndtr"], _density)


def _inverse(value: Callable[[Any], Any], slope: Callable[[Series], Series]) -> Callable[[Series], Series]:
    """Return the series of y(x) with y' = slope(y), by as many turns as there are terms."""

    def function(x: Series) -> Series:
        y = Series({(0, 0): value(x.value)})
        for _ in range(ORDER):
            rate = slope(y)
            terms = {(n + 1, 0): c / (n + 1) for (n, _), c in rate.terms.items() if n < ORDER}
            y = Series({(0, 0): y.value, **terms})
        return x.composed([y.derivative(k, 0) for k in range(ORDER + 1)])

    return function


def _bessel(function: Callable[[int, Any], Any], sign: int) -> Callable[[Series, Series], Series]:
    """Return a series of a Bessel function with f(n)' = (f(n - 1) + sign f(n + 1)) / 2 (DLMF 10.6.7,
    10.29.5).
    """

    def series(n: Series, x: Series) -> Series:
        order = int(n.value)
        at = {k: function(order + k, x.value) for k in range(-ORDER, ORDER + 1)}
        derivatives = [
            mp.fsum(mp.binomial(j, k) * sign**k * at[2 * k - j] for k in range(j + 1)) / mp.mpf(2) ** j
            for j in range(ORDER + 1)
        ]
        return x.composed(derivatives)

    return series


_iv = _bessel(mp.besseli, 1)
_GAMMA = {"gammainc": 1, "gammaincc": -1}


def _gamma_density(a: Series, x: Series) -> Series:
    return exp((a - 1) * log(x) - x - lgamma(a))


def _incomplete_gamma(name: str) -> Callable[[Series, Series], Series]:
    def function(a: Series, x: Series) -> Series:
        value = ORACLE[name]
        fixed = Series({(0, 0): a.value})
        return of_slope(lambda y: value(a.value, y), lambda y: _gamma_density(fixed, y) * _GAMMA[name])(x)

    return function


def _incomplete_gamma_by_shape(a: Series, x: Series) -> Series:
    fixed = Series({(0, 0): a.value})
    rate = mp.psi(0, a.value)
    return of_slope(
        lambda y: ORACLE["∂gammainc/∂a"](a.value, y), lambda y: _gamma_density(fixed, y) * (log(y) - rate)
    )(x)


def _size(x: Series) -> Series:
    return x if x.value >= 0 else -x


def _family(function: Callable[[Series], Series]) -> Callable[[Series, Series], Series]:
    """Return the n-th derivative of a function as a series; of orders that are in sum too high, too few
    terms.
    """

    def series(n: Series, x: Series) -> Series:
        order = int(n.value)
        at = function(variables(x.value)[0])
        return x.composed(
            [at.derivative(order + k, 0) for k in range(ORDER + 1 - order)] + [mp.mpf(0)] * order
        )

    return series


def _scaled(order: int) -> Callable[[Series], Series]:
    def function(x: Series) -> Series:
        size = _size(x)
        result = exp(-size) * _iv(Series({(0, 0): mp.mpf(order)}), size)
        return result if order == 0 or x.value >= 0 else -result

    return function


def _stirling(x: Series) -> Series:
    return _as_series(lgamma(x) - (x - mp.mpf(1) / 2) * log(x) + x - mp.log(2 * mp.pi) / 2)


def _erfcx(x: Series) -> Series:
    at = x.value
    slopes = [ORACLE["erfcx"](at)]
    for n in range(ORDER):  # DLMF 7.18.7
        slopes.append(2 * at * slopes[-1] + (2 * n * slopes[-2] if n else -2 / mp.sqrt(mp.pi)))
    return x.composed(slopes)


EXACT_SPECIAL: dict[str, Callable[..., Series]] = {
    "ndtr": _ndtr,
    "ndtr′": _density,
    "log_ndtr": lambda x: log(_ndtr(x)),
    "log_ndtr⁽ⁿ⁾": _family(lambda x: log(_ndtr(x))),
    "ndtri": _inverse(ORACLE["ndtri"], lambda y: 1 / _density(y)),
    "erfcx": _erfcx,
    "erfcx⁽ⁿ⁾": _family(_erfcx),
    "erfinv": _inverse(mp.erfinv, lambda y: exp(y * y) * (mp.sqrt(mp.pi) / 2)),
    "logit": lambda x: log(x) - log(1 - x),
    "xlogy": lambda x, y: x * log(y),
    "xlog1py": lambda x, y: x * log(1 + y),
    "entr": lambda x: -x * log(x),
    "rel_entr": lambda x, y: x * (log(x) - log(y)),
    "kl_div": lambda x, y: x * (log(x) - log(y)) - x + y,
    "gammaln": lgamma,
    "gamma": gamma,
    "gammainc": _incomplete_gamma("gammainc"),
    "gammaincc": _incomplete_gamma("gammaincc"),
    "gammainc′": _gamma_density,
    "∂gammainc/∂a": _incomplete_gamma_by_shape,
    "stirling⁽ⁿ⁾": _family(_stirling),
    "iv": _iv,
    "jv": _bessel(mp.besselj, -1),
    "yn": _bessel(lambda n, x: ORACLE["yn"](n, x), -1),
    "i0e": _scaled(0),
    "i0e⁽ⁿ⁾": _family(_scaled(0)),
    "i1e": _scaled(1),
}
