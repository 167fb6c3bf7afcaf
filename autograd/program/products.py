"""Hessians of programs with loops, row by row: the product of the Hessian and each direction.

A program of all second derivatives by the numbers that a loop goes through would grow as the square of them.
That of a product has loops of its own, and is gone through once for each direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import isnan
from typing import Any

from .kernels import Batch, available
from .paths import RecordedPath

WIDE = 24
"""From how many numbers on a Hessian is made of products."""


def is_of_products(path: RecordedPath) -> bool:
    """Say whether the Hessian of a path is computed like this."""
    return len(path.by) >= WIDE and path.has_loops


def of_products(
    paths: Sequence[RecordedPath], numbers: Sequence[float], backend: str | None
) -> tuple[bool, Any]:
    """Return the Hessian at a point.

    Args:
        paths: the paths of the function.
        numbers: those of the arguments.
        backend: that of the function.

    Returns:
        Whether the point takes one of the paths, on which no operation raises, and the Hessian; None where
        it takes none, or a second derivative is NaN, which a product spreads.
    """
    for path in [*paths]:
        with suppress(ArithmeticError, ValueError):
            flat = _flat(path, numbers, backend)
            if flat is not None:
                return True, None if any(map(isnan, flat)) else path.of_numbers("hessian", flat)
    return False, None


def _flat(path: RecordedPath, numbers: Sequence[float], backend: str | None) -> list[float] | None:
    inputs = [*numbers, *path.captured_numbers()]
    count = len(path.by)
    path.calls += 1
    llvm = backend == "llvm" or (backend is None and path.calls > 1 and available("llvm"))
    rows = (_by_kernel if llvm else _by_python)(path, inputs, count)
    return None if rows is None else [x for row in rows for x in row]


def _by_python(path: RecordedPath, inputs: list[float], count: int) -> Sequence[Sequence[float]] | None:
    product = path.function("hvp")
    rows: list[Sequence[float]] = []
    for i in range(count):
        direction = [0.0] * count
        direction[i] = 1.0
        row = product(*inputs, *direction)
        if row is None:
            return None
        rows.append(row)
    return rows


def _by_kernel(path: RecordedPath, inputs: list[float], count: int) -> Sequence[Sequence[float]] | None:
    """Return the rows as a batch of directions, which share the processor's vectors."""
    import numpy as np

    outputs = np.empty((count, count))
    valid, suspect = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    point = np.array(inputs, dtype=np.float64).reshape(1, -1)
    guards = bool(path.derived("hvp").program.guards)
    kernel = path.kernel("hvp", "llvm")
    kernel(Batch(count, [point, np.eye(count)], [outputs], [False], valid if guards else None, suspect))
    if not valid.all() or (suspect.any() and not path.holds(inputs[: len(inputs) - len(path.captured)])):
        return None
    rows: list[list[float]] = outputs.tolist()
    return rows
