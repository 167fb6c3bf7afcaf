"""Clipping of gradients, between backward() and the optimiser's step(), so that no step is too long."""

from __future__ import annotations

from math import hypot, isfinite, isinf, isnan, nan
from typing import TYPE_CHECKING

from ..engine import Value
from ..ops.primitive import ieee_power
from .settings import setting, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def clip_grad_norm_(
    parameters: Iterable[Value] | Value,
    max_norm: float,
    norm_type: float = 2.0,
    error_if_nonfinite: bool = False,
) -> float:
    """Scale all gradients down so that the norm of them together is no more than `max_norm`.

    They are multiplied by max_norm / (norm + 1e-6) where that is less than 1 (Pascanu et al., 2013).

    Args:
        parameters: Values.
        max_norm: 0 or more.
        norm_type: the p of the p-norm, greater than 0; inf for the largest absolute value.
        error_if_nonfinite: raise an error rather than spread an infinite or NaN norm.

    Returns:
        the norm as it was.

    Raises:
        RuntimeError: the norm is infinite or NaN, and `error_if_nonfinite` is set.

    >>> x, y = Value(1.0), Value(1.0)
    >>> (3.0 * x + 4.0 * y).backward()
    >>> clip_grad_norm_([x, y], max_norm=1.0)
    5.0
    >>> round(x.grad, 6), round(y.grad, 6)
    (0.6, 0.8)
    """
    values = values_of([parameters] if isinstance(parameters, Value) else parameters)
    max_norm = setting("max_norm", max_norm, infinite=True)
    norm_type = setting("norm_type", norm_type, infinite=True)
    if norm_type == 0.0:
        raise ValueError("norm_type must be greater than 0, not 0")
    norm = _norm([value.grad for value in values], norm_type)
    if error_if_nonfinite and not isfinite(norm):
        raise RuntimeError(f"the norm of the gradients is {norm}; has training diverged?")
    factor = max_norm / (norm + 1e-6)
    if not factor >= 1.0:
        for value in values:
            value.grad *= factor
    return norm


def _norm(numbers: list[float], p: float) -> float:
    if any(map(isnan, numbers)):
        return nan
    largest = max(map(abs, numbers), default=0.0)
    if largest == 0.0 or isinf(largest) or isinf(p):
        return largest
    if p == 2.0:
        return hypot(*numbers)
    powers = sum((abs(x) / largest) ** p for x in numbers)  # none of which overflows
    return largest * ieee_power(powers, 1.0 / p)


def clip_grad_value_(parameters: Iterable[Value] | Value, clip_value: float) -> None:
    """Bring every gradient into [-clip_value, clip_value]; NaN stays NaN.

    Args:
        parameters: Values.
        clip_value: 0 or more.

    >>> x = Value(2.0)
    >>> (x * x).backward()
    >>> clip_grad_value_([x], 1.5)
    >>> x.grad
    1.5
    """
    limit = setting("clip_value", clip_value, infinite=True)
    for value in values_of([parameters] if isinstance(parameters, Value) else parameters):
        if value.grad > limit:
            value.grad = limit
        elif value.grad < -limit:
            value.grad = -limit
