"""A program on NumPy arrays: each operation is done for some hundred points at once.

The points are taken in pieces so short that the results of all operations that are still needed stay in the
processor's cache. Rows of one array hold them; a row is used again when its result is no longer needed. What
depends on inputs alone that are the same at all points is computed once per call, with floats.

The steps are a list that is gone through. Source code with a line for each of them would save 20 of the 250
nanoseconds that NumPy takes for a step on a hundred points, and take 30 microseconds a line to compile.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import isfinite
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from ..kernels import missing
from ..straight_line.program import RELATIONS, Node, Program
from ..straight_line.simplify import may_raise

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from .functions import Array, Function, array_function, number_function

if TYPE_CHECKING:
    from ..kernels import Flags, Numbers

POINTS_IN_A_CALL = 8192
"""For this many points, what is computed once per call costs nothing beside the rest."""

NEAR_CACHE = 1 << 22  # bytes
FAR_CACHE = 1 << 24
SHORTEST, SHORT, LONGEST = 128, 512, 4096
"""How many points a piece has: below SHORT, calling NumPy costs more than waiting for the far cache."""

KEPT = 4
"""How many workspaces are kept, for pieces of different lengths or several threads."""


def build(program: Program) -> NumpyKernel:
    """Return a program ready to be run on arrays."""
    return NumpyKernel(program)


class NumpyKernel:
    """A program on NumPy arrays; see `kernels.Kernel`."""

    def __init__(self, program: Program) -> None:
        self.block = POINTS_IN_A_CALL
        self._program = program
        self._plans: dict[tuple[bool, Layout], _Plan] = {}
        self._planning = Lock()

    def __call__(
        self,
        points: int,
        inputs: Sequence[Numbers],
        outputs: Sequence[Numbers],
        summed: Sequence[bool],
        valid: Flags | None,
        suspect: Flags | None,
    ) -> None:
        key = (suspect is not None, tuple([(x.shape[1], x.shape[0] > 1) for x in inputs]))
        plan = self._plans.get(key)
        if plan is None:
            with self._planning:  # by one thread, for which the others wait
                plan = self._plans.get(key)
                if plan is None:
                    plan = self._plans[key] = _Plan(self._program, *key)
        with np.errstate(all="ignore"):
            plan.run(_Call(points, inputs, outputs, summed, valid, suspect))


Layout = tuple[tuple[int, bool], ...]
"""For each array, how many columns it has, and whether it has a row for each point (or is added to)."""


class _Call(NamedTuple):
    """What a kernel is called with; see `kernels.Kernel`."""

    points: int
    inputs: Sequence[Numbers]
    outputs: Sequence[Numbers]
    summed: Sequence[bool]
    valid: Flags | None
    suspect: Flags | None


class _Columns(NamedTuple):
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


def _together(columns: Sequence[_Columns]) -> list[_Columns]:
    """Join columns whose rows are neighbours too."""
    joined: list[_Columns] = []
    for x in columns:
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


class _Plan:
    """What to do, for given inputs that differ from point to point.

    Attributes:
        steps: array functions, each with the numbers of the arrays it gets: operands and, last, its result.
            Numbered are first the rows of a workspace, then its flags, then what is the same at all points.
        rows, flags: how many of them a workspace needs. Flag 0 says whether the guards hold, flag 1 whether
            nothing is suspect.
        uniform: the places of what is the same at all points and an operand of a step.
    """

    def __init__(self, program: Program, suspicious: bool, layout: Layout) -> None:
        self.program = program
        self._suspicious = suspicious
        self._layout = layout
        self._source = list(range(len(program.inputs)))  # of each place; another one where nothing is done
        self._varies = bytearray([batched for columns, batched in layout for _ in range(columns)])
        self._once: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self._template: list[Any] = [0.0] * len(program.nodes)
        self._later: list[int] = []
        self._look_at_nodes()
        self._outputs = [self._source[i] for i in program.outputs]
        self._row_of: dict[int, int] = {}
        self._assign_rows()
        self._workspaces: dict[int, list[_Workspace]] = {}
        self._stores: dict[Layout, list[_Columns]] = {}

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
                self._template[place] = node.number
            else:
                if node.op not in functions:
                    functions[node.op] = number_function(node.op)
                self._once.append((place, functions[node.op], operands))

    def _assign_rows(self) -> None:
        nodes, source, varies, row_of = self.program.nodes, self._source, self._varies, self._row_of
        last_use: dict[int, int] = {}
        for place in self._later:
            for i in nodes[place].operands:
                last_use[source[i]] = place
        last_use.update((place, len(nodes)) for place in self._outputs)  # kept to the end

        self._loads = self._rows_of_inputs(last_use)
        for place in self._outputs:
            if varies[place] and place not in row_of:
                row_of[place] = len(row_of)
        rows, flags = _Numbers(len(row_of)), _Numbers(3)
        where: dict[int, tuple[_Numbers, int]] = {place: (rows, row) for place, row in row_of.items()}
        uniform = _Numbers(0)
        steps: list[tuple[Function, list[tuple[_Numbers, int]]]] = []
        functions: dict[str, Function] = {}
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
            steps += self._checks(place, node, where[place], flags)
            for i in {*operands, place}:
                if varies[i] and last_use.get(i, place) == place:
                    kind, number = where[i]
                    kind.free.append(number)
        self.rows, self.flags = rows.count, flags.count
        self.uniform = [place for place, (kind, _) in where.items() if kind is uniform]
        first = {rows: 0, flags: self.rows, uniform: self.rows + self.flags}
        self.steps = [(f, tuple([first[kind] + i for kind, i in arrays])) for f, arrays in steps]
        self._length = _length(self.rows)

    def _rows_of_inputs(self, last_use: dict[int, int]) -> list[_Columns]:
        """Give rows to the inputs that are used, and return which."""
        loads: list[_Columns] = []
        place = 0
        for array, (columns, batched) in enumerate(self._layout):
            for column in range(columns):
                if batched and place in last_use:
                    self._row_of[place] = len(loads)
                    loads.append(_Columns(array, column, column + 1, len(loads)))
                place += 1
        return _together(loads)

    def _checks(
        self, place: int, node: Node, result: tuple[_Numbers, int], flags: _Numbers
    ) -> list[tuple[Function, list[tuple[_Numbers, int]]]]:
        good, fine, finite = [(flags, i) for i in range(3)]
        if place in self.program.guards:
            # For flags, a > b is: a and not b.
            both: Function = np.logical_and if self.program.guards[place] else np.greater
            return [(both, [good, result, good])]
        if self._suspicious and may_raise(node):
            return [(np.isfinite, [result, finite]), (np.logical_and, [fine, finite, fine])]
        return []

    # Running

    def run(self, call: _Call) -> None:
        values, good, fine = self._compute_once(call.inputs)
        stores = self._where_to(call.outputs, call.summed)
        same = [(store, values[-1 - store.row]) for store in stores if store.row < 0]
        for store, value in same:
            if not call.summed[store.array]:
                call.outputs[store.array][:, store.first] = value
        if self._later or self._loads:
            # The same length for all pieces, so that one workspace does.
            length = -(-call.points // -(-call.points // self._length))
            workspace = self._workspace(length)
            workspace.fill_in(values)
            count = 0
            for end in range(length, call.points + length, length):
                before = max(end - call.points, 0)
                count += self._piece(call, stores, workspace, end - length - before, before, good, fine)
            self._give_back(workspace)
        else:
            if call.valid is not None:
                call.valid[:] = good
            if call.suspect is not None:
                call.suspect[:] = not fine
            count = call.points if good else 0
        if count:
            for store, value in same:
                if call.summed[store.array]:
                    call.outputs[store.array][0, store.first] += value * count

    def _compute_once(self, inputs: Sequence[Numbers]) -> tuple[list[Any], bool, bool]:
        """Return what is the same at all points, whether its guards hold, and whether nothing is suspect."""
        values = self._template.copy()
        place = 0
        for x in inputs:
            columns = x.shape[1]
            if x.shape[0] == 1:
                values[place : place + columns] = x[0].tolist()
            place += columns
        guards, nodes = self.program.guards, self.program.nodes
        good = fine = True
        for place, function, operands in self._once:
            value = values[place] = function(*[values[i] for i in operands])
            if guards and place in guards:
                good = good and value is guards[place]
            elif self._suspicious and fine and not isfinite(value) and may_raise(nodes[place]):
                fine = False
        return values, good, fine

    def _where_to(self, outputs: Sequence[Numbers], summed: Sequence[bool]) -> list[_Columns]:
        layout = tuple([(out.shape[1], added) for out, added in zip(outputs, summed, strict=True)])
        stores = self._stores.get(layout)
        if stores is None:
            places = iter(self._outputs)
            columns = []
            for array, (count, _) in enumerate(layout):
                for column in range(count):
                    place = next(places)
                    row = self._row_of[place] if self._varies[place] else -1 - place
                    columns.append(_Columns(array, column, column + 1, row))
            stores = self._stores[layout] = _together(columns)
        return stores

    def _piece(
        self,
        call: _Call,
        stores: Sequence[_Columns],
        workspace: _Workspace,
        begin: int,
        before: int,
        good: bool,
        fine: bool,
    ) -> int:
        """Run the points from `begin` on, and return at how many new ones the guards hold.

        Args:
            call: the call.
            stores: where results go.
            workspace: its length is the number of points.
            begin: the first point.
            before: how many of the points, the first ones, belong to the piece before, too.
            good, fine: whether guards hold, and nothing is suspect, of what is the same at all points.
        """
        rows, holds, plain = workspace.rows, workspace.flags[0], workspace.flags[1]
        end = begin + workspace.length
        for array, first, last, row in self._loads:
            np.copyto(rows[row : row + last - first], call.inputs[array][begin:end, first:last].T)
        holds[:] = good
        plain[:] = fine
        for function, arrays in workspace.steps:
            function(*arrays)
        if call.valid is not None:
            call.valid[begin:end] = holds
        if call.suspect is not None:
            np.logical_not(plain, out=call.suspect[begin:end])
        count = int(np.count_nonzero(holds[before:]))
        chosen = (
            slice(before, None)
            if count == workspace.length - before
            else before + np.flatnonzero(holds[before:])
        )
        for array, first, last, row in stores:
            if row < 0:
                continue
            out, results = call.outputs[array], rows[row : row + last - first]
            if not call.summed[array]:
                np.copyto(out[begin:end, first:last], results.T)
            elif count:
                out[0, first:last] += np.add.reduce(results[:, chosen], axis=1)
        return count

    # Workspaces

    def _workspace(self, length: int) -> _Workspace:
        try:
            return self._workspaces[length].pop()
        except (KeyError, IndexError):
            return _Workspace(self, length)

    def _give_back(self, workspace: _Workspace) -> None:
        kept = self._workspaces
        if sum(map(len, list(kept.values()))) >= KEPT:
            kept.clear()
        kept.setdefault(workspace.length, []).append(workspace)


class _Numbers:
    """Numbers that are given out, given back in `free`, and given out again."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.free: list[int] = []

    def take(self) -> int:
        if self.free:
            return self.free.pop()
        self.count += 1
        return self.count - 1


