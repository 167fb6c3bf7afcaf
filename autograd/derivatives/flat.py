"""Arguments that are taken apart at once: a float, a list, tuple or dict of floats, an array of them.

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
        return dict(zip(self._form, numbers, strict=True)) if kind is dict else tuple(numbers)

    @property
    def structure(self) -> Structure:
        """The same as a `Structure`."""
        return Structure(self.put_together([*self.numbers]))


def flat(thing: Any) -> Flat | None:
    """Take something apart; return None where it is not of that form."""
    kind = type(thing)
    if kind is float:
        return Flat([thing], float)
    if kind is list or kind is tuple:
        return Flat([*thing], kind) if only_floats(thing) else None
    if kind is dict:
        numbers = [*thing.values()]
        return Flat(numbers, dict, [*thing]) if only_floats(numbers) else None
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray and thing.dtype.char == "d":
        return Flat((thing if thing.ndim == 1 else thing.ravel()).tolist(), None, thing.shape)
    return None
