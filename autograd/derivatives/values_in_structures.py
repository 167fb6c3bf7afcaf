"""The Values in structures: found, and replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..engine import Value
from .trees import is_array, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable


def with_values(thing: Any, of: Callable[[Value], Value]) -> Any:
    """Return a structure with something else in the place of each Value.

    Containers that have Values in them are made anew; others, which may be large tables, are as they were.

    >>> with_values({"x": [Value(2.0), 3.0], "name": "f"}, lambda x: x + 1.0)
    {'x': [Value(data=3.0, grad=0.0), 3.0], 'name': 'f'}
    """
    return _with_values(thing, of)[0]


def _with_values(thing: Any, of: Callable[[Value], Value]) -> tuple[Any, bool]:
    """Return a structure with something else in the place of each Value, and whether there are any."""
    if isinstance(thing, Value):
        return of(thing), True
    if is_array(thing):
        if thing.dtype != object or not any(isinstance(x, Value) for x in thing.flat):
            return thing, False
        twin = thing.copy()
        for i, x in enumerate(thing.flat):
            twin.flat[i] = of(x) if isinstance(x, Value) else x
        return twin, True
    kind = None if type(thing) is float else kind_of(thing)
    if kind is None:
        return thing, False
    items = [*kind.items(thing)]
    parts = [_with_values(x, of) for _, x in items]
    if not any(found for _, found in parts):
        return thing, False
    return kind.like(thing, [key for key, _ in items], [x for x, _ in parts]), True


def values_in(thing: Any) -> list[Value]:
    """Return the Values in a structure, in order."""
    found: list[Value] = []

    def noted(x: Value) -> Value:
        found.append(x)
        return x

    with_values(thing, noted)
    return found
