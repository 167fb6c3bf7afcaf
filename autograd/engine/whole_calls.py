"""Calls of functions whose derivatives are known as a whole: a sweep asks for them once, with all gradients.

Such a call has any number of operands and results. In the graph it is a chain of nodes over its operands, of
which the last is the **joint**, and a node for each result, computed from the joint. No local derivatives are
known: they are 0 between the nodes of the chain and its operands and NaN between a result and the joint, so
that a sweep that does not know of calls gives NaN and never a wrong number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .operation import Op

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

alive: Final[list[None]] = []
"""One entry for each call that is in a graph. Where it is empty, as nearly always, no sweep looks for any."""


class WholeCall:
    """A call that was recorded; what knows its derivatives is a subclass.

    Attributes:
        name: what was called.
        operands: how many Values it was called with.
        results: how many numbers it gave.
    """

    name: str
    operands: int
    results: int

    def __new__(cls, *args: Any) -> WholeCall:
        call: WholeCall = object.__new__(cls)
        alive.append(None)
        return call

    def __del__(self, alive: list[None] = alive) -> None:  # which is there when Python ends, too
        alive.pop()

    def pull_back(self, gradients: Sequence[float]) -> Sequence[float]:
        """Return the gradients with respect to the operands, given those with respect to the results."""
        raise NotImplementedError


class WholeResult:
    """One of the results of a call, as its node remembers it.

    Attributes:
        call: the call.
        place: which of the results it is.
    """

    def __init__(self, call: WholeCall, place: int) -> None:
        self.call = call
        self.place = place

    def as_function(self) -> Any:
        """Return this result as a function of the operands, and their numbers."""
        function, numbers = self.call.as_function()  # type: ignore[attr-defined]
        return lambda *given: function(*given)[self.place], numbers


def of(node: Any) -> Any:
    """Return the call that a node belongs to, as a WholeResult or, of the chain, itself; or None."""
    op = node.op
    if type(op) is not Op:
        return None
    call = op.call
    return call if isinstance(call, (WholeCall, WholeResult)) else None


def any_in(order: Iterable[Any]) -> bool:
    """Say whether there are calls in a graph."""
    return any(type(node.op) is Op and isinstance(node.op.call, WholeCall) for node in order)


def operands_of(joint: Any, count: int) -> list[Any]:
    """Return the operands of the call of a joint, of which there are so many."""
    found = []
    node = joint
    for _ in range(count - 1):
        found.append(node._b)
        node = node._a
    found.append(node._a)
    found.reverse()
    return found


def backward_through_calls(order: Sequence[Any]) -> bool:
    """Do what `backward()` does where there are calls in a graph; say whether there are.

    Args:
        order: the nodes, each before its operands, with gradients of 0 but for what is differentiated.
    """
    if not any_in(order):
        return False
    gradients: dict[Any, list[float]] = {}
    for node in order:
        upstream = node._grad
        call = of(node)
        if call is None:
            if (a := node._a) is not None:
                a._grad += node._da * upstream
            if (b := node._b) is not None:
                b._grad += node._db * upstream
        elif isinstance(call, WholeResult):
            noted(gradients, node, call, upstream)
        elif node in gradients:
            pulled = call.pull_back(gradients.pop(node))
            for x, gradient in zip(operands_of(node, call.operands), pulled, strict=True):
                x._grad += gradient
    return True


def noted(gradients: dict[Any, list[Any]], node: Any, result: WholeResult, upstream: Any) -> None:
    """Note the gradient with respect to a result for when the sweep comes to the joint."""
    joint = node._a
    if joint not in gradients:
        gradients[joint] = [0.0] * result.call.results
    gradients[joint][result.place] += upstream
