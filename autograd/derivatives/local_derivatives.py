"""Local derivatives as Values: the expressions of the table of rules, applied to the operands themselves.

A node holds its local derivatives as numbers. For a derivative of a derivative they are needed as functions
of the operands, and the table has them as expressions; read with Values, an expression records itself.
"""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from ..engine import Value, record
from ..ops import CONSTANT, Primitive, named
from ..ops.reader import Comparisons, Operators
from ..support.real_numbers import same_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Number = Value | float


class LocalDerivatives:
    """The local derivatives of the nodes of a graph, each recorded when it is asked for."""

    def __init__(self) -> None:
        self._of_calls: dict[tuple[Value, int], Number] = {}
        self._not_exact: dict[tuple[Value, int], Number] = {}
        self._jacobians: dict[int, Any] = {}

    def prepare(self, node: Value) -> None:
        """Record the derivatives of the call of a custom function, if the node is a result with such.

        A call with several operands is a chain of nodes, of which only the last knows what was called; it
        must come before the others.
        """
        call = getattr(node.op, "call", None)
        if call is not None and hasattr(call, "local_derivatives"):
            known = self._of_calls if getattr(call, "exact", True) else self._not_exact
            if (node, 0) not in known:
                known.update(call.local_derivatives(node, self._jacobians))

    def __call__(self, node: Value, index: int) -> Number:
        """Return the local derivative of a node with respect to the first (0) or second (1) operand.

        Raises:
            RuntimeError: the number of an operand was changed after the node was recorded.
            TypeError: the node's primitive has no such derivative, or is not known.
        """
        self.prepare(node)
        local = self._not_exact.get((node, index))
        if local is not None:
            return local  # who gives it has compared the numbers of the operands
        local = self._of_calls.get((node, index))
        if local is None:
            local = _by_the_table(node, index)
        if not same_number(_number(local), node._db if index else node._da):
            raise changed(node)
        return local


def _by_the_table(node: Value, index: int) -> Number:
    try:
        primitive = named(node.op)
    except ValueError as error:
        raise TypeError(f"the derivative of {str(node.op)!r} cannot be recorded: {error}") from None
    expression = primitive.derivatives[index]
    if expression is None:
        raise primitive.lacks(index)
    operands = node.operands
    if not primitive.last_step and not same_number(primitive.ieee(*map(_number, operands)), node._number):
        raise changed(node)
    slope = primitive.slopes[index]
    if slope is not None and slope is not CONSTANT:
        number = primitive.local(index, tuple(map(_number, operands)), node._number)
        of = tuple([operands[i] for i in slope.places])
        return (
            -record(named(slope.name), of, -number)
            if slope.negative
            else record(named(slope.name), of, number)
        )
    try:
        local = expression(*operands, node)
    except (ArithmeticError, ValueError):
        local = expression(*map(_IeeeValue, operands), _IeeeValue(node))
    bare = _bare(local)
    return bare.detach() if slope is CONSTANT and isinstance(bare, Value) else bare


def _number(x: Number) -> float:
    """Return the number of a Value, of which nobody need be told: derivatives ask for very many."""
    return x._number if isinstance(x, Value) else x


def changed(node: Value) -> RuntimeError:
    """Return the error that a node has other operands than when it was recorded."""
    shown = ", ".join(repr(x) for x in node.operands)
    return RuntimeError(
        f"an operand of {str(node.op)!r} has another number now than when it was recorded ({shown}), so the "
        "derivative cannot be recorded; compute the result again after you change .data"
    )


def ieee(primitive: Primitive, operands: Sequence[Number]) -> Number:
    """Return what a primitive gives, recorded if there are Values: inf or NaN where it would raise."""
    out = primitive.ieee(*[x.data if isinstance(x, Value) else x for x in operands])
    if not any(isinstance(x, Value) for x in operands):
        return out
    return record(primitive, tuple(operands), out)


class _IeeeValue(Operators, Comparisons):
    """A Value, or a number, whose arithmetic gives inf and NaN where that of Values raises."""

    __slots__ = ("bare",)

    def __init__(self, bare: Number) -> None:
        self.bare = bare

    def _operation(self, name: str, *operands: Any) -> _IeeeValue:
        return self._apply(named(name), operands)

    def _apply(self, primitive: Primitive, operands: Iterable[Any]) -> _IeeeValue:
        return _IeeeValue(ieee(primitive, [_bare(x) for x in operands]))

    def _comparison(self, relation: str, other: Any) -> bool:
        return bool(COMPARE[relation](self.bare, _bare(other)))

    def __bool__(self) -> bool:
        return bool(self.bare)


COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge,
}  # fmt: skip
"""What Python compares by, by the sign of it."""


def _bare(x: Any) -> Number:
    if isinstance(x, _IeeeValue):
        return x.bare
    return x if isinstance(x, Value) else float(x)
