"""SciPy's special functions on Values: what is recorded in the place of a ufunc of `scipy.special`, by its
name.

On arrays that the library made, a function that Python's `math` has gives inf or NaN where that raises.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Any

import numpy as np

from .. import math, ops
from ..engine import Value
from ..support.real_numbers import inf
from ..support.refusals import NoDerivativeError
from .ufunc_table import elementwise_ufunc, in_ieee, quick

_HALF_LOG_TWO_PI = 0.9189385332046727
_FAR = 25.0
"""From where on Stirling's series is known, with its derivatives up to order 5."""


def _betaln(a: Any, b: Any) -> Any:
    """Return log(abs(beta(a, b))), by Stirling's series, for neither it nor its derivatives may cancel."""
    if not (a > 0.0 and b > 0.0):
        return ops.gammaln(a) + ops.gammaln(b) - ops.gammaln(a + b)
    large, small = (a, b) if a >= b else (b, a)
    result = 0.0
    while large < _FAR:  # gamma(x) = gamma(x + 1) / x
        result = result + math.log1p(small / large)
        large = large + 1.0
    result = result - (large - 0.5) * math.log1p(small / large) + ops.stirling(0.0, large)
    result = result - ops.stirling(0.0, large + small)
    if small < _FAR:
        return result - small * (math.log(large + small) - 1.0) + ops.gammaln(small)
    result = result - small * math.log1p(large / small) - 0.5 * math.log(small)
    return result + _HALF_LOG_TWO_PI + ops.stirling(0.0, small)


def _beta(a: Any, b: Any) -> Any:
    if a > 0.0 and b > 0.0:
        return math.exp(_betaln(a, b))
    return ops.gamma(a) * ops.gamma(b) / ops.gamma(a + b)


def _erfcinv(x: Any) -> Any:
    return ops.ndtri(0.5 * x) * -0.7071067811865476


