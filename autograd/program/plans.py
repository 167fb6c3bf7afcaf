"""Kernels at work: one point, or a batch that is divided by the paths that its points take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..derivatives.wrapped import Function
from ..support.messages import shown
from .arguments import size_of
from .kernels import Batch, available, missing
from .paths import RecordedPath
from .signature import Signature
from .straight_line.simplify import may_raise

try:
    import numpy as np
except ImportError as error:
    raise missing("NumPy", error) from error

from . import blocks

if TYPE_CHECKING:
    from .kernels import Flags, Numbers

_FLOAT64 = np.dtype(np.float64)
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
        signature: the arguments that were recorded.
        mode: the mode.
        batched: which of their leaves are batches.
        along: which leaves of the vector are batches, for "hvp"; empty otherwise.
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
        self._batches = [i for i, (is_batch, _, _) in enumerate(self._leaves) if is_batch]
        leaves = {i for i, is_batch in enumerate(batched) if is_batch}
        cells = signature.paths[0].derived(mode).cells
        self._cells = [
            (cell, cell.leaves is not None and not leaves.intersection(cell.leaves)) for cell in cells
        ]
        self._summed = [is_sum for _, is_sum in self._cells]
        self._fitting: dict[RecordedPath, bool] = {}  # and whether an operation may raise

    def __call__(self, leaves: Sequence[Any]) -> Any:
        """Return the result for leaves: floats and arrays of float64, those of the vector the last ones.

        Returns:
            The result; None if these are batches of another kind.

        Raises:
            ValueError: batches of different lengths.
        """
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
                if points < 0:
                    points = len(leaf)
                elif len(leaf) != points:
                    raise ValueError(_lengths(self.signature, self._batches, leaves))
                rows.append(leaf.reshape(points, size))
            elif leaf.shape != shape:
                return None
            else:
                rows.append(leaf.reshape(1, size))
        return self._result(points, rows)

    def _result(self, points: int, rows: list[Numbers]) -> Any:
        path, *others = self.signature.paths
        cells, remaining = self._on(path, points, rows, None, None)
        if remaining is not None:
            path, failed = self._other_paths(others, cells, remaining, points, rows)
            for numbers, is_sum in zip(cells, self._summed, strict=True):
                if failed:
                    numbers[slice(None) if is_sum else failed] = np.nan
        parts: list[Any] = []
        for numbers, (cell, is_sum) in zip(cells, self._cells, strict=True):
            if cell.shape is None:
                parts.append(numbers.item() if is_sum else numbers.reshape(points))
            else:
                parts.append(numbers.reshape(cell.shape if is_sum else (points, *cell.shape)))
        return path.assembled(self.mode, parts)

    def _other_paths(
        self,
        others: Sequence[RecordedPath],
        cells: list[Numbers],
        remaining: Any,
        points: int,
        rows: list[Numbers],
    ) -> tuple[RecordedPath, list[int]]:
        """Fill in the points that do not take the first path.

        Returns:
            A path of the function, and the points where the function raises on a path of their own.
        """
        path = self.signature.paths[0]
        for path in others:
            if remaining is None:
                break
            _, remaining = self._on(path, points, rows, cells, remaining)
        failed: list[int] = []
        while remaining is not None and len(remaining):
            # A path is recorded at the first point where the function raises no error.
            point = int(remaining[0])
            try:
                path = self.new_path(_numbers(rows, point, self._before_captured))
            except (ArithmeticError, ValueError) as error:
                if self.stop:
                    error.add_note(f"at point {point} of the batch, counted from 0")
                    raise
                failed.append(point)
                remaining = remaining[1:]
                continue
            remaining = np.sort(np.concatenate([np.array(failed, dtype=np.intp), remaining]))
            failed = []
            _, remaining = self._on(path, points, rows, cells, remaining)
            if remaining is not None and point in remaining:
                # Arrays round a function otherwise than Python, and a comparison of it turned out otherwise.
                self._in_python(path, point, rows, cells)
                remaining = remaining[remaining != point]
        return path, failed

    def _in_python(self, path: RecordedPath, point: int, rows: list[Numbers], cells: list[Numbers]) -> None:
        """Fill in a point that takes a path, as Python computes it; with NaN where it raises an error."""
        numbers = _numbers(rows, point, self._before_captured)
        vector = _numbers(rows, point, len(rows))[len(numbers) :]
        try:
            outputs = path.function(self.mode)(*numbers, *path.captured_numbers(), *vector)
        except (ArithmeticError, ValueError):
            outputs = None
        start = 0
        for cell, (kind, is_sum) in zip(cells, self._cells, strict=True):
            values = outputs[start : start + kind.size] if outputs is not None else np.nan
            start += kind.size
            if is_sum:
                cell += values
            else:
                cell[point] = values

    def _on(
        self, path: RecordedPath, points: int, rows: list[Numbers], cells: list[Numbers] | None, chosen: Any
    ) -> tuple[list[Numbers], Any]:
        """Run the program of a path.

        Args:
            path: the path.
            points: how many points there are.
            rows: the leaves.
            cells: the results so far; None to make them.
            chosen: at which points to run it; None for all.

        Returns:
            The results, and the points at which a guard does not hold, or None.
        """
        if path not in self._fitting:
            self._check(path)
        outputs, valid = self._run(path, points, rows, chosen)
        left = None
        if valid is not None and not valid.all():
            left = np.flatnonzero(~valid)
            left = left if chosen is None else chosen[left]
        if cells is None:
            return outputs, left
        taken = chosen if valid is None else chosen[valid]
        for cell, out, is_sum in zip(cells, outputs, self._summed, strict=True):
            if is_sum:
                cell += out
            else:
                cell[taken] = out if valid is None else out[valid]
        return cells, left

    def _run(
        self, path: RecordedPath, points: int, rows: list[Numbers], chosen: Any
    ) -> tuple[list[Numbers], Flags | None]:
        """Return the outputs of the program of a path, and at which of the points it is the one."""
        program = path.derived(self.mode).program
        kernel = path.kernel(self.mode, self.backend or _backend(len(program.nodes)))
        count = points if chosen is None else len(chosen)
        inputs = rows
        if path.captured:
            captured = np.array([path.captured_numbers()])
            inputs = [*rows[: self._before_captured], captured, *rows[self._before_captured :]]
        if chosen is not None and points > 1:
            inputs = [x if x.shape[0] == 1 else x[chosen] for x in inputs]
        outputs = [
            np.zeros((1, cell.size)) if is_sum else np.empty((count, cell.size))
            for cell, is_sum in self._cells
        ]
        valid = np.ones(count, dtype=np.bool_) if program.guards else None
        suspect = np.zeros(count, dtype=np.bool_) if self._fitting[path] else None
        if count:
            batch = Batch(count, inputs, outputs, self._summed, valid, suspect)
            blocks.run(kernel, len(program.nodes), batch)
        if suspect is None or not np.count_nonzero(suspect):  # quicker than any()
            return outputs, valid
        places = np.flatnonzero(suspect if valid is None else suspect & valid)
        wrong = [i for i in places if not self._fits(path, rows, int(i if chosen is None else chosen[i]))]
        if wrong:
            valid = np.ones(count, dtype=np.bool_) if valid is None else valid
            valid[wrong] = False
            if any(self._summed):  # without these
                right = np.flatnonzero(valid)
                sums, _ = self._run(path, points, rows, right if chosen is None else chosen[right])
                outputs = [
                    x if is_sum else out for x, out, is_sum in zip(sums, outputs, self._summed, strict=True)
                ]
        return outputs, valid

    def _fits(self, path: RecordedPath, rows: Sequence[Numbers], point: int) -> bool:
        """Say whether a path is the one for a point at which an operation gave inf or NaN.

        It is none where an operation raises an error that the function catches. Where the function itself
        raises that error, there is none.
        """
        numbers = _numbers(rows, point, self._before_captured)
        if path.holds(numbers):
            return True
        args, kwargs = self.signature.arguments.put_together(numbers)
        try:
            self.f(*args, **kwargs)
        except (ArithmeticError, ValueError) as error:
            if self.stop:
                error.add_note(f"at point {point} of the batch, counted from 0")
                raise
            return True
        except Exception:
            return False  # a function of Values alone, perhaps
        return False

    def _check(self, path: RecordedPath) -> None:
        """Raise TypeError if the result of a path has another structure than that of the others."""
        derived = path.derived(self.mode)
        if [cell for cell, _ in self._cells] != derived.cells:
            raise TypeError(
                f"{path.name} returns results of different structure, such as {shown(path.result)}, as its "
                "arguments are; a batch needs one structure for all points"
            )
        self._fitting[path] = any(map(may_raise, derived.program.nodes))


def _numbers(rows: Sequence[Numbers], point: int, leaves: int) -> list[float]:
    """Return the numbers of the first leaves at a point."""
    return [x for row in rows[:leaves] for x in row[point if row.shape[0] > 1 else 0].tolist()]


def batched_along(signature: Signature, along: Sequence[Any]) -> tuple[bool, ...]:
    """Return which leaves of a vector are batches.

    Raises:
        TypeError: one has neither the shape of what it belongs to, nor that of a batch of these.
    """
    batched = []
    for leaf, i in zip(along, signature.arguments.differentiated, strict=True):
        shape = signature.shapes[i] or ()
        batched.append(np.ndim(leaf) == len(shape) + 1 and np.shape(leaf)[1:] == shape)
        if not batched[-1] and np.shape(leaf) != shape:
            raise TypeError(
                f"the vector needs the structure of what it belongs to: shape {shape}, or that of a batch of "
                f"these, not {np.shape(leaf)}"
            )
    return tuple(batched)


def _lengths(signature: Signature, places: Sequence[int], leaves: Sequence[Any]) -> str:
    """Return the message that batches have different lengths."""
    arguments = signature.arguments
    names: dict[int, str] = {}
    for i in places:
        inside = i < len(signature.shapes) and size_of(signature.shapes[i])
        names.setdefault(len(leaves[i]), arguments.names[arguments.places(i)[0]] if inside else "the vector")
    found = ", ".join(f"{length} ({name})" for length, name in names.items())
    return f"the batches have different lengths: {found}"


@cache
def _backend(nodes: int) -> str:
    return "llvm" if nodes <= LARGEST_FOR_MACHINE_CODE and available("llvm") else "numpy"
