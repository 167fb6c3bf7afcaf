"""The Cholesky factor of arrays of Values."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import math
from ..engine import weighted_sum
from .matrices import Rows, Stack, as_array, each, holds_values, numpys, of_matrices, stand_in, transposed


class NotPositiveDefiniteError(Exception):
    """A matrix has a leading minor that is not positive; the argument is how many rows it has."""


def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """Return the Cholesky factor of positive definite matrices, as np.linalg.cholesky.

    Only one triangle of a matrix is read, so derivatives by the other are 0.

    Args:
        a: an array (..., n, n).
        upper: whether to read the upper triangle and return U of a = U^T U, in the place of L of a = L L^T.

    Raises:
        LinAlgError: a matrix is not positive definite, or not square.

    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda A: cholesky(A)[1, 1])(np.array([[4.0, 2.0], [2.0, 5.0]]))
    array([[ 0.0625,  0.    ],
           [-0.25  ,  0.25  ]])
    """
    a = as_array(a)
    options = {"upper": True} if upper else {}  # which NumPy 1 does not know
    if not holds_values(a):
        return numpys.cholesky(a, **options)
    shape = numpys.cholesky(stand_in(a), **options).shape

    def factor(rows: Rows) -> Rows:
        try:
            lower = lower_factor(transposed(rows) if upper else rows)
        except NotPositiveDefiniteError:
            raise np.linalg.LinAlgError("Matrix is not positive definite") from None
        n = len(lower)
        square = [[*row, *[0.0] * (n - len(row))] for row in lower]
        return transposed(square) if upper else square

    return of_matrices(each(factor, Stack(a)), shape)


def lower_factor(rows: Rows) -> Rows:
    """Return the rows of L of a matrix L L^T to its diagonal, from its lower triangle.

    Raises:
        NotPositiveDefiniteError: it is not.
    """
    lower: Rows = []
    for i, numbers in enumerate(rows):
        row: list[Any] = []
        minus: list[Any] = []
        for j in range(i):
            x = weighted_sum(minus, lower[j][:-1], numbers[j]) / lower[j][-1]
            row.append(x)
            minus.append(-x)
        rest = weighted_sum(minus, row, numbers[i])
        if not rest > 0.0:
            raise NotPositiveDefiniteError(i + 1)
        row.append(math.sqrt(rest))
        lower.append(row)
    return lower
