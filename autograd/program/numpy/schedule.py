"""What to do with the arrays of a program: the steps in order, and the rows of a workspace they work on.

A row is used again when its result is no longer needed. What depends on inputs alone that are the same at all
points is no step, but computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..straight_line.program import RELATIONS, Program
from ..straight_line.simplify import watched
from .functions import ArrayFunction, array_function, number_function

Layout = tuple[tuple[int, bool], ...]
"""For each array, how many columns it has, and whether it has a row for each point (or is added to)."""


class Transfer(NamedTuple):
    """Columns, side by side, of an array of inputs or outputs, and the rows, one after the other, they have.

    Attributes:
        array: which of the arrays.
        first, end: the columns.
        row: the first one's row; for what is the same at all points, -1 minus its place in the program.
    """

    array: int
    first: int
    end: int
    row: int


def _together(transfers: Sequence[Transfer]) -> list[Transfer]:
    """Join columns whose rows are neighbours too."""
    joined: list[Transfer] = []
    for x in transfers:
        before = joined[-1] if joined else None
        if (
            before
            and before.row >= 0
            and (before.array, before.end, before.row + before.end - before.first)
            == (x.array, x.first, x.row)
        ):
            joined[-1] = before._replace(end=x.end)
        else:
            joined.append(x)
    return joined


class Schedule:
    """What to do, for given inputs that differ from point to point.

    Attributes:
        program: the program.
        watched: the places of what is looked at to note where an operation that may raise gives inf or NaN.
        once: what is computed once per call: its place, the function on floats, the places of its operands.
        template: a value for each place: the number that it is, or anything.
        loads: where the inputs that are used go.
        steps: array functions, each with the numbers of the arrays it gets: operands and, last, its result.
            Numbered are first the rows of a workspace, then its flags, then what is the same at all points.
        rows, flags: how many of them a workspace needs. Flag 0 says whether the guards hold.
        watch: the row of the sum of what may be suspect, which is finite where nothing is.
        uniform: the places of what is the same at all points and an operand of a step.

    Args:
        program: the program.
        suspicious: whether that is noted.
        layout: that of the inputs.
    """

    def __init__(self, program: Program, suspicious: bool, layout: Layout) -> None:
        self.program = program
        self.suspicious = suspicious
        self.watched = watched(program) if suspicious else set()
        self._source = list(range(len(program.inputs)))  # of each place; another one where nothing is done
        self._varies = bytearray([batched for columns, batched in layout for _ in range(columns)])
        self.once: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self.template: list[Any] = [0.0] * len(program.nodes)
        self._later: list[int] = []
        self._look_at_nodes()
        self._outputs = [self._source[i] for i in program.outputs]
        self._row_of: dict[int, int] = {}
        self._assign_rows(layout)
        self._stores: dict[Layout, list[Transfer]] = {}

    @property
    def differs(self) -> bool:
        """Whether anything is done for each point."""
        return bool(self._later or self.loads)

    def stores(self, layout: Layout) -> list[Transfer]:
        """Return where the outputs go, which are arrays of that layout."""
        stores = self._stores.get(layout)
        if stores is None:
            places = iter(self._outputs)
            columns = []
            for array, (count, _) in enumerate(layout):
                for column in range(count):
                    place = next(places)
                    row = self._row_of[place] if self._varies[place] else -1 - place
                    columns.append(Transfer(array, column, column + 1, row))
            stores = self._stores[layout] = _together(columns)
        return stores

    def _look_at_nodes(self) -> None:
        """Tell what is computed once from what is computed for each point."""
        program, source, varies = self.program, self._source, self._varies
        functions: dict[str, Callable[..., Any]] = {}
        for place in range(len(program.inputs), len(program.nodes)):
            node = program.nodes[place]
            operands = tuple([source[i] for i in node.operands])
            source.append(operands[0] if node.op in ("identity", "detached") else place)
            varies.append(any(varies[i] for i in operands))
            if source[place] != place:
                continue
            if varies[place]:
                self._later.append(place)
            elif node.op == "number":
                self.template[place] = node.number
            else:
                if node.op not in functions:
                    functions[node.op] = number_function(node.op)
                self.once.append((place, functions[node.op], operands))

    def _assign_rows(self, layout: Layout) -> None:
        """Write the steps, and give each number a row or a flag from its computation to its last use."""
        nodes, source, varies, row_of = self.program.nodes, self._source, self._varies, self._row_of
        last_use: dict[int, int] = {}
        for place in self._later:
            for i in nodes[place].operands:
                last_use[source[i]] = place
        last_use.update((place, len(nodes)) for place in self._outputs)  # kept to the end

        self.loads = self._rows_of_inputs(layout, last_use)
        for place in self._outputs:
            if varies[place] and place not in row_of:
                row_of[place] = len(row_of)
        rows, flags = _Pool(len(row_of)), _Pool(1)
        self.watch = rows.take() if self.suspicious else -1
        where: dict[int, tuple[_Pool, int]] = {place: (rows, row) for place, row in row_of.items()}
        uniform = _Pool(0)
        steps: list[tuple[ArrayFunction, list[tuple[_Pool, int]]]] = []
        functions: dict[str, ArrayFunction] = {}
        for place in self._later:
            node = nodes[place]
            operands = [source[i] for i in node.operands]
            for i in operands:
                if not varies[i] and i not in where:
                    where[i] = (uniform, uniform.take())
            if place not in where:
                kind = flags if node.op in RELATIONS else rows
                where[place] = (kind, kind.take())
            if node.op not in functions:
                functions[node.op] = array_function(node.op)
            steps.append((functions[node.op], [*[where[i] for i in operands], where[place]]))
            steps += self._checks(place, where[place], flags, (rows, self.watch))
            for i in {*operands, place}:
                if varies[i] and last_use.get(i, place) == place:
                    kind, number = where[i]
                    kind.free.append(number)
        self.rows, self.flags = rows.count, flags.count
        self.uniform = [place for place, (kind, _) in where.items() if kind is uniform]
        first = {rows: 0, flags: self.rows, uniform: self.rows + self.flags}
        self.steps = [(f, tuple([first[kind] + i for kind, i in arrays])) for f, arrays in steps]

    def _rows_of_inputs(self, layout: Layout, last_use: dict[int, int]) -> list[Transfer]:
        """Give rows to the inputs that are used, and return which."""
        loads: list[Transfer] = []
        place = 0
        for array, (columns, batched) in enumerate(layout):
            for column in range(columns):
                if batched and place in last_use:
                    self._row_of[place] = len(loads)
                    loads.append(Transfer(array, column, column + 1, len(loads)))
                place += 1
        return _together(loads)

    def _checks(
        self, place: int, result: tuple[_Pool, int], flags: _Pool, watch: tuple[_Pool, int]
    ) -> list[tuple[ArrayFunction, list[tuple[_Pool, int]]]]:
        good = (flags, 0)
        if place in self.program.guards:
            # For flags, a > b is: a and not b.
            both: ArrayFunction = np.logical_and if self.program.guards[place] else np.greater
            return [(both, [good, result, good])]
        if place in self.watched:
            return [(np.add, [watch, result, watch])]
        return []


class _Pool:
    """Numbers that are given out, given back in `free`, and given out again."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.free: list[int] = []

    def take(self) -> int:
        if self.free:
            return self.free.pop()
        self.count += 1
        return self.count - 1
