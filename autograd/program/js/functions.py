"""The operations of a program in JavaScript: an expression for each, and the functions that Math lacks.

In the texts, `@name` is a function of FUNCTIONS.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from ...ops import TABLE
from ..c import from_python
from ..c.functions import OURS_OF_OTHER_NAMES
from ..c.library import Library

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
    **OURS_OF_OTHER_NAMES,
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
PREFIX = "own_"
"""What the names of functions begin with in a program."""

_FILE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
FUNCTIONS = Library(_FILE.partition("\n\n")[2], "function|//", "function")
"""The functions."""


def _call(name: str, operands: list[str]) -> str:
    """Return a call of a function of Python's `math`, or an infinity or NaN, by its name in C."""
    if name == "fmod":
        return f"({' % '.join(operands)})"
    text = _OF_C.get({"inf": "INFINITY", "nan": "NAN"}.get(name, name), f"Math.{name}")
    return f"{text}({', '.join(operands)})" if operands else text


FUNCTIONS.texts |= from_python.translated(
    from_python.Language(
        lambda name, parameters: f"function @{name}({', '.join(parameters)}) {{",
        lambda names: f"let {', '.join(f'{name} = 0' for name in names)};",
        lambda name, length: f"const {name} = new Array({length}).fill(0);",
        lambda name, text: f"const {name} = [{text}];",
        lambda text: text,
        _call,
    )
)

_CASES = " ".join(re.findall(r"case .*", FUNCTIONS.texts["error_of"]))
RAISING = frozenset(re.findall(r'"(\S+?)"(?=:)', _CASES))
"""The operations of which `error_of` knows the errors."""
