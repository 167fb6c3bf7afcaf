"""The operations of a program in JavaScript: an expression for each, and the functions that Math lacks.

In the texts, `@name` is a function of FUNCTIONS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

from ...ops import TABLE

_MATH = "acos acosh asin asinh atan atan2 atanh cbrt cos cosh exp expm1 log log1p log2 sin sinh sqrt tan"
_OURS = (
    "copysign digamma elu erf erfc exp2 fmax fmin fraction gamma gelu ldexp leaky_relu lgamma "
    "log10 logaddexp logsigmoid nextafter polygamma relu remainder round_to sech sigmoid sign silu softplus "
    "tanh ulp"
)

CALLS = {
    **{name: f"Math.{name}" for name in _MATH.split()},
    **{name: f"@{name}" for name in _OURS.split()},
    "**": "@power",
    "pow": "@power",
    "abs": "Math.abs",
    "fabs": "Math.abs",
    "root": "Math.sqrt",
    "whole": "Math.trunc",
    "hypot": "@distance",
    "fma…": "@fma",
    "//": "@floor_division",
    "%": "@modulo",
    "max": "@maximum",
    "min": "@minimum",
    "clip_below": "@maximum",
    "clip_above": "@minimum",
    "asin′": "@asin_slope",
    "atan′": "@atan_slope",
    "atan2′": "@atan2_slope",
    "atanh′": "@atanh_slope",
    "erf′": "@erf_slope",
    "gelu′": "@gelu_slope",
    "hypot′": "@hypot_slope",
    "sigmoid′": "@sigmoid_slope",
    "silu′": "@silu_slope",
    "acosh′": "@acosh_slope",
    "nextafter…": "@steps_after",
    "hypot…": "@distance",
}
"""Operations that are calls of a function."""

OPERATORS = {"+": "+", "fsum": "+", "-": "-", "*": "*", "/": "/", "fmod": "%"}
"""Operations that are written with an operator between the operands."""

FACTORS = {"degrees": 180.0 / math.pi, "radians": math.pi / 180.0}
"""Operations that are products with a number."""

ROUNDED = {"floor": "Math.floor", "ceil": "Math.ceil", "trunc": "Math.trunc", "round": "@nearest"}
"""Operations to whole numbers, to which 0.0 is added, for Python's whole numbers have no -0."""

OF_AN_ARRAY = {"fsum…": "@exact_sum", "sumprod…": "@exact_sum_of_products", "gather…": "@gathered"}
"""Operations on an array of numbers."""

_OF_C = {
    **{name: f"Math.{name}" for name in _MATH.split()},
    **{
        name: f"@{name}" for name in "copysign erf erfc exp2 fmax fmin log10 nextafter remainder tanh".split()
    },
    **{name: f"Math.{name}" for name in ("ceil", "floor", "trunc")},
    "fabs": "Math.abs",
    "hypot": "@distance",
    "pow": "@power",
    "tgamma": "@gamma",
    "lgamma": "@lgamma",
    "fma": "@fma",
    "nearbyint": "@nearest",
    "rint": "@nearest",
    "INFINITY": "Infinity",
    "NAN": "NaN",
    "M_PI": "Math.PI",
    "M_E": "Math.E",
}
"""What an expression in C may name, in JavaScript."""


def from_c(op: str) -> str:
    """Return the expression of a primitive that says how C computes it, in JavaScript.

    Raises:
        TypeError: it does not say so, or in a way that is none of JavaScript.
    """
    primitive = TABLE.get(op)
    text = primitive.c if primitive is not None else None
    if text is None:
        raise TypeError(
            f"the primitive {op!r} cannot be written in JavaScript, for its value is a function of "
            'Python; if its entry is yours, say there how C computes it, such as c="log1p({0})"'
        )
    unknown = [name for name in _NAME.findall(text) if name not in _OF_C]
    if unknown:
        raise TypeError(
            f"the primitive {op!r} cannot be written in JavaScript: {unknown[0]!r} in {text!r} is not among "
            f"what can be translated from C, which is {', '.join(sorted(_OF_C))}"
        )
    return _NAME.sub(lambda found: _OF_C[found[0]], text)


_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_CALLED = re.compile(r"@(\w+)")
PREFIX = "own_"
"""What the names of functions begin with in a program."""


def functions(needs: Iterable[str]) -> str:
    """Return the text of the functions of these names and of those that they call."""
    needed: set[str] = set()
    todo = [*needs]
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += _CALLED.findall(FUNCTIONS[name])
    return "\n".join(with_names(text) for name, text in FUNCTIONS.items() if name in needed)


def with_names(text: str) -> str:
    """Return a text in which the names of functions are complete."""
    return _CALLED.sub(lambda found: PREFIX + found[1], text)


def _parted(text: str) -> dict[str, str]:
    """Return the text of each function by its name."""
    parts = {}
    for part in re.split(r"\n\n(?=function|//)", text.strip())[1:]:
        name = re.search(rf"^function {PREFIX}(\w+)\(", part, re.MULTILINE)
        assert name is not None
        parts[name[1]] = re.sub(rf"\b{PREFIX}(?=\w)", "@", f"{part}\n")
    return parts


FUNCTIONS = _parted(Path(__file__).with_suffix(".js").read_text(encoding="utf-8"))
"""The text of each function."""

RAISING = frozenset(re.findall(r'"(\S+?)"(?=:)', " ".join(re.findall(r"case .*", FUNCTIONS["error_of"]))))
"""The operations of which `error_of` knows the errors."""
