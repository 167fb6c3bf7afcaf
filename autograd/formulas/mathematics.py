"""What mathematics writes for the operations that have a name in programs only: ln(1 + x) for log1p(x).

And how textbooks write derivatives for which the table has a rule that rounds better: 1 − a² for tanh.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

from .. import ops
from .tidy import tidied
from .tree import Applied, Call, Cases, Formula, Number, Symbol

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
    "entr": lambda x: -(x * _ln(x)),
    "elu": lambda x, y: Cases(x > 0.0, x, y * (_exp(x) - 1.0)),
    "erfcx": lambda x: _exp(x**2.0) * ops.erfc(x),
    "erf′": lambda x: 2.0 / ops.sqrt(Number(math.pi, "π")) * _exp(-(x**2.0)),
    "exp2": lambda x: 2.0**x,
    "expm1": lambda x: _exp(x) - 1.0,
    "fabs": abs,
    "fsum": lambda x, y: x + y,
    "gammainc′": lambda x, y: tidied(y ** (x - 1.0) * _exp(-y) / ops.gamma(x)),
    "gammaln": lambda x: _ln(abs(ops.gamma(x))),
    "hypot": lambda x, y: ops.sqrt(x**2.0 + y**2.0),
    "hypot′": lambda x, y: x / ops.sqrt(x**2.0 + y**2.0),
    "i0e": lambda x: _exp(-abs(x)) * Applied("iv", (Number(0.0), x)),
    "i1e": lambda x: _exp(-abs(x)) * Applied("iv", (Number(1.0), x)),
    "identity": lambda x: x,
    "kl_div": lambda x, y: x * _ln(x / y) - x + y,
    "ldexp": lambda x, y: x * 2.0**y,
    "leaky_relu": lambda x, y: Cases(x > 0.0, x, y * x),
    "lgamma": lambda x: _ln(abs(ops.gamma(x))),
    "log1p": lambda x: _ln(1.0 + x),
    "log_ndtr": lambda x: _ln(ops.ndtr(x)),
    "logaddexp": lambda x, y: _ln(_exp(x) + _exp(y)),
    "logit": lambda x: _ln(x / (1.0 - x)),
    "logsigmoid": lambda x: _ln(ops.sigmoid(x)),
    "pow": lambda x, y: x**y,
    "radians": lambda x: x * Number(math.pi, "π") / 180.0,
    "rel_entr": lambda x, y: x * _ln(x / y),
    "relu": lambda x: Applied("max", (Number(0.0), x)),
    "sigmoid′": lambda x: ops.sigmoid(x) * ops.sigmoid(-x),
    "root": lambda x: ops.sqrt(x),
    "silu": lambda x: x * ops.sigmoid(x),
    "silu′": lambda x: ops.sigmoid(x) * (1.0 + x * ops.sigmoid(-x)),
    "softplus": lambda x: _ln(1.0 + _exp(x)),
    "xlog1py": lambda x, y: x * _ln(1.0 + y),
    "xlogy": lambda x, y: x * _ln(y),
}


def written(formula: Applied) -> Formula:
    """Return an operation as mathematics writes it: log1p(x) is ln(1 + x)."""
    write = None if isinstance(formula, Call) else _WRITTEN.get(formula.op)
    return formula if write is None else write(*formula.operands)


_TEXTBOOK: dict[str, Callable[[Formula, Formula, Formula], tuple[Formula, ...]]] = {
    "asinh": lambda x, y, out: (1.0 / ops.sqrt(1.0 + x**2.0),),
    "atanh": lambda x, y, out: (1.0 / (1.0 - x**2.0),),
    "erfcx": lambda x, y, out: (2.0 * x * out - 2.0 / ops.sqrt(Number(math.pi, "π")),),
    "erfinv": lambda x, y, out: (ops.sqrt(Number(math.pi, "π")) / 2.0 * _exp(out**2.0),),
    "i0e": lambda x, y, out: (ops.i1e(x) - ops.sign(x) * out,),
    "i1e": lambda x, y, out: (ops.i0e(x) - (ops.sign(x) + 1.0 / x) * out,),
    "kl_div": lambda x, y, out: (_ln(x / y), 1.0 - x / y),
    "log_ndtr": lambda x, y, out: (Applied("ndtr′", (x,)) / ops.ndtr(x),),
    "logsigmoid": lambda x, y, out: (1.0 - ops.sigmoid(x),),
    "ndtri": lambda x, y, out: (1.0 / Applied("ndtr′", (out,)),),
    "rel_entr": lambda x, y, out: (_ln(x / y) + 1.0, -x / y),
    "sigmoid": lambda x, y, out: (out * (1.0 - out),),
    "silu": lambda x, y, out: (ops.sigmoid(x) * (1.0 + x * (1.0 - ops.sigmoid(x))),),
    "tanh": lambda x, y, out: (1.0 - out**2.0,),
}


@cache
def textbook_form(op: str, index: int = 0) -> Formula | None:
    """Return the derivative of an operation as textbooks write it, in x, y and out, the result.

    It is None where they write what the table has. Sources: https://en.wikipedia.org/wiki/Activation_function
    (a(1 − a) for the logistic function, 1 − a² for tanh), https://dlmf.nist.gov/7.10 (erfcx),
    https://dlmf.nist.gov/10.29 (Bessel functions), https://en.wikipedia.org/wiki/Mills_ratio (log_ndtr).

    Args:
        op: the name of the operation.
        index: the operand, from 0.

    >>> print(textbook_form("tanh"), textbook_form("kl_div", 1))
    1 − out² 1 − x/y
    """
    write = _TEXTBOOK.get(op)
    return None if write is None else write(Symbol("x"), Symbol("y"), Symbol("out"))[index]
