"""Boxes in columns, each to the right of all that leads to it, with few crossings and straight lines.

The steps are those of Sugiyama, Tagawa and Toda (1981): boxes get ranks, the boxes of a rank an order, and
what is ordered gets coordinates. A link that skips ranks goes through an empty box in each, so that no line
runs across a card. Here `u` runs along the arrows and `v` across them, in points.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]

_GATE_GAP = 14.0  # between a border and the boxes beside it
_LANE = 7.0  # the breadth of an empty box
_SPREAD = 17.0  # the most between two arrows at the same side of a box: as much as text needs
_SWEEPS, _ROUNDS = 8, 30


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


class _Edge(NamedTuple):
    """A part of a link, from one rank to the next."""

    tail: int
    head: int
    out: float | None
    into: float | None


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
        self.edges: list[_Edge] = []
        self.chains: list[list[_Edge]] = []
        for (tail, head), link in zip(ends, links, strict=True):
            backwards = (tail, head) in turned
            chain = self._chain(head, tail, link.into, link.out) if backwards else self._chain(
                tail, head, link.out, link.into
            )  # fmt: skip
            self.chains.append(chain)
            self.edges += chain
        self.turned = [end in turned for end in ends]
        self.before: dict[int, list[_Edge]] = defaultdict(list)
        self.after: dict[int, list[_Edge]] = defaultdict(list)
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

    def _chain(self, tail: int, head: int, out: float | None, into: float | None) -> list[_Edge]:
        boxes = [tail]
        for rank in range(self.ranks[tail] + 1, self.ranks[head]):
            boxes.append(len(self.sizes))
            self.sizes.append((0.0, _LANE))
            self.ranks.append(rank)
        boxes.append(head)
        pairs = pairwise(boxes)
        middle = _LANE / 2
        return [_Edge(a, b, out if a == tail else middle, into if b == head else middle) for a, b in pairs]

    # The order in each rank

    def ordered(self) -> list[list[int]]:
        """Return the boxes of each rank, so that few links cross."""
        layers = self._as_read()
        best, fewest = layers, self.crossings(layers)
        for sweep in range(_SWEEPS):
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
        ends = [i for i in range(len(self.sizes)) if not self.after[i]]
        stack = [*reversed(ends)]
        while stack:
            box = stack.pop()
            if box not in seen:
                seen.add(box)
                layers[self.ranks[box]].append(box)
                stack += [edge.tail for edge in reversed(self.before[box])]
        return layers

    def _by_middle(self, layer: Sequence[int], fixed: Sequence[int], downwards: bool) -> list[int]:
        """Return the boxes of a rank by the mean place of their neighbours; what has none stays."""
        place = {box: i for i, box in enumerate(fixed)}
        means: dict[int, float] = {}
        for box in layer:
            near = [e.tail for e in self.before[box]] if downwards else [e.head for e in self.after[box]]
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
            ([e.tail for e in self.before[a]], [e.tail for e in self.before[b]]),
            ([e.head for e in self.after[a]], [e.head for e in self.after[b]]),
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
                heads = sorted(place[e.head] for e in self.after[box])
                count += sum(len(passed) - bisect(passed, head) for head in heads)
                for head in heads:
                    insort(passed, head)
        return count

    # Places

    def arranged(self) -> Arranged:
        layers = self.ordered()
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
        self, edges_of: dict[int, list[_Edge]], side: str, key: Callable[[_Edge], int]
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
        for turn in range(_ROUNDS):
            both = turn >= 3
            for number in downwards:
                self._settle(layers[number], starts, True, both)
            for number in upwards:
                self._settle(layers[number], starts, both, True)
        least = min(starts, default=0.0)
        return [start - least for start in starts]

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

    def _strength(self, edge: _Edge) -> float:
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
        chain: Sequence[_Edge],
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
