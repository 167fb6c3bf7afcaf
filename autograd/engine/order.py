"""The order of a graph: every node after its operands, or before them, without recursion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from . import recording
from .node import Node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Final

N = TypeVar("N")
Inner = TypeVar("Inner", bound=Node)

sweep_numbers: Final[Iterator[int]] = iter(range(1, 2**31))
"""Numbers for reverse sweeps, of which a node has that of its latest: as many as have 32 bits."""


def topological_order(*roots: N, reverse: Any = False, without: Iterable[N] = ()) -> list[N]:
    """Return the roots and every node that they were computed from, each once, after its operands.

    The order is that of a depth-first search; it depends on the graph alone, not on memory addresses. There
    is no recursion, so a graph may be of any depth.

    Args:
        roots: Values; what only later ones need comes later.
        reverse: True to return each node before its operands instead, as the reverse sweep goes. In both
            directions the first operand, and what belongs to it, comes before the second.
        without: Values to leave out, and with them what is reached through them only.

    Raises:
        TypeError: a root is no Value.

    >>> from autograd import Value
    >>> x, y = Value(2.0), Value(5.0)
    >>> [node.data for node in topological_order(x * y + 1)]
    [2.0, 5.0, 10.0, 11.0]
    >>> [node.data for node in topological_order(x * y + 1, reverse=True)]
    [11.0, 10.0, 2.0, 5.0]
    """
    for root in roots:
        if not isinstance(root, Node):
            raise TypeError(
                f"a graph is that of Values, each an argument of its own, not {type(root).__name__!r}"
            )
    order: list[Any] = []  # of the class of the roots, as operands are
    seen: set[Any] = {*without}
    path: list[Node] = []  # from a root to where we are: nodes whose second operand is not in the order yet
    # The reverse order is found backwards, by going to the last root and the second operand first.
    for root in roots[::-1] if reverse else roots:
        node: Node | None = root  # type: ignore[assignment]  # as was asked above
        while True:
            if node is None or node in seen:
                while path:
                    node = path[-1]._a if reverse else path[-1]._b
                    if node is not None and node not in seen:
                        break
                    order.append(path.pop())
                else:
                    break
            seen.add(node)
            path.append(node)
            node = node._b if reverse else node._a
    if reverse:
        order.reverse()
    return order


def inner_nodes(root: Inner) -> list[Inner]:
    """Return what `topological_order(root, reverse=True)` does, but for the leaves."""
    return [node for node in topological_order(root, reverse=True) if node.op]


def cleared(root: Inner) -> list[Inner]:
    """Set the gradients of the inner nodes to 0, and return them in the order of `inner_nodes`."""
    order = inner_nodes(root)
    for node in order:
        node._grad = 0.0
    return order


def tell_of_backward(root: Node, seed: float) -> None:
    """Tell those who observe of a `backward()` that is about to start."""
    order = inner_nodes(root)
    for observer in recording.told():
        observer.backward(root)
        observer.reverse_sweep(order, {root: seed})
