"""Q and R of arrays of Values, by Householder's reflections with the signs of LAPACK."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from .. import math, ops
from ..arrays.refusals import NoDerivativeOfMatrixError
from ..engine import weighted_sum
from ..support.refusals import NoDerivativeError
from .matrices import Rows, Stack, as_array, each, holds_values, numpys, of_matrices, stand_in, transposed


def qr(a: Any, mode: str = "reduced") -> Any:
    """Return Q and R of matrices, as np.linalg.qr.

    Args:
        a: an array (..., m, n).
        mode: `"reduced"`, `"complete"`, or `"r"` for R alone.

    Returns:
        a named tuple of Q and R, with the signs that NumPy gives them; for `"r"` an array.

    Raises:
        LinAlgError: a column is exactly a combination of those before it, so that Q has no derivative.
        ValueError: there is no such mode, or it has no derivatives here.

    >>> import numpy as np
    >>> from autograd import grad
    >>> grad(lambda A: qr(A).R[0, 0])(np.array([[3.0, 1.0], [4.0, 1.0]]))
    array([[-0.6,  0. ],
           [-0.8,  0. ]])
    """
    a = as_array(a)
    if not holds_values(a):
        return numpys.qr(a, mode)
    if mode == "raw":
        raise NoDerivativeError("qr of Values has no mode 'raw'; use 'reduced', 'complete' or 'r'")
    template: Any = numpys.qr(stand_in(a), mode)
    found = each(Reflections, Stack(a))
    if mode == "r":
        return of_matrices([x.upper() for x in found], template.shape)
    q_shape, r_shape = template[0].shape, template[1].shape
    width, height = q_shape[-1], r_shape[-2]
    q = of_matrices([x.orthogonal(width) for x in found], q_shape)
    return type(template)(q, of_matrices([x.upper(height) for x in found], r_shape))


class Part(NamedTuple):
    """A reflection I - factor v v^T."""

    v: list[Any]
    """The vector without its first number, which is 1."""
    factor: Any
    turned: bool
    """Whether the axis on which it brings a column is turned then."""


class Reflections:
    """A matrix as a product of reflections I - factor v v^T and an upper triangle R.

    Attributes:
        columns: those of R, each to the diagonal.
    """

    def __init__(self, rows: Rows) -> None:
        """Reflect the columns of a matrix on the axes, one after the other.

        Raises:
            LinAlgError: a column is exactly a combination of those before it.
        """
        self.height = len(rows)
        self.columns = transposed(rows)
        self._parts: list[Part] = []
        for k in range(len(self.columns)):
            column = self.turned_back(self.columns[k])
            if k < self.height - 1:
                part, diagonal = _reflection(column[k:], k)
                self._parts.append(part)
                column = [*column[:k], diagonal]
            self.columns[k] = column

    def upper(self, height: int | None = None) -> Rows:
        """Return the rows of R."""
        height = min(self.height, len(self.columns)) if height is None else height
        return [[column[i] if i < len(column) else 0.0 for column in self.columns] for i in range(height)]

    def triangle(self) -> Rows:
        """Return the rows of R from its diagonal on; there are as many as columns."""
        return [[column[i] for column in self.columns[i:]] for i in range(len(self.columns))]

    def orthogonal(self, width: int) -> Rows:
        """Return the rows of the first columns of Q."""
        return transposed([self.turned([float(i == j) for i in range(self.height)]) for j in range(width)])

    def turned(self, x: Sequence[Any]) -> list[Any]:
        """Return Q x."""
        column = list(x)
        for i in reversed(range(len(self._parts))):
            if self._parts[i].turned:
                column = _axis_turned(column, i)
            column = _reflected(column, i, self._parts[i])
        return column

    def turned_back(self, x: Sequence[Any]) -> list[Any]:
        """Return Q^T x."""
        column = list(x)
        for i, part in enumerate(self._parts):
            column = _reflected(column, i, part)
            if part.turned:
                column = _axis_turned(column, i)
        return column


def _reflection(x: list[Any], place: int) -> tuple[Part, Any]:
    """Return the reflection that brings a vector on its first axis, and the number there.

    Where it is there already, LAPACK leaves it. That is a reflection too, after which the axis is turned: so
    the derivative is right there.
    """
    first, rest = x[0], x[1:]
    square = weighted_sum(rest[1:], rest[1:], rest[0] * rest[0])
    total, scale = square + first * first, 1.0
    if not 1e-250 < total < 1e250:  # some squares are no numbers, or lost
        scale = 2.0**-600 if total > 1.0 else 2.0**600
        scaled = [y * scale for y in x]
        total = weighted_sum(scaled[1:], scaled[1:], scaled[0] * scaled[0])
    turned = square == 0.0 and all(y == 0.0 for y in rest)
    if turned and first == 0.0:
        raise NoDerivativeOfMatrixError(
            f"column {place} of the matrix is exactly a combination of those before it, where Q has no "
            "derivative"
        )
    length = math.sqrt(total) if scale == 1.0 else math.sqrt(total) / scale
    diagonal = ops.copysign(length, -first)
    divisor = first - diagonal
    part = Part([y / divisor for y in rest], (diagonal - first) / diagonal, turned)
    return part, -diagonal if turned else diagonal


def _reflected(column: list[Any], place: int, part: Part) -> list[Any]:
    """Return a vector reflected by one of the reflections of a matrix."""
    length = part.factor * weighted_sum(part.v, column[place + 1 :], column[place])
    rest = [x - y * length for x, y in zip(column[place + 1 :], part.v, strict=True)]
    return [*column[:place], column[place] - length, *rest]


def _axis_turned(column: list[Any], place: int) -> list[Any]:
    return [*column[:place], -column[place], *column[place + 1 :]]
