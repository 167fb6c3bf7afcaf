"""Elements of an array at an index that is followed: what it chooses from, and what it chooses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np

from ..engine import Value
from ..engine.gathering import Index, gathered


def is_followed_index(x: Any) -> bool:
    """Say whether something is a whole number that is followed."""
    return getattr(type(x), "chooses", False)


def chosen(
    array: Any, parts: Sequence[Any]
) -> tuple[list[Value], tuple[int, ...], Callable[[], None]] | None:
    """Return what `array[parts]` is, at whole numbers of which some are followed.

    Args:
        array: an ordinary array.
        parts: whole numbers, slices, None and an Ellipsis.

    Returns:
        The numbers, in C order; the shape of the array of them; and what to call where that has to be known
        for one index alone. None where NumPy is to be asked: where parts are something else or too many, or
        the array holds what is no number.

    Raises:
        IndexError: one is out of range.
    """
    if any(type(part) is tuple for part in parts):  # as followed ones are from here on
        return None
    indices = [x.index() if is_followed_index(x) else None for x in parts]
    if any(x is None and is_followed_index(part) for x, part in zip(indices, parts, strict=True)):
        return None
    keys = _expanded([part if x is None else x for x, part in zip(indices, parts, strict=True)], array.ndim)
    if keys is None:
        return None
    whole = [key for key in keys if type(key) is tuple]
    sizes, axes, axis = [], [], 0
    places = iter(array.shape)
    for key in keys:
        size = 1 if key is None else next(places)
        if type(key) is tuple:
            sizes.append(size)
            axes.append(axis)
        axis += not _is_whole(key)
    slices = array[tuple([slice(None) if type(key) is tuple else key for key in keys])]
    rows = np.moveaxis(slices, axes, range(len(axes)))
    shape = rows.shape[len(axes) :]
    if not all(isinstance(x, (Value, float)) for x in rows.flat):
        return None
    if not all(-size <= x and x < size for (_, x, _), size in zip(whole, sizes, strict=True)):  # is followed
        array[tuple([key[0] if type(key) is tuple else key for key in keys])]  # an IndexError

    def needed() -> None:
        for _, _, need in whole:
            need()

    place = 0
    for (number, _, _), size in zip(whole, sizes, strict=True):
        place = place * size + number % size
    index = Index(
        [(x, size) for (_, x, _), size in zip(whole, sizes, strict=True)], place, prod(sizes), needed
    )
    columns = rows.reshape(prod(sizes), prod(shape)).T.tolist()
    return [gathered(numbers, index) for numbers in columns], shape, needed


def _expanded(parts: Sequence[Any], dimensions: int) -> list[Any] | None:
    """Return the parts of a key with slices for all axes that it leaves out; None if it is no basic one."""
    if not all(x is None or x is ... or type(x) in (slice, tuple) or _is_whole(x) for x in parts):
        return None
    rest = [slice(None)] * (dimensions - sum(x is not None and x is not ... for x in parts))
    ellipses = [i for i, x in enumerate(parts) if x is ...]
    if len(ellipses) > 1 or dimensions < sum(x is not None and x is not ... for x in parts):
        return None
    at = ellipses[0] if ellipses else len(parts)
    return [*parts[:at], *rest, *parts[at + 1 :]]


def _is_whole(x: Any) -> bool:
    return type(x) is int or isinstance(x, np.integer)
