"""Hessians and Jacobians by products with one direction after the other, where their programs would be long.

A program of all derivatives of what a loop gives, or by what it goes through, would grow as the square of
its turns, and one of many results by that number. That of a product has loops of its own, and is gone through
once for each direction: for a Hessian and a Jacobian row by row, for a Jacobian of many more rows than
columns column by column. Where there are no loops, the program of a product has as many nodes as that of a
gradient has, or twice as many, and one of all derivatives has them for each row.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from math import isnan
from typing import Any

from .kernels import Batch, available
from .paths import RecordedPath
from .straight_line.entries import work_of_rows
from .straight_line.sweeps import with_gradient

WIDE = 16
"""From how many numbers on derivatives are made of products: rows of a Hessian, rows of a Jacobian."""

FEW = 3
"""From how many rows on a Hessian is made of products with loops, if its own loops are not found soon."""

LONG = 500
"""From how many operations on a Jacobian is made of products, row by row: those of a turn of each loop, for
each row."""

WRITTEN_OUT = 30_000
"""From how many nodes on, without loops, derivatives are made of products: writing out more takes seconds."""


def are_products(paths: Sequence[RecordedPath], mode: str) -> bool:
    """Say whether a mode of some paths is computed like this."""
    return mode in ("hessian", "jacobian") and any(_product(path, mode) is not None for path in paths)


def _product(path: RecordedPath, mode: str) -> str | None:
    """Return the mode of the products; None where there are none."""
    if mode not in path.products:
        path.products[mode] = _found(path, mode)
    return path.products[mode]


def _found(path: RecordedPath, mode: str) -> str | None:
    rows, columns = _shape(path, mode)
    if not path.has_loops:
        return _by_straight_lines(path, mode)
    if mode == "hessian" and rows >= FEW:
        if rows < WIDE and path.is_in_loops(mode, soon=True):
            return None
        return "hvp" if rows >= WIDE or path.is_in_loops("hvp") else _by_straight_lines(path, mode)
    if mode == "jacobian":
        wide = rows >= WIDE and 2 * columns <= rows
        product = "jvp" if wide else "vjp"
        if (wide or (rows > 1 and rows * path.operations_of_turns >= LONG)) and path.is_in_loops(product):
            return product
    return None if path.is_in_loops(mode) else _by_straight_lines(path, mode)


def _by_straight_lines(path: RecordedPath, mode: str) -> str | None:
    rows, columns = _shape(path, mode)
    if rows < 2 or rows * path.program.work < WRITTEN_OUT / 4:  # a gradient takes up to four times the work
        return None
    straight = path.recorded
    if mode == "hessian":
        straight = with_gradient(straight, path.by, keep=False)
    if work_of_rows(straight, path.by, WRITTEN_OUT) <= WRITTEN_OUT:
        return None
    return "hvp" if mode == "hessian" else "jvp" if 2 * columns <= rows else "vjp"


def _shape(path: RecordedPath, mode: str) -> tuple[int, int]:
    """Return how many rows and columns a derivative has."""
    return path.outputs if mode == "jacobian" else len(path.by), len(path.by)


def of_products(
    paths: Sequence[RecordedPath], mode: str, numbers: Sequence[float], backend: str | None
) -> tuple[bool, Any]:
    """Return the result of a mode at a point.

    Args:
        paths: the paths of the function, all of which are gone through like this if one of them is.
        mode: "hessian" or "jacobian".
        numbers: those of the arguments.
        backend: that of the function.

    Returns:
        Whether the point takes one of the paths, on which no operation raises, and the result; None where
        it takes none, or a derivative is NaN, which a product spreads.
    """
    for path in [*paths]:
        product = _product(path, mode) or ("hvp" if mode == "hessian" else "vjp")
        with suppress(ArithmeticError, ValueError):
            inputs = inputs_of(path, product, numbers)
            path.calls += 1
            if backend == "llvm" or (backend is None and path.calls > 1 and available("llvm")):
                rows = _by_kernel(path, product, inputs)
                if rows is not None:
                    return True, None if (rows != rows).any() else path.of_rows(mode, rows)
                continue
            flat = _by_python(path, product, inputs)
            if flat is not None:
                return True, None if any(map(isnan, flat)) else path.of_numbers(mode, flat, by_rows=True)
    return False, None


def inputs_of(path: RecordedPath, product: str, numbers: Sequence[float]) -> list[float]:
    """Return the inputs of the program of a product but for the direction, for numbers of the arguments."""
    inputs = [*numbers, *path.captured_numbers()]
    if product == "jvp":
        inputs += [1.0] * path.outputs  # weights, on which nothing depends
    return inputs


def _by_python(path: RecordedPath, product: str, inputs: Sequence[float]) -> list[float] | None:
    run, count = path.function(product), _count(path, product)
    found: list[Sequence[float]] = []
    for i in range(count):
        direction = [0.0] * count
        direction[i] = 1.0
        one = run(*inputs, *direction)
        if one is None:
            return None
        found.append(one)
    return [x for row in (zip(*found, strict=True) if product == "jvp" else found) for x in row]


def _count(path: RecordedPath, product: str) -> int:
    """Return how many directions there are."""
    return path.outputs if product == "vjp" else len(path.by)


def _by_kernel(path: RecordedPath, product: str, inputs: Sequence[float]) -> Any:
    """Return the derivatives row by row, as an array."""
    import numpy as np

    outputs = products_with(path, product, inputs, _directions(_count(path, product)))
    return np.ascontiguousarray(outputs.T) if product == "jvp" and outputs is not None else outputs


def products_with(path: RecordedPath, product: str, inputs: Sequence[float], directions: Any) -> Any:
    """Return products as an array, of a batch of directions, which share the processor's vectors.

    Args:
        path: the path.
        product: the mode of the products.
        inputs: the inputs but for the direction.
        directions: an array with a row for each.

    Returns:
        An array with a row for each; None where the inputs do not take the path.
    """
    import numpy as np

    program, count = path.derived(product).program, len(directions)
    outputs = np.empty((count, len(program.outputs)))
    valid, suspect = np.ones(count, dtype=np.bool_), np.zeros(count, dtype=np.bool_)
    point = np.array(inputs, dtype=np.float64).reshape(1, -1)
    guarded = valid if program.guards else None
    kernel = path.kernel(product, "llvm")
    kernel(Batch(count, [point, directions], [outputs], [False], guarded, suspect))
    own = inputs[: len(path.program.inputs) - len(path.captured)]
    if not valid.all() or (suspect.any() and not path.holds(own)):
        return None
    return outputs


def _directions(count: int) -> Any:
    """Return as many directions, each along one number: the unit matrix, in the memory of two rows."""
    import numpy as np

    numbers = np.zeros(2 * count)
    numbers[count - 1] = 1.0
    return np.ndarray((count, count), np.float64, numbers, 8 * (count - 1), (8, -8))
