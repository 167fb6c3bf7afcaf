"""The table of rules read as nodes of a program: a local derivative is appended to what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from ...ops import CONSTANT, TABLE, Primitive, named
from ...ops.reader import Comparisons, Operators
from .program import Node, Program, node_of


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


class _Pattern(NamedTuple):
    """A local derivative of a primitive, to be appended wherever the operands are no numbers.

    Places in it are counted anew: first come the operands, then the node that is differentiated, then the
    nodes of the pattern.

    Attributes:
        nodes: what is appended.
        result: the place of the derivative, or the number that it is for all inputs.
    """

    nodes: list[Node]
    result: float | int


def local_derivative(program: Program, place: int, index: int) -> float | int:
    """Append the local derivative of a node with respect to an operand.

    Returns:
        Its place, or as a float the number that it is for all inputs.

    Raises:
        TypeError: the node's primitive has no such derivative, or is not known.
    """
    nodes = program.nodes
    name, operands = nodes[place].edges
    primitive = TABLE.get(name) or named(name)
    pattern = _pattern(primitive, index)
    if pattern is None:
        return _read(program, primitive, operands, place, index)
    result = pattern.result
    if isinstance(result, float):
        return result
    places = [*operands, place]
    if not pattern.nodes:
        there = places[result]
        return nodes[there].number if nodes[there].op == "number" else there
    if "number" in [nodes[i].op for i in operands]:  # with which the rule may be a shorter one
        return _read(program, primitive, operands, place, index)
    for op, its, number, ieee, last in pattern.nodes:
        places.append(len(nodes))
        moved = last and (last[0], *[places[i] for i in last[1:]])
        nodes.append(node_of((op, tuple([places[i] for i in its]), number, ieee, moved)))
    return places[result]


@cache
def _pattern(primitive: Primitive, index: int) -> _Pattern | None:
    """Return a local derivative as it is for operands that are no numbers, if it can be read for these."""
    count = len(primitive.derivatives)
    program = Program([""] * (count + 1))
    try:
        result = _read(program, primitive, range(count), count, index)
    except Exception:  # which is raised, or not, where the operands are known
        return None
    return _Pattern(program.nodes[count + 1 :], result)


def _read(
    program: Program, primitive: Primitive, operands: Sequence[int], place: int, index: int
) -> float | int:
    """Append the local derivative of a primitive by reading its rule.

    Args:
        program: the program.
        primitive: the primitive.
        operands: the places of its operands.
        place: that of its result.
        index: which operand it is differentiated by.
    """
    expression = primitive.derivatives[index]
    if expression is None:
        raise primitive.lacks(index)
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
    last: tuple[Any, ...] = (slope.name, *[operands[i] for i in slope.places])
    program.nodes[place] = program.nodes[place]._replace(last=last)
    return local.place


def _constant(node: Node) -> float | None:
    return node.number if node.op == "number" else None
