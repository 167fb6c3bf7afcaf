"""How well a matrix is conditioned, and its rank, from its singular values."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from .matrices import as_array, holds_values, numpys, stand_in
from .singular_values import norm, svdvals
from .systems import inv


def cond(x: Any, p: Any = None) -> Any:
    """Return the condition number of matrices, as np.linalg.cond.

    Args:
        x: an array (..., m, n), square unless p is None, 2 or -2.
        p: the order of the norm.

    Returns:
        the product of the norms of a matrix and its inverse; for None, 2 and -2 a ratio of singular values.
        Of a singular matrix it is inf, without a derivative.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(cond)(np.diag([4.0, 2.0])).round(12)
    array([[ 0.5,  0. ],
           [ 0. , -1. ]])
    """
    x = as_array(x)
    if not holds_values(x):
        return numpys.cond(x, p)
    template = np.asarray(numpys.cond(stand_in(x), p))
    if p in (None, 2, -2):
        s = svdvals(x)
        above, below = (s[..., -1], s[..., 0]) if p == -2 else (s[..., 0], s[..., -1])
        with np.errstate(all="ignore"):
            ratios = np.divide(_array(above), _array(below)).reshape(template.shape)
        undefined = np.asarray(np.isnan(ratios))
        if undefined.any():  # of 0 and 0, say: NumPy's inf, unless there is a NaN in the matrix
            known = ~np.asarray(np.isnan(x)).any(axis=(-2, -1))
            ratios = np.asanyarray(np.where(undefined & known, np.inf, ratios))
        return ratios[()]
    try:
        inverse = inv(x)
    except np.linalg.LinAlgError:
        if template.shape:
            raise
        return np.inf
    return norm(x, p, axis=(-2, -1)) * norm(inverse, p, axis=(-2, -1))


def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, **rtol: Any) -> Any:  # noqa: N803
    """Return how many singular values of matrices are not 0, as np.linalg.matrix_rank.

    Args:
        A: an array (..., m, n), or less than two axes.
        tol: up to which size they count as 0; if None, the largest one times the larger of m and n times
            2**-52.
        hermitian: whether A is symmetric; it makes no difference here.
        rtol: `rtol=`, the same as a fraction of the largest one.

    Returns:
        an int, or an array of them for a stack.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: A[0, 0] * matrix_rank(A))(np.diag([4.0, 0.0]))
    array([[1., 0.],
           [0., 0.]])
    """
    a = as_array(A)
    if not holds_values(a):
        return numpys.matrix_rank(a, tol, hermitian, **rtol)
    if a.ndim < 2:
        return int(any(x != 0.0 for x in a.flat))
    s = svdvals(a)
    if tol is None:
        fraction = rtol.get("rtol")
        fraction = max(a.shape[-2:]) * 2.0**-52 if fraction is None else np.asarray(fraction)[..., None]
        bound = s[..., :1] * fraction
    else:
        bound = np.asarray(tol)[..., None]
    return np.count_nonzero(s > bound, axis=-1)


def _array(x: Any) -> Any:
    """Return a number as an array of one, so that a division by zero gives inf, as NumPy's does."""
    x = np.asanyarray(x)
    return array_of(numbers_of(x, "s") or [], (x.size,))
