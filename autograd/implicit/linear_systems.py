"""Systems of linear equations as maps: solved by LAPACK, with derivatives that are such solutions again."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

from ..derivatives.maps import Map, NumericMap, apply_map
from ..support.messages import shown

if TYPE_CHECKING:
    from ..derivatives.local_derivatives import Number

WORST = 1e-15
"""The reciprocal condition number below which a matrix is taken for singular."""


class LinearSystem(Map):
    """The solution of a linear system: a map of the matrix, row by row, and of the right side.

    Args:
        size: how many unknowns there are.
        what: what the matrix is, for the error of one that is singular.
        at: numbers where it is that.
    """

    def __init__(self, size: int, what: str, at: Sequence[float] = ()) -> None:
        self.name = "solve"
        self.size = size
        self.inputs = size * size + size
        self.results = size
        self._what = what
        self._at = at

    def __call__(self, numbers: Sequence[float]) -> list[float]:
        if self.size == 1 and is_number_to_divide_by(numbers[0]):
            return [numbers[1] / numbers[0]]
        import numpy as np

        from ..arrays.refusals import NoDerivativeOfMatrixError  # which needs NumPy

        size = self.size
        matrix = np.array(numbers[: size * size]).reshape(size, size)
        if not np.isfinite(matrix).all():
            raise NoDerivativeOfMatrixError(
                f"{self.what} is not finite at the solution, which has no derivative"
            )
        scale = np.abs(matrix).max(axis=1, initial=0.0)
        if not scale.all() or 1.0 / np.linalg.cond(matrix / scale[:, None], 1) < WORST:
            raise NoDerivativeOfMatrixError(
                f"{self.what} is singular at the solution, so that is not determined by the arguments, or "
                "moves with infinite speed, and has no derivative there"
            )
        solution: list[float] = np.linalg.solve(matrix, np.array(numbers[size * size :])).tolist()
        return solution

    @property
    def what(self) -> str:
        """What the matrix is, and where."""
        at = self._at
        return f"{self._what}, at {shown([*at] if len(at) > 1 else at[0])}," if at else self._what

    def pulled(self) -> Map:
        return _Back(self)

    def pushed(self) -> Map:
        return _Ahead(self)


class _Back(NumericMap):
    """Gradients with respect to the matrix and the right side."""

    def __init__(self, of: LinearSystem) -> None:
        super().__init__("solve′", of.inputs + of.results, of.inputs)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        of, size = self._of, self._of.size
        solution = apply_map(of, numbers[: of.inputs])
        matrix = transposed(numbers[: size * size], size)
        gradients = apply_map(of, [*matrix, *numbers[of.inputs :]])
        return [*[-gradient * x for gradient in gradients for x in solution], *gradients]


class _Ahead(NumericMap):
    """The direction of the solution."""

    def __init__(self, of: LinearSystem) -> None:
        super().__init__("solve′", 2 * of.inputs, of.results)
        self._of = of

    def of_numbers(self, numbers: list[Number]) -> Sequence[Number]:
        of, size = self._of, self._of.size
        solution = apply_map(of, numbers[: of.inputs])
        direction = numbers[of.inputs :]
        rows = [direction[i * size : (i + 1) * size] for i in range(size)]
        right = [x - product(row, solution) for x, row in zip(direction[size * size :], rows, strict=True)]
        return apply_map(of, [*numbers[: size * size], *right])


def is_number_to_divide_by(x: Number) -> bool:
    """Say whether something is a float that makes a system of one equation one with a solution."""
    return type(x) is float and isfinite(x) and x != 0.0


def transposed(matrix: Sequence[Number], size: int) -> list[Number]:
    """Return the numbers, row by row, of the transpose of a square matrix."""
    return [matrix[i * size + j] for j in range(size) for i in range(size)]


def product(xs: Sequence[Number], ys: Sequence[Number]) -> Number:
    """Return the sum of the products of numbers, without those that are 0 whatever the other is."""
    total: Number = 0.0
    for x, y in zip(xs, ys, strict=True):
        if not ((type(x) is float and x == 0.0) or (type(y) is float and y == 0.0)):
            total = x * y if type(total) is float and total == 0.0 else total + x * y
    return total
