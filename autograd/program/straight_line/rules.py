"""The table of rules read as nodes of a program: a local derivative is appended to what it belongs to."""

from __future__ import annotations

from typing import Any

from ...ops import TABLE, Primitive, named
from .program import Node, Program


class Symbol:
    """A node of a program as an operand: arithmetic with it appends nodes, of a derivative."""

    __slots__ = ("place", "program")

    def __init__(self, program: Program, place: int) -> None:
        self.program = program
        self.place = place

    def _node(self, op: str, *operands: Any) -> Symbol:
        return Symbol(self.program, self.program.add(op, *[self._place(x) for x in operands], ieee=True))

    def _place(self, x: Any) -> int:
        return x.place if isinstance(x, Symbol) else self.program.number(float(x))

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        return self._node(primitive.name, *operands)

    def _where(self, x: Any, y: Any) -> Symbol:
        return self._node("where", self, x, y)

    def __add__(self, other: Any) -> Symbol:
        return self._node("+", self, other)

    def __radd__(self, other: Any) -> Symbol:
        return self._node("+", other, self)

    def __sub__(self, other: Any) -> Symbol:
        return self._node("-", self, other)

    def __rsub__(self, other: Any) -> Symbol:
        return self._node("-", other, self)

    def __mul__(self, other: Any) -> Symbol:
        return self._node("*", self, other)

    def __rmul__(self, other: Any) -> Symbol:
        return self._node("*", other, self)

    def __truediv__(self, other: Any) -> Symbol:
        return self._node("/", self, other)

    def __rtruediv__(self, other: Any) -> Symbol:
        return self._node("/", other, self)

    def __floordiv__(self, other: Any) -> Symbol:
        return self._node("//", self, other)

    def __rfloordiv__(self, other: Any) -> Symbol:
        return self._node("//", other, self)

    def __mod__(self, other: Any) -> Symbol:
        return self._node("%", self, other)

    def __rmod__(self, other: Any) -> Symbol:
        return self._node("%", other, self)

    def __pow__(self, other: Any) -> Symbol:
        return self._node("**", self, other)

    def __rpow__(self, other: Any) -> Symbol:
        return self._node("**", other, self)

    def __neg__(self) -> Symbol:
        return self._node("neg", self)

    def __abs__(self) -> Symbol:
        return self._node("abs", self)

    def __eq__(self, other: object) -> Symbol:  # type: ignore[override]
        return self._node("==", self, other)

    def __ne__(self, other: object) -> Symbol:  # type: ignore[override]
        return self._node("!=", self, other)

    def __lt__(self, other: Any) -> Symbol:
        return self._node("<", self, other)

    def __le__(self, other: Any) -> Symbol:
        return self._node("<=", self, other)

    def __gt__(self, other: Any) -> Symbol:
        return self._node(">", self, other)

    def __ge__(self, other: Any) -> Symbol:
        return self._node(">=", self, other)

    __hash__ = object.__hash__

    def __bool__(self) -> bool:
        raise TypeError("a derivative in the table of rules chooses between cases with where(), not with if")


def local_derivative(program: Program, place: int, index: int) -> float | int:
    """Append the local derivative of a node with respect to an operand.

    Returns:
        Its place, or as a float the number that it is for all inputs.

    Raises:
        TypeError: the node's primitive has no such derivative, or is not known.
    """
    name, operands = program.nodes[place].edges
    primitive = TABLE.get(name) or named(name)
    expression = primitive.derivatives[index]
    if expression is None:
        raise TypeError(primitive.lacks(index))
    symbols: list[Any] = [Symbol(program, i) for i in operands]
    out = Symbol(program, place)
    constants = [_constant(program.nodes[i]) for i in operands]
    known = [symbol if c is None else c for symbol, c in zip(symbols, constants, strict=True)]
    length = len(program.nodes)
    try:
        local = expression(*known, out)
    except (ArithmeticError, ValueError):  # of arithmetic with constants, which shall give inf or NaN
        del program.nodes[length:]
        local = expression(*symbols, out)
    return local.place if isinstance(local, Symbol) else float(local)


def _constant(node: Node) -> float | None:
    return node.number if node.op == "number" else None
