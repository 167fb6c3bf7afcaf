"""The table of rules read as nodes of a program: a local derivative is appended to what it belongs to."""

from __future__ import annotations

from typing import Any

from ...ops import CONSTANT, TABLE, Primitive, named
from ...ops.reader import Comparisons, Operators
from .program import Node, Program


class Symbol(Operators, Comparisons):
    """A node of a program as an operand: arithmetic with it appends nodes, of a derivative."""

    __slots__ = ("place", "program")

    def __init__(self, program: Program, place: int) -> None:
        self.program = program
        self.place = place

    def _operation(self, name: str, *operands: Any) -> Symbol:
        return Symbol(self.program, self.program.add(name, *[self._place(x) for x in operands], ieee=True))

    def _place(self, x: Any) -> int:
        return x.place if isinstance(x, Symbol) else self.program.number(float(x))

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Symbol:
        return self._operation(primitive.name, *operands)

    def _where(self, x: Any, y: Any) -> Symbol:
        return self._operation("where", self, x, y)

    def _comparison(self, relation: str, other: Any) -> Symbol:
        return self._operation(relation, self, other)

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
    if not isinstance(local, Symbol):
        return float(local)
    slope = primitive.slopes[index]
    if slope is None:
        return local.place
    if slope is CONSTANT:
        return program.add("detached", local.place, ieee=True)
    place = program.nodes[local.place].operands[0] if slope.negative else local.place
    last: tuple[str, *tuple[int, ...]] = (slope.name, *[operands[i] for i in slope.places])
    program.nodes[place] = program.nodes[place]._replace(last=last)
    return local.place


def _constant(node: Node) -> float | None:
    return node.number if node.op == "number" else None
