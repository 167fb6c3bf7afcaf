"""Many operations of one kind, recorded in one tight loop: what an operation on whole arrays comes to."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from . import recording
from .node import cut_off
from .value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

blocks: Final = recording.blocks  # what is final need not be looked up by compiled code
_new: Final[Any] = Value.__new__


def new_nodes(
    op: str,
    data: list[float],
    a: list[Value] | None,
    da: list[float],
    b: list[Value] | None,
    db: list[float],
    ieee: bool = False,
) -> list[Value]:
    """Record operations, none of which is computed from another one; return them.

    Args:
        op: the name of the primitive.
        data: their results.
        a: their first operands; None where these are constants.
        da: the local derivatives by these, or the constants.
        b: their second operands; None where these are constants, or there are none.
        db: the local derivatives by these, or the constants, or NaN.
        ieee: whether they give inf and NaN where the primitive raises.
    """
    firsts: Iterable[Any] = repeat(None) if a is None else a
    seconds: Iterable[Any] = repeat(None) if b is None else b
    nodes: list[Value] = []
    for number, first, by_first, second, by_second in zip(data, firsts, da, seconds, db):  # noqa: B905 (some have no end)
        node: Value = _new(Value)
        node._number = number
        node._grad = 0.0
        node.op = op
        node._a = first
        node._da = by_first
        node._b = second
        node._db = by_second
        node._sweep = 0
        nodes.append(node)
    if blocks:
        _observed(nodes, ieee)
    return nodes


def new_sum(terms: list[Value]) -> Value:
    """Record the sum of two Values or more, one after the other, as `+` does; return it."""
    nodes: list[Value] = []
    total = terms[0]
    for term in terms[1:]:
        node: Value = _new(Value)
        node._number = total._number + term._number
        node._grad = 0.0
        node.op = "+"
        node._a = total
        node._da = 1.0
        node._b = term
        node._db = 1.0
        node._sweep = 0
        nodes.append(node)
        total = node
    if blocks:
        _observed(nodes, False)
    return total


def _observed(nodes: list[Value], ieee: bool) -> None:
    for observer in recording.told():
        observer.recorded_together(nodes, ieee)
    if not recording.recording.get():
        for node in nodes:
            cut_off(node)
