"""A program with loops: a list of nodes in which stretches are gone through many times.

Besides the operations of straight lines there are these:

- `loop` opens a loop of `number` turns, at least one, which its `end` closes. There may be loops in it.
- `phi`, directly after `loop`, is its first operand in the first turn, and afterwards what its second operand
  was in the turn before. The first turn of a loop in another one comes again in each turn of that.
- `element` is a number of an array, and `store` puts one there. What one loop stores, others read, which may
  be in one loop with it: no loop itself has both of the same array.

After a loop its nodes stand for what they were in the last turn; nothing but the loop refers to a `phi`.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import prod
from typing import Any, NamedTuple

from ..straight_line.program import MARKS, RELATIONS, Node, Program, computed

STORED = -1
"""In `outputs`, for one that is stored in a loop."""

INPUTS, OUTPUTS = -1, -2
"""As an array: the inputs, and the outputs."""

PASSING = "identity"
"""With `ieee`, which it does not need: what a turn of a scan hands on as it is, for no derivative to see."""

BEGINNING = 2500
"""Making machine code takes as long as for so many nodes more than a program has, with LLVM's own start."""


class Element(NamedTuple):
    """Which number of an array: that at `start + step * turn`, counted from 0, in a loop that is in no other.

    Attributes:
        array: the number of the array, or INPUTS or OUTPUTS.
        start: the place in the first turn of the loops that it is in, if there are any.
        step: from one turn to the next of the innermost one.
        outer: the same for the loops around that, from the inside out; 0 for those that are left out.
    """

    array: int
    start: int
    step: int = 0
    outer: tuple[int, ...] = ()

    @property
    def steps(self) -> tuple[int, ...]:
        """All steps, from the inside out."""
        return self.step, *self.outer

    def at(self, turns: Sequence[int]) -> int:
        """Return the place in some turns of the loops that it is in, from the innermost one out."""
        return self.start + sum([x * turn for x, turn in zip(self.steps, turns, strict=False)])

    def ends(self, nest: Sequence[Loop]) -> tuple[int, int]:
        """Return the first and the last place that it has, in these loops from the innermost one out."""
        low = high = self.start
        for step, loop in zip(self.steps, nest, strict=False):
            low += min(0, step * (loop.turns - 1))
            high += max(0, step * (loop.turns - 1))
        return low, high


class Loop(NamedTuple):
    """A loop of a program.

    Attributes:
        start: the place of its `loop`.
        end: that of its `end`.
        turns: how many there are.
    """

    start: int
    end: int
    turns: int


class Open(NamedTuple):
    """A loop that a guard ends, and what depends on how many turns it has.

    A program with one has no loops in loops. It has a number of turns for it, which is the most that it may
    have; it is for fewer, too.

    Attributes:
        loop: the place of its `loop`.
        exit: the place of the guard in it: where that does not hold the loop is done, without this turn.
        known: how many turns it may have. It is added to when the function was seen to do with so many what
            the program does: in the function they may count for more, as in `total / turns`.
        fewer: by how much more than turns of the loop those are that `known` has.
        moved: by how much more turns another loop has, and by how much further on an `element` or a
            `store` begins, for each turn more of this one; by its place.
    """

    loop: int
    exit: int
    known: set[int]
    fewer: int
    moved: dict[int, int]


def section_of_each(program: Program) -> list[int]:
    """Return for each node where the innermost loop begins that it is in; -1 where it is in none."""
    where = [-1] * len(program.nodes)
    if isinstance(program, LoopProgram):
        for loop in program.loops:
            where[loop.start + 1 : loop.end + 1] = [loop.start] * (loop.end - loop.start)
    return where


