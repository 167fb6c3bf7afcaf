"""What is the same at all points: computed once per call, with floats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from typing import Any, NamedTuple

from ..loops.program import INPUTS, OUTPUTS, Element, LoopProgram
from ..straight_line.program import Program
from .functions import number_function


class _Step(NamedTuple):
    """A step: a function, or the number of an array that is taken or, with an operand, put there."""

    place: int
    function: Callable[..., Any] | None
    operands: tuple[int, ...]
    element: Element | None


class _Part:
    """Steps that are done so many times, one after the other.

    Attributes:
        turns: how many times.
        phis: the places of `phi`, each with its operands.
        steps: what is done in a turn.
        kept: the places of what is kept of all turns.
    """

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.phis: list[tuple[int, int, int]] = []
        self.steps: list[_Step] = []
        self.kept: list[int] = []


class Found(NamedTuple):
    """What was computed.

    Attributes:
        values: for each node, and after them for each output that a loop stores, what it is.
        arrays: the arrays, by their numbers.
        kept: for some nodes of loops, what they are in each turn.
        good: whether all guards hold.
        fine: whether nothing is suspect.
    """

    values: list[Any]
    arrays: dict[int, list[Any]]
    kept: dict[int, list[Any]]
    good: bool
    fine: bool


class Once:
    """What is the same at all points.

    Args:
        program: the program.
        varies: for each node whether it differs from point to point.
        source: for each node the one in whose place it stands; itself where it is computed.
        watched: the nodes that are looked at to note what is suspect.
    """

    def __init__(
        self, program: Program, varies: Sequence[int], source: Sequence[int], watched: set[int]
    ) -> None:
        self._guards = program.guards
        self._watched = watched
        self._template: list[Any] = [0.0] * len(program.nodes)
        self._outputs = len(program.outputs)
        self._arrays = program.arrays if isinstance(program, LoopProgram) else []
        self._loops: dict[int, _Part] = {}
        self._parts = [_Part(1)]
        elements = program.elements if isinstance(program, LoopProgram) else {}
        functions: dict[str, Callable[..., Any]] = {}
        for place in range(len(program.inputs), len(program.nodes)):
            op, operands, number, *_ = program.nodes[place]
            operands = tuple([source[i] for i in operands])
            if op == "loop":
                self._parts.append(_Part(int(number)))
                self._loops[place] = self._parts[-1]
            elif op == "end":
                self._parts.append(_Part(1))
            elif varies[place] or source[place] != place:
                continue
            elif op == "number":
                self._template[place] = number
            elif op == "phi":
                self._parts[-1].phis.append((place, *operands))  # type: ignore[arg-type]
            elif place in elements:
                self._parts[-1].steps.append(_Step(place, None, operands, elements[place]))
            else:
                if op not in functions:
                    functions[op] = number_function(op)
                self._parts[-1].steps.append(_Step(place, functions[op], operands, None))

    def keep(self, place: int, loop: int) -> int:
        """Note that a node is wanted of all turns of its loop, and return how many there are."""
        part = self._loops[loop]
        part.kept.append(place)
        return part.turns

    def run(self, inputs: Sequence[Any]) -> Found:
        """Compute everything.

        Args:
            inputs: arrays of the inputs, of which those with one row are the same at all points.
        """
        values = self._template.copy()
        place = 0
        for x in inputs:
            columns = x.shape[1]
            if x.shape[0] == 1:
                values[place : place + columns] = x[0].tolist()
            place += columns
        if len(self._parts) == 1 and not self._arrays:
            return Found(values, {}, {}, *self._go_through(self._parts[0].steps, 0, values, {}))
        arrays = {i: x if isinstance(x, list) else [0.0] * x for i, x in enumerate(self._arrays)}
        arrays[INPUTS] = values
        arrays[OUTPUTS] = [0.0] * self._outputs
        kept: dict[int, list[Any]] = {}
        good = fine = True
        for part in self._parts:
            if not (part.steps or part.kept or part.phis):
                continue
            columns_kept = [(place, kept.setdefault(place, [])) for place in part.kept]
            for turn in range(part.turns):
                if part.phis:
                    new = [values[y if turn else x] for _, x, y in part.phis]
                    for (place, _, _), number in zip(part.phis, new, strict=True):
                        values[place] = number
                all_hold, is_fine = self._go_through(part.steps, turn, values, arrays)
                good, fine = good and all_hold, fine and is_fine
                for place, column in columns_kept:
                    column.append(values[place])
        values += arrays[OUTPUTS]
        return Found(values, arrays, kept, good, fine)

    def _go_through(
        self, steps: Sequence[_Step], turn: int, values: list[Any], arrays: dict[int, list[Any]]
    ) -> tuple[bool, bool]:
        """Do some steps, and return whether their guards hold, and whether nothing is suspect."""
        guards, watched = self._guards, self._watched
        good = fine = True
        for place, function, operands, element in steps:
            if function is not None:
                value = values[place] = function(*[values[i] for i in operands])
                if guards and place in guards:
                    good = good and value is guards[place]
                elif place in watched and not isfinite(value):
                    fine = False
            elif element is not None:
                array, start, step, _ = element
                if operands:
                    arrays[array][start + step * turn] = values[operands[0]]
                else:
                    values[place] = arrays[array][start + step * turn]
        return good, fine
