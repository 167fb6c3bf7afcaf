"""NumPy's ufuncs on Values: those that it lacks for objects, and those that follow other rules on them."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import math, ops


def elementwise_ufunc(function: Callable[..., Any], operands: int, results: int = 1) -> Any:
    """Return a function of numbers as a ufunc on arrays of objects."""
    return np.frompyfunc(function, operands, results)


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
    "fmax": elementwise_ufunc(ops.fmax, 2),
    "fmin": elementwise_ufunc(ops.fmin, 2),
    "fmod": elementwise_ufunc(ops.fmod, 2),
    "frexp": elementwise_ufunc(math.frexp, 1, 2),
    "heaviside": elementwise_ufunc(_heaviside, 2),
    "hypot": elementwise_ufunc(ops.hypot, 2),
    "ldexp": elementwise_ufunc(ops.ldexp, 2),
    "logaddexp": elementwise_ufunc(ops.logaddexp, 2),
    "logaddexp2": elementwise_ufunc(_logaddexp2, 2),
    "maximum": elementwise_ufunc(ops.maximum, 2),
    "minimum": elementwise_ufunc(ops.minimum, 2),
    "modf": elementwise_ufunc(math.modf, 1, 2),
    "nextafter": elementwise_ufunc(ops.nextafter, 2),
    "sign": elementwise_ufunc(ops.sign, 1),
    "spacing": elementwise_ufunc(ops.ulp, 1),
}
"""What is called in the place of a ufunc, by its name."""

# For objects NumPy calls the method of this name, which the plain numbers among Values (the 0.0 that np.where
# or np.pad put in, say) do not have.
UFUNCS |= {
    name: elementwise_ufunc(getattr(ops, primitive), 1)
    for name, primitive in [
        *[(name, name) for name in "exp expm1 log log2 log10 log1p sqrt cbrt sin cos tan".split()],
        *[(name, name) for name in "sinh cosh tanh degrees radians".split()],
        *[(f"arc{name}", f"a{name}") for name in "sin cos tan sinh cosh tanh".split()],
        *[("rad2deg", "degrees"), ("deg2rad", "radians"), ("rint", "round_half_even")],
    ]
}
OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "subtract": operator.sub, "multiply": operator.mul, "divide": operator.truediv,
    "power": operator.pow, "floor_divide": operator.floordiv, "remainder": operator.mod, "divmod": divmod,
    "equal": operator.eq, "not_equal": operator.ne, "less": operator.lt, "less_equal": operator.le,
    "greater": operator.gt, "greater_equal": operator.ge,
}  # fmt: skip
"""Ufuncs that NumPy asks for where one of its numbers stands on the left of an operator."""
QUESTIONS = {"isfinite", "isinf", "isnan", "signbit"}
"""Ufuncs that are answered with a bool, from the plain numbers."""
