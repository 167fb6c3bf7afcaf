"""SciPy's special functions that are composed of others, on Values and floats.

As SciPy's do they never raise for a number: at the ends of their domains they are the limit, outside NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import math, ops
from ..engine import Value
from ..support.real_numbers import inf
from ..support.refusals import NoDerivativeError
from .ufunc_table import in_ieee

_exp, _expm1, _log, _gamma = (in_ieee(x) for x in (ops.exp, ops.expm1, ops.log, ops.gamma))
_power = in_ieee(ops.power)

_HALF_LOG_TWO_PI = 0.9189385332046727
_FAR = 25.0
"""From where on Stirling's series is known, with its derivatives up to order 5."""
_HUGE = 700.0
"""A number whose exponential is nearly the largest float."""


def betaln(a: Any, b: Any) -> Any:
    """Return log(abs(beta(a, b))), by Stirling's series, for neither it nor its derivatives may cancel.

    Raises:
        NoDerivativeError: a, or b, and a + b are poles of the gamma function, where no derivative is known.
    """
    if not (a > 0.0 and b > 0.0):
        if (_is_pole(a) or _is_pole(b)) and _is_pole(a + b):
            raise NoDerivativeError(
                f"beta of Values has no derivative at a = {a!r}, b = {b!r}, where poles of gamma "
                "meet, nor has betaln"
            )
        return ops.gammaln(a) + ops.gammaln(b) - ops.gammaln(a + b)
    large, small = (a, b) if a >= b else (b, a)
    if large == inf:
        return -small * _log(large)
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


def _is_pole(x: Any) -> bool:
    return bool(x <= 0.0 and x % 1.0 == 0.0)


def beta(a: Any, b: Any) -> Any:
    """Return gamma(a) gamma(b) / gamma(a + b)."""
    size = _exp(betaln(a, b))
    if a > 0.0 and b > 0.0:
        return size
    return size * (_sign_of_gamma(a) * _sign_of_gamma(b) * _sign_of_gamma(a + b))


def _sign_of_gamma(x: Any) -> float:
    return 1.0 if x > 0.0 or x % 2.0 <= 1.0 else -1.0  # at poles, SciPy's


def rgamma(x: Any) -> Any:
    """Return 1 / gamma(x), which has no poles: at those of gamma it is 0, and has a derivative."""
    if x >= 0.5:
        return 1.0 / _gamma(x) if x < 170.0 else _exp(-ops.gammaln(x))
    if x == -inf:
        return x - x
    beyond = math.remainder(x, 1.0)  # for sin(pi x) near its zeros
    sine = math.sin(math.pi * beyond)
    if (x - beyond) % 2.0 == 1.0:
        sine = -sine
    if x > -169.0:
        return sine * _gamma(1.0 - x) / math.pi  # DLMF 5.5.3
    return sine * _exp(ops.clip_above(ops.gammaln(1.0 - x) - _HUGE, _HUGE)) * math.exp(_HUGE) / math.pi


def exprel(x: Any) -> Any:
    """Return (exp(x) - 1) / x, near 0 by its series, of which all derivatives are near those of the
    function.
    """
    if x == inf:
        return _exp(x)
    if abs(x) > 0.5:
        return _expm1(x) / x
    result: Any = 1.0
    for k in range(19, 1, -1):
        result = 1.0 + x / k * result
    return result


def boxcox(x: Any, power: Any) -> Any:
    """Return (x**power - 1) / power, and log(x) where the power is 0."""
    logarithm = _log(x)
    if power == 0.0 and not isinstance(power, Value):
        return logarithm
    if x == 0.0 or x == inf:
        return (_power(x, power) - 1.0) / power if power != 0.0 else logarithm * _exp(-power)
    return exprel(power * logarithm) * logarithm


def huber(delta: Any, r: Any) -> Any:
    """Return Huber's loss of a residual r: half its square up to delta, then a line."""
    if delta < 0.0:
        return inf
    size = abs(r)
    return 0.5 * r * r if size <= delta else delta * (size - 0.5 * delta)


def pseudo_huber(delta: Any, r: Any) -> Any:
    """Return delta**2 (sqrt(1 + (r / delta)**2) - 1), which neither cancels nor overflows on the way."""
    if delta < 0.0:
        return inf
    if abs(r) == inf and delta > 0.0:
        return delta * abs(r)
    if delta == 0.0 and r == 0.0:
        return delta * r
    return delta * r * (r / (ops.hypot(delta, r) + delta))


def erfcinv(x: Any) -> Any:
    """Return the number whose complementary error function is x."""
    return ops.ndtri(0.5 * x) * -0.7071067811865476


def exp10(x: Any) -> Any:
    """Return 10**x."""
    return _power(10.0, x)


def of_whole_order(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """Return a function of an order and a number as one that refuses orders of which nothing is known."""

    def apply(n: Any, x: Any) -> Any:
        if isinstance(n, Value):
            raise TypeError(f"{name} has no derivative with respect to its order; pass a plain number there")
        if not float(n).is_integer():
            raise NoDerivativeError(f"{name} of Values is there for whole orders only, not for order {n!r}")
        return function(float(n), x)

    return apply


def ive(n: float, x: Any) -> Any:
    """Return exp(-abs(x)) I(n, x).

    Where I overflows, it comes by recurrence from orders 0 and 1 (DLMF 10.29.1), in which errors grow as
    exp(n**2 / x).

    Raises:
        NoDerivativeError: they would grow too much.
    """
    if n == 0.0:
        return ops.i0e(x)
    order, size = abs(n), abs(x)
    if order == 1.0:
        return ops.i1e(x)
    if size <= _HUGE:
        return _exp(-size) * ops.iv(n, x)
    if order * order > 4.0 * size:
        raise NoDerivativeError(
            f"ive of Values of order {n:g} is known up to x = {_HUGE:g} and from {order * order / 4.0:g} on, "
            f"not at {x!r}"
        )
    before, out = ops.i0e(x), ops.i1e(x)
    for k in range(1, int(order)):
        before, out = out, before - 2.0 * k / x * out
    return out
