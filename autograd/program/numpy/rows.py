"""The memory of a program on arrays: where each number is, in each turn of a loop, and the steps on it.

A **row** has a number for each point, a **flag** a truth; a **slot** is a number that is the same at all
points. A row is used again when its result is no longer needed. What a loop carries is nowhere copied: it is
computed into one row and another in turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..loops.program import INPUTS, OUTPUTS, STORED, Element, Loop, LoopProgram, section_of_each
from ..loops.written_out import stored_again
from ..straight_line.program import MARKS, RELATIONS, Program
from .functions import Array, ArrayFunction, array_function
from .once import Once

ROW, FLAG, SLOT = range(3)
"""The kinds of memory. Number n of a kind is written 3 * n + kind."""

Where = int | Sequence[int]
"""Where a number is; in a loop, where it is in each turn, if that is not always the same."""


class Part(NamedTuple):
    """Steps that are done so many times, one after the other.

    Attributes:
        turns: how many times.
        steps: array functions, each with where its operands are and, last, its result.
    """

    turns: int
    steps: list[tuple[ArrayFunction, list[Where]]]


class _Pool:
    """Numbers that are given out, given back in `free`, and given out again."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.free: list[int] = []

    def take(self) -> int:
        return self.free.pop() if self.free else self.block(1)

    def block(self, count: int) -> int:
        """Return the first of so many, one after the other."""
        self.count += count
        return self.count - count


def _copied(x: Array, out: Array) -> None:
    np.copyto(out, x)


def _by_turn(kind: int, start: int, step: int, turns: int) -> Sequence[int]:
    first = 3 * start + kind
    return range(first, first + 3 * step * turns, 3 * step) if step else [first] * turns


