"""Calls of machine code that counts only while what its function read from outside is as it was.

What is read from outside is asked for in machine code, too, by one function for all: it goes through a table
of numbers and addresses. Where it finds another object than there was, that may be as good, and Python is
asked. Of an array the numbers are compared where they are. What only Python can tell, as what is in a list,
Python is asked in any case.
"""

from __future__ import annotations

import ctypes
from itertools import product
from operator import mul
from types import MethodType, ModuleType
from typing import Any

from ..guards import LARGE, MISSING, Guard, Kept, KeptArray, KeptNumber, builtins_of
from ..outside import State
from .guard_code import MOST_TAGS, code_that_asks
from .python_interface import ARRAY_PARTS, CELL, DATA, SHAPE, STRIDES, TYPE, Link, has_tags, word

MOST_PIECES = 64
"""How many rows an array has at most that is compared in machine code and has gaps between its numbers."""

MOST_ATTRIBUTES = 6
"""How many attributes are read in machine code, at most: more are read faster by a function of Python."""


def guarded(state: State, entry: int, otherwise: Any, owner: Any) -> tuple[int, Link]:
    """Return a function of machine code and its link, which ask first whether a state holds.

    Args:
        state: what is read from outside.
        entry: the function that is called if it holds; it gets the same link.
        otherwise: as in `Link`.
        owner: as in `Link`.
    """
    table = _Table()
    rest = [guard for guard in state.guards if not table.takes(guard)]
    asked = state.question(rest) if rest else None
    numbers = table.numbers(entry, asked)
    code = code_that_asks()  # kept, too: threads that ask for it first at the same time get one each
    return code.address("guarded"), Link(
        (state.holds, otherwise, owner, numbers, asked, state, table.kept, code)
    )


class _Table:
    """What guards are compared by, as numbers.

    Attributes:
        kept: objects whose addresses are among them, but for those that the guards have.
    """

    def __init__(self) -> None:
        self.kept: list[Any] = []
        self._names: list[int] = []
        self._words: list[int] = []
        self._attributes: list[int] = []
        self._blocks: list[int] = []

    def takes(self, guard: Guard) -> bool:
        """Take a guard in, and say whether machine code can tell that it holds."""
        array = _array_of(guard) if type(guard.kept) is KeptArray else None
        if array is None and (type(guard.kept) not in (Kept, KeptNumber) or guard.kept.kept is MISSING):
            return False
        thing = guard.kept.kept if array is None else array
        if not (guard.how == "contents" and array is not None) and not self._finds(guard, id(thing)):
            return False
        if array is not None:
            self._array(array, guard.kept.kept[-1])
        return True

    def _finds(self, guard: Guard, kept: int) -> bool:
        """Take in that something is found where it was, and say whether machine code can tell."""
        holder, name = guard.holder, id(guard.name)
        if guard.how == "cell":
            self._words += [id(holder) + CELL, kept]
        elif guard.how == "global" and "__builtins__" in holder:
            self.kept.append(builtins_of(holder))
            self._names += [id(holder), name, id(self.kept[-1]), kept]
        elif guard.how == "attribute" and type(holder) is ModuleType and guard.name in vars(holder):
            self.kept.append(vars(holder))
            self._words += [id(holder) + TYPE, id(ModuleType)]
            self._names += [id(self.kept[-1]), name, 0, kept]
        elif guard.how in ("attribute", "method") and len(self._attributes) < 4 * MOST_ATTRIBUTES:
            self._attributes += [id(holder), name, id(MethodType) if guard.how == "method" else 0, kept]
        else:
            return False
        return True

    def _array(self, array: Any, numbers: bytes) -> None:
        """Take in an array: what it is, its shape, and its numbers."""
        self.kept.append(array)
        for part in ARRAY_PARTS:
            self._words += [id(array) + part, word(array, part)]
        shape = (ctypes.c_int64 * (2 * array.ndim))(*array.shape, *array.strides)  # in one block there
        copy = (ctypes.c_int64 * (len(numbers) // 8)).from_buffer_copy(numbers)
        self.kept += [shape, copy]
        self._blocks += [word(array, SHAPE), ctypes.addressof(shape), len(shape), 8]
        data, start = word(array, DATA), ctypes.addressof(copy)
        if array.flags.c_contiguous:
            self._blocks += [data, start, len(copy), 8]
            return
        for i, row in enumerate(product(*map(range, array.shape[:-1]))):
            place, count = data + sum(map(mul, row, array.strides)), array.shape[-1]
            self._blocks += [place, start + 8 * i * count, count, array.strides[-1]]

    def numbers(self, entry: int, asked: Any) -> ctypes.Array[ctypes.c_int64]:
        """Return the table.

        Args:
            entry: what is called.
            asked: what Python is asked besides; None if nothing.
        """
        dicts = [*dict.fromkeys(x for i, x in enumerate(self._names) if i % 4 in (0, 2) and x)]
        if not has_tags() or len(dicts) > MOST_TAGS:
            dicts = []
        table = [entry, 0 if asked is None else id(asked), len(dicts)]
        table += [len(self._names) // 4, len(self._words) // 2, len(self._attributes) // 4]
        table += [len(self._blocks) // 4]
        table += [x for each in dicts for x in (each, 0)]
        table += [*self._names, *self._words, *self._attributes, *self._blocks]
        return (ctypes.c_int64 * len(table))(*table)


def _array_of(guard: Guard) -> Any:
    """Return the array that a guard reads; None if it is not as it was, or machine code cannot read it."""
    import numpy as np

    array = guard.read() if guard.holds() else None
    if type(array) is not np.ndarray or not (array.ndim and array.size):
        return None
    if array.dtype.hasobject or array.nbytes > LARGE or array.nbytes % 8:
        return None
    if not array.flags.c_contiguous and (array.itemsize != 8 or array.size // array.shape[-1] > MOST_PIECES):
        return None
    return array if word(array, STRIDES) == word(array, SHAPE) + 8 * array.ndim else None
