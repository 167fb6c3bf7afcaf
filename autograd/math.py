"""The standard library's `math`, on Values as on floats: change `import math` to `from autograd import math`.

Every name of Python's module, of versions 3.11 to 3.15, is here. Floats in give what Python gives, errors
included; a Value anywhere in gives a Value out, whose number is the one Python gives for the floats. Then
there are the functions of neural networks and of statistics that Python lacks (relu, sigmoid, softplus,
logsumexp, digamma, ...). The functions of one or two numbers are the primitives of `ops`.

>>> from autograd import Value, math
>>> x = Value(0.5)
>>> math.sin(x).data == math.sin(0.5)
True
"""

from __future__ import annotations

import math as _math
from math import comb, e, factorial, gcd, inf, isqrt, lcm, nan, perm, pi, tau
from typing import TYPE_CHECKING, Any

from . import ops
from .engine import Value, no_grad, record
from .engine.ordering import in_order
from .engine.recording import blocks, raised, told
from .ops import floats as _floats
from .ops import where
from .ops.table import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atanh,
    cbrt,
    copysign,
    cos,
    cosh,
    degrees,
    digamma,
    erf,
    erfc,
    exp,
    exp2,
    expm1,
    fabs,
    fmax,
    fmin,
    fmod,
    gamma,
    gelu,
    ldexp,
    lgamma,
    log1p,
    log2,
    log10,
    logaddexp,
    logsigmoid,
    polygamma,
    pow,
    radians,
    relu,
    remainder,
    sigmoid,
    sign,
    silu,
    sin,
    sinh,
    softplus,
    sqrt,
    tan,
    tanh,
    ulp,
)
from .support.real_numbers import real
from .support.slips import answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .ops import Primitive

__all__ = [
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "clip", "comb", "copysign",
    "cos", "cosh", "degrees", "digamma", "dist", "e", "elu", "erf", "erfc", "exp", "exp2", "expm1", "fabs",
    "factorial", "floor", "fma", "fmax", "fmin", "fmod", "frexp", "fsum", "gamma", "gcd", "gelu", "hypot",
    "inf", "isclose", "isfinite", "isinf", "isnan", "isnormal", "isqrt", "issubnormal", "lcm", "ldexp",
    "leaky_relu", "lgamma", "log", "log10", "log1p", "log2", "log_softmax", "logaddexp", "logsigmoid",
    "logsumexp", "maximum", "minimum", "modf", "nan", "nextafter", "perm", "pi", "polygamma", "pow", "prod",
    "radians", "relu", "remainder", "sigmoid", "sign", "signbit", "silu", "sin", "sinh", "softmax",
    "softplus", "sort", "sqrt", "sumprod", "tan", "tanh", "tau", "trunc", "ulp", "where",
]  # fmt: skip

answer(__name__, {
    "ln": "write log(x)", "sgn": "write sign(x)", "power": "write pow(x, y), or x**y",
    "arcsin": "write asin(x)", "arccos": "write acos(x)", "arctan": "write atan(x)",
    "arctan2": "write atan2(y, x)", "arcsinh": "write asinh(x)", "arccosh": "write acosh(x)",
    "arctanh": "write atanh(x)", "abs": "write abs(x)", "absolute": "write abs(x)", "round": "write round(x)",
    "sum": "write sum(values), or fsum(values)", "mean": "write sum(values) / len(values)",
    "max": "write max(values)", "min": "write min(values)", "square": "write x**2",
    "clamp": "write clip(x, low, high)",
    "expit": "write sigmoid(x)", "logit": "write log(x / (1 - x))", "psi": "write digamma(x)",
    "loggamma": "write lgamma(x)", "gammaln": "write lgamma(x)", "rsqrt": "write 1 / sqrt(x)",
    "cot": "write 1 / tan(x)", "sec": "write 1 / cos(x)", "csc": "write 1 / sin(x)",
    "sinc": "write sin(x) / x, and 1 at 0", "dot": "write sumprod(p, q)", "norm": "write hypot(*values)",
    "deg2rad": "write radians(x)", "rad2deg": "write degrees(x)", "heaviside": "write where(x < 0, 0.0, 1.0)",
})  # fmt: skip


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__file__", "__name__"]


def _data(x: Any) -> Any:  # of any number; the engine's `data_of`, when compiled, takes floats alone
    return x.data if isinstance(x, Value) else x


def _apply(primitive: Primitive, x: Any, y: Any, out: float, whole: str, operands: Sequence[Any]) -> Value:
    """Record the last step of a longer operation, with the value of the whole, rounded once.

    Args:
        primitive: the last step.
        x: its first operand.
        y: its second.
        out: the value of the whole.
        whole: the name of the longer operation.
        operands: what that is applied to.
    """
    node = record(primitive, tuple([x if isinstance(x, Value) else real(x) for x in (x, y)]), out)
    if blocks:
        for observer in told():
            observer.whole(node, whole, operands)
    return node


