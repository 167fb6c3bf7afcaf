"""Arguments that are taken apart quickly: a float, an array of them, lists, tuples and dicts of such.

Most arguments by which is differentiated are such. They come to what a `Structure` comes to, without its
paths, which only messages need.
"""

from __future__ import annotations

import sys
from typing import Any

from ..support.real_numbers import only_floats
from .trees import Structure, array_of


class Flat:
    """A float, or a list, tuple, dict or array of floats, taken apart.

    Args:
        numbers: the floats, which are an attribute too.
        kind: the class of what they were in; of an array None.
        form: the keys of a dict, the shape of an array.
    """

    __slots__ = ("_form", "_kind", "numbers")

    numbers: list[float]
    _kind: Any
    _form: Any

    def __init__(self, numbers: list[float], kind: Any, form: Any = None) -> None:
        self.numbers = numbers
        self._kind = kind
        self._form = form

    def put_together(self, numbers: list[Any], others: bool = False) -> Any:
        """Return something like it, with these numbers, in a list that nobody else has."""
        kind = self._kind
        if kind is list:
            return numbers
        if kind is float:
            return numbers[0]
        if kind is None:
            return array_of(numbers, self._form)
        return _container(kind, self._form, numbers)

    @property
    def structure(self) -> Structure:
        """The same as a `Structure`."""
        return Structure(self.put_together([*self.numbers]))


class Nested(Flat):
    """A list, tuple or dict of what is flat or nested.

    Args:
        parts: that, taken apart.
        kind: the class of what they were in.
        keys: those of a dict.
    """

    __slots__ = ("_parts",)

    _parts: list[Flat]

    def __init__(self, parts: list[Flat], kind: Any, keys: Any) -> None:
        self.numbers = []
        for part in parts:
            self.numbers += part.numbers
        self._kind = kind
        self._form = keys
        self._parts = parts

    def put_together(self, numbers: list[Any], others: bool = False) -> Any:
        """Return something like it, with these numbers."""
        made = []
        start = 0
        for part in self._parts:
            stop = start + len(part.numbers)
            made.append(part.put_together(numbers[start:stop]))
            start = stop
        return made if self._kind is list else _container(self._kind, self._form, made)


def _container(kind: Any, keys: Any, parts: list[Any]) -> Any:
    return dict(zip(keys, parts, strict=True)) if kind is dict else tuple(parts)


DEEPEST = 20
"""How deep containers may lie in containers; one that holds itself is not taken apart here."""


def flat(thing: Any, depth: int = 0) -> Flat | None:
    """Take something apart, at a depth in containers; return None where it is not of that form."""
    kind = type(thing)
    if kind is float:
        return Flat([thing], float)
    if kind is list or kind is tuple:
        return Flat([*thing], kind) if only_floats(thing) else _nested(thing, kind, None, depth)
    if kind is dict:
        parts = [*thing.values()]
        return Flat(parts, dict, [*thing]) if only_floats(parts) else _nested(parts, dict, [*thing], depth)
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray and thing.dtype.char == "d":
        return Flat((thing if thing.ndim == 1 else thing.ravel()).tolist(), None, thing.shape)
    return None


def _nested(things: Any, kind: Any, keys: Any, depth: int) -> Flat | None:
    if depth == DEEPEST:
        return None
    parts = []
    for thing in things:
        part = flat(thing, depth + 1)
        if part is None:
            return None
        parts.append(part)
    return Nested(parts, kind, keys)
