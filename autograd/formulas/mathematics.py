"""What mathematics writes for the operations that have a name in programs only: ln(1 + x) for log1p(x).

And how textbooks write derivatives for which the table has a rule that rounds better: 1 − a² for tanh.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from .. import ops
from .tree import Applied, Cases, Formula, Number, Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["textbook_form", "written"]

_ln: Callable[[Formula], Formula] = ops.log
_exp: Callable[[Formula], Formula] = ops.exp

_WRITTEN: dict[str, Callable[..., Formula]] = {
    "acosh′": lambda x: 1.0 / ops.sqrt(x**2.0 - 1.0),
    "asin′": lambda x: 1.0 / ops.sqrt(1.0 - x**2.0),
    "atan2′": lambda x, y: y / (x**2.0 + y**2.0),
    "atanh′": lambda x: 1.0 / (1.0 - x**2.0),
    "atan′": lambda x: 1.0 / (1.0 + x**2.0),
    "clip_above": lambda x, y: Applied("min", (x, y)),
    "clip_below": lambda x, y: Applied("max", (x, y)),
    "degrees": lambda x: x * 180.0 / Number(math.pi, "π"),
    "elu": lambda x, y: Cases(x > 0.0, x, y * (_exp(x) - 1.0)),
    "erf′": lambda x: 2.0 / ops.sqrt(Number(math.pi, "π")) * _exp(-(x**2.0)),
    "exp2": lambda x: 2.0**x,
    "expm1": lambda x: _exp(x) - 1.0,
    "fabs": abs,
    "fsum": lambda x, y: x + y,
    "hypot": lambda x, y: ops.sqrt(x**2.0 + y**2.0),
    "hypot′": lambda x, y: x / ops.sqrt(x**2.0 + y**2.0),
    "identity": lambda x: x,
    "ldexp": lambda x, y: x * 2.0**y,
    "leaky_relu": lambda x, y: Cases(x > 0.0, x, y * x),
    "lgamma": lambda x: _ln(abs(ops.gamma(x))),
    "log1p": lambda x: _ln(1.0 + x),
    "logaddexp": lambda x, y: _ln(_exp(x) + _exp(y)),
    "logsigmoid": lambda x: _ln(ops.sigmoid(x)),
    "pow": lambda x, y: x**y,
    "radians": lambda x: x * Number(math.pi, "π") / 180.0,
    "relu": lambda x: Applied("max", (Number(0.0), x)),
    "sigmoid′": lambda x: ops.sigmoid(x) * ops.sigmoid(-x),
    "root": lambda x: ops.sqrt(x),
    "silu": lambda x: x * ops.sigmoid(x),
    "silu′": lambda x: ops.sigmoid(x) * (1.0 + x * ops.sigmoid(-x)),
    "softplus": lambda x: _ln(1.0 + _exp(x)),
}


def written(formula: Applied) -> Formula:
    """Return an operation as mathematics writes it: log1p(x) is ln(1 + x)."""
    write = _WRITTEN.get(formula.op)
    return formula if write is None else write(*formula.operands)


_TEXTBOOK: dict[str, Callable[[Formula, Formula], Formula]] = {
    "asinh": lambda x, out: 1.0 / ops.sqrt(1.0 + x**2.0),
    "atanh": lambda x, out: 1.0 / (1.0 - x**2.0),
    "logsigmoid": lambda x, out: 1.0 - ops.sigmoid(x),
    "sigmoid": lambda x, out: out * (1.0 - out),
    "silu": lambda x, out: ops.sigmoid(x) * (1.0 + x * (1.0 - ops.sigmoid(x))),
    "tanh": lambda x, out: 1.0 - out**2.0,
}


@cache
def textbook_form(op: str) -> Formula | None:
    """Return the derivative of an operation as textbooks write it, in x and out, the result.

    It is None where they write what the table has. Source: https://en.wikipedia.org/wiki/Activation_function
    (a(1 − a) for the logistic function, 1 − a² for tanh).

    >>> print(textbook_form("tanh"))
    1 − out²
    """
    write = _TEXTBOOK.get(op)
    return None if write is None else write(Symbol("x"), Symbol("out"))