class Rows:
    """Where everything is, and the steps.

    Attributes:
        parts: the steps.
        rows, flags, slots: how many there are. Flag 0 says whether the guards hold.
        watch: the row of the sum of what may be suspect, which is finite where nothing is.
        uniform: the slots of what is the same at all points, each with the place of that.
        tables: slots, one after the other, from the first one on, with the numbers that are always there.
        arrays: the same with the numbers of arrays.
        kept: the same with the places of nodes of which all turns are there.

    Args:
        program: the program.
        varies: for each node whether it differs from point to point.
        source: for each node the one in whose place it stands; itself where it is computed.
        once: what does not differ.
        inputs: the rows of the inputs, from 0 on.
        last_use: where each node is used last.
        watched: the nodes that are looked at; None if nothing is.
    """

    def __init__(
        self,
        program: Program,
        varies: Sequence[int],
        source: Sequence[int],
        once: Once,
        inputs: dict[int, int],
        last_use: dict[int, int],
        watched: set[int] | None,
    ) -> None:
        self._program = program
        self._varies = varies
        self._source = source
        self._once = once
        self._last_use = last_use
        self._watched = watched or set()
        self._section = section_of_each(program)
        loops = program.loops if isinstance(program, LoopProgram) else []
        self._loops = {loop.start: loop for loop in loops}
        self._elements = program.elements if isinstance(program, LoopProgram) else {}
        self._fixed = {place: 3 * row + ROW for place, row in inputs.items()}
        self._freed = {*inputs}  # the places whose rows are given back after their last use
        self._moving: dict[int, Sequence[int]] = {}
        self._pools = _Pool(len(inputs)), _Pool(1), _Pool(0)
        self.uniform: list[tuple[int, int]] = []
        self.tables: list[tuple[int, list[float]]] = []
        self.arrays: list[tuple[int, int]] = []
        self.kept: list[tuple[int, int]] = []
        self._slots_of: dict[int, int] = {}
        self._blocks: dict[int, int] = {}
        self._stored_again = stored_again(program)
        self._homes: dict[int, Element] = {}
        self._at_home: set[int] = set()
        self._find_homes()
        self._rings = self._found_rings()
        self._place_outputs()
        self.watch = self._pools[ROW].take() if watched is not None else -1
        self._functions: dict[str, ArrayFunction] = {}
        self.parts = [Part(1, [])]
        self._go_through()
        self._copy_outputs()

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self._pools[ROW].count

    @property
    def flags(self) -> int:
        """How many flags there are."""
        return self._pools[FLAG].count

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return self._pools[SLOT].count

    def row_of(self, place: int) -> int:
        """Return the row in which a node is at the end."""
        return self._fixed[self._source[place]] // 3

    def row_of_output(self, i: int) -> int:
        """Return the row of an output that a loop has stored."""
        return self._blocks[OUTPUTS] + i

    # Where arrays and outputs are

    def _find_homes(self) -> None:
        """Find what can be computed right where it is stored, and give arrays their rows."""
        program, nodes = self._program, self._program.nodes
        for place, element in self._elements.items():
            if nodes[place].op != "store" or not self._varies[place]:
                continue
            if element.array not in self._blocks:
                count = len(program.outputs)
                if element.array != OUTPUTS and isinstance(program, LoopProgram):
                    its = program.arrays[element.array]
                    assert isinstance(its, int)
                    count = its
                self._blocks[element.array] = self._pools[ROW].block(count)
            stored = self._source[nodes[place].operands[0]]
            computed = nodes[stored].op not in MARKS and stored >= len(program.inputs)
            again = element.array in self._stored_again and self._is_used_later(stored)
            if (
                computed
                and not again
                and self._varies[stored]
                and self._section[stored] == self._section[place]
                and stored not in self._homes
            ):
                self._homes[stored] = element
                self._at_home.add(place)

    def _is_used_later(self, place: int) -> bool:
        """Say whether a node is used after the loop that it is in; of straight lines, that it may be."""
        loop = self._loops.get(self._section[place])
        return loop is None or self._last_use.get(place, 0) > loop.end

    def _found_rings(self) -> dict[int, int]:
        """Return what is carried and computed, with the number of rows for what it is in as many turns."""
        nodes, source = self._program.nodes, self._source
        rings: dict[int, int] = {}
        for phi, node in enumerate(nodes):
            if node.op != "phi" or not self._varies[phi]:
                continue
            at, turns, seen = source[node.operands[1]], 2, {phi}
            while nodes[at].op == "phi" and at not in seen:
                seen.add(at)
                at, turns = source[nodes[at].operands[1]], turns + 1
            computed = self._section[at] == self._section[phi] and nodes[at].op not in MARKS
            if computed and self._varies[at] and at not in self._homes:
                rings[at] = max(rings.get(at, 0), turns)
        return rings

    def _place_outputs(self) -> None:
        """Give rows, in order, to outputs that are computed."""
        block = self._blocks.get(OUTPUTS)
        for i, output in enumerate(self._program.outputs):
            place = self._source[output] if output != STORED else -1
            if place < 0 or not self._varies[place] or place in self._fixed:
                continue
            if place in self._homes or place in self._rings or self._program.nodes[place].op in MARKS:
                continue
            row = self._pools[ROW].block(1) if block is None else block + i
            self._fixed[place] = 3 * row + ROW

    def _copy_outputs(self) -> None:
        """Bring into a row what was the same at all points in the last turn, as one of some inputs may be."""
        for output in {*self._program.outputs} - {STORED}:
            place = self._source[output]
            if self._varies[place] and self._fixed[place] % 3 != ROW:
                row = 3 * self._pools[ROW].take() + ROW
                self._add(_copied, [self._fixed[place], row])
                self._fixed[place] = row

    # Steps

    def _go_through(self) -> None:
        nodes, varies, source = self._program.nodes, self._varies, self._source
        for place in range(len(self._program.inputs), len(nodes)):
            op = nodes[place].op
            if op == "loop":
                self._enter(self._loops[place])
            elif op == "end":
                self._leave(self._loops[self._section[place]])
            elif not varies[place] or source[place] != place or op == "phi" or place in self._at_home:
                continue
            elif op == "store":
                operand = self._where(nodes[place].operands[0], self._section[place])
                self._add(_copied, [operand, self._where_stored(place)])
            elif op == "element":
                if place not in self._moving:
                    self._fixed[place] = self._row_of_element(self._elements[place])
                    if self._elements[place].array in self._stored_again:
                        self._put_aside(place)
            else:
                self._compute(place)

    def _put_aside(self, place: int) -> None:
        """Copy a number out of where another one may be stored."""
        row = 3 * self._pools[ROW].take() + ROW
        self._add(_copied, [self._fixed[place], row])
        self._fixed[place] = row
        self._freed.add(place)

    def _add(self, function: ArrayFunction, where: list[Where]) -> None:
        self.parts[-1].steps.append((function, where))

    def _compute(self, place: int) -> None:
        node, at = self._program.nodes[place], self._section[place]
        operands = [self._where(i, at) for i in node.operands]
        if place not in self._moving and place not in self._fixed:
            home = self._homes.get(place)
            if home is not None:
                self._fixed[place] = self._row_of_element(home)
            else:
                kind = FLAG if node.op in RELATIONS else ROW
                self._fixed[place] = 3 * self._pools[kind].take() + kind
                self._freed.add(place)
        result = self._moving[place] if place in self._moving else self._fixed[place]
        if node.op not in self._functions:
            self._functions[node.op] = array_function(node.op)
        self._add(self._functions[node.op], [*operands, result])
        outcome = self._program.guards.get(place)
        if outcome is not None:
            # For flags, a > b is: a and not b.
            self._add(np.logical_and if outcome else np.greater, [FLAG, result, FLAG])
        elif place in self._watched:
            watch = 3 * self.watch + ROW
            self._add(np.add, [watch, result, watch])
        for i in {*[self._source[i] for i in node.operands], place}:
            if self._last_use.get(i, place) == place:
                self._give_back(i)

    def _give_back(self, place: int) -> None:
        if place in self._freed:
            self._freed.discard(place)
            n, kind = divmod(self._fixed[place], 3)
            self._pools[kind].free.append(n)

    # Loops

    def _enter(self, loop: Loop) -> None:
        """Begin a loop: find where what moves is in each turn."""
        self.parts.append(Part(loop.turns, []))
        phis: dict[int, list[int]] = {}
        for place in range(loop.start + 1, loop.end):
            if not self._varies[place] or self._source[place] != place:
                continue
            op = self._program.nodes[place].op
            if op == "phi":
                phis[place] = []
            elif op == "element":
                array, start, step, _ = self._elements[place]
                if array == INPUTS:
                    self._moving[place] = [self._where_fixed(start + step * i) for i in range(loop.turns)]
                else:
                    self._moving[place] = _by_turn(ROW, self._blocks[array] + start, step, loop.turns)
            elif place in self._homes:
                array, start, step, _ = self._homes[place]
                self._moving[place] = _by_turn(ROW, self._blocks[array] + start, step, loop.turns)
            elif place in self._rings:
                ring = [3 * self._pools[ROW].take() + ROW for _ in range(self._rings[place])]
                self._moving[place] = (ring * (loop.turns // len(ring) + 1))[: loop.turns]
        self._carry(loop, phis)

    def _carry(self, loop: Loop, phis: dict[int, list[int]]) -> None:
        """Find where a `phi` is in each turn: where that was which it carries on."""
        for phi, where in phis.items():
            where.append(self._where_fixed(self._program.nodes[phi].operands[0]))
        carried: list[tuple[list[int], Where]] = []
        for phi, where in phis.items():
            following = self._source[self._program.nodes[phi].operands[1]]
            its = phis[following] if following in phis else self._where(following, loop.start)
            carried.append((where, its))
        for turn in range(loop.turns - 1):
            for where, its in carried:
                where.append(its if isinstance(its, int) else its[turn])
        self._moving.update(phis)

    def _leave(self, loop: Loop) -> None:
        """End a loop: what moved is where it was in the last turn."""
        self.parts.append(Part(1, []))
        rings: set[int] = set()
        used_later: set[int] = set()
        for place in range(loop.start + 1, loop.end):
            if place in self._moving and self._varies[place]:
                self._fixed[place] = self._moving[place][-1]
                element = self._elements.get(place)
                if element and element.array in self._stored_again and self._is_used_later(place):
                    self._put_aside(place)
                if place in self._rings:
                    rings.update(self._moving[place])
                if self._last_use.get(place, 0) > loop.end:
                    used_later.add(self._fixed[place])
        self._pools[ROW].free += [where // 3 for where in sorted(rings - used_later)]
        self._freed -= {i for i in self._freed if self._fixed[i] in used_later}
        self._freed |= {i for i in self._rings if loop.start < i < loop.end < self._last_use.get(i, 0)}
        for place in [i for i in self._freed if self._last_use.get(i) == loop.end]:
            self._give_back(place)

    # Places

    def _row_of_element(self, element: Element) -> int:
        return 3 * (self._blocks[element.array] + element.start) + ROW

    def _where_stored(self, place: int) -> Where:
        array, start, step, _ = self._elements[place]
        loop = self._loops.get(self._section[place])
        first = self._blocks[array] + start
        return _by_turn(ROW, first, step, loop.turns) if loop else 3 * first + ROW

    def _where(self, place: int, loop: int) -> Where:
        """Return where an operand is, of a node that is in a loop."""
        place = self._source[place]
        if loop < 0 or self._section[place] != loop or self._program.nodes[place].op == "number":
            return self._where_fixed(place)
        if place not in self._moving:
            if self._varies[place]:
                return self._fixed[place]
            self._moving[place] = self._slots_by_turn(place, loop)
        return self._moving[place]

    def _where_fixed(self, place: int) -> int:
        place = self._source[place]
        if place not in self._fixed:
            slot = self._pools[SLOT].take()
            self._fixed[place] = 3 * slot + SLOT
            self.uniform.append((slot, place))
        return self._fixed[place]

    def _slots_by_turn(self, place: int, loop: int) -> Sequence[int]:
        """Return the slots of what is the same at all points, but not in all turns."""
        pool, turns = self._pools[SLOT], self._loops[loop].turns
        element = self._elements.get(place)
        if element is None or element.array in self._stored_again:
            first = pool.block(self._once.keep(place, loop))
            self.kept.append((first, place))
            return _by_turn(SLOT, first, 1, turns)
        array, start, step, _ = element
        if array == INPUTS:
            return [self._where_fixed(start + step * turn) for turn in range(turns)]
        if array not in self._slots_of:
            assert isinstance(self._program, LoopProgram)
            its = self._program.arrays[array]
            self._slots_of[array] = pool.block(len(its) if isinstance(its, list) else its)
            if isinstance(its, list):
                self.tables.append((self._slots_of[array], its))
            else:
                self.arrays.append((self._slots_of[array], array))
        return _by_turn(SLOT, self._slots_of[array] + start, step, turns)
