"""One of many numbers, by an index that is followed: one operation, whichever of them it is.

Who follows a function that writes `table[i]` would know one `i` alone. What is chosen here is followed as a
gather from all numbers. In the graph it is a sum of products, each of a number and its mask, which is 1.0 at
the index and 0.0 elsewhere: so a sweep over the graph holds for any index, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..ops import add, multiply
from .recording import recording, told
from .value import Value, record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Index:
    """A place among numbers that depends on whole numbers that are followed.

    Attributes:
        parts: for each of the whole numbers, from -n to n - 1, itself as a Value, and n. The place is that
            in an array of the shape of all n, in C order.
        place: the place now.
        masks: 1.0 at that place and 0.0 at all others.
        needed: what to call where the whole numbers must be known as they are.
    """

    def __init__(
        self, parts: Sequence[tuple[Value, int]], place: int, size: int, needed: Callable[[], Any]
    ) -> None:
        """Make an index, and tell those who observe.

        Args:
            parts, place, needed: as above.
            size: how many places there are.
        """
        self.parts = parts
        self.place = place
        self.needed = needed
        self.masks = [Value(1.0 if i == place else 0.0) for i in range(size)]
        for observer in told():
            observer.indexed(self)


def gathered(numbers: Sequence[Any], index: Index) -> Value:
    """Return the number at an index, as a node with a derivative by each of the numbers.

    Args:
        numbers: Values and floats, as many as the index has places.
        index: the index.
    """
    token = recording.set(True)  # inside no_grad() too, for to choose is no operation
    try:
        nodes = _sum_of_products(numbers, index)
    finally:
        recording.reset(token)
    for observer in told():
        observer.gathered(nodes, index, numbers)
    return nodes[-1]


def _sum_of_products(numbers: Sequence[Any], index: Index) -> list[Value]:
    """Return the nodes of the sum of the products of numbers and masks, whose number is that at the index."""
    x: Any = numbers[index.place]
    out: float = x._number if isinstance(x, Value) else x
    last = len(numbers) - 1
    nodes = [record(multiply, (index.masks[0], numbers[0]), out if last == 0 else None)]
    for i in range(1, last + 1):
        term = record(multiply, (index.masks[i], numbers[i]))
        nodes += [term, record(add, (nodes[-1], term), out if i == last else None)]
    return nodes
