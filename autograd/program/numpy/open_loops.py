"""A program with an open loop on arrays: points in the order of how many turns they have.

First the turns of each point are counted. Then the points are taken in that order, those with the most
turns first: so in each turn of a loop those that take part are the first so many, and what is done is done to
the beginnings of rows. The numbers of the other points stay what they were in their last turn. Each number
of the program has a row of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..kernels import Batch
from ..loops.alignment import aligned
from ..loops.program import INPUTS, OUTPUTS, STORED, Loop, LoopProgram
from ..straight_line.program import RELATIONS
from ..straight_line.simplify import watched
from .functions import Array, ArrayFunction, array_function, number_function

_GOOD, _WATCH = 0, 1
"""The numbers of the rows that say whether the guards hold, and whether something is suspect."""

_Step = tuple[ArrayFunction, list[int], int]
"""What is done to which rows, and the place of the `element` or the `store` that it is; -1 for all else."""


class Steps:
    """What is done to which rows, for given inputs that differ from point to point.

    Attributes:
        program: the program.
        waits, drift: how points with different numbers of turns go along with each other; see `Alignment`.
        parts: the steps before, in, between and after the loops; the loop is None for straight lines.
        kinds: the kind of each row: "f" for numbers, "b" for truths, and "s" for what is one number only, for
            all points.
        constants: the numbers in such rows that are always the same.
        once: how others of these are computed, and from which.
        row_of: the row of each node.
        blocks: the first row of each array.

    Args:
        program: the program.
        batched: for each input whether it differs from point to point.
        suspicious: whether it is noted where an operation that may raise gives inf or NaN.
    """

    def __init__(self, program: LoopProgram, batched: Sequence[bool], suspicious: bool) -> None:
        self.program = program
        self.waits, self.drift = aligned(program)
        self._watched = watched(program) if suspicious else set()
        self.kinds = ["b", "f"]
        self.constants: dict[int, float] = {}
        self.once: list[tuple[int, Any, list[int]]] = []
        self.row_of: dict[int, int] = {}
        self._alias: dict[int, int] = {}
        self.blocks: dict[int, int] = {INPUTS: len(self.kinds)}
        for place, differs in enumerate(batched):
            self.row_of[place] = self._new("f" if differs else "s")
        for array, size in enumerate(program.arrays):
            self.blocks[array] = len(self.kinds)
            for i in range(size if isinstance(size, int) else len(size)):
                row = self._new("f" if isinstance(size, int) else "s")
                if not isinstance(size, int):
                    self.constants[row] = size[i]
        self.blocks[OUTPUTS] = len(self.kinds)
        for _ in program.outputs if STORED in program.outputs else ():
            self._new("f")
        self.parts: list[tuple[Loop | None, list[_Step]]] = []
        place = len(program.inputs)
        for loop in program.loops:
            self._straight(place, loop.start)
            self._loop(loop)
            place = loop.end + 1
        self._straight(place, len(program.nodes))

    def _new(self, kind: str) -> int:
        self.kinds.append(kind)
        return len(self.kinds) - 1

    def _straight(self, start: int, end: int) -> None:
        steps: list[_Step] = []
        for place in range(start, end):
            self._node(place, steps)
        self.parts.append((None, steps))

    def _loop(self, loop: Loop) -> None:
        nodes, place = self.program.nodes, loop.start + 1
        before, steps, ends = self.parts[-1][1], list[_Step](), list[_Step]()
        while nodes[place].op == "phi":
            row = self.row_of[place] = self._new("f")
            before.append((np.copyto, [row, self.row_of[nodes[place].operands[0]]], -1))
            place += 1
        phis = range(loop.start + 1, place)
        for inside in range(place, loop.end):
            self._node(inside, steps)
        for phi in phis:
            following = self.row_of[nodes[phi].operands[1]]
            if nodes[phi].operands[1] in phis:  # which is another number when this one is taken
                kept = self._new("f")
                steps.append((np.copyto, [kept, following], -1))
                following = kept
            ends.append((np.copyto, [self.row_of[phi], following], -1))
        self.parts.append((loop, [*steps, *ends]))
        for phi in phis:  # where it is without a turn, too
            following = nodes[phi].operands[1]
            if loop.start < following not in phis:
                self.row_of[following] = self.row_of[phi]

    def _node(self, place: int, steps: list[_Step]) -> None:
        """Add what computes a node."""
        op, operands, number, *_ = self.program.nodes[place]
        rows = [self.row_of[i] for i in operands]
        if op == "number":
            self.constants[self._own(place, "s")] = number
        elif op in ("identity", "detached"):
            self._same(place, operands[0], steps)
        elif op == "store":
            steps.append((np.copyto, [-1, rows[0]], place))
        elif op == "element":
            self._element(place, steps)
        elif all(self.kinds[row] == "s" for row in rows):
            self.once.append((self._own(place, "s"), number_function(op), rows))
            self._look_at(place, steps)
        else:
            own = self._own(place, "b" if op in RELATIONS else "f")
            steps.append((array_function(op), [*rows, own], -1))
            self._look_at(place, steps)

    def _own(self, place: int, kind: str) -> int:
        self.row_of[place] = self._new(kind)
        return self.row_of[place]

    def _same(self, place: int, other: int, steps: list[_Step]) -> None:
        """Add a node that hands on a number, which may be another one when this is used."""
        if self.program.nodes[other].op == "phi":
            steps.append((np.copyto, [self._own(place, "f"), self.row_of[other]], -1))
        else:
            self.row_of[place] = self.row_of[other]

    def _element(self, place: int, steps: list[_Step]) -> None:
        array, start, step, _ = self.program.elements[place]
        if array == INPUTS and not step and not self.drift[place]:
            self.row_of[place] = self.row_of[start]
        else:
            steps.append((np.copyto, [self._own(place, "f"), -1], place))

    def _look_at(self, place: int, steps: list[_Step]) -> None:
        row, outcome = self.row_of[place], self.program.guards.get(place)
        if outcome is not None:
            # For flags, a > b is: a and not b.
            steps.append((np.logical_and if outcome else np.greater, [_GOOD, row, _GOOD], -1))
        elif place in self._watched:
            steps.append((np.add, [_WATCH, row, _WATCH], -1))

    def row_of_output(self, i: int) -> int:
        """Return the row of an output."""
        place = self.program.outputs[i]
        return self.blocks[OUTPUTS] + i if place == STORED else self.row_of[place]


class OpenRunner:
    """Runs a program with an open loop at the points of a batch.

    Args:
        steps: what is done.
        length: how many points a piece has, at most.
    """

    def __init__(self, steps: Steps, length: int) -> None:
        self._steps = steps
        self._program = steps.program
        assert steps.program.open is not None
        self._open = steps.program.open
        self._most = int(steps.program.nodes[self._open.loop].number)
        self._length = length

    def run(self, batch: Batch) -> None:
        """Run the program."""
        workspace = _Workspace(self._steps, min(self._length, batch.points))
        workspace.put_in_what_is_one_number(batch.inputs)
        turns = np.concatenate(
            [
                self._turns(workspace, batch, np.arange(start, min(start + self._length, batch.points)))
                for start in range(0, batch.points, self._length)
            ]
        )
        known = [x - self._open.fewer for x in self._open.known.copy()]
        points = np.flatnonzero(np.isin(turns, known))
        points = points[np.argsort(-turns[points], kind="stable")]
        if batch.valid is not None:
            batch.valid[:] = False
        if batch.suspect is not None:
            batch.suspect[:] = False
        for start in range(0, len(points), self._length):
            self._piece(workspace, batch, points[start : start + self._length], turns)

    def _turns(self, workspace: _Workspace, batch: Batch, points: Array) -> Array:
        """Return how many turns of the open loop some points have; -1 where they do not come to it."""
        steps, count = self._steps, len(points)
        workspace.load(batch, points)
        here = workspace.beginnings(count)
        loops = [loop for loop, _ in steps.parts]
        which = next(i for i, loop in enumerate(loops) if loop and loop.start == self._open.loop)
        for loop, part in steps.parts[:which]:
            for turn in range(loop.turns if loop else 1):
                workspace.do(part, here, turn, [])
        turns = np.where(here[_GOOD], 0, -1)
        who = np.flatnonzero(here[_GOOD])
        _close_up(workspace, who, count)
        part = [step for step in steps.parts[which][1] if step[2] < 0 and step[1][-1] not in (_GOOD, _WATCH)]
        ends = steps.row_of[self._open.exit]
        goes_on, active = self._program.guards[self._open.exit], np.ones(len(who), dtype=np.bool_)
        for _ in range(self._most):
            here = workspace.beginnings(len(who))
            workspace.do(part, here, 0, [])
            active &= here[ends] == goes_on
            left = np.flatnonzero(active)
            if not len(left):
                break
            turns[who[left]] += 1
            if 2 * len(left) < len(who):
                _close_up(workspace, left, len(who))
                who, active = who[left], active[left]
        return turns

    def _piece(self, workspace: _Workspace, batch: Batch, points: Array, turns: Array) -> None:
        """Run points whose numbers of turns are known, those with the most turns first."""
        steps, count = self._steps, len(points)
        fewer = self._most - turns[points]
        first = [0, *(np.flatnonzero(np.diff(fewer)) + 1).tolist(), count]
        groups = [(int(fewer[a]), a, b) for a, b in pairwise(first)]
        workspace.load(batch, points)
        for loop, part in steps.parts:
            if loop is None:
                workspace.do(part, workspace.beginnings(count), 0, groups)
                continue
            for turn, some in self._taking_part(loop, fewer):
                workspace.do(part, workspace.beginnings(some), turn, groups)
        here = workspace.beginnings(count)
        if batch.valid is not None:
            batch.valid[points] = here[_GOOD]
        if batch.suspect is not None:
            batch.suspect[points] = ~np.isfinite(here[_WATCH])
        held, i = np.flatnonzero(here[_GOOD]), 0
        for out, is_sum in zip(batch.outputs, batch.summed, strict=True):
            for column in range(out.shape[1]):
                row = here[steps.row_of_output(i)]
                i += 1
                if not is_sum:
                    out[points, column] = row
                elif row.ndim:
                    out[0, column] += np.add.reduce(row[held])
                else:
                    out[0, column] += row * len(held)

    def _taking_part(self, loop: Loop, fewer: Array) -> Iterator[tuple[int, int]]:
        """Yield the turns of a loop, and how many of the points, the first ones, take part in each."""
        by = 1 if loop.start == self._open.loop else self._program.moved(loop.start)
        wait = self._steps.waits.get(loop.start, 0)
        for turn in range(loop.turns):
            # The points are in the order of how many turns fewer they have.
            limit = turn // wait if wait else (loop.turns - 1 - turn) // by if by else self._most
            some = int(np.searchsorted(fewer, limit, side="right"))
            if some:
                yield turn, some


def _close_up(workspace: _Workspace, left: Array, count: int) -> None:
    """Bring the numbers of some of so many points to the beginning."""
    if len(left) < count:
        for rows in workspace.spaces:
            rows[:, : len(left)] = rows[:, left]


class _Workspace:
    """The rows of a piece.

    Attributes:
        spaces: the rows of numbers, and those of truths, as two arrays.
    """

    def __init__(self, steps: Steps, length: int) -> None:
        self._steps = steps
        kinds = steps.kinds
        numbers, truths = np.empty((kinds.count("f"), length)), np.empty((kinds.count("b"), length), np.bool_)
        self.spaces = numbers, truths
        its = {"f": iter(numbers), "b": iter(truths)}
        self._rows: list[Array] = [np.array(0.0) if kind == "s" else next(its[kind]) for kind in kinds]
        for row, number in steps.constants.items():
            self._rows[row][()] = number
        self._of_count: tuple[int, list[Array]] = -1, []

    def put_in_what_is_one_number(self, inputs: Sequence[Array]) -> None:
        """Compute what is the same at all points."""
        rows, place = self._rows, 0
        for x in inputs:
            for column in range(x.shape[1]):
                row = rows[self._steps.row_of[place]]
                if not row.ndim:
                    row[()] = x[0, column]
                place += 1
        for own, function, operands in self._steps.once:
            rows[own][()] = function(*[rows[i].item() for i in operands])

    def load(self, batch: Batch, points: Array) -> None:
        """Put in the inputs at some points, at which nothing has been found out yet."""
        here, place = self.beginnings(len(points)), 0
        for x in batch.inputs:
            for column in range(x.shape[1]):
                row = here[self._steps.row_of[place]]
                if row.ndim:
                    row[:] = x[points, column]
                place += 1
        here[_GOOD][:] = True
        here[_WATCH][:] = 0.0

    def beginnings(self, count: int) -> list[Array]:
        """Return the beginnings of all rows."""
        if self._of_count[0] != count:
            self._of_count = count, [x[:count] if x.ndim else x for x in self._rows]
        return self._of_count[1]

    def do(
        self, steps: Sequence[_Step], here: list[Array], turn: int, groups: Sequence[tuple[int, int, int]]
    ) -> None:
        """Do some steps.

        Args:
            steps: the steps.
            here: the beginnings of rows that they are done to.
            turn: the turn of the loop that they are in.
            groups: how many turns fewer some points have, the first of these, and the one after the last.
        """
        for function, rows, place in steps:
            if place < 0:
                function(*[here[row] for row in rows])
            else:
                self._move(rows, place, here, turn, groups)

    def _move(
        self,
        rows: Sequence[int],
        place: int,
        here: list[Array],
        turn: int,
        groups: Sequence[tuple[int, int, int]],
    ) -> None:
        """Take numbers out of an array, or put them there."""
        array, start, step, _ = self._steps.program.elements[place]
        at, by = self._steps.blocks[array] + start + step * turn, self._steps.drift[place]
        count = len(here[_GOOD])
        for fewer, first, end in groups if by else [(0, 0, count)]:
            if first >= count:
                return
            some = slice(first, min(end, count))
            there = at + by * fewer
            source, target = (here[there if row < 0 else row] for row in reversed(rows))
            target[some] = source[some] if source.ndim else source
