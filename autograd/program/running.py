"""Kernels at work: one point, or a batch that is divided by the paths that its points take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from . import batches
from .paths import Derived, Path
from .signatures import size_of

if TYPE_CHECKING:
    from .compiled import Signature
    from .kernels import Flags, Numbers

LARGEST_FOR_MACHINE_CODE = 200_000
"""The nodes of a program up to which a batch is worth compiling to machine code."""


def at_a_point(
    path: Path, mode: str, backend: str, inputs: Sequence[float]
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
    kernel(1, [row] if inputs else [], [outputs], [False], valid if program.guards else None, suspect)
    if not valid[0]:
        return None, False
    return outputs[0].tolist(), bool(suspect[0])


def in_batch(
    signature: Signature,
    mode: str,
    leaves: Sequence[Any],
    along: Sequence[Any],
    batched: Sequence[bool],
    *,
    backend: str | None,
    stop: bool,
    new_path: Callable[[list[float]], Path],
    f: Callable[..., Any],
) -> Any:
    """Return the result of a mode for a batch.

    Args:
        signature: what it is a batch of.
        mode: the mode.
        leaves: the leaves of the arguments.
        along: those of the vector, for "hvp".
        batched: which of the leaves are batches.
        backend: the backend; None to choose.
        stop: whether to raise the error of the first point at which the function raises one.
        new_path: records a path at a point.
        f: the function.

    Raises:
        ValueError: batches of different lengths.
    """
    return _Batch(signature, mode, leaves, along, batched, backend, stop, new_path, f).result()


class _Batch:
    def __init__(
        self,
        signature: Signature,
        mode: str,
        leaves: Sequence[Any],
        along: Sequence[Any],
        batched: Sequence[bool],
        backend: str | None,
        stop: bool,
        new_path: Callable[[list[float]], Path],
        f: Callable[..., Any],
    ) -> None:
        self.signature = signature
        self.mode = mode
        self.backend = backend
        self.stop = stop
        self.new_path = new_path
        self.f = f
        self.points = _length(signature, leaves, along, batched)
        self.batched = {i for i, is_batch in enumerate(batched) if is_batch}
        self.rows = _joined(
            [
                batches.as_rows(leaf, shape, self.points, i in self.batched)
                for i, (leaf, shape) in enumerate(zip(leaves, signature.shapes, strict=True))
            ]
        )
        self.along: list[Numbers] = []
        for leaf, i in zip(along, signature.arguments.differentiated, strict=bool(along)):
            shape = signature.shapes[i]
            is_batch = np.ndim(leaf) == len(shape or ()) + 1
            self.along.append(batches.as_rows(leaf, shape, self.points, is_batch))

    def result(self) -> Any:
        remaining: Any = None  # all
        cells: list[Numbers] | None = None
        failed: list[int] = []
        path = self.signature.paths[0]
        for path in [*self.signature.paths]:
            cells, remaining = self._on(path, cells, remaining)
            if remaining is not None and not len(remaining):
                break
        while remaining is not None and len(remaining):
            # A path is recorded at the first point where the function raises no error.
            new = None
            while len(remaining) and new is None:
                point = int(remaining[0])
                try:
                    new = self.new_path(self._numbers(point))
                except (ArithmeticError, ValueError) as error:
                    if self.stop:
                        error.add_note(f"at point {point} of the batch, counted from 0")
                        raise
                    failed.append(point)
                    remaining = remaining[1:]
            if new is not None:
                path = new
                remaining = np.sort(np.concatenate([np.array(failed, dtype=remaining.dtype), remaining]))
                failed = []
                cells, remaining = self._on(path, cells, remaining)
        assert cells is not None
        for cell, is_sum in zip(cells, self._summed(path.derived(self.mode)), strict=True):
            if failed:
                cell[slice(None) if is_sum else failed] = np.nan
        return path.assembled(self.mode, self._formed(path.derived(self.mode), cells))

    def _on(self, path: Path, cells: list[Numbers] | None, remaining: Any) -> tuple[list[Numbers], Any]:
        """Run the program of a path on the remaining points, and return the cells and what remains then."""
        derived = path.derived(self.mode)
        program = derived.program
        kernel = path.kernel(self.mode, self.backend or _backend(len(program.nodes)))
        summed = self._summed(derived)
        points = self.points if remaining is None else len(remaining)
        captured = path.captured_numbers()
        inputs = [*self.rows, *([np.array([captured])] if captured else []), *self.along]
        if remaining is not None:
            inputs = [x if x.shape[0] == 1 and self.points != 1 else x[remaining] for x in inputs]
        outputs = [
            np.zeros((1, cell.size)) if is_sum else np.empty((points, cell.size))
            for cell, is_sum in zip(derived.cells, summed, strict=True)
        ]
        valid = np.ones(points, dtype=np.bool_) if program.guards else None
        suspect = np.zeros(points, dtype=np.bool_) if self.stop else None
        if points:
            batches.run(kernel, len(program.nodes), points, inputs, outputs, summed, valid, suspect)
        if suspect is not None:
            self._stop_at_the_first(remaining, valid, suspect)
        if valid is None or valid.all():
            left = np.array([], dtype=np.intp)
        else:
            left = np.flatnonzero(~valid)
            left = left if remaining is None else remaining[left]
        if cells is None and remaining is None:
            return outputs, left
        assert cells is not None
        taken = remaining if valid is None else remaining[valid]
        for cell, out, is_sum in zip(cells, outputs, summed, strict=True):
            if is_sum:
                cell += out
            else:
                cell[taken] = out if valid is None else out[valid]
        return cells, left

    def _stop_at_the_first(self, remaining: Any, valid: Flags | None, suspect: Flags) -> None:
        """Raise the error of the first point, of those that gave inf or NaN, at which the function raises."""
        for i in np.flatnonzero(suspect if valid is None else suspect & valid):
            point = int(i if remaining is None else remaining[i])
            args, kwargs = self.signature.arguments.put_together(self._numbers(point))
            try:
                self.f(*args, **kwargs)
            except (ArithmeticError, ValueError) as error:
                error.add_note(f"at point {point} of the batch, counted from 0")
                raise

    def _numbers(self, point: int) -> list[float]:
        return [x for row in self.rows for x in row[point if row.shape[0] > 1 else 0].tolist()]

    def _summed(self, derived: Derived) -> list[bool]:
        return [
            cell.leaves is not None and not self.batched.intersection(cell.leaves) for cell in derived.cells
        ]

    def _formed(self, derived: Derived, cells: Sequence[Numbers]) -> list[Any]:
        parts: list[Any] = []
        for cell, numbers, is_sum in zip(derived.cells, cells, self._summed(derived), strict=True):
            if not is_sum:
                parts.append(numbers.reshape(self.points, *(cell.shape or ())))
            elif cell.shape is None:
                parts.append(float(numbers[0, 0]))
            else:
                parts.append(numbers.reshape(cell.shape))
        return parts


def _length(
    signature: Signature, leaves: Sequence[Any], along: Sequence[Any], batched: Sequence[bool]
) -> int:
    """Return how many points there are."""
    lengths: dict[int, str] = {}
    arguments = signature.arguments
    for i, (leaf, is_batch) in enumerate(zip(leaves, batched, strict=True)):
        if is_batch:
            lengths.setdefault(
                len(leaf), arguments.names[arguments.places(i)[0]] if size_of(signature.shapes[i]) else ""
            )
    for leaf, i in zip(along, arguments.differentiated, strict=bool(along)):
        shape = signature.shapes[i] or ()
        if np.ndim(leaf) == len(shape) + 1 and np.shape(leaf)[1:] == shape:
            lengths.setdefault(len(leaf), "the vector")
        elif np.shape(leaf) != shape:
            raise TypeError(
                f"the vector needs the structure of what it belongs to: shape {shape}, or that of a batch of "
                f"these, not {np.shape(leaf)}"
            )
    if len(lengths) > 1:
        found = ", ".join(f"{length} ({name})" for length, name in lengths.items())
        raise ValueError(f"the batches have different lengths: {found}")
    return next(iter(lengths))


def _joined(rows: list[Numbers]) -> list[Numbers]:
    """Return the rows with neighbours that are the same at all points put together."""
    joined: list[Numbers] = []
    same: list[Numbers] = []
    for row in [*rows, None]:
        if row is not None and row.shape[0] == 1:
            same.append(row)
            continue
        if same:
            joined.append(np.concatenate(same, axis=1) if len(same) > 1 else same[0])
            same = []
        if row is not None:
            joined.append(row)
    return joined


def _backend(nodes: int) -> str:
    from .compiled import available

    return "llvm" if nodes <= LARGEST_FOR_MACHINE_CODE and available("llvm") else "numpy"
