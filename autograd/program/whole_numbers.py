"""Whole numbers that are inputs: what stands for one while a function is followed.

A whole number in an argument that is not differentiated is part of the program, until it comes with another
value. Then it is an input, if the function does nothing with it in which it differs from the float of the
same value: it meets floats and Values in arithmetic, and is compared. It may also be an index of an array of
Values, which asks it for its `index`. Whatever else the function does (`//`, `range`, an index of a list,
text, `isinstance`, returning it, ...) it does with the whole number itself, and that is noted: then the
number stays part of the program.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterable
from opcode import opmap
from typing import Any

from ..engine import Value
from .asking import of_the_library

LARGEST_INPUT = 2**52
_LARGEST = 2**53  # up to which every whole number is a float


class Whole(int):
    """A whole number that is an input, in the arguments that a program was recorded with.

    Attributes:
        place: which of the whole numbers in the arguments it is.
    """

    place: int


class NeedsNumbers(Exception):  # noqa: N818 (it is no error, and never leaves this package)
    """Whole numbers that were to be inputs must be part of the program.

    Attributes:
        places: which of the whole numbers in the arguments; all of them if it is empty.
    """

    def __init__(self, places: Iterable[int] = ()) -> None:
        super().__init__()
        self.places = {*places}


class Needed(set[int]):
    """Which of the whole numbers in the arguments are needed as such.

    Attributes:
        known: whether the function has been followed; what it has kept is a plain number then.
    """

    known = False


class WholeNumber:
    """What a function gets in the place of a whole number that is an input.

    Args:
        whole: the number.
        number: the same as a Value.
        places: the inputs that it depends on.
        needed: to which these are added where the function needs the whole number itself.
        bound: what it is, whatever the inputs, no larger than.
    """

    __slots__ = ("_bound", "_needed", "_number", "_places", "_whole")

    defers = True
    """A Value leaves arithmetic with it to it."""

    chooses = True
    """An array of Values that is followed asks it for its `index`."""

    def __init__(
        self, whole: int, number: Value, places: frozenset[int], needed: Needed, bound: int = LARGEST_INPUT
    ) -> None:
        self._whole = whole
        self._number = number
        self._places = places
        self._needed = needed
        self._bound = bound

    def index(self) -> tuple[int, Value, Callable[[], Any]] | None:
        """Return what an index is made of: the number, the same as a Value, and what notes that it is needed.

        None where the function has been followed already.
        """
        return None if self._needed.known else (self._whole, self._number, self._plain)

    def _plain(self) -> int:
        """Return the whole number itself, and note that it was needed."""
        self._needed |= self._places
        return self._whole

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        asks = sys._getframe(1)
        # The engine asks for Values, and where it is compiled the operator that the user wrote does.
        if of_the_library(asks) or asks.f_code.co_code[asks.f_lasti] in _OPERATORS:  # of a Value
            return WholeNumber
        self._plain()
        return int

    def __getattr__(self, name: str) -> Any:
        getattr(int, name)
        return getattr(self._plain(), name)

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        import numpy as np

        return np.array(self._plain(), dtype=dtype)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
        followed = not self._needed.known and method == "__call__" and not kwargs
        if followed and ufunc.__name__ in _UFUNCS and all(map(_is_float, inputs)):
            return ufunc(*[x._number if type(x) is WholeNumber else x for x in map(self._own, inputs)])
        plain = [x._plain() if type(x) is WholeNumber else x for x in inputs]
        return getattr(ufunc, method)(*plain, **kwargs)

    def _meets(self, other: Any, operation: Callable[[Any, Any], Any], first: bool) -> Any:
        """Return what an operator gives: of whole numbers a whole one, of floats and Values a Value."""
        other = self._own(other)
        kind = type(other)
        if not self._needed.known:
            if isinstance(other, (Value, float)):
                return operation(self._number, other) if first else operation(other, self._number)
            if operation in _OF_WHOLE and (kind is WholeNumber or kind is int):
                return self._combined(other, operation, first)
        if getattr(other, "shape", ()) != () and hasattr(other, "__array_ufunc__"):
            return NotImplemented  # NumPy asks for each element
        theirs = other._plain() if kind is WholeNumber else other
        mine = self._plain()
        return operation(mine, theirs) if first else operation(theirs, mine)

    def _combined(self, other: Any, operation: Callable[[Any, Any], Any], first: bool) -> Any:
        """Return what an operator gives of two whole numbers, this and another."""
        whole, number, places, bound = _parts(other)
        if bound <= _LARGEST:
            wholes, numbers = (self._whole, whole), (self._number, number)
            value = operation(*(numbers if first else numbers[::-1]))
            if operation is operator.truediv:
                return value
            if operation is operator.mul:
                value = value + 0.0  # no -0.0
            result = operation(*(wholes if first else wholes[::-1]))
            limit = self._bound * bound if operation is operator.mul else self._bound + bound
            if limit <= _LARGEST or -_LARGEST < value < _LARGEST:  # a comparison, which is followed
                places, limit = self._places | places, min(limit, _LARGEST)
                return WholeNumber(result, value, places, self._needed, limit)
        theirs = other._plain() if type(other) is WholeNumber else other
        return operation(self._plain(), theirs) if first else operation(theirs, self._plain())

    def _compared(self, other: Any, relation: Callable[[Any, Any], Any]) -> Any:
        other = self._own(other)
        if self._needed.known:
            return relation(self._whole, other._whole if type(other) is WholeNumber else other)
        return relation(self._number, other._number if type(other) is WholeNumber else other)

    def _own(self, other: Any) -> Any:
        """Return another operand; the number itself in the place of what comes from another call."""
        if type(other) is WholeNumber and other._needed is not self._needed:
            return other._plain()
        return other

    def __neg__(self) -> Any:
        return self._meets(0, operator.sub, first=False)  # no -0.0

    def __pos__(self) -> Any:
        return self

    def __bool__(self) -> bool:
        return bool(self._whole if self._needed.known else self._number)

    def __hash__(self) -> int:
        return hash(self._plain())


def _parts(x: Any) -> tuple[int, Any, frozenset[int], int]:
    if type(x) is WholeNumber:
        return x._whole, x._number, x._places, x._bound
    return x, float(x) if abs(x) <= _LARGEST else 0.0, frozenset(), abs(x)


def _is_float(x: Any) -> bool:
    """Say whether an operand of NumPy is one in whose company a whole number is as good as a float."""
    if type(x) is WholeNumber or isinstance(x, (float, Value)):
        return True
    dtype = str(getattr(x, "dtype", ""))
    return dtype == "float64" or (dtype == "object" and all(isinstance(y, (float, Value)) for y in x.flat))


_OPERATORS = {opmap[name] for name in ("BINARY_OP", "COMPARE_OP")}
_UFUNCS = {"add", "subtract", "multiply", "divide"}
_OF_WHOLE = {operator.add, operator.sub, operator.mul, operator.truediv}


def _operator(operation: Callable[[Any, Any], Any], first: bool) -> Any:
    def method(self: WholeNumber, other: Any) -> Any:
        return self._meets(other, operation, first)

    return method


def _relation(relation: Callable[[Any, Any], Any]) -> Any:
    def method(self: WholeNumber, other: Any) -> Any:
        return self._compared(other, relation)

    return method


def _of_int(name: str) -> Any:
    def method(self: WholeNumber, *args: Any) -> Any:
        return getattr(int, name)(self._plain(), *args)

    return method


for _name in "add sub mul truediv pow floordiv mod".split():
    setattr(WholeNumber, f"__{_name}__", _operator(getattr(operator, _name), True))
    setattr(WholeNumber, f"__r{_name}__", _operator(getattr(operator, _name), False))
for _name in "and or xor lshift rshift divmod".split():
    setattr(WholeNumber, f"__{_name}__", _of_int(f"__{_name}__"))
    setattr(WholeNumber, f"__r{_name}__", _of_int(f"__r{_name}__"))
for _name in "eq ne lt le gt ge".split():
    setattr(WholeNumber, f"__{_name}__", _relation(getattr(operator, _name)))
for (
    _name
) in "abs ceil float floor format index int invert reduce reduce_ex repr round sizeof str trunc".split():
    setattr(WholeNumber, f"__{_name}__", _of_int(f"__{_name}__"))
