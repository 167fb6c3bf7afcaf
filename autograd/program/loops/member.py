"""A recorded program with few turns of its loops."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from ..straight_line.program import Program, node_of
from .layout import NEAR, Block, Layout
from .listing import OUTPUT, Unsuitable
from .repetition import Operand
from .scans import without_passing


class Member:
    """A recorded program with fewer turns.

    Attributes:
        program: it.

    Args:
        layout: what was recorded.
        turns: how many turns each group of loops has.

    Raises:
        Unsuitable: something is used that is not there.
    """

    def __init__(self, layout: Layout, turns: Sequence[int]) -> None:
        self._layout = layout
        self._turns = turns
        self._places = layout.places(turns)
        self._nodes, self._operands = layout.listing.nodes, layout.listing.operands
        names = [name for span in layout.kept(turns) for name in layout.names[span.start : span.stop]]
        self._inputs = len(names)
        self._first_of_table: list[int] = []
        for table, group in zip(layout.tables, layout.table_groups, strict=True):
            self._first_of_table.append(len(names))
            names += ["table"] * (len(table) - layout.cut(group, turns))
        self._starts: list[int] = []
        start = len(names)
        for block in layout.blocks:
            self._starts.append(start)
            if block.group < 0:
                self._places.update(zip(range(block.section.start, block.section.end), count(start)))
            start += block.section.period * self._count(block)
        self.program = Program(names)
        self._outputs: list[int] = []
        for i, block in enumerate(layout.blocks):
            if block.group < 0:
                self._straight(block)
            else:
                self._loop(i, block)
        self.program.outputs = tuple(self._outputs)
        self.program = without_passing(self.program)

    def _count(self, block: Block) -> int:
        return block.section.turns - self._layout.cut(block.group, self._turns)

    def _straight(self, block: Block) -> None:
        places = self._places
        for place in range(block.section.start, block.section.end):
            its = self._operands[place]
            self._append(place, [places[x] if x in places else self._place(x) for x in its])

    def _loop(self, which: int, block: Block) -> None:
        start, period, _ = block.section
        for turn in range(self._count(block)):
            for inside in range(period):
                table = block.tables.get(inside)
                if table is not None:
                    moved = turn if self._layout.table_groups[table] >= 0 else 0
                    self.program.add("identity", self._first_of_table[table] + moved)
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
        outcome = self._layout.guards.get(place)
        if outcome is not None:
            program.guards[len(program.nodes)] = outcome
        op, its, number, ieee, last = node
        if last is not None:
            last = (last[0], *operands[len(its) :])
            operands = operands[: len(its)]
        program.nodes.append(node_of((op, tuple(operands), number, ieee, last)))

    def _place(self, place: int) -> int:
        """Return the place in the member of a node that is at one place in the program."""
        layout, known = self._layout, self._places.get(place)
        if known is not None or place < layout.inputs:
            return self._input(place)
        which = layout.block_of(place)
        block = layout.blocks[which]
        turn, inside = block.section.turn_of(place)
        if place in layout.inside(block):
            raise Unsuitable
        if block.group >= 0 and turn >= min(NEAR, block.section.turns // 2):
            turn -= layout.cut(block.group, self._turns)
        if not 0 <= turn < self._count(block):  # it has fewer turns than the longest of its group
            raise Unsuitable
        new = self._places[place] = self._starts[which] + turn * block.section.period + inside
        return new

    def _input(self, place: int) -> int:
        """Return the place in the member of an input."""
        if place not in self._places:
            raise Unsuitable
        return self._places[place]

    def _moving(self, which: int, operand: Operand, turn: int) -> int:
        """Return the place of an operand that moves, in a turn."""
        layout = self._layout
        own = layout.blocks[which]
        if operand.base < layout.inputs and not operand.before:
            end = operand.base if operand.step > 0 else operand.base + operand.step * (own.section.turns - 1)
            return self._input(end) + abs(operand.step) * (
                turn if operand.step > 0 else self._count(own) - 1 - turn
            )
        # The place of its first turn would be before the loop, where it is carried.
        there = which if operand.before else layout.block_of(operand.base)
        block = layout.blocks[there]
        at, inside = divmod(operand.base - block.section.start, block.section.period)
        if block.group != own.group or operand.step not in (block.section.period, -block.section.period):
            raise Unsuitable
        if operand.step > 0:
            if at >= NEAR:
                raise Unsuitable
            at += turn
        else:
            if at < block.section.turns - NEAR:
                raise Unsuitable
            at -= layout.cut(block.group, self._turns) + turn
        return self._starts[there] + at * block.section.period + inside
