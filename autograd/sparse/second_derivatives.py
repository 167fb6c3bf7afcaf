"""The second derivatives of an operation at the numbers of its operands.

The table of rules has first derivatives, as expressions. Read with numbers that carry their own derivatives,
an expression gives its own: forward mode through one rule. What a rule comes to is written down once, as a
function of Python; where that raises, or cannot be written, the rule is read anew in IEEE arithmetic.
"""

from __future__ import annotations

import operator
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from ..engine import Value
from ..ops import CONSTANT, Primitive, named
from ..ops.reader import Comparisons, Operators
from .interactions import Pairs
from .written_rules import Unwritable, WrittenRules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Results = tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]]
    """For operands local derivatives and for pairs second ones, with a number for each operation."""


class Changed(Exception):  # noqa: N818 (it never leaves this room)
    """An operand has another number now than when the operation was recorded."""


def second_derivatives(
    nodes: Sequence[Value], primitive: Primitive, active: tuple[bool, ...], pairs: Pairs
) -> Sequence[Sequence[float]]:
    """Return second derivatives of nodes: for each pair of operands those by that, one for each node.

    Args:
        nodes: the nodes.
        primitive: their primitive.
        active: which of their operands are differentiated by.
        pairs: the pairs, as `interactions` has them for these.

    Raises:
        Changed: an operand was changed since the node was recorded.
    """
    out = [node._number for node in nodes]
    numbers = [[node._da if (a := node._a) is None else a._number for node in nodes]]
    if len(active) == 2:
        numbers.append([node._db if (b := node._b) is None else b._number for node in nodes])
    if not primitive.last_step and not _alike(_values(primitive, numbers), out):
        raise Changed
    rows, function = _rules(primitive, active, pairs)
    try:
        locals_, found = function(*numbers, out)
    except (ArithmeticError, ValueError):
        locals_, found = _one_by_one(partial(_read, primitive, rows, active, pairs), function)(*numbers, out)
    for i, its in zip(rows, locals_, strict=True):
        if not _alike(its, [node._db if i else node._da for node in nodes]):
            raise Changed
    return found


def _values(primitive: Primitive, numbers: Sequence[Sequence[float]]) -> list[float]:
    try:
        return [*map(primitive.value, *numbers)]
    except (ArithmeticError, ValueError):
        return [*map(primitive.ieee, *numbers)]


def _one_by_one(
    read: Callable[[Sequence[float], float], tuple[Sequence[float], Sequence[float]]],
    function: Callable[..., Results] | None = None,
) -> Callable[..., Results]:
    """Return a function of lists as a written one is.

    Args:
        read: gives for operands and result of one operation what it has in the lists.
        function: a written one, which is asked first.
    """

    def each(*given: float) -> tuple[Sequence[float], Sequence[float]]:
        try:
            if function is not None:
                locals_, found = function(*[[x] for x in given])
                return [x for (x,) in locals_], [x for (x,) in found]
        except (ArithmeticError, ValueError):
            pass
        return read(given[:-1], given[-1])

    def all_of(*lists: Sequence[float]) -> Results:
        both = [*zip(*map(each, *lists), strict=True)]
        return [*zip(*both[0], strict=True)], [*zip(*both[1], strict=True)]

    return all_of


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
        return rows, _one_by_one(partial(_read, primitive, rows, active, pairs))


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
) -> tuple[Sequence[float], Sequence[float]]:
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


def _alike(xs: Iterable[float], ys: Iterable[float]) -> bool:
    """Say whether numbers are the same, NaN too."""
    xs, ys = [*xs], [*ys]
    return xs == ys or all(x == y or (x != x and y != y) for x, y in zip(xs, ys, strict=True))


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
