"""The operators of whoever reads rules: whatever stands for a number in an expression of the table.

A derivative in the table is an expression in ordinary arithmetic, and who reads it brings operands of a class
of its own: floats that never raise, Values, nodes of a program, formulas. Each of these says only how it
applies a primitive of some name, and how it compares; the operators of Python's floats are here.
"""

from __future__ import annotations

from operator import index
from typing import Any, SupportsIndex


class Operators:
    """Something that has the arithmetic operators of a float, each of which is a primitive."""

    __slots__ = ()

    def _operation(self, name: str, *operands: Any) -> Any:
        """Return what the primitive of that name gives for operands; one at least is of this class."""
        raise NotImplementedError

    def __add__(self, other: Any) -> Any:
        return self._operation("+", self, other)

    def __radd__(self, other: Any) -> Any:
        return self._operation("+", other, self)

    def __sub__(self, other: Any) -> Any:
        return self._operation("-", self, other)

    def __rsub__(self, other: Any) -> Any:
        return self._operation("-", other, self)

    def __mul__(self, other: Any) -> Any:
        return self._operation("*", self, other)

    def __rmul__(self, other: Any) -> Any:
        return self._operation("*", other, self)

    def __truediv__(self, other: Any) -> Any:
        return self._operation("/", self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._operation("/", other, self)

    def __floordiv__(self, other: Any) -> Any:
        return self._operation("//", self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._operation("//", other, self)

    def __mod__(self, other: Any) -> Any:
        return self._operation("%", self, other)

    def __rmod__(self, other: Any) -> Any:
        return self._operation("%", other, self)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return other // self, other % self

    def __pow__(self, other: Any) -> Any:
        return self._operation("**", self, other)

    def __rpow__(self, other: Any) -> Any:
        return self._operation("**", other, self)

    def __neg__(self) -> Any:
        return self._operation("neg", self)

    def __pos__(self) -> Any:
        return self

    def __abs__(self) -> Any:
        return self._operation("abs", self)

    def __round__(self, ndigits: SupportsIndex | None = None) -> Any:
        if ndigits is None:
            return self._operation("round", self)
        return self._operation("round_to", self, index(ndigits))

    def __floor__(self) -> Any:
        return self._operation("floor", self)

    def __ceil__(self) -> Any:
        return self._operation("ceil", self)

    def __trunc__(self) -> Any:
        return self._operation("trunc", self)


class Comparisons:
    """Something that has the comparisons of a float; the result of one is what a reader takes it for."""

    __slots__ = ()

    def _comparison(self, relation: str, other: Any) -> Any:
        """Return what it means that this one is in that relation to another."""
        raise NotImplementedError

    def __eq__(self, other: object) -> Any:
        return self._comparison("==", other)

    def __ne__(self, other: object) -> Any:
        return self._comparison("!=", other)

    def __lt__(self, other: Any) -> Any:
        return self._comparison("<", other)

    def __le__(self, other: Any) -> Any:
        return self._comparison("<=", other)

    def __gt__(self, other: Any) -> Any:
        return self._comparison(">", other)

    def __ge__(self, other: Any) -> Any:
        return self._comparison(">=", other)

    __hash__ = object.__hash__
