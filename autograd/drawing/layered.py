"""Boxes in columns, each to the right of all that leads to it, with few crossings and straight lines.

The steps are those of Sugiyama, Tagawa and Toda (1981): boxes get ranks, the boxes of a rank an order, and
what is ordered gets coordinates. A link that skips ranks goes through an empty box in each, so that no line
runs across a card. Here `u` runs along the arrows and `v` across them, in points.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from .layer_order import Edge, Order

Point = tuple[float, float]

_GATE_GAP = 14.0  # between a border and the boxes beside it
_LANE = 7.0  # the breadth of an empty box
_SPREAD = 17.0  # the most between two arrows at the same side of a box: as much as text needs
_ROUNDS, _FEWEST = 16, 4
_WORK = 32_000  # parts of links that are gone through in all rounds together, unless the fewest take more


class Link(NamedTuple):
    """An arrow between boxes.

    Attributes:
        tail, head: the numbers of the boxes; None for what comes from, or goes to, outside of this graph.
        out: how far from the beginning of the tail it leaves, across; None to spread all that leave.
        into: how far from the beginning of the head it arrives.
        room: the length that its text needs.
    """

    tail: int | None
    head: int | None
    out: float | None = None
    into: float | None = None
    room: float = 0.0


class Arranged(NamedTuple):
    """Where boxes begin, the points that each link goes through, and the size of it all."""

    origins: list[Point]
    paths: list[list[Point]]
    size: Point


def arrange(sizes: Sequence[Point], links: Sequence[Link], separation: float, gap: float = 40.0) -> Arranged:
    """Return places for boxes of the sizes given.

    Args:
        sizes: the length of each box along the arrows, and its breadth across.
        links: the arrows; cycles are allowed.
        separation: the least distance between boxes of a rank.
        gap: the least distance between ranks.

    >>> arrange([(10.0, 10.0), (10.0, 10.0)], [Link(0, 1)], 5.0)
    Arranged(origins=[(0.0, 0.0), (50.0, 0.0)], paths=[[(10.0, 5.0), (50.0, 5.0)]], size=(60.0, 10.0))
    """
    return _Layers(sizes, links, separation, gap).arranged()


class _Layers:
    def __init__(self, sizes: Sequence[Point], links: Sequence[Link], separation: float, gap: float) -> None:
        self.links, self.separation, self.gap = links, separation, gap
        self.sizes = list(sizes)
        self.first_gate = len(sizes)
        ends = [(self._box(link.tail), self._box(link.head)) for link in links]
        self.gates_in = {tail for (tail, _), link in zip(ends, links, strict=True) if link.tail is None}
        self.gates_out = {head for (_, head), link in zip(ends, links, strict=True) if link.head is None}
        self.ranks, turned = self._ranked(ends)
        self.first_lane = len(self.sizes)
        self.edges: list[Edge] = []
        self.chains: list[list[Edge]] = []
        for (tail, head), link in zip(ends, links, strict=True):
            backwards = (tail, head) in turned
            chain = self._chain(head, tail, link.into, link.out) if backwards else self._chain(
                tail, head, link.out, link.into
            )  # fmt: skip
            self.chains.append(chain)
            self.edges += chain
        self.turned = [end in turned for end in ends]
        self.before: dict[int, list[Edge]] = defaultdict(list)
        self.after: dict[int, list[Edge]] = defaultdict(list)
        for edge in self.edges:
            self.before[edge.head].append(edge)
            self.after[edge.tail].append(edge)

    def _box(self, box: int | None) -> int:
        if box is not None:
            return box
        self.sizes.append((0.0, _LANE))
        return len(self.sizes) - 1

    # Ranks

    def _ranked(self, ends: Sequence[tuple[int, int]]) -> tuple[list[int], set[tuple[int, int]]]:
        """Return the rank of each box, and the links that run against the ranks, as cycles make some."""
        count = len(self.sizes)
        waiting = [0] * count
        heads: dict[int, list[int]] = defaultdict(list)
        for tail, head in ends:
            waiting[head] += 1
            heads[tail].append(head)
        ready = deque(i for i in range(count) if not waiting[i])
        left = dict.fromkeys(range(count))
        order: list[int] = []
        while left:
            box = ready.popleft() if ready else next(iter(left))
            if box not in left:
                continue
            del left[box]
            order.append(box)
            for head in heads[box]:
                waiting[head] -= 1
                if not waiting[head]:
                    ready.append(head)
        place = {box: i for i, box in enumerate(order)}
        turned = {(a, b) for a, b in ends if place[a] > place[b]}
        forward = [(b, a) if (a, b) in turned else (a, b) for a, b in ends]
        return self._tight(order, forward), turned

    def _tight(self, order: Sequence[int], ends: Sequence[tuple[int, int]]) -> list[int]:
        """Return ranks by the longest way to each box, what more arrows leave than reach moved along."""
        before: dict[int, list[int]] = defaultdict(list)
        after: dict[int, list[int]] = defaultdict(list)
        for tail, head in ends:
            before[head].append(tail)
            after[tail].append(head)
        ranks = [0] * len(self.sizes)
        for box in order:
            ranks[box] = max((ranks[x] + 1 for x in before[box]), default=0)
        for box in reversed(order):
            if after[box] and len(after[box]) > len(before[box]) and box not in self.gates_in:
                ranks[box] = min(ranks[x] for x in after[box]) - 1
        lowest, last = min(ranks, default=0), max(ranks, default=0)
        return [
            last - lowest if i in self.gates_out else 0 if i in self.gates_in else rank - lowest
            for i, rank in enumerate(ranks)
        ]

    def _chain(self, tail: int, head: int, out: float | None, into: float | None) -> list[Edge]:
        boxes = [tail]
        for rank in range(self.ranks[tail] + 1, self.ranks[head]):
            boxes.append(len(self.sizes))
            self.sizes.append((0.0, _LANE))
            self.ranks.append(rank)
        boxes.append(head)
        pairs = pairwise(boxes)
        middle = _LANE / 2
        return [Edge(a, b, out if a == tail else middle, into if b == head else middle) for a, b in pairs]

    # Places

    def arranged(self) -> Arranged:
        layers = Order(self.ranks, self.before, self.after).ordered()
        place = {box: i for layer in layers for i, box in enumerate(layer)}
        self.outs = self._ports(self.after, "out", lambda e: place[e.head])
        self.intos = self._ports(self.before, "into", lambda e: place[e.tail])
        across = self._across(layers)
        begins, lengths, whole = self._along(layers, across)
        paths = [
            self._path(chain, begins, lengths, across, turned)
            for chain, turned in zip(self.chains, self.turned, strict=True)
        ]
        origins = []
        for box in range(self.first_gate):
            rank, length = self.ranks[box], self.sizes[box][0]
            origins.append((begins[rank] + (lengths[rank] - length) / 2, across[box]))
        breadth = max((across[box] + self.sizes[box][1] for box in range(len(self.sizes))), default=0.0)
        return Arranged(origins, paths, (whole, breadth))

    def _ports(
        self, edges_of: dict[int, list[Edge]], side: str, key: Callable[[Edge], int]
    ) -> dict[int, float]:
        """Return where each link meets its box: as given, or spread over its side in the others' order."""
        found: dict[int, float] = {}
        for box, edges in edges_of.items():
            breadth = self.sizes[box][1]
            step = min(_SPREAD, breadth / (len(edges) + 1))
            ordered = sorted(edges, key=key)
            for i, edge in enumerate(ordered):
                given = getattr(edge, side)
                found[id(edge)] = breadth / 2 + step * (i - (len(edges) - 1) / 2) if given is None else given
        return found

    def _across(self, layers: Sequence[Sequence[int]]) -> list[float]:
        """Return where each box begins across the arrows: where its neighbours want it, as far as it can."""
        starts = [0.0] * len(self.sizes)
        for layer in layers:
            at = 0.0
            for box in layer:
                starts[box] = at
                at += self.sizes[box][1] + self.separation
        downwards, upwards = list(range(len(layers))), list(range(len(layers) - 1, -1, -1))
        rounds = min(_ROUNDS, max(_FEWEST, _WORK // max(1, len(self.edges))))
        for turn in range(rounds):
            both = turn >= 3
            for number in downwards:
                self._settle(layers[number], starts, True, both)
            for number in upwards:
                self._settle(layers[number], starts, both, True)
        self._straighten(layers, starts)
        least = min(starts, default=0.0)
        return [start - least for start in starts]

    def _straighten(self, layers: Sequence[Sequence[int]], starts: list[float]) -> None:
        """Put the lanes of a long link on one line, best that of one of its ends, if neighbours let them."""
        place = {box: (layer, i) for layer in layers for i, box in enumerate(layer)}
        for chain in self.chains:
            lanes = [edge.head for edge in chain[:-1]]
            if not lanes:
                continue
            low, high = -inf, inf
            for lane in lanes:
                layer, i = place[lane]
                if i:
                    low = max(low, starts[layer[i - 1]] + self.sizes[layer[i - 1]][1] + self.separation)
                if i + 1 < len(layer):
                    high = min(high, starts[layer[i + 1]] - self.separation - _LANE)
            if low > high:
                continue
            mean = sum(starts[lane] for lane in lanes) / len(lanes)
            ends = (
                starts[chain[0].tail] + self.outs[id(chain[0])] - _LANE / 2,
                starts[chain[-1].head] + self.intos[id(chain[-1])] - _LANE / 2,
            )
            fit = [end for end in ends if low <= end <= high]
            line = min(fit, key=lambda end: abs(end - mean)) if fit else min(max(mean, low), high)
            for lane in lanes:
                starts[lane] = line

    def _settle(self, layer: Sequence[int], starts: list[float], before: bool, after: bool) -> None:
        wanted: list[tuple[float, float]] = []
        for box in layer:
            weight, total = 1e-3, 1e-3 * starts[box]
            if before:
                for edge in self.before[box]:
                    strength = self._strength(edge)
                    weight += strength
                    at = starts[edge.tail] + self.outs[id(edge)] - self.intos[id(edge)]
                    total += strength * at
            if after:
                for edge in self.after[box]:
                    strength = self._strength(edge)
                    weight += strength
                    at = starts[edge.head] + self.intos[id(edge)] - self.outs[id(edge)]
                    total += strength * at
            wanted.append((total / weight, weight))
        offsets, at = [], 0.0
        for box in layer:
            offsets.append(at)
            at += self.sizes[box][1] + self.separation
        shifted = [(place - offset, weight) for (place, weight), offset in zip(wanted, offsets, strict=True)]
        for box, place, offset in zip(layer, nondecreasing(shifted), offsets, strict=True):
            starts[box] = place + offset

    def _strength(self, edge: Edge) -> float:
        """Return how much a link is to be straight: the longer it is the more."""
        lanes = (edge.tail >= self.first_lane) + (edge.head >= self.first_lane)
        return (1.0, 3.0, 16.0)[lanes]

    def _along(
        self, layers: Sequence[Sequence[int]], across: Sequence[float]
    ) -> tuple[list[float], list[float], float]:
        """Return where each rank begins along the arrows, how long it is, and how long all are."""
        lengths = [max((self.sizes[box][0] for box in layer), default=0.0) for layer in layers]
        gaps = [self.gap if lengths[i] and lengths[i + 1] else _GATE_GAP for i in range(len(layers) - 1)]
        for link, chain in zip(self.links, self.chains, strict=True):
            for edge in chain:
                rank = self.ranks[edge.tail]
                rise = abs(across[edge.tail] + self.outs[id(edge)] - across[edge.head] - self.intos[id(edge)])
                gaps[rank] = max(gaps[rank], min(90.0, 0.22 * rise))
            if link.room:
                rank = self.ranks[chain[0].tail]
                gaps[rank] = max(gaps[rank], link.room + 24.0)
        begins, at = [], 0.0
        for i, length in enumerate(lengths):
            begins.append(at)
            at += length + (gaps[i] if i < len(gaps) else 0.0)
        return begins, lengths, at

    def _path(
        self,
        chain: Sequence[Edge],
        begins: Sequence[float],
        lengths: Sequence[float],
        across: Sequence[float],
        turned: bool,
    ) -> list[Point]:
        points: list[Point] = []
        for edge in chain:
            for box, port, leaves in (
                (edge.tail, self.outs[id(edge)], True),
                (edge.head, self.intos[id(edge)], False),
            ):
                rank, v = self.ranks[box], across[box] + port
                begin, end = begins[rank], begins[rank] + lengths[rank]
                margin = (lengths[rank] - self.sizes[box][0]) / 2
                if box >= self.first_gate:  # the whole rank is crossed
                    margin = 0.0
                if box in self.gates_in:
                    points.append((0.0, v))
                line = [(end - margin, v), (end, v)] if leaves else [(begin, v), (begin + margin, v)]
                points += line
        if turned:
            points.reverse()
        return [point for i, point in enumerate(points) if not i or point != points[i - 1]]


def nondecreasing(wanted: Iterable[tuple[float, float]]) -> list[float]:
    """Return the numbers in nondecreasing order nearest to those given with their weights, by least squares.

    Neighbours that are out of order are pooled (Ayer and others, 1955).

    >>> nondecreasing([(1.0, 1.0), (5.0, 1.0), (2.0, 2.0)])
    [1.0, 3.0, 3.0]
    """
    pools: list[tuple[float, float, int]] = []
    for value, weight in wanted:
        pool = (value, weight, 1)
        while pools and pools[-1][0] > pool[0]:
            mean, heavy, count = pools.pop()
            total = heavy + pool[1]
            pool = ((mean * heavy + pool[0] * pool[1]) / total, total, count + pool[2])
        pools.append(pool)
    return [value for value, _, count in pools for _ in range(count)]
