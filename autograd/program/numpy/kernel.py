"""A program on NumPy arrays: each operation is done for some hundred points at once.

The points are taken in pieces so short that the results of all operations that are still needed stay in the
processor's cache. Rows of one array hold them; a row is used again when its result is no longer needed. What
depends on inputs alone that are the same at all points is computed once per call, with floats. A loop is gone
through turn by turn, with the same rows in each; what it goes through, and what it carries, changes place. Of
loops in loops the turns of the outer ones are steps one after the other.

The steps are a list that is gone through. Source code with a line for each of them would save 20 of the 250
nanoseconds that NumPy takes for a step on a hundred points, and take 30 microseconds a line to compile.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import nan

from ..kernels import Batch, missing
from ..locks import LOCK
from ..loops.program import LoopProgram
from ..loops.written_out import without_outer_loops
from ..straight_line.program import RELATIONS, Program

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from .functions import GATHER, Array, ArrayFunction
from .gathering import gather_from
from .once import Found
from .open_loops import OpenRunner, Steps
from .rows import ROW, Where
from .schedule import Layout, Schedule, Transfer

POINTS_IN_A_CALL = 8192
"""For this many points, what is computed once per call costs nothing beside the rest."""

NEAR_CACHE = 1 << 22  # bytes
FAR_CACHE = 1 << 24
SHORTEST, SHORT, LONGEST = 128, 512, 4096
"""How many points a piece has: below SHORT, calling NumPy costs more than waiting for the far cache."""

MOST = 1 << 28
"""How many bytes the rows of a piece have at most, where it can have so few points."""

KEPT = 4
"""How many workspaces are kept, for pieces of different lengths or several threads."""


def build(program: Program) -> NumpyKernel:
    """Return a program ready to be run on arrays."""
    if isinstance(program, LoopProgram) and program.open is not None:
        return NumpyKernel(program)
    if isinstance(program, LoopProgram):
        program = without_outer_loops(program)
        for loop in program.loops:
            if any(node.op == "gather…" for node in program.nodes[loop.start : loop.end]):
                return NumpyKernel(program.unrolled())  # it chooses from rows that do not move
    return NumpyKernel(program)


class NumpyKernel:
    """A program on NumPy arrays; see `kernels.Kernel`."""

    def __init__(self, program: Program) -> None:
        self.block = POINTS_IN_A_CALL
        self._program = program
        self._runners: dict[tuple[bool, Layout], _Runner | OpenRunner] = {}

    def __call__(self, batch: Batch) -> None:
        key = (batch.suspect is not None, tuple([(x.shape[1], x.shape[0] > 1) for x in batch.inputs]))
        runner = self._runners.get(key)
        if runner is None:
            with LOCK:  # by one thread, for which the others wait
                runner = self._runners.get(key)
                if runner is None:
                    runner = self._runners[key] = _runner(self._program, *key)
        with np.errstate(all="ignore"):
            runner.run(batch)


def _runner(program: Program, suspicious: bool, layout: Layout) -> _Runner | OpenRunner:
    if not isinstance(program, LoopProgram) or program.open is None:
        return _Runner(Schedule(program, suspicious, layout))
    steps = Steps(program, [batched for columns, batched in layout for _ in range(columns)], suspicious)
    return OpenRunner(steps, _length(len(steps.kinds)))


class _Runner:
    """Runs a program by its schedule, a piece of the points after the other."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._length = _length(schedule.memory.rows)
        self._workspaces: dict[int, list[_Workspace]] = {}

    def run(self, batch: Batch) -> None:
        found = self._schedule.once.run(batch.inputs)
        values, good, fine = found.values, found.good, found.fine
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
            workspace.fill_in(found)
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
        rows, holds, watch = workspace.rows, workspace.flags[0], self._schedule.memory.watch
        end = begin + workspace.length
        for array, first, last, row in self._schedule.loads:
            np.copyto(rows[row : row + last - first], batch.inputs[array][begin:end, first:last].T)
        holds[:] = good
        if batch.suspect is not None:
            rows[watch] = 0.0 if fine else nan
        workspace.compute()
        if batch.valid is not None:
            batch.valid[begin:end] = holds
        if batch.suspect is not None:
            np.logical_not(np.isfinite(rows[watch]), out=batch.suspect[begin:end])
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
        self._memory = memory = schedule.memory
        self.rows = np.empty((memory.rows, length))
        self.flags = np.empty((memory.flags, length), bool)
        self._numbers = np.empty(memory.slots)
        numbers = [slot for slot, _ in memory.uniform]
        one_after_the_other = numbers == [*range(len(numbers))]
        self._slots = slice(len(numbers)) if one_after_the_other else np.array(numbers)
        self._uniform = [place for _, place in memory.uniform]
        self._conditions = np.empty(len(numbers), bool)
        slots: list[Array] = [self._numbers[i, ...] for i in range(memory.slots)]
        for i, (slot, place) in enumerate(memory.uniform):
            if place < len(schedule.program.nodes) and schedule.program.nodes[place].op in RELATIONS:
                slots[slot] = self._conditions[i, ...]
        for first, table in memory.tables:
            self._numbers[first : first + len(table)] = table
        self._spaces: tuple[list[Array], ...] = [*self.rows], [*self.flags], slots
        self._views: dict[int, list[Array]] = {}
        self.parts = []
        for turns, steps in memory.parts:
            placed: list[tuple[ArrayFunction, list[Array]]] = []
            moving: list[tuple[list[Array], int, list[Array]]] = []
            for function, where in steps:
                arrays: list[Array] = [self._at(x if isinstance(x, int) else x[0]) for x in where]
                for i, x in enumerate(where):
                    if not isinstance(x, int):
                        moving.append((arrays, i, self._by_turn(x)))
                if function is GATHER:
                    function, arrays = self._gather(where), [arrays[0], arrays[-1]]
                placed.append((function, arrays))
            if placed:
                self.parts.append((turns, moving, placed))

    def _at(self, where: int) -> Array:
        n, kind = divmod(where, 3)
        return self._spaces[kind][n]

    def _by_turn(self, where: Sequence[int]) -> list[Array]:
        views = self._views.get(id(where))
        if views is None:
            views = self._views[id(where)] = [self._at(x) for x in where]
        return views

    def _gather(self, where: Sequence[Where]) -> ArrayFunction:
        table = [x for x in where[1:-1] if isinstance(x, int)]
        first = self._memory.rows
        places = [x // 3 if x % 3 == ROW else first + x // 3 for x in table]
        return gather_from(self.rows, self._numbers, places, first)

    def fill_in(self, found: Found) -> None:
        """Put in place what is the same at all points."""
        numbers, memory = self._numbers, self._memory
        if self._uniform:
            values = found.values
            self._conditions[:] = numbers[self._slots] = [values[i] for i in self._uniform]
        for first, array in memory.arrays:
            numbers[first : first + len(found.arrays[array])] = found.arrays[array]
        for first, place in memory.kept:
            numbers[first : first + len(found.kept[place])] = found.kept[place]

    def compute(self) -> None:
        """Do all steps."""
        for turns, moving, steps in self.parts:
            if turns == 1 and not moving:
                for function, arrays in steps:
                    function(*arrays)
                continue
            for turn in range(turns):
                for arrays, i, views in moving:
                    arrays[i] = views[turn]
                for function, arrays in steps:
                    function(*arrays)


def _length(rows: int) -> int:
    """Return how many points a piece has, at most, if each needs so many rows."""
    bytes_of_a_point = 8 * max(rows, 1)
    near = min(NEAR_CACHE // bytes_of_a_point, LONGEST)
    shortest = max(min(SHORTEST, MOST // bytes_of_a_point), 1)
    return max(near, min(FAR_CACHE // bytes_of_a_point, SHORT), shortest)
