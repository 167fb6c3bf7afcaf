"""NumPy's ufuncs on Values: those that it lacks for objects, and those that follow other rules on them.

Single Values, and arrays of objects that are the user's own, follow the rules of Python's floats. Arrays that
the library made follow those of NumPy's arrays of floats: inf and NaN where Python raises an error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import copysign
from typing import Any

import numpy as np

from .. import math, ops
from ..engine import Value, new_node, record
from ..engine.recording import blocks, told
from ..ops import Primitive
from ..support.real_numbers import inf, nan, real

_LARGEST = 1.7976931348623157e308


def elementwise_ufunc(function: Callable[..., Any], operands: int, results: int = 1) -> Any:
    """Return a function of numbers as a ufunc on arrays of objects."""
    return np.frompyfunc(function, operands, results)


def _reorderable(primitive: Callable[..., Any], identity: float | None) -> Any:
    """Return a primitive as a ufunc that reduces along several axes at once, in any order, as NumPy's does.

    Args:
        primitive: one of two operands.
        identity: what it gives for no numbers; None if that is an error.
    """
    return np.frompyfunc(primitive, 2, 1, identity=identity)


def _clip(x: Any, low: Any, high: Any) -> Any:
    return ops.clip_above(ops.clip_below(x, low), high)  # as np.clip, also where low > high


def _logaddexp2(x: Any, y: Any) -> Any:
    return ops.logaddexp(x * math.log(2.0), y * math.log(2.0)) / math.log(2.0)


def _heaviside(x: Any, y: Any) -> Any:
    return y if x == 0.0 else x if math.isnan(x) else 1.0 if x > 0.0 else 0.0


UFUNCS = {
    "arctan2": elementwise_ufunc(ops.atan2, 2),
    "clip": elementwise_ufunc(_clip, 3),
    "copysign": elementwise_ufunc(ops.copysign, 2),
    "divmod": elementwise_ufunc(divmod, 2, 2),
    "exp2": elementwise_ufunc(ops.exp2, 1),
    "fabs": elementwise_ufunc(ops.fabs, 1),
    "float_power": elementwise_ufunc(ops.power, 2),
    "fmax": _reorderable(ops.fmax, None),
    "fmin": _reorderable(ops.fmin, None),
    "fmod": elementwise_ufunc(ops.fmod, 2),
    "frexp": elementwise_ufunc(math.frexp, 1, 2),
    "heaviside": elementwise_ufunc(_heaviside, 2),
    "hypot": _reorderable(ops.hypot, 0.0),
    "ldexp": elementwise_ufunc(ops.ldexp, 2),
    "logaddexp": _reorderable(ops.logaddexp, -inf),
    "logaddexp2": _reorderable(_logaddexp2, -inf),
    "maximum": _reorderable(ops.maximum, None),
    "minimum": _reorderable(ops.minimum, None),
    "modf": elementwise_ufunc(math.modf, 1, 2),
    "nextafter": elementwise_ufunc(ops.nextafter, 2),
    "sign": elementwise_ufunc(ops.sign, 1),
    "spacing": elementwise_ufunc(ops.ulp, 1),
}
"""What is called in the place of a ufunc, by its name."""

_UNARY = {
    **{name: getattr(ops, name) for name in "exp expm1 log log2 log10 log1p sqrt cbrt sin cos tan".split()},
    **{name: getattr(ops, name) for name in "sinh cosh tanh degrees radians".split()},
    **{f"arc{name}": getattr(ops, f"a{name}") for name in "sin cos tan sinh cosh tanh".split()},
    "rad2deg": ops.degrees,
    "deg2rad": ops.radians,
    "rint": ops.round_half_even,
}
# For objects NumPy calls the method of this name, which the plain numbers among Values (the 0.0 that np.where
# or np.pad put in, say) do not have.
UFUNCS |= {name: elementwise_ufunc(primitive, 1) for name, primitive in _UNARY.items()}
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "power": operator.pow, "floor_divide": operator.floordiv, "remainder": operator.mod, "divmod": divmod,
    "equal": operator.eq, "not_equal": operator.ne, "less": operator.lt, "less_equal": operator.le,
    "greater": operator.gt, "greater_equal": operator.ge,
}  # fmt: skip
"""Ufuncs that NumPy asks for where one of its numbers stands on the left of an operator."""
QUESTIONS = {"isfinite", "isinf", "isnan", "signbit"}
"""Ufuncs that are answered with a bool, from the plain numbers."""


# On arrays that the library made


def quick(primitive: Primitive) -> Callable[[Any], Any]:
    """Return a primitive of one operand as a function on a Value or a number, which raises as Python does."""

    def apply(x: Any) -> Any:
        return record(primitive, (x,)) if isinstance(x, Value) else primitive(x)

    return apply


def in_ieee(primitive: Primitive) -> Callable[..., Any]:
    """Return a primitive as a function on Values and numbers that gives inf or NaN where Python raises.

    Those who observe are told that it does so for all numbers.
    """
    ieee = primitive.ieee

    def apply(*operands: Any) -> Any:
        items = tuple([x if isinstance(x, Value) else real(x) for x in operands])
        given = ieee(*[x._number if isinstance(x, Value) else x for x in items])
        out = given if type(given) is float else primitive.result(given)
        if not any(isinstance(x, Value) for x in items):
            return out
        node = record(primitive, items, out)
        if blocks:
            for observer in told():
                observer.ieee(node)
        return node

    return apply


def followed() -> bool:
    """Say whether anybody, in another thread too, repeats for other numbers what is computed here."""
    return bool(blocks) and any(observer.follows for observer in told())


_floordiv, _modulo, _divide = in_ieee(ops.floordiv), in_ieee(ops.modulo), in_ieee(ops.divide)


def _whole(primitive: Primitive) -> Callable[[Any], Any]:
    """Return a rounding as NumPy's is, whose zeros have the sign of the number."""
    rounded = in_ieee(primitive)

    def apply(x: Any) -> Any:
        if isinstance(x, Value) and not (blocks and followed()):
            number = x._number
            return new_node(primitive.name, copysign(primitive.ieee(number), number), x, 0.0, None, nan)
        whole = rounded(x)
        return ops.copysign(whole.detach() if isinstance(whole, Value) else whole, x)

    return apply


