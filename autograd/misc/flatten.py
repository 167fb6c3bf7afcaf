"""Structures of numbers as vectors, and vectors as structures of numbers again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import numpy as np
from ..arrays import ValueArray
from ..derivatives.trees import kind_of
from ..support.messages import shown

Function = Callable[..., Any]


def flatten(value: Any) -> tuple[Any, Function]:
    """Return a structure of numbers as a vector, and the function that makes such structures of vectors.

    Both can be differentiated.

    Args:
        value: a number, an array, or any nesting of lists, tuples, dicts, named tuples and dataclasses of
            these. The entries of a dict come in the order of its sorted keys.

    Returns:
        The pair of the array of all numbers, which has one axis, and a function. That takes an array of as
        many numbers and returns them in the structure of `value`.

    Raises:
        TypeError: something in the structure is no number.
        ValueError: when the function is called, if the array has another shape.

    >>> vector, unflatten = flatten({"weights": np.ones((2, 2)), "bias": 0.5})
    >>> vector
    array([0.5, 1. , 1. , 1. , 1. ])
    >>> unflatten(2.0 * vector)["weights"]
    array([[2., 2.],
           [2., 2.]])
    """
    pieces: list[Any] = []
    build = _take_apart(value, pieces)
    vector = np.concatenate(pieces) if pieces else np.array([])

    def unflatten(vector: Any) -> Any:
        given, size = np.asarray(vector), sum(piece.size for piece in pieces)
        if given.shape != (size,):
            raise ValueError(
                f"unflatten takes a vector of {size} numbers, not an array of shape {given.shape}"
            )
        return build(given)[0]

    return vector, unflatten


def flatten_func(func: Function, example: Any) -> tuple[Function, Function, Any]:
    """Return a function of structures as one of vectors.

    Args:
        func: a function of a structure, and perhaps of more arguments, that returns a structure.
        example: a structure that it takes.

    Returns:
        The function of a vector, and of the other arguments, that returns a vector; the function that makes
        a structure of a vector; and the vector of the example.

    >>> f, unflatten, vector = flatten_func(lambda p: {"twice": 2.0 * p["x"]}, {"x": np.array([1.0, 2.0])})
    >>> f(vector)
    array([2., 4.])
    """
    vector, unflatten = flatten(example)
    return (lambda vector, *args: flatten(func(unflatten(vector), *args))[0]), unflatten, vector


def _take_apart(thing: Any, pieces: list[Any]) -> Callable[[Any], tuple[Any, Any]]:
    """Append the numbers of a part as vectors, and return what makes the part of the first of a vector.

    That returns the part, and the rest of the vector.
    """
    kind = kind_of(thing)
    if kind is None:
        return _take_leaf(thing, pieces)
    items = dict(kind.items(thing))
    keys = [*items]
    order = sorted(keys) if isinstance(thing, dict) else keys
    builds = {key: _take_apart(items[key], pieces) for key in order}

    def build(vector: Any) -> tuple[Any, Any]:
        parts = {}
        for key in order:
            parts[key], vector = builds[key](vector)
        return kind.like(thing, keys, [parts[key] for key in keys]), vector

    return build


def _take_leaf(thing: Any, pieces: list[Any]) -> Callable[[Any], tuple[Any, Any]]:
    array = np.asarray(thing)
    if array.dtype.kind not in "biuf" and not isinstance(array, ValueArray):
        raise TypeError(f"flatten takes real numbers, arrays and structures of them, not {shown(thing)}")
    pieces.append(array.reshape(-1))

    def build(vector: Any) -> tuple[Any, Any]:
        first, rest = vector[: array.size], vector[array.size :]
        return first.reshape(array.shape) if array.shape else first[0], rest

    return build
