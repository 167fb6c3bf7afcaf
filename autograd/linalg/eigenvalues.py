"""Eigenvalues and eigenvectors of symmetric arrays of Values: found by LAPACK, differentiated by their rule.

With a = V diag(w) V^T (Magnus, 1985, On differentiating eigenvalues and eigenvectors):

    dw_i = v_i^T da v_i,    dv_i = (w_i - a)^+ da v_i

The rule is written with eigenvalues and eigenvectors of Values, so it has a derivative itself, of any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt
from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from ..derivatives.maps import Map, NumericMap, apply_map
from ..engine import data_of
from .matrices import Rows, Stack, as_array, each, holds_values, numpys, of_vectors, stand_in

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
    found = each(Decomposition(a.shape[-1], UPLO, True).of_rows, Stack(a))
    n = a.shape[-1]
    values = of_vectors([x[:n] for x in found], template[0].shape)
    vectors = of_vectors([x[n:] for x in found], template[1].shape)
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
    return of_vectors(each(Decomposition(a.shape[-1], UPLO, False).of_rows, Stack(a)), shape)


class Decomposition(Map):
    """The eigenvalues of a symmetric matrix, and its eigenvectors, as a map of the numbers of a triangle.

    Args:
        n: how many rows the matrix has.
        triangle: which triangle that is, `"L"` or `"U"`.
        vectors: whether there are vectors.
    """

    name = "eigh"

    def __init__(self, n: int, triangle: str, vectors: bool) -> None:
        self.inputs = n * (n + 1) // 2
        self.results = n + n * n if vectors else n
        self._n = n
        self._triangle = triangle
        self._vectors = vectors

    def of_rows(self, rows: Rows) -> list[Any]:
        """Return the results for a matrix."""
        lower = self._triangle.upper() == "L"
        places = [(i, j) for i in range(self._n) for j in range(i + 1)]
        return apply_map(self, [rows[i][j] if lower else rows[j][i] for i, j in places])

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        whole = symmetric(np.array(numbers))
        if not self._vectors:
            return numpys.eigvalsh(whole, self._triangle).tolist()  # type: ignore[no-any-return]
        values, vectors = numpys.eigh(whole, self._triangle)
        return [*values.tolist(), *vectors.ravel().tolist()]

    def of_arrays(self, columns: Sequence[Any]) -> Sequence[Any] | None:
        matrices = symmetric(np.stack(columns, axis=-1))
        try:
            if not self._vectors:
                return [*numpys.eigvalsh(matrices, self._triangle).T]
            values, vectors = numpys.eigh(matrices, self._triangle)
        except np.linalg.LinAlgError:
            return None  # of one of them, which will say so
        return [*values.T, *vectors.reshape(len(vectors), -1).T]

    def pulled(self) -> Map:
        return _Backward(self)

    def pushed(self) -> Map:
        return _Forward(self)

    def both(self, numbers: list[Any]) -> tuple[Any, Any]:
        """Return eigenvalues and eigenvectors for numbers or Values."""
        n = self._n
        out = apply_map(Decomposition(n, self._triangle, True), numbers)
        return array_of(out[:n], (n,)), array_of(out[n:], (n, n))


class _Backward(NumericMap):
    """What carries gradients back through a decomposition."""

    def __init__(self, of: Decomposition) -> None:
        super().__init__(f"{of.name}′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        values, vectors = self._of.both(numbers[: self._of.inputs])
        gradients = numbers[self._of.inputs :]
        n = len(values)
        by_values = averaged(values, array_of(gradients[:n], (n,)))
        inner: Any = by_values * np.eye(n)
        if len(gradients) > n:
            by_vectors = array_of(gradients[n:], (n, n))
            factors = inverse_gaps(values, [is_nothing(column) for column in by_vectors.T])
            inner = inner + factors * (vectors.T @ by_vectors)
        whole = vectors @ inner @ vectors.T
        rows, columns = np.tril_indices(n)
        both = (whole[rows, columns] + whole[columns, rows]) * np.where(rows == columns, 0.5, 1.0)
        return numbers_of(both, "eigh") or []


class _Forward(NumericMap):
    """What gives the change of a decomposition in a direction."""

    def __init__(self, of: Decomposition) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        count = self._of.inputs
        values, vectors = self._of.both(numbers[:count])
        change = vectors.T @ symmetric(array_of(numbers[count:], (count,))) @ vectors
        out = numbers_of(averaged(values, np.diagonal(change)), "eigh") or []
        if self.results > len(values):
            out += numbers_of(vectors @ (inverse_gaps(values) * change), "eigh") or []
        return out


def symmetric(triangle: Any) -> Any:
    """Return the symmetric matrix that has this lower triangle, the last axis of an array."""
    n = (isqrt(8 * triangle.shape[-1] + 1) - 1) // 2
    row, column = np.indices((n, n))
    low, high = np.minimum(row, column), np.maximum(row, column)
    return triangle[..., high * (high + 1) // 2 + low]


def equal(values: Any) -> Any:
    """Return which pairs of eigenvalues, or of singular values, are equal but for rounding."""
    floats = np.array([data_of(x) for x in values.tolist()])
    bound = 4.0 * len(floats) * _EPSILON * np.abs(floats).max(initial=0.0)
    return ~(np.abs(floats[:, None] - floats) > bound)


def averaged(values: Any, slopes: Any) -> Any:
    """Return derivatives by, or of, eigenvalues of which equal ones share theirs."""
    same = equal(values)
    if same.sum() == len(same):
        return slopes
    return (same / same.sum(axis=1, keepdims=True)) @ slopes


def inverse_gaps(values: Any, unused: list[bool] | None = None) -> Any:
    """Return 1 / (w_j - w_i) for row i and column j, and 0 on the diagonal.

    Where two are equal, it is NaN: the vectors are any of their plane, unless nothing depends on them.

    Args:
        values: the numbers w.
        unused: for each whether nothing depends on its vector.
    """
    same = equal(values)
    gaps = values - values[:, None]
    gaps[same] = 1.0
    factors = 1.0 / gaps
    factors[same] = np.nan
    if unused is not None:
        factors[np.outer(unused, unused) & same] = 0.0
    np.fill_diagonal(factors, 0.0)
    return factors


def is_nothing(numbers: Any) -> bool:
    """Say whether numbers are all 0, and no Values, on which something may depend all the same."""
    return all(type(x) is float and x == 0.0 for x in numbers.tolist())
