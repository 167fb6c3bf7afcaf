"""SciPy's matrices of a pattern, with Values in them."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg

from ..arrays import array_of, numbers_of
from ..linalg.matrices import as_array, holds_values
from ..support.refusals import NoDerivativeError


def block_diag(*arrs: Any) -> Any:
    """Return a matrix with others on its diagonal, as scipy.linalg.block_diag.

    Args:
        arrs: these matrices; numbers and vectors are rows.

    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda x: block_diag(x, 5.0)[0])(np.array([1.0, 2.0]))
    array([[1., 0.],
           [0., 1.],
           [0., 0.]])
    """
    blocks = [as_array(x) for x in arrs]
    if not holds_values(*blocks):
        return scipy.linalg.block_diag(*blocks)
    zeros = scipy.linalg.block_diag(*[np.zeros(x.shape) for x in blocks])
    if zeros.ndim != 2:
        raise NoDerivativeError("block_diag of Values takes no stacks of matrices")
    out = zeros.astype(object)
    row = column = 0
    for block in map(np.atleast_2d, blocks):
        height, width = block.shape
        out[row : row + height, column : column + width] = block
        row, column = row + height, column + width
    return array_of(numbers_of(out, "block_diag") or [], out.shape)


def toeplitz(c: Any, r: Any = None) -> Any:
    """Return a Toeplitz matrix, as scipy.linalg.toeplitz.

    Args:
        c: its first column.
        r: its first row, of which the first number is not read; if None, the first column.

    >>> import numpy as np
    >>> from autograd import jacobian
    >>> jacobian(lambda c: toeplitz(c).sum())(np.array([1.0, 2.0, 3.0]))
    array([3., 4., 2.])
    """
    column = as_array(c)
    row = column if r is None else as_array(r)
    if not holds_values(column, row):
        return scipy.linalg.toeplitz(column, row)
    numbers = [*(numbers_of(column, "c") or []), *(numbers_of(row, "r") or [])[1:]]
    n = column.size
    places = scipy.linalg.toeplitz(np.arange(n), np.r_[0, n : n + row.size - 1])
    return array_of([numbers[i] for i in places.ravel()], places.shape)