class LoopProgram(Program):
    """A program with loops.

    Attributes:
        open: a loop with an open number of turns; None if there is none.
        elements: for each `element` and each `store` which number of which array it is.
        arrays: the numbers of each array that never changes, and of each other one how many it has.
    """

    __slots__ = ("arrays", "elements", "open")

    def __init__(self, inputs: Sequence[str]) -> None:
        super().__init__(inputs)
        self.elements: dict[int, Element] = {}
        self.arrays: list[list[float] | int] = []
        self.open: Open | None = None

    def __getstate__(self) -> Any:
        return super().__getstate__(), self.elements, self.arrays, self.open

    def __setstate__(self, state: Any) -> None:
        straight, self.elements, self.arrays, self.open = state
        super().__setstate__(straight)

    def element(self, element: Element) -> int:
        """Append what takes a number out of an array, and return its place."""
        self.elements[len(self.nodes)] = element
        self.nodes.append(Node("element"))
        return len(self.nodes) - 1

    def store(self, place: int, element: Element) -> None:
        """Append what puts the number at a place into an array."""
        self.elements[len(self.nodes)] = element
        self.nodes.append(Node("store", (place,)))

    @property
    def operations(self) -> int:
        """How many nodes compute something."""
        return super().operations - sum(node.op in MARKS for node in self.nodes)

    @property
    def work(self) -> int:
        """How many nodes a call goes through, at most: those of a loop in each turn."""
        nests = self.nests
        work = len(self.nodes)
        for loop in self.loops:
            times = prod([x.turns for x in nests[loop.start][1:]])
            work += times * (loop.turns - 1) * (loop.end - loop.start - 1)
        return work

    def calls_like(self, calls: int) -> int:
        """Return from how many calls on machine code is worth its making, as from some of straight lines on.

        It is 0 for a program of very many turns.

        Args:
            calls: how many of such a program, which goes through each of its nodes once.
        """
        inputs = len(self.inputs)
        return calls * (len(self.nodes) - inputs + BEGINNING) // max(1, self.work - inputs)

    @property
    def loops(self) -> list[Loop]:
        """The loops, in the order in which they begin."""
        begun: list[int] = []
        loops: list[Loop] = []
        count = len(self.inputs)
        for place, node in enumerate(self.nodes[count:], count):
            if node.op == "loop":
                begun.append(place)
            elif node.op == "end":
                start = begun.pop()
                loops.append(Loop(start, place, int(self.nodes[start].number)))
        return sorted(loops)

    @property
    def nests(self) -> dict[int, tuple[Loop, ...]]:
        """For each loop, by its place, itself and those that it is in, from the inside out; none for -1."""
        nests: dict[int, tuple[Loop, ...]] = {-1: ()}
        around: list[Loop] = []
        for loop in self.loops:
            while around and around[-1].end < loop.start:
                around.pop()
            around.append(loop)
            nests[loop.start] = tuple(reversed(around))
        return nests

    @property
    def outermost(self) -> list[Loop]:
        """The loops that are in no other one, in order."""
        return [nest[0] for nest in self.nests.values() if len(nest) == 1]

    @property
    def is_nested(self) -> bool:
        """Whether there are loops in loops."""
        return len(self.outermost) < len(self.loops)

    @property
    def appends(self) -> bool:
        """Whether arrays are filled from the first number on, one after the other, by loops in no others.

        So are those of a program with an open loop, however many turns it has, where it is in no other one.
        """
        if self.is_nested or self.open is not None:
            return not self.is_nested
        turns = {loop.start: loop.turns for loop in self.loops}
        sections = section_of_each(self)
        stores: dict[int, list[int]] = {}
        for place in sorted(self.elements):
            array = self.elements[place].array
            if self.nodes[place].op == "store" and array != OUTPUTS:
                stores.setdefault(array, []).append(place)
        for places in stores.values():
            filled = 0
            for section, group in groupby(places, sections.__getitem__):
                its = [self.elements[place] for place in group]
                step = len(its) if section in turns else 0
                if any((x.start, x.step) != (filled + i, step) for i, x in enumerate(its)):
                    return False
                filled += len(its) * turns.get(section, 1)
        return True

    def run(self, inputs: Sequence[float]) -> list[float] | None:
        """Return the outputs for these inputs, as `Program.run` does."""
        values: list[Any] = [*map(float, inputs), *[None] * (len(self.nodes) - len(inputs))]

        def compute(place: int, node: Node, operands: list[Any]) -> bool:
            values[place] = computed(node, operands)
            return self.guards.get(place, values[place]) is values[place]

        arrays: list[list[Any]] = [[*x] if isinstance(x, list) else [0.0] * x for x in self.arrays]
        return self._gone_through(values, compute, arrays)

    def unrolled(self, fewer: int = 0) -> Program:
        """Return the same program as straight lines.

        Args:
            fewer: by how much fewer turns a loop with an open number of turns has.
        """
        new = Program(self.inputs)
        values: list[Any] = [*range(len(self.inputs)), *[None] * (len(self.nodes) - len(self.inputs))]

        def append(place: int, node: Node, operands: list[Any]) -> bool:
            values[place] = len(new.nodes)
            if place in self.guards:
                new.guards[values[place]] = self.guards[place]
            last = node.last and (node.last[0], *[values[i] for i in node.last[1:]])
            new.nodes.append(Node(node.op, tuple(operands), node.number, node.ieee, last))
            return True

        arrays: list[list[Any]] = [
            [new.number(number) for number in x] if isinstance(x, list) else [-1] * x for x in self.arrays
        ]
        new.outputs = tuple(self._gone_through(values, append, arrays, fewer) or ())
        return new

    def _gone_through(
        self, values: list[Any], do: Any, arrays: list[list[Any]], fewer: int = 0
    ) -> list[Any] | None:
        """Go through the program.

        Args:
            values: those of the inputs; those of nodes are put there by `do`.
            do: is told of every operation: its place, its node, the values of its operands. It returns
                whether what is compared turns out as it should.
            arrays: what is in the arrays.
            fewer: by how much fewer turns the open loop has, unless `do` tells that it is done.

        Returns:
            The outputs; None where a guard does not hold.
        """
        outputs: list[Any] = [None] * len(self.outputs)
        walk = _Walk(self, values, do, [*arrays, outputs, values])  # by the numbers of arrays: INPUTS is -1
        place = len(self.inputs)
        for start, end, turns in self.outermost:
            if not walk.through(range(place, start), ()):
                return None
            is_open = self.open is not None and start == self.open.loop
            turns -= fewer if is_open else fewer * self.moved(start)
            if not turns:
                self._hand_on(values, start, end)
            for turn in range(turns):
                before = [*values] if is_open else values
                if walk.through(range(start + 1, end), (turn,)):
                    continue
                if not is_open or walk.at != self.open.exit:  # type: ignore[union-attr]
                    return None
                values[:] = before
                if not turn:
                    self._hand_on(values, start, end)
                fewer += turns - turn
                if not self.allows(turn):
                    return None
                break
            walk.fewer = fewer
            place = end + 1
        if not walk.through(range(place, len(self.nodes)), ()):
            return None
        return [outputs[i] if place == STORED else values[place] for i, place in enumerate(self.outputs)]

    def _hand_on(self, values: list[Any], start: int, end: int) -> None:
        """Make what a loop without a turn carries what it would carry into the first one."""
        place = start + 1
        while self.nodes[place].op == "phi":
            first, following = self.nodes[place].operands
            if following > start:
                values[following] = values[first]
            place += 1

    def allows(self, turns: int) -> bool:
        """Say whether the open loop may have so many turns."""
        return self.open is None or turns + self.open.fewer in self.open.known

    def moved(self, place: int) -> int:
        """Return by how much what is at a place changes for each turn more of the open loop."""
        return self.open.moved.get(place, 0) if self.open is not None else 0