def _rounded_once(whole: str, operands: Sequence[Any], value: Callable[..., float], *numbers: Any) -> float:
    """Return the value of a longer operation; an error of it is told to those who observe this thread."""
    try:
        return value(*numbers)
    except (ArithmeticError, ValueError) as error:
        raised(whole, operands, error)
        raise


def _any_value(numbers: Iterable[Any]) -> bool:
    return any(isinstance(x, Value) for x in numbers)


# Logarithms and whole numbers


def log(x: Any, base: Any = None, /) -> Any:
    """Return the logarithm of x > 0 to the given base, the natural one by default.

    Raises:
        ValueError: x or the base is 0 or negative.
        ZeroDivisionError: the base is 1.

    >>> log(8.0, 2.0)
    3.0
    """
    return ops.log(x) if base is None else ops.log(x) / ops.log(base)


def floor(x: Any, /) -> Any:
    """Return the largest whole number not above x: an int, or for a Value a Value with derivative 0.

    >>> floor(-0.5)
    -1
    """
    return ops.floor(x) if isinstance(x, Value) else _math.floor(x)


def ceil(x: Any, /) -> Any:
    """Return the smallest whole number not below x: an int, or for a Value a Value with derivative 0.

    >>> ceil(0.5)
    1
    """
    return ops.ceil(x) if isinstance(x, Value) else _math.ceil(x)


def trunc(x: Any, /) -> Any:
    """Return x without its fractional part: an int, or for a Value a Value with derivative 0.

    >>> trunc(-0.5)
    0
    """
    return ops.trunc(x) if isinstance(x, Value) else _math.trunc(x)


def modf(x: Any, /) -> tuple[Any, Any]:
    """Return the fractional and the whole part of x, both with the sign of x.

    >>> modf(-2.5)
    (-0.5, -2.0)
    """
    return (ops.fraction(x), ops.whole(x)) if isinstance(x, Value) else _math.modf(x)


def frexp(x: Any, /) -> tuple[Any, int]:
    """Return m and the int n with x = m * 2**n and 0.5 <= abs(m) < 1; (x, 0) for 0, inf and NaN.

    >>> frexp(6.0)
    (0.75, 3)
    """
    if not isinstance(x, Value):
        return _math.frexp(x)
    exponent = _math.frexp(x.data)[1]
    if blocks and not isinf(x) and x == x and x != 0.0:  # noted by whoever follows where it comes from
        _ = _math.ldexp(0.5, exponent) <= abs(x) and abs(x) / 2.0 < _math.ldexp(0.5, exponent)
    return ops.ldexp(x, -exponent), exponent


def nextafter(x: Any, y: Any, /, *, steps: int | None = None) -> Any:
    """Return the float next to x towards y, or `steps` floats further on (0 or more).

    >>> nextafter(1.0, 0.0)
    0.9999999999999999
    """
    if steps is None:
        return ops.nextafter(x, y)
    if not isinstance(steps, int):
        raise TypeError(f"steps must be an int, not {type(steps).__name__!r}")
    if steps < 0:
        raise ValueError(f"steps must be 0 or more, not {steps}")
    start, target = float(_data(x)), float(_data(y))
    reached = _steps_after(start, target, steps)
    if not _any_value((x, y)):
        return reached
    return _apply(ops.nextafter, x, y, reached, "nextafter", (x, y, steps))


def _steps_after(x: float, y: float, steps: int) -> float:
    if steps == 0 or x != x:
        return x
    if y != y:
        return y
    # The floats in order are numbered by their bits; the number of -0.0 is that of 0.0.
    start, target = _rank(x), _rank(y)
    rank = min(start + steps, target) if start < target else max(start - steps, target)
    if rank == target:
        return y
    return _float_of_rank(rank) if rank else _math.copysign(0.0, x)


def _rank(x: float) -> int:
    from struct import pack, unpack

    (bits,) = unpack("<q", pack("<d", x))
    return int(bits) if bits >= 0 else -int(bits & 0x7FFFFFFFFFFFFFFF)


def _float_of_rank(rank: int) -> float:
    from struct import pack, unpack

    (x,) = unpack("<d", pack("<q", abs(rank)))
    return _math.copysign(x, rank)


# Questions about numbers: answered with a bool


