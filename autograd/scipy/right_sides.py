"""What all of SciPy's linear algebra does with its arguments, and how it says what is wrong with them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import numpy as np

from ..arrays.ufunc_table import followed
from ..engine import data_of
from ..engine.recording import blocks
from ..linalg.cholesky_factor import NotPositiveDefiniteError
from ..linalg.matrices import (
    Rows,
    Stack,
    as_array,
    as_stack,
    each,
    of_matrices,
    of_vectors,
    stand_in,
    transposed,
)
from ..linalg.triangular import SingularTriangleError

Solver = Callable[[list[Any]], list[Any]]
"""Solves a system for one right side."""

FAULTS = (np.linalg.LinAlgError, NotPositiveDefiniteError, SingularTriangleError)
"""What elimination raises where there is no solution."""


def operands(check_finite: bool, *things: Any) -> list[Any]:
    """Return arguments as arrays.

    Args:
        check_finite: whether inf and NaN among them are errors.
        things: the arguments.

    Raises:
        ValueError: there is one.
    """
    arrays = [as_array(x) for x in things]
    if check_finite and not all(map(_is_finite, arrays)):
        raise ValueError("array must not contain infs or NaNs")
    return arrays


def _is_finite(array: Any) -> bool:
    if array.dtype != object:
        return bool(np.isfinite(array).all())
    if not (blocks and followed()):
        return all(np.isfinite(data_of(x)) for x in array.flat)
    total: Any = 0.0
    for x in array.flat:
        total = total + x * 0.0
    return bool(total == 0.0)  # one comparison, whatever the numbers


def solved(solver: Callable[[Rows], Solver], scipys: Callable[[Any, Any], Any], a: Any, b: Any) -> Any:
    """Return the solutions of systems in the shape that SciPy gives them.

    Args:
        solver: makes of a matrix what solves for a right side.
        scipys: SciPy's function, called with floats for what it says of their shapes and of its solutions.
        a: the matrices.
        b: the right sides: a vector, or matrices whose columns these are.

    Raises:
        LinAlgError: SciPy's, where there is no solution.
    """
    shape = told(scipys, [a, b], [stand_in(a), stand_in(b)]).shape
    solvers = factors(solver, lambda x: scipys(x, stand_in(b)), a)
    if b.ndim == 1:
        return of_vectors(each(lambda solve, x: solve(x), solvers, Stack(b, 1)), shape)

    def columns(solve: Solver, rows: Rows) -> Rows:
        return transposed([solve(column) for column in transposed(rows)])

    return of_matrices(each(columns, solvers, Stack(b)), shape)


def factors(make: Callable[[Rows], Any], scipys: Callable[[Any], Any], a: Any) -> Stack:
    """Return what is made of each of some matrices.

    Args:
        make: makes it.
        scipys: SciPy's function, called with floats where something is wrong.
        a: the matrices.

    Raises:
        LinAlgError: SciPy's, of a fault.
    """
    stack = Stack(a)
    out = []
    for i, rows in enumerate(stack.items):
        try:
            out.append(make(rows))
        except FAULTS as error:
            wrong = stand_in(a)
            _bring(error, wrong.reshape(-1, *wrong.shape[-2:])[i])
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                scipys(wrong)
            raise np.linalg.LinAlgError(f"the matrix is singular: {error}") from None
    return as_stack(out, stack.shape)


def _bring(error: Exception, matrix: Any) -> None:
    """Bring a fault to a matrix of floats."""
    if isinstance(error, SingularTriangleError):
        matrix[error.args[0], error.args[0]] = 0.0
    elif isinstance(error, NotPositiveDefiniteError):
        matrix[error.args[0] - 1, error.args[0] - 1] = -1.0
    else:
        matrix[...] = 0.0


def told(scipys: Callable[..., Any], arrays: list[Any], stands: list[Any]) -> Any:
    """Return what SciPy gives for floats, for its shape, and let it warn of nearly singular matrices.

    Args:
        scipys: its function.
        arrays: what it is called with, unless somebody follows what is done.
        stands: floats of the same shapes, for which there is a solution.
    """
    if not (blocks and followed()):
        floats = [np.array([data_of(x) for x in a.flat], dtype=float).reshape(a.shape) for a in arrays]
        if all(np.isfinite(x).all() for x in floats):
            with suppress(np.linalg.LinAlgError):  # of what is singular but for rounding
                return scipys(*floats)
    return scipys(*stands)