class _Walk:
    """Goes through nodes; see `LoopProgram._gone_through`.

    Attributes:
        at: the place of the node that it is at.
        fewer: by how much fewer turns the open loop had.
    """

    def __init__(self, program: LoopProgram, values: list[Any], do: Any, spaces: list[list[Any]]) -> None:
        self.at = 0
        self.fewer = 0
        self._program = program
        self._loops = {loop.start: loop for loop in program.loops}
        self._values = values
        self._do = do
        self._spaces = spaces

    def through(self, places: range, turns: tuple[int, ...]) -> bool:
        """Go through some nodes, and say whether all guards hold.

        Args:
            places: those of the nodes.
            turns: those of the loops that they are in, from the innermost one out.
        """
        program, values = self._program, self._values
        phis: list[tuple[int, Any]] = []
        place = places.start
        while place < places.stop:
            self.at = place
            node = program.nodes[place]
            if node.op == "phi":
                phis.append((place, values[node.operands[1 if turns[0] else 0]]))
                place += 1
                continue
            for i, x in phis:  # all at once
                values[i] = x
            phis.clear()
            if node.op == "loop":
                loop = self._loops[place]
                for turn in range(loop.turns):
                    if not self.through(range(place + 1, loop.end), (turn, *turns)):
                        return False
                place = loop.end
            elif node.op in ("element", "store"):
                element = program.elements[place]
                at = element.at(turns) - self.fewer * program.moved(place)
                if node.op == "element":
                    values[place] = self._spaces[element.array][at]
                else:
                    self._spaces[element.array][at] = values[node.operands[0]]
            elif not self._do(place, node, [values[i] for i in node.operands]):
                return False
            place += 1
        return True


def conditions(program: LoopProgram) -> set[int]:
    """Return the places of conditions: comparisons, and what is kept or handed on of these."""
    found: set[int] = set()
    arrays: set[int] = set()
    for place, node in enumerate(program.nodes):
        if node.op == "store" and node.operands[0] in found:
            arrays.add(program.elements[place].array)
        kept = node.op == "element" and program.elements[place].array in arrays
        if node.op in RELATIONS or kept or (node.op == "phi" and node.operands[0] in found):
            found.add(place)
    return found
