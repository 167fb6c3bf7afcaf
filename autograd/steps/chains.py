"""The paths through a graph from a Value to a result: how many there are, and those that contribute most.

A derivative is a sum over paths, each a product of local derivatives. There may be more paths than atoms in
the world: they are counted without being visited, and the largest are found without the others.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

from ..engine import Value
from .sequence import Steps

__all__ = ["Edge", "Paths"]


class Edge(NamedTuple):
    """A step of a path towards the operands.

    Attributes:
        node: the id of the node.
        operand: which of its operands the path goes to.
        target: the id of that operand.
        local: the local derivative.
    """

    node: int
    operand: int
    target: int
    local: float


class Paths:
    """All paths from the result of a walk to one of its nodes.

    Attributes:
        count: how many there are.
    """

    def __init__(self, steps: Steps, target: int) -> None:
        """Count the paths and find where each leads on best.

        Args:
            steps: those of the walk.
            target: the id of the node where the paths end.
        """
        self._steps = steps
        self._target = target
        # For each node from which a path leads to the target, the logarithm of the largest product.
        self._best: dict[int, float] = {target: 0.0}
        counts = {target: 1}
        last_uses = _last_uses(steps)
        for node in range(target + 1, len(steps.nodes)):
            edges = self._edges(node)
            if edges:
                self._best[node] = max([self._promise(edge) for edge in edges])
                counts[node] = sum([counts[edge.target] for edge in edges])
                for edge in edges:  # large counts are kept no longer than they are needed
                    if last_uses[edge.target] == node:
                        counts.pop(edge.target, None)
        self.count = counts.get(len(steps.nodes) - 1, 0)

    def largest(self, limit: int) -> list[tuple[Edge, ...]]:
        """Return the paths with the largest products, as far as there are, the largest first."""
        found = [path for path, _ in zip(self._by_size(), range(min(limit, self.count)), strict=False)]
        return sorted(found, key=lambda path: -_size(contribution(path)))

    def _by_size(self) -> Iterator[tuple[Edge, ...]]:
        # A candidate is the beginning of a path, and leads on along the best edges; where it passes another
        # edge, the beginning that ends with that one is a candidate too (Lawler, 1972).
        # Beginnings share what they have in common: each is its last edge and what comes before.
        root = len(self._steps.nodes) - 1
        waiting: list[tuple[float, int, float, Beginning]] = [(-self._best[root], 0, 0.0, None)]
        serial = 0
        while waiting:
            _, _, size, path = heappop(waiting)
            node = root if path is None else path[0].target
            while node != self._target:
                edges = self._edges(node)
                first = max(edges, key=self._promise)
                for other in edges:
                    if other is not first:
                        serial += 1
                        promise = _plus(size, self._promise(other))
                        heappush(waiting, (-promise, serial, _plus(size, _log(other.local)), (other, path)))
                size = _plus(size, _log(first.local))
                path = first, path
                node = first.target
            yield _unfolded(path)

    def _edges(self, node: int) -> list[Edge]:
        """Return the edges of a node from which a path leads to the target."""
        edges = []
        for operand, place, local in self._steps.edges(node):
            if place in self._best:
                edges.append(Edge(node, operand, place, local))
        return edges

    def _promise(self, edge: Edge) -> float:
        """Return the logarithm of the largest product of a path that begins with that edge."""
        return _plus(_log(edge.local), self._best[edge.target])


Beginning = tuple[Edge, Any] | None
"""The beginning of a path: its last edge and the beginning before that; None where there is no edge yet."""


def _unfolded(path: Beginning) -> tuple[Edge, ...]:
    edges = []
    while path is not None:
        edge, path = path
        edges.append(edge)
    return tuple(reversed(edges))


def contribution(path: Sequence[Edge]) -> float:
    """Return the product of the local derivatives, multiplied as backward() does."""
    product = 1.0
    for edge in path:
        product = edge.local * product
    return product


def _id(steps: Steps, value: Value) -> int:
    place = steps.id(value)
    assert place is not None
    return place


def _last_uses(steps: Steps) -> dict[int, int]:
    """Return for each operand the last node that has it."""
    return {target: node for node in range(len(steps.nodes)) for _, target, _ in steps.edges(node)}


def _log(x: float) -> float:
    """Return the logarithm of the size of x; NaN, which must not be missed, is as large as can be."""
    return math.log(abs(x)) if x and x == x else -math.inf if x == 0.0 else math.inf


def _plus(x: float, y: float) -> float:
    total = x + y
    return total if total == total else math.inf  # 0 times infinity is NaN


def _size(x: float) -> float:
    return abs(x) if x == x else math.inf
