"""Where the numbers of a program are: which slot of memory has what.

A slot is a vector of doubles, one for each point that is worked on at once. The first ones are those of
`driver`; then come those in which operands are handed over, arrays, and what the program itself needs.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from ..loops.alignment import Alignment, aligned
from ..loops.program import INPUTS, OUTPUTS, STORED, Loop, LoopProgram
from ..straight_line.program import MARKS, RELATIONS, Node, Program
from ..straight_line.simplify import watched
from .operations import KNOWN

ARITHMETIC = {"+": "fadd", "-": "fsub", "*": "fmul", "/": "fdiv"}

_NOT_COMPUTED = {"input", "number", "where", "gather…", "detached", "identity", *MARKS}


class Layout:
    """Where the numbers of a program are.

    Attributes:
        program: the program.
        lanes: how many numbers are in a slot.
        slots: how many slots there are so far.
        same: for each node the place of the one that it is equal to: of what only hands on a number.
        watched: the places of what is looked at to know whether something raised.
        handed: for each node whether its operands are handed over in slots side by side.
        handed_over: the first of these.
        flags: the slot that says which points are valid; the next one says which are suspect. With an open
            loop, the next two say how many turns fewer than the most each point has, and the most that any
            of these points has.
        alignment: how points with different numbers of turns of an open loop go along with each other.
        by_lanes: the loops, by their places, of which points may have different numbers of turns.
        homes: the slots of numbers, by their places.
        again: outputs that are no operations, or are outputs already: their places and slots.
        constants: the number that a slot must have in all lanes before the program is run, by the slot.
        tables: the numbers, one after the other, that must be there from a slot on.
    """

    def __init__(self, program: Program, lanes: int) -> None:
        self.program = program
        self.lanes = lanes
        self.elements = program.elements if isinstance(program, LoopProgram) else {}
        self.alignment = Alignment({}, {})
        self.by_lanes: set[int] = set()
        if isinstance(program, LoopProgram) and program.open is not None:
            self.alignment = aligned(program)
            self.by_lanes = {program.open.loop, *self.alignment.waits}
        self.watched = watched(program)
        self.same: list[int] = []
        for place, node in enumerate(program.nodes):
            self.same.append(self._same(place, node))
        self.handed = bytearray([self._is_handed(node) for node in program.nodes])
        most = max((len(node.operands) for i, node in enumerate(program.nodes) if self.handed[i]), default=0)
        self.flags = len(program.inputs) + 2 * len(program.outputs)
        self.handed_over = self.flags + (4 if self.by_lanes else 2)
        self.slots = self._first_own = self.handed_over + most + 1
        self.constants: dict[int, float] = {}
        self.tables: dict[int, list[float]] = {}
        self._slots_of_constants: dict[bytes, int] = {}
        self._first_slots = self._of_arrays()
        self._free: list[int] = []
        self.homes: dict[int, int] = {place: place for place in range(len(program.inputs))}
        self.again: list[tuple[int, int]] = []
        for slot, place in enumerate(program.outputs, len(program.inputs)):
            if place != STORED:
                self._put_out(self.same[place], slot)

    def _same(self, place: int, node: Node) -> int:
        if node.op in ("identity", "detached"):
            return self.same[node.operands[0]]
        if node.op == "element":
            element = self.elements[place]
            drifts = self.alignment.drift.get(place)
            if element.array == INPUTS and not any(element.steps) and not drifts:
                return element.start
        return place

    def _is_handed(self, node: Node) -> bool:
        return is_called(node) or (node.op == "gather…" and self.table_of(node) is None)

    def _of_arrays(self) -> dict[int, int]:
        """Return the first slot of each array."""
        first = {INPUTS: 0, OUTPUTS: len(self.program.inputs)}
        self._never_changing: set[int] = set()
        arrays = self.program.arrays if isinstance(self.program, LoopProgram) else []
        for i, array in enumerate(arrays):
            first[i] = self.slots
            if isinstance(array, list):
                self._never_changing.add(i)
                self.tables[self.slots] = array
                self.slots += -(-len(array) // self.lanes)
            else:
                self.slots += array
        return first

    def _put_out(self, place: int, slot: int) -> None:
        if place in self.homes or self.program.nodes[place].op in ("number", *RELATIONS):
            self.again.append((place, slot))
        else:
            self.homes[place] = slot

    def table_of(self, node: Node) -> tuple[int, int] | None:
        """Return the slot of the first number a gather chooses from, and from one to the next.

        None where they are no inputs in slots as far from each other.
        """
        places = [self.same[i] for i in node.operands[1:]]
        step = places[-1] - places[0] if len(places) < 2 else places[1] - places[0]
        regular = all(place == places[0] + i * step for i, place in enumerate(places))
        inside = min(places) >= 0 and max(places) < len(self.program.inputs)
        return (places[0], step) if regular and inside else None

    def array(self, place: int) -> tuple[int, tuple[int, ...], bool]:
        """Return where the number is that an `element` or a `store` is of.

        Returns:
            How many bytes behind the slots it is in the first turn of loops, how many more in each turn of
            these from the inside out, and whether it is in one lane only, for all points.
        """
        element = self.elements[place]
        first = self._first_slots[element.array]
        single = element.array in self._never_changing
        size = 8 if single else 8 * self.lanes
        steps = tuple([size * step for step in element.steps])
        return 8 * self.lanes * first + size * element.start, steps, single

    def whole_array(self, array: int) -> tuple[int, int]:
        """Return the first slot of an array that has a number for each point, and how many those are."""
        if array < 0:
            program = self.program
            return self._first_slots[array], len(program.inputs if array == INPUTS else program.outputs)
        assert isinstance(self.program, LoopProgram)
        count = self.program.arrays[array]
        assert isinstance(count, int)
        return self._first_slots[array], count

    def phis(self, loop: Loop) -> list[int]:
        """Return the places of what a loop carries from one turn to the next."""
        nodes, end = self.program.nodes, loop.start + 1
        while nodes[end].op == "phi":
            end += 1
        return [*range(loop.start + 1, end)]

    # Slots

    def house(self, place: int) -> None:
        """Give a number a slot, if it has none."""
        if place not in self.homes:
            if not self._free:
                self._free.append(self.slots)
                self.slots += 1
            self.homes[place] = self._free.pop()

    def leave(self, places: Sequence[int]) -> None:
        """Let the slots of numbers that nobody needs any more be used again."""
        for place in places:
            if self.homes.get(place, 0) >= self._first_own:
                self._free.append(self.homes.pop(place))

    def slot_of(self, number: float) -> int:
        """Return the slot of a number, which nothing else is put into."""
        bits = struct.pack("d", number)
        slot = self._slots_of_constants.get(bits)
        if slot is None:
            slot = self._slots_of_constants[bits] = self.slots
            self.constants[slot] = number
            self.slots += 1
        return slot


def is_called(node: Node) -> bool:
    """Say whether a node is computed by a function of Python."""
    op = node.op
    if op == "hypot…":
        return not 2 <= len(node.operands) <= 4  # a chain of more would add up too many roundings
    return not (op in ARITHMETIC or op in KNOWN or op in RELATIONS or op in _NOT_COMPUTED)
