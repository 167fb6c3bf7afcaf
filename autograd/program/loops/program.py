"""A program with loops: a list of nodes in which stretches are gone through many times.

Besides the operations of straight lines there are these:

- `loop` opens a loop of `number` turns, which the next `end` closes. There are no loops in loops.
- `phi`, directly after `loop`, is its first operand in the first turn, and afterwards what its second operand
  was in the turn before.
- `element` is a number of an array, and `store` puts one there.

After a loop its nodes stand for what they were in the last turn; nothing but the loop refers to a `phi`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..straight_line.program import MARKS, Node, Program, computed

STORED = -1
"""In `outputs`, for one that is stored in a loop."""

INPUTS, OUTPUTS = -1, -2
"""As an array: the inputs, and the outputs."""


class Element(NamedTuple):
    """Which number of an array: that at `start + step * turn`, counted from 0.

    Attributes:
        array: the number of the array, or INPUTS or OUTPUTS.
        start: the place in the first turn of the loop, if it is in one.
        step: from one turn to the next.
    """

    array: int
    start: int
    step: int = 0


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


def section_of_each(program: Program) -> list[int]:
    """Return for each node the place where the loop begins that it is in; -1 where it is in none."""
    where = [-1] * len(program.nodes)
    if isinstance(program, LoopProgram):
        for loop in program.loops:
            where[loop.start + 1 : loop.end + 1] = [loop.start] * (loop.end - loop.start)
    return where


class LoopProgram(Program):
    """A program with loops.

    Attributes:
        elements: for each `element` and each `store` which number of which array it is.
        arrays: the numbers of each array that never changes, and of each other one how many it has.
    """

    __slots__ = ("arrays", "elements")

    def __init__(self, inputs: Sequence[str]) -> None:
        super().__init__(inputs)
        self.elements: dict[int, Element] = {}
        self.arrays: list[list[float] | int] = []

    def __getstate__(self) -> Any:
        return super().__getstate__(), self.elements, self.arrays

    def __setstate__(self, state: Any) -> None:
        straight, self.elements, self.arrays = state
        super().__setstate__(straight)

    @property
    def operations(self) -> int:
        """How many nodes compute something."""
        return super().operations - sum(node.op in MARKS for node in self.nodes)

    @property
    def loops(self) -> list[Loop]:
        """The loops, in order."""
        starts = [i for i, node in enumerate(self.nodes) if node.op == "loop"]
        ends = [i for i, node in enumerate(self.nodes) if node.op == "end"]
        return [Loop(*both, int(self.nodes[both[0]].number)) for both in zip(starts, ends, strict=True)]

    def steps(self) -> Iterator[tuple[int, int]]:
        """Yield what is done, in order: the place of a node, and the turn, 0 outside of loops."""
        place = len(self.inputs)
        for start, end, turns in self.loops:
            yield from [(i, 0) for i in range(place, start)]
            for turn in range(turns):
                yield from [(i, turn) for i in range(start + 1, end)]
            place = end + 1
        yield from [(i, 0) for i in range(place, len(self.nodes))]

    def run(self, inputs: Sequence[float]) -> list[float] | None:
        """Return the outputs for these inputs, as `Program.run` does."""
        values: list[Any] = [*map(float, inputs), *[None] * (len(self.nodes) - len(inputs))]

        def compute(place: int, node: Node, operands: list[Any]) -> bool:
            values[place] = computed(node, operands)
            return self.guards.get(place, values[place]) is values[place]

        arrays: list[list[Any]] = [[*x] if isinstance(x, list) else [0.0] * x for x in self.arrays]
        return self._gone_through(values, compute, arrays)

    def unrolled(self) -> Program:
        """Return the same program as straight lines."""
        new = Program(self.inputs)
        values: list[Any] = [*range(len(self.inputs)), *[None] * (len(self.nodes) - len(self.inputs))]

        def append(place: int, node: Node, operands: list[Any]) -> bool:
            values[place] = len(new.nodes)
            if place in self.guards:
                new.guards[values[place]] = self.guards[place]
            new.nodes.append(Node(node.op, tuple(operands), node.number, node.ieee))
            return True

        arrays: list[list[Any]] = [
            [new.number(number) for number in x] if isinstance(x, list) else [-1] * x for x in self.arrays
        ]
        new.outputs = tuple(self._gone_through(values, append, arrays) or ())
        return new

    def _gone_through(self, values: list[Any], do: Any, arrays: list[list[Any]]) -> list[Any] | None:
        """Go through the program.

        Args:
            values: those of the inputs; those of nodes are put there by `do`.
            do: is told of every operation: its place, its node, the values of its operands. It returns
                whether to go on.
            arrays: what is in the arrays.

        Returns:
            The outputs; None where it was not gone on.
        """
        outputs: list[Any] = [None] * len(self.outputs)
        spaces = [*arrays, outputs, values]  # by the numbers of arrays; INPUTS is the last
        phis: list[tuple[int, Any]] = []
        for place, turn in self.steps():
            node = self.nodes[place]
            if node.op == "phi":
                phis.append((place, values[node.operands[1 if turn else 0]]))
                continue
            for i, x in phis:  # all at once
                values[i] = x
            phis.clear()
            if node.op in ("element", "store"):
                array, start, step = self.elements[place]
                if node.op == "element":
                    values[place] = spaces[array][start + step * turn]
                else:
                    spaces[array][start + step * turn] = values[node.operands[0]]
            elif not do(place, node, [values[i] for i in node.operands]):
                return None
        return [outputs[i] if place == STORED else values[place] for i, place in enumerate(self.outputs)]
