"""Singular values and vectors of arrays of Values, and the norms made of them.

They are found by LAPACK and differentiated by their rule (Townsend, 2016, Differentiating the singular value
decomposition), which is written with those of Values: so it has a derivative itself, of any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from ..arrays.functions import norm as of_numbers_alone
from ..derivatives.maps import Map, NumericMap, apply_map
from ..engine import data_of
from ..support.refusals import NoDerivativeError
from .eigenvalues import averaged, inverse_gaps, is_nothing
from .matrices import (
    Rows,
    Stack,
    as_array,
    each,
    holds_values,
    numpys,
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
        raise NoDerivativeError(
            f"the singular vectors of matrices of shape {a.shape[-2:]} beyond the first {min(a.shape[-2:])} "
            "have no derivative; write svd(a, full_matrices=False)"
        )
    decomposition = Decomposition(a.shape[-2:], True)
    found = [decomposition.parts(x) for x in each(decomposition.of_rows, Stack(a))]
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
    return of_vectors(each(Decomposition(a.shape[-2:], False).of_rows, Stack(a)), shape)


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


class Decomposition(Map):
    """The singular values of a matrix, and its singular vectors, as a map of its numbers.

    Args:
        shape: that of the matrix.
        vectors: whether there are vectors.
    """

    name = "svd"

    def __init__(self, shape: tuple[int, int], vectors: bool) -> None:
        height, width = shape
        self.shape = shape
        self.count = min(shape)
        self.inputs = height * width
        self.results = self.count * (1 + height + width if vectors else 1)
        self._vectors = vectors

    def of_rows(self, rows: Rows) -> list[Any]:
        """Return the results for a matrix: U, S and V^T, or S alone."""
        return apply_map(self, [x for row in rows for x in row])

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        matrix = np.array(numbers).reshape(self.shape)
        if not self._vectors:
            return np.linalg.svd(matrix, compute_uv=False).tolist()  # type: ignore[no-any-return]
        return [x for part in np.linalg.svd(matrix, full_matrices=False) for x in part.ravel().tolist()]

    def of_arrays(self, columns: Sequence[Any]) -> Sequence[Any] | None:
        matrices = np.stack(columns, axis=-1).reshape(-1, *self.shape)
        try:
            if not self._vectors:
                return [*np.linalg.svd(matrices, compute_uv=False).T]
            parts = np.linalg.svd(matrices, full_matrices=False)
        except np.linalg.LinAlgError:
            return None  # of one of them, which will say so
        return [column for part in parts for column in part.reshape(len(matrices), -1).T]

    def pulled(self) -> Map:
        return _Backward(self)

    def pushed(self) -> Map:
        return _Forward(self)

    def parts(self, numbers: list[Any]) -> tuple[Any, Any, Any]:
        """Return the numbers of U, S and V^T as arrays."""
        (height, width), k = self.shape, self.count
        u, s, vh = numbers[: height * k], numbers[height * k : -k * width], numbers[-k * width :]
        return array_of(u, (height, k)), array_of(s, (k,)), array_of(vh, (k, width))

    def all(self, numbers: list[Any]) -> tuple[Any, Any, Any]:
        """Return U, S and V^T for numbers or Values."""
        return self.parts(apply_map(Decomposition(self.shape, True), numbers))


class _Backward(NumericMap):
    """What carries gradients back through a decomposition."""

    def __init__(self, of: Decomposition) -> None:
        super().__init__(f"{of.name}′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        u, s, vh = self._of.all(numbers[: self._of.inputs])
        gradients = numbers[self._of.inputs :]
        if len(gradients) == len(s):
            inner = _of_sizes(s, array_of(gradients, s.shape)) * np.eye(len(s))
            return numbers_of(u @ inner @ vh, "svd") or []
        by_u, by_s, by_vh = self._of.parts(gradients)
        unused = [is_nothing(x) and is_nothing(y) for x, y in zip(by_u.T, by_vh, strict=True)]
        factors = _inverse_gaps(s, unused)
        left, right = factors * (u.T @ by_u), factors * (vh @ by_vh.T)
        inner = (left + left.T) * s + s[:, None] * (right + right.T) + _of_sizes(s, by_s) * np.eye(len(s))
        out = u @ inner @ vh
        if u.shape[0] > len(s):
            out = out + ((by_u - u @ (u.T @ by_u)) / s) @ vh
        if vh.shape[1] > len(s):
            out = out + (u / s) @ (by_vh - (by_vh @ vh.T) @ vh)
        return numbers_of(out, "svd") or []


class _Forward(NumericMap):
    """What gives the change of a decomposition in a direction."""

    def __init__(self, of: Decomposition) -> None:
        super().__init__(f"{of.name}′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Any]) -> Sequence[Any]:
        u, s, vh = self._of.all(numbers[: self._of.inputs])
        direction = array_of(numbers[self._of.inputs :], self._of.shape)
        change = u.T @ direction @ vh.T
        sizes = numbers_of(_of_sizes(s, np.diagonal(change)), "svd") or []
        if self.results == len(s):
            return sizes
        factors = _inverse_gaps(s)
        by_u = u @ (factors * (change * s + s[:, None] * change.T))
        by_v = vh.T @ (factors * (s[:, None] * change + change.T * s))
        if u.shape[0] > len(s):
            by_u = by_u + (direction @ vh.T - u @ change) / s
        if vh.shape[1] > len(s):
            by_v = by_v + (direction.T @ u - vh.T @ change.T) / s
        return [*(numbers_of(by_u, "svd") or []), *sizes, *(numbers_of(by_v.T, "svd") or [])]


def _of_sizes(s: Any, slopes: Any) -> Any:
    """Return derivatives by, or of, singular values: equal ones share theirs, and one of 0 has none."""
    sizes = np.array([data_of(x) for x in s.tolist()])
    zero = ~(sizes > len(sizes) * _EPSILON * sizes.max(initial=0.0))
    slopes = averaged(s, slopes)
    return np.where(zero, 0.0, slopes) if zero.any() else slopes


def _inverse_gaps(s: Any, unused: list[bool] | None = None) -> Any:
    """Return 1 / (s_j^2 - s_i^2) for row i and column j, as `inverse_gaps` does 1 / (w_j - w_i)."""
    sums = s + s[:, None]
    np.fill_diagonal(sums, 1.0)
    return inverse_gaps(s, unused) / sums
