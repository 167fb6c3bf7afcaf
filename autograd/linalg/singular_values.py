"""Singular values and vectors of arrays of Values, and the norms made of them.

They are found by LAPACK and differentiated by their rule (Townsend, 2016, Differentiating the singular value
decomposition), which is written with those of Values: so it has a derivative itself, of any order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from ..arrays.functions import norm as of_numbers_alone
from ..derivatives import custom_gradient
from ..engine import data_of
from .eigenvalues import equal, shared
from .matrices import (
    Stack,
    as_array,
    each,
    holds_values,
    numpys,
    of_matrices,
    of_numbers,
    of_vectors,
    stand_in,
)

_EPSILON = 2.0**-52


def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Return U, S and V^T of matrices, as np.linalg.svd.

    Singular values that are equal but for rounding share their derivative, and one of 0 has derivative 0;
    their vectors have none, it is NaN.

    Args:
        a: an array (..., m, n).
        full_matrices: False, unless the matrices are square; columns beyond the singular values have no
            derivative.
        compute_uv: whether to return more than S.
        hermitian: whether a is symmetric; it makes no difference here.

    Returns:
        a named tuple of U (..., m, k), S (..., k) and Vh (..., k, n), where k is the smaller of m and n; or
        S alone.

    Raises:
        ValueError: full_matrices where a is not square.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: svd(A, full_matrices=False).S[0])(np.array([[3.0, 0.0], [0.0, 1.0]])).round(12)
    array([[1., 0.],
           [0., 0.]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.svd(a, full_matrices, compute_uv, hermitian)
    if not compute_uv:
        return svdvals(a)
    template = numpys.svd(stand_in(a), False)
    if full_matrices and a.shape[-1] != a.shape[-2]:
        raise ValueError(
            f"the singular vectors of matrices of shape {a.shape[-2:]} beyond the first {min(a.shape[-2:])} "
            "have no derivative; write svd(a, full_matrices=False)"
        )
    found = each(lambda rows: _decomposed(of_matrices([rows], a.shape[-2:])), Stack(a))
    parts = [
        array_of([x for parts in found for x in numbers_of(parts[i], "s") or []], part.shape)
        for i, part in enumerate(template)
    ]
    return type(template)(*parts)


def svdvals(a: Any, /) -> Any:
    """Return the singular values of matrices in falling order, as np.linalg.svdvals; `svd` says how they are
    differentiated.

    Args:
        a: an array (..., m, n).

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: svdvals(A).sum())(np.array([[3.0, 4.0]])).round(12)
    array([[0.6, 0.8]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.svd(a, compute_uv=False)
    shape = numpys.svd(stand_in(a), compute_uv=False).shape
    found = each(lambda rows: _values(of_matrices([rows], a.shape[-2:])), Stack(a))
    return of_vectors([numbers_of(s, "s") or [] for s in found], shape)


def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: A002 (NumPy's name)
    """Return a norm of vectors or matrices, as np.linalg.norm; where it is 0, so is its derivative.

    Args:
        x: an array.
        ord: the order: None, a number, `"fro"`, or `"nuc"`; 2, -2 and `"nuc"` of matrices are made of their
            singular values.
        axis: the axis of vectors, the two of matrices, or None for all that there are.
        keepdims: whether these stay as axes of length 1.

    Raises:
        ValueError: there is no such norm.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: norm(A, 2))(np.diag([3.0, -4.0])).round(12)
    array([[ 0.,  0.],
           [ 0., -1.]])
    """
    x = as_array(x)
    axes = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if not holds_values(x):
        return numpys.norm(x, ord, axis, keepdims)
    shape = numpys.norm(np.zeros(x.shape), ord, axis, keepdims).shape
    if len(axes) != 2 or ord not in (2, -2, "nuc"):
        return of_numbers_alone(array_of(numbers_of(x, "x") or [], x.shape), ord, axis, keepdims)
    sizes = svdvals(np.moveaxis(x, axes, (-2, -1)))
    stack = Stack(sizes, 1)
    if ord == "nuc":
        return of_numbers(each(lambda s: sum(s[1:], s[0]), stack), shape)
    return of_numbers(each(lambda s: s[0 if ord == 2 else -1], stack), shape)


def _outer(x: Any, y: Any) -> Any:
    """Return the products of the numbers of x[..., i] and y[..., j] for all i and j."""
    return x[..., :, None] * y[..., None, :]


def _slopes_of_values(u: Any, s: Any, vh: Any) -> Any:
    slopes = _outer(u.T, vh)
    sizes = np.array([data_of(x) for x in s.tolist()])
    zero = ~(sizes > max(u.shape[0], vh.shape[1]) * _EPSILON * sizes.max(initial=0.0))
    if (weights := shared(equal(s))) is not None:
        slopes = (weights @ slopes.reshape(len(sizes), -1)).reshape(slopes.shape)
    if zero.any():
        slopes[zero] = 0.0
    return slopes


def _slopes_of_all(a: Any) -> tuple[Any, Any, Any]:
    u, s, vh = _decomposed(a)
    same = equal(s)
    gaps = (s - s[:, None]) * (s + s[:, None])  # [i, j] is s_j^2 - s_i^2
    gaps[same] = 1.0
    factors = 1.0 / gaps
    factors[same] = np.nan
    np.fill_diagonal(factors, 0.0)
    v = vh.T
    by_u, by_v = [], []
    for j in range(len(s)):
        weighted = factors[:, j]
        mixed = (u * (weighted * s)) @ vh
        left = ((u * weighted) @ u.T) * s[j]
        right = ((v * weighted) @ vh) * s[j]
        if u.shape[0] > len(s):
            left = left + (np.eye(u.shape[0]) - u @ u.T) / s[j]
        if v.shape[0] > len(s):
            right = right + (np.eye(v.shape[0]) - v @ vh) / s[j]
        by_u.append(_outer(left, v[:, j]) + np.swapaxes(_outer(mixed, u[:, j]), -1, -2))
        by_v.append(_outer(mixed.T, v[:, j]) + np.swapaxes(_outer(right, u[:, j]), -1, -2))
    return np.stack(by_u, axis=1), _slopes_of_values(u, s, vh), np.stack(by_v, axis=0)


@custom_gradient(lambda a: _slopes_of_values(*_decomposed(a)))
def _values(a: Any) -> Any:
    return numpys.svd(a, compute_uv=False)


@custom_gradient(_slopes_of_all)
def _decomposed(a: Any) -> Any:
    return tuple(numpys.svd(a, full_matrices=False))
