"""What calls return or raise, in a form in which all floats can be told apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def bits(x: Any) -> Any:
    """Return numbers in a form in which NaN equals NaN, and -0.0 differs from 0.0."""
    if isinstance(x, float):
        return x.hex()
    if isinstance(x, (list, tuple)):
        return type(x)([*map(bits, x)]) if not hasattr(x, "_fields") else tuple(map(bits, x))
    if isinstance(x, dict):
        return {key: bits(item) for key, item in x.items()}
    return x


def outcome(call: Callable[[], Any]) -> Any:
    """Return what a call returns, or the error that it raises."""
    try:
        return bits(call())
    except (ArithmeticError, ValueError) as error:
        return type(error), str(error).removeprefix("float ")  # "float division by zero" until Python 3.14
