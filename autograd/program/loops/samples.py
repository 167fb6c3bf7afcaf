"""A derived program of a few turns, made ready to be compared with others, and taken apart into sections."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Container, Sequence
from itertools import groupby
from math import gcd
from typing import Any

from ..straight_line.program import Node, Program, node_of
from ..straight_line.simplify import may_raise
from .evenness import LEAST
from .family import Family
from .listing import Listing, Unsuitable, listed
from .repetition import Section, patterns, sections, sections_of_turns

Derive = Callable[[Program, list[int]], Program]
"""Makes a program of a recorded one and the places of what is differentiated by."""

MOST, ALWAYS = 2.5, 2000
"""How many times what was recorded is derived for samples, at most, as to write it all out takes no longer,
and how many nodes more."""

_ROWS = 24  # turns that are divided at once, at most


def is_count(node: Node) -> bool:
    """Say whether a node is a whole number, as of turns."""
    return node.op == "number" and node.number.is_integer() and 0.0 < abs(node.number) < 2.0**53


def statics_first(program: Program, moving: Sequence[bool]) -> Program:
    """Return a program in which what is the same in all turns comes first: before all else or, of
    derivatives, before the first of these.

    What may raise is not brought before a guard, which may say that it is not to be computed.
    """
    count = len(program.inputs)
    moves, late = bytearray(moving), bytearray(count)
    order: list[int] = []
    later: list[int] = []
    after: list[int] = []
    guarded = False
    for place in range(count, len(program.nodes)):
        _, its, _, ieee, _ = node = program.nodes[place]
        moving_here = is_late = False
        for i in its:
            moving_here, is_late = moving_here or moves[i] == 1, is_late or late[i] == 1
        moves.append(moving_here or (guarded and may_raise(node)))
        late.append(ieee or is_late)
        if not moves[place]:
            (later if late[place] else order).append(place)
            continue
        after.append(place)
        guarded = guarded or place in program.guards
    first = next((i for i, place in enumerate(after) if late[place]), len(after))
    order += [*after[:first], *later, *after[first:]]
    places = [*range(count), *[0] * len(order)]
    for new, old in enumerate(order, count):
        places[old] = new
    nodes = program.nodes[:count]
    for old in order:
        op, its, number, ieee, _ = program.nodes[old]
        nodes.append(node_of((op, tuple([places[i] for i in its]), number, ieee, None)))
    guards = {places[i]: outcome for i, outcome in program.guards.items()}
    return Program(program.inputs, nodes, guards, [places[i] for i in program.outputs])


class Sample:
    """A derived program of a few turns, taken apart.

    Attributes:
        listing: its nodes.
        sections: its sections.
        guards: its guards.
        shape: what programs of all sizes have alike.
        numbers: what grows: how many inputs and nodes there are, turns of sections, places of operands, in
            loops that do not grow steps, and in straight lines whole numbers, as of turns that add the same.
    """

    def __init__(self, program: Program, kinds: dict[object, str]) -> None:
        self.guards = program.guards
        self.listing: Listing = listed(program, True, kinds)
        self._counts = len(program.inputs), len(program.nodes)
        self._begun: dict[bool, list[Section]] = {}

    def begin(self, aligned: bool) -> None:
        """Take the sections that are found, with turns aligned or not."""
        self._aligned = aligned
        if aligned not in self._begun:
            symbols, operands, _ = self.listing
            found = sections(symbols, operands, self._counts[0], aligned=aligned)
            self._begun[aligned] = _outputs_divided(found, operands, self._counts[1])
        self._take(self._begun[aligned])

    def divide(self, which: Container[int]) -> None:
        """Let the turns of some loops be sections of their own."""
        symbols, operands, _ = self.listing
        divided: list[Section] = []
        for i, section in enumerate(self.sections):
            if i in which:
                first = self._counts[0]
                divided += sections_of_turns(symbols, operands, first, section, self._aligned)
            else:
                divided.append(section)
        self._take(divided)

    def peel(self, which: int, first: bool) -> None:
        """Let the first turn of a loop, or else the last one, be straight lines."""
        if which < len(self.sections) and self.sections[which].turns > 2:
            start, period, turns = self.sections[which]
            one = Section(start if first else start + period * (turns - 1), period, 1)
            rest = Section(start + period * first, period, turns - 1)
            self._take([*self.sections[:which], *sorted([one, rest]), *self.sections[which + 1 :]])

    def fold(self, which: int, times: int) -> None:
        """Let several turns of a loop be one, and what is left of them at its end a loop of its own."""
        if which < len(self.sections):
            start, period, turns = self.sections[which]
            folded, left = divmod(turns, times)
            if folded > 1:
                one = Section(start, period * times, folded)
                rest = [Section(one.end, period, left)] if left else []
                self._take([*self.sections[:which], one, *rest, *self.sections[which + 1 :]])

    def _take(self, found: list[Section]) -> None:
        self.sections = found
        symbols, operands, _ = self.listing
        self.numbers = [*self._counts]
        shape: list[Any] = []
        for section in self.sections:
            start, period, turns = section
            if turns == 1:
                nodes = self.listing.nodes[start : section.end]
                kinds = zip(nodes, symbols[start : section.end], strict=True)
                shape.append((period, ["count" if is_count(node) else symbol for node, symbol in kinds]))
                for node, its in zip(nodes, operands[start : section.end], strict=True):
                    self.numbers += [int(node.number)] if is_count(node) else its
                continue
            pattern = patterns(operands, section)
            carried = [[len(x.before) for x in row] for row in pattern]
            shape.append((period, symbols[start : start + period], carried))
            self.numbers.append(turns)
            for row in pattern:
                for operand in row:
                    self.numbers += (*operand[:2], *operand.before)
        self.shape = shape


class Effort:
    """What a search for loops may still take.

    Args:
        nodes: how many were recorded.
        most: how many times as many are derived, at most.
    """

    def __init__(self, nodes: int, most: float = MOST) -> None:
        self._left = ALWAYS + most * nodes

    def spend(self, nodes: int) -> None:
        """Take what it is to derive a program of some nodes that were recorded.

        Raises:
            Unsuitable: there is not so much left.
        """
        if nodes > self._left:
            self._left = 0.0
            raise Unsuitable
        self._left -= nodes

    @property
    def is_spent(self) -> bool:
        """Whether there was not enough left."""
        return not self._left


def derived_at(
    family: Family, derive: Derive, by: Sequence[int], turns: Sequence[int], effort: Effort | None = None
) -> Program:
    """Return a derived program of some size as straight lines, in the order in which loops are found.

    Raises:
        Unsuitable: it is more than the effort that is left.
    """
    program, places = family.at(turns, by)
    if effort is not None:
        effort.spend(len(program.nodes))
    moving = family.moving(turns)
    found = derive(program, places)
    more = found.inputs[len(program.inputs) :]  # weights of outputs, a vector, or both
    weights = sum(name.startswith("weight_") for name in more)
    moving += [True] * weights
    if len(more) > weights:
        moving += [moving[i] for i in places]
    return statics_first(found, moving)


class Samples:
    """Samples of derived programs of one family, each of which is made when it is first asked for.

    Args:
        family, derive, by, effort: as for `grown`.
    """

    def __init__(self, family: Family, derive: Derive, by: Sequence[int], effort: Effort) -> None:
        self.family, self._derive, self._by, self._effort = family, derive, by, effort
        self._kinds: dict[object, str] = {}
        self._known: dict[tuple[int, ...], Sample] = {}
        self._changes: list[Callable[[Sample], None]] = []
        self._aligned = False

    def derived(self, turns: Sequence[int]) -> Program:
        """Return the derived program of some size as straight lines."""
        return derived_at(self.family, self._derive, self._by, turns)

    def at(self, turns: Sequence[int]) -> Sample:
        """Return the sample of some size.

        Raises:
            Unsuitable: it is more than the effort that is left.
        """
        key = tuple(turns)
        if key not in self._known:
            found = derived_at(self.family, self._derive, self._by, turns, self._effort)
            self._known[key] = Sample(found, self._kinds)
            self._known[key].begin(self._aligned)
            for change in self._changes:
                change(self._known[key])
        return self._known[key]

    def begin(self, aligned: bool) -> None:
        """Begin anew with the sections that are found in the samples, with turns aligned or not."""
        self._aligned = aligned
        self._changes.clear()
        for sample in self._known.values():
            sample.begin(aligned)

    def change(self, change: Callable[[Sample], None]) -> None:
        """Change the sections of all samples.

        Raises:
            Unsuitable: they stay as they are.
        """
        before = [sample.sections for sample in self._known.values()]
        self._changes.append(change)
        for sample in self._known.values():
            change(sample)
        if before == [sample.sections for sample in self._known.values()]:
            raise Unsuitable

    def divide(self, alike: Sequence[Sample]) -> None:
        """Divide loops, in all samples, that have longer turns the larger a sample is, and no more of them.

        The rows of a Hessian are such a loop, with the loops that grow in its turns.

        Args:
            alike: some of the samples.

        Raises:
            Unsuitable: there are none, or too many: products are shorter than so many rows.
        """
        if len({len(sample.sections) for sample in alike}) > 1:
            raise Unsuitable
        loops = enumerate(zip(*[sample.sections for sample in alike], strict=True))
        which = {
            i
            for i, its in loops
            if its[0].turns > 1 and len({x.turns for x in its}) == 1 < len({x.period for x in its})
        }
        if not 0 < sum(alike[0].sections[i].turns for i in which) <= _ROWS:
            raise Unsuitable
        self.change(lambda sample: sample.divide(which))


def _outputs_divided(found: list[Section], operands: Sequence[tuple[int, ...]], end: int) -> list[Section]:
    """Divide sections of outputs, one after the other, so that each goes through one loop, turn by turn.

    Args:
        found: sections.
        operands: those of each node and output.
        end: the place of the first output.
    """
    starts = [section.start for section in found]
    divided: list[Section] = []
    for section in found:
        if section.start < end or section.period > 1 or section.turns == 1:
            divided.append(section)
            continue
        step = operands[section.start + 1][0] - operands[section.start][0]
        through = [bisect_right(starts, operands[i][0]) - 1 for i in range(section.start, section.end)]
        start = section.start
        for which, run in groupby(through):
            count = sum(1 for _ in run)
            its = found[which] if which >= 0 else section
            period = its.period // gcd(its.period, step) if its.turns > 1 else count
            turns = count // period if count // period >= LEAST else 0
            if turns:
                divided.append(Section(start, period, turns))
            if count - turns * period:
                divided.append(Section(start + turns * period, count - turns * period, 1))
            start += count
    return divided