def isclose(a: Any, b: Any, *, rel_tol: float = 1e-09, abs_tol: float = 0.0) -> bool:
    """Say whether a and b differ by no more than rel_tol of the larger one, or abs_tol.

    >>> isclose(1.0, 1.0 + 1e-12)
    True
    """
    if not _any_value((a, b, rel_tol, abs_tol)):
        return _math.isclose(a, b, rel_tol=rel_tol, abs_tol=abs_tol)
    if rel_tol < 0.0 or abs_tol < 0.0:
        raise ValueError("tolerances must be non-negative")
    if a == b:
        return True
    if isinf(a) or isinf(b):
        return False
    difference = abs(b - a)
    return bool(difference <= abs(rel_tol * b) or difference <= abs(rel_tol * a) or difference <= abs_tol)


def isfinite(x: Any, /) -> bool:
    """Say whether x is neither infinite nor NaN."""
    return -inf < x < inf if isinstance(x, Value) else _math.isfinite(x)


def isinf(x: Any, /) -> bool:
    """Say whether x is infinite."""
    return x == inf or x == -inf if isinstance(x, Value) else _math.isinf(x)


def isnan(x: Any, /) -> bool:
    """Say whether x is NaN."""
    return x != x if isinstance(x, Value) else _math.isnan(x)


def isnormal(x: Any, /) -> bool:
    """Say whether x is finite, not zero and not subnormal."""
    return isfinite(x) and bool(x >= 2.0**-1022 or x <= -(2.0**-1022))


def issubnormal(x: Any, /) -> bool:
    """Say whether x is not zero and smaller than 2**-1022, so that digits are lost."""
    return isfinite(x) and bool(-(2.0**-1022) < x < 2.0**-1022 and x != 0.0)


def signbit(x: Any, /) -> bool:
    """Say whether the sign of x is negative, which -0.0 and some NaNs have too."""
    return bool(copysign(1.0, x) < 0.0)


# Many numbers


def hypot(*coordinates: Any) -> Any:
    """Return the length of the vector with these coordinates, without overflow; 0 for none.

    The gradient is the unit vector, and 0 at the origin.

    >>> hypot(2.0, 3.0, 6.0)
    7.0
    """
    if not _any_value(coordinates):
        return _math.hypot(*coordinates)
    if len(coordinates) == 1:
        return ops.absolute(*coordinates)
    total = coordinates[0]
    for x in coordinates[1:-1]:
        total = ops.hypot(total, x)
    length = _math.hypot(*map(_data, coordinates))
    return _apply(ops.hypot, total, coordinates[-1], length, "hypot", coordinates)


def dist(p: Sequence[Any], q: Sequence[Any], /) -> Any:
    """Return the distance of the points p and q, sequences of equally many coordinates.

    Raises:
        ValueError: the points have different numbers of coordinates.

    >>> dist([1.0, 1.0], [4.0, 5.0])
    5.0
    """
    if not _any_value((*p, *q)):
        return _math.dist(p, q)
    if len(p) != len(q):
        raise ValueError(
            f"both points must have the same number of coordinates; they have {len(p)} and {len(q)}"
        )
    return hypot(*[x - y for x, y in zip(p, q, strict=True)])


def prod(iterable: Iterable[Any], /, *, start: Any = 1) -> Any:
    """Return the product of the start value and the numbers.

    >>> prod([2.0, 3.0])
    6.0
    """
    result = start
    for x in iterable:
        result = x if isinstance(result, int) and result == 1 and isinstance(x, Value) else result * x
    return result


def fsum(seq: Iterable[Any], /) -> Any:
    """Return the sum of the numbers, rounded once, so that no digits are lost on the way.

    Raises:
        OverflowError: a partial sum is beyond the range of a float.

    >>> fsum([0.1] * 10)
    1.0
    """
    numbers = list(seq)
    exact = _rounded_once("fsum", numbers, _math.fsum, map(_data, numbers))
    return _exact_sum(numbers, exact, "fsum", numbers) if _any_value(numbers) else exact


def _exact_sum(terms: list[Any], exact: float, whole: str, operands: list[Any]) -> Any:
    total = terms[0] if len(terms) > 1 else 0.0
    for x in terms[1:-1]:
        total = total + x
    return _apply(ops.fsum, total, terms[-1], exact, whole, operands)


def sumprod(p: Iterable[Any], q: Iterable[Any], /) -> Any:
    """Return the sum of the products of the pairs of p and q, rounded once.

    Raises:
        ValueError: p and q are of different lengths.

    >>> sumprod([1.0, 2.0], [3.0, 4.0])
    11.0
    """
    p, q = list(p), list(q)
    if len(p) != len(q):
        raise ValueError(f"Inputs are not the same length: {len(p)} and {len(q)}")
    if not _any_value((*p, *q)):
        if all(type(x) is int for x in (*p, *q)):
            return sum(x * y for x, y in zip(p, q, strict=True))
        return _floats.sumprod(p, q)
    exact = _floats.sumprod([float(_data(x)) for x in p], [float(_data(y)) for y in q])
    return _exact_sum([x * y for x, y in zip(p, q, strict=True)], exact, "sumprod", [*p, *q])


