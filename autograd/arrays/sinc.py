"""`np.sinc` on arrays of Values, near 0 by its series.

NumPy has sin(y) / y of a y that is no function of x at 0, where so all derivatives would be 0; and near 0
those of the quotient cancel.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np

from .. import ops
from ..engine import data_of
from .floating_point import warn_of
from .ufunc_table import elementwise_ufunc, followed, in_ieee

_NEAR = 0.5
"""Up to where the series is taken."""

_sin, _divide = in_ieee(ops.sin), in_ieee(ops.divide)


def sinc(x: Any) -> Any:
    """Return sin(pi x) / (pi x) for each number of an array, as np.sinc does."""
    with np.errstate(all="ignore"):
        out = _of_numbers(x)
    warn_of(np.sinc, (x,), {}, out)
    return out


def _of_number(x: Any) -> Any:
    """Return the result for a number.

    For who follows it, masks choose between series and quotient; so there is one path for all numbers.
    """
    size = abs(x)
    if not followed():
        return _series(x) if data_of(size) < _NEAR else _quotient(x)
    far = ops.clip_above(ops.sign(size - _NEAR) + 1.0, 1.0)
    near = ops.clip_above(ops.clip_below(x, -_NEAR), _NEAR)
    return (1.0 - far) * _series(near) + far * _quotient(ops.clip_below(size, _NEAR))


_of_numbers = elementwise_ufunc(_of_number, 1)


def _series(x: Any) -> Any:
    square = (pi * x) * (pi * x)
    result: Any = 1.0
    for k in range(12, 0, -1):
        result = 1.0 - square / (2.0 * k * (2.0 * k + 1.0)) * result
    return result


def _quotient(x: Any) -> Any:
    return _divide(_sin(pi * x), pi * x)
