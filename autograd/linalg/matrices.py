"""Arrays as matrices of Values and floats, one or a stack of them, and back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import prod
from typing import Any

import numpy as np

from ..arrays import array_of, numbers_of
from ..engine import Value

numpys: Any = np.linalg
"""NumPy's functions, whose types tell more than is known of what they are called with here."""

Rows = list[list[Any]]
"""A matrix, as the rows of Values and floats that elimination works on."""


def as_array(x: Any) -> Any:
    """Return an array, or what NumPy makes one of; objects that are all plain numbers become floats."""
    array = x if isinstance(x, np.ndarray) else np.asanyarray(x)
    if array.dtype == object and not holds_values(array):
        return np.array(numbers_of(array, "the matrix"), dtype=np.float64).reshape(array.shape)
    return array


def holds_values(*arrays: Any) -> bool:
    """Say whether there is a Value in one of some arrays."""
    return any(a.dtype == object and any(isinstance(x, Value) for x in a.flat) for a in arrays)


def stand_in(array: Any) -> Any:
    """Return an array of floats of the same shape, with ones on the diagonals of its matrices.

    What NumPy does with it tells the shape of a result, and what there is to say of the shape of an operand.
    """
    if array.ndim < 2:
        return np.zeros(array.shape)
    return np.broadcast_to(np.eye(*array.shape[-2:]), array.shape).copy()


class Stack:
    """The matrices of an array, or its vectors.

    Attributes:
        items: the matrices as rows, or the vectors as lists, in C order.
        shape: that of the array without the axes of these.
    """

    def __init__(self, array: Any, axes: int = 2) -> None:
        """Take an array apart.

        Args:
            array: the array.
            axes: how many axes at its end are those of a matrix, or of a vector.

        Raises:
            TypeError: there is something in it that is no real number.
        """
        numbers = numbers_of(array, "the matrix") or []
        self.shape = array.shape[: array.ndim - axes]
        core = array.shape[array.ndim - axes :]
        size = prod(core)
        parts = [numbers[size * i : size * (i + 1)] for i in range(prod(self.shape))]
        self.items: list[Any] = parts if axes == 1 else [rows_of(part, *core) for part in parts]


def rows_of(numbers: Sequence[Any], height: int, width: int) -> Rows:
    """Return numbers in C order as rows."""
    return [list(numbers[width * i : width * (i + 1)]) for i in range(height)]


def transposed(rows: Rows) -> Rows:
    """Return the columns of a matrix as rows; of one that has no rows, none."""
    return [list(column) for column in zip(*rows, strict=True)]


def each(function: Callable[..., Any], *stacks: Stack) -> list[Any]:
    """Return what a function gives for each matrix of a stack, or for the pairs of two that are broadcast."""
    if len(stacks) == 1:
        return [function(item) for item in stacks[0].items]
    shape = np.broadcast_shapes(*[stack.shape for stack in stacks])
    places = [
        np.broadcast_to(np.arange(len(stack.items)).reshape(stack.shape), shape).ravel().tolist()
        for stack in stacks
    ]
    return [
        function(*[stack.items[i] for stack, i in zip(stacks, where, strict=True)])
        for where in zip(*places, strict=True)
    ]


def as_stack(items: list[Any], shape: tuple[int, ...]) -> Stack:
    """Return something for each matrix of a stack as one that can be broadcast."""
    stack = Stack.__new__(Stack)
    stack.items = items
    stack.shape = shape
    return stack


def of_matrices(matrices: Iterable[Rows], shape: tuple[int, ...]) -> Any:
    """Return matrices as an array of that shape."""
    return array_of([x for rows in matrices for row in rows for x in row], shape)


def of_vectors(vectors: Iterable[Sequence[Any]], shape: tuple[int, ...]) -> Any:
    """Return vectors as an array of that shape."""
    return array_of([x for vector in vectors for x in vector], shape)


def of_numbers(numbers: list[Any], shape: tuple[int, ...]) -> Any:
    """Return numbers as an array of that shape; one alone is the number itself."""
    return numbers[0] if shape == () else array_of(numbers, shape)
