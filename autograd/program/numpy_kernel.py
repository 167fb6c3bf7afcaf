"""A program on NumPy arrays: each operation is done for some hundred points at once.

The points are taken in pieces so short that the results of all operations that are still needed stay in the
processor's cache. Rows of one array hold them; a row is used again when its result is no longer needed. What
depends on inputs alone that are the same at all points is computed once per call, with floats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from .kernels import missing
from .optimising import may_raise
from .straight_line import RELATIONS, Node, Program

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from None

from .numpy_functions import Array, Function, array_function, number_function, sum_of_rows

if TYPE_CHECKING:
    from .kernels import Flags, Numbers

    Key = tuple[bool, tuple[tuple[int, bool], ...]]
    Layout = tuple[tuple[int, bool], ...]

POINTS_IN_A_CALL = 8192
"""For this many points, what is computed once per call costs nothing beside the rest."""

NEAR_CACHE = 1 << 21  # bytes
FAR_CACHE = 1 << 23
SHORTEST, SHORT, LONGEST = 128, 1024, 4096
"""How many points a piece has: below SHORT, calling NumPy costs more than waiting for the far cache."""

KEPT = 4  # workspaces, for pieces of different lengths or several threads


def build(program: Program) -> NumpyKernel:
    """Return a program ready to be run on arrays."""
    return NumpyKernel(program)


class NumpyKernel:
    """A program on NumPy arrays; see `Kernel`."""

    def __init__(self, program: Program) -> None:
        self.block = POINTS_IN_A_CALL
        self._program = program
        self._plans: dict[Key, _Plan] = {}

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
            plan = self._plans[key] = _Plan(self._program, *key)
        with np.errstate(all="ignore"):
            plan.run(points, inputs, outputs, summed, valid, suspect)


class _Plan:
    """What to do, for given inputs that differ from point to point.

    What steps work on has a number: first the rows of the workspace, then its flags, then what is the same at
    all points.

    Attributes:
        steps: array functions, each with the numbers of its operands and, last, of its result.
        rows, flags: how many of them a workspace needs.
        row_of: the rows of the outputs, by their places in the program.
    """

    def __init__(self, program: Program, suspicious: bool, shapes: Layout) -> None:
        self.program = program
        self.suspicious = suspicious
        varies = [batched for columns, batched in shapes for _ in range(columns)]
        self._source = list(range(len(varies)))  # of each place; another one where nothing is done
        self._varies = bytearray(varies)
        self._once: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self._template: list[Any] = [0.0] * len(program.nodes)
        self._later: list[int] = []
        self._look_at_nodes()
        self.outputs = [self._source[i] for i in program.outputs]
        self._workspaces: dict[int, list[_Workspace]] = {}
        self._stores: dict[Layout, list[list[tuple[int, int, int]]]] = {}
        self._assign_rows(shapes)

    def _look_at_nodes(self) -> None:
        """Tell what is computed once from what is computed for each point."""
        program, source, varies = self.program, self._source, self._varies
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
                self._once.append((place, number_function(node.op), operands))

    def _assign_rows(self, shapes: Layout) -> None:
        program, source = self.program, self._source
        last_use = dict.fromkeys(self._later, -1)
        for place in self._later:
            for i in program.nodes[place].operands:
                last_use[source[i]] = place
        never = len(program.nodes)
        last_use.update((place, never) for place in self.outputs)

        self.row_of: dict[int, int] = {}
        self._loads = self._rows_of_inputs(shapes, last_use)
        for place in self.outputs:
            if self._varies[place] and place not in self.row_of:
                self.row_of[place] = len(self.row_of)
        # Rows and flags are numbered apart; flag 0 says whether guards hold, 1 whether nothing is suspect.
        rows, flags = _Slots(len(self.row_of)), _Slots(3)
        where: dict[int, tuple[str, int]] = {place: ("row", row) for place, row in self.row_of.items()}
        uniform: dict[int, int] = {}
        steps: list[tuple[Function, list[tuple[str, int]]]] = []
        functions: dict[str, Function] = {}

        def release(operands: Iterable[int], now: int) -> None:
            for i in set(operands):
                if last_use.get(i) == now and self._varies[i]:
                    kind, slot = where[i]
                    (rows if kind == "row" else flags).free.append(slot)

        for place in self._later:
            node = program.nodes[place]
            operands = [source[i] for i in node.operands]
            arguments = []
            for i in operands:
                if self._varies[i]:
                    arguments.append(where[i])
                else:
                    arguments.append(("uniform", uniform.setdefault(i, len(uniform))))
            if place not in where:
                where[place] = ("flag", flags.take()) if node.op in RELATIONS else ("row", rows.take())
            function = functions.get(node.op)
            if function is None:
                function = functions[node.op] = array_function(node.op)
            steps.append((function, [*arguments, where[place]]))
            steps += self._checks(place, node, where[place])
            release(operands, place)
            if last_use[place] == -1:
                release([place], -1)
        self.rows, self.flags = rows.count, flags.count
        first = {"row": 0, "flag": self.rows, "uniform": self.rows + self.flags}
        self.steps = [(f, tuple([first[kind] + i for kind, i in slots])) for f, slots in steps]
        self.uniform = list(uniform)
        self.conditions = [program.nodes[i].op in RELATIONS for i in uniform]
        self._length = _piece(self.rows)

    def _rows_of_inputs(self, shapes: Layout, last_use: dict[int, int]) -> list[tuple[int, int, int, int]]:
        """Give rows to inputs that are used; return what to copy: array, columns from and to, first row."""
        loads: list[tuple[int, int, int, int]] = []
        place = 0
        for index, (columns, batched) in enumerate(shapes):
            for column in range(columns):
                if batched and place in last_use:
                    row = self.row_of[place] = len(self.row_of)
                    if loads and loads[-1][0] == index and loads[-1][2] == column:
                        loads[-1] = (index, loads[-1][1], column + 1, loads[-1][3])
                    else:
                        loads.append((index, column, column + 1, row))
                place += 1
        return loads

    def _checks(
        self, place: int, node: Node, slot: tuple[str, int]
    ) -> list[tuple[Function, list[tuple[str, int]]]]:
        if place in self.program.guards:
            # For flags, a > b is: a and not b.
            both: Function = np.logical_and if self.program.guards[place] else np.greater
            return [(both, [("flag", 0), slot, ("flag", 0)])]
        if self.suspicious and may_raise(node):
            finite, fine = ("flag", 2), ("flag", 1)
            return [(np.isfinite, [slot, finite]), (np.logical_and, [fine, finite, fine])]
        return []

    # Running

    def run(
        self,
        points: int,
        inputs: Sequence[Numbers],
        outputs: Sequence[Numbers],
        summed: Sequence[bool],
        valid: Flags | None,
        suspect: Flags | None,
    ) -> None:
        values, good, fine = self._what_is_computed_once(inputs)
        if valid is not None:
            valid[:] = good
        if suspect is not None:
            suspect[:] = not fine
        if not good:
            return
        stores = self._where_to(outputs, summed)
        for out, added, store in zip(outputs, summed, stores, strict=True):
            if not added:
                for column, _, place in store:
                    if place < 0:
                        out[:, column] = values[-1 - place]
        count = points
        if self._later or self._loads:
            pieces = -(-points // self._length)
            length = -(-points // pieces)
            workspace = self._workspace(length)
            workspace.same_everywhere(values)
            count = 0
            for end in range(length, points + length, length):
                # The last piece begins where it is as long as the others; what was done before is left out.
                end, before = min(end, points), max(end - points, 0)
                count += self._piece(
                    workspace, end - length, end, before, inputs, outputs, summed, stores, valid, suspect
                )
            self._give_back(workspace)
        for out, added, store in zip(outputs, summed, stores, strict=True):
            if added and count:
                for column, _, place in store:
                    if place < 0:
                        out[0, column] += values[-1 - place] * count

    def _what_is_computed_once(self, inputs: Sequence[Numbers]) -> tuple[list[Any], bool, bool]:
        """Return the results, whether their guards hold, and whether none is suspect."""
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
            elif self.suspicious and fine and not isfinite(value) and may_raise(nodes[place]):
                fine = False
        return values, good, fine

    def _where_to(self, outputs: Sequence[Numbers], summed: Sequence[bool]) -> Any:
        """Return, for each array, runs of columns: the first one, how many, and the first one's row.

        What is computed once has, instead of a row, -1 minus its place.
        """
        layout = tuple([(out.shape[1], added) for out, added in zip(outputs, summed, strict=True)])
        stores = self._stores.get(layout)
        if stores is None:
            stores = []
            places = iter(self.outputs)
            for columns, _ in layout:
                runs: list[tuple[int, int, int]] = []
                for column in range(columns):
                    place = next(places)
                    row = self.row_of[place] if self._varies[place] else -1 - place
                    if runs and row >= 0 and runs[-1][2] >= 0 and row == runs[-1][2] + runs[-1][1]:
                        runs[-1] = (runs[-1][0], runs[-1][1] + 1, runs[-1][2])
                    else:
                        runs.append((column, 1, row))
                stores.append(runs)
            self._stores[layout] = stores
        return stores

    def _piece(
        self,
        workspace: _Workspace,
        begin: int,
        end: int,
        before: int,
        inputs: Sequence[Numbers],
        outputs: Sequence[Numbers],
        summed: Sequence[bool],
        stores: Any,
        valid: Flags | None,
        suspect: Flags | None,
    ) -> int:
        """Run from one point to another; return how many new ones there are at which the guards hold.

        Args:
            before: how many of the points, the first ones, have been added to the sums already.
        """
        rows, flags = workspace.rows, workspace.flags
        for index, first, last, row in self._loads:
            np.copyto(rows[row : row + last - first], inputs[index][begin:end, first:last].T)
        flags[:2] = True
        for function, arguments in workspace.steps:
            function(*arguments)
        if suspect is not None:
            suspect[begin:end] |= ~flags[1]
        good = flags[0]
        if valid is not None:
            valid[begin:end] = good
        count = int(np.count_nonzero(good[before:]))
        chosen = good[before:] if count < end - begin - before else None
        for out, added, store in zip(outputs, summed, stores, strict=True):
            for column, columns, row in store:
                if row < 0:
                    continue
                if added:
                    out[0, column : column + columns] += sum_of_rows(
                        rows[row : row + columns, before:], chosen
                    )
                else:
                    np.copyto(out[begin:end, column : column + columns], rows[row : row + columns].T)
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


class _Slots:
    """Numbers that are given out, given back, and given out again."""

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
        for i, condition in enumerate(plan.conditions):
            arrays.append((self._conditions if condition else self._numbers)[i, ...])
        self.steps = [(function, [arrays[i] for i in slots]) for function, slots in plan.steps]

    def same_everywhere(self, values: Sequence[Any]) -> None:
        """Put in place what is the same at all points."""
        numbers = [values[i] for i in self._places]
        self._numbers[:] = numbers
        self._conditions[:] = numbers


def _piece(rows: int) -> int:
    """Return how many points a piece has, at most, if each needs so many rows."""
    bytes_of_a_point = 8 * max(rows, 1)
    near = min(NEAR_CACHE // bytes_of_a_point, LONGEST)
    return max(near, min(FAR_CACHE // bytes_of_a_point, SHORT), SHORTEST)
