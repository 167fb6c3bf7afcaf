"""What a formula may contain: constants, functions and operators, and what is written instead of others."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .. import math, ops
from ..engine import Value
from ..ops import Primitive
from ..ops.primitive import is_ours

CONSTANTS: dict[str, float] = {name: getattr(math, name) for name in ("e", "inf", "nan", "pi", "tau")}
"""The constants by their names."""

_NOT_FROM_NUMBERS_TO_A_NUMBER = {
    "isclose", "isfinite", "isinf", "isnan", "isnormal", "issubnormal", "signbit", "where",  # conditions
    "dist", "frexp", "fsum", "log_softmax", "modf", "prod", "softmax", "sort", "sumprod",  # sequences, pairs
    "comb", "factorial", "gcd", "isqrt", "lcm", "perm",  # whole numbers, of any size
}  # fmt: skip


def _polygamma(n: Any, x: Any, /) -> Any:
    if isinstance(n, Value) or n not in range(171):  # 171! is beyond the floats
        raise ValueError("the order must be a whole number from 0 to 170, without variables")
    return math.polygamma(n, x)


def _ldexp(x: Any, n: Any, /) -> Any:
    if isinstance(n, Value) or not n.is_integer():
        raise ValueError("the exponent must be a whole number, without variables")
    return math.ldexp(x, int(n))


_OF_MATH: dict[str, Callable[..., Any]] = {
    name: getattr(math, name)
    for name in math.__all__
    if name not in CONSTANTS and name not in _NOT_FROM_NUMBERS_TO_A_NUMBER
} | {"abs": abs, "ldexp": _ldexp, "polygamma": _polygamma}


class _Functions(Mapping[str, Callable[..., Any]]):
    """What there is now: somebody may enter a primitive at any time."""

    def __getitem__(self, name: str) -> Callable[..., Any]:
        return _OF_MATH.get(name) or self._entered()[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**_OF_MATH, **self._entered()})

    def __len__(self) -> int:
        return len({**_OF_MATH, **self._entered()})

    def _entered(self) -> dict[str, Primitive]:
        return {name: x for name, x in ops.TABLE.items() if name.isidentifier() and not is_ours(x)}


FUNCTIONS = _Functions()
"""The functions by their names: those of `autograd.math` from real numbers to a real number, abs, and the
primitives that others have entered into the table."""

OPERATORS: dict[str, tuple[int, Callable[..., Any]]] = {
    "+": (1, operator.add), "-": (1, operator.sub),
    "*": (2, operator.mul), "/": (2, operator.truediv), "//": (2, operator.floordiv), "%": (2, operator.mod),
    "**": (4, ops.power),  # Python's operator makes complex numbers of negative floats
}  # fmt: skip
"""The operators between two operands, with how tightly they bind."""

SIGN = 3  # -x**2 is -(x**2), and -x*y is (-x)*y

KNOWN_AS = {
    "arccos": "acos", "arccosh": "acosh", "arcsin": "asin", "arcsinh": "asinh", "arctan": "atan",
    "arctan2": "atan2", "arctanh": "atanh", "ceiling": "ceil", "lb": "log2",
    "lg": "log10", "ln": "log", "logistic": "sigmoid", "max": "maximum", "min": "minimum", "power": "pow",
    "psi": "digamma", "sgn": "sign", "swish": "silu", "tg": "tan", "π": "pi", "τ": "tau",
}  # fmt: skip
"""Names from elsewhere, and what the same is called here."""

INSTEAD = {
    "^": "write ** for a power", "²": "write **2", "³": "write **3", "√": "write sqrt(...)",
    "×": "write *", "·": "write *", "⋅": "write *", "÷": "write /", "−": "write -", "–": "write -",
    "[": "parentheses are round", "{": "parentheses are round", "|": "write abs(...)",
    "!": "write gamma(n + 1) for the factorial of n",
    "=": "variables get their numbers outside the formula",
}  # fmt: skip
"""Characters that a formula must not contain, and what to write."""


def arity(function: Callable[..., Any]) -> tuple[int, float]:
    """Return how many arguments a function takes at least and at most."""
    if isinstance(function, Primitive):
        return len(function.derivatives), len(function.derivatives)
    at_least, at_most = 0, 0.0
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            return 1, float("inf")
        if parameter.kind is not parameter.KEYWORD_ONLY:
            at_least += parameter.default is parameter.empty
            at_most += 1
    return at_least, at_most
