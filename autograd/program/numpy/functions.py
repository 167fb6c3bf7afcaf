"""What the operations of a program do with NumPy arrays, in IEEE arithmetic.

An operation that NumPy computes as exactly as Python does is a ufunc; one that it lacks is the formula of
`ops.floats` on arrays. The rest goes number by number: the gamma functions, whose versions in SciPy
lose digits near the poles, what is rounded once, and the user's own primitives, which nobody knows on arrays.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...ops import named
from ...support.real_numbers import inf, nan
from ..straight_line.program import RELATIONS, WHOLE, related

Array = NDArray[Any]
ArrayFunction = Callable[..., Any]
"""Of the operands, arrays of one shape or of no dimension, and the array that the result is written to, which
is none of the operands."""

# Arrays of no dimension are operands that NumPy takes up faster than floats.
_ZERO, _HALF, _ONE, _TWO = (np.array(x) for x in (0.0, 0.5, 1.0, 2.0))
_INF, _MINUS_INF = np.array(inf), np.array(-inf)
_MINUS_HALF, _MINUS_ROOT_HALF = np.array(-0.5), np.array(-math.sqrt(0.5))
_ROOT_TWO_PI, _TWO_OVER_ROOT_PI = np.array(math.sqrt(2.0 * math.pi)), np.array(2.0 / math.sqrt(math.pi))
_GELU_TAIL, _SILU_TAIL = np.array(-5.0), np.array(-700.0)
_SMALL_ENOUGH = np.array(700.0)
_LARGE = np.array(1e308)


# One number at a time


def number_function(op: str) -> Callable[..., Any]:
    """Return what an operation does with floats: inf or NaN where Python raises.

    It is NaN whatever the error of a function of the user's may be, for it may be one of a point at which a
    guard does not hold.
    """
    if op == "where":
        return lambda condition, x, y: x if condition else y
    if op in RELATIONS:
        return lambda x, y: related(op, x, y)
    function = named(op).ieee if op[-1] != "…" else _ROUNDED_ONCE.get(op[:-1]) or WHOLE[op[:-1]]

    def number(*operands: float) -> float:
        try:
            return float(function(*operands))
        except Exception:
            return nan

    return number


def _fsum(*terms: float) -> float:
    try:
        return math.fsum(terms)
    except OverflowError:
        return inf if sum(map(Fraction, terms)) > 0 else -inf


def _fma(x: float, y: float, z: float) -> float:
    try:
        return WHOLE["fma"](x, y, z)
    except OverflowError:
        return inf if Fraction(x) * Fraction(y) + Fraction(z) > 0 else -inf


_ROUNDED_ONCE: dict[str, Callable[..., float]] = {"fsum": _fsum, "fma": _fma}


# Arrays


def array_function(op: str) -> ArrayFunction:
    """Return what an operation does with arrays."""
    if op in _WITH_SCIPY:
        return _with_scipy(op)
    return _FUNCTIONS.get(op) or _elementwise(op)


def _elementwise(op: str) -> ArrayFunction:
    number = number_function(op)
    quick = WHOLE[op[:-1]] if op[-1] == "…" else named(op).value

    def apply(*operands_and_out: Array) -> None:
        *operands, out = operands_and_out
        numbers = [x.tolist() if x.ndim else [x.item()] * len(out) for x in operands]
        try:
            out[:] = list(map(quick, *numbers))
        except Exception:
            out[:] = list(map(number, *numbers))

    return apply


def _power(x: Array, y: Array, out: Array) -> None:
    special = None if y.ndim else _POWERS.get(y.item())
    if special is None:
        np.power(x, y, out)
    else:
        special(x, out)


def _root(x: Array, out: Array) -> None:
    np.sqrt(np.add(x, _ZERO), out)  # (-0.0)**0.5 is 0.0
    np.copyto(out, _INF, where=np.equal(x, _MINUS_INF))


def _cube(x: Array, out: Array) -> None:
    np.multiply(x, x, out)
    np.multiply(out, x, out)


# As exact as np.power, and many times faster. For 0.5 NumPy itself takes the square root, even of -0.0.
_POWERS: dict[float, ArrayFunction] = {-1.0: np.reciprocal, 0.5: _root, 2.0: np.square, 3.0: _cube}


def _with_scipy(op: str) -> ArrayFunction:
    try:
        from scipy import special
    except ImportError:
        return _elementwise(op)
    function: ArrayFunction = getattr(special, op)
    return function


# Within 2.5 units in the last place, unlike SciPy's erfc, of whose tail up to nine bits are wrong.
_WITH_SCIPY = {"erf"}


def _where(condition: Array, x: Array, y: Array, out: Array) -> None:
    out[:] = np.where(condition, x, y)


def _asin_slope(x: Array, out: Array) -> None:
    np.subtract(_ONE, x, out)
    np.multiply(out, np.add(_ONE, x), out)
    np.sqrt(out, out)
    np.divide(_ONE, out, out)


def _acosh_slope(x: Array, out: Array) -> None:
    np.sqrt(np.subtract(x, _ONE), out)
    np.multiply(out, np.sqrt(np.add(x, _ONE)), out)
    np.divide(_ONE, out, out)


def _sech(x: Array, out: Array) -> None:
    np.absolute(x, out)
    far = np.multiply(_TWO, np.exp(np.negative(out)))
    near = np.divide(_ONE, np.cosh(x))
    out[:] = np.where(np.less(out, _SMALL_ENOUGH), near, far)


def _sign(x: Array, out: Array) -> None:
    np.sign(x, out)
    np.copysign(out, x, out)  # of zeros


def _exponent(x: Array, y: Array, out: Array) -> None:
    whole = y.item() if y.ndim == 0 else nan
    if abs(whole) < 1e9 and whole % 1.0 == 0.0:
        np.ldexp(x, int(whole), out)
    else:
        _LDEXP(x, y, out)


_LDEXP = _elementwise("ldexp")


def _ulp(x: Array, out: Array) -> None:
    np.absolute(x, out)
    infinite = np.equal(out, _INF)
    np.minimum(out, _LARGE, out=out)  # beyond the largest number there is none to take the distance to
    np.spacing(out, out)
    np.copyto(out, _INF, where=infinite)


def _rounding(ufunc: ArrayFunction) -> ArrayFunction:
    def apply(x: Array, out: Array) -> None:
        ufunc(x, out)
        np.add(out, _ZERO, out)  # Python rounds to an int, which knows no -0.0

    return apply


def _relu(x: Array, out: Array) -> None:
    np.maximum(x, _ZERO, out=out)
    np.add(out, _ZERO, out)  # no -0.0


def _leaky_relu(x: Array, slope: Array, out: Array) -> None:
    np.multiply(slope, x, out)
    out[:] = np.where(np.greater(x, _ZERO), x, out)


def _elu(x: Array, alpha: Array, out: Array) -> None:
    np.expm1(x, out)
    np.multiply(alpha, out, out)
    out[:] = np.where(np.greater(x, _ZERO), x, out)


def _sigmoid(x: Array, out: Array) -> None:
    np.absolute(x, out)
    np.negative(out, out)
    np.exp(out, out)
    numerator = np.where(np.greater_equal(x, _ZERO), _ONE, out)
    np.add(_ONE, out, out)
    np.divide(numerator, out, out)


def _softplus(x: Array, out: Array) -> None:
    np.absolute(x, out)
    np.negative(out, out)
    np.exp(out, out)
    np.log1p(out, out)
    np.add(np.maximum(x, _ZERO), out, out)


def _logsigmoid(x: Array, out: Array) -> None:
    _softplus(np.negative(x), out)
    np.negative(out, out)


def _sigmoid_slope(x: Array, out: Array) -> None:
    _sigmoid(x, out)
    other = np.empty_like(out)
    _sigmoid(np.negative(x), other)
    np.multiply(out, other, out)


def _silu(x: Array, out: Array) -> None:
    _sigmoid(x, out)
    np.multiply(x, out, out)
    _where_below(_SILU_TAIL, x, out, _SILU)


def _silu_slope(x: Array, out: Array) -> None:
    _sigmoid(np.negative(x), out)
    np.add(_ONE, np.multiply(x, out, out), out)
    other = np.empty_like(out)
    _sigmoid(x, other)
    np.multiply(other, out, out)


def _gelu(x: Array, out: Array) -> None:
    _ERFC(np.multiply(x, _MINUS_ROOT_HALF), out)
    np.multiply(np.multiply(_HALF, x), out, out)
    _where_below(_GELU_TAIL, x, out, _GELU)


def _where_below(bound: Array, x: Array, out: Array, function: ArrayFunction) -> None:
    """Put into an array what a function gives where the operand is less than a bound."""
    if (below := np.less(x, bound)).any():
        part = np.empty(int(below.sum()) if out.ndim else 1)
        function(np.broadcast_to(x, out.shape)[below], part)
        out[below] = part


def _gelu_slope(x: Array, out: Array) -> None:
    _ERFC(np.multiply(x, _MINUS_ROOT_HALF), out)
    np.multiply(_HALF, out, out)
    density = np.exp(np.multiply(np.multiply(_MINUS_HALF, x), x))
    np.add(out, np.divide(np.multiply(x, density), _ROOT_TWO_PI), out)


_ERFC, _GELU, _SILU = (_elementwise(name) for name in ("erfc", "gelu", "silu"))
GATHER = _elementwise("gather…")
"""Number by number; `gathering` does it for all points at once, where it knows where the operands are."""


def _erf_slope(x: Array, out: Array) -> None:
    np.exp(np.multiply(np.negative(x), x), out)
    np.multiply(_TWO_OVER_ROOT_PI, out, out)


def _atan_slope(x: Array, out: Array) -> None:
    np.divide(_ONE, np.add(_ONE, np.multiply(x, x, out), out), out)


def _atan2_slope(x: Array, y: Array, out: Array) -> None:
    distance = np.hypot(x, y)
    np.divide(np.divide(y, distance, out), distance, out)


def _atanh_slope(x: Array, out: Array) -> None:
    np.subtract(_ONE, x, out)
    np.divide(_ONE, np.multiply(out, np.add(_ONE, x), out), out)


def _hypot_slope(x: Array, y: Array, out: Array) -> None:
    distance = np.hypot(x, y)
    np.divide(x, distance, out)
    np.copyto(out, _ZERO, where=np.equal(distance, _ZERO))


def _choice(relation: ArrayFunction, other_is_nan: bool) -> ArrayFunction:
    """Return max, min, fmax or fmin: a tie gives the first operand, even of 0.0 and -0.0.

    Args:
        relation: of the first operand to the second where it is chosen.
        other_is_nan: whether it is chosen if the other one is NaN; otherwise, if it is itself.
    """

    def apply(x: Array, y: Array, out: Array) -> None:
        not_a_number = y if other_is_nan else x
        # Both may be numbers without dimensions, in the first turn of a loop.
        first = np.logical_or(relation(x, y), np.not_equal(not_a_number, not_a_number))
        out[:] = np.where(first, x, y)

    return apply


_MAXIMUM = _choice(np.greater_equal, False)
_MINIMUM = _choice(np.less_equal, False)

_FUNCTIONS: dict[str, ArrayFunction] = {
    "where": _where,
    "<": np.less, "<=": np.less_equal, "==": np.equal, "!=": np.not_equal, ">": np.greater,
    ">=": np.greater_equal,
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": _power, "pow": _power,
    "//": np.floor_divide, "%": np.remainder, "neg": np.negative, "abs": np.absolute, "fabs": np.absolute,
    "sqrt": np.sqrt, "root": np.sqrt, "cbrt": np.cbrt, "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1,
    "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
    "sin": np.sin, "cos": np.cos, "tan": np.tan, "asin": np.arcsin, "acos": np.arccos, "atan": np.arctan,
    "atan2": np.arctan2, "degrees": np.degrees, "radians": np.radians,
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "asinh": np.arcsinh, "acosh": np.arccosh,
    "atanh": np.arctanh, "asin′": _asin_slope, "acosh′": _acosh_slope, "atan′": _atan_slope,
    "atan2′": _atan2_slope, "atanh′": _atanh_slope, "sech": _sech,
    "erfc": _ERFC, "gather…": GATHER, "erf′": _erf_slope, "hypot′": _hypot_slope,
    "hypot": np.hypot, "fsum": np.add, "copysign": np.copysign, "sign": _sign, "fmod": np.fmod,
    "ldexp": _exponent, "fraction": lambda x, out: np.modf(x, out, np.empty_like(out)), "whole": np.trunc,
    "nextafter": np.nextafter, "ulp": _ulp,
    "floor": _rounding(np.floor), "ceil": _rounding(np.ceil), "trunc": _rounding(np.trunc),
    "round": _rounding(np.rint),
    "relu": _relu, "leaky_relu": _leaky_relu, "elu": _elu, "sigmoid": _sigmoid, "logsigmoid": _logsigmoid,
    "sigmoid′": _sigmoid_slope, "softplus": _softplus, "silu": _silu, "silu′": _silu_slope, "gelu": _gelu,
    "gelu′": _gelu_slope, "logaddexp": np.logaddexp,
    "max": _MAXIMUM, "min": _MINIMUM, "clip_below": _MAXIMUM, "clip_above": _MINIMUM,
    "fmax": _choice(np.greater_equal, True), "fmin": _choice(np.less_equal, True),
}  # fmt: skip
