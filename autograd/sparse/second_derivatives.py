"""The second derivatives of an operation at the numbers of its operands.

The table of rules has first derivatives, as expressions. Read with numbers that carry their own derivatives,
an expression gives its own: forward mode through one rule. What a rule comes to is written down once, as a
function of Python; where that raises, or cannot be written, the rule is read anew in IEEE arithmetic.
"""

from __future__ import annotations

import operator
from functools import cache
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..ops import CONSTANT, Primitive, named
from ..ops.reader import Comparisons, Operators
from .interactions import Pairs
from .written_rules import Unwritable, WrittenRules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Results = tuple[tuple[float, ...], Sequence[float]]


class Changed(Exception):  # noqa: N818 (it never leaves this room)
    """An operand has another number now than when the operation was recorded."""


def second_derivatives(
    node: Value, primitive: Primitive, active: tuple[bool, ...], pairs: Pairs
) -> Sequence[float]:
    """Return the second derivatives of a node by some pairs of its operands.

    Args:
        node: the node.
        primitive: its primitive.
        active: which of its operands are Values.
        pairs: the pairs, as `interactions` has them for these.

    Raises:
        Changed: an operand was changed since the node was recorded.
    """
    a, b = node._a, node._b
    x = node._da if a is None else a._data
    y = node._db if b is None else b._data
    rows, written = _rules(primitive, active, pairs)
    operands = (x, y)[: len(active)]
    if not primitive.last_step and not _same(primitive.ieee(*operands), node._data):
        raise Changed
    try:
        locals_, found = written(*operands, node._data)
    except (ArithmeticError, ValueError):
        locals_, found = _read(primitive, rows, active, pairs, operands, node._data)
    for i, local in zip(rows, locals_, strict=True):
        if not _same(local, node._db if i else node._da):
            raise Changed
    return found


@cache
def _rules(
    primitive: Primitive, active: tuple[bool, ...], pairs: Pairs
) -> tuple[tuple[int, ...], Callable[..., Results]]:
    """Return the operands whose rules are read, and what computes the second derivatives."""
    # Of a pair the rule of either operand has the derivative by the other one, unless it is free of that.
    first = dict.fromkeys([i for i, _ in pairs])
    rows = tuple(dict.fromkeys([*first, *[j for _, j in pairs]]))
    try:
        rules = WrittenRules(primitive, active)
        for i in rows:
            rules.add(i, rule)
        return rows, rules.function(pairs)
    except Unwritable:

        def read(*numbers: float) -> Results:
            return _read(primitive, rows, active, pairs, numbers[:-1], numbers[-1])

        return rows, read


def rule(primitive: Primitive, index: int, operands: Sequence[Any], out: Any) -> Any:
    """Return the local derivative of a primitive, as it is to be differentiated; a float if it is constant.

    Args:
        primitive: the primitive.
        index: by which operand.
        operands: the operands, of a class that reads rules.
        out: the result.
    """
    slope = primitive.slopes[index]
    if slope is not None and slope is not CONSTANT:
        local = named(slope.name)(*[operands[i] for i in slope.places])
        return -local if slope.negative else local
    expression = primitive.derivatives[index]
    assert expression is not None
    local = expression(*operands, out)
    return local.constant() if slope is CONSTANT and not isinstance(local, float) else local


def _read(
    primitive: Primitive,
    rows: Sequence[int],
    active: Sequence[bool],
    pairs: Pairs,
    numbers: Sequence[float],
    out: float,
) -> Results:
    """Return the local derivatives by some operands, and the second ones by pairs, in IEEE arithmetic."""
    moving = [
        Moving(x, {i: 1.0} if is_active else {})
        for i, (x, is_active) in enumerate(zip(numbers, active, strict=True))
    ]
    result = Moving(out, {i: primitive.local(i, tuple(numbers), out) for i, x in enumerate(active) if x})
    read = {i: rule(primitive, i, moving, result) for i in rows}
    locals_ = tuple([x.number if isinstance(x, Moving) else float(x) for x in read.values()])
    slopes = {i: x.slopes if isinstance(x, Moving) else {} for i, x in read.items()}
    return locals_, [slopes[i].get(j, slopes[j].get(i, 0.0)) for i, j in pairs]


def _same(x: float, y: float) -> bool:
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

    def constant(self) -> Moving:
        """Return the number alone."""
        return Moving(self.number, {})

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
