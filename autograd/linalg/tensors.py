"""Inverses and linear systems of tensors: those of matrices, after the axes are put together."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from .matrices import as_array, holds_values, numpys
from .systems import inv, solve


def tensorinv(a: Any, ind: int = 2) -> Any:
    """Return the inverse of a tensor with regard to tensordot, as np.linalg.tensorinv.

    Args:
        a: an array whose first axes have as many places in all as the others.
        ind: how many of the axes are the first ones.

    Raises:
        LinAlgError: the matrix that it is is singular, or not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda a: tensorinv(a, 1).sum())(np.diag([2.0, 4.0]).reshape(2, 2, 1)[:, :, 0]).round(6)
    array([[-0.25  , -0.125 ],
           [-0.125 , -0.0625]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.tensorinv(a, ind)
    if ind <= 0:
        return numpys.tensorinv(np.zeros(a.shape), ind)  # which says what is wrong
    first, last = a.shape[:ind], a.shape[ind:]
    return inv(a.reshape(prod(first), -1)).reshape(last + first)


def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """Return x of tensordot(a, x, x.ndim) = b, as np.linalg.tensorsolve.

    Args:
        a: an array whose first axes are those of b, and whose others, those of x, have as many places in all.
        b: an array.
        axes: axes of a that are put last before that.

    Raises:
        LinAlgError: the matrix that a is is singular, or not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda b: tensorsolve(np.eye(4).reshape(2, 2, 2, 2), b)[0, 1])(np.ones((2, 2)))
    array([[0., 1.],
           [0., 0.]])
    """
    a, b = as_array(a), as_array(b)
    if not holds_values(a, b):
        return numpys.tensorsolve(a, b, axes)
    if axes is not None:
        a = np.moveaxis(a, axes, range(a.ndim - len(axes), a.ndim))
    shape = a.shape[b.ndim :]
    if a.size != prod(shape) ** 2:
        raise np.linalg.LinAlgError(
            f"the axes of a beyond those of b must have as many places as b, but a has shape {a.shape} and "
            f"b {b.shape}"
        )
    return solve(a.reshape(prod(shape), prod(shape)), b.ravel()).reshape(shape)
