"""Linear systems, inverses and determinants of arrays of Values, as np.linalg has them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import ops
from ..arrays.ufunc_table import in_ieee
from ..support.real_numbers import inf
from .elimination import Elimination, eliminated
from .matrices import (
    Rows,
    Stack,
    as_array,
    as_stack,
    each,
    holds_values,
    numpys,
    of_matrices,
    of_numbers,
    of_vectors,
    stand_in,
    transposed,
)

_LEAST, _MOST = -745.1332191019411, 709.782712893384
"""Between which numbers exponentials are floats, and not 0 or inf."""


def solve(a: Any, b: Any) -> Any:
    """Return x of a x = b, as np.linalg.solve: by elimination with partial pivoting.

    Args:
        a: an array of square matrices (..., n, n), of Values or of numbers.
        b: a vector (n,), or an array of matrices (..., n, k) whose columns are solved for.

    Returns:
        the solution, in the shape of b, broadcast over the stacks of both.

    Raises:
        LinAlgError: a matrix is singular, or not square.
        ValueError: the shapes do not fit.

    >>> import numpy as np
    >>> from autograd import grad
    >>> A = np.array([[2.0, 1.0], [1.0, 3.0]])
    >>> grad(lambda A: solve(A, np.array([3.0, 5.0])).sum())(A).round(12)
    array([[-0.32, -0.56],
           [-0.16, -0.28]])
    """
    a, b = as_array(a), as_array(b)
    if not holds_values(a, b):
        return numpys.solve(a, b)
    shape = numpys.solve(stand_in(a), stand_in(b)).shape
    stack = Stack(a)
    factors = as_stack(each(eliminated, stack), stack.shape)
    if len(shape) == a.ndim - 1:
        return of_vectors(each(Elimination.solve, factors, Stack(b, 1)), shape)
    return of_matrices(each(_solve_columns, factors, Stack(b)), shape)


def _solve_columns(elimination: Elimination, b: Rows) -> Rows:
    return transposed([elimination.solve(column) for column in transposed(b)])


def inv(a: Any) -> Any:
    """Return the inverse of square matrices, as np.linalg.inv.

    Args:
        a: an array (..., n, n).

    Raises:
        LinAlgError: a matrix is singular, or not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: inv(A)[0, 0])(np.diag([2.0, 4.0]))
    array([[-0.25,  0.  ],
           [ 0.  ,  0.  ]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.inv(a)
    shape = numpys.inv(stand_in(a)).shape
    unit = np.eye(shape[-1]).tolist()
    return of_matrices(each(lambda rows: _solve_columns(eliminated(rows), unit), Stack(a)), shape)


def det(a: Any) -> Any:
    """Return the determinant of square matrices, as np.linalg.det.

    Its derivatives are those of the polynomial that it is, where it is 0 too.

    Args:
        a: an array (..., n, n).

    Returns:
        a number for one matrix, an array (...) for a stack.

    Raises:
        LinAlgError: a matrix is not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(det)(np.array([[1.0, 2.0], [2.0, 4.0]]))
    array([[ 4., -2.],
           [-2.,  1.]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.det(a)
    shape = numpys.det(stand_in(a)).shape
    return of_numbers(each(_determinant, Stack(a)), shape)


def slogdet(a: Any) -> Any:
    """Return the sign and the logarithm of the size of the determinant, as np.linalg.slogdet.

    Args:
        a: an array (..., n, n).

    Returns:
        a named tuple of sign and logabsdet; of a singular matrix they are 0 and -inf, without a derivative.

    Raises:
        LinAlgError: a matrix is not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: slogdet(A).logabsdet)(np.diag([2.0, -4.0]))
    array([[ 0.5 ,  0.  ],
           [ 0.  , -0.25]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.slogdet(a)
    template = numpys.slogdet(stand_in(a))
    pairs = each(_sign_and_logarithm, Stack(a))
    shape = template.sign.shape
    return type(template)(
        of_numbers([sign for sign, _ in pairs], shape), of_numbers([log for _, log in pairs], shape)
    )


def _determinant(rows: Rows) -> Any:
    pivots, odd, rest = _pivots(rows)
    out: Any = (-pivots[0] if odd else pivots[0]) if pivots else -1.0 if odd else 1.0
    for pivot in pivots[1:]:
        out = out * pivot
    if rest:
        return out * _without_division(rest)
    if not 0.0 < abs(out) < inf:
        sign, logarithm = _of_pivots(pivots, odd)
        if _LEAST < logarithm < _MOST:  # it is out of range on the way alone
            return sign * in_ieee(ops.exp)(logarithm)
    return out


def _sign_and_logarithm(rows: Rows) -> tuple[Any, Any]:
    pivots, odd, rest = _pivots(rows)
    if rest:
        zero = _determinant(rows)
        return ops.sign(zero) * 1.0, in_ieee(ops.log)(abs(zero))
    return _of_pivots(pivots, odd)


def _of_pivots(pivots: list[Any], odd: bool) -> tuple[Any, Any]:
    sign: Any = -1.0 if odd else 1.0
    logarithm: Any = 0.0
    for pivot in pivots:
        sign = sign * ops.sign(pivot)
        logarithm = logarithm + in_ieee(ops.log)(abs(pivot))
    return sign, logarithm


def _pivots(rows: Rows) -> tuple[list[Any], bool, Rows]:
    """Return the pivots of a matrix, whether the permutation is odd, and the rest that is 0.

    A column without a pivot is put last, so that this rest is all that the determinant depends on further.
    """
    n = len(rows)
    elimination = Elimination(rows)
    moved = False
    j = 0
    zeros: list[Any] = []
    while j + len(zeros) < n:
        if column := elimination.step(j):
            elimination.put_last(j)
            zeros.append(column)
            moved ^= (n - 1 - j) % 2 == 1
        else:
            zeros = []
            j += 1
    return [row[0] for row in elimination.upper[:j]], elimination.odd ^ moved, transposed(zeros)


def _without_division(rows: Rows) -> Any:
    """Return the determinant of a matrix by products and sums alone (Bird, 2011), for it may be all zeros."""
    n = len(rows)
    power = rows
    for _ in range(n - 1):
        below = [0.0] * n
        for i in reversed(range(n - 1)):
            below[i] = below[i + 1] - power[i + 1][i + 1]
        upper = [[below[i], *power[i][i + 1 :]] for i in range(n)]
        power = [
            [sum(x * rows[i + k][j] for k, x in enumerate(row)) for j in range(n)]
            for i, row in enumerate(upper)
        ]
    return power[0][0] if n % 2 else -power[0][0]
