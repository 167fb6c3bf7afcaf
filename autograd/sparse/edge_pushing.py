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
        sweep.run()
    return sweep.of_inputs()


class _Sweep:
    """The sweep. Nodes have their places in the order, and inputs come after them.

    Attributes:
        first, second: for each node the places of its operands, -1 where one does not depend on inputs.
        created: for each node what its own rule has of second derivatives: places of operands and a number;
            None where there is nothing.
        weights: the derivative of the result by each node.
        pairs: for each node the second derivatives by it and by nodes of the same or of higher places.
    """

    def __init__(self, order: Sequence[Value], inputs: Sequence[Value]) -> None:
        self.order = order
        self.count = count = len(order)
        total = count + len(inputs)
        self.weights = [0.0] * total
        self.pairs: list[dict[int, float] | None] = [None] * total
        self.created: list[Any] = [None] * count
        self.first, self.second = first, second = [-1] * count, [-1] * count
        places: dict[Any, int] = {x: count + i for i, x in enumerate(inputs)}
        place_of = places.get
        groups: dict[str, list[list[int] | None]] = {}
        for place in range(count - 1, -1, -1):
            node = order[place]
            a, b = place_of(node._a, -1), place_of(node._b, -1)
            if a < 0 and b < 0:
                continue
            places[node], first[place], second[place] = place, a, b
            op = node.op
            if type(op) is not str and getattr(op, "call", None) is not None:
                raise Unsuitable
            its = groups.get(op)
            if its is None:
                its = groups[op] = [None if rules is None else [] for rules in _rules_of(op)]
            group = its[0 if b < 0 else 1 if a < 0 else 2]
            if group is not None:
                group.append(place)
        for op, its in groups.items():
            for rules, group in zip(_rules_of(op), its, strict=True):
                if rules is not None and group:
                    self._create(TABLE[op], *rules, group)

    def _create(
        self, primitive: Primitive, active: tuple[bool, ...], pairs: Pairs, places: Sequence[int]
    ) -> None:
        """Find what the rules of nodes of one primitive have of second derivatives."""
        if not pairs:  # nothing is known
            raise Unsuitable
        if primitive is multiply:
            for place in places:
                a, b = self.first[place], self.second[place]
                self.created[place] = ((min(a, b), max(a, b), 1.0 if a != b else 2.0),)
            return
        try:
            numbers = second_derivatives([self.order[i] for i in places], primitive, active, pairs)
        except Changed:
            raise Unsuitable from None
        for (i, j), its in zip(pairs, numbers, strict=True):
            for place, number in zip(places, its, strict=True):
                a, b = self.first[place], self.second[place]
                x, y = b if i else a, b if j else a
                found = min(x, y), max(x, y), number if i == j or x != y else 2.0 * number
                self.created[place] = (*(self.created[place] or ()), found)

    def of_inputs(self) -> list[dict[int, float]]:
        """Return what is left, with the places of inputs counted from 0."""
        found = []
        for pairs in self.pairs[self.count :]:
            row = {place - self.count: number + 0.0 for place, number in (pairs or {}).items()}
            if not all(map(isfinite, row.values())):
                raise Unsuitable
            found.append(row)
        return found

    def run(self) -> None:
        """Go from the result to the inputs."""
        weights, pairs = self.weights, self.pairs
        weights[0] = 1.0
        for place, (node, a, b, created) in enumerate(
            zip(self.order, self.first, self.second, self.created, strict=True)
        ):
            its, weight = pairs[place], weights[place]
            if its is not None:
                pairs[place] = None
                if b < 0 and len(its) == 1 and place in its and pairs[a] is None:  # as in most powers
                    pairs[a] = {a: node._da * node._da * its[place]}
                else:
                    self._push(place, its, a, node._da, b, node._db)
            if created is not None:
                for x, y, number in created:
                    if pairs[x] is None:
                        pairs[x] = {y: number * weight}
                    else:
                        self._add(x, y, number * weight)
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

_NOT_KNOWN: _Rules = (), ()


def _rules_of(op: str) -> list[_Rules | None]:
    """Return what a primitive has where its first operand depends on inputs, where its second does, and both.

    It is None where all is linear, and nothing is known where there is no derivative, or a rule decides by
    `if`.

    Raises:
        Unsuitable: there is no such primitive.
    """
    if op not in TABLE:
        raise Unsuitable
    return _rules_of_primitive(TABLE[op])


@cache
def _rules_of_primitive(primitive: Primitive) -> list[_Rules | None]:
    found: list[_Rules | None] = []
    for both in ((True, False), (False, True), (True, True)):
        active = both[: len(primitive.derivatives)]
        try:
            pairs = interactions(primitive, active)
        except TypeError:
            found.append(_NOT_KNOWN)
            continue
        found.append((active, pairs) if pairs else None)
    return found
