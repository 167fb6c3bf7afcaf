"""The operations of a program as C99: an expression for each, and the functions that <math.h> lacks.

Everything is IEEE 754 arithmetic, so that results are those of `Primitive.ieee`: inf and NaN where Python
raises. In the texts, `@name` is a function of FUNCTIONS.
"""

from __future__ import annotations

import math
from pathlib import Path

from . import from_python
from .library import Library

_LIBM = (
    "acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh erf erfc exp exp2 expm1 fabs fmod hypot "
    "log log10 log1p log2 nextafter pow sin sinh sqrt tan tanh"
)
_OURS = (
    "elu fmax fmin fraction gelu ldexp leaky_relu logaddexp logsigmoid digamma polygamma relu remainder "
    "round_to sech sigmoid sign silu softplus ulp"
)

OURS_OF_OTHER_NAMES = {
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
    **from_python.calls(),
}
"""Operations that are calls of functions of ours, in every language."""

CALLS = {
    **{name: name for name in _LIBM.split()},
    **{name: f"@{name}" for name in _OURS.split()},
    "**": "pow",
    "abs": "fabs",
    "root": "sqrt",
    "whole": "trunc",
    "gamma": "tgamma",
    "lgamma": "lgamma",
    "fma…": "fma",
    **OURS_OF_OTHER_NAMES,
}
"""Operations that are calls of a function."""

OPERATORS = {"+": "+", "fsum": "+", "-": "-", "*": "*", "/": "/"}
"""Operations that are written with an operator between the operands."""

FACTORS = {"degrees": 180.0 / math.pi, "radians": math.pi / 180.0}
"""Operations that are products with a number."""

ROUNDED = {"floor": "floor", "ceil": "ceil", "trunc": "trunc", "round": "nearbyint"}
"""Operations to whole numbers, to which 0.0 is added, for Python's whole numbers have no -0."""

OF_AN_ARRAY = {
    "fsum…": "@exact_sum",
    "hypot…": "@distance",
    "sumprod…": "@exact_sum_of_products",
    "gather…": "",
}
"""Operations on an array of numbers, which they overwrite, and half or all of its length; "gather…" is an
element of one."""

_FILE = Path(__file__).with_suffix(".c").read_text(encoding="utf-8")
FUNCTIONS = Library(_FILE.partition("#include <math.h>\n")[2], r"static|/\*", "static [a-z ]+")
"""The functions, each after those that it calls."""
FUNCTIONS.texts |= from_python.translated(from_python.C)
