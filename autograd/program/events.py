"""What a function that is followed does, as events in the order in which they happen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from ..derivatives.maps import Map
from ..engine import Value
from ..engine.gathering import Index
from .straight_line.program import Program


class Operation(NamedTuple):
    """An operation of at most two operands.

    Attributes:
        node: the result.
        op: the name of the primitive.
        operands: one or two.
        stopped: whether it was inside no_grad(), so that it has no derivative.
        ieee: whether it gives inf or NaN where the primitive raises, as in derivatives and on arrays.
    """

    node: Value
    op: str
    operands: tuple[Value | float, ...]
    stopped: bool
    ieee: bool


class Together(NamedTuple):
    """Operations of an array, each after what it is computed from, and with derivatives.

    Attributes:
        nodes: the results.
        ieee: whether they are of one primitive, and give inf and NaN where that raises.
    """

    nodes: Sequence[Value]
    ieee: bool


class Whole(NamedTuple):
    """What the number of a node, recorded before, is really computed from.

    Attributes:
        node: the node.
        name: one of WHOLE, or "copied" or "detached".
        operands: what it is computed from.
    """

    node: Value
    name: str
    operands: tuple[Any, ...]


class Comparison(NamedTuple):
    """A comparison of a Value with anything, and its answer."""

    relation: str
    a: Value
    b: Any
    answer: bool


class Ordered(NamedTuple):
    """Numbers in order.

    Attributes:
        nodes: they, each recorded before as one of the operands.
        operands: the numbers.
        order: the place among the operands of each node.
        stopped: whether it was inside no_grad().
    """

    nodes: Sequence[Value]
    operands: Sequence[Value | float]
    order: Sequence[int]
    stopped: bool


class Gathered(NamedTuple):
    """One of many numbers, by an index.

    Attributes:
        node: the number.
        at: the index.
        numbers: Values and floats.
        sum: how it was recorded, as a sum of products.
    """

    node: Value
    at: Index
    numbers: Sequence[Value | float]
    sum: Sequence[Operation]


class Called(NamedTuple):
    """A call of a function as a whole.

    Attributes:
        what: the map that was called.
        numbers: Values and floats.
        nodes: its results.
        stopped: whether it was inside no_grad().
    """

    what: Map
    numbers: Sequence[Value | float]
    nodes: Sequence[Value]
    stopped: bool


class Indexed(NamedTuple):
    """An index, which comes before the sums of products that have its masks."""

    at: Index


class Scanned(NamedTuple):
    """A scan of which the body was recorded once.

    Attributes:
        body: from what is carried, what is scanned, and Values from outside, to what is carried next and
            what is kept of a turn.
        turns: how many turns there are.
        reverse: whether they go from the last to the first of what is scanned.
        init: what is carried first.
        xs: what is scanned: a list for each number in a turn.
        outside: the Values from outside.
        carried: what was carried last.
        kept: what was kept, in the order of what is scanned: a list for each number of a turn.
        anchor: what all results are computed from, to the engine.
    """

    body: Program
    turns: int
    reverse: bool
    init: Sequence[Value | float]
    xs: Sequence[Sequence[Value | float]]
    outside: Sequence[Value]
    carried: Sequence[Value]
    kept: Sequence[Sequence[Value]]
    anchor: Value


class _Name(str):
    __slots__ = ()


SCANNED = _Name("scan")
"""The operation of the results of a scan, which no sweep can go through."""


Event = Value | Operation | Together | Whole | Comparison | Ordered | Called | Indexed | Gathered | Scanned
"""What happened; a Value is an operation as nearly all are: not stopped, and not ieee."""


def as_operation(event: Event) -> Operation | None:
    """Return an event as an operation, if it is one."""
    if isinstance(event, Value):
        return Operation(event, event.op, event.operands, False, False)
    return event if isinstance(event, Operation) else None
