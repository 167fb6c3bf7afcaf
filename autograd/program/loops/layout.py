"""What is at which place of a recorded program, and where that comes to be in one with fewer turns."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

from .listing import Listing
from .repetition import Operand, Section

NEAR = 6
"""How near to the first or last turn a single one is referred to."""


class Block(NamedTuple):
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

    @property
    def size(self) -> int:
        """How many nodes it has."""
        return self.section.end - self.section.start


class Region(NamedTuple):
    """Inputs, one after the other, that a group of loops goes through, `step` of them a turn."""

    low: int
    high: int
    step: int
    group: int


class Layout:
    """A recorded program in blocks, and how many turns its loops have.

    Attributes:
        listing: its nodes.
        guards: the outcomes of comparisons, by their places.
        inputs: how many inputs it has.
        names: their names.
        blocks: its blocks, in order.
        turns: of each group of loops how many turns its longest has.
        tables: the numbers that differ from turn to turn, a table for each place in a body.
        table_groups: the group of each table.
        regions: the inputs that loops go through.
    """

    def __init__(self, listing: Listing, guards: Any, names: Sequence[str], starts: Sequence[int]) -> None:
        self.listing = listing
        self.guards = guards
        self.names = names
        self.inputs = len(names)
        self.blocks: list[Block] = []
        self.turns: list[int] = []
        self.tables: list[list[float]] = []
        self.table_groups: list[int] = []
        self.regions: list[Region] = []
        self._starts = starts

    def block_of(self, place: int) -> int:
        """Return the number of the block that a place is in."""
        return bisect_right(self._starts, place) - 1

    def inside(self, block: Block) -> range:
        """Return the places in turns of a loop that others may lack."""
        start, period, turns = block.section
        if block.group < 0:
            return range(0)
        return range(start + period * min(NEAR, turns // 2), start + period * (turns - NEAR))

    def cut(self, group: int, turns: Sequence[int]) -> int:
        """Return how many turns fewer a group has, of these."""
        return 0 if group < 0 else self.turns[group] - turns[group]

    def kept(self, turns: Sequence[int]) -> list[range]:
        """Return the places of the inputs that are there with so many turns in each group."""
        kept: list[range] = []
        start = 0
        for low, high, step, group in self.regions:
            gone = step * self.cut(group, turns)
            first = low + (high + 1 - low - gone) // 2  # those near the middle go
            kept.append(range(start, first))
            start = first + gone
        return [*kept, range(start, self.inputs)]

    def places(self, turns: Sequence[int]) -> dict[int, int]:
        """Return the places of the inputs that are there with so many turns, by those that they have here."""
        return {place: i for i, place in enumerate(chain(*self.kept(turns)))}
