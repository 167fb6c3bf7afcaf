"""The second derivatives of an operation at the numbers of its operands.

The table of rules has first derivatives, as expressions. Read with numbers that carry their own derivatives,
an expression gives its own: forward mode through one rule.
"""

from __future__ import annotations

import operator
from typing import Any

from ..engine import Value
from ..ops import CONSTANT, Primitive, named
from ..ops.reader import Comparisons, Operators
from .interactions import Pairs


class Changed(Exception):  # noqa: N818 (it never leaves this room)
    """An operand has another number now than when the operation was recorded."""


def second_derivatives(node: Value, pairs: Pairs) -> list[float]:
    """Return the second derivatives of a node by some pairs of its operands.

    Raises:
        Changed: an operand was changed since the node was recorded.
    """
    if pairs == _PRODUCT and node.op == "*":
        return _ONE
    primitive = named(node.op)
    numbers = tuple([x._data if isinstance(x, Value) else x for x in node.operands])
    out, partials = node._data, node.partials
    if not primitive.last_step and not _same(primitive.ieee(*numbers), out):
        raise Changed
    rows: dict[int, Any] = {}
    for i, j in pairs:
        # Where one of the two is the constant that a rule is free of, the other's rule has it, too.
        if i not in rows:
            rows[i] = _row(primitive, i, numbers, out, partials)
        if rows[i].get(j) is None and j not in rows:
            rows[j] = _row(primitive, j, numbers, out, partials)
    return [rows[i].get(j, rows.get(j, _EMPTY).get(i, 0.0)) for i, j in pairs]


_PRODUCT = ((0, 1),)
_ONE = [1.0]
_EMPTY: dict[int, float] = {}


def _row(
    primitive: Primitive,
    index: int,
    numbers: tuple[float, ...],
    out: float,
    partials: tuple[float | None, ...],
) -> dict[int, float]:
    """Return the derivatives of the local derivative by an operand, by each operand that is no constant."""
    slope = primitive.slopes[index]
    if slope is CONSTANT:
        return _EMPTY
    if slope is not None:
        of = named(slope.name)
        operands = tuple([numbers[i] for i in slope.places])
        sign = -1.0 if slope.negative else 1.0
        value, row = of.ieee(*operands), dict[int, float]()
        for place, j in enumerate(slope.places):
            if partials[j] is not None:
                row[j] = row.get(j, 0.0) + sign * of.local(place, operands, value)
        return row
    expression = primitive.derivatives[index]
    assert expression is not None
    operands_: list[Any] = [
        x if partial is None else Moving(x, {i: 1.0})
        for i, (x, partial) in enumerate(zip(numbers, partials, strict=True))
    ]
    moving = Moving(out, {i: partial for i, partial in enumerate(partials) if partial is not None})
    try:
        local = expression(*operands_, moving)
    except (ArithmeticError, ValueError):  # of arithmetic with constants
        local = expression(*[x if isinstance(x, Moving) else Moving(x, {}) for x in operands_], moving)
    if not _same(local.number if isinstance(local, Moving) else float(local), partials[index]):
        raise Changed
    return local.slopes if isinstance(local, Moving) else _EMPTY


def _same(x: float, y: float | None) -> bool:
    return x == y or (x != x and y != y)


class Moving(Operators, Comparisons):
    """A number and its derivatives by the operands of an operation, in IEEE arithmetic.

    Attributes:
        number: it.
        slopes: the derivatives, by the places of the operands; those that are not there are 0.
    """

    __slots__ = ("number", "slopes")

    def __init__(self, number: float, slopes: dict[int, float]) -> None:
        self.number = number
        self.slopes = slopes

    def _operation(self, name: str, *operands: Any) -> Moving:
        return self._apply(named(name), operands)

    def _apply(self, primitive: Primitive, operands: tuple[Any, ...]) -> Moving:
        numbers = tuple([x.number if isinstance(x, Moving) else float(x) for x in operands])
        out = primitive.ieee(*numbers)
        slopes: dict[int, float] = {}
        for i, x in enumerate(operands):
            if isinstance(x, Moving) and x.slopes:
                local = primitive.local(i, numbers, out)
                for j, slope in x.slopes.items():
                    slopes[j] = slopes.get(j, 0.0) + local * slope
        return Moving(out, slopes)

    def _comparison(self, relation: str, other: Any) -> bool:
        return bool(_COMPARE[relation](self.number, other.number if isinstance(other, Moving) else other))

    def __bool__(self) -> bool:
        return bool(self.number)


_COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
