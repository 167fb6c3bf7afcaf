"""A recorded program at other sizes: what was recorded with as few turns of its loops as one likes.

Derivatives are taken of a few turns, as straight lines, and `growing` finds what they are for all of them.
Loops that go through the same numbers have as many turns: they are of one **group**, and are changed
together, and with them the arrays among the inputs that they go through.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
from typing import NamedTuple

from ..straight_line.program import Node, Program
from .listing import OUTPUT, Sectioned, Unsuitable, listed
from .repetition import LEAST, Operand, Section, patterns

SHORT = 24
"""Loops of fewer turns stay straight lines."""

_NEAR = 6
"""How near to the first or last turn a single one is referred to."""


class _Block(NamedTuple):
    """A section, and what is known of it.

    Attributes:
        section: the section.
        group: the number of its group; -1 for straight lines.
        pattern: where the operands of each node of a loop lie.
        tables: by its place in the turn, the table of a number that differs from turn to turn.
    """

    section: Section
    group: int
    pattern: list[list[Operand]]
    tables: dict[int, int]


def _size(block: _Block) -> int:
    return block.section.end - block.section.start


class _Region(NamedTuple):
    """Inputs, one after the other, that a group of loops goes through, `step` of them a turn."""

    low: int
    high: int
    step: int
    group: int


class Family:
    """A recorded program, at other sizes.

    Attributes:
        turns: of each group of loops how many turns its longest has.
        open: the group of a loop that a guard ends, which may have any number of turns; -1 if there is none.
        known: with how many turns of that loop the function was seen to do what programs of the family do.
        tables: the numbers that differ from turn to turn, a table for each place in a body.
        inputs: how many inputs the program has.

    Args:
        program: the program.
        least: how many turns a loop has that is kept, if no guard ends it.
        exits: whether to look for one that a guard ends.
        sectioned: the program in sections, where that is known.

    Raises:
        Unsuitable: there is nothing to be gained.
    """

    def __init__(
        self,
        program: Program,
        least: int = SHORT,
        exits: bool = True,
        sectioned: Sectioned | None = None,
    ) -> None:
        self._program = program
        sectioned = sectioned or Sectioned(program)
        self._listing, found = sectioned.listing, sectioned.found
        self.inputs = len(program.inputs)
        ending = next((x for x in found if exits and self._ends_by_a_guard(x)), None)
        self.known = set() if ending is None else {ending.turns}
        self._old_starts = [x.start for x in found]
        kept = {i for i, x in enumerate(found) if x.turns >= least or x is ending}
        while True:
            self.open = -1 if ending is None or found.index(ending) not in kept else 0
            self._divide(found, kept, ending if self.open == 0 else None)
            out_of_place = self._used_inside()
            if not out_of_place:
                break
            kept -= out_of_place
        if self.open < 0 and 2 * sum(_size(x) for x in self._blocks if x.group >= 0) < len(program.nodes):
            raise Unsuitable  # programs of a few turns are not much smaller
        self._regions = self._found_regions()
        if self.open >= 0 and (self.tables or self.open in [region.group for region in self._regions]):
            raise Unsuitable  # numbers that differ from turn to turn may differ with the turns of that loop

    def _divide(self, found: Sequence[Section], kept: Container[int], ending: Section | None) -> None:
        """Make blocks of sections, of which some are kept as loops.

        Raises:
            Unsuitable: none are.
        """
        self.turns: list[int] = [] if ending is None else [ending.turns]
        counts = {x.turns for i, x in enumerate(found) if i in kept and x is not ending}
        group_of: dict[int, int] = {}
        last = 0
        for count in sorted(counts, reverse=True):
            if not group_of or last - count > _NEAR:
                self.turns.append(last := count)
            group_of[count] = len(self.turns) - 1
        if not self.turns:
            raise Unsuitable
        self.tables: list[list[float]] = []
        self._table_groups: list[int] = []
        self._blocks = [
            self._block(x, -1 if i not in kept else 0 if x is ending else group_of[x.turns])
            for i, x in enumerate(found)
        ]

    def _used_inside(self) -> set[int]:
        """Return the loops that are to be straight lines: of which a turn in the middle is used alone, and
        whose turns go through what is no loop of their group."""
        found: set[int] = set()
        for i, block in enumerate(self._blocks):
            if block.group < 0:
                fixed = [x for its in self._operands_of(block) for x in its]
                moving: list[Operand] = []
            else:
                operands = [x for row in block.pattern for x in row]
                fixed = [x for operand in operands for x in operand.before]
                fixed += [operand.base for operand in operands if not operand.step]
                moving = [x for x in operands if x.step and not x.before and x.base >= self.inputs]
            for place in {*fixed}:
                which = self._block_of(place)
                if place >= self.inputs and self._is_inside(self._blocks[which], place):
                    found.add(which)
            for operand in moving:
                which = self._block_of(operand.base)
                other = self._blocks[which]
                if which == i or (other.group, other.section.period) == (block.group, abs(operand.step)):
                    continue
                larger = other.group >= 0 and _size(other) < _size(block)
                found.add(which if larger else i)
        return found

    def _operands_of(self, block: _Block) -> list[tuple[int, ...]]:
        return self._listing.operands[block.section.start : block.section.end]

    def _is_inside(self, block: _Block, place: int) -> bool:
        turn, _ = block.section.turn_of(place)
        turns = block.section.turns
        return block.group >= 0 and min(_NEAR, turns // 2) <= turn < turns - _NEAR

    def _block_of(self, place: int) -> int:
        return bisect_right(self._old_starts, place) - 1

    def _ends_by_a_guard(self, section: Section) -> bool:
        """Say whether the next turn of a loop begins after it, up to a guard that turns out otherwise."""
        guards, (symbols, operands, nodes) = self._program.guards, self._listing
        start, period, turns = section
        if turns < LEAST:
            return False
        pattern = patterns(operands, section)
        for inside in range(period):
            place = section.end + inside
            if place >= len(self._program.nodes):
                return False
            if [x.base + x.step * turns for x in pattern[inside]] != [*operands[place]]:
                return False
            before = guards.get(start + inside)
            if symbols[place] != symbols[start + inside]:
                same = nodes[place].op == nodes[start + inside].op
                return same and before is not None and guards.get(place) is not before
        return False

    def _block(self, section: Section, group: int) -> _Block:
        if group < 0:
            start, end = section.start, section.end
            return _Block(Section(start, end - start, 1), -1, [], {})
        tables: dict[int, int] = {}
        nodes = self._listing.nodes
        for inside in range(section.period):
            if nodes[section.start + inside].op == "number":
                column = [nodes[i].number for i in range(section.start + inside, section.end, section.period)]
                first = column[0].hex()
                if any(x.hex() != first for x in column):
                    tables[inside] = len(self.tables)
                    self.tables.append(column)
                    self._table_groups.append(group)
        return _Block(section, group, patterns(self._listing.operands, section), tables)

    def _found_regions(self) -> list[_Region]:
        """Return the inputs that loops go through."""
        spans: list[_Region] = []
        for block in self._blocks:
            for operand in [x for row in block.pattern for x in row]:
                last = operand.base + operand.step * (block.section.turns - 1)
                if operand.step and not operand.before and min(operand.base, last) < self.inputs:
                    low, high = sorted((operand.base, last))
                    if low < 0 or high >= self.inputs:
                        raise Unsuitable
                    spans.append(_Region(low, high, abs(operand.step), block.group))
        regions: list[_Region] = []
        for span in sorted(spans):
            before = regions[-1] if regions else None
            if before is None or span.low > before.high:
                regions.append(span)
            elif (span.step, span.group) != (before.step, before.group):
                raise Unsuitable
            else:
                regions[-1] = before._replace(high=max(before.high, span.high))
        return regions

    def at(self, turns: Sequence[int], by: Sequence[int]) -> tuple[Program, list[int]]:
        """Return the program with so many turns in each group, and the places in it of some inputs."""
        return _Member(self, turns).program, [new for x in by if (new := self._input(x, turns)) is not None]

    def of_turns(self, turns: int) -> list[int]:
        """Return the size with so many turns of the open loop."""
        return [turns if i == self.open else count for i, count in enumerate(self.turns)]

    def turns_of(self, program: Program) -> int | None:
        """Return how many turns of the open loop a recorded program has, if it is of the family."""
        if self.open < 0:
            return None
        period = next(block.section.period for block in self._blocks if block.group == self.open)
        more, left = divmod(len(program.nodes) - len(self._program.nodes), period)
        turns = self.turns[self.open] + more
        if left or not 0 < turns <= self.turns[self.open]:
            return None
        return turns if self._is_at(turns, program) else None

    def covers(self, other: Family) -> bool:
        """Say whether another family is this one with fewer turns, and take over what is known of it."""
        if self.open < 0 or other.open < 0 or self.turns[self.open] < other.turns[other.open]:
            return False
        its = other.turns[other.open]
        if self.turns_of(other._program) != its:
            return False
        fewer = other.known - {its}
        if not all(self._is_at(turns, other.at(other.of_turns(turns), ())[0]) for turns in fewer):
            return False
        self.known |= other.known
        return True

    def _is_at(self, turns: int, program: Program) -> bool:
        """Say whether a program is that of the family with so many turns."""
        try:
            own = self.at(self.of_turns(turns), ())[0]
        except Unsuitable:
            return False
        kinds: dict[object, str] = {}
        return listed(own, True, kinds)[:2] == listed(program, True, kinds)[:2]

    def moving(self, turns: Sequence[int]) -> list[bool]:
        """Say for each input of a member whether it is one that a loop goes through."""
        own = [
            any(low <= x <= high for low, high, _, _ in self._regions)
            for x in range(self.inputs)
            if self._input(x, turns) is not None
        ]
        groups = zip(self.tables, self._table_groups, strict=True)
        return own + [True] * sum(len(table) - self._cut(group, turns) for table, group in groups)

    def _cut(self, group: int, turns: Sequence[int]) -> int:
        return 0 if group < 0 else self.turns[group] - turns[group]

    def _input(self, place: int, turns: Sequence[int]) -> int | None:
        """Return the place that an input has in a member; None if it is not there."""
        removed = 0
        for low, high, step, group in self._regions:
            gone = step * self._cut(group, turns)
            if place > high:
                removed += gone
            elif place >= low:
                # Those near the middle go.
                kept = (high + 1 - low - gone) // 2
                if place - low < kept:
                    break
                if place - low < kept + gone:
                    return None
                removed += gone
                break
        return place - removed


class _Member:
    """The program of a family with few turns."""

    def __init__(self, family: Family, turns: Sequence[int]) -> None:
        self._family = family
        self._turns = turns
        old = family._program
        self._nodes, self._operands = family._listing.nodes, family._listing.operands
        names = [name for i, name in enumerate(old.inputs) if family._input(i, turns) is not None]
        self._inputs = len(names)
        self._first_of_table: list[int] = []
        for table, group in zip(family.tables, family._table_groups, strict=True):
            self._first_of_table.append(len(names))
            names += ["table"] * (len(table) - family._cut(group, turns))
        self._starts: list[int] = []
        start = len(names)
        for block in family._blocks:
            self._starts.append(start)
            start += block.section.period * self._count(block)
        self.program = Program(names)
        self._outputs: list[int] = []
        for i, block in enumerate(family._blocks):
            if block.group < 0:
                self._straight(block)
            else:
                self._loop(i, block)
        self.program.outputs = tuple(self._outputs)

    def _count(self, block: _Block) -> int:
        return block.section.turns - self._family._cut(block.group, self._turns)

    def _straight(self, block: _Block) -> None:
        for place in range(block.section.start, block.section.end):
            self._append(place, [self._place(x) for x in self._operands[place]])

    def _loop(self, which: int, block: _Block) -> None:
        start, period, _ = block.section
        for turn in range(self._count(block)):
            for inside in range(period):
                table = block.tables.get(inside)
                if table is not None:
                    self.program.add("identity", self._first_of_table[table] + turn)
                    continue
                operands = []
                for operand in block.pattern[inside]:
                    if turn < len(operand.before):
                        operands.append(self._place(operand.before[turn]))
                    elif operand.step == 0:
                        operands.append(self._place(operand.base))
                    else:
                        operands.append(self._moving(which, operand, turn))
                self._append(start + inside, operands)

    def _append(self, place: int, operands: list[int]) -> None:
        node = self._nodes[place]
        program = self.program
        if node.op == OUTPUT:
            self._outputs += operands
            return
        outcome = self._family._program.guards.get(place)
        if outcome is not None:
            program.guards[len(program.nodes)] = outcome
        count = len(node.operands)
        last = node.last and (node.last[0], *operands[count:])
        program.nodes.append(Node(node.op, tuple(operands[:count]), node.number, node.ieee, last))

    def _place(self, place: int) -> int:
        """Return the place in the member of a node that is at one place in the program."""
        family = self._family
        if place < family.inputs:
            new = family._input(place, self._turns)
            if new is None:
                raise Unsuitable
            return new
        which = family._block_of(place)
        block = family._blocks[which]
        turn, inside = block.section.turn_of(place)
        if family._is_inside(block, place):
            raise Unsuitable
        if block.group >= 0 and turn >= min(_NEAR, block.section.turns // 2):
            turn -= family._cut(block.group, self._turns)
        return self._starts[which] + turn * block.section.period + inside

    def _moving(self, which: int, operand: Operand, turn: int) -> int:
        """Return the place of an operand that moves, in a turn."""
        family = self._family
        own = family._blocks[which]
        if operand.base < family.inputs and not operand.before:
            end = operand.base if operand.step > 0 else operand.base + operand.step * (own.section.turns - 1)
            low = family._input(end, self._turns)
            if low is None:
                raise Unsuitable
            return low + abs(operand.step) * (turn if operand.step > 0 else self._count(own) - 1 - turn)
        # The place of its first turn would be before the loop, where it is carried.
        there = which if operand.before else family._block_of(operand.base)
        block = family._blocks[there]
        at, inside = divmod(operand.base - block.section.start, block.section.period)
        if block.group != own.group or operand.step not in (block.section.period, -block.section.period):
            raise Unsuitable
        if operand.step > 0:
            if at >= _NEAR:
                raise Unsuitable
            at += turn
        else:
            if at < block.section.turns - _NEAR:
                raise Unsuitable
            at -= family._cut(block.group, self._turns) + turn
        return self._starts[there] + at * block.section.period + inside