def _sign(x: Any) -> Any:
    if isinstance(x, Value) and not (blocks and followed()):
        return new_node("sign", ops.sign.value(x._number) + 0.0, x, 0.0, None, nan)
    return ops.sign(x) + 0.0  # of -0.0 too, it is 0.0


def _spacing(x: Any) -> Any:
    size = abs(x)
    if size >= _LARGEST:
        return x * inf if size == _LARGEST else x - x
    return -ops.ulp(x) if x < 0.0 else ops.ulp(x)


ARRAY_UFUNCS = {
    **UFUNCS,
    **{name: elementwise_ufunc(quick(primitive), 1) for name, primitive in _UNARY.items()},
    **{name: elementwise_ufunc(_whole(getattr(ops, name)), 1) for name in ("floor", "ceil", "trunc")},
    "rint": elementwise_ufunc(_whole(ops.round_half_even), 1),
    "sign": elementwise_ufunc(_sign, 1),
    "spacing": elementwise_ufunc(_spacing, 1),
}
"""What is called in the place of a ufunc on such an array."""

_MAY_RAISE: dict[str, Primitive] = {
    **{name: primitive for name, primitive in _UNARY.items() if not primitive.never_raises},
    "divide": ops.divide, "power": ops.power, "float_power": ops.power, "floor_divide": ops.floordiv,
    "remainder": ops.modulo, "fmod": ops.fmod, "ldexp": ops.ldexp, "exp2": ops.exp2,
}  # fmt: skip
del _MAY_RAISE["rint"]
IEEE_UFUNCS = {
    **{name: elementwise_ufunc(in_ieee(p), len(p.domain)) for name, p in _MAY_RAISE.items()},
    "divmod": elementwise_ufunc(lambda x, y: (_floordiv(x, y), _modulo(x, y)), 2, 2),
    "reciprocal": elementwise_ufunc(lambda x: _divide(1.0, x), 1),
}
"""What is called in the place of one of these that raised an error."""
NUMPYS_NAMES = {primitive.name: name for name, primitive in _MAY_RAISE.items() if name != "float_power"}
"""The ufunc that computes what a primitive does, where that may give a warning."""


# In norms and deviations, whose derivative is 0 where they are 0 (PyTorch's rule)

_power = in_ieee(ops.power)


def _power_in_norm(x: Any, exponent: Any) -> Any:
    """Return a power of a number of 0 or more, with derivative 0 where it or the number is 0."""
    if x == 0.0 and exponent > 0.0:
        return x * 0.0
    if (x == 0.0 or x == inf) and exponent < 0.0:
        return ops.sign(x) * 0.0 if x == inf else inf
    return _power(x, exponent)


IN_NORMS = {
    "sqrt": elementwise_ufunc(in_ieee(ops.root), 1),
    "power": elementwise_ufunc(_power_in_norm, 2),
}
"""What is called in the place of a ufunc inside a norm or a standard deviation."""
