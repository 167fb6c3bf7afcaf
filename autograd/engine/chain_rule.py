"""The products of the chain rule one by one, for whoever looks into a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from .node import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

N = TypeVar("N", bound=Node)


def products(order: Iterable[N], seeds: Mapping[N, float]) -> Iterator[tuple[N, N, float, float, float]]:
    """Yield every product that a reverse sweep adds, in its order, with the sums that `backward()` makes.

    Nothing in the graph is read but its local derivatives, and nothing is changed.

    Args:
        order: nodes, each before its operands.
        seeds: the Values to differentiate, each with its weight.

    Yields:
        the node; the operand; the two factors, which are the local derivative and the gradient of the node;
        and the gradient of the operand before the product is added.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = x * x
    >>> [numbers for _, _, *numbers in products([y, x], {y: 1.0})]
    [[3.0, 1.0, 0.0], [3.0, 1.0, 3.0]]
    """
    gradients: dict[Any, float] = dict(seeds)
    for node in order:
        upstream = gradients.pop(node, 0.0)
        for _, operand, local in node._edges:
            before = gradients.get(operand, 0.0)
            yield node, operand, local, upstream, before
            gradients[operand] = before + local * upstream
