"""Numbers in order: one operation on many of them, whose comparisons are no branches of who calls it.

A function that sorts with Python's `sorted` decides by each comparison, so who follows it knows one order
alone. What is sorted here is followed as a network of exchanges, which is the same whatever the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from ..ops import identity
from .recording import blocks, recording, told
from .value import Value, record

STABLE = 16
"""Up to how many numbers equal ones keep their order."""

LARGEST = 256
"""Up to how many numbers there is a network. For more, comparisons are branches, and equal numbers keep their
order."""


@cache
def exchanges(count: int) -> tuple[tuple[int, int], ...]:
    """Return the network that sorts so many numbers: pairs of places, the greater number to be the second.

    Few are sorted by exchanges of neighbours, which leave equal numbers in their order; more of them by
    merges of odd and even places (Knuth, The Art of Computer Programming, 5.2.2, algorithm M).
    """
    if count <= STABLE:
        return tuple([(j - 1, j) for i in range(1, count) for j in range(i, 0, -1)])
    pairs = []
    largest = 1 << (count - 1).bit_length() - 1
    step = largest
    while step:
        merged, odd, distance = largest, 0, step
        while True:
            pairs += [(i, i + distance) for i in range(count - distance) if i & step == odd]
            if merged == step:
                break
            merged, odd, distance = merged // 2, step, merged - step
        step //= 2
    return tuple(pairs)


def in_order(numbers: Sequence[Any]) -> list[Any]:
    """Return Values and floats in rising order, NaN last; the derivative of each is that of the one it is.

    >>> in_order([3.0, float("nan"), 1.0])
    [1.0, 3.0, nan]
    """
    rest = [x for x in numbers if x == x]  # comparisons that are followed, for NaN is in no order
    last = [x for x in numbers if x != x] if len(rest) < len(numbers) else []
    observed_by = told() if blocks else ()
    as_they_are = not observed_by and (not blocks or recording.get())
    if as_they_are or not any(isinstance(x, Value) for x in rest):
        return [*[rest[i] for i in _order([_data(x) for x in rest])], *last]
    if len(rest) > LARGEST:
        return [*sorted(rest), *last]
    order = _order([_data(x) for x in rest])
    nodes = [record(identity, (rest[i],)) for i in order]
    for observer in observed_by:
        observer.ordered(nodes, rest, order)
    return [*nodes, *last]


def _data(x: Any) -> float:
    return x._number if isinstance(x, Value) else float(x)


def _order(numbers: list[float]) -> list[int]:
    """Return the places of some numbers in the order that the network gives them."""
    order = sorted(range(len(numbers)), key=numbers.__getitem__)
    if STABLE < len(numbers) <= LARGEST and len({*numbers}) < len(numbers):
        order = list(range(len(numbers)))
        for i, j in exchanges(len(numbers)):
            if numbers[order[j]] < numbers[order[i]]:
                order[i], order[j] = order[j], order[i]
    return order
