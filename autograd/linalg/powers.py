"""Whole powers of arrays of Values."""

from __future__ import annotations

import operator
from typing import Any

from ..arrays import array_of, numbers_of
from .matrices import as_array, holds_values, numpys, stand_in
from .systems import inv


def matrix_power(a: Any, n: int) -> Any:
    """Return a whole power of square matrices, as np.linalg.matrix_power, by repeated squaring.

    Args:
        a: an array (..., m, m).
        n: the exponent; with a negative one it is a power of the inverse.

    Raises:
        LinAlgError: a matrix is not square, or singular where n is negative.
        TypeError: n is no whole number.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: matrix_power(A, 3)[0, 0])(np.diag([2.0, 1.0]))
    array([[12.,  0.],
           [ 0.,  0.]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.matrix_power(a, n)
    one = numpys.matrix_power(stand_in(a), n)  # which says what is wrong with a, and with n
    n = operator.index(n)
    if n == 0:
        return one
    square = inv(a) if n < 0 else array_of(numbers_of(a, "a") or [], a.shape)
    rest, power = abs(n), None
    while True:
        if rest % 2:
            power = square if power is None else power @ square
        rest //= 2
        if not rest:
            return power
        square = square @ square
