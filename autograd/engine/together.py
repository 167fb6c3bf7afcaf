"""Many operations recorded in one tight loop: what an operation on whole arrays comes to."""

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


def new_sums(rows: list[list[Value]]) -> list[Value]:
    """Record the sums of rows of Values, the terms of each one after the other as `+` does; return them."""
    nodes: list[Value] = []
    sums: list[Value] = []
    for row in rows:
        total = row[0]
        for term in row[1:]:
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
        sums.append(total)
    if blocks and nodes:
        _observed(nodes, False)
    return sums


def new_products(
    pairs: list[tuple[list[float], list[float], list[Value] | None, list[Value] | None]],
) -> list[Value]:
    """Record inner products, as sums of products one after the other; return them.

    Args:
        pairs: for each product the numbers of both sides, and these as Values, or None for constants, on
            one side at most.
    """
    nodes: list[Value] = []
    sums: list[Value] = []
    for x, y, a, b in pairs:
        firsts: Iterable[Any] = repeat(None) if a is None else a
        seconds: Iterable[Any] = repeat(None) if b is None else b
        total: Any = None
        by_a, by_b = x if a is None else y, y if b is None else x
        for number, other, first, by_first, second, by_second in zip(x, y, firsts, by_a, seconds, by_b):  # noqa: B905
            product: Value = _new(Value)
            product._number = number * other
            product._grad = 0.0
            product.op = "*"
            product._a = first
            product._da = by_first
            product._b = second
            product._db = by_second
            product._sweep = 0
            nodes.append(product)
            if total is None:
                total = product
                continue
            node: Value = _new(Value)
            node._number = total._number + product._number
            node._grad = 0.0
            node.op = "+"
            node._a = total
            node._da = 1.0
            node._b = product
            node._db = 1.0
            node._sweep = 0
            nodes.append(node)
            total = node
        sums.append(total)
    if blocks:
        _observed(nodes, False)
    return sums


def _observed(nodes: list[Value], ieee: bool) -> None:
    for observer in recording.told():
        observer.recorded_together(nodes, ieee)
    if not recording.recording.get():
        for node in nodes:
            cut_off(node)
