"""A recorded program at other sizes: what was recorded with as few turns of its loops as one likes.

Derivatives are taken of a few turns, as straight lines, and `growing` finds what they are for all of them.
Loops that go through the same numbers have as many turns: they are of one **group**, and are changed
together, and with them the arrays among the inputs that they go through.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Sequence

from ..straight_line.program import Program
from .evenness import LEAST
from .layout import NEAR, Block, Layout, Region
from .listing import SHORT, Sectioned, Unsuitable, listed
from .member import Member
from .repetition import Operand, Section
from .spread import Spread, sectioned_of


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
        hide: whether the numbers that loops multiply with are hidden in tables. A derivative may multiply
            them with each other from turn to turn, as in `0.9 * x`, and that is a loop if it is not known
            what comes of it.
        fold: whether several turns of a loop are one where another loop has so many times fewer, as where
            some operations on an array go through its elements and others through its rows.

    Raises:
        Unsuitable: there is nothing to be gained, or nothing to be hidden.
    """

    def __init__(
        self,
        program: Program,
        least: int = SHORT,
        exits: bool = True,
        sectioned: Sectioned | Spread | None = None,
        hide: bool = False,
        fold: bool = False,
    ) -> None:
        self._program = program
        self._least, self._exits, self._hide, self._fold = least, exits, hide, fold
        self._sectioned = sectioned or sectioned_of(program)
        ending = next((x for x in self._sectioned.found if exits and self._ends_by_a_guard(x)), None)
        found = self._sectioned.found if ending is not None else self._sectioned.inner
        if fold:
            found = _folded(found, least)
        self._layout = Layout(
            self._sectioned.listing, self._sectioned.guards, program.inputs, [x.start for x in found]
        )
        self.inputs = len(program.inputs)
        self.known = set() if ending is None else {ending.turns}
        kept = {i for i, x in enumerate(found) if x.turns >= least or x is ending}
        while True:
            self.open = -1 if ending is None or found.index(ending) not in kept else 0
            self._divide(found, kept, ending if self.open == 0 else None)
            out_of_place = self._used_inside()
            if not out_of_place:
                break
            kept -= out_of_place
        self.turns, self.tables = self._layout.turns, self._layout.tables
        if hide and -1 not in self._layout.table_groups:
            raise Unsuitable
        in_loops = sum(block.size for block in self._layout.blocks if block.group >= 0)
        if self.open < 0 and 2 * in_loops < self.nodes:
            raise Unsuitable  # programs of a few turns are not much smaller
        self._layout.regions = self._found_regions()
        if self.open >= 0 and (self.tables or self.open in [x.group for x in self._layout.regions]):
            raise Unsuitable  # numbers that differ from turn to turn may differ with the turns of that loop

    def _divide(self, found: Sequence[Section], kept: Container[int], ending: Section | None) -> None:
        """Make blocks of sections, of which some are kept as loops.

        Raises:
            Unsuitable: none are.
        """
        turns: list[int] = [] if ending is None else [ending.turns]
        counts = {x.turns for i, x in enumerate(found) if i in kept and x is not ending}
        group_of: dict[int, int] = {}
        last = 0
        for count in sorted(counts, reverse=True):
            if not group_of or last - count > NEAR:
                turns.append(last := count)
            group_of[count] = len(turns) - 1
        if not turns:
            raise Unsuitable
        layout = self._layout
        layout.turns, layout.tables, layout.table_groups = turns, [], []
        layout.blocks = [
            self._block(x, -1 if i not in kept else 0 if x is ending else group_of[x.turns])
            for i, x in enumerate(found)
        ]

    def _used_inside(self) -> set[int]:
        """Return the loops that are to be straight lines: of which a turn in the middle is used alone, and
        whose turns go through what is no loop of their group."""
        found: set[int] = set()
        layout = self._layout
        fixed: set[int] = set()
        for i, block in enumerate(layout.blocks):
            if block.group < 0:
                fixed.update(*layout.listing.operands[block.section.start : block.section.end])
                continue
            operands = {x for row in block.pattern for x in row}
            for operand in operands:
                fixed.update(operand.before)
                if not operand.step:
                    fixed.add(operand.base)
                elif not operand.before and operand.base >= self.inputs:
                    which = layout.block_of(operand.base)
                    other = layout.blocks[which]
                    if which != i and (other.group, other.section.period) != (block.group, abs(operand.step)):
                        larger = other.group >= 0 and other.size < block.size
                        found.add(which if larger else i)
        places = sorted(fixed)
        for i, block in enumerate(layout.blocks):
            inside = layout.inside(block)
            if bisect_left(places, inside.start) < bisect_left(places, inside.stop):
                found.add(i)
        return found

    def _ends_by_a_guard(self, section: Section) -> bool:
        """Say whether the next turn of a loop begins after it, up to a guard that turns out otherwise."""
        guards, (symbols, operands, nodes) = self._program.guards, self._sectioned.listing
        start, period, turns = section
        if turns < LEAST:
            return False
        pattern = self._sectioned.pattern(section)
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

    def _block(self, section: Section, group: int) -> Block:
        if group < 0:
            start, end = section.start, section.end
            return Block(Section(start, end - start, 1), -1, [], {})
        layout, pattern = self._layout, self._sectioned.pattern(section)
        tables: dict[int, int] = {}
        factors = self._factors(section, pattern) if self._hide else ()
        for inside in range(section.period):
            node = layout.listing.nodes[section.start + inside]
            if node.op == "number":
                column = self._sectioned.column(section, inside)
                if column is not None or inside in factors:
                    tables[inside] = len(layout.tables)
                    layout.tables.append(column or [node.number])
                    layout.table_groups.append(group if column is not None else -1)
        return Block(section, group, pattern, tables)

    def _factors(self, section: Section, pattern: Sequence[Sequence[Operand]]) -> set[int]:
        """Return the places in a turn of numbers that it multiplies or divides with, but for 0, 1 and -1."""
        nodes, start = self._layout.listing.nodes, section.start
        products = [row for i, row in enumerate(pattern) if nodes[start + i].op in ("*", "/")]
        used = {x.base - start for row in products for x in row if x.base >= start and not x.before}
        return {
            i
            for i in used
            if nodes[start + i].op == "number" and abs(nodes[start + i].number) not in (0.0, 1.0)
        }

    def _found_regions(self) -> list[Region]:
        """Return the inputs that loops go through."""
        spans: list[Region] = []
        for block in self._layout.blocks:
            for operand in [x for row in block.pattern for x in row]:
                last = operand.base + operand.step * (block.section.turns - 1)
                if operand.step and not operand.before and min(operand.base, last) < self.inputs:
                    low, high = sorted((operand.base, last))
                    if low < 0 or high >= self.inputs:
                        raise Unsuitable
                    spans.append(Region(low, high, abs(operand.step), block.group))
        regions: list[Region] = []
        for span in sorted(spans):
            before = regions[-1] if regions else None
            if before is None or span.low > before.high:
                regions.append(span)
            elif (span.step, span.group) != (before.step, before.group):
                raise Unsuitable
            else:
                regions[-1] = before._replace(high=max(before.high, span.high))
        return regions

    @property
    def operations(self) -> int:
        """How many operations a turn of each loop has, in all."""
        return sum(section.period for section, _ in self.loops)

    @property
    def loops(self) -> list[tuple[Section, int]]:
        """The loops, each with its group."""
        return [(block.section, block.group) for block in self._layout.blocks if block.group >= 0]

    @property
    def nodes(self) -> int:
        """How many nodes and outputs were recorded."""
        return len(self._layout.listing.nodes)

    @property
    def hidden(self) -> Family:
        """The same one with the numbers hidden that loops multiply with.

        Raises:
            Unsuitable: there are none.
        """
        return Family(self._program, self._least, self._exits, self._sectioned, hide=True, fold=self._fold)

    def at(self, turns: Sequence[int], by: Sequence[int]) -> tuple[Program, list[int]]:
        """Return the program with so many turns in each group, and the places in it of some inputs."""
        there = self._layout.places(turns)
        return Member(self._layout, turns).program, [there[x] for x in by if x in there]

    def of_turns(self, turns: int) -> list[int]:
        """Return the size with so many turns of the open loop."""
        return [turns if i == self.open else count for i, count in enumerate(self.turns)]

    def turns_of(self, program: Program) -> int | None:
        """Return how many turns of the open loop a recorded program has, if it is of the family."""
        if self.open < 0:
            return None
        period = next(x.section.period for x in self._layout.blocks if x.group == self.open)
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
        layout = self._layout
        own = [
            any(x in range(region.low, region.high + 1) for region in layout.regions)
            for span in layout.kept(turns)
            for x in span
        ]
        groups = zip(layout.tables, layout.table_groups, strict=True)
        for table, group in groups:
            own += [group >= 0] * (len(table) - layout.cut(group, turns))
        return own


def _folded(found: Sequence[Section], least: int) -> list[Section]:
    """Return sections of which loops have as few turns as a shorter one has, where that divides theirs.

    Raises:
        Unsuitable: there is no such loop.
    """
    counts = sorted({x.turns for x in found if x.turns >= least})
    fewest = next((x for x in counts if any(y > x and not y % x for y in counts)), None)
    if fewest is None:
        raise Unsuitable
    times = [1 if x.turns % fewest else x.turns // fewest for x in found]
    return [Section(x.start, x.period * n, x.turns // n) for x, n in zip(found, times, strict=True)]
