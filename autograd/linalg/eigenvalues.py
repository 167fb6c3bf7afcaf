"""Eigenvalues and eigenvectors of symmetric arrays of Values: found by LAPACK, differentiated by their rule.

With a = V diag(w) V^T (Magnus, 1985, On differentiating eigenvalues and eigenvectors):

    dw_i = v_i^T da v_i,    dv_i = (w_i - a)^+ da v_i

The rule is written with eigenvalues and eigenvectors of Values, so it has a derivative itself, of any order.
"""

from __future__ import annotations

from math import isqrt
from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from ..derivatives import custom_gradient
from ..engine import data_of
from .matrices import Stack, as_array, each, holds_values, numpys, of_vectors, stand_in

_EPSILON = 2.0**-52


def eigh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803 (NumPy's name)
    """Return eigenvalues and eigenvectors of symmetric matrices, as np.linalg.eigh.

    Only one triangle of a matrix is read, so derivatives by the other are 0. Eigenvalues that are equal but
    for rounding share their derivative, as ties of max do; their eigenvectors have none, it is NaN, and so
    are the second derivatives of these eigenvalues.

    Args:
        a: an array (..., n, n).
        UPLO: the triangle that is read, `"L"` or `"U"`.

    Returns:
        a named tuple of the eigenvalues (..., n) in rising order, and of the eigenvectors (..., n, n), which
        are columns, with the signs that NumPy gives them.

    Raises:
        LinAlgError: a matrix is not square, or LAPACK does not find its eigenvalues.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: eigh(A).eigenvectors[0, 0] ** 2)(np.array([[2.0, 0.0], [1.0, 2.0]])).round(12)
    array([[-0.25,  0.  ],
           [ 0.  ,  0.25]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.eigh(a, UPLO)
    template = numpys.eigh(stand_in(a), UPLO)
    found = [_decomposed(x, triangle=UPLO) for x in _triangles(a, UPLO)]
    values = of_vectors([numbers_of(w, "w") or [] for w, _ in found], template[0].shape)
    vectors = array_of([x for _, v in found for x in numbers_of(v, "v") or []], template[1].shape)
    return type(template)(values, vectors)


def eigvalsh(a: Any, UPLO: str = "L") -> Any:  # noqa: N803
    """Return the eigenvalues of symmetric matrices, as np.linalg.eigvalsh.

    `eigh` says how they are differentiated.

    Args:
        a: an array (..., n, n).
        UPLO: the triangle that is read, `"L"` or `"U"`.

    Returns:
        the eigenvalues (..., n) in rising order.

    Raises:
        LinAlgError: a matrix is not square, or LAPACK does not find its eigenvalues.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: eigvalsh(A)[1])(np.array([[2.0, 1.0], [1.0, 2.0]])).round(12)
    array([[0.5, 0. ],
           [1. , 0.5]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.eigvalsh(a, UPLO)
    shape = numpys.eigvalsh(stand_in(a), UPLO).shape
    return of_vectors([numbers_of(_values(x, triangle=UPLO), "w") or [] for x in _triangles(a, UPLO)], shape)


def _triangles(a: Any, triangle: str) -> list[Any]:
    """Return the numbers of the triangle that is read, of each matrix, row by row as a lower one."""
    lower = triangle.upper() == "L"
    n = a.shape[-1]

    def numbers(rows: Any) -> Any:
        found = [rows[i][j] if lower else rows[j][i] for i in range(n) for j in range(i + 1)]
        return array_of(found, (len(found),))

    return each(numbers, Stack(a))


def _whole(triangle: Any) -> Any:
    """Return the symmetric matrix that has this lower triangle."""
    n = (isqrt(8 * triangle.size + 1) - 1) // 2
    row, column = np.indices((n, n))
    low, high = np.minimum(row, column), np.maximum(row, column)
    return triangle[high * (high + 1) // 2 + low]


def _by_triangle(values: Any, vectors: Any) -> Any:
    """Return x_j y_k + x_k y_j for the places j, k of a triangle, and half of that on its diagonal.

    Args:
        values: x, an array (..., n).
        vectors: y, one that is broadcast with it.
    """
    rows, columns = np.tril_indices(vectors.shape[-1])
    both = values[..., rows] * vectors[..., columns] + values[..., columns] * vectors[..., rows]
    return both * np.where(rows == columns, 0.5, 1.0)


def equal(values: Any) -> Any:
    """Return which pairs of eigenvalues are equal but for rounding."""
    floats = np.array([data_of(x) for x in values.tolist()])
    bound = 4.0 * len(floats) * _EPSILON * np.abs(floats).max(initial=0.0)
    return ~(np.abs(floats[:, None] - floats) > bound)


def shared(same: Any) -> Any:
    """Return the matrix by which equal ones share what belongs to them; None if there are none."""
    if same.sum() == len(same):
        return None
    return same / same.sum(axis=1, keepdims=True)


def _slopes_of_values(values: Any, vectors: Any) -> Any:
    rows = vectors.T
    slopes = _by_triangle(rows, rows)
    weights = shared(equal(values))
    return slopes if weights is None else weights @ slopes


def _slopes_of_both(numbers: Any, triangle: str) -> tuple[Any, Any]:
    values, vectors = _decomposed(numbers, triangle=triangle)
    same = equal(values)
    gaps = values - values[:, None]  # [m, i] is w_i - w_m
    gaps[same] = 1.0
    factors = 1.0 / gaps
    factors[same] = np.nan
    np.fill_diagonal(factors, 0.0)
    # (w_i - a)^+ for each i: times the change of a, times v_i, it is the change of v_i
    inverses = [(vectors * factors[:, i]) @ vectors.T for i in range(len(values))]
    slopes = np.stack([_by_triangle(inverse, vectors[:, i]) for i, inverse in enumerate(inverses)], axis=1)
    return _slopes_of_values(values, vectors), slopes


@custom_gradient(lambda numbers, triangle: _slopes_of_values(*_decomposed(numbers, triangle=triangle)))
def _values(numbers: Any, triangle: str) -> Any:
    return numpys.eigvalsh(_whole(numbers), triangle)


@custom_gradient(_slopes_of_both)
def _decomposed(numbers: Any, triangle: str) -> Any:
    return tuple(numpys.eigh(_whole(numbers), triangle))
