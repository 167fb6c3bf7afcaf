"""The order of boxes in their ranks, by which few links cross.

Ranks are gone through forth and back, and the boxes of each sorted by the mean places of their neighbours in
the one before; then neighbours are swapped where that helps (Sugiyama, Tagawa and Toda, 1981).
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_SWEEPS, _FEWEST = 8, 2
_WORK = 16_000  # edges that are gone through in all sweeps together, unless the fewest take more


class Edge(NamedTuple):
    """A part of a link, from one rank to the next."""

    tail: int
    head: int
    out: float | None
    into: float | None


class Order:
    """Finds the order.

    Args:
        ranks: the rank of each box.
        before: the edges that come to a box, in the order of its operands.
        after: the edges that leave it.
    """

    def __init__(
        self,
        ranks: Sequence[int],
        before: Mapping[int, Sequence[Edge]],
        after: Mapping[int, Sequence[Edge]],
    ) -> None:
        self.ranks, self.before, self.after = ranks, before, after

    def ordered(self) -> list[list[int]]:
        """Return the boxes of each rank, so that few links cross."""
        layers = self._as_read()
        best, fewest = layers, self.crossings(layers)
        edges = sum(map(len, self.after.values()))
        for sweep in range(min(_SWEEPS, max(_FEWEST, _WORK // max(1, edges)))):
            if not fewest:
                break
            layers = [list(layer) for layer in layers]
            downwards = sweep % 2 == 0
            numbers = range(1, len(layers)) if downwards else range(len(layers) - 2, -1, -1)
            for number in numbers:
                fixed = layers[number - 1 if downwards else number + 1]
                layers[number] = self._by_middle(layers[number], fixed, downwards)
            self._swap_neighbours(layers)
            count = self.crossings(layers)
            if count < fewest:
                best, fewest = [list(layer) for layer in layers], count
        return best

    def _as_read(self) -> list[list[int]]:
        """Return the ranks in the order of a formula: each box, then what leads to it, in its order."""
        layers: list[list[int]] = [[] for _ in range(max(self.ranks, default=-1) + 1)]
        seen: set[int] = set()
        ends = [i for i in range(len(self.ranks)) if not self.after.get(i)]
        stack = [*reversed(ends)]
        while stack:
            box = stack.pop()
            if box not in seen:
                seen.add(box)
                layers[self.ranks[box]].append(box)
                stack += [edge.tail for edge in reversed(self.before.get(box, ()))]
        return layers

    def _by_middle(self, layer: Sequence[int], fixed: Sequence[int], downwards: bool) -> list[int]:
        """Return the boxes of a rank by the mean place of their neighbours; what has none stays."""
        place = {box: i for i, box in enumerate(fixed)}
        means: dict[int, float] = {}
        for box in layer:
            near = (
                [e.tail for e in self.before.get(box, ())]
                if downwards
                else [e.head for e in self.after.get(box, ())]
            )
            if near:
                means[box] = sum(place[x] for x in near) / len(near)
        moved = iter(sorted(means, key=means.__getitem__))
        return [next(moved) if box in means else box for box in layer]

    def _swap_neighbours(self, layers: Sequence[list[int]]) -> None:
        place = {box: i for layer in layers for i, box in enumerate(layer)}
        for layer in layers:
            for i in range(len(layer) - 1):
                a, b = layer[i], layer[i + 1]
                if self._crossing(a, b, place) > self._crossing(b, a, place):
                    layer[i], layer[i + 1] = b, a
                    place[a], place[b] = i + 1, i

    def _crossing(self, a: int, b: int, place: dict[int, int]) -> int:
        """Return how many links cross where a stands before b."""
        count = 0
        for mine, theirs in (
            ([e.tail for e in self.before.get(a, ())], [e.tail for e in self.before.get(b, ())]),
            ([e.head for e in self.after.get(a, ())], [e.head for e in self.after.get(b, ())]),
        ):
            count += sum(place[x] > place[y] for x in mine for y in theirs)
        return count

    def crossings(self, layers: Sequence[Sequence[int]]) -> int:
        """Return how many pairs of links cross between two ranks."""
        place = {box: i for layer in layers for i, box in enumerate(layer)}
        count = 0
        for layer in layers:
            passed: list[int] = []
            for box in layer:
                heads = sorted(place[e.head] for e in self.after.get(box, ()))
                count += sum(len(passed) - bisect(passed, head) for head in heads)
                for head in heads:
                    insort(passed, head)
        return count
