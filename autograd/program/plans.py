"""Kernels at work: one point, or a batch that is divided by the paths that its points take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..derivatives.wrapped import Function
from ..support.refusals import NoDerivativeError
from .arguments import size_of
from .errors import CompileError
from .kernels import Batch, available, missing
from .paths import LONG, RecordedPath
from .signature import Signature
from .straight_line.simplify import may_raise

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from . import blocks
from .outcomes import Outcome, Ready, found_at, found_by, path_of_value, with_constants

if TYPE_CHECKING:
    from .kernels import Flags, Numbers

_FLOAT64 = np.dtype(np.float64)
LOOKED_AT = 16
"""At how many points is looked for further numbers of turns of a loop, before they are all run again."""

LARGEST_FOR_MACHINE_CODE = 200_000
"""The nodes of a program up to which a batch is worth compiling to machine code."""


def at_a_point(
    path: RecordedPath, mode: str, backend: str, inputs: Sequence[float]
) -> tuple[list[float] | None, bool]:
    """Run a program at one point with a kernel.

    Returns:
        The outputs, or None where a guard does not hold; and whether an operation gave inf or NaN that may
        raise an error instead.
    """
    program = path.derived(mode).program
    kernel = path.kernel(mode, backend)
    outputs = np.empty((1, len(program.outputs)))
    valid, suspect = np.ones(1, dtype=np.bool_), np.zeros(1, dtype=np.bool_)
    row = np.array(inputs, dtype=np.float64).reshape(1, -1)
    kernel(Batch(1, [row] if inputs else [], [outputs], [False], valid if program.guards else None, suspect))
    if not valid[0]:
        return None, False
    return outputs[0].tolist(), bool(suspect[0])


class Plan:
    """How to run a mode on batches of one kind: which leaves are batches, and what its results are.

    Args:
        signature: the arguments of a point.
        mode: the mode.
        batched: which of their leaves are batches.
        along: which leaves of the vector are batches, for "hvp"; empty otherwise.
        reduced: whether derivatives by what is the same at all points are summed over the batch.
        backend: the backend; None to choose.
        stop: whether to raise the error of the first point at which the function raises one.
        new_path: records a path at a point.
        f: the function.
    """

    def __init__(
        self,
        signature: Signature,
        mode: str,
        batched: tuple[bool, ...],
        along: tuple[bool, ...],
        *,
        reduced: bool,
        backend: str | None,
        stop: bool,
        new_path: Callable[[list[float]], RecordedPath],
        f: Function,
    ) -> None:
        self.signature = signature
        self.mode = mode
        self.backend = backend
        self.stop = stop
        self.new_path = new_path
        self.f = f
        shapes = signature.shapes
        vector = [shapes[i] for i in signature.arguments.differentiated] if along else []
        self._leaves = [
            (is_batch, shape, size_of(shape))
            for is_batch, shape in zip((*batched, *along), (*shapes, *vector), strict=True)
        ]
        self._before_captured = len(batched)
        self._batched = {i for i, is_batch in enumerate(batched) if is_batch}
        self._reduced = reduced
        self._known: dict[RecordedPath, Ready] = {}

    def __call__(self, leaves: Sequence[Any]) -> Any:
        """Return the result for leaves: floats and arrays of float64, those of the vector the last ones.

        Returns:
            The result; None if these are batches of another kind, or of different lengths.
        """
        found = self._rows(leaves)
        return None if found is None else self.result(self._run(*found, {}))

    def run(self, leaves: Sequence[Any], points: int, raised: dict[int, Exception]) -> Outcome:
        """Return what the leaves give.

        Args:
            leaves: as above.
            points: how many points there are, should no leaf be a batch.
            raised: points at which it is known that the function raises.
        """
        found = self._rows(leaves)
        assert found is not None
        return self._run(points, found[1], raised)

    def _run(self, points: int, rows: list[Numbers], raised: dict[int, Exception]) -> Outcome:
        """Run the paths that there are, and record those that are missing."""
        outcome = Outcome(self.mode, points, raised)
        remaining = None
        if raised or not self.signature.paths:
            remaining = np.array([i for i in range(points) if i not in raised], dtype=np.intp)
        if not self._known and any(path.opens for path in self.signature.paths):
            some = np.arange(points) if remaining is None else remaining
            self._look_for_turns(rows, some)
        for path in [*self.signature.paths]:
            remaining = self._on(path, rows, outcome, remaining)
            if remaining is None:
                break
        if remaining is not None:
            self._on_new_paths(rows, outcome, remaining)
        if outcome.path is None:  # no point has a result
            path = self.signature.paths[0]
            ready = self._ready(path)
            outcome.put(path, ready, [np.zeros((1 if x else points, size)) for size, x in ready.sizes], None)
        return outcome

    def _rows(self, leaves: Sequence[Any]) -> tuple[int, list[Numbers]] | None:
        """Return how many points there are, and the leaves as arrays with a row for each, or with one."""
        points = -1
        rows = []
        for leaf, (is_batch, shape, size) in zip(leaves, self._leaves, strict=True):
            if type(leaf) is float:
                if is_batch or shape is not None:
                    return None
                rows.append(np.array([[leaf]]))
            elif type(leaf) is not np.ndarray or leaf.dtype != _FLOAT64:  # an unpickled one has its own
                return None
            elif is_batch:
                if leaf.shape[1:] != (shape or ()) or not leaf.ndim:
                    return None
                if len(leaf) != points >= 0:
                    return None
                points = len(leaf)
                rows.append(leaf.reshape(points, size))
            elif leaf.shape != shape:
                return None
            else:
                rows.append(leaf.reshape(1, size))
        return points, rows

    # Results

    def result(self, outcome: Outcome) -> Any:
        """Return the result of a batch; NaN at the points at which the function raises.

        Raises:
            Exception: the error of the first of these, if that is wanted.
        """
        path, ready = outcome.path, outcome.ready
        assert path is not None
        assert ready is not None
        if outcome.raised:
            points = sorted(outcome.raised)
            if self.stop:
                error = outcome.raised[points[0]]
                error.add_note(f"at point {points[0]} of the batch, counted from 0")
                raise error
            for numbers, is_sum in zip(outcome.cells, ready.summed, strict=True):
                numbers[slice(None) if is_sum else points] = np.nan
        parts: list[Any] = []
        for numbers, cell, is_sum in zip(outcome.cells, ready.cells, ready.summed, strict=True):
            if cell.shape is None:
                parts.append(numbers.item() if is_sum else numbers.reshape(outcome.points))
            else:
                parts.append(numbers.reshape(cell.shape if is_sum else (outcome.points, *cell.shape)))
        if self.mode != "value":
            return path.assembled(self.mode, parts)
        return path.returned.with_leaves(with_constants(outcome, path, parts))

    # Running

    def _ready(self, path: RecordedPath) -> Ready:
        ready = self._known.get(path)
        if ready is None:
            program, cells = path.derived(self.mode)
            summed = [
                self._reduced and cell.leaves is not None and not self._batched.intersection(cell.leaves)
                for cell in cells
            ]
            ready = self._known[path] = Ready(
                cells,
                summed,
                [(cell.size, is_sum) for cell, is_sum in zip(cells, summed, strict=True)],
                program.work,
                path.kernel(self.mode, self.backend or _backend(len(program.nodes))),
                bool(program.guards),
                any(map(may_raise, program.nodes)),
            )
        return ready

    def _on(self, path: RecordedPath, rows: list[Numbers], outcome: Outcome, chosen: Any) -> Any:
        """Run a path on some points, None for all, and return those that do not take it, or None."""
        count = outcome.points if chosen is None else len(chosen)
        if not count:
            return None
        ready = self._ready(path)
        outputs, valid, suspect = self._run_path(path, ready, rows, count, chosen)
        theirs: set[int] = set()
        if suspect is not None and np.count_nonzero(suspect):  # quicker than any()
            places = np.flatnonzero(suspect if valid is None else suspect & valid)
            points = places if chosen is None else chosen[places]
            fits = [self._fits(path, rows, outcome, int(point)) for point in points]
            misfits = np.array([not x for x in fits], dtype=np.bool_)
            # Of those that fit and raise nothing Python tells the numbers: arrays may have rounded into what
            # raises, as a power of -2 whose exponent is 1 but for the last digit.
            if len(path.program.nodes) <= LONG:
                theirs = {int(x) for x in points[~misfits] if int(x) not in outcome.raised}
                misfits |= np.isin(points, [*theirs])
            if misfits.any():
                valid = np.ones(count, dtype=np.bool_) if valid is None else valid
                valid[places[misfits]] = False
                if any(ready.summed):  # without these
                    right = np.flatnonzero(valid)
                    of_right = right if chosen is None else chosen[right]
                    sums, _, _ = self._run_path(path, ready, rows, len(right), of_right)
                    both = zip(sums, outputs, ready.summed, strict=True)
                    outputs = [x if is_sum else y for x, y, is_sum in both]
        if valid is None or valid.all():
            outcome.put(path, ready, outputs, chosen)
            outcome.taken.append((path, chosen))
            return None
        held, left = np.flatnonzero(valid), np.flatnonzero(~valid)
        if len(held):
            taken = held if chosen is None else chosen[held]
            if chosen is not None:  # else what is not valid is overwritten later
                outputs = [x if is_sum else x[held] for x, is_sum in zip(outputs, ready.summed, strict=True)]
            outcome.put(path, ready, outputs, None if chosen is None else taken)
            outcome.taken.append((path, taken))
        left = left if chosen is None else chosen[left]
        if not theirs:
            return left
        filled = [point for point in sorted(theirs) if self._in_python(path, point, rows, outcome)]
        left = left[~np.isin(left, filled)]
        return left if len(left) else None

    def _run_path(
        self, path: RecordedPath, ready: Ready, rows: list[Numbers], count: int, chosen: Any
    ) -> tuple[list[Numbers], Flags | None, Flags | None]:
        """Return the outputs of the program of a path, where its guards hold, and where it is suspect."""
        inputs = rows
        if path.captured:
            captured = np.array([path.captured_numbers()])
            inputs = [*rows[: self._before_captured], captured, *rows[self._before_captured :]]
        if chosen is not None:
            inputs = [x if x.shape[0] == 1 else x[chosen] for x in inputs]
        outputs = [np.zeros((1, size)) if is_sum else np.empty((count, size)) for size, is_sum in ready.sizes]
        valid = np.ones(count, dtype=np.bool_) if ready.guarded else None
        suspect = np.zeros(count, dtype=np.bool_) if ready.may_raise else None
        if count:
            batch = Batch(count, inputs, outputs, ready.summed, valid, suspect)
            assert ready.kernel is not None
            blocks.run(ready.kernel, ready.work, batch)
        return outputs, valid, suspect

    def _fits(self, path: RecordedPath, rows: Sequence[Numbers], outcome: Outcome, point: int) -> bool:
        """Say whether a path is the one for a point at which an operation gave inf or NaN.

        It is none where an operation raises an error that the function catches. Where the function itself
        raises that error there is none, and it is noted.
        """
        if self.stop and outcome.raised and min(outcome.raised) < point:
            return True  # nobody will know
        numbers = _numbers(rows, point, self._before_captured)
        if path.holds(numbers):
            return True
        try:
            error = found_by(partial(self._call_f, numbers)).error
        except Exception:
            return False  # a function of Values alone, perhaps, or there is no derivative
        if error is not None:
            self._note(outcome, point, error)
        return error is not None

    def _on_new_paths(self, rows: list[Numbers], outcome: Outcome, remaining: Any) -> None:
        """Record paths, each at the first point that takes none that there is and where nothing raises."""
        while remaining is not None and len(remaining):
            point = int(remaining[0])
            if self.stop and outcome.raised and min(outcome.raised) < point:
                return
            numbers = _numbers(rows, point, self._before_captured)
            try:
                path = self.new_path(numbers)
            except Exception as caught:
                if isinstance(caught, CompileError) and self._look_for_turns(rows, remaining):
                    continue
                self._put_found(outcome, point, numbers, caught)
                remaining = remaining[1:]
                continue
            new = [path]
            if path.opens:
                before = [*self.signature.paths]
                self._look_for_turns(rows, remaining)
                new = [other for other in self.signature.paths if other.opens or other not in before]
            for each in new:
                remaining = self._on(each, rows, outcome, remaining)
                if remaining is None:
                    return
            # Arrays round a function otherwise than Python, and a comparison of it turned out otherwise.
            if point in remaining and self._in_python(path, point, rows, outcome):
                remaining = remaining[remaining != point]

    def _look_for_turns(self, rows: list[Numbers], points: Any) -> bool:
        """Record some points, so that a loop with the most turns, which paths with fewer are of, comes soon.

        What comes of a point is found out later.

        Returns:
            Whether there are fewer paths now.
        """
        before = len(self.signature.paths)
        for i in dict.fromkeys(
            np.linspace(0, len(points) - 1, min(LOOKED_AT, len(points))).astype(int).tolist()
        ):
            numbers = _numbers(rows, int(points[i]), self._before_captured)
            if not any(path.holds(numbers) for path in [*self.signature.paths]):
                with suppress(Exception):
                    self.new_path(numbers)
        return len(self.signature.paths) < before

    def _in_python(self, path: RecordedPath, point: int, rows: list[Numbers], outcome: Outcome) -> bool:
        """Fill in a point that takes a path, as Python computes it; say whether it takes it."""
        numbers = _numbers(rows, point, self._before_captured)
        vector = _numbers(rows, point, len(rows))[len(numbers) :]
        try:
            outputs = path.function(self.mode)(*numbers, *path.captured_numbers(), *vector)
        except NoDerivativeError as error:
            self._put_found(outcome, point, numbers, error)
            return True
        except (ArithmeticError, ValueError) as error:
            self._note(outcome, point, error)
            return True
        if outputs is None:
            return False
        ready = self._ready(path)
        cells = []
        start = 0
        for cell in ready.cells:
            cells.append(np.array(outputs[start : start + cell.size]).reshape(1, cell.size))
            start += cell.size
        outcome.put(path, ready, cells, np.array([point]))
        outcome.taken.append((path, np.array([point])))
        return True

    def _put_found(self, outcome: Outcome, point: int, numbers: list[float], error: Exception) -> None:
        """Put in what the function gives where a path, or recording one, raised an error, or raise that."""
        call = partial(path_of_value, self.f, self.signature.arguments, numbers)
        found = found_at(point, error, call, self.mode == "value")
        if found.error is not None:
            self._note(outcome, point, found.error)
        else:
            outcome.put_constant(found.result, point)

    def _note(self, outcome: Outcome, point: int, error: Exception) -> None:
        """Note that the function raises at a point, without what the error holds on to if it is not told."""
        outcome.raised[point] = error if self.stop else error.with_traceback(None)

    def _call_f(self, numbers: list[float]) -> None:
        args, kwargs = self.signature.arguments.put_together(numbers)
        self.f(*args, **kwargs)


def _numbers(rows: Sequence[Numbers], point: int, leaves: int) -> list[float]:
    """Return the numbers of the first leaves at a point."""
    return [x for row in rows[:leaves] for x in row[point if row.shape[0] > 1 else 0].tolist()]


@cache
def _backend(nodes: int) -> str:
    return "llvm" if nodes <= LARGEST_FOR_MACHINE_CODE and available("llvm") else "numpy"
