"""The ways in which a recorded program is looked at with other numbers of turns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property

from ..straight_line.program import Program
from .evenness import LEAST as TURNS
from .family import Family
from .listing import SHORT, Sectioned, Unsuitable
from .program import LoopProgram
from .spread import Spread, sectioned_of

LEAST = 600
"""From how many nodes on loops are looked for: Python goes through fewer soonest in straight lines."""


class Families:
    """The families of a program; none where it has no loops.

    Args:
        program: what was recorded.
    """

    def __init__(self, program: Program) -> None:
        self._program = program

    def __bool__(self) -> bool:
        return bool(self.first or self._of_most_turns)

    def __iter__(self) -> Iterator[Family]:
        """Yield the families in which derivatives are looked for, one after the other."""
        yield from self.first
        yield from self._of_most_turns
        for family in [*self.first, *self._of_most_turns]:
            hidden = None
            if family.open < 0:
                with suppress(Unsuitable):
                    hidden = family.hidden
            if hidden is not None:
                yield hidden

    @property
    def open(self) -> Family | None:
        """That of which a guard ends a loop, which may have any number of turns."""
        return next((family for family in self.first if family.open >= 0), None)

    @cached_property
    def first(self) -> list[Family]:
        """Those in which every loop that is long enough is one."""
        program = self._program
        families: list[Family] = []
        if program.calls:  # which are made in straight lines
            return families
        if isinstance(program, LoopProgram):
            with suppress(Unsuitable):
                families.append(Family(program, exits=False))
            return families
        long = len(program.nodes) >= LEAST
        for exits in (True, False):
            if (len(program.guards) > TURNS) if exits else long:
                if families and families[0].open < 0:
                    break  # no guard ends a loop: it is the same family
                with suppress(Unsuitable):
                    least = SHORT if long else len(program.nodes)
                    families.append(Family(program, least, exits, self._sectioned))
        if long and not families:
            with suppress(Unsuitable):
                families.append(Family(program, SHORT, False, self._sectioned, fold=True))
        return families

    @cached_property
    def _sectioned(self) -> Sectioned | Spread:
        return sectioned_of(self._program)

    @cached_property
    def _of_most_turns(self) -> list[Family]:
        """That in which loops of fewer turns than the largest has are straight lines, if that is
        another one: one may be the loop in the first turn of the largest, and the others have it, too."""
        program = self._program
        if isinstance(program, LoopProgram) or program.calls or len(program.nodes) < LEAST:
            return []
        found = self._sectioned.inner
        least = max(found, key=lambda x: x.end - x.start).turns
        if any(SHORT <= x.turns < least for x in found):
            with suppress(Unsuitable):
                family = Family(program, least, False, self._sectioned)
                return [family] if family.loops not in [x.loops for x in self.first] else []
        return []