def _order(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    def apply(n: Any, x: Any) -> Any:
        if isinstance(n, Value):
            raise TypeError(f"{name} has no derivative with respect to its order; pass a plain number there")
        if n != round(n):
            raise NoDerivativeError(f"{name} of Values is there for whole orders only, not for order {n!r}")
        return function(float(n), x)

    return apply


def _ive(n: Any, x: Any) -> Any:
    if n == 0.0:
        return ops.i0e(x)
    return ops.i1e(x) if abs(n) == 1.0 else math.exp(-abs(x)) * ops.iv(n, x)


def _rgamma(x: Any) -> Any:
    return 1.0 / ops.gamma(x) if x < 170.0 else math.exp(-ops.gammaln(x))


def _huber(delta: Any, r: Any) -> Any:
    if delta < 0.0:
        return inf
    size = abs(r)
    return 0.5 * r * r if size <= delta else delta * (size - 0.5 * delta)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    if delta < 0.0:
        return inf
    if delta == 0.0 or r == 0.0:
        return 0.0 * r
    ratio = r / delta  # sqrt(1 + v) - 1 = v / (sqrt(1 + v) + 1)
    return r * r / (ops.hypot(1.0, ratio) + 1.0)


def _boxcox(x: Any, power: Any) -> Any:
    logarithm = math.log(x)
    return (
        logarithm if power == 0.0 and not isinstance(power, Value) else _exprel(power * logarithm) * logarithm
    )


def _exprel(x: Any) -> Any:
    """Return (exp(x) - 1) / x, near 0 by its series, of which all derivatives are near those of the
    function.
    """
    if abs(x) > 0.5:
        return math.expm1(x) / x
    result: Any = 1.0
    for k in range(19, 1, -1):
        result = 1.0 + x / k * result
    return result


_BY_PRIMITIVE: dict[str, ops.Primitive] = {
    **{name: getattr(ops, name) for name in "erf erfc erfcx erfinv ndtr log_ndtr ndtri logit entr".split()},
    **{name: getattr(ops, name) for name in "xlogy xlog1py rel_entr kl_div gammaln gamma".split()},
    **{name: getattr(ops, name) for name in "gammainc gammaincc i0e i1e".split()},
    "psi": ops.digamma,
    "digamma": ops.digamma,
    "expit": ops.sigmoid,
    "log_expit": ops.logsigmoid,
}
_BY_FUNCTION: dict[str, tuple[Callable[..., Any], int]] = {
    "beta": (_beta, 2),
    "betaln": (_betaln, 2),
    "erfcinv": (_erfcinv, 1),
    "exp10": (lambda x: 10.0**x, 1),
    "exprel": (_exprel, 1),
    "boxcox": (_boxcox, 2),
    "huber": (_huber, 2),
    "pseudo_huber": (_pseudo_huber, 2),
    "rgamma": (_rgamma, 1),
    "i0": (lambda x: ops.iv(0.0, x), 1),
    "i1": (lambda x: ops.iv(1.0, x), 1),
    "j0": (lambda x: ops.jv(0.0, x), 1),
    "j1": (lambda x: ops.jv(1.0, x), 1),
    "y0": (lambda x: ops.yn(0.0, x), 1),
    "y1": (lambda x: ops.yn(1.0, x), 1),
    "iv": (_order(ops.iv, "iv"), 2),
    "ive": (_order(_ive, "ive"), 2),
    "jv": (_order(ops.jv, "jv"), 2),
    "jn": (_order(ops.jv, "jn"), 2),
    "yv": (_order(ops.yn, "yv"), 2),
    "yn": (_order(ops.yn, "yn"), 2),
}
NAMES = frozenset({*_BY_PRIMITIVE, *_BY_FUNCTION})
"""The ufuncs of `scipy.special` that there are on Values."""

_ON_VALUES = {
    **{name: elementwise_ufunc(quick(p), 1) for name, p in _BY_PRIMITIVE.items() if len(p.domain) == 1},
    **{name: elementwise_ufunc(p, 2) for name, p in _BY_PRIMITIVE.items() if len(p.domain) == 2},
    **{name: elementwise_ufunc(function, count) for name, (function, count) in _BY_FUNCTION.items()},
}
_ON_ARRAYS = {
    **_ON_VALUES,
    **{
        name: elementwise_ufunc(in_ieee(primitive), len(primitive.domain))
        for name, primitive in _BY_PRIMITIVE.items()
        if not primitive.never_raises
    },
}

_NEAREST = {
    "betainc": "gammainc, or autograd.scipy.stats.beta.logpdf",
    "hyp1f1": "gammainc", "hyp2f1": "betaln", "kn": "iv", "kv": "iv", "k0": "i0", "k1": "i1", "kve": "ive",
    "k0e": "i0e", "k1e": "i1e", "loggamma": "gammaln", "poch": "gammaln", "binom": "betaln",
    "spherical_jn": "jv", "jve": "jv", "gammaincinv": "gammainc", "gammainccinv": "gammaincc",
    "btdtr": "betaln", "gdtr": "gammainc", "pdtr": "gammaincc", "chdtr": "gammainc", "stdtr": "betaln",
    "log_wright_bessel": "gammaln", "owens_t": "ndtr", "dawsn": "erfcx", "wofz": "erfcx", "erfi": "erfcx",
    "expi": "gammaincc", "exp1": "gammaincc", "expn": "gammaincc", "zeta": "autograd.math.polygamma",
    "spence": "log1p", "boxcox1p": "boxcox", "inv_boxcox": "boxcox", "inv_boxcox1p": "boxcox",
    "cosm1": "autograd.numpy.cos", "ndtri_exp": "ndtri", "log1pmx": "log1p", "lgam1p": "gammaln",
}  # fmt: skip


def is_scipys(ufunc: np.ufunc) -> bool:
    """Say whether a ufunc is one of `scipy.special`, which has to be loaded for that."""
    special = sys.modules.get("scipy.special")
    return special is not None and getattr(special, ufunc.__name__, None) is ufunc


def special_function(name: str, arrays: bool) -> Any:
    """Return what is called in the place of a ufunc of `scipy.special`.

    Args:
        name: that of the ufunc, one of NAMES.
        arrays: whether an operand follows NumPy's rules.
    """
    return (_ON_ARRAYS if arrays else _ON_VALUES)[name]


def not_there(name: str) -> str:
    """Return the message that a ufunc of `scipy.special` does not work on Values, with what is near it."""
    near: Sequence[str] = get_close_matches(name, sorted(NAMES), 1, 0.7)
    nearest = _NEAREST.get(name) or (near[0] if near else None)
    write = f"the nearest that is there is {nearest}" if nearest else f"there are {', '.join(sorted(NAMES))}"
    message = f"SciPy's {name} does not work on Values; {write}"
    return f"{message}; or give it a derivative with autograd.custom_gradient"
