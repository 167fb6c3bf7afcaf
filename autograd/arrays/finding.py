"""Where numbers are: what NumPy answers with places after it has compared, on arrays of Values.

NumPy compares objects as they are, and so finds a NaN anywhere; among floats it comes after all other
numbers in order, and is both the largest and the smallest one. Where somebody follows the comparisons, each
is made on the Values; else NumPy does it on floats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..engine.recording import blocks
from .floating_point import on_floats


def argsort(array: Any, axis: int | None) -> Any:
    """Return the places of the numbers along an axis in rising order, NaN last; equal ones keep their order.

    NumPy's other orders of equal numbers depend on the processor.
    """
    if not blocks:
        return on_floats(array).argsort(axis, kind="stable")
    rows = array.reshape(-1) if axis is None else np.moveaxis(array, axis, -1)
    places = np.empty(rows.shape, dtype=np.intp)
    for index in np.ndindex(rows.shape[:-1]):
        places[index] = _in_order(rows[index].tolist())
    return places if axis is None else np.moveaxis(places, -1, axis)


def _in_order(numbers: Sequence[Any]) -> list[int]:
    places: tuple[list[int], list[int]] = [], []
    for i, x in enumerate(numbers):
        places[x != x].append(i)
    rest, last = places
    return [*sorted(rest, key=numbers.__getitem__), *last]


def argmax(array: Any, axis: int | None, keepdims: bool) -> Any:
    """Return the place of the first largest number along an axis, of the first NaN if there is any."""
    if not (blocks and array.size):
        return on_floats(array).argmax(axis, keepdims=keepdims)
    return _along(array, axis, keepdims, lambda numbers: _first(numbers, lambda x, y: x <= y))


def argmin(array: Any, axis: int | None, keepdims: bool) -> Any:
    """Return the place of the first smallest number along an axis, of the first NaN if there is any."""
    if not (blocks and array.size):
        return on_floats(array).argmin(axis, keepdims=keepdims)
    return _along(array, axis, keepdims, lambda numbers: _first(numbers, lambda x, y: x >= y))


def _along(array: Any, axis: int | None, keepdims: bool, place: Callable[[Sequence[Any]], int]) -> Any:
    if axis is None:
        found = np.intp(place(array.ravel().tolist()))
        return np.full((1,) * array.ndim, found) if keepdims else found
    rows = np.moveaxis(array, axis, -1)
    places = np.empty(rows.shape[:-1], dtype=np.intp)
    for index in np.ndindex(places.shape):
        places[index] = place(rows[index].tolist())
    return np.expand_dims(places, axis) if keepdims else places[()]


def _first(numbers: Sequence[Any], stays: Callable[[Any, Any], bool]) -> int:
    best = 0
    if numbers[0] != numbers[0]:
        return 0
    for i in range(1, len(numbers)):
        if not stays(numbers[i], numbers[best]):
            if numbers[i] != numbers[i]:
                return i
            best = i
    return best


def searchsorted(a: Any, v: Any, side: str = "left", sorter: Any = None) -> Any:
    """Return the places at which numbers would be put into an array in rising order, NaN last."""
    if side not in ("left", "right") or not blocks:
        return np.searchsorted(on_floats(np.asanyarray(a)), on_floats(v), side, sorter)  # type: ignore[call-overload]
    numbers = np.asanyarray(a).tolist()
    if sorter is not None:
        numbers = [numbers[i] for i in np.asarray(sorter).tolist()]
    wanted = np.asanyarray(v)
    places = np.empty(wanted.shape, dtype=np.intp)
    for index in np.ndindex(wanted.shape):
        places[index] = _place(numbers, wanted[index], side)
    return places[()]


def _place(numbers: Sequence[Any], x: Any, side: str) -> int:
    low, high = 0, len(numbers)
    while low < high:
        middle = (low + high) // 2
        before = _less(numbers[middle], x) if side == "left" else not _less(x, numbers[middle])
        low, high = (middle + 1, high) if before else (low, middle)
    return low


def _less(x: Any, y: Any) -> bool:
    """Say whether x comes before y, as a NaN does not before anything."""
    return bool(x < y) or (bool(y != y) and bool(x == x))
