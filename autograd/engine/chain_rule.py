"""The products of the chain rule one by one, for whoever looks into a sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from .node import Node
from .whole_calls import WholeResult, alive, noted, of, operands_of

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
        and the gradient of the operand before the product is added. A call whose derivatives are known as a
        whole yields for its joint what it adds to each operand, with a gradient of 1.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = x * x
    >>> [numbers for _, _, *numbers in products([y, x], {y: 1.0})]
    [[3.0, 1.0, 0.0], [3.0, 1.0, 3.0]]
    """
    gradients: dict[Any, float] = dict(seeds)
    of_results: dict[Any, list[float]] = {}
    for node in order:
        call = of(node) if alive else None
        if isinstance(call, WholeResult):
            noted(of_results, node, call, gradients.pop(node, 0.0))
            continue
        if call is not None:
            if node in of_results:
                pulled = call.pull_back(of_results.pop(node))
                for operand, gradient in zip(operands_of(node, call.operands), pulled, strict=True):
                    before = gradients.get(operand, 0.0)
                    yield node, operand, gradient, 1.0, before
                    gradients[operand] = before + gradient
            continue
        upstream = gradients.pop(node, 0.0)
        for _, operand, local in node._edges:
            before = gradients.get(operand, 0.0)
            yield node, operand, local, upstream, before
            gradients[operand] = before + local * upstream
