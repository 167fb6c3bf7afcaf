"""Least squares and pseudo-inverses of arrays of Values of full rank, by Q and R."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import array_of
from ..arrays.refusals import NoDerivativeOfMatrixError
from ..arrays.ufunc_table import followed
from ..engine import data_of, weighted_sum
from ..engine.recording import blocks
from .elimination import back, substituted
from .matrices import (
    Rows,
    Stack,
    as_array,
    as_stack,
    each,
    holds_values,
    numpys,
    of_matrices,
    stand_in,
    transposed,
)
from .orthogonal import Reflections
from .singular_values import svdvals

_EPSILON = 2.0**-52


def lstsq(a: Any, b: Any, rcond: float | None = None) -> Any:
    """Return the least-squares solution of a x = b, as np.linalg.lstsq, where a has full rank.

    If a has more columns than rows, it is the shortest one of the solutions.

    Args:
        a: a matrix (m, n).
        b: a vector (m,), or a matrix (m, k) whose columns are solved for.
        rcond: singular values that are not greater than this times the largest one count as 0; if None, the
            larger of m and n times 2**-52.

    Returns:
        a tuple: the solution; the sums of squares of b - a x, where m > n; the rank of a; its singular
        values.

    Raises:
        LinAlgError: a has not full rank, where the solution has no derivative, or the shapes do not fit.

    >>> import numpy as np
    >>> from autograd import grad
    >>> t = np.array([0.0, 1.0, 2.0, 3.0])
    >>> slope = lambda y: lstsq(np.stack([np.ones(4), t], axis=1), y)[0][1]
    >>> grad(slope)(np.array([1.0, 3.0, 4.0, 6.0])).round(12)
    array([-0.3, -0.1,  0.1,  0.3])
    """
    a, b = as_array(a), as_array(b)
    if not holds_values(a, b):
        return numpys.lstsq(a, b, rcond=rcond)
    template = numpys.lstsq(stand_in(a), stand_in(b), rcond=None)
    height, width = a.shape
    if rcond is None or rcond < 0.0:
        rcond = _EPSILON * (max(a.shape) if rcond is None else 1)
    rows = Stack(a).items[0]
    columns = transposed(Stack(b.reshape(height, -1)).items[0])
    wide = height < width
    reflections = _of_full_rank(transposed(rows) if wide else rows, "lstsq", rcond)
    triangle = reflections.triangle()
    solutions, squares = [], []
    for column in columns:
        if wide:
            y = substituted(transposed_triangle(triangle), column)
            solutions.append(reflections.turned(y + [0.0] * (width - height)))
            continue
        turned = reflections.turned_back(column)
        solutions.append(back(triangle, turned[:width]))
        squares.append(sum(x * x for x in turned[width:]))
    x = of_matrices([transposed(solutions)], (width, len(columns))).reshape(template[0].shape)
    residuals = array_of(squares, template[1].shape) if template[1].size else template[1]
    return x, residuals, template[2], svdvals(a)


def pinv(a: Any, rcond: Any = None, hermitian: bool = False, **rtol: Any) -> Any:
    """Return the pseudo-inverse of matrices, as np.linalg.pinv, where they have full rank.

    Args:
        a: an array (..., m, n).
        rcond: singular values that are not greater than this times the largest one count as 0; 1e-15 if None.
        hermitian: whether a is symmetric; it makes no difference here.
        rtol: `rtol=`, another name of rcond.

    Raises:
        LinAlgError: a matrix has not full rank, where the pseudo-inverse has no derivative.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: pinv(A)[0, 0])(np.array([[2.0], [1.0]])).round(12)
    array([[-0.12],
           [-0.16]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.pinv(a, rcond, hermitian, **rtol)
    shape = numpys.pinv(stand_in(a), rcond, False, **rtol).shape
    if rcond is None:
        rcond = rtol.get("rtol", 1e-15)
    if rcond is None:
        rcond = max(a.shape[-2:]) * _EPSILON
    stack = Stack(a)
    bounds = np.broadcast_to(np.asarray(rcond, dtype=float), stack.shape).ravel().tolist()
    return of_matrices(each(_inverse, stack, as_stack(bounds, stack.shape)), shape)


def _inverse(rows: Rows, rcond: float) -> Rows:
    if len(rows) < len(rows[0]):
        return transposed(_inverse(transposed(rows), rcond))
    reflections = _of_full_rank(rows, "pinv", rcond)
    triangle = reflections.triangle()
    width = len(triangle)
    q = reflections.orthogonal(width)
    return transposed([back(triangle, row) for row in q])


def transposed_triangle(upper: Rows) -> Rows:
    """Return the rows of an upper triangle from its diagonal on as those of the lower one to its diagonal."""
    return [[upper[k][i - k] for k in range(i + 1)] for i in range(len(upper))]


def _of_full_rank(rows: Rows, name: str, rcond: float) -> Reflections:
    """Return Q and R of a matrix that is not wide.

    While a function is followed, the comparison is one of |R| |R^-1|, which is no less than the ratio of the
    singular values: where it holds, they need not be known. Where it does not, they are compared.

    Raises:
        LinAlgError: it has not full rank, by its singular values.
    """
    floats = np.array([[data_of(x) for x in row] for row in rows])
    sizes = numpys.svd(floats, compute_uv=False)
    rank = int((sizes > rcond * sizes[0]).sum())
    if rank < len(sizes):
        raise NoDerivativeOfMatrixError(
            f"the matrix has rank {rank} of {len(sizes)}: {name} has no derivative where a matrix has not "
            "full rank; a small number times the unit matrix, added to a.T @ a, makes it one that has"
        )
    reflections = Reflections(rows)
    if blocks and followed() and holds_values(array_of([x for row in rows for x in row], floats.shape)):
        triangle = reflections.triangle()
        unit = np.eye(len(triangle)).tolist()
        inverse = [substituted(transposed_triangle(triangle), row) for row in unit]
        if not _square(triangle) * _square(inverse) * rcond**2 < 1.0:
            values = svdvals(array_of([x for row in rows for x in row], floats.shape))
            _ = values[-1] > rcond * values[0]
    return reflections


def _square(rows: Rows) -> Any:
    numbers = [x for row in rows for x in row]
    return weighted_sum(numbers[1:], numbers[1:], numbers[0] * numbers[0])
