"""Repetition in a list of nodes: where a few nodes come again and again, with operands that move evenly.

A **section** is a stretch of nodes. One of several turns is a loop: in each turn the same operations, of
which every operand lies a fixed number of places further in the list than in the turn before, or stays where
it is; none goes from inputs to nodes. An operand that is carried from one turn to the next may come from
anywhere in the first turn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress, pairwise, repeat
from operator import itemgetter
from typing import NamedTuple

LEAST = 4
"""How many turns make a loop: fewer may be alike by chance."""

FURTHEST = 4
"""From how many turns before, at most, a number is carried."""

_TIMES = 8
"""How often, at most, a few operations are looked for in one turn."""

_GRAMS = (3, 12, 48, 192)
_WINDOWS = (600, 4_000, 30_000)
_CANDIDATES = 24
_FEW = 4
_MANY = 16  # turns from which on the places of an operand are compared all at once

Operands = tuple[int, ...]


class Section(NamedTuple):
    """A stretch of nodes; straight lines are a section of one turn.

    Attributes:
        start: the place of its first node.
        period: how many nodes a turn has.
        turns: how many turns there are.
    """

    start: int
    period: int
    turns: int

    @property
    def end(self) -> int:
        """The place after its last node."""
        return self.start + self.period * self.turns

    def turn_of(self, place: int) -> tuple[int, int]:
        """Return the turn of a node, and its place in that."""
        return divmod(place - self.start, self.period)


class Operand(NamedTuple):
    """Where an operand lies in the turns of a loop: at `base + step * turn`.

    Attributes:
        base: its place in the first turn, had it been there as in later ones.
        step: from one turn to the next.
        before: its places in the first turns, where it is carried from earlier ones.
    """

    base: int
    step: int
    before: tuple[int, ...] = ()


def sections(
    symbols: str, operands: Sequence[Operands], first: int, begin: int | None = None
) -> list[Section]:
    """Divide nodes into sections.

    Args:
        symbols: for each node a character that says what is done.
        operands: for each node the places of what it is done to.
        first: the place of the first node that is no input.
        begin: the place from which on nodes are divided; None for all that are no inputs.
    """
    found: list[Section] = []
    todo = [(first if begin is None else begin, len(symbols))]
    while todo:
        begin, end = todo.pop()
        loops = sorted(_largest(symbols, operands, begin, end, first))
        if not loops and end > begin:
            found.append(Section(begin, end - begin, 1))
        elif loops:
            found += loops
            ends = [begin, *[loop.end for loop in loops]]
            todo += zip(ends, [*[loop.start for loop in loops], end], strict=True)
    return sorted(found)


def _largest(symbols: str, operands: Sequence[Operands], begin: int, end: int, first: int) -> list[Section]:
    """Return the loop that covers most of some nodes, of these the one with the shortest turns, and others
    beside it that are nearly as large."""
    best: Section | None = None
    size = 0
    runs: list[tuple[int, int, int, int]] = []
    stretch = _Stretch(symbols, begin, end)
    for window in _WINDOWS:
        periods = _periods(symbols, begin, end, window)
        multiples: set[int] = set()
        for tried in (periods, multiples):  # the second of which grows while the first is gone through
            more = [
                (start - stop, period, start, stop)
                for period in tried
                for start, stop in stretch.runs(period)
            ]
            runs += more
            for less, period, start, stop in sorted(more):  # the longest first
                if -less <= size:
                    break
                section = _regular(operands, period, start, stop, first)
                found = section.end - section.start if section is not None else 0
                if found > size:
                    best, size = section, found
                if tried is periods and found < 2 * _TIMES * period and -4 * less > end - begin:
                    # A few operations come again within a turn, as in a short loop inside.
                    longest = min(_TIMES * period, (end - begin) // LEAST)
                    multiples.update(range(2 * period, longest + 1, period))
            multiples -= {*periods}
        if 2 * size > end - begin or end - begin <= 3 * window:
            break  # a turn may be longer than what was looked at
    if best is None:
        return []
    chosen = _beside(best, runs, operands, first)
    if 2 * size < end - begin:  # they may be loops in the turns of another one
        for period in dict.fromkeys([*_between(chosen), *_jumps(operands, runs, size, first)]):
            for start, stop in stretch.runs(period):
                section = _regular(operands, period, start, stop, first)
                if section is not None and section.end - section.start > size:
                    best, size = section, section.end - section.start
        if best is not chosen[0]:
            return _beside(best, runs, operands, first)
    return chosen


def _between(loops: Sequence[Section]) -> list[int]:
    """Return how far loops that are alike lie apart, the most frequent distances first."""
    gaps: Counter[int] = Counter()
    last: dict[tuple[int, int], int] = {}
    for start, period, turns in sorted(loops):
        before = last.get((period, turns))
        if before is not None:
            gaps[start - before] += 1
        last[period, turns] = start
    return [gap for gap, _ in gaps.most_common(_FEW)]


def _jumps(
    operands: Sequence[Operands], runs: Sequence[tuple[int, int, int, int]], size: int, first: int
) -> list[int]:
    """Return how far lie apart, in the longest stretch where symbols repeat, the places where operands jump.

    Args:
        operands: of all nodes.
        runs: the stretches.
        size: how large the largest loop is: a stretch that is no longer does not count.
        first: the place of the first node that is no input.
    """
    less, period, start, stop = min(runs)
    if -less <= size:
        return []
    uneven = [start - 2 * period - 1, *_uneven(operands, period, start, stop, first)]
    jumps = [y for x, y in pairwise(uneven) if y - x > 2 * period]  # each is seen from two turns before on
    gaps = Counter([y - x for x, y in pairwise(jumps)])
    return [gap for gap, n in gaps.most_common(_FEW) if n >= LEAST - 2]


def _beside(
    best: Section,
    runs: Sequence[tuple[int, int, int, int]],
    operands: Sequence[Operands],
    first: int,
) -> list[Section]:
    """Return a loop and others that are not much smaller, from the stretches where symbols repeat."""
    size = best.end - best.start
    chosen = [best]
    for less, period, start, stop in sorted({*runs}):
        if -less * _TIMES < size:
            break
        if all(stop <= x.start or start >= x.end for x in chosen):
            section = _regular(operands, period, start, stop, first)
            if section is not None:
                chosen.append(section)
    return chosen


def _periods(symbols: str, begin: int, end: int, window: int) -> set[int]:
    """Return how long a turn may be: the likeliest of each length of what was looked for.

    Args:
        symbols: of all nodes.
        begin, end: of which nodes.
        window: how many are looked at, at the beginning, in the middle and at the end.
    """
    longest = (end - begin) // LEAST
    if longest < 1:
        return set()
    windows = [(begin, end)]
    if end - begin > 3 * window:
        middle = (begin + end - window) // 2
        windows = [(x, x + window) for x in (begin, middle, end - window)]
    chosen = {x for x in (1, 2, 3) if x <= longest}
    places: list[Iterable[int]] = [range(*w) for w in windows]
    for length in _GRAMS:
        gaps: list[int] = []
        for k, (start, stop) in enumerate(windows):
            again = _repeated(symbols, length, places[k], start, stop, gaps)
            if length > _GRAMS[0]:  # what does not come again does not as a part of something longer
                places[k] = again
        few = sum([stop - start for start, stop in windows]) // 100  # by chance, or of a loop too short
        common = Counter(gaps).most_common(_CANDIDATES)
        chosen.update([gap for gap, n in common if gap <= longest and n > few])
    if len(windows) == 1:
        return chosen

    stretches = [_Stretch(symbols, *w) for w in windows]

    def covered(period: int) -> int:
        return max([y - x for stretch in stretches for x, y in stretch.runs(period)], default=0)

    return {*sorted(chosen, key=lambda period: (-covered(period), period))[:_FEW]}


def _repeated(
    symbols: str, length: int, places: Iterable[int], start: int, stop: int, gaps: list[int]
) -> Iterable[int]:
    """Return where, from a place on and up to another one, a few symbols stand that stand elsewhere, too.

    Args:
        symbols: of all nodes.
        length: how many they are.
        places: where they may stand, in order.
        start, stop: the places.
        gaps: to which is added how far apart they are.
    """
    last: dict[str, int] = {}
    again = bytearray(stop - start)
    for i in places:
        if i + length > stop:
            break
        text = symbols[i : i + length]
        before = last.get(text)
        if before is not None:
            gaps.append(i - before)
            again[i - start] = again[before - start] = 1
        last[text] = i
    return compress(range(start, stop), again)


class _Stretch:
    """Symbols of some nodes, of which those are found that come again after a period.

    They are whole numbers, of which each symbol is a byte: so all of them are compared at once.

    Args:
        symbols: of all nodes.
        begin, end: of which nodes.
    """

    def __init__(self, symbols: str, begin: int, end: int) -> None:
        code = symbols[begin:end].encode("utf-32-le", "surrogatepass")
        parts = [code[i::4] for i in range(4)]
        self._numbers = [int.from_bytes(part, "little") for part in parts if any(part)]
        self._begin, self._size = begin, end - begin

    def runs(self, period: int) -> Iterator[tuple[int, int]]:
        """Yield stretches, of LEAST turns or more, in which every symbol comes again after a period."""
        least, size = (LEAST - 1) * period, self._size - period
        if size < least:
            return
        other = 0
        for number in self._numbers:
            other |= number ^ (number >> 8 * period)
        differ = other.to_bytes(self._size, "little")
        same, start = bytes(least), 0
        while (start := differ.find(same, start, size)) >= 0:
            match = _OTHER.search(differ, start + least, size)
            stop = match.start() if match is not None else size
            yield self._begin + start, self._begin + stop + period
            start = stop


_OTHER = re.compile(b"[^\0]")


def _regular(operands: Sequence[Operands], period: int, start: int, stop: int, first: int) -> Section | None:
    """Return the longest loop with that period in a stretch whose symbols repeat."""
    uneven = [start - 1, *_uneven(operands, period, start, stop, first), stop - 2 * period]
    widest = max(range(1, len(uneven)), key=lambda k: uneven[k] - uneven[k - 1])
    end = uneven[widest] + 2 * period
    early = [i for i in uneven[1:widest] if i > uneven[widest - 1] - FURTHEST * period]
    for begin in (start, *[i + 1 for i in early]):
        inside = [i for i in uneven[1:widest] if i >= begin]
        turns = (end - begin) // period
        if turns >= LEAST and all(_is_carried(operands, begin, period, turns, i, first) for i in inside):
            return Section(begin, period, turns)
    return None


def _uneven(operands: Sequence[Operands], period: int, start: int, stop: int, first: int) -> list[int]:
    """Return the nodes of a stretch an operand of which does not move evenly in the two turns after."""
    uneven: set[int] = set()
    if stop - start < _MANY * period:
        ahead, far = operands[start + period : stop - period], operands[start + 2 * period : stop]
        for i, three in enumerate(zip(operands[start : stop - 2 * period], ahead, far, strict=True), start):
            if three[0] == three[1] == three[2]:
                continue
            if not all(map(_is_even, *three, repeat(first))):
                uneven.add(i)
        return sorted(uneven)
    for inside in range(start, start + period):
        rows = operands[inside:stop:period]
        for which in range(len(rows[0])):
            places = [*map(itemgetter(which), rows)]
            for turn in range(min(_even_from(places, first), len(places) - 2)):
                x, y, z = places[turn : turn + 3]
                if not _is_even(x, y, z, first):
                    uneven.add(inside + turn * period)
    return sorted(uneven)


def _is_even(x: int, y: int, z: int, first: int) -> bool:
    return x + z == y + y and (x < first) == (z < first)


def _even_from(places: list[int], first: int) -> int:
    """Return from where on places lie evenly, if that is near the beginning; else how many there are."""
    last = places[-1]
    step = last - places[-2]
    for turn in range(FURTHEST + 1):
        begin, count = places[turn], len(places) - turn
        if begin + step * (count - 1) != last or (begin < first) != (last < first):
            continue
        if places[turn:] == ([*range(begin, last + step, step)] if step else [last] * count):
            return turn
    return len(places)


def _is_carried(
    operands: Sequence[Operands], start: int, period: int, turns: int, place: int, first: int
) -> bool:
    """Say whether what is uneven at a node is carried, where no turn is to carry it."""
    turn, inside = divmod(place - start, period)
    section = Section(start, period, turns)
    pattern = [_pattern(operands, section, inside, i) for i in range(len(operands[place]))]
    for i, operand in enumerate(pattern):
        ahead = [operands[place + k * period][i] for k in range(3)]
        even = ahead[0] + ahead[2] == 2 * ahead[1] and (ahead[0] < first) == (ahead[2] < first)
        if not even and turn >= len(operand.before):
            return False
    return True


def _pattern(operands: Sequence[Operands], section: Section, inside: int, which: int) -> Operand:
    """Return where an operand of a node lies, as the last turns say."""
    start, period, turns = section
    place = start + inside + (turns - 1) * period
    last, earlier = operands[place][which], operands[place - period][which]
    step = last - earlier
    distance = turns - 1 - (last - start) // period
    if step != period or last < start or not 1 <= distance <= min(FURTHEST, turns - 1):
        return Operand(last - step * (turns - 1), step)
    before = [operands[start + inside + turn * period][which] for turn in range(distance)]
    return Operand(last - step * (turns - 1), step, tuple(before))


def patterns(operands: Sequence[Operands], section: Section) -> list[list[Operand]]:
    """Return where the operands of each node of a loop lie."""
    return [
        [_pattern(operands, section, inside, i) for i in range(len(operands[section.start + inside]))]
        for inside in range(section.period)
    ]