class _Workspace:
    """The memory that one thread runs a piece in, and the steps of the plan with the arrays in place."""

    def __init__(self, plan: _Plan, length: int) -> None:
        self.length = length
        self.rows = np.empty((plan.rows, length))
        self.flags = np.empty((plan.flags, length), bool)
        self._places = plan.uniform
        self._numbers = np.empty(len(plan.uniform))
        self._conditions = np.empty(len(plan.uniform), bool)
        arrays: list[Array] = [*self.rows, *self.flags]
        for i, place in enumerate(plan.uniform):
            condition = plan.program.nodes[place].op in RELATIONS
            arrays.append((self._conditions if condition else self._numbers)[i, ...])
        self.steps = [(function, [arrays[i] for i in numbers]) for function, numbers in plan.steps]

    def fill_in(self, values: Sequence[Any]) -> None:
        """Put in place what is the same at all points."""
        self._numbers[:] = self._conditions[:] = [values[i] for i in self._places]


def _length(rows: int) -> int:
    """Return how many points a piece has, at most, if each needs so many rows."""
    bytes_of_a_point = 8 * max(rows, 1)
    near = min(NEAR_CACHE // bytes_of_a_point, LONGEST)
    return max(near, min(FAR_CACHE // bytes_of_a_point, SHORT), SHORTEST)
