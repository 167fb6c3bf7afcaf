"""A program that calls functions of the user's, on NumPy arrays: all points at once but in the calls.

A function is called for one point after the other, and only where the guards before it hold; one that takes
arrays is called once. What it raises makes its results NaN, and the point suspect: who runs the program then
looks at that point in Python.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import RLock
from typing import Any

from ..kernels import Batch, missing
from ..straight_line.program import ITEM, RELATIONS, CallOp, Node, Program
from ..straight_line.simplify import watched

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from .functions import Array, array_function

POINTS = 1 << 14
"""How many points are run at once, at most."""


def build(program: Program) -> CallKernel:
    """Return a program ready to be run on arrays."""
    return CallKernel(program)


class CallKernel:
    """A program on NumPy arrays; see `kernels.Kernel`."""

    def __init__(self, program: Program) -> None:
        self.block = POINTS
        self._program = program
        self._watched = watched(program)
        self._lock = RLock()  # the functions of users need not be meant for many threads

    def __call__(self, batch: Batch) -> None:
        with self._lock:
            run = _Run(self._program, self._watched, batch)
            with np.errstate(all="ignore"):
                run.go()
            run.store()


class _Run:
    """A run on some points.

    Attributes:
        values: for each node an array, of all points or of one that is the same at all; of a call a list.
    """

    def __init__(self, program: Program, looked_at: set[int], batch: Batch) -> None:
        self._program = program
        self._looked_at = looked_at
        self._batch = batch
        self._valid = np.ones(batch.points, dtype=np.bool_)
        self._suspect = np.zeros(batch.points, dtype=np.bool_)
        columns = [x[:, i] for x in batch.inputs for i in range(x.shape[1])]
        self.values: list[Any] = [
            x if len(x) == batch.points else np.repeat(x, batch.points) for x in columns
        ]

    def go(self) -> None:
        """Compute all nodes."""
        program, values = self._program, self.values
        functions: dict[str, Any] = {}
        for place in range(len(program.inputs), len(program.nodes)):
            node = program.nodes[place]
            operands = [values[i] for i in node.operands]
            if node.op == "number":
                values.append(np.array(node.number))
            elif node.op in ("identity", "detached"):
                values.append(operands[0])
            elif node.op == ITEM:
                values.append(operands[0][int(operands[1])])
            elif type(node.op) is CallOp:
                values.append(self._called(node, operands))
            else:
                out = np.empty(self._batch.points, bool if node.op in RELATIONS else float)
                if node.op not in functions:
                    functions[node.op] = array_function(node.op)
                functions[node.op](*operands, out)
                values.append(out)
                self._look_at(place, out)

    def _look_at(self, place: int, out: Array) -> None:
        outcome = self._program.guards.get(place)
        if outcome is not None:
            self._valid &= out == outcome
        elif place in self._looked_at:
            self._suspect |= ~np.isfinite(out)

    def _called(self, node: Node, operands: Sequence[Array]) -> list[Array]:
        """Return the results of a call."""
        called, points = node.op.map, self._batch.points  # type: ignore[attr-defined]
        columns = [np.broadcast_to(x, points) for x in operands]
        results = np.full((called.results, points), np.nan)
        where = np.flatnonzero(self._valid)
        found = called.of_arrays([x[where] for x in columns]) if len(where) else []
        if found is not None:
            for row, its in zip(results, found, strict=False):
                row[where] = its
            return [*results]
        for point in where.tolist():
            try:
                results[:, point] = called([float(x[point]) for x in columns])
            except Exception:
                self._suspect[point] = True
        return [*results]

    def store(self) -> None:
        """Put the results where they belong."""
        batch = self._batch
        rows = iter([np.broadcast_to(self.values[i], batch.points) for i in self._program.outputs])
        for out, is_sum in zip(batch.outputs, batch.summed, strict=True):
            for column in range(out.shape[1]):
                row = next(rows)
                if is_sum:
                    out[0, column] += row[self._valid].sum()
                else:
                    out[:, column] = row
        if batch.valid is not None:
            batch.valid[:] = self._valid
        if batch.suspect is not None:
            batch.suspect[:] = self._suspect
