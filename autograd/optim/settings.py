"""What optimisers, schedules and clipping are given, checked: parameters and settings."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..support.messages import shown
from ..support.real_numbers import real

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def values_of(parameters: Iterable[Value]) -> list[Value]:
    """Return the parameters as a list.

    Raises:
        TypeError: they are no Values.
    """
    if hasattr(parameters, "parameters"):
        raise TypeError("give the parameters, not the model: model.parameters()")
    if isinstance(parameters, Value) or not hasattr(parameters, "__iter__"):
        raise TypeError(f"parameters is a list of Values, not {type(parameters).__name__!r}")
    values = list(parameters)
    for i, value in enumerate(values):
        if not isinstance(value, Value):
            raise TypeError(f"parameters[{i}] is no Value, but {type(value).__name__!r}: {value!r}")
    return values


def named(value: Value, path: str) -> str:
    """Return how messages call a parameter that stands at some place among all."""
    return f"parameters{path}" + (f" ({value.label})" if value.label else "")


def leaves_of(parameters: Iterable[Value], paths: Sequence[str] | None = None) -> list[Value]:
    """Return the parameters as a list of leaves, each of which is there once.

    Args:
        parameters: Values.
        paths: where they stand, if that is not a list.

    Raises:
        TypeError: they are no Values.
        ValueError: there are none, one was computed from others, or one is there twice.
    """
    values = values_of(parameters)
    if not values:
        raise ValueError("there are no parameters to optimise")
    seen: dict[int, str] = {}
    for i, value in enumerate(values):
        path = f"[{i}]" if paths is None else paths[i]
        if value.op:
            name = named(value, path)
            raise ValueError(f"{name} was computed, by {value.op!r}; only a leaf can be optimised")
        if id(value) in seen:
            raise ValueError(f"{named(value, path)} is given twice, as parameters{seen[id(value)]} too")
        seen[id(value)] = path
    return values


def setting(name: str, x: Any, below: float = inf, infinite: bool = False) -> float:
    """Return a setting as a float of 0 or more, less than `below`, finite unless `infinite` is allowed.

    Raises:
        TypeError: it is no plain number.
        ValueError: it is another number.
    """
    if isinstance(x, (bool, Value)):
        raise TypeError(f"{name} is a plain number, not {x!r}")
    try:
        number = real(x)
    except TypeError:
        raise TypeError(f"{name} is a number, not {shown(x)}") from None
    if not (0.0 <= number < below or (infinite and number == inf)):
        wanted = f"in [0, {below:g})" if below < inf else "a finite number of 0 or more"
        raise ValueError(f"{name} must be {wanted}, not {x!r}")
    return number


def period(name: str, n: Any) -> int:
    """Return a whole number of 1 or more.

    Raises:
        TypeError: it is no whole number.
        ValueError: it is less than 1.
    """
    if isinstance(n, bool) or not isinstance(n, int):
        raise TypeError(f"{name} is a whole number, not {n!r}")
    if n < 1:
        raise ValueError(f"{name} must be 1 or more, not {n}")
    return n
