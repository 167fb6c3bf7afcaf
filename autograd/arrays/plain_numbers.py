"""Arrays that could hold Values and hold none: NumPy does on their floats what it does on objects not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from ..engine import Value
from .floating_point import on_floats


def has_values(thing: Any) -> bool:
    """Say whether there is a Value in something: it itself, or in an array, lists and tuples."""
    if isinstance(thing, (list, tuple)):
        return any(map(has_values, thing))
    if isinstance(thing, np.ndarray):
        return thing.dtype == object and any(isinstance(x, Value) for x in thing.flat)
    return isinstance(thing, Value)


def on_plain_numbers(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return what a function gives for floats; NotImplemented if there is a Value among its arguments.

    Args:
        function: NumPy's.
        args: its arguments, arrays of objects among them.
        kwargs: its arguments by keyword.
    """
    if has_values([*args, *kwargs.values()]) or kwargs.get("out") is not None:
        return NotImplemented
    return function(*map(on_floats, args), **{key: on_floats(x) for key, x in kwargs.items()})
