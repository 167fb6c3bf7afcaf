"""What to do with the arrays of a program: the steps in order, and the rows of a workspace they work on.

What depends on inputs alone that are the same at all points is no step, but computed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..loops.program import INPUTS, OUTPUTS, STORED, LoopProgram, section_of_each
from ..straight_line.program import Program
from ..straight_line.simplify import watched
from .once import Once
from .rows import Rows

Layout = tuple[tuple[int, bool], ...]
"""For each array, how many columns it has, and whether it has a row for each point (or is added to)."""


class Transfer(NamedTuple):
    """Columns, side by side, of an array of inputs or outputs, and the rows, one after the other, they have.

    Attributes:
        array: which of the arrays.
        first, end: the columns.
        row: the first one's row; for what is the same at all points, -1 minus its place among what is
            computed once.
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
        once: what is computed once per call.
        memory: where the rest is, and the steps that compute it.
        loads: where the inputs that are used go.

    Args:
        program: the program.
        suspicious: whether it is noted where an operation that may raise gives inf or NaN.
        layout: that of the inputs.
    """

    def __init__(self, program: Program, suspicious: bool, layout: Layout) -> None:
        self.program = program
        self._elements = program.elements if isinstance(program, LoopProgram) else {}
        self._section = section_of_each(program)
        self._loops = {x.start: x for x in program.loops} if isinstance(program, LoopProgram) else {}
        self._source = self._found_sources()
        self._varies = bytearray([batched for columns, batched in layout for _ in range(columns)])
        self._varies += bytes(len(program.nodes) - len(self._varies))
        self._varying_arrays: set[int] = set()
        while self._found_more_that_varies():
            pass
        looked_at = watched(program) if suspicious else set()
        self.once = Once(program, self._varies, self._source, looked_at)
        last_use = self._last_uses()
        rows = self._rows_of_inputs(layout, last_use)
        self.memory = Rows(
            program,
            self._varies,
            self._source,
            self.once,
            rows,
            last_use,
            looked_at if suspicious else None,
        )
        self._stores: dict[Layout, list[Transfer]] = {}

    @property
    def differs(self) -> bool:
        """Whether anything is done for each point."""
        return bool(self.loads) or any(part.steps for part in self.memory.parts)

    def stores(self, layout: Layout) -> list[Transfer]:
        """Return where the outputs go, which are arrays of that layout."""
        stores = self._stores.get(layout)
        if stores is None:
            rows = iter([self._row_of_output(i) for i in range(len(self.program.outputs))])
            columns = []
            for array, (count, _) in enumerate(layout):
                columns += [Transfer(array, i, i + 1, next(rows)) for i in range(count)]
            stores = self._stores[layout] = _together(columns)
        return stores

    def _row_of_output(self, i: int) -> int:
        place = self.program.outputs[i]
        if place == STORED:
            if OUTPUTS in self._varying_arrays:
                return self.memory.row_of_output(i)
            return -1 - len(self.program.nodes) - i
        place = self._source[place]
        return self.memory.row_of(place) if self._varies[place] else -1 - place

    def _found_sources(self) -> list[int]:
        """Return for each node the one in whose place it stands, for nothing is done; else itself."""
        program = self.program
        source = list(range(len(program.nodes)))
        for place in range(len(program.inputs), len(program.nodes)):
            node = program.nodes[place]
            if node.op in ("identity", "detached"):
                source[place] = source[node.operands[0]]
            elif node.op == "element":
                array, start, step, _ = self._elements[place]
                if array == INPUTS and (self._section[place] < 0 or step == 0):
                    source[place] = start
        return source

    def _inputs_of(self, place: int) -> range:
        """Return the inputs that an element of them goes through."""
        _, start, step, _ = self._elements[place]
        loop = self._loops.get(self._section[place])
        return range(start, start + step * loop.turns, step) if loop and step else range(start, start + 1)

    def _found_more_that_varies(self) -> bool:
        """Note what differs from point to point; say whether there may be more, as what loops carry."""
        varies, arrays, elements = self._varies, self._varying_arrays, self._elements
        more = False
        for place in range(len(self.program.inputs), len(varies)):
            if varies[place]:
                continue
            op, operands, *_ = self.program.nodes[place]
            if place in elements:
                array = elements[place].array
                if op == "element" and array == INPUTS:
                    found = any(varies[i] for i in self._inputs_of(place))
                else:
                    found = array in arrays or any(varies[i] for i in operands)
                    if found:
                        arrays.add(array)
            else:
                found = any(varies[i] for i in operands)
            if found:
                varies[place] = 1
                more = True
        return more and bool(elements or self._loops)

    def _last_uses(self) -> dict[int, int]:
        """Return where each node is used last; one from before a loop that uses it, at its end."""
        nodes, source, section = self.program.nodes, self._source, self._section
        last: dict[int, int] = {}
        for place in range(len(self.program.inputs), len(nodes)):
            if source[place] != place or not self._varies[place]:
                continue
            loop = self._loops.get(section[place])
            for i in [source[i] for i in nodes[place].operands]:
                here = loop is None or section[i] == section[place]
                last[i] = max(last.get(i, 0), place if loop is None or here else loop.end)
            if nodes[place].op == "element" and self._elements[place].array == INPUTS and loop is not None:
                last.update(dict.fromkeys(self._inputs_of(place), loop.end))
        last.update((source[place], len(nodes)) for place in self.program.outputs if place != STORED)
        return last

    def _rows_of_inputs(self, layout: Layout, last_use: dict[int, int]) -> dict[int, int]:
        """Give rows to the inputs that are used, and return these."""
        rows: dict[int, int] = {}
        loads: list[Transfer] = []
        place = 0
        for array, (columns, batched) in enumerate(layout):
            for column in range(columns):
                if batched and place in last_use:
                    rows[place] = len(loads)
                    loads.append(Transfer(array, column, column + 1, len(loads)))
                place += 1
        self.loads = _together(loads)
        return rows
