"""Repetition in a list of nodes: where a few nodes come again and again, with operands that move evenly.

A **section** is a stretch of nodes. One of several turns is a loop: in each turn the same operations, of
which every operand lies a fixed number of places further in the list than in the turn before, or stays where
it is; none goes from inputs to nodes. An operand that is carried from one turn to the next may come from
anywhere in the first turn.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from heapq import heappop, heappush
from itertools import pairwise
from typing import NamedTuple

from .evenness import LEAST, Compared, Operands, is_even
from .periods import Tokens

FURTHEST = 4
"""From how many turns before, at most, a number is carried."""

_TIMES = 8
"""How often, at most, a few operations are looked for in one turn."""

_WINDOWS = (600, 4_000, 30_000)
_FEW = 4

_LITTLE, _MUCH = 3_000_000, 400
"""How many nodes are compared, at most, and how many more for each node: what is then left is straight lines.
Where there are as many loops as in eliminations, each with turns of its own, it would be the square."""

_TOKEN = 200
"""How many nodes are compared in the time in which one token is looked up."""

_UNEVEN = re.compile(b"\1+")


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
    symbols: str,
    operands: Sequence[Operands],
    first: int,
    begin: int | None = None,
    aligned: bool = False,
) -> list[Section]:
    """Divide nodes into sections, in a time that is in proportion to how many they are.

    Args:
        symbols: for each node a character that says what is done, and to how many operands.
        operands: for each node the places of what it is done to.
        first: the place of the first node that is no input.
        begin: the place from which on nodes are divided; None for all that are no inputs.
        aligned: whether turns begin with the same node as those of a loop before, where the same operations
            go on with operands that move otherwise.
    """
    return _Search(symbols, operands, first, first if begin is None else begin, aligned).found


def sections_of_turns(
    symbols: str, operands: Sequence[Operands], first: int, loop: Section, aligned: bool = False
) -> list[Section]:
    """Return the sections of all turns of a loop, each turn divided for itself."""
    found: list[Section] = []
    for start in range(loop.start, loop.end, loop.period):
        end = start + loop.period
        found += sections(symbols[:end], operands[:end], first, start, aligned)
    return found


class _Search:
    """A search for sections.

    Attributes:
        found: what was found.

    Args:
        symbols, operands, first, begin, aligned: as for `sections`.
    """

    def __init__(
        self, symbols: str, operands: Sequence[Operands], first: int, begin: int, aligned: bool
    ) -> None:
        self._symbols, self._operands, self._first, self._aligned = symbols, operands, first, aligned
        self._compared = Compared(symbols, operands, first)
        self._tokens = Tokens(symbols, self._compared, begin)
        self._known: dict[tuple[int, int, int], Section | None] = {}
        self._work = 0  # how many nodes were compared
        self.found: list[Section] = []
        most = _LITTLE + _MUCH * (len(symbols) - begin)
        todo = [(begin - len(symbols), begin)]
        while todo:
            less, begin = heappop(todo)  # the longest first
            end = begin - less
            loops = sorted(self._largest(begin, end)) if self._work < most else []
            if not loops and end > begin:
                self.found.append(Section(begin, end - begin, 1))
            elif loops:
                self.found += map(self._with_shortest_turns, loops)
                starts = [begin, *[loop.end for loop in loops]]
                ends = [*[loop.start for loop in loops], end]
                for start, stop in zip(starts, ends, strict=True):
                    heappush(todo, (start - stop, start))
        self.found.sort()

    def _with_shortest_turns(self, loop: Section) -> Section:
        """Return a loop, or the same one with twice as many turns, or three times, if it is one."""
        start, period, turns = loop
        for parts in (2, 3):
            shorter, left = divmod(period, parts)
            body = self._symbols[start : loop.end]
            if not left and body.startswith(body[shorter:]):
                found = self._regular(shorter, start, loop.end)
                if found == (start, shorter, turns * parts):
                    return self._with_shortest_turns(found)
        return loop

    def _largest(self, begin: int, end: int) -> list[Section]:
        """Return the loop that covers most of some nodes, of these the one with the shortest turns, and
        others beside it that are nearly as large."""
        best: Section | None = None
        size = 0
        runs: list[tuple[int, int, int, int]] = []
        stretch, count = self._compared.stretch(begin, end), self._tokens.count(begin, end)
        tried: set[int] = set()
        for window in _WINDOWS:
            periods = self._tokens.periods(begin, end, window) - tried
            self._work += _TOKEN * min(count, 3 * window)
            multiples: set[int] = set()
            for some in (periods, multiples):  # the second of which grows while the first is gone through
                tried |= some
                self._work += len(some) * (end - begin)
                more = [
                    (start - stop, period, start, stop)
                    for period in some
                    for start, stop in stretch.runs(period)
                ]
                runs += more
                for less, period, start, stop in sorted(more):  # the longest first
                    if -less <= size:
                        break
                    section = self._regular(period, start, stop)
                    found = section.end - section.start if section is not None else 0
                    if section is not None and found > size:
                        best, size = section, found
                    if some is periods and found < 2 * _TIMES * period and -4 * less > end - begin:
                        # A few operations come again within a turn, as in a short loop inside.
                        longest = min(_TIMES * period, (end - begin) // LEAST)
                        multiples.update(range(2 * period, longest + 1, period))
                multiples -= tried
            if 2 * size > end - begin or count <= 3 * window:
                break  # a turn may be longer than what was looked at
        if best is None:
            return []
        chosen = self._beside(best, runs)
        if 2 * size < end - begin:  # they may be loops in the turns of another one
            around = [run for run in runs if run[1] == best.period and run[2] <= best.start < run[3]]
            jumps = [gap for run in (min(runs), *around[:1]) for gap in self._jumps(run, size)]
            for period in dict.fromkeys([*_between(chosen), *jumps]):
                for start, stop in stretch.runs(period):
                    section = self._regular(period, start, stop)
                    if section is not None and section.end - section.start > size:
                        best, size = section, section.end - section.start
            if best is not chosen[0]:
                return self._beside(best, runs)
        return chosen

    def _jumps(self, run: tuple[int, int, int, int], size: int) -> list[int]:
        """Return how far lie apart, in a stretch where symbols repeat, the places where operands jump.

        Args:
            run: the stretch.
            size: how large the largest loop is: a stretch that is no longer does not count.
        """
        less, period, start, stop = run
        if -less <= size:
            return []
        jumps: list[int] = []
        before = -2 * period - 1
        for match in _UNEVEN.finditer(self._compared.uneven(period, start, stop)):
            if match.start() - before >= 2 * period:  # each is seen from two turns before on
                jumps.append(match.start())
            before = match.end()
        gaps = Counter([y - x for x, y in pairwise(jumps)])
        return [gap for gap, n in gaps.most_common(_FEW) if n >= LEAST - 2]

    def _beside(self, best: Section, runs: Sequence[tuple[int, int, int, int]]) -> list[Section]:
        """Return a loop and others that are not much smaller, from the stretches where symbols repeat."""
        size = best.end - best.start
        chosen = [best]
        for less, period, start, stop in sorted({*runs}):
            if -less * _TIMES < size:
                break
            if all(stop <= x.start or start >= x.end for x in chosen):
                section = self._regular(period, start, stop)
                if section is not None:
                    chosen.append(section)
        return chosen

    def _regular(self, period: int, start: int, stop: int) -> Section | None:
        """Return the longest loop with that period in a stretch whose symbols repeat."""
        key = period, start, stop
        if key not in self._known:
            self._known[key] = self._found_regular(period, start, stop)
        return self._known[key]

    def _found_regular(self, period: int, start: int, stop: int) -> Section | None:
        uneven = self._compared.uneven(period, start, stop)
        widest = max(map(len, uneven.split(b"\1")))
        if not widest:
            return None
        even = uneven.find(bytes(widest))
        end = start + even + widest + 2 * period
        carried = range(max(0, even - FURTHEST * period), even)
        inside = [start + i for i in carried if uneven[i]]
        begins = [i + 1 for i in inside]
        for begin in begins if carried.start else (start, *begins):
            turns = (end - begin) // period
            if turns < LEAST:
                break
            same = begin + (start - begin) % period
            if self._aligned and begin - start >= LEAST * period and (end - same) // period == turns:
                begin = same
            if all(self._is_carried(begin, period, turns, i) for i in inside if i >= begin):
                return Section(begin, period, turns)
        return None

    def _is_carried(self, start: int, period: int, turns: int, place: int) -> bool:
        """Say whether what is uneven at a node is carried, where no turn is to carry it."""
        operands, first = self._operands, self._first
        turn, inside = divmod(place - start, period)
        section = Section(start, period, turns)
        for i in range(len(operands[place])):
            x, y, z = [operands[place + k * period][i] for k in range(3)]
            if not is_even(x, y, z, first) and turn >= len(_pattern(operands, section, inside, i).before):
                return False
        return True


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
