"""The Hessian of a recorded graph in one reverse sweep, entry by entry: edge pushing.

The sweep goes over the nodes as that of a gradient does. Besides the derivative by each node it keeps the
second derivatives by pairs of nodes, those only that are there. At a node the pairs that it is in pass to its
operands, and what its own rule has of second derivatives is added. In the end pairs of inputs are left: the
entries. The work is that of the pairs that there are on the way.

Gower and Mello, A new framework for the computation of Hessians, Optimization Methods and Software 27 (2012);
with both entries of a pair kept once, as Wang, Gebremedhin and Pothen do, Capitalizing on live variables: new
algorithms for efficient Hessian computation via automatic differentiation, Mathematical Programming
Computation 8 (2016).
"""

from __future__ import annotations

from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..ops import TABLE, multiply
from .interactions import Pairs, interactions
from .second_derivatives import Changed, second_derivatives

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..engine import Value
    from ..ops import Primitive


class Unsuitable(Exception):  # noqa: N818 (it never leaves this room)
    """A graph whose second derivatives are to be found otherwise."""


def edge_pushed(order: Sequence[Value], inputs: Sequence[Value], result: Any) -> list[dict[int, float]]:
    """Return the second derivatives of a result: for each input those by it and by inputs of higher places.

    Args:
        order: the nodes from the result to the inputs, without these, each before its operands.
        inputs: the Values to differentiate by.
        result: what is differentiated, a Value or a float.

    Raises:
        Unsuitable: a node is of no primitive of the table, or a number is infinite or NaN, where it matters
            in which order terms are added and products formed.
    """
    sweep = _Sweep(order, inputs)
    if order and order[0] is result:
        sweep.run(order)
    return sweep.of_inputs()


class _Sweep:
    """The sweep. Nodes have their places in the order, and inputs come after them.

    Attributes:
        places: by node, of those that depend on inputs.
        weights: the derivative of the result by each node.
        pairs: for each node the second derivatives by it and by nodes of the same or of higher places.
    """

    def __init__(self, order: Sequence[Value], inputs: Sequence[Value]) -> None:
        self.count = len(order)
        self.places: dict[Any, int] = {x: self.count + i for i, x in enumerate(inputs)}
        places = self.places
        for place in range(self.count - 1, -1, -1):
            node = order[place]
            if node._a in places or node._b in places:
                places[node] = place
        total = self.count + len(inputs)
        self.weights = [0.0] * total
        self.pairs: list[dict[int, float] | None] = [None] * total

    def of_inputs(self) -> list[dict[int, float]]:
        """Return what is left, with the places of inputs counted from 0."""
        found = []
        for pairs in self.pairs[self.count :]:
            row = {place - self.count: number + 0.0 for place, number in (pairs or {}).items()}
            if not all(map(isfinite, row.values())):
                raise Unsuitable
            found.append(row)
        return found

    def run(self, order: Sequence[Value]) -> None:
        places, weights, pairs = self.places, self.weights, self.pairs
        known: dict[str, list[_Rules | None]] = {}
        weights[0] = 1.0
        for place, node in enumerate(order):
            if node not in places:
                continue
            a, b, weight = places.get(node._a, -1), places.get(node._b, -1), weights[place]
            its = pairs[place]
            if its is not None:
                pairs[place] = None
                self._push(place, its, a, node._da, b, node._db)
            op = node.op
            rules = known.get(op)
            if rules is None:
                if op not in TABLE:
                    raise Unsuitable
                rules = known[op] = _rules_of(TABLE[op])
            found = rules[(a >= 0) + 2 * (b >= 0)]
            if type(op) is not str and getattr(op, "call", None) is not None:
                raise Unsuitable
            if found is _PRODUCT:
                self._add(a, b, weight if a != b else 2.0 * weight)
            elif found is _NOT_KNOWN:
                raise Unsuitable
            elif found is not None:
                self._create(node, a, b, found, weight)
            if a >= 0:
                weights[a] += node._da * weight
            if b >= 0:
                weights[b] += node._db * weight

    def _push(self, place: int, its: dict[int, float], a: int, da: float, b: int, db: float) -> None:
        """Pass the pairs that a node is in to its operands, of which one may be missing (-1)."""
        if a == b:
            b, da = -1, da + db
        elif a < 0:
            a, da, b = b, db, -1
        for other, number in its.items():
            if other == place:
                self._add(a, a, da * da * number)
                if b >= 0:
                    self._add(b, b, db * db * number)
                    self._add(a, b, da * db * number)
                continue
            self._add(a, other, da * number if other != a else 2.0 * da * number)
            if b >= 0:
                self._add(b, other, db * number if other != b else 2.0 * db * number)

    def _create(self, node: Value, a: int, b: int, found: _Rules, weight: float) -> None:
        """Add what the rule of a node has of second derivatives."""
        active, pairs = found
        try:
            numbers = second_derivatives(node, TABLE[node.op], active, pairs)
        except Changed:
            raise Unsuitable from None
        for (i, j), number in zip(pairs, numbers, strict=True):
            x, y = b if i else a, b if j else a
            self._add(x, y, number * weight if i == j or x != y else 2.0 * number * weight)

    def _add(self, x: int, y: int, number: float) -> None:
        if x > y:
            x, y = y, x
        its = self.pairs[x]
        if its is None:
            self.pairs[x] = {y: number}
        else:
            its[y] = its.get(y, 0.0) + number


_Rules = tuple[tuple[bool, ...], Pairs]
"""Which operands are Values, and the pairs of them by which there are second derivatives."""

_PRODUCT: _Rules = (True, True), ((0, 1),)
"""Those of a product, which are 1."""

_NOT_KNOWN: _Rules = (), ()


@cache
def _rules_of(primitive: Primitive) -> list[_Rules | None]:
    """Return what a primitive has: for no operand that is a Value, the first, the second and both.

    It is None where all is linear, and nothing is known where there is no derivative, or a rule decides by
    `if`.
    """
    found: list[_Rules | None] = []
    for both in ((False, False), (True, False), (False, True), (True, True)):
        active = both[: len(primitive.derivatives)]
        try:
            pairs = interactions(primitive, active)
        except TypeError:
            found.append(_NOT_KNOWN)
            continue
        found.append((active, pairs) if pairs else None)
    if primitive is multiply:
        found[-1] = _PRODUCT
    return found