def fma(x: Any, y: Any, z: Any, /) -> Any:
    """Return x * y + z, rounded once.

    Raises:
        ValueError: 0 times infinity, or a sum of opposite infinities.
        OverflowError: the result is beyond the range of a float.

    >>> fma(0.1, 10.0, -1.0)
    5.551115123125783e-17
    """
    exact = _rounded_once("fma", (x, y, z), _floats.fma, *[float(_data(number)) for number in (x, y, z)])
    if not _any_value((x, y, z)):
        return exact
    return _exact_sum([x * y, z], exact, "fma", [x, y, z])


def maximum(*numbers: Any) -> Any:
    """Return the largest of the numbers, or of those in one iterable; NaN if any is.

    A tie shares the gradient half and half, where the builtin `max` gives all of it to the first.

    Raises:
        ValueError: there is no number.

    >>> maximum(1.0, 3.0, 2.0)
    3.0
    """
    return _chain(ops.maximum, numbers, "maximum")


def minimum(*numbers: Any) -> Any:
    """Return the smallest of the numbers, or of those in one iterable; NaN if any is.

    A tie shares the gradient half and half, where the builtin `min` gives all of it to the first.

    Raises:
        ValueError: there is no number.

    >>> minimum([1.0, 3.0, 2.0])
    1.0
    """
    return _chain(ops.minimum, numbers, "minimum")


def sort(numbers: Iterable[Any], /) -> list[Any]:
    """Return the numbers in rising order, NaN last.

    A function that is compiled needs no path for each order, as with the builtin `sorted` it does; this holds
    for up to 256 numbers.

    >>> sort([3.0, 1.0, 2.0])
    [1.0, 2.0, 3.0]
    """
    return in_order(list(numbers))


def logsumexp(*numbers: Any) -> Any:
    """Return log(exp(x1) + exp(x2) + ...) of the numbers, or of those in one iterable, without overflow.

    Its gradient is the softmax of the numbers. The error is a few units in the last place of the largest
    number: where the result is near 0, as for -log(2) twice, it has as many digits as that leaves.

    Raises:
        ValueError: there is no number.

    >>> logsumexp(1000.0, 1000.0)
    1000.6931471805599
    """
    return _chain(ops.logaddexp, numbers, "logsumexp")


def _chain(primitive: Primitive, numbers: tuple[Any, ...], name: str) -> Any:
    if len(numbers) == 1 and hasattr(numbers[0], "__iter__"):
        numbers = tuple(numbers[0])
    if not numbers:
        raise ValueError(f"{name} of no numbers")
    result = numbers[0]
    for x in numbers[1:]:
        result = primitive(result, x)
    return result


# Neural networks


def leaky_relu(x: Any, slope: Any = 0.01, /) -> Any:
    """Return x where it is positive, else slope * x (Maas et al., 2013); its derivative at 0 is the slope.

    >>> leaky_relu(-2.0)
    -0.02
    """
    return ops.leaky_relu(x, slope)


def elu(x: Any, alpha: Any = 1.0, /) -> Any:
    """Return x where it is positive, else alpha * (exp(x) - 1) (Clevert et al., 2015).

    >>> elu(2.0)
    2.0
    """
    return ops.elu(x, alpha)


def clip(x: Any, low: Any, high: Any, /) -> Any:
    """Return x, but no less than low and no more than high; on the limits the gradient is that of x.

    Raises:
        ValueError: low is greater than high.

    >>> clip(7.0, 0.0, 5.0)
    5.0
    """
    if low > high:
        raise ValueError(f"clip needs low <= high, not {_data(low)!r} and {_data(high)!r}")
    return ops.clip_above(ops.clip_below(x, low), high)


def log_softmax(numbers: Iterable[Any], /) -> list[Any]:
    """Return the logarithms of the softmax of the numbers, none of which underflows.

    Raises:
        ValueError: there is no number.

    >>> log_softmax([1000.0, 0.0])
    [0.0, -1000.0]
    """
    logits = list(numbers)
    if not logits:
        raise ValueError("log_softmax of no numbers")
    # The result does not depend on a constant added to all logits; this one keeps digits.
    largest: Any = max(map(_data, logits))
    if blocks:  # somebody may follow where it comes from
        with no_grad():
            largest = maximum(*logits)
    shifted = [x - largest for x in logits]
    total = logsumexp(shifted)
    return [x - total for x in shifted]


def softmax(numbers: Iterable[Any], /) -> list[Any]:
    """Return exp(x1), exp(x2), ... of the numbers divided by their sum: positive numbers that add up to 1.

    Raises:
        ValueError: there is no number.

    >>> softmax([1000.0, 1000.0])
    [0.5, 0.5]
    """
    return [ops.exp(x) for x in log_softmax(numbers)]
