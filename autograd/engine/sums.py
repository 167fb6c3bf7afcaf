"""Sums of products, recorded in one tight loop: nearly all nodes of a network are made here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import recording
from .value import Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final

blocks: Final = recording.blocks  # what is final need not be looked up by compiled code
_new: Final[Any] = Value.__new__


def weighted_sum(weights: Iterable[Any], inputs: Iterable[Any], start: Any) -> Value | Any:
    """Return start + weights[0] * inputs[0] + weights[1] * inputs[1] + ...

    It records what the operators would, a product and a sum for each pair.

    Args:
        weights: Values or numbers.
        inputs: as many Values or numbers as there are weights.
        start: the Value or number to which the products are added, one after the other.

    Raises:
        ValueError: there are not as many inputs as weights.

    >>> w, x = [Value(2.0), Value(3.0)], [4.0, 5.0]
    >>> weighted_sum(w, x, Value(1.0)).data
    24.0
    """
    ws = weights if type(weights) is list else list(weights)
    xs = inputs if type(inputs) is list else list(inputs)
    if len(ws) != len(xs):
        raise ValueError(
            f"{len(ws)} weights for {len(xs)} inputs; there must be as many of these as of those"
        )
    if blocks or not isinstance(start, Value):
        for w, x in zip(ws, xs, strict=True):
            start = start + w * x
        return start
    total: Value = start
    for w, x in zip(ws, xs):  # noqa: B905 (compiled code goes through lists quickly, but not with strict=True)
        if not (isinstance(x, Value) and isinstance(w, Value)):
            total = total + w * x
            continue
        product: Value = _new(Value)
        product._number = w._number * x._number
        product._grad = 0.0
        product.op = "*"
        product._a = w
        product._da = x._number
        product._b = x
        product._db = w._number
        product._sweep = 0
        node: Value = _new(Value)
        node._number = total._number + product._number
        node._grad = 0.0
        node.op = "+"
        node._a = total
        node._da = 1.0
        node._b = product
        node._db = 1.0
        node._sweep = 0
        total = node
    return total
