"""A program on NumPy arrays: each operation is done for some hundred points at once.

The points are taken in pieces so short that the results of all operations that are still needed stay in the
processor's cache. Rows of one array hold them; a row is used again when its result is no longer needed. What
depends on inputs alone that are the same at all points is computed once per call, with floats.

The steps are a list that is gone through. Source code with a line for each of them would save 20 of the 250
nanoseconds that NumPy takes for a step on a hundred points, and take 30 microseconds a line to compile.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from ..kernels import Batch, missing
from ..locks import LOCK
from ..straight_line.program import RELATIONS, Program

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from .functions import GATHER, Array, ArrayFunction
from .gathering import gather_from
from .schedule import Layout, Schedule, Transfer

if TYPE_CHECKING:
    from ..kernels import Numbers

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
        self._runners: dict[tuple[bool, Layout], _Runner] = {}

    def __call__(self, batch: Batch) -> None:
        key = (batch.suspect is not None, tuple([(x.shape[1], x.shape[0] > 1) for x in batch.inputs]))
        runner = self._runners.get(key)
        if runner is None:
            with LOCK:  # by one thread, for which the others wait
                runner = self._runners.get(key)
                if runner is None:
                    runner = self._runners[key] = _Runner(Schedule(self._program, *key))
        with np.errstate(all="ignore"):
            runner.run(batch)


class _Runner:
    """Runs a program by its schedule, a piece of the points after the other."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._length = _length(schedule.rows)
        self._workspaces: dict[int, list[_Workspace]] = {}

    def run(self, batch: Batch) -> None:
        values, good, fine = self._compute_once(batch.inputs)
        layout = tuple(
            [(out.shape[1], added) for out, added in zip(batch.outputs, batch.summed, strict=True)]
        )
        stores = self._schedule.stores(layout)
        same = [(store, values[-1 - store.row]) for store in stores if store.row < 0]
        for store, value in same:
            if not batch.summed[store.array]:
                batch.outputs[store.array][:, store.first] = value
        if self._schedule.differs:
            # The same length for all pieces, so that one workspace does.
            length = -(-batch.points // -(-batch.points // self._length))
            workspace = self._workspace(length)
            workspace.fill_in(values)
            count = 0
            for end in range(length, batch.points + length, length):
                before = max(end - batch.points, 0)
                count += self._piece(batch, stores, workspace, end - length - before, before, good, fine)
            self._give_back(workspace)
        else:
            if batch.valid is not None:
                batch.valid[:] = good
            if batch.suspect is not None:
                batch.suspect[:] = not fine
            count = batch.points if good else 0
        if count:
            for store, value in same:
                if batch.summed[store.array]:
                    batch.outputs[store.array][0, store.first] += value * count

    def _compute_once(self, inputs: Sequence[Numbers]) -> tuple[list[Any], bool, bool]:
        """Return what is the same at all points, whether its guards hold, and whether nothing is suspect."""
        schedule = self._schedule
        values = schedule.template.copy()
        place = 0
        for x in inputs:
            columns = x.shape[1]
            if x.shape[0] == 1:
                values[place : place + columns] = x[0].tolist()
            place += columns
        guards = schedule.program.guards
        good = fine = True
        for place, function, operands in schedule.once:
            value = values[place] = function(*[values[i] for i in operands])
            if guards and place in guards:
                good = good and value is guards[place]
            elif place in schedule.watched and not isfinite(value):
                fine = False
        return values, good, fine

    def _piece(
        self,
        batch: Batch,
        stores: Sequence[Transfer],
        workspace: _Workspace,
        begin: int,
        before: int,
        good: bool,
        fine: bool,
    ) -> int:
        """Run the points from `begin` on, and return at how many new ones the guards hold.

        Args:
            batch: the points and their arrays.
            stores: where results go.
            workspace: its length is the number of points.
            begin: the first point.
            before: how many of the points, the first ones, belong to the piece before, too.
            good, fine: whether guards hold, and nothing is suspect, of what is the same at all points.
        """
        rows, holds = workspace.rows, workspace.flags[0]
        end = begin + workspace.length
        for array, first, last, row in self._schedule.loads:
            np.copyto(rows[row : row + last - first], batch.inputs[array][begin:end, first:last].T)
        holds[:] = good
        if batch.suspect is not None:
            rows[self._schedule.watch] = 0.0 if fine else nan
        for function, arrays in workspace.steps:
            function(*arrays)
        if batch.valid is not None:
            batch.valid[begin:end] = holds
        if batch.suspect is not None:
            np.logical_not(np.isfinite(rows[self._schedule.watch]), out=batch.suspect[begin:end])
        count = int(np.count_nonzero(holds[before:]))
        chosen = (
            slice(before, None)
            if count == workspace.length - before
            else before + np.flatnonzero(holds[before:])
        )
        for array, first, last, row in stores:
            if row < 0:
                continue
            out, results = batch.outputs[array], rows[row : row + last - first]
            if not batch.summed[array]:
                np.copyto(out[begin:end, first:last], results.T)
            elif count:
                out[0, first:last] += np.add.reduce(results[:, chosen], axis=1)
        return count

    # Workspaces

    def _workspace(self, length: int) -> _Workspace:
        try:
            return self._workspaces[length].pop()
        except (KeyError, IndexError):
            return _Workspace(self._schedule, length)

    def _give_back(self, workspace: _Workspace) -> None:
        kept = self._workspaces
        if sum(map(len, list(kept.values()))) >= KEPT:
            kept.clear()
        kept.setdefault(workspace.length, []).append(workspace)


class _Workspace:
    """The memory that one thread runs a piece in, and the steps of the schedule with the arrays in place."""

    def __init__(self, schedule: Schedule, length: int) -> None:
        self.length = length
        self.rows = np.empty((schedule.rows, length))
        self.flags = np.empty((schedule.flags, length), bool)
        self._places = schedule.uniform
        self._numbers = np.empty(len(schedule.uniform))
        self._conditions = np.empty(len(schedule.uniform), bool)
        arrays: list[Array] = [*self.rows, *self.flags]
        for i, place in enumerate(schedule.uniform):
            condition = schedule.program.nodes[place].op in RELATIONS
            arrays.append((self._conditions if condition else self._numbers)[i, ...])
        self.steps: list[tuple[ArrayFunction, list[Array]]] = []
        for function, numbers in schedule.steps:
            if function is GATHER:
                index, *table, out = numbers
                first = schedule.rows + schedule.flags
                function, numbers = gather_from(self.rows, self._numbers, table, first), (index, out)
            self.steps.append((function, [arrays[i] for i in numbers]))

    def fill_in(self, values: Sequence[Any]) -> None:
        """Put in place what is the same at all points."""
        self._numbers[:] = self._conditions[:] = [values[i] for i in self._places]


def _length(rows: int) -> int:
    """Return how many points a piece has, at most, if each needs so many rows."""
    bytes_of_a_point = 8 * max(rows, 1)
    near = min(NEAR_CACHE // bytes_of_a_point, LONGEST)
    return max(near, min(FAR_CACHE // bytes_of_a_point, SHORT), SHORTEST)
