"""The operations of a program as C99: an expression for each, and the functions that <math.h> lacks.

Everything is IEEE 754 arithmetic, so that results are those of `Primitive.ieee`: inf and NaN where Python
raises. In the texts, `@name` is a function of FUNCTIONS.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from pathlib import Path

_LIBM = (
    "acos acosh asin asinh atan atan2 atanh cbrt copysign cos cosh erf erfc exp exp2 expm1 fabs fmod hypot "
    "log log10 log1p log2 nextafter pow sin sinh sqrt tan tanh"
)
_OURS = (
    "elu fmax fmin fraction gelu ldexp leaky_relu logaddexp logsigmoid digamma polygamma relu remainder "
    "round_to sech sigmoid sign silu softplus ulp"
)

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
}
"""Operations that are calls of a function."""

SUMS = {"+": "+", "fsum": "+", "-": "-"}
PRODUCTS = {
    "*": "*",
    "/": "/",
    "degrees": f"* {180.0 / math.pi!r}",
    "radians": f"* {math.pi / 180.0!r}",
}
"""Operations of two operands, or of one and a number, that are written with an operator after the first."""

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


def functions(needs: Iterable[str], prefix: str) -> str:
    """Return the text of functions and of those that they call.

    Args:
        needs: their names.
        prefix: what their names begin with in the text.
    """
    needed: set[str] = set()
    todo = [*needs]
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += _CALLED.findall(FUNCTIONS[name])
    return "\n".join(with_prefix(text, prefix) for name, text in FUNCTIONS.items() if name in needed)


def with_prefix(text: str, prefix: str) -> str:
    """Return a text in which the names of functions are complete."""
    return _CALLED.sub(lambda found: prefix + found[1], text)


_CALLED = re.compile(r"@(\w+)")


def _parted(text: str) -> dict[str, str]:
    """Return the text of each function by its name."""
    parts = {}
    for part in re.split(r"\n\n(?=static|/\*)", text.partition("#include <math.h>\n")[2].strip()):
        name = re.search(r"^static [a-z ]+ own_(\w+)\(", part, re.MULTILINE)
        assert name is not None
        parts[name[1]] = re.sub(r"\bown_(?=\w)", "@", f"{part}\n")
    return parts


FUNCTIONS = _parted(Path(__file__).with_suffix(".c").read_text(encoding="utf-8"))
"""The text of each function, after those that it calls."""
